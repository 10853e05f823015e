"""Launch windows: recurrences written out as intervals, and intervals laid over one another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from sim.nature.calendar import day_of
from sim.scenario.campaign import NONE, WindowRow
from sim.scenario.schema import Scenario
from sim.scenario.station_rows import SkyRow

Interval = tuple[float, float]
PerSky = list[list[Interval]]
MARGIN_DAYS = 1000.0  # windows beyond the horizon, so that a late mission still finds a next one


class Goal(NamedTuple):
    """Where a flight goes: its windows, its typical transit, and how long it can loiter [d]."""

    windows: tuple[str, ...]
    landing_windows: tuple[str, ...]
    transit_days: float
    loiter_days: float


class WindowList:
    """Collects the window rows that missions need; equal ones share one.

    Light differs with what is known of the site, so every row has one set of intervals for each sky.
    """

    def __init__(self, scenario: Scenario, skies: tuple[SkyRow, ...], horizon_days: float) -> None:
        self._scenario = scenario
        self._end = horizon_days + MARGIN_DAYS
        self._lights = [list(zip(sky.dawns, sky.dusks, strict=True)) for sky in skies]
        self._numbers: dict[tuple[str, tuple[tuple[Interval, ...], ...]], int] = {}
        self._opened_together: dict[tuple[str, ...], PerSky] = {}
        self._flights: dict[tuple[Goal, int, float, float], tuple[int, ...]] = {}

    def rows(self) -> tuple[tuple[WindowRow, ...], ...]:
        """Give all rows, for each sky."""
        return tuple(
            tuple(_window_row(name, intervals[sky]) for name, intervals in self._numbers)
            for sky in range(len(self._lights))
        )

    def open(self, names: tuple[str, ...]) -> int:
        """Give the row in which all named windows are open, or `NONE` for no restriction."""
        if not self._restricts(names):
            return NONE
        return self._number(names, self._combined(names))

    def of_flights(self, goal: Goal, flights: int, soonest: float, longest_gap: float) -> tuple[int, ...]:
        """Give the rows of the flights of one attempt, in order.

        The last flight leaves when its windows are open and a landing window can be met; the ones before
        only if the next can follow neither sooner than `soonest` nor later than `longest_gap` [d].
        """
        key = (goal, flights, soonest, longest_gap)
        if key not in self._flights:
            self._flights[key] = self._new_flights(*key)
        return self._flights[key]

    def _new_flights(self, goal: Goal, flights: int, soonest: float, longest_gap: float) -> tuple[int, ...]:
        names = (*goal.windows, *goal.landing_windows)
        if not self._restricts(names):
            return (NONE,) * flights
        intervals = self._combined(goal.windows)
        if goal.landing_windows:
            landings = self._combined(goal.landing_windows)
            latest = goal.transit_days + goal.loiter_days
            intervals = _departures(intervals, landings, goal.transit_days, latest)
        rows = [self._number(names, intervals)]
        for _ in range(flights - 1):
            intervals = _departures(self._combined(goal.windows), intervals, soonest, longest_gap)
            rows.insert(0, self._number(names, intervals))
        return tuple(rows)

    def _restricts(self, names: tuple[str, ...]) -> bool:
        return bool(names) and "windows" not in self._scenario.idealise

    def _number(self, names: tuple[str, ...], intervals: PerSky) -> int:
        key = " and ".join(sorted(set(names))), tuple(tuple(item) for item in intervals)
        return self._numbers.setdefault(key, len(self._numbers))

    def _combined(self, names: tuple[str, ...]) -> PerSky:
        if names not in self._opened_together:
            self._opened_together[names] = [self._under(light, names) for light in self._lights]
        return self._opened_together[names]

    def _under(self, light: list[Interval], names: tuple[str, ...]) -> list[Interval]:
        intervals: list[Interval] = [(-math.inf, math.inf)]
        for name in names:
            intervals = list(overlap(intervals, self._opened(name, light)))
        return intervals

    def _opened(self, name: str, light: list[Interval]) -> list[Interval]:
        window = self._scenario.windows[name]
        if window.lit_days is not None:
            return [(dawn, dusk - window.lit_days) for dawn, dusk in light if dusk - dawn > window.lit_days]
        assert window.first_open is not None
        assert window.period_days is not None
        assert window.open_days is not None
        first = day_of(window.first_open, self._scenario.data_date)
        return recurrence(first, window.period_days, window.open_days, self._end)


def _window_row(name: str, intervals: Iterable[Interval]) -> WindowRow:
    opens, closes = zip(*intervals, strict=True) if intervals else ((), ())
    return WindowRow(name, opens, closes)


def _departures(allowed: PerSky, arrivals: PerSky, soonest: float, latest: float) -> PerSky:
    """Cut intervals to the days from which an arrival lies between `soonest` and `latest` days ahead."""
    return [
        list(overlap(own, merged((opens - latest, closes - soonest) for opens, closes in goal)))
        for own, goal in zip(allowed, arrivals, strict=True)
    ]


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
