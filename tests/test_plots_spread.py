"""Plots of how things spread: slips, landed mass, what the station can do, precision; by known answers."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import plots
from sim.analysis.estimates import z_value
from sim.analysis.precision import needed
from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.nature.calendar import DAYS_PER_MONTH
from tests.drawn import assert_nothing_overlaps, texts_of
from tests.made import NEVER, Made, day, reaching, results_of

N = 12
NAMES = ["slips", "landed_mass", "capability"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("spread")
    return sim.run("baseline", n=N, out=folder, workers=1, progress=False)


@pytest.mark.parametrize("name", NAMES)
def test_the_texts_of_a_plot_keep_apart(results: Results, name: str) -> None:
    assert_nothing_overlaps(getattr(plots, name)(results))


# Slips


def mission(name: str, planned: str, history: bool = False) -> dict[str, object]:
    return {"id": name, "name": name, "programme": "p", "planned": planned, "history": history}


def launches(*columns: list[float]) -> Results:
    about = [
        mission("late", "2031-01-01"),
        mission("first", "2030-06-01"),
        mission("flown", "2023-08-10", history=True),
        mission("unplanned", "2020-01-01", history=True),
    ]
    said = [
        {"announced": "2016-01-01", "planned": ["2019-01-01", "2019-12-31"], "at": None},
        {"announced": "2012-01-01", "planned": ["2015-01-01", "2015-12-31"], "at": "2015-08-10"},
    ]
    plans = {"flown": {"announcements": said}, "unplanned": {"announcements": []}}
    days = np.array(columns, dtype=float).T
    whole = np.full((len(days), 4), day("2023-08-10"))
    whole[:, : days.shape[1]] = days
    arrays = {
        "status": np.zeros(whole.shape, dtype=int),
        "launch_day": whole,
        "attempts": np.ones(whole.shape),
    }
    meta = {"missions": about, "effective": {"missions": plans}, "statuses": ["success"]}
    return results_of(Made(meta, arrays))


def test_a_slip_is_the_launch_less_the_plan() -> None:
    late = [day("2031-01-01") + DAYS_PER_MONTH * (n + 1) for n in range(10)]
    never = [day("2030-06-01")] * 7 + [NEVER] * 3
    table = plots.slips_table(launches(late, never)).set_index("mission")
    assert table.index.tolist() == ["flown", "first", "late"], "in the order of the plans"
    assert table.loc["late", ["p10", "p50", "p90"]].tolist() == pytest.approx([1, 5, 9])
    assert table.loc["late", "never"] == 0
    assert table.loc["first", ["p10", "p50"]].tolist() == [0, 0]
    assert np.isnan(table.loc["first", "p90"])
    assert table.loc["first", "never"] == pytest.approx(0.3)


def test_what_was_flown_slipped_from_its_first_plan() -> None:
    table = plots.slips_table(launches([day("2031-02-01")] * 10)).set_index("mission")
    # announced in 2012 for August 2015, launched eight years later
    assert table.loc["flown", "p50"] == pytest.approx(8 * 12, abs=0.1)
    assert "unplanned" not in table.index


def test_slips_are_drawn_from_p10_to_p90_and_open_where_many_never_launch() -> None:
    late = [day("2031-01-01") + DAYS_PER_MONTH * (n + 1) for n in range(10)]
    figure = plots.slips(launches(late, [day("2030-06-01")] * 7 + [NEVER] * 3))
    ax = figure.axes[0]
    (lines,) = ax.collections
    drawn = {place: (start, end) for (start, place), (end, _) in lines.get_segments()}
    assert drawn[2.0] == pytest.approx((1, 9))
    assert drawn[1.0] == pytest.approx((0, ax.get_xlim()[1]))
    said = texts_of(figure)
    assert {"flown", "30 %", "0 %", "2031 late", "P90 not by the horizon"} <= set(said)
    assert_nothing_overlaps(figure)


def test_slips_of_the_baseline_show_the_flown_and_the_planned(results: Results) -> None:
    table = plots.slips_table(results)
    assert table["planned"].is_monotonic_increasing
    assert table["history"].any()
    own = results.missions().set_index("mission").loc["luna-26"]
    row = table.set_index("mission").loc["luna-26"]
    assert row["p50"] == pytest.approx(own["slip_days"] / DAYS_PER_MONTH, abs=0.1)


# Landed mass and what the station can do


def test_landed_mass_never_falls_and_ends_at_what_is_saved(results: Results) -> None:
    table = plots.landed_mass_table(results)
    assert (table["mean"].diff().dropna() >= -1e-9).all()
    saved = results.saved[0]
    row = saved.meta["series"].index("landed_mass_kg")
    last = np.concatenate([values[:, row] for _, values in saved.series_blocks("series")], axis=1)[:, -1]
    assert table["mean"].iloc[-1] == pytest.approx(last.mean() / 1000, rel=1e-5)
    assert table["p50"].iloc[-1] == pytest.approx(np.median(last) / 1000, rel=1e-5)


def test_what_the_station_can_do_are_series_of_the_results(results: Results) -> None:
    table = plots.capability_table(results)
    means = results.series().pivot(index="month", columns="series", values="mean")
    for name, rows in table.groupby("series"):
        np.testing.assert_allclose(rows["mean"], means[name], rtol=1e-5, atol=1e-6)
    assert len(plots.capability(results).axes[0].child_axes) == table["series"].nunique() == 3


def test_series_are_needed_for_both(results: Results) -> None:
    dates = Results(results.folder, results.batch | {"record": "dates"}, results.saved)
    for name in ("landed_mass", "capability"):
        with pytest.raises(ResultsError, match="no monthly series"):
            getattr(plots, name)(dates)


# Precision


def test_the_half_width_of_the_mean_is_that_of_the_normal_interval() -> None:
    days = np.random.default_rng(7).normal(day("2040-01-01"), 300, 800)
    table = plots.precision_table(results_of(reaching(days)), "goal")
    last = table[table["quantity"] == "mean"].iloc[-1]
    expected = z_value(0.9) * days.std(ddof=1) / np.sqrt(800) / DAYS_PER_MONTH
    assert last["replications"] == 800
    assert last["half_width"] == pytest.approx(expected)
    assert last["needed"] == needed(expected, 800, 1.0)


def test_half_widths_shrink_with_the_root_of_the_number() -> None:
    days = np.random.default_rng(7).normal(day("2040-01-01"), 300, 3000)
    table = plots.precision_table(results_of(reaching(days)), "goal")
    for _, part in table.groupby("quantity"):
        scaled = part["half_width"] * np.sqrt(part["replications"])
        late = scaled[part["replications"] > 200]
        assert late.max() / late.min() < 1.6
    # 300 days are 9.86 months; half of the interval of the mean of n is 1.645 * 9.86 / sqrt(n)
    assert needed(1.645 * 9.86 / np.sqrt(3000), 3000, 1.0) == pytest.approx(263, abs=1)


def test_a_quantile_beyond_the_horizon_has_no_precision() -> None:
    days = [day("2040-01-01") + n for n in range(60)] + [NEVER] * 40
    results = results_of(reaching(days))
    table = plots.precision_table(results, "goal").groupby("quantity").tail(1)
    table = table.set_index("quantity")
    assert np.isnan(table.loc["p80", "half_width"])
    assert table["needed"].isna().to_dict() == {"mean": False, "p50": False, "p80": True}
    figure = plots.precision(results, "goal")
    assert any("P80 date: may lie beyond the horizon" in text for text in texts_of(figure))
    assert_nothing_overlaps(figure)


def test_one_replication_and_one_date_can_be_drawn() -> None:
    for days in ([day("2040-01-01")], [day("2040-01-01")] * 50):
        assert_nothing_overlaps(plots.precision(results_of(reaching(days)), "goal"))


def test_precision_says_what_a_month_takes() -> None:
    days = np.random.default_rng(3).normal(day("2040-01-01"), 900, 100)
    figure = plots.precision(results_of(reaching(days)), "goal")
    assert any(text.startswith("mean date: ±") and "a month takes" in text for text in texts_of(figure))
    with pytest.raises(ResultsError, match="no milestone `nothing`"):
        plots.precision(results_of(reaching(days)), "nothing")
