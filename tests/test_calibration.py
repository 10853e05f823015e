"""Calibration: closed forms, known answers recovered from simulated records, and the published fits."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from scipy.special import betaincinv, ndtri

from sim.analysis import calibration
from sim.evidence.calibrate import FILE, Calibration, as_data, calibrate, slug, text_of
from sim.evidence.cases import Case, announced_cases, columns, plans_in_force, weights
from sim.evidence.correlation import fit_correlation
from sim.evidence.growth import crow_amsaa, fit_fixes, logistic_slope, trial_failure_probability
from sim.evidence.lognormal import fit_lognormal, fit_stand_downs, product_limit
from sim.evidence.record import read_record
from sim.evidence.slips import POOL, SlipFit, fit_pool, fit_slips, log_likelihood
from sim.evidence.success import Hierarchy, jeffreys, probability_of_next
from sim.nature.luck import Luck

SEEN = date(2010, 1, 1)


@pytest.fixture(scope="module")
def fit() -> Calibration:
    return calibrate(read_record())


def uniforms(stream: str, count: int) -> np.ndarray:
    return Luck(11, 0, count).uniforms(stream)


# ------------------------------------------------------------------------------------- the shipped file


def test_the_shipped_fits_are_in_step_with_the_record(fit: Calibration) -> None:
    shipped, made = json.loads(FILE.read_text(encoding="utf-8")), as_data(fit)
    assert shipped.keys() == made.keys()
    for table in ("slips", "landings", "launchers", "stand_downs"):
        assert shipped[table].keys() == made[table].keys(), "run `ilrs calibrate --write`"
        for name, row in made[table].items():
            for key, value in row.items():
                told = f"{table}.{name}.{key}: run `ilrs calibrate --write`"
                wanted = value if isinstance(value, str) else pytest.approx(value, rel=0.01)
                assert shipped[table][name][key] == wanted, told
    assert text_of(shipped) == FILE.read_text(encoding="utf-8")


# -------------------------------------------------------------------------------------------- successes


def test_beta_binomial_closed_forms() -> None:
    flown = jeffreys(6, 7)
    assert flown.mean == pytest.approx(0.8125)
    assert probability_of_next(flown, 3, 3) == pytest.approx(0.57552, abs=1e-5)
    assert sum(probability_of_next(flown, k, 5) for k in range(6)) == pytest.approx(1)
    assert jeffreys(4, 4).interval()[0] == pytest.approx(0.638, abs=1e-3)


def test_the_published_landing_rates_come_out() -> None:
    rows = [row for row in read_record().landings if row.descended and row.counts]
    robotic = [row.success for row in rows if row.kind != "crewed"]
    assert jeffreys(sum(robotic), len(robotic)).mean == pytest.approx(0.544, abs=1e-3)
    low, high = jeffreys(sum(robotic), len(robotic)).interval()
    assert (low, high) == (pytest.approx(0.404, abs=1e-3), pytest.approx(0.681, abs=1e-3))


def test_a_family_borrows_strength_without_being_drowned(fit: Calibration) -> None:
    lost, unbroken = fit.families["Luna-Glob"], fit.families["Chang'e-5/6 lander"]
    pool = fit.landings["robotic-lander"].mean
    assert jeffreys(0, 1).mean < lost.mean < pool < unbroken.mean < jeffreys(2, 2).mean
    many = Hierarchy([(1, 2), (0, 1), (1, 1), (90, 100)])
    assert many.family(90, 100).mean == pytest.approx(0.9, abs=0.02)


def test_families_that_are_alike_are_pooled_more() -> None:
    alike = Hierarchy([(5, 10)] * 8)
    unlike = Hierarchy([(0, 10), (10, 10)] * 4)
    assert alike.concentration > 10 * unlike.concentration
    assert alike.family(0, 1).mean > unlike.family(0, 1).mean + 0.1
    assert unlike.heterogeneity()[0] > alike.heterogeneity()[0]
    assert Hierarchy([(3, 3)]).heterogeneity() == (0.0, 0)


def test_the_hierarchy_finds_the_beta_that_families_come_from() -> None:
    p = betaincinv(6.0, 2.0, uniforms("families", 300))
    tallies = [(int((uniforms(f"flight/{n}", 12) < value).sum()), 12) for n, value in enumerate(p)]
    found = Hierarchy(tallies).family()
    spread = float(np.sqrt(0.75 * 0.25 / 9 / 300)) + 1 / 120  # the grid of the mean is 1/60 wide
    assert found.mean == pytest.approx(0.75, abs=3 * spread)
    assert found.a + found.b == pytest.approx(8, rel=0.35)


# ----------------------------------------------------------------------------------------------- growth


def test_crow_amsaa_known_answers() -> None:
    times = crow_amsaa([2, 5, 11, 23, 50], 80)
    assert (times.shape, times.scale) == (
        pytest.approx(0.49202, abs=1e-5),
        pytest.approx(0.57890, abs=1e-5),
    )
    assert times.scale * times.shape * 80 ** (times.shape - 1) == pytest.approx(0.030751, abs=1e-6)
    trials = crow_amsaa([1, 2, 5], 10)
    assert (trials.shape, trials.scale) == (
        pytest.approx(0.65144, abs=1e-5),
        pytest.approx(0.66939, abs=1e-5),
    )
    success = [1 - trial_failure_probability(trials, n) for n in (1, 2, 5, 10, 11, 15)]
    assert success == pytest.approx([0.331, 0.618, 0.742, 0.801, 0.808, 0.828], abs=1e-3)


def test_growth_in_the_record_is_weak(fit: Calibration) -> None:
    slope = fit.growth.slope
    assert (slope.value, slope.error, slope.count) == (
        pytest.approx(1.09, abs=0.01), pytest.approx(0.57, abs=0.01), 33
    )  # fmt: skip
    assert fit.growth.fixes.fix_effectiveness.low < 0.28 < fit.growth.fixes.fix_effectiveness.high
    assert fit.growth.fixes.learning.low < 0.22 < fit.growth.fixes.learning.high
    assert all(law.interval[0] < 1 < law.interval[1] for law in fit.growth.power_laws.values())


def simulated_families(count: int, fix: float, learn: float) -> list[list[bool]]:
    families = []
    for n in range(count):
        failure, flights = 0.7, []
        for u in uniforms(f"growth/{n}", 8):
            flights.append(bool(u >= failure))
            failure *= (1 - learn) if flights[-1] else (1 - fix)
        families.append(flights)
    return families


def test_fix_effectiveness_and_learning_are_recovered() -> None:
    found = fit_fixes(simulated_families(150, 0.5, 0.1))
    assert found.fix_effectiveness.low - 0.05 < 0.5 < found.fix_effectiveness.high + 0.05
    assert found.learning.low - 0.05 < 0.1 < found.learning.high + 0.05
    assert found.first_failure.mean == pytest.approx(0.7, abs=0.1)
    assert logistic_slope(simulated_families(150, 0.5, 0.1)).value > 0.5


# ------------------------------------------------------------------------------------------ stand-downs

PUBLISHED = {  # mu, sigma, cases, censored: censored maximum likelihood, as here
    "launch-vehicle": (4.891, 1.270, 76, 4),
    "china": (5.469, 0.841, 15, 1),
    "russia": (4.253, 1.173, 43, 0),
    "soyuz": (3.163, 0.932, 15, 0),
    "proton": (4.310, 0.540, 16, 0),
    "frequent": (3.960, 1.023, 42, 0),
    "rare": (5.400, 0.887, 40, 0),
    "new-launcher": (6.227, 0.702, 14, 4),
    "lander": (6.973, 0.642, 7, 4),
    "lander-1963-1976": (4.406, 0.917, 22, 0),
    "crewed": (5.838, 1.115, 10, 0),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_stand_downs_come_out(fit: Calibration, name: str) -> None:
    found = fit.stand_downs[name]
    assert (found.mu, found.sigma) == pytest.approx(PUBLISHED[name][:2], abs=1.5e-3)
    assert (found.count, found.censored) == PUBLISHED[name][2:]


def test_without_censoring_the_fit_is_mean_and_deviation_of_the_logarithms() -> None:
    logs = np.array([3.0, 4.0, 4.5, 6.0])
    found = fit_lognormal(np.exp(logs), np.zeros(4, dtype=bool))
    assert (found.mu, found.sigma) == (
        pytest.approx(logs.mean(), abs=1e-5),
        pytest.approx(logs.std(), abs=1e-5),
    )
    assert found.errors[0] == pytest.approx(logs.std() / 2, rel=1e-3)


def test_a_censored_lognormal_is_recovered_where_dropping_would_bias() -> None:
    values = np.exp(5.0 + 0.8 * ndtri(uniforms("values", 400)))
    limits = np.exp(5.0 + 0.8 * ndtri(uniforms("limits", 400)))
    censored = limits < values
    found = fit_lognormal(np.minimum(values, limits), censored)
    assert found.mu == pytest.approx(5.0, abs=3 * found.errors[0])
    assert np.log(found.sigma) == pytest.approx(np.log(0.8), abs=3 * found.errors[1])
    assert np.log(values[~censored]).mean() < 5.0 - 3 * found.errors[0]
    with pytest.raises(ValueError, match="two durations"):
        fit_lognormal(np.array([3.0]), np.array([False]))


def test_product_limit_by_hand() -> None:
    times, share = product_limit(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, False]))
    assert times.tolist() == [1.0, 2.0, 3.0]
    assert share == pytest.approx([0.25, 0.5, 1.0])


def test_classes_without_two_ended_cases_are_left_out() -> None:
    assert fit_stand_downs(read_record().stand_downs[:1]) == {}


# ------------------------------------------------------------------------------------------------ slips


def simulated(group: str, missions: int, median: float, kept: float, censor: float = np.inf) -> list[Case]:
    """Plans of four years, of which a share is kept; launches after `censor` are not seen."""
    on_time = uniforms(f"{group}/kept", missions) < kept
    growth = median * np.exp(0.5 * ndtri(uniforms(f"{group}/growth", missions)))
    inside = 0.04 * (2 * uniforms(f"{group}/inside", missions) - 1)
    times = np.maximum(4.0 + np.where(on_time, 0.0, 4.0 * (growth - 1)) + inside, 0.01)
    return [
        Case(f"{group} {n}", group, "orbiter", SEEN, 4.0, 0.04, float(min(t, censor)), bool(t <= censor))
        for n, t in enumerate(times)
    ]


@pytest.mark.parametrize("censor", [np.inf, 8.0])
def test_slips_are_recovered_also_with_censoring(censor: float) -> None:
    found, _ = fit_pool(simulated("agency", 400, 2.0, 0.3, censor))
    assert found.mu == pytest.approx(np.log(2.0), abs=3 * found.errors[1])
    assert np.log(found.sigma) == pytest.approx(np.log(0.5), abs=3 * found.errors[2])
    assert found.theta[0] == pytest.approx(np.log(0.3 / 0.7), abs=3 * found.errors[0])


def test_a_short_record_is_drawn_to_the_pool_and_a_long_one_is_not() -> None:
    cases = (
        simulated("long", 120, 1.4, 0.2)
        + simulated("other", 120, 3.0, 0.2)
        + simulated("short", 1, 9.0, 0.0)
    )
    found = fit_slips(cases)
    assert found["long"].median == pytest.approx(1.4, rel=0.15)
    assert found["other"].median == pytest.approx(3.0, rel=0.15)
    assert 1.4 < found["short"].median < 6.0
    assert found["short"].errors[1] > 2 * found["long"].errors[1]


def test_a_mission_counts_once_whatever_its_announcements() -> None:
    cases = announced_cases(read_record())
    weight = weights(cases)
    assert weight.sum() == pytest.approx(len({case.mission for case in cases}))
    twice = [case for case in cases for _ in range(2)]
    theta, shared = np.array([-1.5, 0.8, -0.6]), np.log([5.0, 0.5])
    assert log_likelihood(columns(twice), theta, shared) == pytest.approx(
        log_likelihood(columns(cases), theta, shared)
    )


def test_the_cdf_has_its_mass_where_it_should() -> None:
    found = SlipFit(0.4, np.log(2.0), 0.3, 3.0, 0.5, (0.1, 0.0, 0.1), 9, 9, 9)
    assert found.cdf(2.0, 0.01, np.array([1.98]))[0] < 0.01
    assert found.cdf(2.0, 0.01, np.array([2.02]))[0] == pytest.approx(0.4, abs=0.02)
    assert found.cdf(2.0, 0.01, np.array([4.0]))[0] == pytest.approx(0.4 + 0.6 / 2, abs=0.01)
    assert found.cdf(10.0, 0.01, np.array([13.0]))[0] == pytest.approx(0.7, abs=0.01)  # the cap of 3 years
    assert found.cdf(0.0, 0.01, np.array([0.5]))[0] == pytest.approx(0.7, abs=0.02)  # the floor


def test_the_agencies_differ_as_published(fit: Calibration) -> None:
    assert set(fit.slips) >= {"roscosmos", "china", "nasa", "isro", "us-commercial", POOL}
    assert fit.slips["china"].median < fit.slips[POOL].median < fit.slips["roscosmos"].median
    low, high = np.exp(
        fit.slips["roscosmos"].mu + 1.645 * fit.slips["roscosmos"].errors[1] * np.array([-1, 1])
    )
    assert low < 2.65 < high  # the pooled lognormal of the published fit, on more missions
    assert fit.slips["roscosmos"].flown < fit.slips["roscosmos"].missions


def test_plans_of_a_series_move_together_more_than_not(fit: Calibration) -> None:
    luna = fit.correlations["luna"]
    assert luna.low < luna.value < luna.high
    rows = read_record().announcements
    pair = fit_correlation(rows, ["Luna-25", "Luna-27A"])
    assert pair is not None
    assert pair.value == pytest.approx(0.62, abs=0.25)
    assert fit_correlation(rows, ["Luna-25"]) is None


def test_the_plan_in_force_is_the_last_one_of_what_has_not_flown() -> None:
    plans = plans_in_force(read_record().announcements, date(2021, 1, 1))
    assert plans["Luna-25"].planned == date(2021, 10, 1)
    assert "Chang'e-5" not in plans
    assert "OrbitBeyond Z-01" not in plans


def test_names_of_classes() -> None:
    assert [slug(text) for text in ("US commercial", "CZ-3B (all 3B, 3B/E)")] == [
        "us-commercial",
        "cz-3b-all-3b-3b-e",
    ]


def test_the_tables_tell_interval_number_and_goodness_of_fit() -> None:
    fits = calibration.calibrated()
    slips = calibration.slips(fits)
    assert slips["inside_80"].between(0.5, 1).all()
    assert (slips["low"] < slips["median"]).all()
    assert (calibration.landings(fits)["low"] < calibration.landings(fits)["high"]).all()
    assert (calibration.stand_downs(fits)["distance"] < 1).all()
    assert "published" not in calibration.launchers(fits)["kind"].tolist()
    assert calibration.growth(fits)["what"].str.contains("Crow-AMSAA").any()
