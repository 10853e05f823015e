"""Why is it late? Days by cause and mission: known answers, exact sums, honest counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import plots
from sim.analysis.attribution import chosen_futures, days_by
from sim.analysis.paths import Paths
from sim.analysis.results import Results
from sim.plots.style import Picture
from sim.scenario.load import Resolved
from tests.campaigns import day, mission
from tests.chains import LOSABLE, chain, chained
from tests.small import QUICK


def run(*scenarios: Resolved, n: int = 4, record: str = "paths") -> Results:
    return sim.run(list(scenarios), n=n, workers=1, progress=False, record=record)


@pytest.fixture(scope="module")
def baseline() -> Results:
    return sim.run(["baseline", "luna-slips"], n=25, workers=1, progress=False, record="paths")


# Known answers


def test_days_by_cause_and_mission_along_a_chain() -> None:
    found = run(chained("x", chain())).why("it")
    assert dict(found.causes()[["cause", "days"]].to_numpy()) == {
        "development": 100,
        "transit": 20,
        "commissioning": 7,
    }
    missions = found.missions().set_index("mission")
    assert missions["days"].to_dict() == {"a": 110, "b": 17}
    assert missions["criticality"].to_dict() == {"a": 1.0, "b": 1.0}
    assert missions.loc["b", ["enters", "leaves"]].tolist() == [110, 127]
    assert found.handovers()[["before", "after", "occurs"]].to_numpy().tolist() == [["a", "b", 1.0]]
    assert found.typical_path()["path"].tolist() == ["a > b"]
    assert found.mean_days.value == 127
    assert f"{found.mean_date:%Y-%m-%d}" == day(127)


def test_the_difference_of_two_scenarios_is_what_was_changed() -> None:
    late = chained("late", chain(), delays={"a": {"days": 30}})
    found = run(chained("x", chain()), late).why_different("it")
    assert found.causes().query("days != 0")[["cause", "days"]].to_numpy().tolist() == [["delay", 30]]
    assert found.missions().query("days != 0")[["mission", "days"]].to_numpy().tolist() == [["a", 30]]
    assert found.difference.value == 30
    assert found.only_one == 0


def test_what_only_one_scenario_reaches_counts_with_the_horizon() -> None:
    lost = chained("lost", chain(), force={"b": {"launch": "failure"}})
    results = run(chained("x", chain()), lost)
    found = results.why_different("it")
    horizon = results.saved[0].horizon - results.saved[0].origin
    assert found.causes()[["cause", "days"]].to_numpy().tolist() == [["not-reached", horizon - 127]]
    assert found.difference.value == horizon - 127
    assert (found.both, found.only_one) == (0, 4)


def test_what_is_never_reached_has_no_path_and_is_said_so() -> None:
    results = run(chained("x", chain()))
    with pytest.raises(sim.ResultsError, match="no replication of `x` reaches `never`"):
        results.why("never")


def test_mistakes_name_what_to_do(tmp_path: Path) -> None:
    series = run(chained("x", chain()), record="series")
    with pytest.raises(sim.ResultsError, match="--record paths"):
        series.why("it")
    results = run(chained("x", chain()))
    with pytest.raises(sim.ResultsError, match="there is no milestone `nowhere`"):
        results.why("nowhere")
    with pytest.raises(sim.ResultsError, match="best-fifth"):
        results.why("it", futures="lucky")


def test_censored_replications_are_counted_and_left_out() -> None:
    families = {"lander": LOSABLE}
    losable = chain(b=mission(50, name="B", after=["a"], family="lander"))
    results = run(chained("x", losable, families=families, idealise=[]), n=60)
    found = results.why("it")
    days = results.saved[0].read("milestone_day")[:, 0]
    assert 0 < found.reached == int(np.isfinite(days).sum()) < 60
    assert found.mean_days.value == pytest.approx(np.nanmean(days))
    assert f"{60 - found.reached} of 60 do not reach it" in found.included_in_words


# Sums


@pytest.mark.parametrize("futures", ["all", "best-fifth", "worst-fifth"])
def test_everything_adds_up_to_the_mean_date(baseline: Results, futures: str) -> None:
    for milestone in ("crewed-landing", "station-visit", "south-pole-landing"):
        found = baseline.why(milestone, futures=futures)
        for table in (found.causes(), found.missions(), found.pieces()):
            assert table["days"].sum() == pytest.approx(found.mean_days.value, abs=1e-6)
            assert table["share"].sum() == pytest.approx(1)
        dates = np.sort(found.paths.days[np.isfinite(found.paths.days)])
        ends = {
            "all": dates,
            "best-fifth": dates[: len(found.included)],
            "worst-fifth": dates[-len(found.included) :],
        }
        assert found.mean_days.value == pytest.approx(ends[futures].mean())


@pytest.mark.parametrize("milestone", ["luna-27-landing", "crewed-landing", "permanent-presence"])
def test_a_difference_adds_up_to_that_of_the_comparison(baseline: Results, milestone: str) -> None:
    found = baseline.why_different(milestone)
    compared = baseline.compare().set_index("milestone").loc[milestone]
    assert found.difference.value / 30.4375 == pytest.approx(compared["mean_months"])
    for table in (found.causes(), found.missions()):
        assert table["days"].sum() == pytest.approx(found.difference.value, abs=1e-6)


@QUICK
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.floats(0.01, 1e4)), max_size=40))
def test_days_by_any_key_tile_each_replication(pieces: list[tuple[int, int, float]]) -> None:
    rows = sorted(pieces, key=lambda piece: piece[0])
    replication = np.array([row[0] for row in rows], dtype=np.int64)
    keys = np.array([row[1] for row in rows], dtype=np.int64)
    length = np.array([row[2] for row in rows])
    start = np.zeros(len(rows))
    paths = Paths(replication, keys, keys, start, start + length, np.zeros(6), np.ones(6, dtype=bool))
    _, days = days_by(paths, keys, np.arange(6))
    np.testing.assert_allclose(days.sum(axis=1), np.bincount(replication, length, minlength=6))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_a_fifth_is_the_earliest_or_the_latest(days: list[float]) -> None:
    values, everyone = np.array(days), np.arange(len(days))
    best, worst = (chosen_futures(values, everyone, name) for name in ("best-fifth", "worst-fifth"))
    assert len(best) == len(worst) == -(-len(days) // 5)
    assert values[best].max() <= np.sort(values)[len(best) - 1]
    assert values[worst].min() >= np.sort(values)[-len(worst)]


# Plots


def test_the_waterfall_leads_from_the_data_date_to_the_mean_date(baseline: Results) -> None:
    table = plots.waterfall_table(baseline, "crewed-landing")
    bars, total = table.iloc[:-1], table.iloc[-1]
    assert bars["start"].iloc[0] == 0
    np.testing.assert_allclose(bars["start"].iloc[1:], bars["end"].iloc[:-1])
    assert bars["end"].iloc[-1] == pytest.approx(total["end"])
    (ax,) = plots.waterfall(baseline, "crewed-landing").axes
    assert len(ax.patches) == len(table)


def test_the_waterfall_of_a_difference_leads_from_one_mean_date_to_the_other(baseline: Results) -> None:
    table = plots.waterfall_of_difference_table(baseline, "luna-27-landing")
    first, bars, last = table.iloc[0], table.iloc[1:-1], table.iloc[-1]
    assert bars["start"].iloc[0] == pytest.approx(first["end"])
    assert bars["end"].iloc[-1] == pytest.approx(last["end"])
    assert isinstance(plots.waterfall_of_difference(baseline, "luna-27-landing"), Picture)


def test_the_path_diagram_shows_who_is_often_on_the_path(baseline: Results) -> None:
    table = plots.path_diagram_table(baseline, "crewed-landing")
    nodes, edges = table[table["after"] == ""], table[table["after"] != ""]
    assert nodes["share"].max() == 1.0
    assert set(edges["mission"]) | set(edges["after"]) <= set(nodes["mission"])
    assert nodes["leaves"].is_monotonic_increasing
    (ax,) = plots.path_diagram(baseline, "crewed-landing").axes
    assert [text.get_text() for text in ax.get_yticklabels()] == nodes["name"].tolist()


def test_tables_have_the_columns_they_promise(baseline: Results) -> None:
    found = baseline.why("crewed-landing")
    assert list(found.causes().columns) == ["cause", "days", "days_se", "share", "occurs"]
    assert "stand-down" in repr(found) or "slip" in repr(found)
    assert isinstance(found.pieces(), pd.DataFrame)
