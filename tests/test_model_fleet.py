"""What missions share: pads, vehicles, stand-downs, windows, scrubs and launch budgets, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.model.fleet import Grounding
from sim.model.mission import next_opening
from sim.model.spans import Cause
from sim.scenario.campaign import Status, WindowRow
from sim.scenario.compile.fleet import built_days, storm_days
from sim.scenario.compile.windows import overlap, recurrence
from sim.scenario.schema import Vehicle
from tests.campaigns import TRANSIT, campaign_of, day, flown, future_of, futures, mission, uniforms

RELIABLE = {
    "prior": {"a": 1.0, "b": 1.0},
    "fix_effectiveness": 0.0,
    "learning": 0.0,
    "stand_down_days": 0.0,
}
ANOTHER = {"name": "Another", "pads": ["pad"], "production_per_year": 0, "stock": 9, **RELIABLE}
OTHER_PAD = {"name": "Other pad", "turnaround_days": 0, "count": 9}


def one_pad(turnaround: float, **more: Any) -> dict[str, Any]:
    return {"pad": {"count": 1, "turnaround_days": turnaround, **more}}


# Pads

FIVE = {
    "early": mission(90),
    "second": mission(100),
    "urgent": mission(100, priority=10),
    "zeta": mission(105),
    "eta": mission(105),
}


def test_one_pad_serves_by_priority_then_planned_date_then_name() -> None:
    future = future_of(FIVE, pads=one_pad(30))
    assert future.launches() == {"early": 90, "urgent": 120, "second": 150, "eta": 180, "zeta": 210}
    assert future.spans("eta")[:2] == [("development", 0, 105), ("pad", 105, 180)]


def test_two_pads_serve_two_launches_within_a_turnaround() -> None:
    future = future_of(FIVE, pads={"pad": {"count": 2, "turnaround_days": 30}})
    assert future.launches() == {"early": 90, "urgent": 100, "second": 120, "eta": 130, "zeta": 150}


def test_two_pads_take_two_different_vehicles_on_the_same_day() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(100, vehicle="another"), "c": mission(100)},
        vehicles={"another": ANOTHER},
        pads={"pad": {"count": 2, "turnaround_days": 30}},
    )
    assert future.launches() == {"a": 100, "b": 100, "c": 130}


def test_vehicles_share_a_pad() -> None:
    missions = {"a": mission(100), "b": mission(101, vehicle="another")}
    future = future_of(missions, vehicles={"another": ANOTHER}, pads=one_pad(20))
    assert future.launches() == {"a": 100, "b": 120}


def test_a_mission_flies_from_its_own_pad_or_the_first_of_its_vehicle() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(101, pad="other"), "c": mission(102)},
        vehicles={"rocket": {"pads": ["pad", "other"]}},
        pads={**one_pad(20), "other": OTHER_PAD},
    )
    assert future.launches() == {"a": 100, "b": 101, "c": 120}


def test_a_pad_that_comes_free_goes_to_the_best_of_all_who_are_ready_at_that_moment() -> None:
    """On day 100 the pad is free again and the urgent mission gets its hardware and its vehicle."""
    future = future_of(
        {"first": mission(70), "waiting": mission(80), "urgent": mission(100, priority=1)},
        pads=one_pad(30),
    )
    assert future.launches() == {"first": 70, "urgent": 100, "waiting": 130}


def test_that_holds_however_many_missions_there_are() -> None:
    """The order of rank must not depend on how far down the list a mission stands."""
    many = {f"m{n:02}": mission(1, priority=0, pad="other") for n in range(55)}
    future = future_of(
        {**many, "first": mission(70), "waiting": mission(80), "urgent": mission(100, priority=1)},
        vehicles={"rocket": {"pads": ["pad", "other"], "stock": 99}},
        pads={**one_pad(30), "other": {**OTHER_PAD, "count": 60}},
    )
    assert future.launch("urgent") == 100
    assert future.launch("waiting") == 130


def test_a_mission_on_the_pad_keeps_others_waiting_through_its_scrubs() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(101)},
        pads=one_pad(20, scrub_probability=0.5, scrub_days=4),
        luck={"mission/a/flight-1/scrub": 0.2, "mission/b/flight-1/scrub": 0.9},
    )
    assert future.launches() == {"a": 108, "b": 128}
    assert future.spans("a")[1:3] == [("scrub", 100, 104), ("scrub", 104, 108)]
    assert future.spans("b")[1] == ("pad", 101, 128)


# Production


def test_vehicles_leave_the_factory_one_after_the_other() -> None:
    missions = {name: mission(10, priority=n) for n, name in enumerate("dcba")}
    future = future_of(missions, vehicles={"rocket": {"stock": 1, "production_per_year": 2}})
    assert future.launches() == {"d": 10, "c": 182.5, "b": 365, "a": 547.5}
    assert future.spans("b")[1] == ("vehicle", 10, 365)


def test_nobody_flies_without_a_vehicle() -> None:
    future = future_of({"a": mission(10), "b": mission(20)}, vehicles={"rocket": {"stock": 1}})
    assert future.launch("a") == 10
    assert future.status("b") is Status.WAITING
    assert future.spans("b") == [("development", 0, 20), ("vehicle", 20, 3652)]


def test_the_vehicle_of_a_mission_that_is_cancelled_is_used_by_the_next() -> None:
    future = future_of(
        {"gone": mission(10, gate="never", programme="leaver"), "b": mission(40), "c": mission(50)},
        vehicles={"rocket": {"stock": 1, "production_per_year": 1}},
        programmes={"leaver": {"name": "L", "slip": "kept", "slip_correlation": 0, "withdrawal": day(90)}},
        gates={"never": {"crew": 1}},
    )
    assert future.launches() | {"gone": None} == {"gone": None, "b": 90, "c": 365}


def test_vehicles_in_store_go_to_all_who_ask_at_the_same_moment() -> None:
    """One vehicle comes back on day 390 while two are in store, and on day 400 two missions ask at once."""
    leaver = {"name": "L", "slip": "kept", "slip_correlation": 0, "withdrawal": day(390)}
    future = future_of(
        {
            "gone": mission(10, gate="never", programme="leaver"),
            "too": mission(20, gate="never", programme="leaver"),
            "b": mission(400),
            "c": mission(400),
        },
        vehicles={"rocket": {"stock": 0, "production_per_year": 2}},
        programmes={"leaver": leaver},
        gates={"never": {"crew": 1}},
    )
    assert future.launch("b") == 400
    assert future.launch("c") == 400


def rocket(production: Any, stock: int = 0) -> Vehicle:
    return Vehicle.model_validate(
        {"name": "R", "pads": ["pad"], "production_per_year": production, "stock": stock, **RELIABLE}
    )


@pytest.mark.parametrize(
    ("production", "stock", "start", "expected"),
    [
        (0, 2, date(2030, 1, 1), (0, 0)),
        (1, 0, date(2030, 1, 1), (365, 730, 1096)),
        (2, 1, date(2031, 1, 1), (0, 182.5, 365, 548, 731)),
        (0.5, 0, date(2030, 1, 1), (730,)),
        ({"2031": 1}, 0, date(2030, 1, 1), (730, 1096)),
        ({"2030": 1, "2032": 2}, 0, date(2030, 1, 1), (365, 730, 913, 1096)),
        (1, 0, date(2030, 7, 2), (365, 731)),
    ],
)
def test_production_runs_evenly_through_each_year(
    production: Any, stock: int, start: date, expected: tuple[float, ...]
) -> None:
    """2032 has 366 days, and half a year of production is half a vehicle."""
    days = built_days(rocket(production, stock), start, date(2032, 12, 31))
    assert days == pytest.approx(expected, abs=0.6 if start.month == 7 else 1e-9)


# Stand-downs


def test_a_launch_failure_grounds_the_vehicle_and_nobody_else() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(120), "c": mission(130, vehicle="another"), "d": mission(200)},
        vehicles={"rocket": {"stand_down_days": 60}, "another": ANOTHER},
        force={"a": {"launch": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 160, "c": 130, "d": 200}
    assert future.spans("b")[1] == ("stand-down", 120, 160)


def test_a_landing_failure_grounds_the_family_and_nobody_else() -> None:
    future = future_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(105, family="lander"),
            "c": mission(120, family="lander"),
            "d": mission(130),
        },
        families={"lander": {"stand_down_days": 60}},
        force={"a": {"landing": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 105, "c": 170, "d": 130}


def test_a_return_to_flight_frees_at_its_own_moment() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(160)},
        vehicles={"rocket": {"stand_down_days": 60}},
        force={"a": {"launch": "failure"}},
    )
    assert future.spans("b") == [("development", 0, 160), ("transit", 160, 170)]


def test_the_later_return_of_vehicle_and_family_counts() -> None:
    def c_after(vehicle_days: float, family_days: float) -> float:
        future = future_of(
            {
                "a": mission(100, family="lander"),
                "b": mission(109, vehicle="another"),
                "c": mission(115, vehicle="another", family="lander"),
            },
            vehicles={"another": {**ANOTHER, "stand_down_days": vehicle_days}},
            families={"lander": {"stand_down_days": family_days}},
            force={"a": {"landing": "failure"}, "b": {"launch": "failure"}},
        )
        return future.launch("c")

    assert c_after(50, 20) == 159
    assert c_after(20, 50) == 160


def test_of_two_stand_downs_of_one_family_the_later_return_counts() -> None:
    length = {"uniform": {"low": 5, "high": 100}}
    campaign = campaign_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(109, family="lander"),
            "c": mission(120, family="lander"),
        },
        families={"lander": {"stand_down_days": length}},
        force={"a": {"landing": "failure"}, "b": {"landing": "failure"}},
    )
    stream = "family/lander/stand-down"
    first, second = (5 + 95 * uniforms(stream, 40, n) for n in (0, 1))
    for n, future in enumerate(futures(campaign, 40)):
        expected = max(110 + first[n], 119 + second[n])
        assert future.launch("c") == pytest.approx(expected, rel=1e-12)


def test_grounding_keeps_the_later_return_and_who_caused_it() -> None:
    grounding = Grounding("Rocket")
    grounding.begin(mission=3, day=100, days=50)
    grounding.begin(mission=4, day=110, days=20)
    assert (grounding.until, grounding.by, grounding.since, grounding.failures) == (150, 3, 100, 2)
    grounding.begin(mission=5, day=120, days=40)
    assert (grounding.until, grounding.by, grounding.since, grounding.failures) == (160, 5, 120, 3)


def test_a_stand_down_holds_a_mission_on_the_pad_which_it_gives_up() -> None:
    """Day 120: b is scrubbed until 140 while a is lost; at 140 c takes the pad; b follows it."""
    future = future_of(
        {
            "a": mission(110, family="lander", pad="other"),
            "b": mission(115, family="lander"),
            "c": mission(130, vehicle="another"),
        },
        vehicles={"rocket": {"pads": ["pad", "other"]}, "another": ANOTHER},
        families={"lander": {"stand_down_days": 50}},
        pads={**one_pad(40, scrub_probability=0.5, scrub_days=25), "other": OTHER_PAD},
        force={"a": {"landing": "failure"}},
        luck={"mission/b/flight-1/scrub": 0.3, "mission/c/flight-1/scrub": 0.9},
    )
    assert future.launches() == {"a": 110, "b": 180, "c": 140}
    assert future.spans("b")[1:4] == [("scrub", 115, 140), ("stand-down", 140, 170), ("pad", 170, 180)]


def test_missions_that_wait_for_a_pad_wait_on_in_a_stand_down() -> None:
    """The pad is free at 140, but b's rocket is grounded until 160; the other vehicle goes first."""
    future = future_of(
        {"a": mission(100), "b": mission(105), "c": mission(150, vehicle="another")},
        vehicles={"rocket": {"stand_down_days": 60}, "another": ANOTHER},
        pads=one_pad(40),
        force={"a": {"launch": "failure"}},
    )
    assert future.launches() == {"a": 100, "b": 190, "c": 150}


def test_a_second_failure_in_a_stand_down_makes_those_who_wait_wait_on() -> None:
    future = future_of(
        {
            "a": mission(100, family="lander"),
            "b": mission(105, family="lander", transit_days=40),
            "c": mission(115, family="lander"),
        },
        families={"lander": {"stand_down_days": 50}},
        force={"a": {"landing": "failure"}, "b": {"landing": "failure"}},
    )
    assert future.launch("c") == 195
    assert future.days_of("c", Cause.STAND_DOWN) == 80


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


# Launch budgets


def limited(launches: int, **more: Any) -> dict[str, Any]:
    return {"agency": {"launches_per_year": launches, **more}}


def test_a_budget_limits_the_launches_of_a_calendar_year_by_priority() -> None:
    """One a year: the first of 2031, 2032 and 2033 are the days 365, 730 and 1096."""
    future = future_of(
        {
            "a": mission(100),
            "b": mission(110),
            "c": mission(120, priority=9),
            "d": mission(130, priority=8),
        },
        programmes=limited(1),
    )
    assert future.launches() == {"a": 100, "d": 365, "c": 730, "b": 1096}
    assert future.spans("c")[1:3] == [("budget", 120, 365), ("budget", 365, 730)]


def test_a_budget_of_two_and_other_programmes() -> None:
    free = {"name": "Free", "slip": "kept", "slip_correlation": 0.0}
    missions = {n: mission(100 + 10 * i) for i, n in enumerate("abc")}
    future = future_of(
        {**missions, "z": mission(125, programme="free")}, programmes={**limited(2), "free": free}
    )
    assert future.launches() == {"a": 100, "b": 110, "c": 365, "z": 125}


def test_every_launch_of_a_mission_counts() -> None:
    future = future_of({"a": mission(100, flights=2), "b": mission(110)}, programmes=limited(2))
    assert future.launch("b") == 365
    future = future_of({"a": mission(100, flights=2)}, programmes=limited(1))
    assert [when for _, when in future.lift_offs()] == [100, 365]


def test_failed_launches_count() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(110)}, programmes=limited(1), force={"a": {"launch": "failure"}}
    )
    assert future.launch("b") == 365


def test_launches_of_the_year_before_the_data_date_count() -> None:
    """Data date 1 July 2030 (day 181): what flew in June spent the budget, what flew in 2029 did not."""
    july = {"data_date": day(181), "programmes": limited(1)}
    assert future_of({"o": flown(160), "a": mission(200)}, **july).launch("a") == 365 - 181
    assert future_of({"o": flown(-20), "a": mission(200)}, **july).launch("a") == 200 - 181


def test_who_waits_for_a_budget_does_not_block_the_pad() -> None:
    free = {"name": "Free", "slip": "kept", "slip_correlation": 0.0}
    future = future_of(
        {"a": mission(100), "b": mission(110), "c": mission(300, programme="free")},
        programmes={**limited(1), "free": free},
        pads=one_pad(20),
    )
    assert future.launches() == {"a": 100, "b": 365, "c": 300}
    assert future.end("c") == 300 + TRANSIT
