"""Estimates against known answers; what is censored is never dropped."""

from __future__ import annotations

from math import inf, isinf, isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis import estimates as est
from sim.nature.luck import Luck


def normal(stream: str, count: int, first: int = 0) -> np.ndarray:
    return stats.norm.ppf(Luck(1, first, count).uniforms(stream))


def test_an_estimate_prints_rounded_to_its_error() -> None:
    assert str(est.Estimate(0.8438, 0.0162)) == "0.844 +- 0.016"
    assert str(est.Estimate(513.1, 26.0)) == "513 +- 26"
    assert str(est.Estimate(nan, 1.0)) == "n/a"


def test_a_quantile_counts_what_was_not_reached() -> None:
    dates = np.array([10.0, 20.0, 30.0, nan, nan])
    ordered = est.ranked(dates)
    assert est.quantile(ordered, 0.5) == 30.0
    assert est.quantile(ordered, 0.6) == 30.0
    assert isinf(est.quantile(ordered, 0.8))


@given(st.lists(st.floats(0, 1e4) | st.just(nan), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_at_least_the_share_has_happened_by_the_quantile(dates: list[float], p: float) -> None:
    values = np.array(dates)
    day = est.quantile(est.ranked(values), p)
    happened = np.where(np.isnan(values), inf, values) <= day
    assert happened.mean() >= p - 1e-12
    earlier = np.where(np.isnan(values), inf, values) < day
    assert earlier.mean() < p + 1e-12


def test_share_has_the_binomial_error() -> None:
    share = est.share(30, 120)
    assert share.value == 0.25
    assert share.standard_error == pytest.approx(sqrt(0.25 * 0.75 / 120))


def test_wilson_interval_against_a_published_value() -> None:
    low, high = est.wilson_interval(0.0, 10, 0.95)  # Agresti and Coull 1998: z^2 / (n + z^2)
    assert (low, high) == (0.0, pytest.approx(1.96**2 / (10 + 1.96**2), abs=1e-4))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_quantile_intervals_cover_as_often_as_they_say(p: float) -> None:
    truth = stats.norm.ppf(p)
    samples = normal("coverage", 1500 * 80).reshape(1500, 80)
    hits = 0
    for sample in samples:
        low, high = est.quantile_interval(np.sort(sample), p)
        hits += low <= truth <= high
    assert hits / 1500 == pytest.approx(0.9, abs=3 * sqrt(0.9 * 0.1 / 1500) + 0.02)


def test_a_quantile_interval_is_open_where_the_sample_ends() -> None:
    low, high = est.quantile_interval(np.array([1.0, 2.0, 3.0]), 0.9)
    assert low == 1.0 or low > 1.0
    assert isinf(high)


def test_the_restricted_mean_uses_every_replication() -> None:
    cut = est.restricted(np.array([10.0, nan, 40.0]), 30.0)
    assert cut.tolist() == [10.0, 30.0, 30.0]
    assert est.mean(cut).value == pytest.approx(70 / 3)


def test_pairing_removes_what_is_common() -> None:
    common, noise = normal("common", 400) * 100, normal("noise", 400)
    paired = est.mean_difference(common + 5 + noise, common, paired=True)
    unpaired = est.mean_difference(common + 5 + noise, common, paired=False)
    assert paired.value == unpaired.value == pytest.approx(5, abs=0.3)
    assert paired.standard_error == pytest.approx(1 / sqrt(400), rel=0.1)
    assert unpaired.standard_error == pytest.approx(100 * sqrt(2 / 400), rel=0.1)


@pytest.mark.parametrize("paired", [True, False])
def test_quantile_differences_have_the_right_error(paired: bool) -> None:
    values, errors = [], []
    for run in range(300):
        common = np.exp(0.5 * normal("size", 300, 300 * run)) * 1000
        other = np.exp(0.5 * normal("other size", 300, 300 * run)) * 1000
        noise = 50 * normal("jitter", 300, 300 * run)
        estimate = est.quantile_difference(common + noise, common if paired else other, 0.5, paired)
        values.append(estimate.value)
        errors.append(estimate.standard_error)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.2)


def test_a_quantile_that_is_not_reached_has_no_difference() -> None:
    left, right = np.array([1.0, 2.0, nan, nan]), np.array([1.0, 2.0, 3.0, 4.0])
    assert isnan(est.quantile_difference(left, right, 0.8, paired=True).value)


def test_equal_dates_have_no_spread() -> None:
    dates = np.full(50, 7.0)
    estimate = est.quantile_difference(dates, dates, 0.5, paired=True)
    assert (estimate.value, estimate.standard_error) == (0.0, 0.0)
