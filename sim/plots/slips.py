"""By how much do the missions slip?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.results import Results
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.choose import choose_missions, one_scenario
from sim.plots.rows import Rows, mission_label, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    legend_below,
)
from sim.plots.words import percent, replications_in_words

_MOST_MISSIONS = 48  # the flown ones with a first plan on the record, too
_INTERVAL: dict[str, Any] = {"color": BLUE, "linewidth": 4.5}
_MEDIAN: dict[str, Any] = {
    "linestyle": "", "marker": "o", "markersize": 5.5, "markerfacecolor": "white", "markeredgecolor": INK,
    "markeredgewidth": 1.3,
}  # fmt: skip
_FLOWN: dict[str, Any] = {"linestyle": "", "marker": "D", "markersize": 5.5, "color": GREY}
_ONWARD: dict[str, Any] = {"linestyle": "", "marker": ">", "markersize": 6, "color": BLUE}


def slips(
    results: Results,
    scenario: str | None = None,
    missions: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """By how much does each mission slip against its plan?

    How to read it: the disc is the median slip, the bar holds eight of ten futures; right of zero is late.
    A bar with an arrow has no end because too many futures never launch; how many stands at the right. A
    grey diamond is a mission that was flown, with its slip on the record.

    Rows are ordered by the plan, whose year stands before the name: the plan of the data date, or the first
    one that was announced for a mission that was flown. Without a disc, half or more never launch.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        missions: ids; by default at most 48, of each pattern the first only.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = slips_table(results, scenario, missions)
    rows = Rows(list(range(len(table))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.5))
    dress(ax, f"{saved.title}: slips of the missions", grid="x", room=0.8)
    name_rows(ax, rows, [_name(row) for row in table.to_dict("records")])
    _set_limits(ax, table)
    _draw_rows(ax, table)
    _write_shares(ax, table)
    ax.axvline(0, color=INK, linewidth=0.9)
    ax.set_xlabel(
        "launch later than planned by [months]\n" + replications_in_words([int(saved.completed.sum())]),
        fontsize=SMALL + 0.5,
    )
    legend_below(ax, _samples(table), side="right", lines_between=2)
    return figure_of(ax)


def slips_table(
    results: Results, scenario: str | None = None, missions: Sequence[str] | None = None
) -> pd.DataFrame:
    """Slips of the launches against the plan, a row a mission with a plan, in the order of the plans.

    A replication in which the mission is never launched counts as later than every slip. A mission that was
    flown by the data date slipped from the first plan that was announced for it; without one it has no row.

    Returns:
        Columns ``mission``, ``name``, ``programme``, ``planned``, ``history``, ``repeats``, ``p10``,
        ``p50``, ``p90`` [months] (nan: not by the horizon), ``never`` (share).

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    one = one_scenario(results, scenario)
    meta = one.saved[0].meta
    plans = {row["id"]: _plan(row, meta["effective"]) for row in meta["missions"]}
    with_plan = [row | {"planned": plans[row["id"]]} for row in meta["missions"] if plans[row["id"]]]
    chosen = choose_missions(with_plan, missions, most=_MOST_MISSIONS)
    simulated = one.missions()[["mission", "p10", "p50", "p90", "launched"]]
    table = chosen.merge(simulated, on="mission", how="left", validate="one_to_one")
    for name in ("p10", "p50", "p90"):
        days = day_numbers(table[name]) - day_numbers(table["planned"])
        table[name] = days / DAYS_PER_MONTH
    table["never"] = 1 - table.pop("launched")
    return table


def _plan(mission: dict[str, Any], effective: dict[str, Any]) -> str | None:
    """The plan that a mission slips from: in force, or the first announced if it was flown."""
    if not mission["history"]:
        planned: str | None = mission["planned"]
        return planned
    announced = effective["missions"][mission["id"]]["announcements"]
    if not announced:
        return None
    first = min(announced, key=lambda said: str(said["announced"]))
    low, high = (pd.Timestamp(day) for day in first["planned"])
    middle = pd.Timestamp(first["at"]) if first["at"] else low + (high - low) / 2
    return middle.date().isoformat()


def _name(row: dict[Any, Any]) -> str:
    return f"{row['planned']:%Y} {mission_label(row['name'], row['repeats'])}"


def _set_limits(ax: Axes, table: pd.DataFrame) -> None:
    known = table[["p10", "p50", "p90"]].to_numpy(dtype=float)
    low = float(np.nanmin(known, initial=0.0))
    high = float(np.nanmax(known, initial=12.0))
    ax.set_xlim(low - 0.03 * (high - low), high + 0.05 * (high - low))


def _draw_rows(ax: Axes, table: pd.DataFrame) -> None:
    places = np.arange(len(table), dtype=float)
    flown = table["history"].to_numpy(dtype=bool)
    low, middle, high = (table[name].to_numpy(dtype=float) for name in ("p10", "p50", "p90"))
    last = ax.get_xlim()[1]
    drawn = ~flown & np.isfinite(low)
    ends = np.where(np.isfinite(high), high, last)
    ax.hlines(places[drawn], low[drawn], ends[drawn], **_INTERVAL)
    onward = drawn & ~np.isfinite(high)
    ax.plot(np.full(onward.sum(), last), places[onward], clip_on=False, **_ONWARD)
    ax.plot(middle[drawn], places[drawn], zorder=4, **_MEDIAN)
    ax.plot(middle[flown], places[flown], zorder=4, **_FLOWN)


def _write_shares(ax: Axes, table: pd.DataFrame) -> None:
    """Write beside each row in what share of the replications the mission is never launched."""
    across = ax.get_yaxis_transform()
    ax.text(1.025, -1.0, "never\nlaunched", transform=across, fontsize=SMALL - 1, va="center", color=GREY)
    for place, (never, history) in enumerate(zip(table["never"], table["history"], strict=True)):
        note = "flown" if history else percent(never)
        ax.text(1.025, place, note, transform=across, fontsize=SMALL, va="center",
                color=GREY if history else INK)  # fmt: skip


def _samples(table: pd.DataFrame) -> list[LegendEntry]:
    """The legend, without what is not there."""
    ahead = table[~table["history"]]
    onward = ahead["p10"].notna() & ahead["p90"].isna()
    samples: list[tuple[Artist, str, bool]] = [
        (Line2D([], [], **_INTERVAL), "P10 to P90", bool(ahead["p10"].notna().any())),
        (Line2D([], [], **_MEDIAN), "median", bool(ahead["p50"].notna().any())),
        (Line2D([], [], **_ONWARD), "P90 not by the horizon", bool(onward.any())),
        (Line2D([], [], **_FLOWN), "flown", bool(table["history"].any())),
    ]
    return [(artist, label) for artist, label, there in samples if there]
