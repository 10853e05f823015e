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
        self._rows: dict[tuple[str, tuple[Interval, ...]], int] = {}
        self.rows: list[WindowRow] = []

    def row(self, names: tuple[str, ...]) -> int:
        """Give the row in which all named windows are open, or `NONE` for no restriction."""
        if not names or "windows" in self._scenario.idealise:
            return NONE
        return self._number(names, self._combine(names))

    def rows_of_flights(
        self, names: tuple[str, ...], flights: int, soonest: float, longest_gap: float
    ) -> tuple[int, ...]:
        """Give the rows of the flights of one attempt, in order.

        A flight may leave only if the next one can follow neither sooner than `soonest` nor later than
        `longest_gap` after it [d].
        """
        last = self.row(names)
        if last == NONE:
            return (NONE,) * flights
        intervals = self._combine(names)
        rows = [last]
        for _ in range(flights - 1):
            departures = [(opens - longest_gap, closes - soonest) for opens, closes in intervals]
            intervals = list(overlap(self._combine(names), merged(departures)))
            rows.insert(0, self._number(names, intervals))
        return tuple(rows)

    def _number(self, names: tuple[str, ...], intervals: list[Interval]) -> int:
        key = " and ".join(sorted(set(names))), tuple(intervals)
        if key not in self._rows:
            opens, closes = zip(*intervals, strict=True) if intervals else ((), ())
            self._rows[key] = len(self.rows)
            self.rows.append(WindowRow(key[0], opens, closes))
        return self._rows[key]

    def _combine(self, names: tuple[str, ...]) -> list[Interval]:
        intervals: list[Interval] = [(-math.inf, math.inf)]
        for name in names:
            intervals = list(overlap(intervals, self._recurrence(name)))
        return intervals

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


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Join the intervals that overlap or touch; empty ones are left out.

    >>> merged([(20.0, 30.0), (0.0, 10.0), (10.0, 12.0), (5.0, 4.0)])
    [(0.0, 12.0), (20.0, 30.0)]
    """
    joined: list[Interval] = []
    for opening, closing in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if joined and opening <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], closing)
        else:
            joined.append((opening, closing))
    return joined


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
