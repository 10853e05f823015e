"""What becomes of each mission?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.plots.choose import by_programme, choose_missions, one_scenario
from sim.plots.rows import Rows, group_rows, mission_label, name_rows
from sim.plots.style import (
    GREEN,
    INK,
    ORANGE,
    SKY,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    fill_style,
    legend_below,
    size_in_points,
    text_width_in_points,
)
from sim.plots.words import replications_in_words

_BAR_HEIGHT = 0.74
_OUTCOMES = {
    "success": Fill(GREEN),
    "launch-failure": Fill(VERMILLION, "////"),
    "landing-failure": Fill(ORANGE, "\\\\\\\\"),
    "crew-lost": Fill("#111111"),
    "cancelled": Fill("#8a8a8a", "xx"),
    "underway": Fill(SKY, "...."),
    "waiting": Fill("#e4e4e4", "||"),
    "standby": Fill("#ffffff", "oooo"),
}


def mission_outcomes(
    results: Results,
    scenario: str | None = None,
    missions: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """What becomes of each mission, in what share of the replications?

    How to read it: a row for each mission, a colour for each end it can come to; the numbers are percent of
    the futures. A short first part means that the mission often fails or never flies.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        missions: ids; by default at most 40 that had not flown by the data date, of each pattern the
            first only.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = mission_outcomes_table(results, scenario, missions)
    rows = group_rows(table["programme_title"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=1.3))
    dress(ax, f"{saved.title}: what becomes of the missions", grid="x", room=0.85)
    name_rows(ax, rows, [mission_label(*row) for row in zip(table["name"], table["repeats"], strict=True)])
    ax.set_xlim(0, 1)
    ax.set_xticks(np.linspace(0, 1, 6), [f"{percent} %" for percent in range(0, 101, 20)])
    ax.set_xlabel(f"share of {replications_in_words([int(saved.completed.sum())])}")
    legend_below(ax, _draw_bars(ax, table, rows, saved.meta["statuses"]), side="right", lines_between=1)
    return figure_of(ax)


def mission_outcomes_table(
    results: Results, scenario: str | None = None, missions: Sequence[str] | None = None
) -> pd.DataFrame:
    """Shares of the outcomes of each mission; they add up to one in each row.

    Returns:
        Columns ``mission``, ``name``, ``programme``, ``programme_title``, ``planned``, ``history``,
        ``repeats``, and one for each outcome: ``success``, ``launch-failure`` and so on.

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    one = one_scenario(results, scenario)
    meta = one.saved[0].meta
    chosen = by_programme(choose_missions(meta["missions"], missions, history=False), meta["programmes"])
    shares = one.missions()[["mission", *in_order(meta["statuses"])]]
    return chosen.merge(shares, on="mission", how="left", validate="one_to_one")


def in_order(outcomes: Sequence[str]) -> list[str]:
    """Put outcomes into the order in which they are drawn, success first."""
    known = [name for name in _OUTCOMES if name in outcomes]
    return [*known, *(name for name in outcomes if name not in _OUTCOMES)]


def _draw_bars(ax: Axes, table: pd.DataFrame, rows: Rows, outcomes: Sequence[str]) -> list[LegendEntry]:
    """Stack the shares; give the legend's entries for the outcomes that occur."""
    left = np.zeros(len(table))
    entries: list[LegendEntry] = []
    for number, name in enumerate(in_order(outcomes)):
        shares = table[name].to_numpy(dtype=float)
        if not shares.any():
            continue
        fill = _OUTCOMES.get(name, fill_style(number))
        looks = fill.properties() | {"linewidth": 0.4}
        ax.barh(rows.places, shares, _BAR_HEIGHT, left=left, label=name, **looks)
        _write_shares(ax, rows.places, left, shares)
        entries.append((fill.patch(), name.replace("-", " ")))
        left = left + shares
    return entries


def _write_shares(ax: Axes, places: Sequence[float], left: np.ndarray, shares: np.ndarray) -> None:
    """Write the shares into the bars that are long enough."""
    box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
    room = size_in_points(ax)[0] * 0.75
    for place, start, share in zip(places, left, shares, strict=True):
        text = f"{100 * share:.0f}"
        if share * room > text_width_in_points(text) + 9:
            ax.text(start + share / 2, place, text, fontsize=SMALL - 1.5, ha="center", va="center",
                    color=INK, bbox=box)  # fmt: skip
