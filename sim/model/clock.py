"""Simulation time, and the declared order of what happens at the same instant.

SimPy breaks ties by the order in which events were scheduled. Here every wait carries a rank, so that
the outcome never depends on the order in which processes were created. What an event sets off at its
own instant (SimPy's urgent and normal events) comes before the next rank.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

import simpy
from simpy.core import BoundClass

RANK_LIGHT = 10
RANK_STORAGE = 20
RANK_ELEMENTS = 30
RANK_STORES = 32
RANK_REPAIR = 34
RANK_BOARD = 35
RANK_CREW = 38
RANK_PRODUCTION = 40
RANK_PADS = 50
RANK_PROGRAMMES = 60
RANK_MISSIONS = 1000
RANK_GRANT_VEHICLES = 1_000_000_000
RANK_GRANT_PADS = 1_000_000_001


class Alarm(simpy.Event):
    """Goes off on a day [d], in the turn of its rank; a day that is past means now."""

    def __init__(self, clock: Clock, day: float, rank: int) -> None:
        self.env = clock
        self.callbacks = []
        self._ok = True
        self._value = None
        now = clock._now
        moment = (day if day > now else now, rank, next(clock._eid), self)
        heappush(clock._queue, moment)  # type: ignore[misc]


class Clock(simpy.Environment):
    """A SimPy environment whose waits name an absolute day and a rank."""

    if TYPE_CHECKING:

        def at(self, day: float, rank: int) -> Alarm:
            """Wait for a day [d], in the turn of a rank."""
            return Alarm(self, day, rank)

    else:
        at = BoundClass(Alarm)

    def ring(self, event: simpy.Event, rank: int) -> None:
        """Trigger an event at this instant, in the turn of a rank."""
        event._ok = True
        event._value = None
        heappush(self._queue, (self._now, rank, next(self._eid), event))  # type: ignore[misc]
