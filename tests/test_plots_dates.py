"""Probability by date, differences, phases and outcomes, tested by their tables and artists."""

from __future__ import annotations

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest

from sim import plots
from sim.analysis.estimates import wilson_interval
from sim.analysis.results import Results
from sim.plots.words import percent
from tests.conftest import SCENARIOS, N
from tests.drawn import labels_of, legend_of, lines_of, only_axes

OUTCOMES = ["success", "launch-failure", "landing-failure", "cancelled", "underway", "waiting", "standby"]

# Probability by date


def test_the_curve_is_the_share_of_all_replications_that_have_reached_the_milestone(
    batch: Results,
) -> None:
    table = plots.probability_by_date_table(batch, "basic-model", ["baseline"])
    saved = batch["baseline"].saved[0]
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index("basic-model")]
    for row in table.iloc[::40].to_dict("records"):
        day = (row["date"] - pd.Timestamp(0)).days
        assert row["probability"] == pytest.approx(np.sum(dates <= day) / N)
    assert table["replications"].eq(N).all()
    assert table["probability"].is_monotonic_increasing


def test_the_curve_ends_at_the_horizon_with_the_share_that_is_reached_at_all(batch: Results) -> None:
    reached = batch.milestones().set_index(["scenario", "milestone"])["reached"]
    for milestone in batch.milestones()["milestone"].unique():
        table = plots.probability_by_date_table(batch, milestone)
        last = table.groupby("scenario").last()
        assert last["date"].eq(pd.Timestamp("2051-01-01")).all()
        for scenario in SCENARIOS:
            assert last.loc[scenario, "probability"] == pytest.approx(reached[scenario, milestone])


def test_the_band_is_the_wilson_interval(batch: Results) -> None:
    table = plots.probability_by_date_table(batch, "crewed-landing", ["baseline"])
    low, high = wilson_interval((table["probability"] * N).to_numpy(), N)
    np.testing.assert_allclose(table["low"], low)
    np.testing.assert_allclose(table["high"], high)


def test_the_curves_that_are_drawn_are_the_table(batch: Results) -> None:
    table = plots.probability_by_date_table(batch, "crewed-landing")
    ax = only_axes(plots.probability_by_date(batch, "crewed-landing"))
    for line, (_, curve) in zip(ax.get_lines(), table.groupby("scenario", sort=False), strict=False):
        np.testing.assert_allclose(line.get_ydata(), curve["probability"])
        np.testing.assert_allclose(np.asarray(line.get_xdata()), mdates.date2num(curve["date"]))
        assert line.get_drawstyle() == "steps-post"
    assert legend_of(ax)[:4] == ["Baseline", "Luna-27 fails", "Late reactor", "As announced"]


def test_bands_only_where_there_are_few_curves(batch: Results) -> None:
    few = only_axes(plots.probability_by_date(batch, "crewed-landing", SCENARIOS[:3]))
    assert len(few.collections) == 3
    many = only_axes(plots.probability_by_date(batch, "crewed-landing"))
    assert len(many.collections) == 0


def test_a_milestone_that_is_never_reached_is_drawn_and_labelled(batch: Results) -> None:
    ax = only_axes(plots.probability_by_date(batch, "luna-27-landing", ["luna-27-fails"]))
    assert np.all(np.asarray(ax.get_lines()[0].get_ydata()) == 0)
    assert labels_of(ax) == ["0 %"]


def test_equal_ends_are_labelled_once_and_labels_keep_apart(batch: Results) -> None:
    ax = only_axes(plots.probability_by_date(batch, "luna-27-landing"))
    final = plots.probability_by_date_table(batch, "luna-27-landing").groupby("scenario").last()
    assert len(ax.texts) == len({percent(share) for share in final["probability"] if share < 1})
    places = sorted(text.get_position()[1] for text in ax.texts)
    assert all(np.diff(places) > 0.03)


def test_planned_dates_are_marked(batch: Results) -> None:
    ax = only_axes(plots.probability_by_date(batch, "crewed-landing"))
    planned = batch.milestones().set_index("milestone").loc["crewed-landing", "planned"].iloc[0]
    marks = [line for line in ax.get_lines() if line.get_marker() == "^"]
    assert [float(mark.get_xdata()[0]) for mark in marks] == [mdates.date2num(planned)]
    assert f"planned: {planned:%Y-%m-%d}" in legend_of(ax)


# Phases, power, missions


@pytest.mark.parametrize("track", ["station", "presence"])
def test_the_phases_add_up_and_fill_the_ribbon(batch: Results, track: str) -> None:
    table = plots.phase_ribbon_table(batch, track=track)
    np.testing.assert_allclose(table.groupby("month")["share"].sum(), 1)
    ax = only_axes(plots.phase_ribbon(batch, track=track))
    for area, (_, rows) in zip(ax.collections, table.groupby("phase", sort=False), strict=True):
        heights = area.get_paths()[0].vertices[:, 1]
        assert heights.max() - heights.min() >= rows["share"].max() - 1e-9
    assert ax.collections[0].get_paths()[0].vertices[:, 1].min() == 0


def test_every_phase_is_named_once_inside_or_in_the_legend(batch: Results) -> None:
    ax = only_axes(plots.phase_ribbon(batch))
    named = labels_of(ax) + ([] if ax.get_legend() is None else legend_of(ax))
    titles = batch.saved[0].meta["tracks"][0]["titles"]
    assert sorted(name.removesuffix(" (never)") for name in named) == sorted(titles)


def test_power_is_drawn_against_the_load(batch: Results) -> None:
    table = plots.power_table(batch)
    ax = only_axes(plots.power(batch))
    panels = ax.child_axes
    assert [panel.get_title() for panel in panels] == ["installed", "continuous", "firm"]
    for panel in panels:
        assert set(lines_of(panel)) == {f"{panel.get_title()}_power_kw", "load_kw"}
        for name, points in lines_of(panel).items():
            np.testing.assert_allclose(points[:, 1], table[table["series"] == name]["mean"])
    assert panels[0].get_ylabel() == "power [kW]"
    assert len({panel.get_ylim() for panel in panels}) == 1


def test_outcomes_add_up_and_are_stacked(batch: Results) -> None:
    table = plots.mission_outcomes_table(batch, "luna-27-fails")
    np.testing.assert_allclose(table[OUTCOMES].sum(axis=1), 1)
    row = table.set_index("mission").loc["luna-27a"]
    assert row["success"] == 0
    ax = only_axes(plots.mission_outcomes(batch, "luna-27-fails"))
    ends = {}
    for container in ax.containers:
        for bar in container:
            assert bar.get_x() == pytest.approx(ends.get(bar.get_y(), 0))
            ends[bar.get_y()] = bar.get_x() + bar.get_width()
    np.testing.assert_allclose(list(ends.values()), 1)


def test_outcomes_are_told_apart_by_hatch_too(batch: Results) -> None:
    ax = only_axes(plots.mission_outcomes(batch))
    hatches = [container[0].get_hatch() for container in ax.containers]
    assert len(set(hatches)) == len(hatches)


# Differences


def test_differences_are_the_paired_ones_with_both_intervals(batch: Results) -> None:
    table = plots.differences_table(batch, milestone="basic-model")
    compared = batch.compare().set_index(["scenario", "milestone"])
    for row in table.to_dict("records"):
        expected = compared.loc[(row["scenario"], "basic-model")]
        half = 1.6449 * expected["mean_months_se"]
        assert row["difference"] == pytest.approx(expected["mean_months"])
        assert row["high"] - row["difference"] == pytest.approx(half, rel=1e-3, abs=1e-9)
        assert row["unpaired_high"] - row["unpaired_low"] >= row["high"] - row["low"] - 1e-9


def test_shares_differ_in_percentage_points(batch: Results) -> None:
    table = plots.differences_table(batch, "late-reactor", quantity="reached").set_index(
        ["scenario", "milestone"]
    )
    reached = batch.milestones().set_index(["scenario", "milestone"])["reached"]
    expected = reached["luna-27-fails", "luna-27-landing"] - reached["late-reactor", "luna-27-landing"]
    assert table.loc[("luna-27-fails", "luna-27-landing"), "difference"] == pytest.approx(100 * expected)


def test_a_row_for_each_milestone_and_scenario_and_a_word_where_a_date_is_not_reached(
    batch: Results,
) -> None:
    table = plots.differences_table(batch, quantity="p80_months")
    ax = only_axes(plots.differences(batch, quantity="p80_months"))
    assert len(table) == 3 * len(batch.saved[0].meta["milestones"])
    assert labels_of(ax) == [" n/a"] * int(table["difference"].isna().sum())
    points = [np.asarray(line.get_xdata()) for line in ax.get_lines() if line.get_marker() in "osD"]
    assert sum(len(point) for point in points) == len(table)
