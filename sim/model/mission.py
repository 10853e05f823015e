"""The life of a mission, stage by stage."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.clock import RANK_PROGRAMMES
from sim.model.crew import landing_kills, launch_kills, stay_and_return
from sim.model.development import develop
from sim.model.links import Links, interrupt
from sim.model.station import RELAY
from sim.model.world import Mission, World, next_opening
from sim.scenario.campaign import NONE, AttemptRow, FlightRow, ProgrammeRow
from sim.terms import Cause, ForcedOutcome, Status

Process = Generator[simpy.Event, Any, Any]

FAILED = (Status.CANCELLED, Status.LAUNCH_FAILURE, Status.LANDING_FAILURE, Status.CREW_LOST)


# Processes


def carry_out(world: World, links: Links, mission: Mission) -> Process:
    """Bring a mission from its development to its end."""
    try:
        if mission.doomed_by != NONE:
            return cancel(world, links, mission, "predecessor lost")
        if has_withdrawn(world, mission):
            return cancel(world, links, mission, "programme withdrew")
        yield from develop(world, mission)
        if given_up(world, mission):
            return cancel(world, links, mission, "given up")
        yield from await_predecessors(world, mission)
        yield from try_until_done(world, links, mission)
    except simpy.Interrupt as interrupt:
        mission.close(world.clock.now, mission.doomed_by, world.clock.now)
        cancel(world, links, mission, str(interrupt.cause))


def await_predecessors(world: World, mission: Mission) -> Process:
    """Wait until every group of predecessors is satisfied."""
    if mission.links_open:
        mission.cause = Cause.PREDECESSOR
        mission.links = simpy.Event(world.clock)
        yield mission.links
        mission.close(world.clock.now, mission.linked_by, mission.linked_since)


def try_until_done(world: World, links: Links, mission: Mission) -> Process:
    """Fly, and after a loss fly again as long as the policy allows."""
    for number, attempt in enumerate(mission.row.attempts):
        if number and has_withdrawn(world, mission):
            break
        mission.attempt = number
        mission.crew_lost = False
        if number:
            mission.cause = Cause.SPARE if attempt.from_spare else Cause.REBUILD
            yield world.clock.at(world.clock.now + world.hand.values[attempt.preparation], mission.rank)
            mission.close(world.clock.now)
        mission.status = yield from fly(world, links, mission, attempt)
        mission.flown = False
        if mission.status is Status.SUCCESS:
            break
    end(world, links, mission)


def fly(world: World, links: Links, mission: Mission, attempt: AttemptRow) -> Process:
    """Make all launches of an attempt, the transit, the landing and what follows it."""
    for flight in attempt.flights:
        success = yield from launch(world, mission, flight)
        if flight is attempt.flights[-1] or not success:
            links.departed(mission)
        if not success:
            last = flight is attempt.flights[-1]
            return Status.CREW_LOST if last and launch_kills(world, mission) else Status.LAUNCH_FAILURE
    mission.flown = True
    if mission.row.crew is not None and mission.row.at_station:
        world.station.expect(mission.number, mission.row.crew)
    mission.cause = Cause.TRANSIT
    yield world.clock.at(world.clock.now + world.hand.values[attempt.transit], mission.rank)
    mission.close(world.clock.now)
    yield from await_landing_window(world, mission)
    if not land(world, mission, attempt):
        world.station.expect_no_more(mission.number)
        return Status.CREW_LOST if landing_kills(world, mission) else Status.LANDING_FAILURE
    return (yield from work(world, mission, attempt))


def launch(world: World, mission: Mission, flight: FlightRow) -> Process:
    """Take a vehicle and a pad, wait until all is clear, count down and lift off."""
    line, pad = world.lines[mission.row.vehicle], world.pads[mission.row.pad]
    mission.scrubs_left = None
    mission.windows = flight.windows
    with line.request(mission.rank) as vehicle:
        mission.cause = Cause.VEHICLE
        yield vehicle
        mission.close(world.clock.now, what=mission.row.vehicle)
        while True:
            if obstacle_now(world, mission) is not None:
                yield from await_clearance(world, mission)
            with pad.request(mission.rank) as place:
                mission.cause = Cause.PAD
                yield place
                mission.close(world.clock.now, *pad.freed_by, mission.row.pad)
                try:
                    if (yield from count_down(world, mission, flight)):
                        pad.turn_around(place, mission.number)
                        vehicle.kept = True
                        return lift_off(world, mission, flight)
                finally:
                    pad.freed_by = (mission.number, world.clock.now)


def await_clearance(world: World, mission: Mission) -> Process:
    """Wait for the return to flight, the gate, the budget and the window, until all agree at once."""
    while (obstacle := obstacle_now(world, mission)) is not None:
        mission.cause, until = obstacle
        if mission.cause is Cause.GATE:
            node = mission.row.gate
            yield world.board.wait_for(node, mission.rank)
            mission.close(world.clock.now, world.board.by[node], world.board.since[node], node)
        else:
            yield world.clock.at(until, mission.rank)
            mission.close(world.clock.now, *who_was_in_the_way(world, mission))


def count_down(world: World, mission: Mission, flight: FlightRow) -> Process:
    """Try to lift off from the pad; give False back if the pad has to be given up."""
    pad = world.pads[mission.row.pad]
    while True:
        obstacle = obstacle_now(world, mission)
        if obstacle is not None:
            mission.cause, until = obstacle
            if mission.cause is not Cause.WINDOW or not pad.row.keeps_through_windows:
                return False
            yield world.clock.at(until, mission.rank)
            mission.close(world.clock.now, what=mission.windows)
        elif mission.scrubs_left is None:
            probability = pad.scrub_probability(world.clock.now)
            mission.scrubs_left = scrub_count(world.hand.values[flight.scrub], probability)
        elif mission.scrubs_left:
            mission.scrubs_left -= 1
            mission.cause = Cause.SCRUB
            world.tell("scrubbed", mission.number)
            yield world.clock.at(world.clock.now + pad.row.scrub_days, mission.rank)
            mission.close(world.clock.now)
        else:
            return True


def await_landing_window(world: World, mission: Mission) -> Process:
    """Wait in orbit for the light, or whatever else opens the landing window."""
    row = mission.row
    if row.landing_windows != NONE:
        mission.cause = Cause.WINDOW
        opening = next_opening(world.windows[row.landing_windows], world.clock.now)
        yield world.clock.at(opening, mission.rank)
        mission.close(world.clock.now, what=row.landing_windows)


def work(world: World, mission: Mission, attempt: AttemptRow) -> Process:
    """After the landing: commission the elements, or let the crew stay and bring it home."""
    station, row = world.station, mission.row
    if row.at_station:
        station.land(row.landed_mass_kg, row.cargo, mission.number)
    mission.cause = Cause.COMMISSIONING
    yield world.clock.at(world.clock.now + world.hand.values[attempt.commissioning], mission.rank)
    mission.close(world.clock.now)
    commission(world, mission, world.clock.now)
    if row.crew is not None:
        yield from stay_and_return(world, mission)
    return Status.CREW_LOST if mission.crew_lost else Status.SUCCESS


def withdraw(world: World, number: int, row: ProgrammeRow) -> Process:
    """A programme gives up: what it has not launched by then it never will."""
    yield world.clock.at(row.withdrawal_day, RANK_PROGRAMMES)
    world.tell("programme withdraws", NONE, row.name)
    for mission in sorted(world.missions, key=lambda mission: mission.rank):
        if mission.row.programme == number and not mission.flown:
            interrupt(mission, "programme withdrew")


# What happens at one moment


def lift_off(world: World, mission: Mission, flight: FlightRow) -> bool:
    """Launch: the vehicle flies or fails, and everybody learns from it."""
    flights = mission.row.attempts[mission.attempt].flights
    if flight is flights[0]:
        mission.launch_day = world.clock.now
        mission.attempts_flown += 1
    if flight is flights[-1]:
        mission.crew_launch_day = world.clock.now
    world.budgets[mission.row.programme].spend(world.clock.now)
    vehicle = mission.row.vehicle
    success = decide(world, vehicle, flight.forced, flight.launch, flight.cause_found)
    world.tell("launched" if success else "launch failure", mission.number)
    if not success:
        stand_downs = world.campaign.vehicles[vehicle].stand_downs
        ground(world, vehicle, stand_downs, mission)
    return success


def land(world: World, mission: Mission, attempt: AttemptRow) -> bool:
    """Land, or arrive in orbit, which always works."""
    row = mission.row
    if row.family != NONE:
        number = row.groundings[1]
        success = decide(world, number, attempt.forced_landing, attempt.landing, attempt.cause_found)
        in_a_row = world.landings_in_a_row[row.family] + 1 if success else 0
        world.landings_in_a_row[row.family] = in_a_row
        quantity = world.campaign.quantities.families + row.family
        world.board.set(quantity, in_a_row, mission.number)
        world.tell("landed" if success else "landing failure", mission.number)
        if not success:
            stand_downs = world.campaign.families[row.family].stand_downs
            ground(world, number, stand_downs, mission)
            return False
    mission.arrival_day = world.clock.now
    show_landing(world, mission, mission.number)
    return True


def decide(world: World, number: int, forced: ForcedOutcome, slot: int, cause_slot: int) -> bool:
    """Decide a launch or a landing, and let the vehicle or the family learn."""
    values, reliability = world.hand.values, world.reliabilities[number]
    drawn = reliability.succeeds(values[slot])
    success = drawn if forced is ForcedOutcome.DRAWN else forced is ForcedOutcome.SUCCESS
    reliability.learn(success, values[cause_slot])
    return success


def ground(world: World, number: int, stand_downs: tuple[int, ...], mission: Mission) -> None:
    """Ground a vehicle or a family after a failure."""
    grounding = world.groundings[number]
    days = world.hand.values[stand_downs[grounding.failures]]
    grounding.begin(mission.number, world.clock.now, days)
    world.tell("stand-down begins", mission.number, f"{grounding.name}, {days:.0f} days")


def commission(world: World, mission: Mission, day: float) -> None:
    """Put the elements of a mission to work; those of a crew that was lost after this are there already."""
    for unit in mission.row.elements:
        role = world.campaign.elements[unit.element].role
        if (mission.row.at_station or role == RELAY) and unit.turn not in world.station.units:
            world.station.commission(unit, mission.number, day)


def end(world: World, links: Links, mission: Mission) -> None:
    """End a mission: accomplished, or lost for good."""
    mission.end_day = world.clock.now
    if mission.status is Status.SUCCESS:
        world.tell("accomplished", mission.number)
        accomplish(world, links, mission, mission.number)
    else:
        world.tell("lost", mission.number)
        hand_over(world, links, mission)


def cancel(world: World, links: Links, mission: Mission, why: str) -> None:
    """End a mission that will not fly, or not fly again."""
    if mission.status is Status.WAITING:
        mission.status = Status.CANCELLED
    mission.end_day = world.clock.now
    world.tell("cancelled", mission.number, why)
    hand_over(world, links, mission)


def hand_over(world: World, links: Links, mission: Mission) -> None:
    """Let the fallback take the place of a mission that failed, or tell everybody that it did."""
    fallback = fallback_of(world, mission)
    if fallback is None:
        links.settled(mission, success=False, by=mission.number)
        return
    links.departed(mission)
    fallback.stands_for += [mission, *mission.stands_for]
    if not math.isnan(fallback.arrival_day):
        show_landing(world, fallback, mission.number)
    if fallback.status is Status.SUCCESS:
        accomplish(world, links, fallback, mission.number)
    elif fallback.status is Status.STANDBY:
        world.tell("called as fallback", fallback.number, f"for {mission.row.name}")
        start(world, links, fallback, mission.number)


def accomplish(world: World, links: Links, mission: Mission, by: int) -> None:
    """Tell everybody that a mission, and those it stands for, succeeded; `by` is who decided it now."""
    first = world.campaign.quantities.accomplished
    for member in (mission, *mission.stands_for):
        world.board.set(first + member.number, 1.0, by)
    links.settled(mission, success=True, by=by)


def show_landing(world: World, mission: Mission, by: int) -> None:
    """Tell everybody that a mission, and those it stands for, landed; `by` is who decided it now."""
    first = world.campaign.quantities.landed
    for member in (mission, *mission.stands_for):
        world.board.set(first + member.number, 1.0, by)


def start(world: World, links: Links, mission: Mission, called_by: int = NONE) -> None:
    """Start the life of a mission; a standby has been idle until it was called."""
    mission.status = Status.WAITING
    mission.cause = Cause.STANDBY
    mission.close(world.clock.now, called_by, world.clock.now)
    mission.life = carry_out(world, links, mission)
    mission.process = world.clock.process(mission.life)


# Small pure functions


def has_withdrawn(world: World, mission: Mission) -> bool:
    """True from the day on which the programme of a mission gives up."""
    return world.clock.now >= world.campaign.programmes[mission.row.programme].withdrawal_day


def fallback_of(world: World, mission: Mission) -> Mission | None:
    """Find the first fallback of a mission, its fallback's fallback and so on, that has not failed."""
    number = mission.row.fallback
    while number != NONE and has_failed(world.missions[number]):
        number = world.missions[number].row.fallback
    return None if number == NONE else world.missions[number]


def has_failed(mission: Mission) -> bool:
    """True for a mission that can never succeed any more."""
    return mission.status in FAILED and not is_waiting(mission)


def is_waiting(mission: Mission) -> bool:
    """True for a mission whose life is going on."""
    return mission.process is not None and bool(mission.process.is_alive)


def given_up(world: World, mission: Mission) -> bool:
    """Tell whether a mission is given up when its hardware is due."""
    row = mission.row
    return world.hand.values[row.cancellation] < row.cancellation_probability


def obstacle_now(world: World, mission: Mission) -> tuple[Cause, float] | None:
    """Find what keeps a mission from launching now, and until when [d]."""
    now, row = world.clock.now, mission.row
    for number in row.groundings:
        if world.groundings[number].until > now:
            return Cause.STAND_DOWN, world.groundings[number].until
    if row.gate != NONE and not world.board.holds[row.gate]:
        return Cause.GATE, math.inf
    free = world.budgets[row.programme].free_from(now)
    if free > now:
        return Cause.BUDGET, free
    if mission.windows != NONE:
        opening = next_opening(world.windows[mission.windows], now)
        if opening > now:
            return Cause.WINDOW, opening
    return None


def who_was_in_the_way(world: World, mission: Mission) -> tuple[int, float, int]:
    """Name the mission whose failure grounded a vehicle, when, and what was waited for."""
    row = mission.row
    if mission.cause is Cause.STAND_DOWN:
        number = max(row.groundings, key=lambda n: world.groundings[n].until)
        grounding = world.groundings[number]
        return grounding.by, grounding.since, number
    what = mission.windows if mission.cause is Cause.WINDOW else row.programme
    return NONE, 0.0, what


def scrub_count(uniform: float, probability: float) -> int:
    """Number of scrubs before a lift-off: geometric, from one uniform."""
    if probability <= 0:
        return 0
    if probability >= 1:
        return 10_000
    return int(math.log(uniform) / math.log(probability))
