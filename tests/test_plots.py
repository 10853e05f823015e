"""What holds for every plot: its table, its question, its mistakes, its words; not its pixels."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import sim
from sim import plots
from sim.analysis.results import Results
from sim.plots import style
from sim.plots.rows import group_rows
from sim.plots.words import percent, plain, scenario_labels, shortened
from tests.drawn import Plot

ALL_PLOTS: dict[str, tuple[Plot, tuple[str, ...]]] = {
    "probability": (plots.probability_by_date, ("crewed-landing",)),
    "gantt": (plots.gantt, ()),
    "phases": (plots.phase_ribbon, ()),
    "power": (plots.power, ()),
    "missions": (plots.mission_outcomes, ()),
    "differences": (plots.differences, ()),
}


@pytest.mark.parametrize("name", ALL_PLOTS)
def test_a_plot_is_a_figure_that_a_notebook_shows_without_pyplot(batch: Results, name: str) -> None:
    plot, arguments = ALL_PLOTS[name]
    figure = plot(batch, *arguments)
    assert isinstance(figure, style.Picture)
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ALL_PLOTS)
def test_a_plot_draws_on_the_axes_it_is_given(batch: Results, name: str) -> None:
    plot, arguments = ALL_PLOTS[name]
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    assert plot(batch, *arguments, ax=right) is figure
    assert right.get_title(loc="left")
    assert not left.get_title(loc="left")


def test_a_plot_on_a_part_of_a_figure_gives_the_whole_figure(batch: Results) -> None:
    figure = Figure(layout="constrained")
    part, _ = figure.subfigures(1, 2)
    assert plots.gantt(batch, missions=["luna-26"], ax=part.subplots()) is figure


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


# Mistakes


def test_mistakes_name_what_there_is(batch: Results) -> None:
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: plots.probability_by_date(batch, "mars"), "`mars`; there are `south-pole-landing`"),
        (lambda: plots.probability_by_date(batch, "crewed-landing", ["nope"]), "no scenario `nope`"),
        (lambda: plots.gantt(batch, "nope"), "no scenario `nope`"),
        (lambda: plots.gantt(batch, missions=["apollo-11"]), "no mission `apollo-11`"),
        (lambda: plots.phase_ribbon(batch, track="moon"), "there are `station`, `presence`"),
        (lambda: plots.differences(batch, quantity="weight"), "no quantity `weight`"),
        (lambda: plots.differences(batch, milestone="mars"), "no milestone `mars`"),
        (lambda: plots.differences(batch["baseline"]), "two scenarios at least"),
    ]
    for mistake, message in cases:
        with pytest.raises(sim.ResultsError, match=message):
            mistake()


@pytest.mark.parametrize("plot", [plots.phase_ribbon, plots.power])
def test_series_that_were_not_recorded_are_said_to_be_missing(dates_batch: Results, plot: Plot) -> None:
    with pytest.raises(sim.ResultsError, match="--record series"):
        plot(dates_batch)


def test_results_without_a_replication_are_said_to_be_empty(tmp_path: Path) -> None:
    empty = _without_chunks(sim.run("baseline", n=1, out=tmp_path, workers=1, progress=False))
    with pytest.raises(sim.ResultsError, match="no replication of `baseline` is completed"):
        plots.gantt(empty)
    assert plots.probability_by_date_table(empty, "crewed-landing")["probability"].isna().all()


# Words and styles


def test_hostile_titles_are_drawn_as_they_are(batch: Results, tmp_path: Path) -> None:
    title = r"_<b>$\frac{1}{$</b> & " + "a very long title " * 8
    hostile = _retitled(batch, tmp_path, title)
    for plot, arguments in ALL_PLOTS.values():
        assert plot(hostile, *arguments).canvas is not None
        style.as_png(plot(hostile, *arguments), 40)


def test_equal_titles_are_told_apart(batch: Results, tmp_path: Path) -> None:
    same = _retitled(batch, tmp_path, "Same")
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


def _without_chunks(batch: Results) -> Results:
    for path in batch.folder.glob("scenarios/*/chunks/*.npz"):
        path.unlink()
    return sim.open_results(batch.folder)


def _retitled(batch: Results, folder: Path, title: str) -> Results:
    """A copy of batch whose scenarios all have the same title."""
    import shutil

    copy = folder / "retitled"
    shutil.copytree(batch.folder, copy)
    for path in copy.glob("scenarios/*/scenario.json"):
        about = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(about | {"title": title}), encoding="utf-8")
    return sim.open_results(copy)
