"""The compiled scenario: everything worked out once, as plain immutable tables.

Rows refer to one another by number. The engine sees no YAML, no ids in its inner loop, no dates: time is
in days since the data date. A *slot* is a place in the list of values that a replication is given; it
holds a constant, a uniform, or a variate (see `Draw`). A second engine can read the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.nature.distributions import Distribution
from sim.scenario.station_rows import CrewRow, ElementRow, Slot, StationRow, UnitRow
from sim.terms import ForcedOutcome, NodeKind, Status

NONE = -1
"""In a field that refers to a row or a slot: nothing."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Draw:
    """A random value: the uniform at an address, put through an inverse CDF if there is one.

    `epistemic` tells the two layers apart: true for what we do not know and could learn (the success
    probability of a lander family), false for what chance will decide (whether it lands).
    """

    stream: str
    index: int
    distribution: Distribution | None
    epistemic: bool = False

    @property
    def address(self) -> tuple[str, int]:
        """Where its luck stands."""
        return self.stream, self.index


@dataclass(frozen=True, slots=True)
class FlightRow:
    """One launch of one attempt; `windows` is the row of windows in which it may leave."""

    launch: Slot
    scrub: Slot
    cause_found: Slot
    forced: ForcedOutcome
    windows: int


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try to carry out a mission, with all its launches."""

    preparation: Slot
    from_spare: bool
    flights: tuple[FlightRow, ...]
    transit: Slot
    landing: Slot
    cause_found: Slot
    forced_landing: ForcedOutcome
    commissioning: Slot


@dataclass(frozen=True, slots=True)
class MissionRow:
    """A mission.

    `rank` orders missions by priority, planned date and id; `links` counts the groups of predecessors it
    waits for; `followers` are the link rows that it is a member of; `groundings` are its vehicle, its
    family and, for people, the losses of crews of its programme, counted on, where failures are kept;
    `cargo` are amounts by commodity.
    """

    id: str
    name: str
    rank: int
    programme: int
    vehicle: int
    pad: int
    family: int
    at_station: bool
    planned_day: float
    lead: Slot
    cancellation: Slot
    cancellation_probability: float
    delay: Slot
    delay_unit_days: float
    gate: int
    fallback: int
    is_standby: bool
    attempts: tuple[AttemptRow, ...]
    elements: tuple[UnitRow, ...]
    landed_mass_kg: float
    cargo: tuple[tuple[int, float], ...]
    landing_windows: int
    crew: CrewRow | None
    history: HistoryRow | None
    links: int
    followers: tuple[int, ...]
    groundings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What is known of a mission flown by the data date; days are negative or zero."""

    launch_day: float
    landing_day: float
    status: Status


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A group of predecessors of which one must succeed (or depart) before a mission may fly."""

    mission: int
    members: tuple[int, ...]
    by_departure: bool
    lag_days: float
    preferred_until: float


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """A launch vehicle. `built_days`: when units leave the factory, stock at the start as day 0."""

    id: str
    name: str
    built_days: tuple[float, ...]
    stand_downs: tuple[Slot, ...]
    cause_found_probability: float


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A lander family."""

    id: str
    name: str
    stand_downs: tuple[Slot, ...]
    cause_found_probability: float
    landings_in_a_row: int


@dataclass(frozen=True, slots=True)
class PadRow:
    """A launch pad. `storms`: days on which storm seasons begin and end, in turn."""

    id: str
    name: str
    count: int
    turnaround_days: float
    scrub_probability: float
    scrub_days: float
    storms: tuple[float, ...]
    storm_scrub_probability: float
    keeps_through_windows: bool


@dataclass(frozen=True, slots=True)
class WindowRow:
    """Launch windows to a destination: days of opening and closing, in order, without overlap."""

    name: str
    opens: tuple[float, ...]
    closes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ShockRow:
    """Setbacks of a programme; the n-th comes `gaps[n]` after the one before."""

    title: str
    first_day: float
    gaps: tuple[Slot, ...]
    months: tuple[Slot, ...]
    hit_probability: float
    hits: dict[int, tuple[Slot, ...]]


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """An agency's programme. `launched_this_year`: in the year of the data date, up to it."""

    id: str
    name: str
    launches_per_year: int
    launched_this_year: int
    withdrawal_day: float
    crew_loss_stand_downs: tuple[Slot, ...]
    shocks: tuple[ShockRow, ...]


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node of the condition network.

    A level node compares a quantity with a threshold, a date node waits for a day, a count node needs
    so many of its children, a hold node needs its child to hold for some days without a break.
    Milestones and tracks are those that hang on the node.
    """

    kind: NodeKind
    quantity: int
    threshold: float
    children: tuple[int, ...]
    parents: tuple[int, ...]
    milestones: tuple[int, ...] = ()
    tracks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A date that people ask for."""

    id: str
    title: str
    node: int


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A series of phases; the last whose node holds is in force."""

    id: str
    title: str
    phases: tuple[str, ...]
    titles: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GatePartRow:
    """One of the conditions that make up a gate."""

    gate: str
    title: str
    node: int


@dataclass(frozen=True, slots=True)
class SlipTable:
    """Slips of the planned missions, as columns over missions, so that a chunk is drawn at once.

    ``ln growth = ln_median + uncertainty * Z_class + sigma * (sqrt(rho) * Z_programme
    + sqrt(1 - rho) * Z_mission)`` unless the plan is kept; only `growing_days` of the lead grow.
    Where the lead counts from an older announcement, the growth is above `ln_least_growth`, since the
    mission has not flown by the data date, and `overdue_days` of the slip are over already.
    """

    missions: Integers
    growing_days: Floats
    on_time_probability: Floats
    ln_median: Floats
    uncertainty: Floats
    sigma: Floats
    correlation: Floats
    ln_least_growth: Floats
    overdue_days: Floats
    on_time: Integers
    own: Integers
    programme: Integers
    slip_class: Integers


@dataclass(frozen=True, slots=True)
class ReliabilityTable:
    """Success probabilities, vehicles first, then families, as columns.

    ``p ~ Beta(a, b)`` at the quantile ``Phi(sqrt(rho) * Z_programme + sqrt(1 - rho) * Z_own)``.
    """

    a: Floats
    b: Floats
    correlation: Floats
    own: Integers
    programme: Integers
    fix_effectiveness: Integers
    learning: Integers


@dataclass(frozen=True, slots=True)
class QuantityMap:
    """Where on the board the levels of roles, families, missions and stores begin.

    Of each commodity the level and the negative level stand side by side, so that a condition can ask
    for little as well as for much.
    """

    families: int
    accomplished: int
    landed: int
    stocks: int
    count: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """The compiled scenario: immutable, picklable, all that a replication needs beside its luck.

    `windows` are rows for each of the station's skies; `gate_parts` name the conditions of each gate;
    elements are numbered through all missions, from `first_units` on.
    """

    name: str
    title: str
    data_date: date
    horizon: date
    horizon_days: float
    month_edges: Floats
    months: tuple[date, ...]
    year_edges: tuple[float, ...]
    slots: tuple[Draw | float, ...]
    slips: SlipTable
    reliability: ReliabilityTable
    missions: tuple[MissionRow, ...]
    first_units: tuple[int, ...]
    links: tuple[LinkRow, ...]
    programmes: tuple[ProgrammeRow, ...]
    vehicles: tuple[VehicleRow, ...]
    families: tuple[FamilyRow, ...]
    pads: tuple[PadRow, ...]
    windows: tuple[tuple[WindowRow, ...], ...]
    elements: tuple[ElementRow, ...]
    station: StationRow
    quantities: QuantityMap
    nodes: tuple[NodeRow, ...]
    node_names: tuple[str, ...]
    watchers: tuple[tuple[int, ...], ...]
    milestones: tuple[MilestoneRow, ...]
    tracks: tuple[TrackRow, ...]
    gate_parts: tuple[GatePartRow, ...]
    unknown_missions: tuple[str, ...]

    def draws(self, epistemic: bool) -> tuple[Draw, ...]:
        """List the random values of one layer, in the order of their slots."""
        return tuple(slot for slot in self.slots if isinstance(slot, Draw) and slot.epistemic is epistemic)
