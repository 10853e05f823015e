"""Build the world, run it, return the outcome: `outcome = replicate(campaign, hand)`."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from sim.model.detail import Detail, detail_of
from sim.model.development import close_development
from sim.model.links import Links
from sim.model.mission import (
    accomplish,
    commission,
    hand_over,
    is_waiting,
    show_landing,
    start,
    withdraw,
)
from sim.model.series import (
    energy_totals,
    first_entries,
    flow_table,
    integrals,
    monthly_phases,
    monthly_series,
    production,
    shortfalls,
)
from sim.model.spans import PathPiece, Span, critical_path
from sim.model.station import Station
from sim.model.variates import Hand, Variates
from sim.model.world import Happening, Mission, Record, World
from sim.nature.luck import Luck
from sim.scenario.campaign import NONE, Campaign, Floats
from sim.terms import Cause, Fate, Status

DEFAULT_RECORD = Record()


@dataclass(frozen=True)
class Outcome:
    """What came of one replication. Days count from the data date; nan means never, or not yet.

    Attributes:
        status: of each mission, a `Status`, shape (missions,).
        attempts: of each mission that led to a lift-off, shape (missions,).
        launch_day: last lift-off of each mission [d], shape (missions,).
        arrival_day: landing or arrival in orbit [d], shape (missions,).
        end_day: end of each mission [d], shape (missions,).
        milestone_day: when each milestone was reached [d], shape (milestones,).
        phase_day: when each phase of each track was first entered [d], one array a track.
        crews_lost: how many crews each mission has lost, shape (missions,).
        crew_days: person-days at the station.
        stay_end: why each mission's stay ended, a `StayEnd`, shape (missions,).
        stay_days: how long it was [d], shape (missions,).
        dose_msv: what each of its crew took up [mSv], shape (missions,).
        energy_kwh: generated, served, stored at the end, lost, curtailed, not served [kWh], shape (6,).
        shortfalls: number of shortfalls of each class of loads, shape (classes,).
        longest_shortfall_h: the longest of each [h], shape (classes,).
        produced: what was made of each commodity [unit], shape (commodities,).
        gate_part_day: when each condition of each gate first held [d], shape (gate parts,).
        unit_start, unit_end: commissioning of each element, and its end [d], shape (elements,).
        unit_fate: what became of it, a `Fate`, shape (elements,).
        alone_from: the silence, or the last delivery [d].
        function_lost_day: when each function of the station was first missing after it [d], shape
            (functions,); minus infinity for one that was missing then.
        series: mean over each month, shape (series, months); none if not recorded.
        phases: phase at the end of each month, shape (tracks, months); none if not recorded.
        spans: of each mission; none if not recorded.
        paths: critical path to each milestone that was reached; none if not recorded.
        log: what happened, in order; none if not traced.
        detail: what the station did in time; none if not traced.
        events: how many SimPy events were processed.
    """

    status: Floats
    attempts: Floats
    launch_day: Floats
    arrival_day: Floats
    end_day: Floats
    milestone_day: Floats
    phase_day: tuple[Floats, ...]
    crews_lost: Floats
    crew_days: float
    stay_end: Floats
    stay_days: Floats
    dose_msv: Floats
    energy_kwh: Floats
    shortfalls: Floats
    longest_shortfall_h: Floats
    produced: Floats
    gate_part_day: Floats
    unit_start: Floats
    unit_end: Floats
    unit_fate: Floats
    alone_from: float
    function_lost_day: Floats
    series: Floats | None
    phases: Floats | None
    spans: list[list[Span]] | None
    paths: list[list[PathPiece]] | None
    log: list[Happening] | None
    detail: Detail | None
    events: int


def replicate(campaign: Campaign, hand: Hand, record: Record = DEFAULT_RECORD) -> Outcome:
    """Run one replication. The outcome is a function of the campaign and the hand alone."""
    with collector_paused():
        return _replicated(campaign, hand, record)


def _replicated(campaign: Campaign, hand: Hand, record: Record) -> Outcome:
    world = World(campaign, hand, record)
    links = Links(world)
    begin(world, links)
    world.clock.run(until=campaign.horizon_days)
    close_at_horizon(world)
    result = outcome(world, record)
    world.dismantle()
    return result


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of circular garbage: a replication breaks its own circles when it ends."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def replicate_one(
    campaign: Campaign,
    seed: int,
    replication: int,
    record: Record = DEFAULT_RECORD,
    luck: Luck | None = None,
) -> Outcome:
    """Run the replication at an address: the same whoever runs it, alone or in a batch.

    `luck` is that of a batch which is not plain; by default the plain one of the seed.
    """
    variates = Variates(campaign, luck or Luck(seed, first=replication, count=1))
    return replicate(campaign, variates.hand(replication), record)


def begin(world: World, links: Links) -> None:
    """Put the world into its state at the data date, and start every life."""
    for family, in_a_row in enumerate(world.landings_in_a_row):
        world.board.set(world.campaign.quantities.families + family, in_a_row, NONE)
    for mission in past_missions(world):
        remember(world, links, mission)
    for number, programme in enumerate(world.campaign.programmes):
        if programme.withdrawal_day < world.campaign.horizon_days:
            world.clock.process(withdraw(world, number, programme))
    for mission in world.missions:
        if mission.status is Status.WAITING and mission.process is None:
            start(world, links, mission)


def past_missions(world: World) -> list[Mission]:
    """List the missions of the past, in the order in which they ended."""
    past = [
        (mission.row.history.landing_day, mission.rank, mission)
        for mission in world.missions
        if mission.row.history is not None
    ]
    return [mission for _, _, mission in sorted(past)]


def remember(world: World, links: Links, mission: Mission) -> None:
    """Let a mission of the past have been: what it delivered is there, its failure is known."""
    history = mission.row.history
    assert history is not None
    mission.status = history.status
    mission.launch_day = history.launch_day
    mission.attempts_flown = 1
    mission.end_day = history.landing_day
    if history.status is not Status.SUCCESS:
        hand_over(world, links, mission)
        return
    mission.arrival_day = history.landing_day
    show_landing(world, mission, mission.number)
    if mission.row.at_station:
        world.station.land(mission.row.landed_mass_kg, mission.row.cargo, mission.number)
    commission(world, mission, history.landing_day)
    accomplish(world, links, mission, mission.number)


def close_at_horizon(world: World) -> None:
    """End the spans of the missions that are not over."""
    for mission in world.missions:
        if mission.process is None and mission.row.history is None:
            mission.cause = Cause.STANDBY
            mission.close(world.clock.now)
        elif is_waiting(mission):
            if mission.cause is Cause.DEVELOPMENT:
                close_development(world, mission)
            mission.close(world.clock.now)
            mission.status = Status.UNDERWAY if mission.flown else Status.WAITING
            if mission.cause is Cause.GATE:
                world.tell("waits at the horizon", mission.number, what_lacks(world, mission))


def what_lacks(world: World, mission: Mission) -> str:
    """Say what a mission's gate still lacks."""
    names = world.campaign.node_names
    lacking = ", ".join(names[number] for number in world.board.lacking(mission.row.gate))
    return f"gate {names[mission.row.gate]} lacks {lacking}"


def outcome(world: World, record: Record) -> Outcome:
    """Read the outcome off the world."""
    campaign, missions = world.campaign, world.missions
    station, horizon = world.station, campaign.horizon_days
    station.supply.settle()
    table = flow_table(station)
    counts, longest = shortfalls(table, horizon)
    came, ended, fates = unit_lives(world)
    alone_from, lost = lone_life(world)
    return Outcome(
        status=np.array([mission.status for mission in missions], dtype=float),
        attempts=np.array([mission.attempts_flown for mission in missions], dtype=float),
        launch_day=np.array([mission.launch_day for mission in missions]),
        arrival_day=np.array([mission.arrival_day for mission in missions]),
        end_day=np.array([mission.end_day for mission in missions]),
        milestone_day=milestone_days(world),
        phase_day=tuple(
            first_entries(history, len(track.phases))
            for history, track in zip(world.board.phases, campaign.tracks, strict=True)
        ),
        crews_lost=np.array([mission.crews_lost for mission in missions], dtype=float),
        crew_days=crew_days(station, horizon),
        stay_end=np.array([mission.stay_end for mission in missions], dtype=float),
        stay_days=np.array([mission.stay_days for mission in missions]),
        dose_msv=np.array([mission.dose_msv for mission in missions]),
        energy_kwh=energy_totals(station, table, horizon),
        shortfalls=counts,
        longest_shortfall_h=longest,
        produced=production(station, table, np.array([horizon]))[0][:, 0],
        gate_part_day=gate_part_days(world),
        unit_start=came,
        unit_end=ended,
        unit_fate=fates,
        alone_from=alone_from,
        function_lost_day=lost,
        series=monthly_series(station, table, campaign) if record.series else None,
        phases=monthly_phases(world.board.phases, campaign.month_edges) if record.series else None,
        spans=mission_spans(world) if record.spans else None,
        paths=milestone_paths(world) if record.explains else None,
        log=world.log,
        detail=detail_of(world) if record.log else None,
        events=next(world.clock._eid),
    )


def mission_spans(world: World) -> list[list[Span]]:
    """The spans of all missions; those of the past have none."""
    return [mission.spans or [] for mission in world.missions]


def milestone_days(world: World) -> Floats:
    """When each milestone was reached [d]; nan for never."""
    reached = world.board.reached
    never = (np.nan, NONE, 0.0)
    return np.array([reached.get(n, never)[0] for n in range(len(world.campaign.milestones))])


def milestone_paths(world: World) -> list[list[PathPiece]]:
    """The critical path to each milestone; empty if it was not reached."""
    spans = mission_spans(world)
    paths: list[list[PathPiece]] = []
    for number in range(len(world.campaign.milestones)):
        reached = world.board.reached.get(number)
        if reached is None:
            paths.append([])
        else:
            day, mission, since = reached
            paths.append(critical_path(spans, mission, day, since))
    return paths


def crew_days(station: Station, horizon: float) -> float:
    """Person-days at the station."""
    standing = np.array([(row.day, row.crew) for row in station.standings], dtype=float)
    return float(integrals(standing[:, 0], standing[:, 1:], np.array([horizon]))[0, 0])


def gate_part_days(world: World) -> Floats:
    """When each condition of each gate first held [d]; nan for never."""
    held = world.board.first_held
    return np.array([held.get(part.node, np.nan) for part in world.campaign.gate_parts])


def unit_lives(world: World) -> tuple[Floats, Floats, Floats]:
    """When each element of the campaign came and went, and what became of it."""
    rows = [row for mission in world.campaign.missions for row in mission.elements]
    units = [world.station.units.get(row.turn) for row in rows]
    nothing = (np.nan, np.nan, Fate.NEVER_CAME)
    lives = [nothing if unit is None else (unit.came, unit.ended, unit.fate) for unit in units]
    came, ended, fates = np.array(lives, dtype=float).reshape(len(lives), 3).T
    return came, ended, fates


def lone_life(world: World) -> tuple[float, Floats]:
    """How long each function of the station went on after the silence, or the last delivery."""
    station = world.campaign.station
    start = min(station.silence_day, world.campaign.horizon_days)
    if start == world.campaign.horizon_days:
        start = world.station.last_delivery
    lost = [first_missing(world.board.flips[row.node], start) for row in station.functions]
    return start, np.array(lost, dtype=float)


def first_missing(flips: list[tuple[float, bool]], start: float) -> float:
    """The first day from `start` on without a function [d]; minus infinity if it was missing then."""
    before = [holds for day, holds in flips if day <= start]
    if not (before and before[-1]) or np.isnan(start):
        return -np.inf
    return next((day for day, holds in flips if day > start and not holds), np.nan)
