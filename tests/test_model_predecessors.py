"""Missions that wait for others, against timetables worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.terms import Status
from tests.campaigns import day, future_of, mission, rebuild


def test_a_successor_waits_until_its_predecessor_is_accomplished() -> None:
    future = future_of(
        {
            "a": mission(100, commissioning_days=30),
            "b": mission(50, after=["a"]),
            "c": mission(200, after=["a"]),
        }
    )
    assert future.launches() == {"a": 100, "b": 140, "c": 200}
    assert future.spans("b")[1] == ("predecessor", 50, 140)


def test_all_predecessors_are_waited_for() -> None:
    future = future_of({"a": mission(100), "b": mission(150), "c": mission(10, after=["a", "b"])})
    assert future.launch("c") == 160


def test_any_one_of_several_predecessors_will_do() -> None:
    missions = {"a": mission(100), "b": mission(50), "c": mission(10, after=[{"any": ["a", "b"]}])}
    assert future_of(missions).launch("c") == 60
    assert future_of(missions, force={"b": {"launch": "failure"}}).launch("c") == 110
    lost = future_of(missions, force={"a": {"launch": "failure"}, "b": {"launch": "failure"}})
    assert (lost.status("c"), lost.end("c")) == (Status.CANCELLED, 100)


def test_a_lost_predecessor_cancels_all_that_follow_at_once() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(500, after=["a"]), "c": mission(10, after=["b"])},
        force={"a": {"launch": "failure"}},
    )
    assert (future.status("b"), future.end("b")) == (Status.CANCELLED, 100)
    assert (future.status("c"), future.end("c")) == (Status.CANCELLED, 100)
    assert future.spans("b") == [("development", 0, 100)]
    assert future.spans("c") == [("development", 0, 10), ("predecessor", 10, 100)]


def test_a_predecessor_that_is_rebuilt_is_waited_for() -> None:
    future = future_of(
        {"a": mission(100, on_loss=rebuild(200)), "b": mission(10, after=["a"])},
        force={"a": {"launch": ["failure", "success"]}},
    )
    assert future.launch("b") == 310


@pytest.mark.parametrize(
    ("force", "departed"), [({}, 100), ({"launch": "failure"}, 100), ({"cancelled": True}, 100)]
)
def test_a_departure_is_followed_whatever_comes_of_it(force: dict[str, Any], departed: float) -> None:
    future = future_of(
        {"a": mission(100), "b": mission(10, after=[{"mission": "a", "need": "departure"}])},
        force={"a": force},
    )
    assert future.launch("b") == departed
    assert future.status("b") is Status.SUCCESS


def test_the_departure_of_a_mission_of_two_launches_is_its_last() -> None:
    link = {"mission": "a", "need": "departure"}
    future = future_of(
        {"a": mission(100, flights=2), "b": mission(10, after=[link], pad="other")},
        vehicles={"rocket": {"pads": ["pad", "other"]}},
        pads={
            "pad": {"count": 1, "turnaround_days": 20},
            "other": {"name": "Other", "turnaround_days": 0},
        },
    )
    assert future.launch("b") == 120


def test_a_short_lag_counts_too() -> None:
    link = {"mission": "a", "lag_days": 0.5}
    assert future_of({"a": mission(100), "b": mission(1, after=[link])}).launch("b") == 110.5


@pytest.mark.parametrize(("need", "launched"), [("success", 110 + 45), ("departure", 100 + 45)])
def test_a_lag_follows_a_predecessor(need: str, launched: float) -> None:
    link = {"mission": "a", "need": need, "lag_days": 45}
    future = future_of(
        {"a": mission(100), "b": mission(120, after=[link]), "c": mission(300, after=[link])}
    )
    assert future.launches() == {"a": 100, "b": launched, "c": 300}
    assert future.spans("b")[1] == ("predecessor", 120, launched)


@pytest.mark.parametrize(
    ("until", "force", "launched"),
    [(1000, {}, 110), (60, {}, 60), (20, {}, 30), (1000, {"launch": "failure"}, 100), (-50, {}, 30)],
)
def test_a_preferred_predecessor_is_waited_for_until_a_day_and_not_if_it_fails(
    until: int, force: dict[str, Any], launched: float
) -> None:
    link = {"mission": "a", "preferred_until": day(until)}
    future = future_of({"a": mission(100), "b": mission(30, after=[link])}, force={"a": force})
    assert future.launch("b") == launched


def test_a_preferred_predecessor_that_fails_leaves_no_lag() -> None:
    link = {"mission": "a", "preferred_until": day(1000), "lag_days": 40}
    missions = {"a": mission(100), "b": mission(30, after=[link])}
    assert future_of(missions, force={"a": {"launch": "failure"}}).launch("b") == 100
    assert future_of(missions).launch("b") == 150


def test_predecessors_are_waited_for_beside_development() -> None:
    future = future_of({"a": mission(100), "b": mission(110, after=["a"])})
    assert future.spans("b") == [("development", 0, 110), ("transit", 110, 120)]
