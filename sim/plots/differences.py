"""What does a scenario change, and how surely?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.estimates import Estimate
from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.plots.choose import require_completed, with_milestone
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    GREY,
    INK,
    MARKERS,
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
    line_style,
)
from sim.plots.words import listed, replications_in_words, scenario_labels


class Quantity(NamedTuple):
    """What is compared: its words, the unit of its axis, and how many of that unit one is in the table."""

    words: str
    axis: str
    scale: float


QUANTITIES = {
    "mean_months": Quantity("mean date", "later by [months], what is not reached at the horizon", 1),
    "p50_months": Quantity("P50 date", "later by [months]", 1),
    "p80_months": Quantity("P80 date", "later by [months]", 1),
    "reached": Quantity("share reached by the horizon", "more by [percentage points]", 100),
}


def differences(
    results: Results,
    reference: str | None = None,
    milestone: str | None = None,
    quantity: str = "mean_months",
    ax: Axes | None = None,
) -> Figure:
    """What does each scenario change against the reference, and how surely?

    How to read it: a point left of zero means earlier than in the reference, right of it later; if the
    thick line, the 90 percent interval, does not touch zero, the difference is hardly chance.

    The thick line is the interval on common random numbers, replication by replication; the thin line under
    it is what independent runs would have given. "n/a" stands where a date is not reached by the horizon.

    Args:
        results: two scenarios at least.
        reference: name of the reference; by default the first scenario.
        milestone: only this one; by default all.
        quantity: ``mean_months``, ``p50_months``, ``p80_months`` or ``reached``.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario, milestone or quantity, or nothing to compare with.
    """
    table = differences_table(results, reference, milestone, quantity)
    rows = group_rows(table["title"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=1.5))
    what = QUANTITIES[quantity]
    dress(ax, f"{what.words.capitalize()}: difference from {table['reference_label'].iloc[0]}", grid="x",
          room=0.85)  # fmt: skip
    name_rows(ax, rows, table["label"].tolist())
    ax.axvline(0, color=INK, linewidth=0.9)
    _draw_intervals(ax, table, np.array(rows.places, dtype=float))
    ax.set_xlabel(f"{what.axis}\n{replications_in_words(table['pairs'])}", fontsize=SMALL + 0.5)
    legend_below(ax, _samples(), side="right", lines_between=2)
    return figure_of(ax)


def differences_table(
    results: Results,
    reference: str | None = None,
    milestone: str | None = None,
    quantity: str = "mean_months",
) -> pd.DataFrame:
    """Differences of scenarios from the reference with their 90 percent intervals.

    Returns:
        Columns ``scenario``, ``label``, ``reference``, ``reference_label``, ``milestone``, ``title``,
        ``pairs``, ``difference``, ``low``, ``high``, ``unpaired_low``, ``unpaired_high``: months, or
        percentage points for ``reached``; nan where a date is not reached by the horizon.

    Raises:
        ResultsError: there is no such scenario, milestone or quantity, or nothing to compare with.
    """
    if quantity not in QUANTITIES:
        raise ResultsError(f"there is no quantity `{quantity}`; there are {listed(QUANTITIES)}")
    if milestone is not None:
        with_milestone(results, milestone)
    require_completed(results)
    compared = results.compare(reference)
    if compared.empty:
        raise ResultsError("nothing to compare: run two scenarios at least, with a milestone in common")
    table = _intervals(compared, quantity)
    labels = scenario_labels(results.saved)
    table.insert(1, "label", table["scenario"].map(labels))
    table.insert(3, "reference_label", table["reference"].map(labels))
    chosen = table if milestone is None else table[table["milestone"] == milestone]
    order = {name: number for number, name in enumerate(compared["milestone"].unique())}
    return chosen.sort_values("milestone", key=lambda names: names.map(order), kind="stable",
                              ignore_index=True)  # fmt: skip


def _intervals(compared: pd.DataFrame, quantity: str) -> pd.DataFrame:
    scale = QUANTITIES[quantity].scale
    value = compared[quantity] * scale
    table = compared[["scenario", "reference", "milestone", "title", "pairs"]].copy()
    table["difference"] = value
    for prefix, suffix in (("", "se"), ("unpaired_", "unpaired_se")):
        half = Estimate(0.0, 1.0).interval()[1] * compared[f"{quantity}_{suffix}"] * scale
        table[f"{prefix}low"], table[f"{prefix}high"] = value - half, value + half
    return table


def _draw_intervals(ax: Axes, table: pd.DataFrame, places: np.ndarray) -> None:
    """Draw each scenario in its own colour and marker; say where there is no difference to draw."""
    for number, scenario in enumerate(table["scenario"].unique()):
        mine = (table["scenario"] == scenario).to_numpy()
        rows, at = table[mine], places[mine]
        colour = line_style(number + 1)["color"]
        ax.hlines(at + 0.27, rows["unpaired_low"], rows["unpaired_high"], color=GREY, linewidth=1.1)
        ax.hlines(at, rows["low"], rows["high"], color=colour, linewidth=4.5)
        ax.plot(
            rows["difference"], at, linestyle="", marker=MARKERS[number % len(MARKERS)], markersize=6.5,
            markerfacecolor=colour, markeredgecolor="white", markeredgewidth=0.8, label=scenario, zorder=4,
        )  # fmt: skip
    for place in places[table["difference"].isna().to_numpy()]:
        ax.text(0, place, " n/a", fontsize=SMALL - 1, va="center", color=INK)


def _samples() -> list[LegendEntry]:
    paired = Line2D([], [], color=INK, linewidth=4.5, marker="o", markersize=6.5, markeredgecolor="white")
    return [
        (paired, "paired 90 % interval"),
        (Line2D([], [], color=GREY, linewidth=1.1), "if runs were independent"),
    ]
