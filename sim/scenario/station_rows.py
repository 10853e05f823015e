"""The station's part of a compiled scenario: elements, light, stores and crews as immutable tables."""

from __future__ import annotations

from dataclasses import dataclass

Slot = int


@dataclass(frozen=True, slots=True)
class FailureRow:
    """How a kind of element fails; `spares` are amounts by commodity number."""

    repairers: tuple[int, ...]
    spares: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class ElementRow:
    """A kind of element.

    `generation` is the number of its kind of generation, or `NONE`; `produces` is a commodity and the
    energy for one unit of it [kWh]; `efficiency` is that of one way, in or out of a storage.
    """

    id: str
    name: str
    role: int
    generation: int
    capacity_kw: float
    lit_kw: float
    dark_kw: float
    usable_kwh: float
    charge_kw: float
    discharge_kw: float
    efficiency: float
    decline_per_year: float
    dust_loss_per_landing: float
    load_lit_kw: float
    load_dark_kw: float
    load_class: int
    survival_kw: float
    survives_unpowered_days: float
    works_probability: float
    failure: FailureRow | None
    common_causes: tuple[int, ...]
    services: bool
    berths: int
    astronomy: bool
    produces: tuple[int, float] | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One element that a mission brings, with its luck.

    `turn` is its place among all elements when two want the same: as its mission, then by name.
    `failures` are times to failure [years]; `repairs` gives for each kind of repairer, in the order of
    `FailureRow.repairers`, the days of each repair.
    """

    element: int
    turn: int
    works: Slot
    start_up: Slot
    life: Slot
    failures: tuple[Slot, ...]
    repairs: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class CommonCauseRow:
    """What makes elements fail together; the n-th time comes `gaps[n]` years after the one before."""

    name: str
    gaps: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class CommodityRow:
    """Something kept in store; `per_crew_day` is what has to be made up for [unit/d]."""

    id: str
    name: str
    unit: str
    initial: float
    per_crew_day: float
    vital: bool
    return_reserve_days: float


@dataclass(frozen=True, slots=True)
class SkyRow:
    """Light at the site and the Earth in its sky, as one level of knowledge about the site has it.

    Spells of light and of Earth in view begin at `dawns` and `rises` and end at `dusks` and `sets` [d].
    `darkest` is a step function: from each of `darkest_from` on, the longest darkness ahead [h].
    """

    dawns: tuple[float, ...]
    dusks: tuple[float, ...]
    rises: tuple[float, ...]
    sets: tuple[float, ...]
    darkest_from: tuple[float, ...]
    darkest_hours: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CrewRiskRow:
    """Probabilities of losing a crew, with the luck that decides."""

    launch_abort_effectiveness: float
    launch_abort: Slot
    descent_abort_effectiveness: float
    descent_abort: Slot
    stay_per_day: float
    stay: Slot
    ascent_probability: float
    ascent: Slot
    journey_home_probability: float
    journey_home: Slot


@dataclass(frozen=True, slots=True)
class CrewRow:
    """The people of a mission; `medical_rate` is that of the whole crew [1/d]."""

    size: int
    stage: int
    needs_berths: bool
    stay: Slot
    journey_home: Slot
    return_windows: int
    medical_rate: float
    medical: Slot
    risk: CrewRiskRow


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """Something that the station is there for."""

    id: str
    title: str
    node: int


@dataclass(frozen=True, slots=True)
class StationRow:
    """The site of the station and what holds for all that stands there.

    `silence_day` is infinite if there is none; `dose_limit_msv` likewise.
    """

    name: str
    skies: tuple[SkyRow, ...]
    sky: Slot
    distribution_efficiency: float
    storage_serves: int
    extra_load_kw: float
    crew_load_kw: float
    crew_safety_tolerance_days: float
    surface_msv_per_day: float
    transit_msv_per_day: float
    dose_limit_msv: float
    silence_day: float
    commodities: tuple[CommodityRow, ...]
    common_causes: tuple[CommonCauseRow, ...]
    functions: tuple[FunctionRow, ...]
