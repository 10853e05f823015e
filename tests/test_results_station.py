"""Results of the station: adequacy, energy, people, elements, gates, output, with their errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, beta, ecdf

import sim
from sim.analysis.elements import kinds, lives_of
from sim.analysis.estimates import mean
from sim.analysis.gates import _weights_of_last
from sim.analysis.people import jeffreys_interval, occupied
from sim.analysis.periods import periods, rate
from sim.analysis.results import Results
from sim.analysis.survival import lasting, survival

NAMES = ["baseline", "no-reactor"]
N = 40
VERBS = ["adequacy", "energy", "crew", "stays", "elements", "alone", "gates", "output", "stores"]
RATES = ["lolh", "eue_kwh", "lolf"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("station")
    return sim.run(NAMES, n=N, out=folder, workers=1, progress=False)


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_verbs_on_one_and_on_many(results: Results, verb: str) -> None:
    many, one = getattr(results, verb)(), getattr(results["no-reactor"], verb)()
    part = many[many["scenario"] == "no-reactor"].reset_index(drop=True)
    assert len(one)
    pd.testing.assert_frame_equal(part, one)


# Adequacy and energy


@pytest.mark.parametrize("by", ["year", "phase"])
@pytest.mark.parametrize("name", RATES)
def test_what_periods_have_adds_up_to_the_whole(results: Results, by: str, name: str) -> None:
    """A rate times the years in the period, and times the replications that were in it, is an amount."""

    def amounts(table: pd.DataFrame) -> pd.Series:
        amount = table[name] * table["years"] * table["replications"]
        return amount.groupby([table["scenario"], table["load_class"]]).sum()

    whole = amounts(results.adequacy())
    assert whole.max() > 0
    pd.testing.assert_series_equal(amounts(results.adequacy(by=by)), whole, rtol=1e-9)


def test_shortfalls_begin_as_often_as_they_were_counted(results: Results) -> None:
    table = results["baseline"].adequacy().set_index("load_class")
    saved = results["baseline"].saved[0]
    counted = saved.values("shortfalls").mean(axis=0)
    years = (saved.horizon - saved.origin) / 365.25
    assert counted.sum() > 0
    for name, count in zip(saved.meta["load_classes"], counted, strict=True):
        assert table.loc[name, "lolf"] * years == pytest.approx(count)


def test_energy_not_served_is_the_same_from_months_and_from_totals(results: Results) -> None:
    expected = results["no-reactor"].energy().set_index("part")["kwh"]["not-served"]
    row = results["no-reactor"].adequacy().set_index("load_class").loc["any"]
    assert row["eue_kwh"] * row["years"] == pytest.approx(expected, rel=1e-4)
    classes = results["no-reactor"].adequacy().set_index("load_class").drop("any")
    assert classes["eue_kwh"].sum() == pytest.approx(row["eue_kwh"])
    assert classes["lolh"].max() <= row["lolh"] <= classes["lolh"].sum()


def test_a_shortfall_is_a_share_of_replications_with_its_error(results: Results) -> None:
    saved = results["baseline"].saved[0]
    short = (saved.values("shortfalls") > 0).mean(axis=0)
    table = results["baseline"].adequacy().set_index("load_class").drop("any")
    np.testing.assert_allclose(table["lolp"], short)
    np.testing.assert_allclose(table["lolp_se"], np.sqrt(short * (1 - short) / N))
    longest = saved.values("longest_shortfall_h")
    np.testing.assert_allclose(table["longest_h"], longest.mean(axis=0))
    np.testing.assert_allclose(table["longest_h_max"], longest.max(axis=0))


def test_generated_energy_is_served_stored_lost_or_curtailed(results: Results) -> None:
    for _, table in results.energy().groupby("scenario"):
        kwh = table.set_index("part")["kwh"]
        assert kwh["generated"] == pytest.approx(kwh[["served", "stored", "lost", "curtailed"]].sum())
        assert kwh["generated"] > 0
    yearly = results["no-reactor"].energy(by="year")
    served = yearly[yearly["part"] == "served"]
    total = results["no-reactor"].energy().set_index("part")["kwh"]["served"]
    assert (served["kwh"] * served["years"]).sum() == pytest.approx(total, rel=1e-4)
    assert not yearly.loc[yearly["part"] == "fission", "kwh"].any()


def test_the_error_of_a_rate_is_that_of_a_mean_where_all_are_exposed_alike() -> None:
    amounts = np.array([0.0, 3.0, 1.0, 8.0])
    found = rate(amounts, np.full(4, 2.0))
    assert (found.value, found.standard_error) == (1.5, pytest.approx(mean(amounts / 2).standard_error))
    proportional = rate(3 * amounts, amounts)
    assert (proportional.value, proportional.standard_error) == (3.0, pytest.approx(0.0))
    assert np.isnan(rate(amounts, np.zeros(4)).value)


def test_months_of_a_phase_are_those_in_which_it_is_in_force(results: Results) -> None:
    saved = results["baseline"].saved[0]
    found = periods(saved, ["load_kw"], "phase", "presence")
    lengths = np.diff(saved.month_edges) * 24
    phases = saved.read("phases")[:, saved.ids("tracks").index("presence")]
    for number, period in enumerate(found):
        np.testing.assert_allclose(period.hours, ((phases == number) * lengths).sum(axis=1))
    np.testing.assert_allclose(sum(p.hours for p in found), (saved.horizon - saved.origin) * 24)


def test_what_was_not_recorded_is_said(tmp_path: Path, results: Results) -> None:
    dates = sim.run("baseline", n=2, out=tmp_path, workers=1, progress=False, record="dates")
    with pytest.raises(sim.ResultsError, match="--record series"):
        dates.adequacy()
    assert len(dates.energy()) == 6
    with pytest.raises(sim.ResultsError, match="by is None, 'year' or 'phase', not 'week'"):
        results.adequacy(by="week")  # type: ignore[arg-type]
    with pytest.raises(sim.ResultsError, match="no track `weather`; there are `station`, `presence`"):
        results.adequacy(by="phase", track="weather")


# People


def test_crew_days_by_year_add_up(results: Results) -> None:
    years = results["baseline"].crew(by="year")
    lengths = [period.hours[0] / 8766 for period in periods(results["baseline"].saved[0], [], "year")]
    total = results["baseline"].crew()["crew_days"].iloc[0]
    assert total > 0
    assert (years["crew_days"] * lengths).sum() == pytest.approx(total, rel=1e-4)
    assert years["tended"].between(0, 1).all()


def test_time_with_people_counts_overlapping_stays_once(results: Results) -> None:
    saved = results["baseline"].saved[0]
    edges = np.linspace(0, saved.horizon - saved.origin, 20001)
    fine = occupied(saved, edges)
    people = [n for n, row in enumerate(saved.meta["missions"]) if row["crewed"] and row["at_station"]]
    arrived = saved.values("arrival_day")[:, people]
    left = arrived + np.nan_to_num(saved.values("stay_days")[:, people], nan=1e9)
    middles = (edges[1:] + edges[:-1]) / 2
    row = int(np.argmax(fine.sum(axis=1)))
    inside = ((middles[:, None] > arrived[row]) & (middles[:, None] < left[row])).any(axis=1)
    assert inside.any()
    step = edges[1] - edges[0]
    assert fine[row].sum() == pytest.approx((inside * step).sum(), abs=40 * step)
    assert fine.max() <= step * (1 + 1e-9)


def test_the_interval_of_a_small_probability() -> None:
    assert jeffreys_interval(3, 50) == pytest.approx(tuple(beta.ppf([0.05, 0.95], 3.5, 47.5)))
    low, high = jeffreys_interval(0, 50)
    assert (low, high) == (0.0, pytest.approx(beta.ppf(0.9, 0.5, 50.5)))
    assert jeffreys_interval(50, 50)[1] == 1.0
    assert jeffreys_interval(0, 0) == (0.0, 1.0)


def test_every_stay_that_is_over_has_one_end(results: Results) -> None:
    table = results.stays()
    seen = table[table["stays"] > 0]
    shares = seen.groupby(["scenario", "stage"])["share"].sum()
    assert len(shares) > 2
    np.testing.assert_allclose(shares, 1)


# Elements and functions


def test_survival_is_that_of_kaplan_and_meier_with_greenwoods_error() -> None:
    rng_free = np.array([0.5, 1.0, 1.0, 1.5, 2.0, 2.0, 3.0, 3.5, 4.0, 5.0])
    ended = np.array([True, True, False, True, False, True, True, False, True, False])
    reference = ecdf(CensoredData(uncensored=rng_free[ended], right=rng_free[~ended])).sf
    found = survival(rng_free, ended, np.arange(10), reference.quantiles)
    np.testing.assert_allclose(found.alive, reference.probabilities)
    risk = np.array([(rng_free >= t).sum() for t in reference.quantiles])
    deaths = np.array([(ended & (rng_free == t)).sum() for t in reference.quantiles])
    greenwood = reference.probabilities * np.sqrt(np.cumsum(deaths / (risk * (risk - deaths))))
    np.testing.assert_allclose(found.error, greenwood)
    assert np.isnan(survival(rng_free, ended, np.arange(10), np.array([6.0])).alive).all()


def test_what_shares_its_fate_counts_once() -> None:
    lasted, ended = np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False])
    grid = np.array([1.5, 3.5])
    one = survival(lasted, ended, np.arange(4), grid)
    same = survival(np.repeat(lasted, 9), np.repeat(ended, 9), np.repeat(np.arange(4), 9), grid)
    alone = survival(np.repeat(lasted, 9), np.repeat(ended, 9), np.arange(36), grid)
    np.testing.assert_allclose(same.alive, one.alive)
    np.testing.assert_allclose(same.error, one.error)
    np.testing.assert_allclose(alone.error, one.error / 3)
    assert lasting(np.repeat(lasted, 9), np.repeat(ended, 9), 0.75) == 1.0
    assert lasting(lasted, np.zeros(4, dtype=bool)) == np.inf


def test_fates_add_up_and_lives_end_with_them(results: Results) -> None:
    table = results["baseline"].elements().set_index("element")
    saved = results["baseline"].saved[0]
    came = table[table["came"] > 0]
    np.testing.assert_allclose(came[saved.meta["fates"][1:]].sum(axis=1), 1)
    for kind in came.index:
        lives = lives_of(saved, kind)
        gone = came.loc[kind, ["worn-out", "frozen", "never-worked"]].sum()
        assert lives.ended.mean() == pytest.approx(gone)
    assert table["declared"].sum() == len(saved.meta["elements"])
    assert set(kinds(saved)) == set(table.index)


def test_functions_that_are_missing_at_the_beginning_are_told_apart(results: Results) -> None:
    saved = results["baseline"].saved[0]
    table = results["baseline"].alone()
    lost = saved.values("function_lost_day")[np.isfinite(saved.values("alone_from"))]
    np.testing.assert_allclose(table["there"], 1 - np.isneginf(lost).mean(axis=0))
    some = lost[~np.isneginf(lost[:, 0]), 0]
    assert table["still_there"].iloc[0] == pytest.approx(np.isnan(some).mean())


# Gates, output, stores, the dataset


def test_the_conditions_that_came_last_add_up_to_the_gates_that_opened(results: Results) -> None:
    table = results.gates()
    sums = table.groupby(["scenario", "gate"]).agg(last=("last", "sum"), opens=("opens", "first"))
    np.testing.assert_allclose(sums["last"], sums["opens"])
    assert (table["held"] + table["missing"]).to_numpy() == pytest.approx(1)
    assert (table["only_missing"] <= table["missing"]).all()
    assert table.loc[table["missing"] > 0.5, "p50"].isna().all()


def test_conditions_that_come_together_share_the_blame() -> None:
    days = np.array([[1.0, 5.0, 5.0], [9.0, 2.0, 3.0], [1.0, np.nan, 2.0]])
    weights = _weights_of_last(days, np.isfinite(days).all(axis=1))
    np.testing.assert_array_equal(weights, [[0, 0.5, 0.5], [1, 0, 0], [0, 0, 0]])


def test_products_are_counted_alike_by_month_and_in_total(results: Results) -> None:
    made = results.output().set_index(["scenario", "output"])["total"]
    stores = results.stores().set_index(["scenario", "commodity"])
    assert stores["produced"].max() > 0
    for key, row in stores[stores["produced"] > 0].iterrows():
        assert made[key] == pytest.approx(row["produced"], rel=1e-4)
    phases = results.output(by="phase").groupby(["scenario", "output"])["total"].sum()
    pd.testing.assert_series_equal(phases.sort_index(), made.sort_index(), rtol=1e-6)


def test_the_dataset_names_what_the_station_did(results: Results) -> None:
    dataset = results.dataset
    saved = results["no-reactor"].saved[0]
    one = dataset.sel(scenario="no-reactor")
    sizes = {"element": "elements", "gate_part": "gate_parts", "commodity": "commodities"}
    for dim, table in sizes.items():
        assert set(dataset[dim].values) >= set(_ids(saved.meta, table))
    np.testing.assert_allclose(one.energy.sel(energy_part="lost"), saved.values("energy_kwh")[:, 3])
    np.testing.assert_allclose(one.shortfalls.sel(load_class="science"), saved.values("shortfalls")[:, 3])
    assert dataset.element_fate.attrs["meanings"] == saved.meta["fates"]
    assert dataset.energy.attrs["units"] == "kWh"
    fates = dataset.element_fate.sel(scenario="no-reactor", element="ilrs-1/battery-600kwh/1")
    assert (fates >= 0).all()


def _ids(meta: dict[str, list[dict[str, str]]], table: str) -> list[str]:
    if table == "commodities":
        return [row["id"] for row in meta[table]]
    if table == "gate_parts":
        return [f"{meta[table][0]['gate']}/1"]
    return [f"{meta[table][0]['mission']}/{meta[table][0]['element']}/1"]
