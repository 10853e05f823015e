"""Gates: conditions that a mission waits for."""

from __future__ import annotations

from sim.terms import Cause, Status
from tests.campaigns import day, future_of, mission
from tests.parts import ELEMENTS, bring, role


def test_a_gate_is_waited_for() -> None:
    future = future_of(
        {"r": bring(200, "relay"), "a": mission(100, gate="relay")},
        elements=ELEMENTS,
        gates={"relay": role("relay")},
    )
    assert future.launch("a") == 210
    assert future.spans("a")[1] == ("gate", 100, 210)


def test_a_gate_that_holds_is_no_obstacle() -> None:
    future = future_of(
        {"r": bring(50, "relay"), "a": mission(100, gate="relay")},
        elements=ELEMENTS,
        gates={"relay": role("relay")},
    )
    assert future.spans("a")[1][0] == "transit"


def test_a_gate_that_closed_before_the_launch_is_waited_for_again() -> None:
    """Up from 110 to 310; the pad is free at 320, when the gate is shut; from 510 on it is open again."""
    future = future_of(
        {
            "r1": bring(100, "short", pad="other"),
            "r2": bring(500, "relay", pad="other"),
            "x": mission(290),
            "a": mission(300, gate="relay"),
            "b": mission(315),
        },
        elements=ELEMENTS,
        gates={"relay": role("relay")},
        vehicles={"rocket": {"pads": ["pad", "other"]}},
        pads={
            "pad": {"count": 1, "turnaround_days": 30},
            "other": {"name": "Other", "turnaround_days": 0, "count": 9},
        },
    )
    assert future.launches() == {"r1": 100, "r2": 500, "x": 290, "a": 510, "b": 320}
    assert future.spans("a")[1:3] == [("pad", 300, 320), ("gate", 320, 510)]


def test_a_gate_must_have_held_for_some_days() -> None:
    future = future_of(
        {"r": bring(100, "relay"), "a": mission(150, gate="proven"), "b": mission(600, gate="proven")},
        elements=ELEMENTS,
        gates={"proven": {**role("relay"), "for_days": 365}},
    )
    assert future.launch("a") == 475
    assert future.launch("b") == 600


def test_a_gate_is_asked_for_when_the_mission_commits_not_before() -> None:
    """Open from 110 to 310, but the hardware is due only at 320."""
    future = future_of(
        {"r": bring(100, "short"), "a": mission(320, gate="relay")},
        elements=ELEMENTS,
        gates={"relay": role("relay")},
    )
    assert future.status("a") is Status.WAITING
    assert future.log("waits at the horizon") == [(3652.0, "waits at the horizon", "a")]


def test_what_a_gate_lacks_is_told() -> None:
    future = future_of(
        {"r": bring(100, "relay"), "a": mission(320, gate="both")},
        elements=ELEMENTS,
        gates={"both": {"all": [role("relay"), role("habitat"), {"firm_power_kw": 8}]}},
    )
    told = [item.detail for item in future.outcome.log or [] if item.what == "waits at the horizon"]
    assert told == [
        "gate both lacks number of habitat elements of at least 1, firm power [kW] of at least 8"
    ]


def test_stand_down_gate_and_window_must_all_agree() -> None:
    """Gate open from 110 to 310 and from 410 on; windows [300, 320) and [400, 420)."""
    future = future_of(
        {
            "r1": bring(100, "short"),
            "r2": bring(400, "relay"),
            "a": mission(250, destination="moon", gate="g"),
        },
        elements=ELEMENTS,
        gates={"g": {"all": [role("relay"), {"date": day(305)}]}},
        windows={"w": {"first_open": day(300), "period_days": 100, "open_days": 20}},
        destinations={"moon": {"windows": ["w"]}},
    )
    assert future.launch("a") == 305
    assert future.days_of("a", Cause.GATE) == 55
    later = future_of(
        {
            "r1": bring(100, "short"),
            "r2": bring(400, "relay"),
            "a": mission(325, destination="moon", gate="g"),
        },
        elements=ELEMENTS,
        gates={"g": role("relay")},
        windows={"w": {"first_open": day(300), "period_days": 100, "open_days": 20}},
        destinations={"moon": {"windows": ["w"]}},
    )
    assert later.launch("a") == 410
