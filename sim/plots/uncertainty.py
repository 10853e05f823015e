"""How much of the uncertainty could knowledge remove?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.estimates import Estimate
from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    INK,
    SKY,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
)
from sim.plots.words import scenario_labels

QUANTITIES = {
    "band": ("Width of the P10-P90 band of the date", "months"),
    "variance": ("Variance of the date", "share of it [%]"),
    "reached": ("Variance of reaching it by the horizon", "share of it [%]"),
}


def uncertainty(
    results: Results,
    milestone: str | None = None,
    quantity: str = "band",
    ax: Axes | None = None,
) -> Figure:
    """How much of the uncertainty of a date could knowledge remove, and how much is chance?

    How to read it: the whole bar is the uncertainty of a date; the hatched part could be removed by knowing
    more, the plain part is chance and would stay.

    The line is the 90 percent interval of the border between the two. Dates that are not reached count as
    the horizon.

    Args:
        results: a nested batch.
        milestone: only this one; by default all.
        quantity: ``band``, ``variance`` (of the date) or ``reached``.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: the results are not nested, or there is no such milestone or quantity.
    """
    table = uncertainty_table(results, milestone, quantity)
    rows = group_rows(table["title"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=1.5))
    words, unit = QUANTITIES[quantity]
    dress(ax, f"{words}: what is chance, and what knowledge could remove", grid="x", room=0.85)
    name_rows(ax, rows, table["label"].tolist())
    places = np.array(rows.places, dtype=float)
    chance, knowledge = Fill(SKY), Fill(VERMILLION, "///")
    left = table["chance"].clip(lower=0)
    ax.barh(places, left, height=0.62, **chance.properties())
    ax.barh(places, (table["whole"] - left).clip(lower=0), left=left, height=0.62, **knowledge.properties())
    ax.hlines(places, table["low"].clip(lower=0), table["high"], color=INK, linewidth=1.6)
    draws = f"{table['draws'].max()} draws of what is not known, {table['seeds'].max()} of chance each"
    ax.set_xlabel(f"{unit}\n{draws}", fontsize=SMALL + 0.5)
    ax.set_xlim(left=0)
    entries: list[LegendEntry] = [
        (chance.patch(), "chance: would be left if we knew"),
        (knowledge.patch(), "ignorance: knowledge could remove it"),
        (Line2D([], [], color=INK, linewidth=1.6), "90 % interval of the border"),
    ]
    legend_below(ax, entries, side="right", lines_between=2)
    return figure_of(ax)


def uncertainty_table(
    results: Results, milestone: str | None = None, quantity: str = "band"
) -> pd.DataFrame:
    """What would be left of an uncertainty if we knew, beside the whole, with a 90 percent interval.

    Returns:
        Columns ``scenario``, ``label``, ``milestone``, ``title``, ``draws``, ``seeds``, ``whole``,
        ``chance``, ``low``, ``high``: months for ``band``, percent for the others.

    Raises:
        ResultsError: the results are not nested, or there is no such milestone or quantity.
    """
    if quantity not in QUANTITIES:
        raise ResultsError(f"there is no quantity `{quantity}`; there are {', '.join(QUANTITIES)}")
    found = results.uncertainty(milestone)
    table = found[["scenario", "milestone", "title", "draws", "seeds"]].copy()
    table.insert(1, "label", table["scenario"].map(scenario_labels(results.saved)))
    if quantity == "band":
        table["whole"], table["chance"] = found["band_months"], found["chance_band_months"]
        error = found["chance_band_months_se"]
    else:
        name = "knowledge_share" if quantity == "variance" else "reached_knowledge_share"
        table["whole"], table["chance"] = 100.0, 100 * (1 - found[name])
        error = 100 * found[f"{name}_se"]
    half = Estimate(0.0, 1.0).interval()[1] * error
    table["low"], table["high"] = table["chance"] - half, table["chance"] + half
    order = {name: number for number, name in enumerate(found["milestone"].unique())}
    return table.sort_values("milestone", key=lambda names: names.map(order), kind="stable",
                             ignore_index=True)  # fmt: skip
