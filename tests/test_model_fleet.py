"""What missions share: pads, vehicles and launch budgets, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim.scenario.compile.fleet import built_days
from sim.scenario.schema import Vehicle
from sim.terms import Status
from tests.campaigns import ANOTHER, OTHER_PAD, SURE, TRANSIT, day, flown, future_of, mission, one_pad

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
        {"name": "R", "pads": ["pad"], "production_per_year": production, "stock": stock, **SURE}
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
