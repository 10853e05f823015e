"""What drives a date, and where does it go wrong?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.driven import Drivers
from sim.analysis.estimates import Estimate
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
)
from sim.plots.words import wrapped

MOST_ROWS = 12
_AT_P10, _AT_P90 = Fill(VERMILLION, "///"), Fill(BLUE, "")


def tornado(drivers: Drivers, milestone: str, most: int = MOST_ROWS, ax: Axes | None = None) -> Figure:
    """What does each unknown do to a date between its P10 and its P90?

    How to read it: the unknown on top moves the mean date most. A bar to the right says how many months
    later it comes with the unknown at its P10 or its P90, one to the left how many earlier; the thin lines
    say how surely.

    Bars start at the mean date with nothing changed; thin lines are 90 percent intervals of these
    differences, on the same luck.

    Args:
        drivers: with a tornado.
        milestone: whose mean date; what is not reached counts as the horizon.
        most: rows that are shown.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: no tornado was run, or there is no such milestone.
    """
    table = tornado_table(drivers, milestone, most)
    ax, places = _rows(ax, table["unknown"].tolist())
    dress(ax, f"{_title(drivers, milestone)}: what each unknown does to the mean date", grid="x", room=0.85)
    name_rows(ax, group_rows([""] * len(table)), unknown_labels(table["unknown"]))
    for end, fill, up in (("p10_months", _AT_P10, -0.16), ("p90_months", _AT_P90, 0.16)):
        half = Estimate(0.0, 1.0).interval()[1] * table[f"{end}_se"]
        ax.barh(places + up, table[end], height=0.32, **fill.properties())
        ax.hlines(places + up, table[end] - half, table[end] + half, color=INK, linewidth=1.1)
    ax.axvline(0, color=INK, linewidth=0.9)
    count = int(table["replications"].max()) if len(table) else 0
    ax.set_xlabel(
        f"later by [months]\n{count} replications at each end, on the same luck", fontsize=SMALL + 0.5
    )
    entries: list[LegendEntry] = [
        (_AT_P10.patch(), "unknown at its P10"),
        (_AT_P90.patch(), "unknown at its P90"),
        (Line2D([], [], color=INK, linewidth=1.1), "90 % interval"),
    ]
    legend_below(ax, entries, side="right", lines_between=2)
    return figure_of(ax)


def tornado_table(drivers: Drivers, milestone: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """The largest swings; columns as `sim.analysis.drivers.tornado` has them."""
    return drivers.tornado(milestone).head(most)


def rank_correlations(
    drivers: Drivers, milestone: str, most: int = MOST_ROWS, ax: Axes | None = None
) -> Figure:
    """How does a date go with each unknown?

    How to read it: the strongest on top; right of zero a higher value of the unknown means a later date,
    left of it an earlier one. If the line, the 90 percent interval, crosses zero, nothing is proved.

    The measure is Spearman's rank correlation.

    Args:
        drivers: what was evaluated.
        milestone: whose date.
        most: rows that are shown.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such milestone.
    """
    table = rank_correlations_table(drivers, milestone, most)
    ax, places = _rows(ax, table["unknown"].tolist())
    dress(ax, f"{_title(drivers, milestone)}: rank correlation with each unknown", grid="x", room=0.85)
    name_rows(ax, group_rows([""] * len(table)), unknown_labels(table["unknown"]))
    ax.hlines(places, table["low"], table["high"], color=BLUE, linewidth=4)
    ax.plot(table["rank_correlation"], places, "o", color=INK, markersize=5)
    ax.axvline(0, color=INK, linewidth=0.9)
    count = int(table["replications"].max()) if len(table) else 0
    ax.set_xlabel(f"rank correlation with the date, {count} replications", fontsize=SMALL + 0.5)
    return figure_of(ax)


def rank_correlations_table(drivers: Drivers, milestone: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """The strongest correlations; columns as `sim.analysis.drivers.correlations` has them."""
    return drivers.correlations(milestone).head(most)


def sobol_indices(
    drivers: Drivers, milestone: str, most: int = MOST_ROWS, ax: Axes | None = None
) -> Figure:
    """How much of the variance of a date is due to each factor, alone and together with others?

    How to read it: the farther right, the more of the spread of the date is due to the factor: the filled
    disc alone, the open square together with others. A large gap between the two means that it works
    through others.

    Discs are first indices, squares total ones, both with 90 percent intervals; chance is a factor, too.

    Args:
        drivers: with a Sobol design.
        milestone: whose date.
        most: rows that are shown.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: no Sobol design was run, SALib is missing, or there is no such milestone.
    """
    table = sobol_indices_table(drivers, milestone, most)
    ax, places = _rows(ax, table["factor"].tolist())
    dress(
        ax, f"{_title(drivers, milestone)}: share of the variance due to each factor", grid="x", room=0.85
    )
    name_rows(ax, group_rows([""] * len(table)), table["factor"].tolist())
    ax.hlines(places - 0.14, table["first_low"], table["first_high"], color=BLUE, linewidth=2.5)
    ax.hlines(places + 0.14, table["total_low"], table["total_high"], color=GREY, linewidth=2.5)
    ax.plot(table["first"], places - 0.14, "o", color=INK, markersize=5)
    ax.plot(table["total"], places + 0.14, "s", color=INK, markerfacecolor="white", markersize=5)
    ax.axvline(0, color=INK, linewidth=0.9)
    count = int(table["base"].max()) if len(table) else 0
    ax.set_xlabel(f"Sobol index, base sample of {count}", fontsize=SMALL + 0.5)
    entries: list[LegendEntry] = [
        (Line2D([], [], color=BLUE, marker="o", markerfacecolor=INK, markeredgecolor=INK), "first: alone"),
        (
            Line2D([], [], color=GREY, marker="s", markerfacecolor="white", markeredgecolor=INK),
            "total: with its interactions",
        ),
    ]
    legend_below(ax, entries, side="right", lines_between=1)
    return figure_of(ax)


def sobol_indices_table(drivers: Drivers, milestone: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """The largest indices; columns as `sim.analysis.indices.indices` has them."""
    return drivers.indices(milestone).head(most)


def failure_regions(
    drivers: Drivers, milestone: str, by: str | None = None, ax: Axes | None = None
) -> Figure:
    """In which regions of what we do not know is a milestone missed, and how often?

    How to read it: a row for each region of what we do not know; the point is the share of its futures that
    miss the milestone, the line its 90 percent interval; right of the dotted line it is missed more often
    than in all.

    The shares come from replications in which the region was not looked for.

    Args:
        drivers: what was evaluated.
        milestone: missing it is failing.
        by: date; by default the horizon.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: scikit-learn is missing, or there is no such milestone.
    """
    table = failure_regions_table(drivers, milestone, by)
    names = [wrapped(text, 44) for text in table["region"]]
    lines = max((name.count("\n") + 1 for name in names), default=1)
    ax = axes_to_draw_on(ax, 1.6 + 0.17 * (lines + 0.6) * len(names))
    places = np.arange(len(table), dtype=float)
    limit = "the horizon" if by is None else by
    dress(ax, f"{_title(drivers, milestone)}: where it is missed by {limit}", grid="x", room=0.8)
    ax.set_yticks(places, names, fontsize=SMALL - 0.5)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.hlines(places, 100 * table["failing_low"], 100 * table["failing_high"], color=BLUE, linewidth=4)
    ax.plot(100 * table["failing"], places, "o", color=INK, markersize=5.5)
    if len(table):
        ax.axvline(100 * table["overall"].iloc[0], color=GREY, linestyle=":", linewidth=1.4)
    ax.set_xlim(0, 100)
    ax.set_xlabel("missed in [%] of the replications of the region; dotted: of all", fontsize=SMALL + 0.5)
    return figure_of(ax)


def failure_regions_table(drivers: Drivers, milestone: str, by: str | None = None) -> pd.DataFrame:
    """The regions; columns as `sim.analysis.regions.regions` has them."""
    return drivers.regions(milestone, by)


def _rows(ax: Axes | None, names: list[str]) -> tuple[Axes, np.ndarray]:
    rows = group_rows([""] * len(names))
    return axes_to_draw_on(ax, rows.height(around=1.5)), np.array(rows.places, dtype=float)


def unknown_labels(unknowns: Iterable[str]) -> list[str]:
    """Put what is not known before whose it is, so that a name cut short still tells them apart."""
    return [", ".join(reversed(text.split(": ", 1))) for text in unknowns]


def _title(drivers: Drivers, milestone: str) -> str:
    title: str = next(row["title"] for row in drivers.meta["milestones"] if row["id"] == milestone)
    return title
