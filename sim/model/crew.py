"""People: their stay on the surface, what may end it early, their way home, and what may kill them."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.links import interrupt
from sim.model.station import Party
from sim.model.world import Mission, World, next_opening
from sim.scenario.campaign import NONE
from sim.scenario.station_rows import CrewRow, Slot
from sim.terms import Cause, StayEnd

Process = Generator[simpy.Event, Any, Any]

_EARLY = {"power": StayEnd.POWER, "habitat": StayEnd.HABITAT, "consumables": StayEnd.CONSUMABLES}


# Processes


def stay_and_return(world: World, mission: Mission) -> Process:
    """The crew lives on the surface and flies home, if nothing happens to it."""
    crew = crew_of(mission)
    risk, values = crew.risk, world.hand.values
    arrived = world.clock.now
    if mission.row.at_station:
        world.station.arrive(Party(mission.number, crew, lambda why: interrupt(mission, why)))
    yield from stay(world, mission, crew)
    mission.stay_days = world.clock.now - arrived
    if mission.row.at_station:
        world.station.leave(mission.number)
    if mission.stay_end is StayEnd.LOST:
        lose_crew(world, mission, "on the surface")
        return
    world.tell("crew leaves", mission.number, mission.stay_end.label)
    if values[risk.ascent] < risk.ascent_probability:
        lose_crew(world, mission, "in ascent")
        return
    mission.cause = Cause.JOURNEY_HOME
    home = values[crew.journey_home]
    yield world.clock.at(world.clock.now + home, mission.rank)
    mission.close(world.clock.now)
    station = world.campaign.station
    way = world.clock.now - mission.crew_launch_day - mission.stay_days
    mission.dose_msv = mission.stay_days * station.surface_msv_per_day + way * station.transit_msv_per_day
    if values[risk.journey_home] < risk.journey_home_probability:
        lose_crew(world, mission, "on the way home")


def stay(world: World, mission: Mission, crew: CrewRow) -> Process:
    """Stay until the planned end, or until something ends it: illness, dose, power, stores, death."""
    mission.cause = Cause.STAY
    end, mission.stay_end = end_of_stay(world, mission, crew)
    try:
        yield world.clock.at(end, mission.rank)
        if mission.stay_end is not StayEnd.LOST:
            yield from await_return_window(world, mission, crew)
    except simpy.Interrupt as early:
        mission.stay_end = _EARLY[str(early.cause)]
        world.tell("stay ends early", mission.number, mission.stay_end.label)
    mission.close(world.clock.now)


def await_return_window(world: World, mission: Mission, crew: CrewRow) -> Process:
    """The way home may be open at times only; until then the crew lives on the surface."""
    if crew.return_windows != NONE:
        opening = next_opening(world.windows[crew.return_windows], world.clock.now)
        if opening > world.clock.now:
            mission.close(world.clock.now)
            mission.cause = Cause.WINDOW
            yield world.clock.at(opening, mission.rank)


# What happens at one moment


def end_of_stay(world: World, mission: Mission, crew: CrewRow) -> tuple[float, StayEnd]:
    """Work out when a stay ends, and why, if nothing at the station ends it [d]."""
    values, station = world.hand.values, world.campaign.station
    ends = [
        (values[crew.stay], StayEnd.PLANNED),
        (days_to_event(values[crew.risk.stay], crew.risk.stay_per_day), StayEnd.LOST),
        (days_to_event(values[crew.medical], crew.medical_rate), StayEnd.MEDICAL),
    ]
    if station.surface_msv_per_day:
        on_the_way = world.clock.now - mission.crew_launch_day + values[crew.journey_home]
        left = station.dose_limit_msv - on_the_way * station.transit_msv_per_day
        ends.append((max(0.0, left / station.surface_msv_per_day), StayEnd.DOSE))
    days, why = min(ends)
    return world.clock.now + days, why


def days_to_event(uniform: float, rate: float) -> float:
    """Time to the first event of a constant rate [d]: the inverse CDF of the exponential distribution."""
    return -math.log1p(-uniform) / rate if rate else math.inf


def launch_kills(world: World, mission: Mission) -> bool:
    """Decide whether a failed launch kills the crew."""
    if mission.row.crew is None:
        return False
    risk = mission.row.crew.risk
    return _abort_fails(world, mission, risk.launch_abort, risk.launch_abort_effectiveness, "at launch")


def landing_kills(world: World, mission: Mission) -> bool:
    """Decide whether a failed landing kills the crew."""
    if mission.row.crew is None:
        return False
    risk = mission.row.crew.risk
    return _abort_fails(world, mission, risk.descent_abort, risk.descent_abort_effectiveness, "in descent")


def _abort_fails(world: World, mission: Mission, luck: Slot, effectiveness: float, leg: str) -> bool:
    """Lose the crew unless the abort saves it."""
    if world.hand.values[luck] < effectiveness:
        return False
    lose_crew(world, mission, leg)
    return True


def lose_crew(world: World, mission: Mission, leg: str) -> None:
    """A crew is lost: its programme flies no people for a long time."""
    mission.crew_lost = True
    mission.crews_lost += 1
    world.tell("crew lost", mission.number, leg)
    grounding = world.groundings[mission.row.groundings[-1]]
    slots = world.campaign.programmes[mission.row.programme].crew_loss_stand_downs
    grounding.begin(mission.number, world.clock.now, world.hand.values[slots[grounding.failures]])


def crew_of(mission: Mission) -> CrewRow:
    """The people of a crewed mission."""
    assert mission.row.crew is not None
    return mission.row.crew
