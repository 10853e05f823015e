"""Repair: who puts failed elements right, one at a time each, and with what from the stores."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import simpy

from sim.model.clock import RANK_REPAIR, Clock
from sim.model.stores import Store
from sim.model.units import Unit
from sim.terms import REPAIRERS

ITSELF, ROVER, CREW, DELIVERY = (
    REPAIRERS.index(who) for who in ("itself", "rover", "crew", "delivery")
)  # fmt: skip


class Worker(NamedTuple):
    """A rover (by the number of its element) or a crew (by that of its mission)."""

    kind: int
    number: int


class Job(NamedTuple):
    """A repair that is going on."""

    unit: Unit
    era: int


class Workforce(Protocol):
    """Who knows who can work, and who is told when an element is repaired."""

    def workers(self) -> list[Worker]:
        """Rovers that are up and powered, and crews at the station, in order."""

    def repaired(self, unit: Unit) -> None:
        """An element can start up again."""


class Workshop:
    """Failed elements and those who repair them.

    The most important load goes first, then the element that came first. What a repair takes from the
    stores is gone when it begins. A worker that is lost leaves the work undone.
    """

    def __init__(
        self, clock: Clock, values: list[float], stores: list[Store], workforce: Workforce
    ) -> None:
        self._clock = clock
        self._values = values
        self._stores = stores
        self._workforce = workforce
        self._waiting: list[Unit] = []
        self._jobs: dict[Worker, Job] = {}
        self._called = False

    def take_in(self, unit: Unit) -> None:
        """An element has failed."""
        failure = unit.kind.failure
        assert failure is not None
        if ITSELF in failure.repairers:
            self._finish_in(self._days(unit, ITSELF), unit)
        else:
            self._waiting.append(unit)
            self.call()

    def delivery(self) -> None:
        """A mission has brought what replaces failed elements."""
        for unit in self._still_waiting():
            failure = unit.kind.failure
            assert failure is not None
            if DELIVERY in failure.repairers:
                self._waiting.remove(unit)
                self._finish_in(self._days(unit, DELIVERY), unit)

    def call(self) -> None:
        """Something has become free, or has gone: see at the end of the instant who does what."""
        if not self._called and (self._waiting or self._jobs):
            self._called = True
            self._clock.at(self._clock.now, RANK_REPAIR).callbacks.append(self._assign)

    def _assign(self, _: simpy.Event) -> None:
        self._called = False
        present = self._workforce.workers()
        for lost in [worker for worker in self._jobs if worker not in present]:
            self._waiting.append(self._jobs.pop(lost).unit)
        free = [worker for worker in present if worker not in self._jobs]
        if not free:
            return
        for unit in sorted(self._still_waiting(), key=lambda unit: (unit.kind.load_class, unit.number)):
            worker = self._worker_for(unit, free)
            if worker is not None:
                free.remove(worker)
                self._waiting.remove(unit)
                self._begin(unit, worker)

    def _worker_for(self, unit: Unit, free: list[Worker]) -> Worker | None:
        """The first rover or crew, whichever is quicker."""
        failure = unit.kind.failure
        assert failure is not None
        if any(self._stores[number].level < amount for number, amount in failure.spares):
            return None
        firsts = (
            next((worker for worker in free if worker.kind == kind), None)
            for kind in (ROVER, CREW)
            if kind in failure.repairers
        )
        able = [worker for worker in firsts if worker is not None]
        return min(able, key=lambda worker: (self._days(unit, worker.kind), worker), default=None)

    def _begin(self, unit: Unit, worker: Worker) -> None:
        assert unit.kind.failure is not None
        for number, amount in unit.kind.failure.spares:
            self._stores[number].add(-amount, unit.mission)
        job = self._jobs[worker] = Job(unit, unit.era)

        def done(_: simpy.Event) -> None:
            if self._jobs.get(worker) is job:
                del self._jobs[worker]
                self._finish(job)
                self.call()

        day = self._clock.now + self._days(unit, worker.kind)
        self._clock.at(day, RANK_REPAIR).callbacks.append(done)

    def _finish_in(self, days: float, unit: Unit) -> None:
        job = Job(unit, unit.era)
        alarm = self._clock.at(self._clock.now + days, RANK_REPAIR)
        alarm.callbacks.append(lambda _: self._finish(job))

    def _finish(self, job: Job) -> None:
        if job.unit.era == job.era and not job.unit.gone:
            self._workforce.repaired(job.unit)

    def _still_waiting(self) -> list[Unit]:
        """Forget those that are lost for good meanwhile."""
        self._waiting = [unit for unit in self._waiting if not unit.gone]
        return list(self._waiting)

    def _days(self, unit: Unit, who: int) -> float:
        """How long the repair takes [d]."""
        assert unit.kind.failure is not None
        slots = unit.row.repairs[unit.kind.failure.repairers.index(who)]
        return self._values[slots[min(unit.outages, len(slots)) - 1]]
