"""Pads, production lines, stand-downs, launch budgets and shocks: what missions share."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import simpy
from simpy.core import BoundClass
from simpy.resources.resource import PriorityRequest, Release

from sim.model.clock import (
    RANK_GRANT_PADS,
    RANK_GRANT_VEHICLES,
    RANK_PADS,
    RANK_PRODUCTION,
    Clock,
)
from sim.scenario.campaign import NONE, PadRow, ProgrammeRow, VehicleRow


class Claim(PriorityRequest):
    """A request whose place can be kept beyond the ``with`` block that made it."""

    kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        """Give the place back, unless it is kept."""
        return None if self.kept else super().__exit__(*exception)


class SharedResource(simpy.PriorityResource):
    """A resource that is granted at the end of the instant, to the best rank, whoever asked first."""

    rank_of_grants = RANK_GRANT_PADS

    if TYPE_CHECKING:

        def request(self, priority: int = 0, preempt: bool = True) -> Claim:
            """Ask for a place."""
            return Claim(self, priority, preempt)

    else:
        request = BoundClass(Claim)

    def __init__(self, clock: Clock, capacity: int) -> None:
        super().__init__(clock, capacity)
        self.clock = clock
        self._settling = False

    def _trigger_put(self, get_event: Release | None) -> None:
        if self.put_queue and not self._settling:
            self._settling = True
            self.clock.at(self.clock.now, self.rank_of_grants).callbacks.append(self._settle)

    def _settle(self, _: simpy.Event) -> None:
        self._settling = False
        while self.put_queue and len(self.users) < self.capacity:
            super()._trigger_put(None)  # grants one place


class Pad(SharedResource):
    """A launch pad with a turnaround after each launch.

    Attributes:
        freed_by: the mission that gave it free last, and when that mission was launched from it.
    """

    def __init__(self, clock: Clock, row: PadRow) -> None:
        super().__init__(clock, row.count)
        self.row = row
        self.freed_by = (NONE, 0.0)

    def turn_around(self, claim: Claim, mission: int) -> None:
        """Keep the pad after a launch for its turnaround."""
        claim.kept = True
        launched = self.clock.now

        def free(_: simpy.Event) -> None:
            self.freed_by = (mission, launched)
            self.users.remove(claim)
            self._trigger_put(None)

        self.clock.at(launched + self.row.turnaround_days, RANK_PADS).callbacks.append(free)

    def scrub_probability(self, day: float) -> float:
        """Probability that an attempt is scrubbed: higher in the storm season [-]."""
        in_storms = bisect_right(self.row.storms, day) % 2 == 1
        return self.row.storm_scrub_probability if in_storms else self.row.scrub_probability


class ProductionLine(SharedResource):
    """Vehicles as they leave the factory; a launched one is gone for good.

    Vehicles are granted before pads, so that who gets one now takes part in the next grant of a pad.
    """

    rank_of_grants = RANK_GRANT_VEHICLES

    def __init__(self, clock: Clock, row: VehicleRow) -> None:
        super().__init__(clock, 1)
        self.row = row
        self._awaited = -1

    @property
    def capacity(self) -> int:
        """Vehicles built so far, flown ones included."""
        return bisect_right(self.row.built_days, self.clock.now)

    def _settle(self, event: simpy.Event) -> None:
        super()._settle(event)
        built = len(self.users)
        if self.put_queue and built < len(self.row.built_days) and built != self._awaited:
            self._awaited = built
            alarm = self.clock.at(self.row.built_days[built], RANK_PRODUCTION)
            alarm.callbacks.append(lambda _: self._trigger_put(None))


class Grounding:
    """The stand-down of a vehicle or a lander family after a failure.

    Attributes:
        until: the return to flight [d].
        by: the mission that failed, and when.
        failures: how many there were.
    """

    __slots__ = ("by", "failures", "name", "since", "until")

    def __init__(self, name: str) -> None:
        self.name = name
        self.until = 0.0
        self.by = NONE
        self.since = 0.0
        self.failures = 0

    def begin(self, mission: int, day: float, days: float) -> None:
        """Ground after a failure; of two stand-downs the later return counts."""
        self.failures += 1
        if day + days > self.until:
            self.until, self.by, self.since = day + days, mission, day


class Budget:
    """How many launches a programme may still make in a calendar year."""

    __slots__ = ("_edges", "_flown", "_limit")

    def __init__(self, row: ProgrammeRow, year_edges: tuple[float, ...]) -> None:
        self._limit = row.launches_per_year
        self._edges = year_edges
        self._flown = [row.launched_this_year, *(0 for _ in year_edges)]

    def free_from(self, day: float) -> float:
        """The first day from `day` on that has a launch left [d]."""
        if self._limit == NONE:
            return day
        year = bisect_right(self._edges, day)
        while self._flown[year] >= self._limit:
            if year == len(self._edges):
                return float("inf")
            day = self._edges[year]
            year += 1
        return day

    def spend(self, day: float) -> None:
        """Count a launch."""
        self._flown[bisect_right(self._edges, day)] += 1


class Strike(NamedTuple):
    """A shock that comes: on which day [d], which one of the programme's, and which time of it."""

    day: float
    shock: int
    time: int


def strikes(row: ProgrammeRow, values: list[float]) -> list[Strike]:
    """List the shocks of a programme in the order in which they come."""
    coming: list[Strike] = []
    for number, shock in enumerate(row.shocks):
        day = shock.first_day
        for time in range(len(shock.months)):
            day += values[shock.gaps[time]] if shock.gaps else 0.0
            coming.append(Strike(day, number, time))
    return sorted(coming)


class Reliability:
    """Failure probability of a vehicle or a family: it falls with fixes and with successes.

    Test-analyse-fix: after a failure whose cause is found the failure probability is multiplied by one
    minus the fix effectiveness (MIL-HDBK-189), after a success by one minus the learning.
    """

    __slots__ = ("cause_found_probability", "failure_probability", "fix", "learning")

    def __init__(self, failure_probability: float, fix: float, learning: float, cause_found: float) -> None:
        self.failure_probability = failure_probability
        self.fix = fix
        self.learning = learning
        self.cause_found_probability = cause_found

    def succeeds(self, uniform: float) -> bool:
        """Decide a flight: large uniforms succeed, so that more reliability never turns one round."""
        return uniform >= self.failure_probability

    def learn(self, success: bool, cause_uniform: float) -> None:
        """Change the failure probability after a flight."""
        if success:
            self.failure_probability *= 1 - self.learning
        elif cause_uniform < self.cause_found_probability:
            self.failure_probability *= 1 - self.fix
