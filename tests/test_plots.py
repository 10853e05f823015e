"""Plots, tested by the tables they draw and the data handed to the artists, not by pixels."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from sim import plots
from sim.analysis.estimates import wilson_interval
from sim.analysis.future import Future
from sim.analysis.results import Results
from sim.plots import style
from sim.plots.choose import MOST_MISSIONS, choose_missions
from sim.plots.rows import group_rows
from sim.plots.words import percent, plain, scenario_labels, shortened

SCENARIOS = ["baseline", "luna-27-fails", "late-reactor", "as-announced"]
FEW = SCENARIOS[:3]
N = 12
OUTCOMES = ["success", "launch-failure", "landing-failure", "cancelled", "underway", "waiting", "standby"]

Plot = Callable[..., Figure]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("plots")
    return sim.run(SCENARIOS, n=N, out=folder, workers=1, progress=False)


@pytest.fixture(scope="session")
def dates_only(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("dates")
    return sim.run("baseline", n=2, out=folder, workers=1, progress=False, record="dates")


@pytest.fixture(scope="session")
def future() -> Future:
    return sim.trace("baseline", 3)


ALL_PLOTS: dict[str, tuple[Plot, tuple[str, ...]]] = {
    "probability": (plots.probability_by_date, ("crewed-landing",)),
    "gantt": (plots.gantt, ()),
    "phases": (plots.phase_ribbon, ()),
    "power": (plots.power, ()),
    "missions": (plots.mission_outcomes, ()),
    "differences": (plots.differences, ()),
}


def lines_of(ax: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_xydata()) for line in ax.get_lines()}


def texts_of(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend_of(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def only_axes(figure: Figure) -> Axes:
    (ax,) = figure.axes
    return ax


# What holds for every plot


@pytest.mark.parametrize("name", ALL_PLOTS)
def test_a_plot_is_a_figure_that_a_notebook_shows_without_pyplot(results: Results, name: str) -> None:
    plot, arguments = ALL_PLOTS[name]
    figure = plot(results, *arguments)
    assert isinstance(figure, style.Picture)
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ALL_PLOTS)
def test_a_plot_draws_on_the_axes_it_is_given(results: Results, name: str) -> None:
    plot, arguments = ALL_PLOTS[name]
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    assert plot(results, *arguments, ax=right) is figure
    assert right.get_title(loc="left")
    assert not left.get_title(loc="left")


def test_a_plot_on_a_part_of_a_figure_gives_the_whole_figure(results: Results) -> None:
    figure = Figure(layout="constrained")
    part, _ = figure.subfigures(1, 2)
    assert plots.gantt(results, missions=["luna-26"], ax=part.subplots()) is figure


def test_every_plot_has_its_table_and_says_the_question_it_answers() -> None:
    for name in plots.__all__:
        if name.endswith("_table"):
            assert name.removesuffix("_table") in plots.__all__
        else:
            assert f"{name}_table" in plots.__all__
            assert (getattr(plots, name).__doc__ or "").splitlines()[0].endswith("?")


@pytest.mark.parametrize("name", [name for name in plots.__all__ if not name.endswith("_table")])
def test_every_plot_tells_a_newcomer_in_a_few_lines_how_to_read_it(name: str) -> None:
    paragraphs = (inspect.getdoc(getattr(plots, name)) or "").split("\n\n")
    assert "\n" not in paragraphs[0]
    how = [text for text in paragraphs if text.startswith("How to read it: ")]
    assert how == paragraphs[1:2], "one such paragraph, right after the question"
    assert how[0].count("\n") <= 2
    assert not set("`*_<") & set(how[0]), "plain text"


def test_importing_sim_loads_no_plots_and_plots_load_neither_pyplot_nor_the_engine() -> None:
    code = (
        "import sys, sim; assert 'matplotlib' not in sys.modules; "
        "sim.plots; import sim.report; assert 'matplotlib.pyplot' not in sys.modules; "
        "assert 'simpy' not in sys.modules and 'sim.model' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Probability by date


def test_the_curve_is_the_share_of_all_replications_that_have_reached_the_milestone(
    results: Results,
) -> None:
    table = plots.probability_by_date_table(results, "basic-model", ["baseline"])
    saved = results["baseline"].saved[0]
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index("basic-model")]
    for row in table.iloc[::40].to_dict("records"):
        day = (row["date"] - pd.Timestamp(0)).days
        assert row["probability"] == pytest.approx(np.sum(dates <= day) / N)
    assert table["replications"].eq(N).all()
    assert table["probability"].is_monotonic_increasing


def test_the_curve_ends_at_the_horizon_with_the_share_that_is_reached_at_all(results: Results) -> None:
    reached = results.milestones().set_index(["scenario", "milestone"])["reached"]
    for milestone in results.milestones()["milestone"].unique():
        table = plots.probability_by_date_table(results, milestone)
        last = table.groupby("scenario").last()
        assert last["date"].eq(pd.Timestamp("2051-01-01")).all()
        for scenario in SCENARIOS:
            assert last.loc[scenario, "probability"] == pytest.approx(reached[scenario, milestone])


def test_the_band_is_the_wilson_interval(results: Results) -> None:
    table = plots.probability_by_date_table(results, "crewed-landing", ["baseline"])
    low, high = wilson_interval((table["probability"] * N).to_numpy(), N)
    np.testing.assert_allclose(table["low"], low)
    np.testing.assert_allclose(table["high"], high)


def test_the_curves_that_are_drawn_are_the_table(results: Results) -> None:
    table = plots.probability_by_date_table(results, "crewed-landing")
    ax = only_axes(plots.probability_by_date(results, "crewed-landing"))
    for line, (_, curve) in zip(ax.get_lines(), table.groupby("scenario", sort=False), strict=False):
        np.testing.assert_allclose(line.get_ydata(), curve["probability"])
        np.testing.assert_allclose(np.asarray(line.get_xdata()), mdates.date2num(curve["date"]))
        assert line.get_drawstyle() == "steps-post"
    assert legend_of(ax)[:4] == ["Baseline", "Luna-27 fails", "Late reactor", "As announced"]


def test_bands_only_where_there_are_few_curves(results: Results) -> None:
    few = only_axes(plots.probability_by_date(results, "crewed-landing", FEW))
    assert len(few.collections) == 3
    many = only_axes(plots.probability_by_date(results, "crewed-landing"))
    assert len(many.collections) == 0


def test_a_milestone_that_is_never_reached_is_drawn_and_labelled(results: Results) -> None:
    ax = only_axes(plots.probability_by_date(results, "luna-27-landing", ["luna-27-fails"]))
    assert np.all(np.asarray(ax.get_lines()[0].get_ydata()) == 0)
    assert texts_of(ax) == ["0 %"]


def test_equal_ends_are_labelled_once_and_labels_keep_apart(results: Results) -> None:
    ax = only_axes(plots.probability_by_date(results, "luna-27-landing"))
    final = plots.probability_by_date_table(results, "luna-27-landing").groupby("scenario").last()
    assert len(ax.texts) == len({percent(share) for share in final["probability"] if share < 1})
    places = sorted(text.get_position()[1] for text in ax.texts)
    assert all(np.diff(places) > 0.03)


def test_planned_dates_are_marked(results: Results) -> None:
    ax = only_axes(plots.probability_by_date(results, "crewed-landing"))
    planned = results.milestones().set_index("milestone").loc["crewed-landing", "planned"].iloc[0]
    marks = [line for line in ax.get_lines() if line.get_marker() == "^"]
    assert [float(mark.get_xdata()[0]) for mark in marks] == [mdates.date2num(planned)]
    assert f"planned: {planned:%Y-%m-%d}" in legend_of(ax)


# Which missions are shown


def test_repeats_of_a_pattern_are_left_to_its_first_mission(results: Results) -> None:
    table = choose_missions(results.saved[0].meta["missions"]).set_index("mission")
    assert table.loc["station-cargo-1", "repeats"] > 5
    assert "station-cargo-2" not in table.index
    for kept in (
        "ilrs-1",
        "ilrs-2",
        "ilrs-5",
        "station-build-2",
        "station-build-3",
        "chang-e-8",
        "luna-28",
    ):
        assert table.loc[kept, "repeats"] == 1


def test_at_most_forty_missions_and_old_history_goes_first(results: Results) -> None:
    missions = results.saved[0].meta["missions"]
    table = choose_missions(missions)
    assert len(table) <= MOST_MISSIONS
    assert table["planned"].is_monotonic_increasing
    assert "chang-e-3" not in set(table["mission"])
    assert set(choose_missions(missions, history=False)["mission"]) <= set(table["mission"])


def test_missions_that_are_asked_for_are_shown_whatever_the_rule() -> None:
    about = [_mission(f"cargo-{n}", f"Cargo {n}", f"{2030 + n % 20}-01-01") for n in range(1, 51)]
    ids = [mission["id"] for mission in about]
    assert choose_missions(about)["mission"].tolist() == ["cargo-1"]
    asked = choose_missions(about, ids)
    assert sorted(asked["mission"]) == sorted(ids)
    assert asked["repeats"].eq(1).all()


def test_missions_without_a_planned_date_come_last() -> None:
    about = [_mission("spare", "Spare", None), _mission("first", "First", "2030-01-01")]
    assert choose_missions(about)["mission"].tolist() == ["first", "spare"]


# Gantt


def test_the_bars_are_the_quantiles_of_the_launches(results: Results) -> None:
    table = plots.gantt_table(results, "baseline")
    known = results["baseline"].missions().set_index("mission")
    for row in table.to_dict("records"):
        for column in ("p10", "p50", "p90", "launched"):
            expected = known.loc[row["mission"], column]
            assert row[column] == expected or (pd.isna(row[column]) and pd.isna(expected))


def test_the_bars_that_are_drawn_begin_at_p10_and_end_at_p90_or_the_horizon(results: Results) -> None:
    table = plots.gantt_table(results)
    ax = only_axes(plots.gantt(results))
    shown = table[table["p10"].notna() & ~table["history"]]
    horizon = mdates.date2num(pd.Timestamp("2051-01-01"))
    ends = [horizon if pd.isna(day) else mdates.date2num(day) for day in shown["p90"]]
    assert len(ax.patches) == len(shown)
    for bar, begin, end in zip(ax.patches, shown["p10"], ends, strict=True):
        assert bar.get_x() == pytest.approx(mdates.date2num(begin), abs=1)
        assert bar.get_x() + bar.get_width() == pytest.approx(end, abs=1)
    arrows = next(line for line in ax.get_lines() if line.get_marker() == ">")
    assert len(arrows.get_xdata()) == shown["p90"].isna().sum()


def test_programmes_stand_together_with_a_heading(results: Results) -> None:
    table = plots.gantt_table(results)
    groups = table["programme"].ne(table["programme"].shift()).sum()
    assert groups == table["programme"].nunique()
    for _, group in table.groupby("programme"):
        assert group["planned"].is_monotonic_increasing
    labels = [label.get_text() for label in only_axes(plots.gantt(results)).get_yticklabels()]
    assert len(labels) == len(table) + groups
    assert "Russian lunar programme" in labels


def test_the_share_launched_stands_beside_each_mission(results: Results) -> None:
    table = plots.gantt_table(results)
    ax = only_axes(plots.gantt(results))
    expected = ["flown" if row.history else percent(row.launched) for row in table.itertuples()]
    assert texts_of(ax)[1:] == expected


def test_a_future_tells_what_each_mission_spent_its_time_on(future: Future) -> None:
    table = plots.gantt_of_future_table(future)
    spans = future.spans()
    for mission, rows in table[table["kind"] == "span"].groupby("mission"):
        expected = spans[spans["mission"] == mission]
        assert rows["cause"].tolist() == expected["cause"].tolist()
        assert rows["start"].tolist() == expected["start"].tolist()
    assert not set(table["mission"]) & {row["id"] for row in future.meta["missions"] if row["history"]}


def test_the_spans_of_a_future_are_drawn_cause_by_cause(future: Future) -> None:
    table = plots.gantt_of_future_table(future)
    ax = only_axes(plots.gantt_of_future(future))
    drawn = {container.get_label(): container for container in ax.containers}
    for cause, rows in table[table["kind"] == "span"].groupby("cause"):
        bars = drawn[cause]
        widths = sorted(bar.get_width() for bar in bars)
        days = sorted((rows["end"] - rows["start"]) / pd.Timedelta(days=1))
        np.testing.assert_allclose(widths, days, atol=1e-4)
    launches = (table["kind"] == "launched").sum()
    assert len(lines_of(ax)["launched"]) == launches


def test_no_two_causes_look_the_same(future: Future) -> None:
    from sim.plots.future import CAUSE_FILLS

    assert set(future.meta["causes"]) <= set(CAUSE_FILLS)
    assert len(set(CAUSE_FILLS.values())) == len(CAUSE_FILLS)


# Phases, power, missions


@pytest.mark.parametrize("track", ["station", "presence"])
def test_the_phases_add_up_and_fill_the_ribbon(results: Results, track: str) -> None:
    table = plots.phase_ribbon_table(results, track=track)
    np.testing.assert_allclose(table.groupby("month")["share"].sum(), 1)
    ax = only_axes(plots.phase_ribbon(results, track=track))
    for area, (_, rows) in zip(ax.collections, table.groupby("phase", sort=False), strict=True):
        heights = area.get_paths()[0].vertices[:, 1]
        assert heights.max() - heights.min() >= rows["share"].max() - 1e-9
    assert ax.collections[0].get_paths()[0].vertices[:, 1].min() == 0


def test_every_phase_is_named_once_inside_or_in_the_legend(results: Results) -> None:
    ax = only_axes(plots.phase_ribbon(results))
    named = texts_of(ax) + ([] if ax.get_legend() is None else legend_of(ax))
    titles = results.saved[0].meta["tracks"][0]["titles"]
    assert sorted(name.removesuffix(" (never)") for name in named) == sorted(titles)


def test_power_is_drawn_against_the_load(results: Results) -> None:
    table = plots.power_table(results)
    ax = only_axes(plots.power(results))
    panels = ax.child_axes
    assert [panel.get_title() for panel in panels] == ["installed", "continuous", "firm"]
    for panel in panels:
        assert set(lines_of(panel)) == {f"{panel.get_title()}_power_kw", "load_kw"}
        for name, points in lines_of(panel).items():
            np.testing.assert_allclose(points[:, 1], table[table["series"] == name]["mean"])
    assert panels[0].get_ylabel() == "power [kW]"
    assert len({panel.get_ylim() for panel in panels}) == 1


def test_outcomes_add_up_and_are_stacked(results: Results) -> None:
    table = plots.mission_outcomes_table(results, "luna-27-fails")
    np.testing.assert_allclose(table[OUTCOMES].sum(axis=1), 1)
    row = table.set_index("mission").loc["luna-27a"]
    assert row["success"] == 0
    ax = only_axes(plots.mission_outcomes(results, "luna-27-fails"))
    ends = {}
    for container in ax.containers:
        for bar in container:
            assert bar.get_x() == pytest.approx(ends.get(bar.get_y(), 0))
            ends[bar.get_y()] = bar.get_x() + bar.get_width()
    np.testing.assert_allclose(list(ends.values()), 1)


def test_outcomes_are_told_apart_by_hatch_too(results: Results) -> None:
    ax = only_axes(plots.mission_outcomes(results))
    hatches = [container[0].get_hatch() for container in ax.containers]
    assert len(set(hatches)) == len(hatches)


# Differences


def test_differences_are_the_paired_ones_with_both_intervals(results: Results) -> None:
    table = plots.differences_table(results, milestone="basic-model")
    compared = results.compare().set_index(["scenario", "milestone"])
    for row in table.to_dict("records"):
        expected = compared.loc[(row["scenario"], "basic-model")]
        half = 1.6449 * expected["mean_months_se"]
        assert row["difference"] == pytest.approx(expected["mean_months"])
        assert row["high"] - row["difference"] == pytest.approx(half, rel=1e-3, abs=1e-9)
        assert row["unpaired_high"] - row["unpaired_low"] >= row["high"] - row["low"] - 1e-9


def test_shares_differ_in_percentage_points(results: Results) -> None:
    table = plots.differences_table(results, "late-reactor", quantity="reached").set_index(
        ["scenario", "milestone"]
    )
    reached = results.milestones().set_index(["scenario", "milestone"])["reached"]
    expected = reached["luna-27-fails", "luna-27-landing"] - reached["late-reactor", "luna-27-landing"]
    assert table.loc[("luna-27-fails", "luna-27-landing"), "difference"] == pytest.approx(100 * expected)


def test_a_row_for_each_milestone_and_scenario_and_a_word_where_a_date_is_not_reached(
    results: Results,
) -> None:
    table = plots.differences_table(results, quantity="p80_months")
    ax = only_axes(plots.differences(results, quantity="p80_months"))
    assert len(table) == 3 * len(results.saved[0].meta["milestones"])
    assert texts_of(ax) == [" n/a"] * int(table["difference"].isna().sum())
    points = [np.asarray(line.get_xdata()) for line in ax.get_lines() if line.get_marker() in "osD"]
    assert sum(len(point) for point in points) == len(table)


# Mistakes


def test_mistakes_name_what_there_is(results: Results) -> None:
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: plots.probability_by_date(results, "mars"), "`mars`; there are `south-pole-landing`"),
        (lambda: plots.probability_by_date(results, "crewed-landing", ["nope"]), "no scenario `nope`"),
        (lambda: plots.gantt(results, "nope"), "no scenario `nope`"),
        (lambda: plots.gantt(results, missions=["apollo-11"]), "no mission `apollo-11`"),
        (lambda: plots.phase_ribbon(results, track="moon"), "there are `station`, `presence`"),
        (lambda: plots.differences(results, quantity="weight"), "no quantity `weight`"),
        (lambda: plots.differences(results, milestone="mars"), "no milestone `mars`"),
        (lambda: plots.differences(results["baseline"]), "two scenarios at least"),
    ]
    for mistake, message in cases:
        with pytest.raises(sim.ResultsError, match=message):
            mistake()


@pytest.mark.parametrize("plot", [plots.phase_ribbon, plots.power])
def test_series_that_were_not_recorded_are_said_to_be_missing(dates_only: Results, plot: Plot) -> None:
    with pytest.raises(sim.ResultsError, match="--record series"):
        plot(dates_only)


def test_results_without_a_replication_are_said_to_be_empty(tmp_path: Path) -> None:
    empty = _without_chunks(sim.run("baseline", n=1, out=tmp_path, workers=1, progress=False))
    with pytest.raises(sim.ResultsError, match="no replication of `baseline` is completed"):
        plots.gantt(empty)
    assert plots.probability_by_date_table(empty, "crewed-landing")["probability"].isna().all()


# Words and styles


def test_hostile_titles_are_drawn_as_they_are(results: Results, tmp_path: Path) -> None:
    title = r"_<b>$\frac{1}{$</b> & " + "a very long title " * 8
    hostile = _retitled(results, tmp_path, title)
    for plot, arguments in ALL_PLOTS.values():
        assert plot(hostile, *arguments).canvas is not None
        style.as_png(plot(hostile, *arguments), 40)


def test_equal_titles_are_told_apart(results: Results, tmp_path: Path) -> None:
    same = _retitled(results, tmp_path, "Same")
    labels = scenario_labels(same.saved)
    assert labels["luna-27-fails"] == "Same (luna-27-fails)"
    assert len(set(labels.values())) == 4


def test_words_are_exact_where_it_matters() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.999, 1.0, float("nan"))] == [
        "0 %",
        "<1 %",
        ">99 %",
        "100 %",
        "n/a",
    ]
    assert plain("a\n$b$") == r"a \$b\$"
    assert shortened("short", 10) == "short"


def test_no_two_lines_and_no_two_fills_are_the_same() -> None:
    lines = [str(style.line_style(number)) for number in range(50)]
    fills = [style.fill_style(number) for number in range(60)]
    assert len(set(lines)) == 50
    assert len(set(fills)) == 60


@pytest.mark.parametrize(
    "positions", [[0.5] * 4, [0.0, 0.01, 0.02], [1.0, 0.99, 0.98, 0.1], [0.3, 0.32, 0.9], []]
)
def test_labels_keep_a_gap_their_order_and_the_bounds(positions: list[float]) -> None:
    moved = style.spread(positions, 0.1, 0, 1)
    assert len(moved) == len(positions)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in moved)
    assert all(np.diff(sorted(moved)) >= 0.1 - 1e-9)
    order = np.argsort(positions, kind="stable")
    assert np.all(np.diff(np.array(moved)[order]) > 0) if positions else moved == []


def test_rows_have_a_heading_for_each_group() -> None:
    rows = group_rows(["a", "b", "b"])
    assert rows.places == [1, 3, 4]
    assert rows.headings == [(0, "a"), (2, "b")]
    assert rows.count == 5


def _mission(name: str, title: str, planned: str | None) -> dict[str, object]:
    return {"id": name, "name": title, "programme": "p", "planned": planned, "history": False}


def _without_chunks(results: Results) -> Results:
    for path in results.folder.glob("scenarios/*/chunks/*.npz"):
        path.unlink()
    return sim.open_results(results.folder)


def _retitled(results: Results, folder: Path, title: str) -> Results:
    """A copy of results whose scenarios all have the same title."""
    import shutil

    copy = folder / "retitled"
    shutil.copytree(results.folder, copy)
    for path in copy.glob("scenarios/*/scenario.json"):
        about = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(about | {"title": title}), encoding="utf-8")
    return sim.open_results(copy)
