"""Which missions decide the date, in what order, and who hands over to whom?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from sim.analysis.results import Results
from sim.plots.choose import one_scenario
from sim.plots.rows import Rows, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    SMALL,
    axes_to_draw_on,
    day_number,
    dress,
    figure_of,
    time_axis,
)
from sim.plots.words import percent, wrapped

MOST_NODES = 12
_ROW_HEIGHT = 0.34
_THICKEST_POINTS = 15.0
_WIDEST_EDGE_POINTS = 6.0
_LEAST, _LEAST_EDGE = 0.02, 0.03


def path_diagram(
    results: Results,
    milestone: str,
    scenario: str | None = None,
    futures: str = "all",
    ax: Axes | None = None,
) -> Figure:
    """Which missions are on the critical path to a milestone, when, and who hands over to whom?

    How to read it: follow the arrows from mission to mission to the milestone, each waiting for the one
    before. The thicker bar and arrow, the more futures in which the date hangs on them; the number at the
    right is that share.

    A row for each mission in the order of time: a bar from the mean day on which the path enters it to the
    mean day on which it leaves, as thick as its criticality index, the share of the replications in which
    it is on the path. What is on the path in less than two percent of the replications, and hand-overs in
    less than three, are left out.

    Args:
        results: one scenario or several, recorded with critical paths.
        milestone: id.
        scenario: which one; by default the first.
        futures: ``all`` that reach the milestone, or their ``best-fifth`` or ``worst-fifth``.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    found = one_scenario(results, scenario).why(milestone, futures=futures)
    nodes, edges = (
        _nodes(results, milestone, scenario, futures),
        _edges(results, milestone, scenario, futures),
    )
    rows = Rows(list(range(len(nodes))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.4, row_height=_ROW_HEIGHT))
    dress(ax, f"{found.title}: who is on the critical path ({found.meta['title']})", grid="x", room=0.78)
    name_rows(ax, rows, nodes["name"].tolist())
    zero = day_number(found.data_date)
    last = float(nodes["leaves"].max())
    time_axis(ax, zero - 0.02 * last, zero + last * 1.04, most_ticks=7)
    _draw_nodes(ax, nodes, zero)
    _draw_edges(ax, nodes, edges, zero)
    ax.set_xlabel(wrapped(f"Mean over {found.included_in_words}", 84), fontsize=SMALL + 0.5)
    return figure_of(ax)


def path_diagram_table(
    results: Results, milestone: str, scenario: str | None = None, futures: str = "all"
) -> pd.DataFrame:
    """Missions on the critical path and the hand-overs between them.

    Returns:
        A row for each mission (``after`` is empty) in the order of time, then one for each hand-over:
        columns ``mission``, ``name``, ``after`` (the mission handed over to), ``share`` (criticality index,
        or share of the replications with the hand-over), ``days``, ``enters``, ``leaves`` (days since the
        data date) and ``cause`` (what the later one waited for).

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    nodes = _nodes(results, milestone, scenario, futures)
    edges = _edges(results, milestone, scenario, futures)
    names = nodes.set_index("mission")["name"]
    first = nodes.assign(after="", share=nodes["criticality"], cause="")
    second = edges.rename(columns={"before": "mission", "occurs": "share"})
    second = second.assign(name=second["mission"].map(names), days=np.nan, enters=np.nan, leaves=np.nan)
    columns = ["mission", "name", "after", "share", "days", "enters", "leaves", "cause"]
    parts = [part[columns] for part in (first, second) if len(part)]
    return pd.concat(parts, ignore_index=True)


def _nodes(results: Results, milestone: str, scenario: str | None, futures: str) -> pd.DataFrame:
    """The missions that are shown, in the order in which the path leaves them."""
    table = one_scenario(results, scenario).why(milestone, futures=futures).missions()
    often = table[table["criticality"] >= _LEAST].nlargest(MOST_NODES, "criticality", keep="first")
    return often.sort_values(["leaves", "mission"], kind="stable", ignore_index=True)


def _edges(results: Results, milestone: str, scenario: str | None, futures: str) -> pd.DataFrame:
    """The hand-overs between missions that are shown."""
    shown = set(_nodes(results, milestone, scenario, futures)["mission"])
    table = one_scenario(results, scenario).why(milestone, futures=futures).handovers()
    within = table["before"].isin(shown) & table["after"].isin(shown) & (table["occurs"] >= _LEAST_EDGE)
    return table[within].reset_index(drop=True)


def _draw_nodes(ax: Axes, nodes: pd.DataFrame, zero: float) -> None:
    for place, row in enumerate(nodes.to_dict("records")):
        thick = max(1.2, _THICKEST_POINTS * row["criticality"])
        ax.hlines(place, zero + row["enters"], zero + row["leaves"], color=BLUE, linewidth=thick, zorder=2)
        ax.annotate(
            percent(row["criticality"]), (1, place), xytext=(6, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
    ax.annotate(
        "on the\npath in", (1, 1), xytext=(6, 3), xycoords="axes fraction", textcoords="offset points",
        va="bottom", fontsize=SMALL, color=GREY, annotation_clip=False,
    )  # fmt: skip


def _draw_edges(ax: Axes, nodes: pd.DataFrame, edges: pd.DataFrame, zero: float) -> None:
    """Arrows from the end of one bar to where the next mission takes the path over."""
    places = {name: place for place, name in enumerate(nodes["mission"])}
    about = nodes.set_index("mission")
    for row in edges.to_dict("records"):
        before, after = about.loc[row["before"]], about.loc[row["after"]]
        start = zero + float(before["leaves"])
        end = min(max(start, zero + float(after["enters"])), zero + float(after["leaves"]))
        arrow = FancyArrowPatch(
            (start, places[row["before"]]), (end, places[row["after"]]),
            arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0, color=INK, zorder=3,
            linewidth=max(0.5, _WIDEST_EDGE_POINTS * row["occurs"]), alpha=0.75,
            connectionstyle=f"arc3,rad={-0.2 if places[row['after']] > places[row['before']] else 0.2}",
        )  # fmt: skip
        ax.add_patch(arrow)
