"""Where a replication ends and what was before it, and what is taken to go as planned."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.terms import Status
from tests.campaigns import (
    HORIZON,
    HORIZON_DAYS,
    STANDBY,
    campaign_of,
    day,
    flown,
    future_of,
    milestones,
    mission,
    rebuild,
)


def test_the_horizon_of_these_tests() -> None:
    assert campaign_of({"a": mission()}).horizon_days == HORIZON_DAYS
    assert HORIZON.year == 2040


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
        gates={"never": {"crew": 99}},
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
