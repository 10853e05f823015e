"""What a span says: what was waited for, and who stood in the way."""

from __future__ import annotations

from typing import Any

from sim.model.spans import Span
from sim.scenario.campaign import NONE
from sim.terms import Cause
from tests.campaigns import Future, day, future_of, merged, mission
from tests.parts import ELEMENTS, brings_relay, role

# What a span says

SURE = {"prior": {"a": 1, "b": 1}, "fix_effectiveness": 0, "learning": 0}
SECOND: dict[str, Any] = {
    "vehicles": {
        "rocket": {"stand_down_days": 60},
        "heavy": {**SURE, "name": "H", "pads": ["pad", "other"], "stand_down_days": 50, "stock": 9}
        | {"production_per_year": 0},
    },
    "families": {"twin": {**SURE, "name": "T", "programme": "agency", "stand_down_days": 70}},
    "programmes": {"rich": {"name": "R", "slip": "kept", "slip_correlation": 0.0}},
    "pads": {"other": {"name": "Other", "turnaround_days": 20}},
    "windows": {
        "always": {"first_open": day(0), "period_days": 10, "open_days": 10},
        "w": {"first_open": day(400), "period_days": 1000, "open_days": 100},
    },
    "destinations": {"orbit": {"windows": ["always"]}, "moon": {"windows": ["w"]}},
}


def second_span(name: str, missions: dict[str, Any], **more: Any) -> tuple[Future, Span]:
    future = future_of(missions, **merged(SECOND, more))
    assert future.outcome.spans is not None
    return future, future.outcome.spans[future.number(name)][1]


def heavy(planned: int, **more: Any) -> dict[str, Any]:
    return mission(planned, **{"vehicle": "heavy", "pad": "other"} | more)


def test_a_wait_for_a_vehicle_names_it() -> None:
    vehicles = {"heavy": {"stock": 0, "production_per_year": 5}}
    _, span = second_span("b", {"a": mission(10), "b": heavy(20)}, vehicles=vehicles)
    assert span == Span(0, Cause.VEHICLE, 20, 73, NONE, 0.0, what=1)


def test_a_wait_for_a_pad_names_it_and_the_launch_before() -> None:
    future, span = second_span("b", {"z": mission(5), "a": heavy(10), "b": heavy(20)})
    assert span == Span(0, Cause.PAD, 20, 30, future.number("a"), since=10, what=1)


def test_a_stand_down_names_the_vehicle_or_the_family_and_the_loss() -> None:
    missions = {"z": mission(5), "a": heavy(100, family="twin"), "b": heavy(120, family="twin")}
    future, span = second_span("b", missions, force={"a": {"launch": "failure"}})
    assert span == Span(0, Cause.STAND_DOWN, 120, 150, future.number("a"), since=100, what=1)
    future, span = second_span("b", missions, force={"a": {"landing": "failure"}})
    assert span == Span(0, Cause.STAND_DOWN, 120, 180, future.number("a"), since=110, what=2 + 1)


def test_a_wait_for_money_names_the_programme() -> None:
    missions = {"z": mission(5), "a": heavy(10, programme="rich"), "b": heavy(50, programme="rich")}
    _, span = second_span("b", missions, programmes={"rich": {"launches_per_year": 1}})
    assert span == Span(0, Cause.BUDGET, 50, 365, NONE, 0.0, what=1)


def test_a_wait_for_a_window_names_it() -> None:
    future, span = second_span("b", {"a": mission(10), "b": heavy(50, destination="moon")})
    assert span == Span(0, Cause.WINDOW, 50, 400, NONE, 0.0, what=1)
    assert future.campaign.windows[0][1].name == "w"


def test_a_wait_for_a_window_on_the_pad_names_it_too() -> None:
    pads = {"other": {"keeps_through_windows": True, "scrub_probability": 0.5, "scrub_days": 100}}
    missions = {"a": mission(10), "b": heavy(450, destination="moon")}
    future = future_of(missions, **merged(SECOND, {"pads": pads}), luck={"mission/b/flight-1/scrub": 0.3})
    assert future.outcome.spans is not None
    assert future.outcome.spans[1][2] == Span(0, Cause.WINDOW, 550, 1400, NONE, 0.0, what=1)


def test_a_wait_for_a_gate_names_it_and_who_opened_it() -> None:
    future, span = second_span(
        "b",
        {"r": brings_relay(200), "b": heavy(50, gate="g")},
        elements=ELEMENTS,
        gates={"f": {"date": day(5)}, "g": role("relay")},
        milestones={"first": {"title": "F", "when": {"gate": "f"}}},
    )
    gate = future.campaign.missions[1].gate
    assert future.campaign.node_names[gate] == "g"
    assert span == Span(0, Cause.GATE, 50, 210, future.number("r"), since=210, what=gate)
