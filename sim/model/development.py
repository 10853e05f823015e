"""Development: how long it takes until the hardware of a mission is ready."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.model.world import Mission, World
from sim.nature.calendar import DAYS_PER_MONTH
from sim.terms import Cause

Process = Generator[simpy.Event, Any, Any]


def develop(world: World, mission: Mission) -> Process:
    """Make the hardware: lead, slip and delay, and the shocks that hit meanwhile."""
    start = world.clock.now
    mission.pieces = development_pieces(world, mission, start)
    mission.cause = Cause.DEVELOPMENT
    try:
        yield world.clock.at(mission.pieces[-1][1], mission.rank)
    except simpy.Interrupt:
        close_development(world, mission)
        raise
    close_development(world, mission)
    world.tell("hardware ready", mission.number)


def close_development(world: World, mission: Mission) -> None:
    """End the parts of the development, as far as they got by now."""
    now = world.clock.now
    for cause, day in mission.pieces:
        mission.cause = cause
        mission.close(min(day, now))


def development_pieces(world: World, mission: Mission, start: float) -> tuple[tuple[Cause, float], ...]:
    """Work out when each part of the development ends, in order [d]."""
    row, values = mission.row, world.hand.values
    lead, slip = values[row.lead], world.hand.slip_days[mission.number]
    planned = start + max(0.0, lead + min(slip, 0.0))
    slipped = planned + max(slip, 0.0)
    delayed = slipped + values[row.delay] * row.delay_unit_days
    shocked = after_shocks(world, mission, delayed)
    return (
        (Cause.DEVELOPMENT, planned),
        (Cause.SLIP, slipped),
        (Cause.DELAY, delayed),
        (Cause.SHOCK, shocked),
    )


def after_shocks(world: World, mission: Mission, ready: float) -> float:
    """Put off a hardware date by the shocks that hit the mission while it is in development [d]."""
    values, programme = world.hand.values, mission.row.programme
    shocks = world.campaign.programmes[programme].shocks
    for day, number, time in world.strikes[programme]:
        if day >= ready:
            break
        shock = shocks[number]
        if day >= world.clock.now and values[shock.hits[mission.number][time]] < shock.hit_probability:
            ready += values[shock.months[time]] * DAYS_PER_MONTH
    return ready
