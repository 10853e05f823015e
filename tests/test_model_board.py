"""Conditions, milestones and phases."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from sim.model.board import Board
from sim.model.clock import RANK_ELEMENTS, RANK_MISSIONS, Clock
from sim.scenario.campaign import Campaign
from tests.campaigns import campaign_of, day, flown, future_of, mission
from tests.parts import ELEMENTS, YEAR, bring, crewed, reached, role

# Single conditions

THREE = {
    "r1": bring(100, "relay"),
    "r2": bring(200, "relay", commissioning_days=30),
    "h": bring(150, "habitat", landed_mass_kg=500.0),
    "s1": bring(300, "source", landed_mass_kg=700.0),
    "s2": bring(400, "source"),
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (role("relay"), 110),
        (role("relay", 2), 240),
        (role("habitat"), 160),
        ({"mission": "r2"}, 240),
        ({"landed": "r2"}, 210),
        ({"landed_mass_kg": 500}, 160),
        ({"landed_mass_kg": 501}, 310),
        ({"installed_power_kw": 15}, 410),
        ({"continuous_power_kw": 10}, 310),
        ({"firm_power_kw": 10}, 410),
        ({"date": day(123)}, 123),
        ({"date": day(-5)}, 0),
    ],
)
def test_a_single_condition(condition: dict[str, Any], expected: float) -> None:
    assert reached(condition, THREE) == expected


def test_conditions_on_crews() -> None:
    crews = {"a": crewed(100, 50), "b": crewed(130, 60, size=3), "c": crewed(400, 10)}
    assert reached({"crew": 1}, crews) == 110
    assert reached({"crew": 4}, crews) == 140
    assert math.isnan(reached({"crew": 5}, crews))
    assert reached({"crew_visits": 3}, crews) == 410


def test_landings_in_a_row_start_again_after_a_failure() -> None:
    flights = {f"m{n}": mission(100 * n, family="lander") for n in range(1, 7)}
    condition = {"landings_in_a_row": {"family": "lander", "count": 2}}
    assert reached(condition, flights) == 210
    assert reached(condition, flights, force={"m2": {"landing": "failure"}}) == 410
    assert reached(condition, flights, force={"m2": {"launch": "failure"}}) == 310


def test_each_family_has_its_own_landings() -> None:
    twin = {"name": "Twin", "programme": "agency", "prior": {"a": 1, "b": 1}}
    twin |= {"fix_effectiveness": 0, "learning": 0, "stand_down_days": 0}
    flights = {"a": mission(100, family="lander"), "b": mission(200, family="twin")}
    for family, expected in (("lander", 110), ("twin", 210)):
        condition = {"landings_in_a_row": {"family": family, "count": 1}}
        assert reached(condition, flights, families={"twin": twin}) == expected


def test_landings_of_the_past_count() -> None:
    condition = {"landings_in_a_row": {"family": "lander", "count": 2}}
    past = {
        "o1": flown(-300, family="lander", outcome="landing-failure"),
        "o2": flown(-200, family="lander"),
        "o3": flown(-100, family="lander"),
    }
    assert reached(condition, past) == 0
    assert math.isnan(reached({"landings_in_a_row": {"family": "lander", "count": 3}}, past))
    later = past | {"m": mission(50, family="lander")}
    assert reached({"landings_in_a_row": {"family": "lander", "count": 3}}, later) == 60
    lost = past | {"o4": flown(-50, family="lander", outcome="landing-failure")}
    assert math.isnan(reached(condition, lost))


def test_a_mission_that_nobody_has_announced_yet_is_never_accomplished() -> None:
    said = [{"announced": day(50), "planned": day(100), "by": "x"}]
    missions = {"a": mission(10), "unknown": mission(None, announcements=said)}
    assert math.isnan(reached({"mission": "unknown"}, missions))
    assert reached({"any": [{"mission": "unknown"}, {"mission": "a"}]}, missions) == 20


# Conditions on conditions


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"all": [role("relay"), role("habitat")]}, 160),
        ({"all": [role("relay"), role("relay")]}, 110),
        ({"any": [role("relay", 2), role("habitat")]}, 160),
        ({"any": [role("relay"), role("habitat"), {"mission": "s1"}], "count": 2}, 160),
        ({"any": [role("relay"), role("habitat"), {"mission": "s1"}], "count": 3}, 310),
        ({"all": [{"any": [role("habitat"), {"mission": "s1"}]}, {"date": day(170)}]}, 170),
        ({"gate": "both"}, 160),
        ({"all": [{"gate": "both"}, {"gate": "both"}, {"date": day(50)}]}, 160),
    ],
)
def test_conditions_combine(condition: dict[str, Any], expected: float) -> None:
    gates = {"both": {"all": [role("relay"), role("habitat")]}}
    assert reached(condition, THREE, gates=gates) == expected


def test_a_condition_that_broke_before_the_other_came_does_not_count() -> None:
    """The short-lived relay is up from 110 to 310, the habitat from 410 on."""
    missions = {"a": bring(100, "short"), "b": bring(400, "habitat")}
    assert math.isnan(reached({"all": [role("relay"), role("habitat")]}, missions))
    again = missions | {"c": bring(600, "relay")}
    assert reached({"all": [role("relay"), role("habitat")]}, again) == 610


# Held for some time


@pytest.mark.parametrize(("days", "expected"), [(0, 110), (50, 160), (199, 309), (201, math.nan)])
def test_a_condition_must_hold_without_a_break(days: float, expected: float) -> None:
    """The relay is up from 110 to 310."""
    found = reached({**role("relay"), "for_days": days}, {"a": bring(100, "short")})
    assert found == expected or (math.isnan(found) and math.isnan(expected))


def test_after_a_break_the_days_count_from_the_new_beginning() -> None:
    missions = {"a": bring(100, "short"), "b": bring(400, "relay")}
    assert reached({**role("relay"), "for_days": 250}, missions) == 660


def test_an_overlap_is_no_break() -> None:
    missions = {"a": bring(100, "short"), "b": bring(280, "relay")}
    assert reached({**role("relay"), "for_days": 250}, missions) == 360


def test_a_handover_at_the_same_moment_is_a_break_however_many_missions_there_are() -> None:
    """An element ends its life before a mission of the same moment arrives, whatever its priority."""
    ends = {"long": {"name": "Long", "role": "relay", "life_years": 4}}
    missions = {"a": bring(0, "long"), "b": bring(1461, "relay")}
    many = {f"m{n:02}": mission(1, priority=0) for n in range(50)}
    condition = {**role("relay"), "for_days": 1470}
    for others in ({}, many):
        milestones = {"it": {"title": "It", "when": condition}}
        future = future_of({**missions, **others}, elements=ELEMENTS | ends, milestones=milestones)
        assert future.milestone("it") == 1471 + 1470


def test_parts_of_a_condition_hold_for_their_own_time() -> None:
    condition = {"all": [{**role("relay"), "for_days": 80}, {"date": day(100)}], "for_days": 30}
    assert reached(condition, THREE) == 110 + 80 + 30


def small_board(missions: dict[str, Any], **tables: Any) -> tuple[Clock, Board, Campaign]:
    campaign = campaign_of(missions, **tables)
    clock = Clock()
    return clock, Board(clock, campaign), campaign


def change(clock: Clock, board: Board, changes: Iterable[tuple[float, int, float]]) -> None:
    """Change levels: day, quantity, level."""
    for when, quantity, level in changes:
        alarm = clock.at(when, RANK_ELEMENTS)
        alarm.callbacks.append(lambda _, q=quantity, x=level: board.set(q, x, by=0))


def test_a_condition_that_flickers_at_one_moment_is_counted_once() -> None:
    """Off and on again at the instant at which it began to hold: the rest of the condition still lacks."""
    condition = {"all": [{**role("relay"), "for_days": 50}, role("habitat")]}
    clock, board, campaign = small_board(
        {"a": mission()}, milestones={"it": {"title": "It", "when": condition}}
    )
    relay = next(node for node in campaign.nodes if node.quantity >= 0).quantity
    change(clock, board, [(10, relay, 1), (10, relay, 0), (10, relay, 1)])
    clock.run(until=100)
    assert board.reached == {}


# Milestones and phases


def test_a_milestone_is_reached_once_and_stays_reached() -> None:
    missions = {"a": bring(100, "short"), "b": bring(500, "relay")}
    assert reached(role("relay"), missions) == 110


def test_milestones_of_one_condition_are_reached_together() -> None:
    milestones = {name: {"title": name, "when": role("relay")} for name in ("x", "y")}
    future = future_of({"a": bring(100, "relay")}, elements=ELEMENTS, milestones=milestones)
    assert (future.milestone("x"), future.milestone("y")) == (110, 110)


def test_the_definition_in_force_of_a_milestone() -> None:
    definitions = {"early": {"when": role("relay")}, "late": {"when": role("relay", 2)}}
    for definition, expected in (("early", 110), ("late", 240)):
        milestones = {"it": {"title": "It", "definition": definition, "definitions": definitions}}
        future = future_of(THREE, elements=ELEMENTS, milestones=milestones)
        assert future.milestone("it") == expected


STEPS = {
    "robotic": {"title": "Robotic"},
    "tended": {"title": "Tended", "when": {"all": [role("habitat"), {"crew_visits": 1}]}},
    "crewed": {"title": "Crewed", "when": {"all": [role("habitat"), {"crew": 1, "for_days": 40}]}},
}


def phases(missions: dict[str, Any], steps: dict[str, Any] = STEPS) -> Any:
    short = {"tent": {"name": "Tent", "role": "habitat", "life_years": 200 / YEAR}}
    return future_of(
        missions, elements=ELEMENTS | short, phases={"presence": {"title": "Presence", "steps": steps}}
    )


def months(future: Any) -> list[int]:
    """Phase at the end of each of the first 24 months."""
    return [int(phase) for phase in future.outcome.phases[0, :24]]


def test_phases_are_entered_and_left_again() -> None:
    """Tent from 60 to 260, crew from 110 to 170: robotic, tended at 110, crewed at 150, tended, robotic."""
    future = phases({"t": bring(50, "tent"), "c": crewed(100, 60)})
    assert future.phase_days("presence") == {"robotic": 0, "tended": 110, "crewed": 150}
    jan_to_mar, apr, may, jun_to_aug = [0] * 3, [1], [2], [1] * 3
    assert months(future) == jan_to_mar + apr + may + jun_to_aug + [0] * 16


def test_the_last_phase_whose_condition_holds_is_in_force() -> None:
    """A phase may be skipped."""
    steps = STEPS | {"tended": {"title": "Tended", "when": role("habitat", 9)}}
    future = phases({"t": bring(50, "tent"), "c": crewed(100, 60)}, steps)
    days = future.phase_days("presence")
    assert (days["robotic"], days["crewed"]) == (0, 150)
    assert math.isnan(days["tended"])


def test_a_phase_of_the_past_is_entered_on_the_data_date() -> None:
    past = flown(-50, destination="station", elements={"habitat": 1})
    steps = {"a": {"title": "A"}, "b": {"title": "B", "when": role("habitat")}}
    days = phases({"o": past}, steps).phase_days("presence")
    assert days["b"] == 0
    assert math.isnan(days["a"])


def test_a_phase_that_begins_with_a_month_is_in_force_at_its_end() -> None:
    """Day 59 is the first of March 2030."""
    steps = {"a": {"title": "A"}, "b": {"title": "B", "when": {"date": day(59)}}}
    assert months(phases({"m": mission()}, steps))[:4] == [0, 0, 1, 1]


# The order of an instant


def test_those_who_wait_for_a_condition_go_on_in_the_order_of_their_ranks() -> None:
    clock, board, _ = small_board(
        {"a": mission()}, milestones={"it": {"title": "It", "when": role("relay")}}
    )
    told: list[int] = []
    for rank in (RANK_MISSIONS + 2, RANK_MISSIONS, RANK_MISSIONS + 1):
        board.wait_for(0, rank).callbacks.append(lambda _, r=rank: told.append(r - RANK_MISSIONS))
    change(clock, board, [(10, board.nodes[0].quantity, 1)])
    clock.run(until=20)
    assert told == [0, 1, 2]


def test_an_alarm_for_the_past_goes_off_now_and_ranks_order_an_instant() -> None:
    clock = Clock(initial_time=5.0)
    told: list[tuple[str, float]] = []
    for name, when, rank in (("late", 6, 9), ("second", 5, 7), ("first", 2, 3), ("early", 6, 1)):
        clock.at(when, rank).callbacks.append(lambda _, n=name: told.append((n, clock.now)))
    clock.run(until=10)
    assert told == [("first", 5.0), ("second", 5.0), ("early", 6), ("late", 6)]
