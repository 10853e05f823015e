"""Plans as a data date finds them, and what became of each: the cases that slips are fitted on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.evidence.record import Announcement, Record
from sim.nature.calendar import DAYS_PER_YEAR

Floats = NDArray[np.float64]

ON_TIME_DAYS = 15.0
"""Assumption: a launch within about two weeks of a planned day kept the plan."""


@dataclass(frozen=True)
class Case:
    """A plan, and what became of it; times count from the day on which it is looked at.

    Attributes:
        group: the agency's group.
        seen: the day on which it is looked at.
        lead: to the middle of what is left of the announced interval [years].
        half: half of that interval [years].
        time: to the launch, or to the day before which it has not flown [years].
        flown: false if it had not flown by then.
    """

    mission: str
    group: str
    kind: str
    seen: date
    lead: float
    half: float
    time: float
    flown: bool


def announced_cases(record: Record, plan_floor: bool = True, least_lead: float = 0.0) -> list[Case]:
    """Make a case of every announcement, seen on its own day.

    Args:
        record: the record.
        plan_floor: what has not flown is taken not to fly before its current plan either; else only not
            before the last day on which it had not flown.
        least_lead: shorter leads are left out [years].
    """
    made = (_case(row, row.announced, plan_floor) for row in record.announcements)
    return [case for case in made if case is not None and case.lead >= least_lead]


def standing_cases(record: Record, days: Iterable[date], plan_floor: bool = True) -> list[Case]:
    """Make a case of every plan in force on given days, as a data date finds it: stale, or overdue."""
    cases: list[Case] = []
    for day in days:
        for row in plans_in_force(record.announcements, day).values():
            case = _case(row, day, plan_floor)
            if case is not None and case.time > 0:
                cases.append(case)
    return cases


def plans_in_force(announcements: Iterable[Announcement], day: date) -> dict[str, Announcement]:
    """Give the last announcement on or before a day of each mission that had not flown by then."""
    plans: dict[str, Announcement] = {}
    for row in announcements:
        before = plans.get(row.mission)
        if row.announced <= day and (before is None or row.announced >= before.announced):
            plans[row.mission] = row
    return {name: row for name, row in plans.items() if not _over(row, day)}


def _over(row: Announcement, day: date) -> bool:
    given_up = row.state == "cancelled" and row.as_of is not None and row.as_of <= day
    return given_up or (row.launched is not None and row.launched <= day)


def data_dates(record: Record, months: Sequence[int] = (1, 7)) -> list[date]:
    """List the first of January and July of all years that the announcements span."""
    if not record.announcements:
        return []
    first = min(row.announced.year for row in record.announcements)
    return [
        day
        for year in range(first, record.evidence.year + 1)
        for day in (date(year, month, 1) for month in months)
        if day <= record.evidence
    ]


def _case(row: Announcement, seen: date, plan_floor: bool) -> Case | None:
    half_days = max(row.planned_half_width, ON_TIME_DAYS)
    last = row.planned + timedelta(days=half_days)
    first = max(min(row.planned - timedelta(days=half_days), last), min(seen, last))
    lead, half = _years(first + (last - first) / 2, seen), (last - first).days / 2 / DAYS_PER_YEAR
    end = row.launched or _floor(row, last, plan_floor)
    time = _years(end, seen)
    if time < 0 or (row.launched is None and time == 0):
        return None
    return Case(
        row.mission, row.group, row.kind, seen, max(0.0, lead), half, time, row.launched is not None
    )


def _floor(row: Announcement, last: date, plan_floor: bool) -> date:
    """The day before which a mission that has not flown will not have flown."""
    assert row.as_of is not None
    moved = row.current_plan is not None and row.current_plan > last and row.state == "censored"
    if plan_floor and moved and row.current_plan is not None:
        return max(row.as_of, row.current_plan)
    return row.as_of


def _years(end: date, start: date) -> float:
    return (end - start).days / DAYS_PER_YEAR


def weights(cases: Sequence[Case]) -> Floats:
    """Weigh cases so that each mission counts once, whatever the number of its announcements [-]."""
    names = [case.mission for case in cases]
    counts = {name: names.count(name) for name in set(names)}
    return np.array([1.0 / counts[name] for name in names])


@dataclass(frozen=True)
class Columns:
    """Cases as arrays, each of shape (cases,)."""

    lead: Floats
    half: Floats
    time: Floats
    flown: NDArray[np.bool_]
    weight: Floats


def columns(cases: Sequence[Case]) -> Columns:
    """Turn cases into arrays."""
    return Columns(
        np.array([case.lead for case in cases]),
        np.array([case.half for case in cases]),
        np.array([case.time for case in cases]),
        np.array([case.flown for case in cases], dtype=bool),
        weights(cases),
    )


def without(cases: Iterable[Case], mission: str) -> Iterator[Case]:
    """Leave a mission out."""
    return (case for case in cases if case.mission != mission)
