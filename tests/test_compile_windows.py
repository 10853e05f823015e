"""Launch windows, production and storms as tables of days."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.nature.calendar import date_of
from sim.scenario.campaign import NONE
from sim.scenario.compile.fleet import built_days, storm_days
from sim.scenario.compile.windows import overlap, recurrence
from sim.scenario.schema import Vehicle
from tests.small import QUICK, row_of, small_campaign, windows_of

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=6)


def intervals(spans: list[tuple[int, int]]) -> list[tuple[float, float]]:
    made: list[tuple[float, float]] = []
    start = 0.0
    for gap, length in spans:
        made.append((start + gap, start + gap + length))
        start += gap + length
    return made


def is_open(windows: list[tuple[float, float]], day: float) -> bool:
    return any(opening <= day < closing for opening, closing in windows)


@given(SPANS, SPANS)
@QUICK
def test_windows_overlap_where_both_are_open(one: Any, other: Any) -> None:
    left, right = intervals(one), intervals(other)
    both = list(overlap(left, right))
    for day in np.arange(0.25, 120, 0.5):
        assert is_open(both, day) == (is_open(left, day) and is_open(right, day))
    assert both == list(overlap(right, left))
    assert all(opening < closing for opening, closing in both)


@given(st.floats(-5000, 5000), st.floats(1, 400), st.floats(0.05, 1), st.floats(0, 3000))
@QUICK
def test_a_recurrence_covers_the_simulation_and_no_more(
    first: float, period: float, share: float, end: float
) -> None:
    length = share * period
    made = recurrence(first, period, length, end)
    for opening, closing in made:
        assert closing > -1e-6
        assert opening <= end + 1e-6
        assert (opening - first) / period == pytest.approx(round((opening - first) / period), abs=1e-6)
        assert closing - opening == pytest.approx(length)
    for day in np.linspace(0, end, 50):
        phase = (day - first) % period
        if min(abs(phase), abs(phase - length), abs(phase - period)) > 1e-6:
            assert is_open(made, day) == (phase < length)


def test_windows_that_are_asked_for_together_share_a_row() -> None:
    text = (
        "windows: {yearly: {first_open: 2026-03-01, period_days: 365.25, open_days: 100}}\n"
        "destinations:\n"
        "  site: {windows: [monthly, yearly]}\n"
        "  orbit: {windows: [yearly, monthly, monthly]}\n"
    )
    campaign = small_campaign(text)
    assert [len(rows) for rows in campaign.windows] == [1], "one sky, one row"
    assert windows_of(campaign, "relay-1") == windows_of(campaign, "lander-1") == (0,)
    row = campaign.windows[0][0]
    assert row.name == "monthly and yearly"
    assert (np.diff(row.opens) > 0).all()
    assert all(opening < closing for opening, closing in zip(row.opens, row.closes, strict=True))
    assert row.closes[-1] > campaign.horizon_days, "a late mission still finds a next window"


def test_no_windows_means_any_day() -> None:
    assert windows_of(small_campaign(), "relay-1") == (NONE,)


def test_a_first_flight_leaves_only_when_the_next_can_follow_soon() -> None:
    windows = "windows: {spring: {first_open: 2026-03-01, period_days: 365.25, open_days: 100}}\n"
    place = "destinations: {site: {windows: [spring]}}\n"
    pair = "missions: {lander-1: {flights: 2, longest_gap_days: 30}}\n"
    campaign = small_campaign(windows + place + pair)
    first, last = (campaign.windows[0][number] for number in windows_of(campaign, "lander-1"))
    turnaround = campaign.pads[row_of(campaign, "lander-1").pad].turnaround_days
    assert 0 < turnaround < 30
    assert first.opens == last.opens
    assert first.closes == pytest.approx([closing - turnaround for closing in last.closes])


def test_a_first_flight_is_free_in_the_gap_between_short_windows() -> None:
    windows = "windows: {monthly: {first_open: 2026-10-01, period_days: 30, open_days: 3}}\n"
    place = "destinations: {site: {windows: [monthly]}}\n"
    pair = "missions: {lander-1: {flights: 2, longest_gap_days: 31}}\n"
    pair += "pads: {north: {turnaround_days: 10}}\n"
    campaign = small_campaign(windows + place + pair)
    first, last = (campaign.windows[0][number] for number in windows_of(campaign, "lander-1"))
    assert first.opens == last.opens[: len(first.opens)], "the very last windows have none after them"
    assert first.closes[:100] == last.closes[:100]


def vehicle(production: Any, stock: int = 0) -> Vehicle:
    rest = {
        "name": "V",
        "pads": ["p"],
        "prior": {"a": 1, "b": 1},
        "fix_effectiveness": 0.0,
        "learning": 0.0,
        "stand_down_days": 0.0,
    }
    return Vehicle.model_validate({**rest, "production_per_year": production, "stock": stock})


@pytest.mark.parametrize(
    ("production", "stock", "days"),
    [
        (0, 2, [0, 0]),
        (1, 0, [365, 730, 1096]),  # at the end of 2026, 2027 and, a leap year, 2028
        (2, 1, [0, 182.5, 365, 547.5, 730, 913, 1096]),
        (0.5, 0, [730]),
        ({"2028": 2}, 0, [913, 1096]),
        ({"2026": 1, "2028": 0}, 0, [365, 730]),
        ({"2030": 9}, 0, []),
    ],
)
def test_units_leave_the_factory_evenly_through_the_year(
    production: Any, stock: int, days: list[float]
) -> None:
    built = built_days(vehicle(production, stock), date(2026, 1, 1), date(2028, 12, 31))
    assert built == pytest.approx(days)


def test_production_begins_with_the_data_date() -> None:
    built = built_days(vehicle(1), date(2026, 9, 13), date(2029, 1, 1))
    assert date_of(built[0], date(2026, 9, 13)) == date(2027, 9, 13)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.floats(0, 12), st.integers(0, 3))
@QUICK
def test_production_adds_up(data_date: date, rate: float, stock: int) -> None:
    built = built_days(vehicle(rate, stock), data_date, date(2035, 1, 1))
    assert list(built) == sorted(built)
    years = (date(2036, 1, 1) - data_date).days / 365.25
    assert len(built) == pytest.approx(stock + rate * years, abs=1.1)


@given(
    st.sets(st.integers(1, 12)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.floats(0, 3000, exclude_max=True),
)
@QUICK
def test_storms_come_in_their_months(months: set[int], data_date: date, day: float) -> None:
    days = storm_days(months, data_date, data_date + timedelta(days=3000))
    assert (bisect_right(days, day) % 2 == 1) == (date_of(day, data_date).month in months)
