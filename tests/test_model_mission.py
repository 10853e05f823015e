"""The life of a mission, stage by stage, against timetables worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.scenario.campaign import Status
from tests.campaigns import (
    HORIZON,
    TRANSIT,
    campaign_of,
    day,
    flown,
    future_of,
    futures,
    mission,
    uniforms,
)

END = 3652.0
MONTH = 30.4375
NEVER = {"never": {"crew": 99}}


def rebuild(days: float, attempts: int = 2) -> dict[str, Any]:
    return {"policy": "rebuild", "rebuild_days": days, "max_attempts": attempts}


def programme(**more: Any) -> dict[str, Any]:
    return {"name": "P", "slip": "kept", "slip_correlation": 0.0, **more}


def milestones(**conditions: Any) -> dict[str, Any]:
    return {name: {"title": name, "when": when} for name, when in conditions.items()}


def test_the_horizon_of_these_tests() -> None:
    assert campaign_of({"a": mission()}).horizon_days == END
    assert HORIZON.year == 2040


# Development


def test_development_goes_through_plan_slip_delay_and_shock() -> None:
    shock = {"title": "Cut", "on": day(120), "months": 3}
    future = future_of(
        {"a": mission(100)},
        slip_classes={"kept": {"on_time_probability": 0.0, "median_growth": 1.5}},
        delays={"a": {"days": 7}},
        programmes={"agency": {"shocks": {"cut": shock}}},
    )
    ready = 157 + 3 * MONTH
    causes = [("development", 0, 100), ("slip", 100, 150), ("delay", 150, 157), ("shock", 157, ready)]
    expected = [*causes, ("transit", ready, ready + TRANSIT)]
    for found, wanted in zip(future.spans("a"), expected, strict=True):
        assert found[0] == wanted[0]
        assert found[1:] == pytest.approx(wanted[1:], rel=1e-12)


@pytest.mark.parametrize(
    ("delay", "days"), [({"days": 10}, 10), ({"months": 24}, 24 * MONTH), ({"years": 1.5}, 1.5 * 365.25)]
)
def test_a_delay_of_the_scenario_adds_exactly(delay: dict[str, float], days: float) -> None:
    future = future_of({"a": mission(100), "b": mission(100)}, delays={"a": delay})
    assert future.launch("a") == 100 + days
    assert future.launch("b") == 100


def test_a_delay_can_be_a_distribution() -> None:
    delays = {"a": {"months": {"uniform": {"low": 1, "high": 5}}}}
    for n, future in enumerate(futures(campaign_of({"a": mission(100)}, delays=delays), 20)):
        u = uniforms("mission/a/delay", 20)[n]
        assert future.launch("a") == pytest.approx(100 + (1 + 4 * u) * MONTH, rel=1e-12)


def shocked(ready: int, **shocks: dict[str, Any]) -> float:
    table = {name: {"title": name, **shock} for name, shock in shocks.items()}
    return future_of({"a": mission(ready)}, programmes={"agency": {"shocks": table}}).launch("a")


def test_a_declared_shock_hits_what_is_still_in_development() -> None:
    cut = {"on": day(100), "months": 6}
    assert shocked(101, cut=cut) == 101 + 6 * MONTH
    assert shocked(100, cut=cut) == 100
    assert shocked(50, cut=cut) == 50
    assert shocked(101, cut={**cut, "on": day(-1)}) == 101


def test_shocks_come_in_the_order_of_their_days_not_of_the_file() -> None:
    """The first makes the mission late enough for the second to hit it, too."""
    early, late = {"on": day(50), "months": 6}, {"on": day(150), "months": 2}
    assert shocked(100, early=early, late=late) == 100 + 8 * MONTH
    assert shocked(100, late=late, early=early) == 100 + 8 * MONTH


def test_a_shock_hits_with_its_probability_and_by_each_mission_s_own_luck() -> None:
    cut = {"title": "Cut", "on": day(50), "months": 6, "hit_probability": 0.5}
    campaign = campaign_of(
        {"a": mission(100), "b": mission(100)}, programmes={"agency": {"shocks": {"cut": cut}}}
    )
    hit = {name: uniforms(f"programme/agency/shock/cut/hits/{name}", 40) < 0.5 for name in "ab"}
    assert (hit["a"] != hit["b"]).any()
    for n, future in enumerate(futures(campaign, 40)):
        for name in "ab":
            assert future.launch(name) == (100 + 6 * MONTH if hit[name][n] else 100)


def test_a_shock_leaves_other_programmes_alone() -> None:
    cut = {"cut": {"title": "Cut", "on": day(50), "months": 6}}
    future = future_of(
        {"a": mission(100, programme="other")},
        programmes={"agency": {"shocks": cut}, "other": programme()},
    )
    assert future.launch("a") == 100


def test_a_standby_mission_is_hit_by_what_comes_after_its_call() -> None:
    shocks = {
        "before": {"title": "Before", "on": day(50), "months": 1},
        "after": {"title": "After", "on": day(110), "months": 2},
    }
    future = future_of(
        {
            "a": mission(100, programme="other", fallback="b"),
            "b": mission(None, standby=True, lead_days=30),
        },
        programmes={"agency": {"shocks": shocks}, "other": programme()},
        force={"a": {"launch": "failure"}},
    )
    assert future.launch("b") == 130 + 2 * MONTH


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


# Predecessors


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


# Fallbacks

STANDBY = {"standby": True, "lead_days": 40}


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
    assert future.spans("b") == [("standby", 0, END)]
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
        gates=NEVER,
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


# Horizon


def test_what_has_not_happened_by_the_horizon_is_censored() -> None:
    year = {"horizon": day(200)}
    future = future_of(
        {
            "in-space": mission(195),
            "in-development": mission(500),
            "at-the-gate": mission(50, gate="never"),
            "rebuilt": mission(190, on_loss=rebuild(20)),
            "lost": mission(180, family="lander", on_loss=rebuild(20)),
            "done": mission(190),
            "due": mission(200),
            "arrives": mission(190, transit_days=10),
        },
        gates=NEVER,
        force={"rebuilt": {"launch": ["failure", "success"]}, "lost": {"landing": "failure"}},
        milestones=milestones(late={"mission": "in-space"}, soon={"mission": "done"}),
        **year,
    )
    assert future.status("in-space") is Status.UNDERWAY
    assert future.launch("in-space") == 195
    for name in ("in-space", "in-development", "at-the-gate", "rebuilt", "lost", "due", "arrives"):
        assert math.isnan(future.end(name)), name
    for name in ("in-development", "at-the-gate", "rebuilt", "lost", "due"):
        assert future.status(name) is Status.WAITING, name
    assert future.attempts("rebuilt") == 1
    assert math.isnan(future.milestone("late"))
    assert math.isnan(future.milestone("soon"))
    for name in ("in-space", "at-the-gate", "rebuilt"):
        assert future.spans(name)[-1][2] == 200, name
    assert future.spans("in-development") == [("development", 0, 200)]


def test_a_slip_is_cut_at_the_horizon_too() -> None:
    late = {"on_time_probability": 0.0, "median_growth": 3.0}
    future = future_of({"a": mission(100)}, slip_classes={"kept": late}, horizon=day(200))
    assert future.spans("a") == [("development", 0, 100), ("slip", 100, 200)]


# The past


def test_history_is_not_simulated_and_opens_the_way() -> None:
    future = future_of({"a": flown(-100, landing=-90), "b": mission(20, after=["a"])})
    assert (future.launch("a"), future.arrival("a"), future.end("a")) == (-100, -90, -90)
    assert (future.status("a"), future.attempts("a")) == (Status.SUCCESS, 1)
    assert future.spans("a") == []
    assert future.launch("b") == 20


def test_a_loss_of_the_past_bars_the_way_unless_somebody_took_over() -> None:
    lost = flown(-100, outcome="landing-failure", family="lander")
    future = future_of({"a": lost, "b": mission(20, after=["a"])})
    assert (future.status("a"), future.status("b"), future.end("b")) == (
        Status.LANDING_FAILURE,
        Status.CANCELLED,
        0,
    )
    future = future_of(
        {"a": lost | {"fallback": "z"}, "b": mission(20, after=["a"]), "z": mission(None, **STANDBY)}
    )
    assert (future.launch("z"), future.launch("b")) == (40, 50)


@pytest.mark.parametrize("first", [True, False])
def test_a_loss_of_the_past_whose_fallback_flew_in_the_past(first: bool) -> None:
    lost = {"a": flown(-100, outcome="launch-failure", fallback="z")}
    saved = {"z": flown(-50) | STANDBY}
    both = lost | saved if first else saved | lost
    future = future_of(
        {**both, "b": mission(20, after=["a"])},
        milestones=milestones(done={"mission": "a"}, landed={"landed": "a"}),
    )
    assert future.launch("b") == 20
    assert (future.milestone("done"), future.milestone("landed")) == (0, 0)
    assert (future.status("z"), future.launch("z"), future.end("z")) == (Status.SUCCESS, -50, -50)
    assert future.log("accomplished") == [(30.0, "accomplished", "b")]


@pytest.mark.parametrize(("need", "launched"), [("success", 60), ("departure", 50)])
def test_a_lag_after_a_mission_of_the_past_counts_from_its_own_day(need: str, launched: float) -> None:
    link = {"mission": "a", "need": need, "lag_days": 150}
    future = future_of({"a": flown(-100, landing=-90), "b": mission(10, after=[link])})
    assert future.launch("b") == launched


def test_a_mission_planned_for_the_past_flies_at_once() -> None:
    future = future_of({"a": mission(-40)})
    assert future.launch("a") == 0


def test_the_plan_in_force_is_the_last_announcement_by_the_data_date() -> None:
    said = [
        {"announced": day(-90), "planned": day(10), "by": "x"},
        {"announced": day(-30), "planned": day(40), "by": "x"},
        {"announced": day(5), "planned": day(70), "by": "x"},
    ]
    future = future_of({"a": mission(None, announcements=said)})
    assert future.launch("a") == 40


# What is taken to go as planned


def test_each_idealisation_takes_away_its_own_trouble() -> None:
    """One mission that everything befalls; each idealisation moves its launch or its end."""
    missions = {
        "a": mission(
            100,
            family="lander",
            destination="moon",
            cancellation_probability=0.5,
            gate="opens",
            commissioning_days={"triangular": {"low": 0, "mode": 10, "high": 50}},
        )
    }
    tables: dict[str, Any] = {
        "slip_classes": {"kept": {"on_time_probability": 0.0, "median_growth": 1.5}},
        "pads": {"pad": {"scrub_probability": 0.5, "scrub_days": 3}},
        "windows": {"w": {"first_open": day(190), "period_days": 200, "open_days": 100}},
        "destinations": {"moon": {"windows": ["w"]}},
        "gates": {"opens": {"date": day(170)}},
        "luck": {
            "mission/a/cancellation": 0.9,
            "mission/a/flight-1/launch": 1 - 1e-12,
            "mission/a/landing": 1 - 1e-12,
            "mission/a/flight-1/scrub": 0.2,
        },
    }

    def launch(*idealise: str, **luck: float) -> tuple[float, Status]:
        set_by_hand = dict(tables["luck"])
        if "scrubs" in idealise:
            set_by_hand["mission/a/flight-1/scrub"] = 0.2
        set_by_hand |= {f"mission/a/{key}": value for key, value in luck.items()}
        future = future_of(missions, **(tables | {"luck": set_by_hand, "idealise": list(idealise)}))
        return future.launch("a"), future.status("a")

    assert launch() == (190 + 6, Status.SUCCESS)
    assert launch("scrubs") == (190, Status.SUCCESS)
    assert launch("windows") == (170 + 6, Status.SUCCESS)
    assert launch("windows", "gates") == (150 + 6, Status.SUCCESS)
    assert launch("windows", "gates", "slips") == (100 + 6, Status.SUCCESS)
    assert launch(cancellation=0.1)[1] is Status.CANCELLED
    assert launch("cancellations", cancellation=0.1)[1] is Status.SUCCESS
    assert launch(landing=1e-12)[1] is Status.LANDING_FAILURE
    assert launch("landing-failures", landing=1e-12)[1] is Status.SUCCESS
    failing = {"flight-1/launch": 1e-12}
    assert launch(**failing)[1] is Status.LAUNCH_FAILURE
    assert launch("launch-failures", **failing)[1] is Status.SUCCESS


def test_idealised_durations_are_medians() -> None:
    uniform = {"uniform": {"low": 10, "high": 30}}
    crew = {"size": 1, "stay_days": uniform, "return_days": uniform}
    missions = {
        "a": mission(100, family="lander", transit_days=uniform, commissioning_days=uniform, crew=crew)
    }
    future = future_of(missions, idealise=["launch-failures", "landing-failures", "durations"])
    assert [end - start for _, start, end in future.spans("a")[1:]] == [20, 20, 20, 20]
