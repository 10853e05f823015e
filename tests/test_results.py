"""Results: one object for one scenario and for many, lazily, with nothing dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.results import Results
from sim.scenario.load import load_scenario

NAMES = ["baseline", "luna-slips", "russia-withdraws", "november-2025"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("results")
    return sim.run(NAMES, n=30, out=folder, workers=1, progress=False)


def test_running_and_opening_give_the_same_object(results: Results) -> None:
    opened = sim.open_results(results.folder)
    assert type(opened) is type(results)
    assert opened.digest() == results.digest()
    pd.testing.assert_frame_equal(opened.milestones(), results.milestones())


def test_the_same_verbs_on_one_and_on_many(results: Results) -> None:
    for table in ("milestones", "missions", "series", "phases"):
        many = getattr(results, table)()
        one = getattr(results["luna-slips"], table)()
        assert list(many.columns) == list(one.columns)
        part = many[many["scenario"] == "luna-slips"].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, one)


def test_an_unknown_scenario_is_said_so(results: Results) -> None:
    with pytest.raises(sim.ResultsError, match="there is no scenario `nobody`"):
        results["nobody"]


def test_milestones_that_are_not_reached_are_censored(results: Results) -> None:
    table = results["baseline"].milestones().set_index("milestone")
    plant = table.loc["power-plant"]
    assert plant["replications"] == 30
    assert plant["reached"] < 0.8
    assert plant["p80"] is pd.NaT
    dates = results["baseline"].saved[0].dates("milestone_day")
    column = list(table.index).index("power-plant")
    assert plant["reached"] == np.isfinite(dates[:, column]).mean()
    assert plant["restricted_mean"] > table.loc["crewed-landing", "restricted_mean"]


def test_outcome_shares_of_a_mission_add_up(results: Results) -> None:
    table = results.missions()
    meanings = results.saved[0].meta["statuses"]
    np.testing.assert_allclose(table[meanings].sum(axis=1), 1)


def test_phase_shares_add_up(results: Results) -> None:
    sums = results.phases().groupby(["scenario", "track", "month"])["share"].sum()
    np.testing.assert_allclose(sums, 1)


def test_the_dataset_is_lazy_and_labelled(results: Results) -> None:
    dataset = results.dataset
    assert dict(dataset.sizes) | {"scenario": 4, "replication": 30} == dict(dataset.sizes)
    assert all(hasattr(variable.data, "dask") for variable in dataset.data_vars.values())
    baseline = dataset.milestone_date.sel(scenario="baseline", milestone="crewed-landing")
    days = (baseline.values - np.datetime64(0, "D")) / np.timedelta64(1, "D")
    saved = results["baseline"].saved[0]
    column = saved.ids("milestones").index("crewed-landing")
    np.testing.assert_allclose(days, saved.dates("milestone_day")[:, column], atol=1e-6)


def test_a_mission_of_one_scenario_is_nothing_in_another(results: Results) -> None:
    status = results.dataset.status.sel(mission="chinese-power-plant")
    assert (status.sel(scenario="baseline") == -1).all()
    assert (status.sel(scenario="russia-withdraws") >= 0).all()


def test_series_of_the_dataset_and_of_the_table_agree(results: Results) -> None:
    table = results.series().query("scenario == 'baseline' and series == 'firm_power_kw'")
    mean = results.dataset.firm_power_kw.sel(scenario="baseline", month=table["month"].to_numpy())
    np.testing.assert_allclose(mean.mean("replication"), table["mean"], rtol=1e-5)


def test_scenarios_with_another_data_date_keep_their_own_calendar(results: Results) -> None:
    november, baseline = results["november-2025"].saved[0], results["baseline"].saved[0]
    assert baseline.origin - november.origin == 312  # 2025-11-05 to 2026-09-13
    assert results.dataset.month.values[0] == np.datetime64("2025-11-01")


def test_differences_are_paired_and_show_what_pairing_gains(results: Results) -> None:
    table = results.compare("baseline").set_index(["scenario", "milestone"])
    luna = table.loc[("luna-slips", "luna-27-landing")]
    assert luna["mean_months"] > 0
    assert luna["mean_months_se"] < luna["mean_months_unpaired_se"]
    untouched = table.loc[("luna-slips", "south-pole-landing")]
    assert untouched["mean_months"] == untouched["mean_months_se"] == 0
    assert len(table) == 3 * 8


def test_comparison_with_another_reference_changes_the_sign(results: Results) -> None:
    there = results.compare("baseline").set_index(["scenario", "milestone"])["mean_months"]
    back = results.compare("luna-slips").set_index(["scenario", "milestone"])["mean_months"]
    key = "luna-27-landing"
    assert there["luna-slips", key] == pytest.approx(-back["baseline", key])


def test_results_print_themselves(results: Results) -> None:
    assert "30 replications" in repr(results)
    assert "not by 2051" in repr(results)
    assert "<table" in results._repr_html_()


def test_a_future_explains_itself() -> None:
    future = sim.trace("baseline", 3)
    reached = future.milestones().set_index("milestone")["reached"]
    for milestone, day in reached.items():
        path = future.path(str(milestone))
        if day is pd.NaT:
            assert path.empty
        else:
            origin = pd.Timestamp(future.meta["data_date"])
            assert path["days"].sum() == pytest.approx((day - origin).total_seconds() / 86400, abs=1e-4)
    assert "is launched" in future.story()
    assert "First Chinese crewed landing is launched (launch 2)" in future.story()
    with pytest.raises(KeyError, match="there is no milestone 'nothing'"):
        future.path("nothing")


def test_a_sweep_cannot_be_traced() -> None:
    with pytest.raises(ValueError, match="a sweep makes many scenarios; name one of them"):
        sim.trace("luna-slip-sweep", 0)


def test_a_loaded_scenario_can_be_run(tmp_path: Path) -> None:
    loaded = load_scenario("luna-slip-sweep")
    assert len(loaded) == 6
    assert len(sim.run(loaded[:2], n=2, out=tmp_path, workers=1, progress=False)) == 2


def test_public_names_exist() -> None:
    for name in sim.__all__:
        if name != "plots":
            assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        sim.nothing  # noqa: B018
