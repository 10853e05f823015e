"""How many replications are enough?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.precision import needed
from sim.analysis.precision import precision as found_precision
from sim.analysis.results import Results
from sim.plots.choose import milestone_about, one_scenario, with_milestone
from sim.plots.style import (
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

GOAL_MONTHS = 1.0
_FARTHEST = 100  # times the replications that are there; beyond, only the legend says what it takes
_NAMES = {"mean": "mean date", "p50": "P50 date", "p80": "P80 date"}


def precision(
    results: Results, milestone: str, scenario: str | None = None, ax: Axes | None = None
) -> Figure:
    """How exactly is a date known, and how many replications would it take to know it to a month?

    How to read it: each marker is half of the 90 percent interval on the first n replications; the thin
    line shows how it shrinks with the root of their number. Where that line crosses the dotted one, the
    date is known to a month; the legend says at how many replications.

    A quantile that may lie beyond the horizon has no interval with an end, and no marker.

    Args:
        results: one scenario or several.
        milestone: id.
        scenario: which one; by default the first that has the milestone.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or milestone, or no replication is completed.
    """
    table = precision_table(results, milestone, scenario)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{table['title'].iloc[0]}: how exactly is its date known? ({table['label'].iloc[0]})")
    count = int(table["replications"].max())
    most = min(_FARTHEST * count, max(count, *table["needed"].fillna(0).astype(int)))
    entries = [
        _draw_quantity(ax, part, number, most)
        for number, (_, part) in enumerate(table.groupby("quantity", sort=False))
    ]
    ax.axhline(GOAL_MONTHS, color=INK, linestyle=":", linewidth=1.3)
    known = table.loc[table["half_width"] > 0, "half_width"]
    low, high = (float(known.min()), float(known.max())) if len(known) else (GOAL_MONTHS, GOAL_MONTHS)
    ax.set_ylim(0.5 * min(GOAL_MONTHS, low), 1.3 * max(GOAL_MONTHS, high))
    ax.set_xlim(0.8 * table["replications"].min(), 1.4 * most)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:,g}")
        axis.set_minor_formatter("")
    ax.set_xlabel("replications", fontsize=SMALL + 0.5)
    ax.set_ylabel("half of the 90 % interval [months]", fontsize=SMALL + 0.5)
    entries.append((Line2D([], [], color=INK, linestyle=":"), "a month"))
    legend_below(ax, entries, lines_between=1)
    return figure_of(ax)


def precision_table(results: Results, milestone: str, scenario: str | None = None) -> pd.DataFrame:
    """Half widths of 90 percent intervals on the first n replications, and how many a month takes.

    Returns:
        Columns ``scenario``, ``label``, ``milestone``, ``title``, ``quantity`` (``mean``, ``p50`` or
        ``p80``), ``replications``, ``half_width`` [months] (nan: no end), and ``needed``, the replications
        that bring the half width to a month (NA: not known).

    Raises:
        ResultsError: there is no such scenario or milestone, or no replication is completed.
    """
    chosen = with_milestone(results if scenario is None else results[scenario], milestone)[0]
    saved = one_scenario(results, chosen.name).saved[0]
    table = found_precision(saved, milestone)
    last = table.groupby("quantity").tail(1).set_index("quantity")
    enough = {
        str(name): needed(row["half_width"], int(row["replications"]), GOAL_MONTHS)
        for name, row in last.iterrows()
    }
    table["needed"] = table["quantity"].map(enough).astype("Int64")
    title = milestone_about(saved, milestone)["title"]
    for place, (name, value) in enumerate(
        {"scenario": saved.name, "label": saved.title, "milestone": milestone, "title": title}.items()
    ):
        table.insert(place, name, value)
    return table


def _draw_quantity(ax: Axes, part: pd.DataFrame, number: int, most: int) -> LegendEntry:
    """Draw markers and the line of the root; the label says what a month takes."""
    colour, marker = line_style(number + 1)["color"], MARKERS[number]
    looks = {"color": colour, "marker": marker, "markersize": 5.5, "linestyle": ""}
    positive = part["half_width"].where(part["half_width"] > 0)
    ax.plot(part["replications"], positive, label=part["quantity"].iloc[0], **looks)
    last = part.iloc[-1]
    if last["half_width"] > 0:
        counts = np.array([part["replications"].min(), most], dtype=float)
        root = last["half_width"] * np.sqrt(last["replications"] / counts)
        ax.plot(counts, root, color=colour, linewidth=0.9)
    return Line2D([], [], linewidth=0.9, **looks | {"linestyle": "-"}), _label(last)


def _label(last: pd.Series) -> str:
    name = _NAMES[last["quantity"]]
    if pd.isna(last["needed"]):
        return f"{name}: may lie beyond the horizon"
    if last["needed"] <= last["replications"]:
        return f"{name}: ± {last['half_width']:.1f} months, enough"
    return f"{name}: ± {last['half_width']:.1f} months; a month takes {_about(last['needed'])}"


def _about(count: int) -> str:
    """Write a number of replications with two digits; more would be more than is known.

    >>> _about(8123), _about(87)
    ('8,100', '87')
    """
    step = 10 ** max(0, len(str(count)) - 2)
    return f"{round(count / step) * step:,}"
