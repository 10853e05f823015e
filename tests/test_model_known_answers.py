"""Campaigns whose answer is known in closed form.

Where a value is a function of one uniform, the test works it out from the uniform itself and asks for
equality. Where a distribution is known, the replications must follow it within three standard errors, or
within the Kolmogorov-Smirnov bound that a right sample exceeds once in a thousand times. Seeds are fixed,
so that a test passes always or never.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import gamma

from sim.model.mission import scrub_count
from sim.model.replicate import replicate_one
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.terms import Status
from tests.bounds import DATES, MANY, Floats, assert_follows, assert_share, launches, slipping, slips
from tests.campaigns import TRANSIT, campaign_of, day, future_of, futures, mission, uniforms

# Slips


def test_hardware_date_is_the_lead_times_a_lognormal_growth() -> None:
    campaign = campaign_of({"a": mission(400)}, slip_classes={"kept": slipping(1.5, 0.3)})
    expected = 400 * 1.5 * np.exp(0.3 * ndtri(uniforms("mission/a/slip", 200)))
    np.testing.assert_allclose(launches(campaign, 200)["a"], expected, rtol=1e-12)


@pytest.mark.parametrize(("share", "z"), [(0.2, -0.8416212), (0.5, 0.0), (0.8, 0.8416212)])
def test_quantiles_of_the_hardware_date(share: float, z: float) -> None:
    campaign = campaign_of({"a": mission(400)}, slip_classes={"kept": slipping(1.5, 0.3)})
    ready = 400 + slips(campaign)["a"]
    quantile = 400 * 1.5 * math.exp(0.3 * z)
    assert_share(ready <= quantile, share)


def test_a_plan_that_is_kept_is_kept_to_the_day() -> None:
    campaign = campaign_of(
        {"a": mission(400)}, slip_classes={"kept": slipping(1.5, 0.3, on_time_probability=0.4)}
    )
    on_time = uniforms("mission/a/on-time", 300) < 0.4
    assert ((launches(campaign, 300)["a"] == 400) == on_time).all()
    assert_share(slips(campaign)["a"] == 0, 0.4)


def test_growth_below_one_brings_a_launch_forward_but_never_before_the_data_date() -> None:
    campaign = campaign_of({"a": mission(50)}, slip_classes={"kept": slipping(0.1, 1.0)})
    expected = 50 * 0.1 * np.exp(ndtri(uniforms("mission/a/slip", 200)))
    days = launches(campaign, 200)["a"]
    np.testing.assert_allclose(days, expected, rtol=1e-9)
    assert (days < 50).any()
    assert (days > 0).all()


def test_only_the_capped_lead_grows() -> None:
    slip = slipping(2.0, 0.3, lead_cap_years=1.0)
    campaign = campaign_of({"a": mission(1000), "b": mission(300)}, slip_classes={"kept": slip})
    days = launches(campaign, 100)
    growth = {name: 2.0 * np.exp(0.3 * ndtri(uniforms(f"mission/{name}/slip", 100))) for name in "ab"}
    np.testing.assert_allclose(days["a"], 1000 - 365.25 + 365.25 * growth["a"], rtol=1e-12)
    np.testing.assert_allclose(days["b"], 300 * growth["b"], rtol=1e-12)


def test_a_mission_takes_its_own_slip_class_before_its_programme_s() -> None:
    classes = {"late": slipping(2.0, 0.0)}
    campaign = campaign_of({"a": mission(100, slip="late"), "b": mission(100)}, slip_classes=classes)
    days = launches(campaign, 1)
    assert days["a"] == pytest.approx([200.0])
    assert days["b"] == [100.0]


@pytest.mark.parametrize("rho", [0.0, 0.25, 0.8, 1.0])
def test_logs_of_growth_correlate_within_a_programme_and_not_between(rho: float) -> None:
    other = {"name": "Other", "slip": "kept", "slip_correlation": rho}
    campaign = campaign_of(
        {"a": mission(100), "b": mission(300), "c": mission(300, programme="other")},
        slip_classes={"kept": slipping(1.5, 0.4)},
        programmes={"agency": {"slip_correlation": rho}, "other": other},
    )
    slip = slips(campaign)
    logs = {name: np.log1p(slip[name] / lead) for name, lead in (("a", 100), ("b", 300), ("c", 300))}
    for name in "abc":
        assert_follows(logs[name], lambda x: ndtr((x - math.log(1.5)) / 0.4))
    within = np.corrcoef(logs["a"], logs["b"])[0, 1]
    between = np.corrcoef(logs["a"], logs["c"])[0, 1]
    assert abs(within - rho) <= 3 * (1 - rho**2) / math.sqrt(MANY) + 1e-12
    assert abs(between) < 3 / math.sqrt(MANY)


def test_what_is_not_known_of_the_median_is_shared_by_all_missions_of_a_class() -> None:
    other = {"name": "Other", "slip": "kept", "slip_correlation": 0.0}
    campaign = campaign_of(
        {"a": mission(100), "b": mission(300, programme="other")},
        slip_classes={"kept": slipping(1.5, 0.4, median_uncertainty=0.3)},
        programmes={"other": other},
    )
    slip = slips(campaign)
    logs = {name: np.log1p(slip[name] / lead) for name, lead in (("a", 100), ("b", 300))}
    for name in "ab":
        assert_follows(logs[name], lambda x: ndtr((x - math.log(1.5)) / 0.5))
    rho = 0.3**2 / 0.5**2
    assert abs(np.corrcoef(logs["a"], logs["b"])[0, 1] - rho) < 3 * (1 - rho**2) / math.sqrt(MANY)


# Chains


def test_a_chain_waits_for_the_later_of_its_hardware_and_its_predecessor() -> None:
    campaign = campaign_of(
        {"a": mission(300), "b": mission(400, after=["a"])}, slip_classes={"kept": slipping(1.5, 0.4)}
    )
    sample = launches(campaign, 3000)["b"]

    def cdf(x: Floats) -> Floats:
        """Of the maximum of two independent lognormals, one of them ten days of transit later."""
        a = ndtr(np.log(np.maximum(x - TRANSIT, 1e-9) / (300 * 1.5)) / 0.4)
        return np.asarray(a * ndtr(np.log(x / (400 * 1.5)) / 0.4))

    assert_follows(sample, cdf)


def test_a_chain_of_waits_adds_up() -> None:
    """Three exponential transits one after the other: an Erlang distribution."""
    transit = {"exponential": {"mean": 50.0}}
    campaign = campaign_of(
        {
            "a": mission(100, transit_days=transit),
            "b": mission(0, transit_days=transit, after=["a"]),
            "c": mission(0, transit_days=transit, after=["b"]),
        },
        horizon="2060-01-01",
    )
    ends = np.array([future.end("c") for future in futures(campaign, 3000, record=DATES)])
    assert_follows(ends, lambda x: np.asarray(gamma(3, loc=100, scale=50).cdf(x)))


# Scrubs and shocks


def test_scrubs_are_geometric() -> None:
    pads = {"pad": {"scrub_probability": 0.4, "scrub_days": 3}}
    days = launches(campaign_of({"a": mission(100)}, pads=pads), 3000)["a"]
    scrubs = (days - 100) / 3
    assert (scrubs == np.round(scrubs)).all()
    for k in range(5):
        assert_share(scrubs == k, 0.6 * 0.4**k)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_a_scrub_count_is_the_inverse_of_the_geometric_distribution(probability: float) -> None:
    """At least k scrubs have the probability p ** k."""
    for k in range(1, 6):
        edge = probability**k
        assert scrub_count(edge * (1 - 1e-9), probability) == k
        assert scrub_count(edge * (1 + 1e-9), probability) == k - 1


def test_sure_things_need_no_luck() -> None:
    assert scrub_count(0.5, 0.0) == 0
    assert scrub_count(0.5, 1.0) > 1000


def test_poisson_shocks_come_at_exponential_gaps_and_add_exactly() -> None:
    shock = {"title": "Strike", "rate_per_year": 1.5, "months": 2, "hit_probability": 0.6}
    campaign = campaign_of({"a": mission(500)}, programmes={"agency": {"shocks": {"strike": shock}}})
    count = 300
    stream = "programme/agency/shock/strike"
    gaps = [-365.25 / 1.5 * np.log1p(-uniforms(f"{stream}/gap", count, n)) for n in range(20)]
    hits = [uniforms(f"{stream}/hits/a", count, n) < 0.6 for n in range(20)]
    expected = []
    for replication in range(count):
        ready, now = 500.0, 0.0
        for gap, hit in zip(gaps, hits, strict=True):
            now += gap[replication]
            if now < ready and hit[replication]:
                ready += 2 * 30.4375
        expected.append(ready)
    np.testing.assert_allclose(launches(campaign, count)["a"], expected, rtol=1e-12)
    unharmed = launches(campaign, 3000)["a"] == 500
    assert_share(unharmed, math.exp(-0.6 * 1.5 * 500 / 365.25))


# The shipped plan


def test_as_announced_every_planned_launch_takes_place_on_its_day() -> None:
    resolved = load_scenario("as-announced")[0]
    campaign = compile_campaign(resolved.scenario, resolved.name)
    planned = [
        n
        for n, row in enumerate(campaign.missions)
        if row.history is None and not row.is_standby and row.planned_day < campaign.horizon_days
    ]
    assert len(planned) > 50
    for replication in range(5):
        outcome = replicate_one(campaign, seed=1, replication=replication, record=DATES)
        late = {
            campaign.missions[n].id: (outcome.launch_day[n], campaign.missions[n].planned_day)
            for n in planned
            if outcome.launch_day[n] != campaign.missions[n].planned_day
        }
        assert late == {}
        assert set(outcome.status[planned]) <= {Status.SUCCESS, Status.UNDERWAY}
        assert outcome.attempts[planned].max() == 1


def test_a_first_flight_waits_for_the_window_in_which_the_second_can_follow() -> None:
    """One pad, 20 days between launches, a window of 10 days every 100: two flights need two windows."""
    tables = {
        "pads": {"pad": {"count": 1, "turnaround_days": 20}},
        "windows": {"w": {"first_open": day(0), "period_days": 100, "open_days": 10}},
        "destinations": {"moon": {"windows": ["w"]}},
    }
    for gap, launched, landed in ((95, 105.0, 200.0 + TRANSIT), (85, math.nan, math.nan)):
        pair = mission(50, destination="moon", flights=2, longest_gap_days=gap)
        future = future_of({"pair": pair}, **tables)
        assert future.launch("pair") == pytest.approx(launched, nan_ok=True)
        assert future.arrival("pair") == pytest.approx(landed, nan_ok=True)
