"""Success probabilities of vehicles and lander families: prior, record and shared uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.scenario.campaign import NONE, ReliabilityTable
from sim.scenario.compile.manifest import Entry
from sim.scenario.compile.slots import SlotList
from sim.scenario.schema import Family, Scenario, Vehicle
from sim.scenario.schema.fleet import Reliable
from sim.scenario.station_rows import Slot


@dataclass(frozen=True)
class Experience:
    """Flights of one vehicle or family known at the data date."""

    successes: int
    failures: int
    in_a_row: int


def landing_experience(family: str, row: Family, entries: list[Entry]) -> Experience:
    """Count the landings of a family that the manifest lists and its record does not."""
    results = [
        (entry.history.landing or entry.history.launch, entry.history.outcome == "success")
        for entry in entries
        if entry.history and entry.mission.family == family
        if entry.history.outcome != "launch-failure"
    ]
    return _experience(row, results)


def launch_experience(vehicle: str, row: Vehicle, entries: list[Entry]) -> Experience:
    """Count the launches of a vehicle that the manifest lists and its record does not."""
    results = [
        (entry.history.launch, entry.history.outcome != "launch-failure")
        for entry in entries
        if entry.history and entry.mission.vehicle == vehicle
        for _ in range(entry.mission.flights)
    ]
    return _experience(row, results)


def _experience(row: Reliable, results: list[tuple[date, bool]]) -> Experience:
    since = row.record.until if row.record else date.min
    fresh = [success for when, success in sorted(results) if when > since]
    in_a_row = 0
    for _, success in sorted(results):
        in_a_row = in_a_row + 1 if success else 0
    counted = row.record
    return Experience(
        sum(fresh) + (counted.successes if counted else 0),
        len(fresh) - sum(fresh) + (counted.failures if counted else 0),
        in_a_row,
    )


class ReliabilityColumns:
    """Collects success probabilities, vehicles first, then families."""

    def __init__(self, scenario: Scenario, slots: SlotList) -> None:
        self._scenario = scenario
        self._slots = slots
        self._rows: list[tuple[float, float, float, Slot, Slot, Slot, Slot]] = []

    def add_vehicle(self, name: str, vehicle: Vehicle, known: Experience) -> None:
        """Add a vehicle; what is not known of one tells nothing of another."""
        self._add(f"vehicle/{name}", vehicle, known, 0.0, NONE)

    def add_family(self, name: str, family: Family, known: Experience) -> None:
        """Add a lander family; what is not known is shared within its programme."""
        programme = self._scenario.programmes[family.programme]
        shared = NONE
        if programme.landing_correlation > 0:
            shared = self._slots.shared(f"programme/{family.programme}/landing")
        self._add(f"family/{name}", family, known, programme.landing_correlation, shared)

    def finish(self) -> ReliabilityTable:
        """Give the finished columns."""
        columns = list(zip(*self._rows, strict=True)) or [()] * 7
        floats = [np.asarray(column, dtype=float) for column in columns[:3]]
        integers = [np.asarray(column, dtype=np.int64) for column in columns[3:]]
        return ReliabilityTable(*floats, *integers)

    def _add(self, stream: str, row: Reliable, known: Experience, correlation: float, shared: Slot) -> None:
        self._rows.append(
            (
                row.prior.a + known.successes,
                row.prior.b + known.failures,
                correlation,
                self._slots.uniform(f"{stream}/success-probability", epistemic=True),
                shared if shared != NONE else self._slots.constant(0.5),
                self._slots.variate(
                    f"{stream}/fix-effectiveness", 0, row.fix_effectiveness, epistemic=True
                ),
                self._slots.variate(f"{stream}/learning", 0, row.learning, epistemic=True),
            )
        )
