"""How strongly does each milestone depend on each thing that is not known?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.plots.choose import one_scenario
from sim.plots.drivers import unknown_labels
from sim.plots.style import GREY, INK, ROW_HEIGHT, SMALL, axes_to_draw_on, dress, figure_of
from sim.plots.words import replications_in_words, shortened, without_brackets, wrapped

MOST_ROWS = 14
_NAME_WIDTH = 48
_AROUND_INCHES = 1.6
_COLOURS = "PuOr_r"
_DARK = 0.55


def dependence(
    results: Results, scenario: str | None = None, most: int = MOST_ROWS, ax: Axes | None = None
) -> Figure:
    """How strongly does each milestone depend on each thing that is not known?

    How to read it: a row is something nobody knows, a column a milestone, a cell their rank correlation:
    towards +1 a higher value goes with a later date, towards -1 with an earlier one. Grey may be chance.

    Args:
        results: at least 20 replications.
        scenario: name; by default the first.
        most: rows that are shown, those with the strongest correlation.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario, or there are too few replications.
    """
    table = dependence_table(results, scenario, most)
    saved = one_scenario(results, scenario).saved[0]
    titles = {row["id"]: row["title"] for row in saved.meta["milestones"]}
    unknowns = list(dict.fromkeys(table["unknown"]))
    ax = axes_to_draw_on(ax, _AROUND_INCHES + ROW_HEIGHT * max(len(unknowns), 4))
    dress(ax, f"{saved.title}: what the milestones hang on", room=0.85)
    ax.grid(visible=False)
    _cells(ax, table, unknowns, list(titles))
    ax.set_yticks(
        range(len(unknowns)),
        [shortened(name, _NAME_WIDTH) for name in unknown_labels(unknowns)],
        fontsize=SMALL,
    )
    ax.set_xticks(
        range(len(titles)),
        [wrapped(without_brackets(title), 10) for title in titles.values()],
        fontsize=SMALL - 1.5,
    )
    ax.tick_params(length=0)
    count = replications_in_words([int(saved.completed.sum())])
    ax.set_xlabel(
        f"rank correlation with the date; grey: may be chance ({count})", fontsize=SMALL, loc="right"
    )
    return figure_of(ax)


def _cells(ax: Axes, table: pd.DataFrame, unknowns: list[str], milestones: list[str]) -> None:
    wide = {
        name: table.pivot(index="unknown", columns="milestone", values=name).loc[unknowns, milestones]
        for name in ("rank_correlation", "matters")
    }
    values = wide["rank_correlation"].to_numpy(dtype=float)
    sure = wide["matters"].to_numpy(dtype=bool)
    ax.imshow(np.where(sure, values, np.nan), cmap=_COLOURS, vmin=-1, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        colour = ("white" if abs(value) > _DARK else INK) if sure[row, column] else GREY
        ax.text(column, row, f"{value:+.2f}", ha="center", va="center", fontsize=SMALL - 1, color=colour)


def dependence_table(results: Results, scenario: str | None = None, most: int = MOST_ROWS) -> pd.DataFrame:
    """The unknowns that any milestone depends on most, from `Results.assumptions`.

    Returns:
        Its rows for these unknowns, the strongest correlation of an unknown first.

    Raises:
        ResultsError: there is no such scenario, or there are too few replications.
    """
    table = one_scenario(results, scenario).assumptions()
    table = table[table["milestone"] != ""]
    sure = table["rank_correlation"].abs().where(table["matters"], table["rank_correlation"].abs() / 1e6)
    strongest = sure.groupby(table["unknown"]).max().sort_values(ascending=False, kind="stable")
    chosen = list(strongest.head(most).index)
    place = table["unknown"].map({name: number for number, name in enumerate(chosen)})
    return table[place.notna()].iloc[place[place.notna()].argsort(kind="stable")].reset_index(drop=True)
