"""What drives a date: answers that are known by hand."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.driven import Drivers
from sim.analysis.drivers import correlation_interval, first_order, rank_correlation
from sim.analysis.indices import CHANCE, factors
from sim.batch.store import ResultsError
from sim.cli import main
from sim.nature.calendar import DAYS_PER_MONTH
from sim.nature.luck import ChangedLuck, Luck
from tests.campaigns import mission, resolved

ADDED = {"uniform": {"low": 0.0, "high": 300.0}}
TRANSIT = {"uniform": {"low": 5.0, "high": 105.0}}


@pytest.fixture(scope="module")
def found() -> Drivers:
    """Arrival is ``100 + delay + transit``: uniform over 300 days (not known) and 100 days (chance)."""
    item = resolved(
        {
            "probe": mission(100, destination="moon", transit_days=TRANSIT),
            "other": mission(200),
        },
        delays={"probe": {"days": ADDED}, "other": {"days": ADDED}},
        milestones={"there": {"title": "There", "when": {"mission": "probe"}}},
    )
    return sim.studies.drivers(item, 600, tornado=20, sobol=400, workers=1, progress=False)


def test_the_tornado_is_the_range_of_the_unknown(found: Drivers) -> None:
    table = found.tornado("there").set_index("stream")
    row = table.loc["mission/probe/delay"]
    assert row["swing_months"] == pytest.approx(0.8 * 300 / DAYS_PER_MONTH)
    assert row["swing_months_se"] == pytest.approx(0, abs=1e-9)
    assert table.index[0] == "mission/probe/delay"
    assert (table["swing_months"].drop("mission/probe/delay") == 0).all()
    assert row["p10_reached"] == row["p90_reached"] == 1


def test_sobol_indices_are_the_shares_of_the_variance(found: Drivers) -> None:
    """Variances are as 300 squared to 100 squared, and nothing interacts."""
    table = found.indices("there").set_index("factor")
    delay = next(name for name in table.index if table.loc[name, "first"] > 0.5)
    for name, share in ((delay, 0.9), (CHANCE, 0.1)):
        row = table.loc[name]
        assert row["first"] == pytest.approx(share, abs=0.12)
        assert row["total"] == pytest.approx(share, abs=0.12)
        assert row["total_low"] < row["total"] < row["total_high"]
    assert (table.drop([delay, CHANCE])[["first", "total"]].abs().to_numpy() < 1e-9).all()
    assert found.replications == 600 + 20 * 2 * len(found.meta["unknowns"]) + 400 * (1 + len(table))


def test_rank_correlations_find_the_same_unknown(found: Drivers) -> None:
    table = found.correlations("there")
    assert table["stream"].iloc[0] == "mission/probe/delay"
    assert table["rank_correlation"].iloc[0] == pytest.approx(0.95, abs=0.03)
    first = table.iloc[0]
    assert abs(first["first_order"] - 0.9) < max(4 * first["first_order_se"], 0.03)
    assert first["fifths_months"] == pytest.approx(0.8 * 300 / DAYS_PER_MONTH, rel=0.1)
    others = table.iloc[1:]
    assert (others["rank_correlation"].abs() < 0.15).all()


def test_the_region_of_failure_is_that_of_the_delay(found: Drivers) -> None:
    """There by day 325 means a delay of less than about 170 days, the rest is mostly late."""
    by = str(np.datetime64("2030-01-01") + np.timedelta64(325, "D"))
    table = found.regions("there", by)
    worst, best = table.iloc[0], table.iloc[-1]
    assert "Mission: added delay in its highest" in worst["region"]
    assert worst["failing"] > 0.95
    assert best["failing"] < 0.1
    assert best["failing_low"] <= best["failing"] <= best["failing_high"]
    assert table["share"].sum() == pytest.approx(1)
    assert table["of_all_failures"].sum() == pytest.approx(1)
    never = found.regions("there")
    assert never["failing"].tolist() == [0.0] * len(never)


def test_the_register_says_what_matters(found: Drivers) -> None:
    table = found.assumptions()
    assert table["matters"].sum() == 1
    assert table.loc[table["matters"], "stream"].tolist() == ["mission/probe/delay"]


def test_saved_results_look_their_unknowns_up_again(tmp_path) -> None:
    item = resolved(
        {"probe": mission(100, destination="moon", transit_days=TRANSIT)},
        delays={"probe": {"days": ADDED}},
        milestones={"there": {"title": "There", "when": {"mission": "probe"}}},
    )
    how = {"workers": 1, "progress": False, "record": "dates"}
    plain = sim.run(item, 200, out=tmp_path / "plain", **how)
    nested = sim.run(item, draws=60, seeds=3, out=tmp_path / "nested", **how)
    blocks = sim.run(item, 128, luck="sobol", out=tmp_path / "sobol", **how)
    for results, count in ((plain, 200), (nested, 60), (blocks, 128)):
        table = results.drivers("there")
        assert table["replications"].iloc[0] == count
        assert table["rank_correlation"].iloc[0] > 0.9
        assert results.assumptions()["matters"].sum() == 1
    assert "added delay" in plain.regions("there", "2030-11-22")["region"].iloc[0]
    with pytest.raises(ResultsError, match="there is no milestone `lunch`; there are there"):
        plain.drivers("lunch")


def test_rank_correlation_and_first_order_on_known_functions() -> None:
    u, v = Luck(1, 0, 4000).uniforms("u"), Luck(1, 0, 4000).uniforms("v")
    assert rank_correlation(u, np.exp(u)) == pytest.approx(1)
    assert rank_correlation(u, np.zeros(4000)) == 0
    parabola = (u - 0.5) ** 2
    assert abs(rank_correlation(u, parabola)) < 0.05
    assert first_order(u, parabola)[0] > 0.9
    share, error = first_order(v, parabola)
    assert abs(share) < 4 * error + 0.005
    assert correlation_interval(0.0, 103)[1] == pytest.approx(np.tanh(1.645 / 10), rel=1e-3)


def test_unknowns_of_one_thing_are_one_factor() -> None:
    rows = [
        {"stream": f"family/luna/{what}", "index": 0, "title": f"Luna: {what}"} for what in ("a", "b")
    ] + [{"stream": "site/light", "index": 0, "title": "Site: light"}]
    assert factors(rows) == {
        "Luna": [("family/luna/a", 0), ("family/luna/b", 0)],
        "Site": [("site/light", 0)],
    }


def test_changed_luck_changes_only_what_it_says() -> None:
    plain, later = Luck(1, 3, 5), Luck(1, 13, 5)
    moved = ChangedLuck(1, 3, 5, {("c", 0): 0.1}, 10, frozenset({("a", 0)}))
    assert moved.uniforms("a").tolist() == later.uniforms("a").tolist()
    assert moved.uniforms("a", 1).tolist() == plain.uniforms("a", 1).tolist()
    assert moved.uniforms("c").tolist() == [0.1] * 5
    all_but = ChangedLuck(1, 3, 5, None, 10, frozenset({("a", 0)}), all_but=True)
    assert all_but.uniforms("a").tolist() == plain.uniforms("a").tolist()
    assert all_but.uniforms("b").tolist() == later.uniforms("b").tolist()


def test_plots_show_their_tables(found: Drivers) -> None:
    for plot in ("tornado", "rank_correlations", "sobol_indices", "failure_regions"):
        figure = getattr(sim.plots, plot)(found, "there")
        table = getattr(sim.plots, f"{plot}_table")(found, "there")
        assert "There" in figure.axes[0].get_title(loc="left")
        labels = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
        assert len([label for label in labels if label]) == len(table)
    bars = [patch.get_width() for patch in sim.plots.tornado(found, "there").axes[0].patches]
    assert max(bars) == pytest.approx(found.tornado("there")["p90_months"].max())


def test_what_was_not_run_is_said() -> None:
    item = resolved({"a": mission(100)}, milestones={"m": {"title": "M", "when": {"mission": "a"}}})
    found = sim.studies.drivers(item, 60, tornado=0, sobol=0, workers=1, progress=False)
    with pytest.raises(ResultsError, match="tornado=100"):
        found.tornado("m")
    with pytest.raises(ResultsError, match="sobol=128"):
        found.indices("m")


def test_the_command_knows_its_milestones() -> None:
    result = CliRunner().invoke(main, ["drivers", "baseline", "-m", "lunch"])
    assert result.exit_code == 2
    assert "there is no milestone `lunch`; there are" in result.output


def test_the_command_shows_and_writes_all_tables(tmp_path) -> None:
    arguments = [
        "drivers",
        "baseline",
        "-m",
        "crewed-landing",
        "-n",
        "60",
        "--tornado",
        "1",
        "--sobol",
        "2",
    ]
    arguments += ["--sobol", "2", "--workers", "1", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    for text in ("Tornado", "Rank correlations", "Sobol indices", "Where it is missed by the horizon"):
        assert text in result.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "tornado.csv", "tornado.png", "correlations.csv", "correlations.png", "sobol.csv", "sobol.png",
        "regions.csv", "regions.png", "assumptions.csv",
    }  # fmt: skip
