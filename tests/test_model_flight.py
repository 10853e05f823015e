"""Flight and loss, missions of two launches, crews: against timetables worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.terms import Status
from tests.campaigns import future_of, milestones, mission, rebuild

# Flight and loss


def test_a_flight_goes_through_transit_and_commissioning() -> None:
    future = future_of({"a": mission(100, transit_days=5, commissioning_days=20, family="lander")})
    assert (future.launch("a"), future.arrival("a"), future.end("a")) == (100, 105, 125)
    assert future.status("a") is Status.SUCCESS
    assert future.attempts("a") == 1
    assert future.spans("a")[1:] == [("transit", 100, 105), ("commissioning", 105, 125)]


def test_transit_is_that_of_the_destination_unless_the_mission_has_its_own() -> None:
    future = future_of({"a": mission(100), "b": mission(100, transit_days=3)})
    assert (future.end("a"), future.end("b")) == (110, 103)


def test_a_launch_failure_ends_on_the_pad_and_a_landing_failure_at_the_moon() -> None:
    future = future_of(
        {"a": mission(100), "b": mission(100, family="lander")},
        force={"a": {"launch": "failure"}, "b": {"landing": "failure"}},
    )
    assert (future.status("a"), future.end("a")) == (Status.LAUNCH_FAILURE, 100)
    assert (future.status("b"), future.end("b")) == (Status.LANDING_FAILURE, 110)
    assert math.isnan(future.arrival("a"))
    assert math.isnan(future.arrival("b"))


def test_without_a_lander_nothing_can_fail_to_land() -> None:
    future = future_of({"a": mission(100)}, force={"a": {"landing": "failure"}}, idealise=[])
    assert math.isnan(future.arrival("a")) == (future.status("a") is not Status.SUCCESS)
    assert future.status("a") is not Status.LANDING_FAILURE


def test_descope_goes_on_without() -> None:
    loss = {"policy": "descope", "max_attempts": 5}
    future = future_of({"a": mission(100, on_loss=loss)}, force={"a": {"launch": "failure"}})
    assert (future.attempts("a"), future.end("a")) == (1, 100)


def test_rebuild_builds_a_new_unit_and_flies_again() -> None:
    future = future_of(
        {"a": mission(100, family="lander", on_loss=rebuild(50, attempts=3))},
        force={"a": {"landing": ["failure", "failure", "success"]}},
    )
    assert future.lift_offs() == [("a", 100), ("a", 160), ("a", 220)]
    assert (future.status("a"), future.attempts("a"), future.end("a")) == (Status.SUCCESS, 3, 230)
    assert future.spans("a")[1:4] == [("transit", 100, 110), ("rebuild", 110, 160), ("transit", 160, 170)]


def test_a_spare_flies_first_then_a_new_unit() -> None:
    loss = {"policy": "spare", "spares": 1, "spare_days": 20, "rebuild_days": 80, "max_attempts": 3}
    future = future_of(
        {"a": mission(100, on_loss=loss)}, force={"a": {"launch": ["failure", "failure", "failure"]}}
    )
    assert future.lift_offs() == [("a", 100), ("a", 120), ("a", 200)]
    assert future.spans("a")[1:] == [("spare", 100, 120), ("rebuild", 120, 200)]
    assert (future.status("a"), future.attempts("a")) == (Status.LAUNCH_FAILURE, 3)


def test_every_attempt_has_its_own_luck() -> None:
    loss = rebuild({"uniform": {"low": 10, "high": 90}}, attempts=3)
    future = future_of(
        {"a": mission(100, family="lander", on_loss=loss)},
        idealise=["launch-failures"],
        luck={
            ("mission/a/landing", 0): 1e-12,
            ("mission/a/rebuild", 1): 40.0,
            ("mission/a/landing", 1): 1e-12,
            ("mission/a/rebuild", 2): 60.0,
            ("mission/a/landing", 2): 1 - 1e-12,
        },
    )
    assert future.lift_offs() == [("a", 100), ("a", 150), ("a", 220)]
    assert future.status("a") is Status.SUCCESS


def test_forced_outcomes_go_through_the_attempts_in_order_and_then_leave_it_to_luck() -> None:
    common: dict[str, Any] = {"idealise": [], "families": {"lander": {"prior": {"a": 1e9, "b": 1e9}}}}
    vehicles = {"rocket": {"prior": {"a": 1e12, "b": 1e-3}}}
    missions = {"a": mission(100, family="lander", on_loss=rebuild(30, attempts=3))}
    for second, status in ((0.9, Status.SUCCESS), (0.1, Status.LANDING_FAILURE)):
        future = future_of(
            missions,
            force={"a": {"landing": "failure"}},
            vehicles=vehicles,
            luck={
                ("mission/a/landing", 0): 0.9,
                ("mission/a/landing", 1): second,
                ("mission/a/landing", 2): second,
            },
            **common,
        )
        assert future.status("a") is status
        assert future.attempts("a") == (2 if status is Status.SUCCESS else 3)


def test_a_forced_outcome_overrides_an_idealised_one() -> None:
    future = future_of({"a": mission(100)}, force={"a": {"launch": "failure"}})
    assert future.status("a") is Status.LAUNCH_FAILURE


@pytest.mark.parametrize(("forced", "status"), [(True, Status.CANCELLED), (False, Status.SUCCESS)])
def test_a_forced_cancellation(forced: bool, status: Status) -> None:
    future = future_of(
        {"a": mission(100, cancellation_probability=0.5)},
        force={"a": {"cancelled": forced}},
        luck={"mission/a/cancellation": 0.1 if not forced else 0.9},
    )
    assert future.status("a") is status
    assert future.end("a") == (100 if forced else 110)


# Missions of two launches


def test_two_launches_leave_one_after_the_other_and_land_once() -> None:
    future = future_of(
        {"a": mission(100, flights=2, family="lander"), "b": mission(100)},
        pads={"pad": {"count": 1, "turnaround_days": 20}},
        vehicles={"rocket": {"stock": 3}},
    )
    assert future.lift_offs() == [("a", 100), ("a", 120), ("b", 140)]
    assert (future.launch("a"), future.arrival("a")) == (100, 130)
    assert len(future.log("landed")) == 1
    assert future.spans("a")[1:] == [("pad", 100, 120), ("transit", 120, 130)]


def test_each_of_two_launches_takes_a_vehicle() -> None:
    vehicles = {"rocket": {"stock": 0, "production_per_year": 1}}
    future = future_of({"a": mission(10, flights=2), "b": mission(20)}, vehicles=vehicles)
    assert future.lift_offs() == [("a", 365), ("a", 730), ("b", 1096)]


def test_the_pad_of_a_mission_of_two_launches_may_serve_an_urgent_one_between() -> None:
    future = future_of(
        {"a": mission(100, flights=2), "b": mission(110, priority=1)},
        pads={"pad": {"count": 1, "turnaround_days": 20}},
    )
    assert future.lift_offs() == [("a", 100), ("b", 120), ("a", 140)]


def test_the_loss_of_one_of_two_launches_loses_both() -> None:
    """The first launch of the second attempt takes place again."""
    future = future_of(
        {"a": mission(100, flights=2, on_loss=rebuild(50))},
        idealise=[],
        pads={"pad": {"turnaround_days": 0}},
        luck={
            ("mission/a/flight-1/launch", 0): 1 - 1e-12,
            ("mission/a/flight-2/launch", 0): 1e-12,
            ("mission/a/flight-1/launch", 1): 1 - 1e-12,
            ("mission/a/flight-2/launch", 1): 1 - 1e-12,
        },
    )
    assert future.lift_offs() == [("a", 100), ("a", 100), ("a", 150), ("a", 150)]
    assert (future.status("a"), future.attempts("a"), future.launch("a")) == (Status.SUCCESS, 2, 150)


# Crews


def test_a_crew_stays_and_flies_home_before_its_mission_is_accomplished() -> None:
    crew = {"size": 2, "stay_days": 7, "return_days": 5}
    future = future_of(
        {
            "a": mission(100, family="lander", crew=crew, commissioning_days=1),
            "b": mission(10, after=["a"]),
        },
        milestones=milestones(landed={"landed": "a"}, home={"mission": "a"}),
    )
    assert future.spans("a")[1:] == [
        ("transit", 100, 110),
        ("commissioning", 110, 111),
        ("stay", 111, 118),
        ("journey-home", 118, 123),
    ]
    assert (future.milestone("landed"), future.milestone("home")) == (110, 123)
    assert future.launch("b") == 123
