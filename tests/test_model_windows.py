"""Launch windows, scrubs and storms, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.model.mission import next_opening
from sim.scenario.campaign import WindowRow
from sim.scenario.compile.fleet import storm_days
from sim.scenario.compile.windows import overlap, recurrence
from sim.terms import Cause
from tests.campaigns import day, future_of, mission, one_pad

# Windows and scrubs

WINDOWS = {"open": {"first_open": day(100), "period_days": 50, "open_days": 10}}
MOON = {"moon": {"windows": ["open"]}}


def to_moon(planned: int, **more: Any) -> dict[str, Any]:
    return mission(planned, destination="moon", **more)


@pytest.mark.parametrize(
    ("ready", "launched"), [(99, 100), (100, 100), (109, 109), (110, 150), (112, 150), (150, 150), (0, 0)]
)
def test_launches_take_place_in_windows(ready: int, launched: float) -> None:
    """Windows are open from days 0, 50, 100, 150 on for ten days each; their end is out."""
    future = future_of({"a": to_moon(ready)}, windows=WINDOWS, destinations=MOON)
    assert future.launch("a") == launched
    assert future.days_of("a", Cause.WINDOW) == launched - ready


def test_all_windows_of_a_destination_must_be_open() -> None:
    """Overlaps of [100, 110), [150, 160), [200, 210) and of [105, 135), [175, 205): 105 and 200."""
    windows = {**WINDOWS, "light": {"first_open": day(105), "period_days": 70, "open_days": 30}}
    moon = {"moon": {"windows": ["open", "light"]}}
    missions = {"a": to_moon(101), "b": to_moon(112)}
    future = future_of(missions, windows=windows, destinations=moon)
    assert future.launches() == {"a": 105, "b": 200}


def test_windows_go_on_for_ever_in_both_directions() -> None:
    assert recurrence(5.0, 10.0, 2.0, 21.0) == [(5.0, 7.0), (15.0, 17.0)]
    assert recurrence(35.0, 10.0, 6.0, 21.0) == [(-5.0, 1.0), (5.0, 11.0), (15.0, 21.0)]
    assert recurrence(-102.0, 10.0, 2.0, 9.0) == [(8.0, 10.0)]
    assert list(overlap([(0.0, 4.0), (6.0, 9.0)], [(4.0, 6.0)])) == []


def test_after_the_last_window_there_is_none() -> None:
    window = WindowRow("w", (0.0, 10.0), (5.0, 15.0))
    assert next_opening(window, 4.9) == 4.9
    assert next_opening(window, 5.0) == 10.0
    assert next_opening(window, 15.0) == float("inf")


def scrubbed_out(keeps: bool) -> Any:
    """a misses its window by a scrub on day 113; b needs no window and waits for the same pad."""
    return future_of(
        {"a": to_moon(108), "b": mission(109), "c": mission(110)},
        windows=WINDOWS,
        destinations=MOON,
        pads=one_pad(20, scrub_probability=0.5, scrub_days=5, keeps_through_windows=keeps),
        luck={
            "mission/a/flight-1/scrub": 0.3,
            "mission/b/flight-1/scrub": 0.9,
            "mission/c/flight-1/scrub": 0.9,
        },
    )


def test_a_mission_that_misses_its_window_keeps_the_pad() -> None:
    future = scrubbed_out(keeps=True)
    assert future.launches() == {"a": 150, "b": 170, "c": 190}
    assert future.spans("a")[1:3] == [("scrub", 108, 113), ("window", 113, 150)]


def test_a_mission_that_misses_its_window_gives_the_pad_up() -> None:
    """b flies on day 113, c on 133; the pad is free on 153, in a's next window."""
    future = scrubbed_out(keeps=False)
    assert future.launches() == {"a": 153, "b": 113, "c": 133}
    assert future.spans("a")[1:4] == [("scrub", 108, 113), ("window", 113, 150), ("pad", 150, 153)]


def test_scrubs_that_are_behind_do_not_come_again_in_the_next_window() -> None:
    future = future_of(
        {"a": to_moon(108)},
        windows=WINDOWS,
        destinations=MOON,
        pads=one_pad(0, scrub_probability=0.5, scrub_days=1),
        luck={"mission/a/flight-1/scrub": 0.5**4 * 0.99},
    )
    assert future.launch("a") == 152
    assert future.days_of("a", Cause.SCRUB) == 4


def test_each_launch_of_a_mission_has_its_own_scrubs() -> None:
    future = future_of(
        {"a": mission(100, flights=2)},
        pads=one_pad(20, scrub_probability=0.5, scrub_days=3),
        luck={"mission/a/flight-1/scrub": 0.3, "mission/a/flight-2/scrub": 0.2},
    )
    assert future.lift_offs() == [("a", 103), ("a", 103 + 20 + 6)]


def test_a_mission_whose_window_closes_while_it_waits_for_the_pad_lets_others_go() -> None:
    future = future_of(
        {"x": mission(92), "a": to_moon(105), "b": mission(106)},
        windows=WINDOWS,
        destinations=MOON,
        pads=one_pad(20),
    )
    assert future.launches() == {"x": 92, "a": 150, "b": 112}
    assert future.spans("a")[1:3] == [("pad", 105, 112), ("window", 112, 150)]


# Storms

STORMY = {"scrub_probability": 0.0, "scrub_days": 2, "storm_months": [3], "storm_scrub_probability": 0.5}


@pytest.mark.parametrize(
    ("ready", "launched"), [(58, 58), (59, 63), (89, 93), (90, 90), (365 + 60, 365 + 64)]
)
def test_launches_are_scrubbed_more_often_in_the_storm_season(ready: int, launched: float) -> None:
    """March 2030 runs from day 59 to day 90."""
    luck = {"mission/a/flight-1/scrub": 0.2}
    assert future_of({"a": mission(ready)}, pads=one_pad(0, **STORMY), luck=luck).launch("a") == launched


def test_the_season_of_the_first_attempt_counts_not_that_of_a_pad_without_a_window() -> None:
    """The pad is free on 80, in the storms, but the window has closed; in the next one all is calm."""
    future = future_of(
        {"x": mission(20), "a": to_moon(30)},
        windows={"open": {"first_open": day(0), "period_days": 365, "open_days": 70}},
        destinations=MOON,
        pads=one_pad(60, **STORMY),
        luck={"mission/a/flight-1/scrub": 0.001},
    )
    assert future.launch("a") == 365


@pytest.mark.parametrize("months", [{12}, {1}, {12, 1}, {3, 4, 9}, set(range(1, 13)), {2, 12}, set()])
def test_storm_days_tell_the_season_of_every_day(months: set[int]) -> None:
    days = storm_days(months, date(2030, 1, 1), date(2032, 1, 1))
    for number in range(730):
        when = date.fromordinal(date(2030, 1, 1).toordinal() + number)
        begun = sum(edge <= number for edge in days)
        assert (begun % 2 == 1) == (when.month in months), when
