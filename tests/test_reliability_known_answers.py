"""Losses whose answer is known in closed form, held to the bounds of `tests.bounds`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import betabinom

from sim.model.fleet import Reliability
from sim.model.variates import Variates
from sim.nature.luck import Luck
from sim.terms import Status
from tests.bounds import DATES, MANY, assert_share
from tests.campaigns import TRANSIT, campaign_of, day, flown, futures, mission, uniforms


def family(a: float, b: float, **more: Any) -> dict[str, Any]:
    return {"prior": {"a": a, "b": b}, **more}


@pytest.mark.parametrize("event", ["launch", "landing"])
def test_successes_of_several_flights_are_beta_binomial(event: str) -> None:
    flights = {f"m{n}": mission(100 + n, family="lander") for n in range(4)}
    prior = family(2.0, 1.0)
    campaign = campaign_of(
        flights,
        idealise=["landing-failures"] if event == "launch" else ["launch-failures"],
        vehicles={"rocket": prior if event == "launch" else {}},
        families={"lander": prior if event == "landing" else {}},
    )
    successes = [
        sum(status == Status.SUCCESS for status in future.outcome.status)
        for future in futures(campaign, 3000, record=DATES)
    ]
    for k in range(5):
        assert_share(np.equal(successes, k), float(betabinom.pmf(k, 4, 2.0, 1.0)))


def test_the_record_and_the_manifest_are_added_to_the_prior() -> None:
    missions = {
        "counted": flown(-400, outcome="landing-failure", family="lander"),
        "fresh": flown(-90, family="lander", landing=-80),
        "lost": flown(-70, outcome="landing-failure", family="lander", landing=-60),
        "never-there": flown(-50, outcome="launch-failure", family="lander"),
        "next": mission(100, family="lander"),
    }
    record = {"successes": 5, "failures": 2, "until": day(-300)}
    campaign = campaign_of(
        missions,
        families={"lander": family(0.5, 0.25, record=record)},
        vehicles={"rocket": family(1.0, 2.0)},
    )
    rocket, lander = 0, 1
    assert campaign.reliability.a[lander] == 0.5 + 5 + 1
    assert campaign.reliability.b[lander] == 0.25 + 2 + 1
    assert campaign.reliability.a[rocket] == 1.0 + 3
    assert campaign.reliability.b[rocket] == 2.0 + 1


def test_success_probability_is_drawn_once_a_replication_from_its_beta() -> None:
    campaign = campaign_of({"a": mission()}, families={"lander": family(3.0, 2.0)})
    variates = Variates(campaign, Luck(1, first=0, count=MANY))
    success = 1 - variates._failure_probability[:, 1]
    assert abs(success.mean() - 0.6) < 3 * math.sqrt(0.04 / MANY)
    assert abs(success.var() - 0.04) < 3 * 0.04 * math.sqrt(2 / MANY)


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_what_is_not_known_of_landers_is_shared_within_their_programme(rho: float) -> None:
    """A Gaussian copula: normal scores of two families correlate by what the programme says."""
    twin = {"name": "Twin", "programme": "agency", **family(4.0, 4.0)}
    campaign = campaign_of(
        {"a": mission()},
        programmes={"agency": {"landing_correlation": rho}},
        families={
            "lander": family(4.0, 4.0),
            "twin": {**twin, "fix_effectiveness": 0.0, "learning": 0.0, "stand_down_days": 0.0},
        },
    )
    variates = Variates(campaign, Luck(1, first=0, count=MANY))
    p = 1 - variates._failure_probability[:, 1:]
    ranks = np.argsort(np.argsort(p, axis=0), axis=0)
    scores = ndtri((ranks + 0.5) / MANY)
    found = np.corrcoef(scores.T)[0, 1]
    assert abs(found - rho) <= 3.5 * (1 - rho**2) / math.sqrt(MANY) + 1e-9


def test_growth_multiplies_the_failure_probability() -> None:
    reliability = Reliability(0.4, fix=0.25, learning=0.1, cause_found=0.7)
    reliability.learn(success=False, cause_uniform=0.699)
    assert reliability.failure_probability == 0.4 * 0.75
    reliability.learn(success=False, cause_uniform=0.7)
    assert reliability.failure_probability == 0.4 * 0.75
    reliability.learn(success=True, cause_uniform=0.0)
    assert reliability.failure_probability == 0.4 * 0.75 * 0.9
    assert reliability.succeeds(0.4 * 0.75 * 0.9)
    assert not reliability.succeeds(0.269)


@pytest.mark.parametrize(
    ("first", "cause_found", "failure"),
    [("failure", 1.0, 0.5 * (1 - 0.6)), ("failure", 0.0, 0.5), ("success", 1.0, 0.5 * (1 - 0.2))],
)
@pytest.mark.parametrize("event", ["launch", "landing"])
def test_the_next_flight_gains_from_the_one_before(
    event: str, first: str, cause_found: float, failure: float
) -> None:
    """Known probability of 0.5; a fix takes 60 percent of the failures, a success 20 percent."""
    learns = family(1e9, 1e9, fix_effectiveness=0.6, learning=0.2, cause_found_probability=cause_found)
    campaign = campaign_of(
        {"a": mission(100, family="lander"), "b": mission(200, family="lander")},
        idealise=["landing-failures"] if event == "launch" else ["launch-failures"],
        vehicles={"rocket": learns if event == "launch" else {}},
        families={"lander": learns if event == "landing" else {}},
        force={"a": {event: first}},
    )
    stream = "mission/b/flight-1/launch" if event == "launch" else "mission/b/landing"
    succeeds = uniforms(stream, 400) >= failure
    statuses = [future.status("b") for future in futures(campaign, 400, record=DATES)]
    assert [status is Status.SUCCESS for status in statuses] == succeeds.tolist()


def test_attempts_until_a_success_are_geometric() -> None:
    on_loss = {"policy": "rebuild", "max_attempts": 15, "rebuild_days": 30}
    campaign = campaign_of(
        {"a": mission(100, family="lander", on_loss=on_loss)},
        idealise=["launch-failures"],
        families={"lander": family(0.6e9, 0.4e9)},
    )
    runs = list(futures(campaign, 3000, record=DATES))
    attempts = np.array([future.attempts("a") for future in runs])
    for k in range(1, 5):
        assert_share(attempts == k, 0.6 * 0.4 ** (k - 1))
    for future in runs[:200]:
        lost = future.attempts("a") - 1
        assert future.launch("a") == 100 + lost * (TRANSIT + 30)


def test_nothing_is_tried_more_often_than_allowed() -> None:
    on_loss = {"policy": "rebuild", "max_attempts": 3, "rebuild_days": 30}
    campaign = campaign_of(
        {"a": mission(100, family="lander", on_loss=on_loss)},
        idealise=["launch-failures"],
        families={"lander": family(0.3e9, 0.7e9)},
    )
    runs = list(futures(campaign, 2000, record=DATES))
    lost = [future.status("a") is Status.LANDING_FAILURE for future in runs]
    assert_share(lost, 0.7**3)
    assert {future.attempts("a") for future, is_lost in zip(runs, lost, strict=True) if is_lost} == {3}


def test_a_given_up_mission_is_given_up_when_its_hardware_is_due() -> None:
    campaign = campaign_of({"a": mission(100, cancellation_probability=0.3)})
    gone = uniforms("mission/a/cancellation", 500) < 0.3
    runs = list(futures(campaign, 500, record=DATES))
    assert [future.status("a") is Status.CANCELLED for future in runs] == gone.tolist()
    assert {future.end("a") for future, is_gone in zip(runs, gone, strict=True) if is_gone} == {100.0}
    assert_share(gone, 0.3)
