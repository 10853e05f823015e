"""Development of a mission: plan, slip, delay and shock, against timetables worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns import TRANSIT, campaign_of, day, future_of, futures, mission, programme, uniforms

MONTH = 30.4375


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
