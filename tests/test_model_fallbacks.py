"""Missions that stand in for others, and programmes that leave, against timetables worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.terms import Status
from tests.campaigns import (
    HORIZON_DAYS,
    STANDBY,
    TRANSIT,
    day,
    future_of,
    milestones,
    mission,
    programme,
    rebuild,
)

# Fallbacks


def with_fallback(**more: Any) -> dict[str, Any]:
    return {
        "a": mission(100, fallback="b"),
        "b": mission(None, **STANDBY, **more),
        "c": mission(10, after=["a"]),
    }


def test_a_standby_mission_is_called_when_another_is_lost_and_takes_its_place() -> None:
    future = future_of(
        with_fallback(),
        force={"a": {"launch": "failure"}},
        milestones=milestones(done={"mission": "a"}, landed={"landed": "a"}),
    )
    assert future.launches() == {"a": 100, "b": 140, "c": 150}
    assert future.spans("b")[:2] == [("standby", 0, 100), ("development", 100, 140)]
    assert (future.milestone("landed"), future.milestone("done")) == (150, 150)


def test_a_standby_mission_that_nobody_calls_stands_by() -> None:
    future = future_of(with_fallback())
    assert future.status("b") is Status.STANDBY
    assert future.spans("b") == [("standby", 0, HORIZON_DAYS)]
    assert math.isnan(future.end("b"))
    assert future.launch("c") == 110


def test_a_fallback_is_called_after_the_last_attempt_only() -> None:
    missions = with_fallback()
    missions["a"]["on_loss"] = rebuild(60)
    saved = future_of(missions, force={"a": {"launch": ["failure", "success"]}})
    assert saved.status("b") is Status.STANDBY
    lost = future_of(missions, force={"a": {"launch": ["failure", "failure"]}})
    assert lost.launch("b") == 160 + 40


def test_who_follows_a_mission_is_cancelled_when_its_fallback_is_lost_too() -> None:
    future = future_of(with_fallback(), force={"a": {"launch": "failure"}, "b": {"launch": "failure"}})
    assert (future.status("c"), future.end("c")) == (Status.CANCELLED, 140)


def test_a_mission_can_fall_back_on_one_that_flies_anyway() -> None:
    missions = {
        "a": mission(100, fallback="b"),
        "b": mission(300),
        "c": mission(10, after=["a"]),
    }
    assert future_of(missions).launch("c") == 110
    future = future_of(missions, force={"a": {"launch": "failure"}})
    assert future.launches() == {"a": 100, "b": 300, "c": 310}


def test_a_mission_can_fall_back_on_one_that_has_flown() -> None:
    future = future_of(
        {"a": mission(100, fallback="b"), "b": mission(20), "c": mission(10, after=["a"])},
        force={"a": {"launch": "failure"}},
        milestones=milestones(done={"mission": "a"}, landed={"landed": "a"}),
    )
    assert future.launch("c") == 100
    assert (future.milestone("landed"), future.milestone("done")) == (100, 100)


def test_a_fallback_that_was_lost_before_does_not_help() -> None:
    future = future_of(
        {"a": mission(100, fallback="b"), "b": mission(20), "c": mission(10, after=["a"])},
        force={"a": {"launch": "failure"}, "b": {"launch": "failure"}},
    )
    assert (future.status("c"), future.end("c")) == (Status.CANCELLED, 100)


@pytest.mark.parametrize("order", [(100, 50), (50, 100)])
def test_a_fallback_s_fallback_takes_over_whichever_is_lost_first(order: tuple[int, int]) -> None:
    future = future_of(
        {
            "a": mission(order[0], fallback="b"),
            "b": mission(order[1], fallback="z"),
            "z": mission(None, **STANDBY),
            "c": mission(10, after=["a"]),
        },
        force={"a": {"launch": "failure"}, "b": {"launch": "failure"}},
    )
    assert future.status("c") is Status.SUCCESS
    assert future.launch("c") == max(100, future.launch("z") + TRANSIT)


def test_a_departure_does_not_wait_for_the_fallback() -> None:
    missions = with_fallback() | {"d": mission(10, after=[{"mission": "a", "need": "departure"}])}
    future = future_of(missions, force={"a": {"cancelled": True}})
    assert (future.launch("d"), future.launch("b")) == (100, 140)


def test_one_fallback_can_stand_for_two() -> None:
    future = future_of(
        {
            "a": mission(100, fallback="z"),
            "b": mission(110, fallback="z"),
            "z": mission(None, **STANDBY),
            "c": mission(10, after=["a", "b"]),
        },
        force={"a": {"launch": "failure"}, "b": {"launch": "failure"}},
    )
    assert len(future.log("called as fallback")) == 1
    assert future.launches() == {"a": 100, "b": 110, "z": 140, "c": 150}


def test_a_standby_mission_whose_predecessor_is_lost_cannot_help() -> None:
    missions = with_fallback(after=["x"]) | {"x": mission(60)}
    future = future_of(missions, force={"a": {"launch": "failure"}, "x": {"launch": "failure"}})
    assert (future.status("b"), future.end("b")) == (Status.CANCELLED, 100)
    assert future.status("c") is Status.CANCELLED


def test_a_planned_mission_can_have_a_lead_of_its_own() -> None:
    """Instead of the day that was announced."""
    assert future_of({"a": mission(100)}).launch("a") == 100
    assert future_of({"a": mission(100, lead_days=500)}).launch("a") == 500


# Withdrawal

LEAVER = {"agency": {"withdrawal": day(105)}, "other": programme()}


def test_a_programme_that_withdraws_takes_its_missions_with_it() -> None:
    future = future_of(
        {
            "flown": mission(90),
            "under-way": mission(100),
            "in-development": mission(400),
            "waiting": mission(50, gate="never"),
            "foreign": mission(400, programme="other"),
        },
        gates={"never": {"crew": 99}},
        programmes=LEAVER,
    )
    assert future.status("flown") is Status.SUCCESS
    assert (future.status("under-way"), future.end("under-way")) == (Status.SUCCESS, 110)
    for name in ("in-development", "waiting"):
        assert (future.status(name), future.end(name)) == (Status.CANCELLED, 105)
    assert future.spans("in-development") == [("development", 0, 105)]
    assert future.spans("waiting") == [("development", 0, 50), ("gate", 50, 105)]
    assert future.status("foreign") is Status.SUCCESS


def test_a_withdrawal_on_the_day_of_a_launch_comes_first() -> None:
    future = future_of({"a": mission(105)}, programmes=LEAVER)
    assert future.status("a") is Status.CANCELLED


def test_a_withdrawal_calls_the_fallbacks() -> None:
    missions = {
        "a": mission(400, fallback="b"),
        "b": mission(None, programme="other", **STANDBY),
        "c": mission(10, programme="other", after=["a"]),
    }
    future = future_of(missions, programmes=LEAVER)
    assert (future.launch("b"), future.launch("c")) == (145, 155)


def test_a_fallback_of_the_same_programme_is_not_launched_either() -> None:
    future = future_of({"a": mission(400, fallback="b"), "b": mission(None, **STANDBY)}, programmes=LEAVER)
    assert math.isnan(future.launch("b"))
    future = future_of(
        {"a": mission(400, programme="other", fallback="b"), "b": mission(None, **STANDBY)},
        programmes=LEAVER,
        force={"a": {"launch": "failure"}},
    )
    assert (future.status("b"), future.end("b")) == (Status.CANCELLED, 400)


def test_what_is_lost_after_a_withdrawal_is_not_built_again() -> None:
    future = future_of(
        {
            "a": mission(100, family="lander", on_loss=rebuild(50), fallback="b"),
            "b": mission(None, programme="other", **STANDBY),
        },
        programmes=LEAVER,
        force={"a": {"landing": ["failure", "success"]}},
    )
    assert future.lift_offs() == [("a", 100), ("b", 150)]
    assert (future.status("a"), future.end("a")) == (Status.LANDING_FAILURE, 110)


def test_a_withdrawal_ends_a_rebuild() -> None:
    future = future_of(
        {"a": mission(60, on_loss=rebuild(90))}, programmes=LEAVER, force={"a": {"launch": "failure"}}
    )
    assert (future.status("a"), future.end("a"), future.attempts("a")) == (Status.LAUNCH_FAILURE, 105, 1)
    assert future.spans("a") == [("development", 0, 60), ("rebuild", 60, 105)]


def test_a_withdrawal_ends_the_rebuild_of_a_lander_too() -> None:
    future = future_of(
        {"a": mission(60, family="lander", on_loss=rebuild(90))},
        programmes=LEAVER,
        force={"a": {"landing": "failure"}},
    )
    assert (future.status("a"), future.end("a")) == (Status.LANDING_FAILURE, 105)
    assert future.spans("a")[2:] == [("rebuild", 70, 105)]


def test_a_withdrawal_cuts_a_slip() -> None:
    late = {"on_time_probability": 0.0, "median_growth": 3.0}
    future = future_of({"a": mission(100)}, programmes=LEAVER, slip_classes={"kept": late})
    assert future.spans("a") == [("development", 0, 100), ("slip", 100, 105)]


def test_a_withdrawal_between_two_launches_of_a_mission_stops_it() -> None:
    pads = {"pad": {"count": 1, "turnaround_days": 20}}
    future = future_of({"a": mission(100, flights=2)}, programmes=LEAVER, pads=pads)
    assert future.lift_offs() == [("a", 100)]
    assert (future.status("a"), future.end("a")) == (Status.CANCELLED, 105)


def test_a_programme_that_left_long_ago_launches_nothing() -> None:
    programmes = {"agency": {"withdrawal": day(-30)}}
    future = future_of({"a": mission(0), "b": mission(50)}, programmes=programmes)
    assert (future.status("a"), future.end("a")) == (Status.CANCELLED, 0)
    assert (future.status("b"), future.end("b")) == (Status.CANCELLED, 0)
