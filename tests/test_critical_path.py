"""Why a milestone was reached no earlier: the critical path, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.model.spans import PathPiece, Span, critical_path
from sim.scenario.campaign import NONE
from sim.terms import Cause
from tests.campaigns import Future, day, flown, future_of, merged, mission
from tests.parts import ELEMENTS, brings_relay, role


def done(name: str) -> dict[str, Any]:
    """A milestone `it`: a mission is accomplished."""
    return {"it": {"title": "It", "when": {"mission": name}}}


def path(
    missions: dict[str, Any], when: dict[str, Any], **tables: Any
) -> list[tuple[str, str, float, float]]:
    milestones = {"it": {"title": "It", "when": when}}
    future = future_of(missions, milestones=milestones, elements=ELEMENTS, **tables)
    return checked(future)


def checked(future: Future) -> list[tuple[str, str, float, float]]:
    pieces = future.path("it")
    assert sum(end - start for *_, start, end in pieces) == pytest.approx(future.milestone("it"))
    return pieces


# Along one mission


def test_a_mission_alone() -> None:
    found = path(
        {"a": mission(100)},
        {"mission": "a"},
        slip_classes={"kept": {"on_time_probability": 0.0, "median_growth": 1.25}},
        delays={"a": {"days": 7}},
        programmes={"agency": {"shocks": {"s": {"title": "S", "on": day(50), "months": 2}}}},
    )
    causes = [cause for _, cause, _, _ in found]
    assert causes == ["development", "slip", "delay", "shock", "transit"]
    assert found[0] == ("a", "development", 0, 100)
    assert found[-1][3] == pytest.approx(100 + 25 + 7 + 2 * 30.4375 + 10)


def test_waits_that_nobody_else_decides() -> None:
    found = path(
        {"a": mission(20, destination="moon")},
        {"landed": "a"},
        vehicles={"rocket": {"stock": 0, "production_per_year": 4}},
        windows={"w": {"first_open": day(100), "period_days": 1000, "open_days": 10}},
        destinations={"moon": {"windows": ["w"]}},
        pads={"pad": {"scrub_probability": 0.5, "scrub_days": 2}},
        luck={"mission/a/flight-1/scrub": 0.3},
    )
    assert found == [
        ("a", "development", 0, 20),
        ("a", "vehicle", 20, 91.25),
        ("a", "window", 91.25, 100),
        ("a", "scrub", 100, 102),
        ("a", "transit", 102, 112),
    ]


def test_losses_of_one_s_own() -> None:
    loss = {"policy": "rebuild", "rebuild_days": 50}
    found = path(
        {"a": mission(100, family="lander", on_loss=loss)},
        {"mission": "a"},
        force={"a": {"landing": ["failure", "success"]}},
    )
    assert found == [
        ("a", "development", 0, 100),
        ("a", "transit", 100, 110),
        ("a", "rebuild", 110, 160),
        ("a", "transit", 160, 170),
    ]


def test_a_stand_down_after_one_s_own_loss_covers_the_rebuild() -> None:
    loss = {"policy": "rebuild", "rebuild_days": 50}
    found = path(
        {"a": mission(100, on_loss=loss)},
        {"mission": "a"},
        vehicles={"rocket": {"stand_down_days": 200}},
        force={"a": {"launch": ["failure", "success"]}},
    )
    assert found == [
        ("a", "development", 0, 100),
        ("a", "stand-down", 100, 300),
        ("a", "transit", 300, 310),
    ]


def test_the_pad_between_two_launches_of_one_mission() -> None:
    pads = {"pad": {"count": 1, "turnaround_days": 20}}
    found = path({"a": mission(100, flights=2)}, {"mission": "a"}, pads=pads)
    assert found == [("a", "development", 0, 100), ("a", "pad", 100, 120), ("a", "transit", 120, 130)]


# From one mission to another


def test_a_predecessor_leads_over_to_another_mission() -> None:
    missions = {"a": mission(100), "b": mission(50, after=["a"])}
    found = path(missions, {"mission": "b"})
    assert found == [("a", "development", 0, 100), ("a", "transit", 100, 110), ("b", "transit", 110, 120)]


def test_a_predecessor_that_was_no_hindrance_is_not_on_the_path() -> None:
    missions = {"a": mission(100), "b": mission(111, after=["a"])}
    assert path(missions, {"mission": "b"}) == [("b", "development", 0, 111), ("b", "transit", 111, 121)]


def test_the_last_of_several_predecessors_binds_and_the_first_of_any() -> None:
    missions = {"a": mission(100), "b": mission(150), "c": mission(0, after=["a", "b"])}
    assert path(missions, {"mission": "c"})[0] == ("b", "development", 0, 150)
    missions["c"] = mission(0, after=[{"any": ["a", "b"]}])
    assert path(missions, {"mission": "c"})[0] == ("a", "development", 0, 100)


def test_a_lag_belongs_to_the_mission_that_waits() -> None:
    missions = {"a": mission(100), "b": mission(50, after=[{"mission": "a", "lag_days": 45}])}
    found = path(missions, {"mission": "b"})
    assert found[1:] == [
        ("a", "transit", 100, 110),
        ("b", "predecessor", 110, 155),
        ("b", "transit", 155, 165),
    ]


def test_a_preferred_predecessor_that_did_not_come_binds_by_its_date() -> None:
    missions = {"a": mission(500), "b": mission(50, after=[{"mission": "a", "preferred_until": day(80)}])}
    found = path(missions, {"mission": "b"})
    assert found == [("b", "development", 0, 50), ("b", "predecessor", 50, 80), ("b", "transit", 80, 90)]


def test_a_departure_leads_to_the_launch() -> None:
    missions = {"a": mission(100), "b": mission(50, after=[{"mission": "a", "need": "departure"}])}
    assert path(missions, {"mission": "b"}) == [("a", "development", 0, 100), ("b", "transit", 100, 110)]


def test_a_pad_leads_to_the_launch_before() -> None:
    missions = {"x": mission(90), "a": mission(100)}
    found = path(missions, {"mission": "a"}, pads={"pad": {"count": 1, "turnaround_days": 30}})
    assert found == [("x", "development", 0, 90), ("a", "pad", 90, 120), ("a", "transit", 120, 130)]


def test_a_pad_that_was_given_up_leads_to_who_gave_it_up() -> None:
    """x is scrubbed on the pad from 90 until its programme withdraws on day 105."""
    for withdraws in (True, False):
        found = path(
            {
                "early": mission(10),
                "x": mission(90, programme="leaver", destination="moon"),
                "a": mission(100),
            },
            {"mission": "a"},
            programmes={
                "leaver": {
                    "name": "L",
                    "slip": "kept",
                    "slip_correlation": 0,
                    **({"withdrawal": day(105)} if withdraws else {}),
                }
            },
            pads={"pad": {"count": 1, "turnaround_days": 30, "scrub_probability": 0.5, "scrub_days": 15}},
            windows={"w": {"first_open": day(85), "period_days": 1000, "open_days": 10}},
            destinations={"moon": {"windows": ["w"]}},
            luck={
                "mission/early/flight-1/scrub": 0.9,
                "mission/x/flight-1/scrub": 0.01,
                "mission/a/flight-1/scrub": 0.9,
            },
        )
        assert found == [("x", "development", 0, 90), ("x", "scrub", 90, 105), ("a", "transit", 105, 115)]


def test_a_stand_down_leads_to_the_loss() -> None:
    found = path(
        {"a": mission(100), "b": mission(120)},
        {"mission": "b"},
        vehicles={"rocket": {"stand_down_days": 60}},
        force={"a": {"launch": "failure"}},
    )
    assert found == [
        ("a", "development", 0, 100),
        ("b", "stand-down", 100, 160),
        ("b", "transit", 160, 170),
    ]


def test_a_stand_down_of_a_family_leads_to_the_landing() -> None:
    found = path(
        {"a": mission(100, family="lander"), "b": mission(120, family="lander")},
        {"mission": "b"},
        families={"lander": {"stand_down_days": 60}},
        force={"a": {"landing": "failure"}},
    )
    assert found[1:3] == [("a", "transit", 100, 110), ("b", "stand-down", 110, 170)]


def test_a_fallback_leads_to_the_loss_that_called_it() -> None:
    missions = {"a": mission(100, fallback="b"), "b": mission(None, standby=True, lead_days=40)}
    found = path(missions, {"mission": "a"}, force={"a": {"launch": "failure"}})
    assert found == [
        ("a", "development", 0, 100),
        ("b", "development", 100, 140),
        ("b", "transit", 140, 150),
    ]


def test_a_fallback_that_had_flown_leads_to_the_loss_that_made_it_count() -> None:
    missions = {"a": mission(100, fallback="b"), "b": mission(20), "c": mission(0, after=["a"])}
    for when in ({"mission": "a"}, {"landed": "a"}):
        assert path(missions, when, force={"a": {"launch": "failure"}}) == [("a", "development", 0, 100)]
    found = path(missions, {"mission": "c"}, force={"a": {"launch": "failure"}})
    assert found == [("a", "development", 0, 100), ("c", "transit", 100, 110)]


# Through conditions


def test_a_gate_leads_to_the_mission_that_opened_it() -> None:
    missions = {"r": brings_relay(200, commissioning_days=5), "a": mission(100, gate="g")}
    found = path(missions, {"mission": "a"}, gates={"g": role("relay")})
    assert found == [
        ("r", "development", 0, 200),
        ("r", "transit", 200, 210),
        ("r", "commissioning", 210, 215),
        ("a", "transit", 215, 225),
    ]


def test_a_gate_that_must_have_held_leads_to_the_beginning() -> None:
    missions = {"r": brings_relay(200), "a": mission(300, gate="g")}
    found = path(missions, {"mission": "a"}, gates={"g": {**role("relay"), "for_days": 365}})
    assert found == [
        ("r", "development", 0, 200),
        ("r", "transit", 200, 210),
        ("a", "gate", 210, 575),
        ("a", "transit", 575, 585),
    ]


def test_a_gate_that_is_a_date() -> None:
    found = path({"a": mission(100, gate="g")}, {"mission": "a"}, gates={"g": {"date": day(170)}})
    assert found == [("a", "development", 0, 100), ("a", "gate", 100, 170), ("a", "transit", 170, 180)]


def test_the_last_of_several_conditions_binds() -> None:
    missions = {"r": brings_relay(200), "a": mission(100)}
    found = path(missions, {"all": [role("relay"), {"mission": "a"}]})
    assert found == [("r", "development", 0, 200), ("r", "transit", 200, 210)]


def test_the_landing_of_a_mission_that_goes_on() -> None:
    missions = {"a": mission(100, commissioning_days=300)}
    assert path(missions, {"landed": "a"})[-1] == ("a", "transit", 100, 110)


def test_a_milestone_that_must_have_held_ends_with_a_hold() -> None:
    found = path({"r": brings_relay(200)}, {**role("relay"), "for_days": 30})
    assert found == [("r", "development", 0, 200), ("r", "transit", 200, 210), ("r", "hold", 210, 240)]


def test_a_milestone_that_is_a_date_is_nobody_s() -> None:
    assert path({"a": mission(10)}, {"date": day(50)}) == [("", "calendar", 0, 50)]


def test_what_the_past_did_binds_from_the_data_date_on() -> None:
    past = {"o": flown(-50, elements={"relay": 1})}
    assert path(past, role("relay")) == []
    assert path(past, {**role("relay"), "for_days": 30}) == [("o", "hold", 0, 30)]
    later = past | {"b": mission(0, after=[{"mission": "o", "lag_days": 80}])}
    assert path(later, {"mission": "b"}) == [("b", "predecessor", 0, 30), ("b", "transit", 30, 40)]


def test_a_milestone_that_was_not_reached_has_no_path() -> None:
    future = future_of({"a": mission(100)}, milestones=done("a"), force={"a": {"launch": "failure"}})
    assert future.path("it") == []


# The walk itself


def test_after_the_end_of_a_mission_its_elements_decide() -> None:
    spans = [[Span(0, Cause.DEVELOPMENT, 0, 5)], []]
    assert critical_path(spans, 0, 8.0) == [
        PathPiece(0, Cause.DEVELOPMENT, 0, 5),
        PathPiece(0, Cause.ELEMENTS, 5, 8),
    ]
    assert critical_path(spans, 1, 8.0) == [PathPiece(1, Cause.ELEMENTS, 0, 8)]


def test_an_element_that_starts_up_is_on_the_path() -> None:
    relay = {"relay": {"start_up_days": 30}}
    assert checked(
        future_of(
            {"r": brings_relay(200)},
            milestones={"it": {"title": "It", "when": role("relay")}},
            elements=merged(ELEMENTS, relay),
        )
    ) == [("r", "development", 0, 200), ("r", "transit", 200, 210), ("r", "elements", 210, 240)]


def test_a_span_is_followed_only_if_it_was_ended_at_that_very_moment() -> None:
    """The event lies inside the span that mission 1 ended later: who ended it does not matter."""
    spans = [[Span(0, Cause.GATE, 0, 50, by=1, since=40)], [Span(0, Cause.TRANSIT, 0, 40)]]
    assert critical_path(spans, 0, 30.0) == [PathPiece(0, Cause.GATE, 0, 30)]
    assert critical_path(spans, 0, 50.0) == [
        PathPiece(1, Cause.TRANSIT, 0, 40),
        PathPiece(0, Cause.GATE, 40, 50),
    ]


def test_what_happened_before_the_data_date_counts_from_it() -> None:
    spans: list[list[Span]] = [[Span(0, Cause.PREDECESSOR, 0, 20, by=1, since=-30)], []]
    assert critical_path(spans, 0, 20.0) == [PathPiece(0, Cause.PREDECESSOR, 0, 20)]
    assert critical_path(spans, 1, 20.0, since=-5.0) == [PathPiece(1, Cause.HOLD, 0, 20)]
    assert critical_path(spans, NONE, 0.0) == []
