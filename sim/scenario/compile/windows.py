"""Launch windows: recurrences written out as intervals, and intervals laid over one another."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.nature.calendar import day_of
from sim.scenario.campaign import NONE, WindowRow
from sim.scenario.schema import Scenario

Interval = tuple[float, float]
_MARGIN_DAYS = 1000.0  # windows beyond the horizon, so that a late mission still finds a next one


class WindowList:
    """Collects the window rows that missions need; equal combinations share one."""

    def __init__(self, scenario: Scenario, horizon_days: float) -> None:
        self._scenario = scenario
        self._end = horizon_days + _MARGIN_DAYS
        self._rows: dict[tuple[str, ...], int] = {}
        self.rows: list[WindowRow] = []

    def row(self, names: tuple[str, ...]) -> int:
        """Give the row in which all named windows are open, or `NONE` for no restriction."""
        if not names or "windows" in self._scenario.idealise:
            return NONE
        key = tuple(sorted(set(names)))
        if key not in self._rows:
            self._rows[key] = len(self.rows)
            self.rows.append(self._combine(key))
        return self._rows[key]

    def _combine(self, names: tuple[str, ...]) -> WindowRow:
        intervals: list[Interval] = [(-math.inf, math.inf)]
        for name in names:
            intervals = list(overlap(intervals, self._recurrence(name)))
        opens, closes = zip(*intervals, strict=True) if intervals else ((), ())
        return WindowRow(" and ".join(names), opens, closes)

    def _recurrence(self, name: str) -> list[Interval]:
        window = self._scenario.windows[name]
        first = day_of(window.first_open, self._scenario.data_date)
        return recurrence(first, window.period_days, window.open_days, self._end)


def recurrence(first: float, period: float, length: float, end: float) -> list[Interval]:
    """Write out the intervals of a recurrence that matter from day 0 to the end.

    >>> recurrence(-10.0, 30.0, 12.0, 60.0)
    [(-10.0, 2.0), (20.0, 32.0), (50.0, 62.0)]
    """
    number = math.floor((-first - length) / period) + 1
    intervals = []
    while first + number * period <= end:
        opening = first + number * period
        intervals.append((opening, opening + length))
        number += 1
    return intervals


def overlap(left: Iterable[Interval], right: Iterable[Interval]) -> Iterable[Interval]:
    """Go through the intervals in which both are open.

    >>> list(overlap([(0.0, 10.0), (20.0, 30.0)], [(5.0, 25.0)]))
    [(5.0, 10.0), (20.0, 25.0)]
    """
    lefts, rights = list(left), list(right)
    i = j = 0
    while i < len(lefts) and j < len(rights):
        opening, closing = max(lefts[i][0], rights[j][0]), min(lefts[i][1], rights[j][1])
        if opening < closing:
            yield opening, closing
        if lefts[i][1] < rights[j][1]:
            i += 1
        else:
            j += 1
