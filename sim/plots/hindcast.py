"""Forecasts made from the past, against what happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.hindcast import Scored, receding_plans
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    VERMILLION,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    fill_style,
    legend_below,
    line_style,
    percent_axis,
    time_axis,
)

_LATEST = pd.Timestamp("2045-01-01")


def interval_calibration(scored: Scored, title: str = "Hindcasts", ax: Axes | None = None) -> Figure:
    """Do the intervals hold what they promise?

    How to read it: read up from an interval of, say, 80 %: the curve says what share of the missions really
    flew within it. Below the diagonal the intervals are too narrow, above it too wide.

    The band is what the coverage can still become once the missions have flown that have not yet.
    """
    table = interval_calibration_table(scored)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{title}: are the intervals as wide as they should be?")
    percent_axis(ax, "share of missions inside")
    ax.set_xlim(0, 1)
    ax.set_xticks(np.linspace(0, 1, 6), [f"{p} %" for p in range(0, 101, 20)])
    ax.set_xlabel("central interval of the forecast")
    ax.fill_between(table["level"], table["at_least"], table["at_most"], color=SKY, alpha=0.3, linewidth=0)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1.4)
    ax.plot(table["level"], table["inside"], "o-", color=BLUE, linewidth=2, clip_on=False)
    entries: list[LegendEntry] = [
        (
            Line2D([], [], color=BLUE, marker="o", linewidth=2),
            "inside (unflown: as they would be)",
        ),
        (Patch(color=SKY, alpha=0.3), "possible, whatever becomes of the unflown"),
        (Line2D([], [], color=GREY, linestyle=":"), "calibrated"),
    ]
    legend_below(ax, entries, lines_between=1)
    return figure_of(ax)


def interval_calibration_table(scored: Scored) -> pd.DataFrame:
    """Columns ``level``, ``inside``, ``at_least``, ``at_most``: shares of the missions."""
    return scored.reliability()


def pit(scored: Scored, title: str = "Hindcasts", ax: Axes | None = None) -> Figure:
    """Where in the forecasts did what happened fall?

    How to read it: flat bars mean that forecasts are calibrated; high bars at the right mean that missions
    flew later than forecast, at the left earlier, and at both ends that the forecasts were too sure.
    """
    table = pit_table(scored)
    ax = axes_to_draw_on(ax, 3.6)
    dress(ax, f"{title}: where in the forecast did the launch fall?", grid="y")
    ax.bar(
        table["low"],
        table["share"],
        width=0.1,
        align="edge",
        **fill_style(1).properties() | {"linewidth": 1},
    )
    ax.axhline(0.1, color=INK, linestyle=":", linewidth=1.4)
    ax.set_xlim(0, 1)
    ax.set_xlabel("probability that the forecast gave to an earlier launch (0: early, 1: late)")
    ax.set_ylabel("share of missions")
    legend_below(ax, [(Line2D([], [], color=INK, linestyle=":"), "calibrated")], lines_between=1)
    return figure_of(ax)


def pit_table(scored: Scored) -> pd.DataFrame:
    """Columns ``low``, ``high``, ``share``: a row for each tenth of the forecast."""
    share = scored.pit_histogram()
    edges = np.linspace(0, 1, len(share) + 1)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "share": share})


def forecast_against_fact(scored: Scored, data_date: str, ax: Axes | None = None) -> Figure:
    """What was forecast on a data date for each mission, and what happened?

    How to read it: the line reaches from P10 to P90 of what was forecast, the disc is P50, the tick the
    plan; a good forecast has the cross, the launch that happened, on the line in eight of ten rows.

    Raises:
        ValueError: there is no such data date.
    """
    table = forecast_against_fact_table(scored, data_date)
    rows = group_rows(table["group"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=1.5))
    dress(ax, f"Seen from {data_date}: forecast and fact", grid="x", room=0.85)
    name_rows(ax, rows, table["mission"].tolist())
    places = np.array(rows.places)
    low, middle = day_numbers(table["p10"]), day_numbers(table["p50"])
    last = day_number(_LATEST)
    high = np.nan_to_num(day_numbers(table["p90"].fillna(_LATEST)), nan=last)
    time_axis(ax, day_number(data_date) - 60, last)
    ax.hlines(places, low, np.minimum(high, last), color=BLUE, linewidth=2.4)
    ax.plot(middle, places, "o", color=BLUE, markersize=5)
    ax.plot(day_numbers(table["planned"]), places, "|", color=INK, markersize=11, markeredgewidth=1.8)
    happened = table["happened"].notna().to_numpy()
    ax.plot(day_numbers(table["happened"])[happened], places[happened], "X", color=VERMILLION, markersize=7)
    ax.plot(day_numbers(table["not_before"])[~happened], places[~happened], ">", markersize=6,
            markerfacecolor="white", markeredgecolor=VERMILLION)  # fmt: skip
    legend_below(ax, _FACTS, side="right")
    return figure_of(ax)


_FACTS: list[LegendEntry] = [
    (Line2D([], [], color=BLUE, marker="o", linewidth=2.4), "forecast: P10, P50, P90"),
    (Line2D([], [], linestyle="", marker="|", color=INK, markersize=11, markeredgewidth=1.8), "plan then"),
    (Line2D([], [], linestyle="", marker="X", color=VERMILLION), "launched"),
    (Line2D([], [], linestyle="", marker=">", markerfacecolor="white", markeredgecolor=VERMILLION),
     "not launched by then"),
]  # fmt: skip


def forecast_against_fact_table(scored: Scored, data_date: str) -> pd.DataFrame:
    """The missions of one data date, by agency; columns as `Scored.table`.

    Raises:
        ValueError: there is no such data date.
    """
    table = scored.table[scored.table["data_date"] == data_date]
    if table.empty:
        days = ", ".join(dict.fromkeys(scored.table["data_date"]))
        raise ValueError(f"there is no hindcast from {data_date}; there are {days}")
    return table.sort_values(["group", "planned"], ignore_index=True)


def receding_plan(
    scored: Scored, missions: Sequence[str] = ("Luna-26", "Luna-27A"), ax: Axes | None = None
) -> Figure:
    """How do plans recede, and what was forecast on each day?

    How to read it: the pale line is the day itself; a plan that rises along with it never comes nearer.
    Triangles are the launch that was planned on each day, bars reach from P10 to P90 of what was forecast
    then, discs are P50.
    """
    table = receding_plan_table(scored, missions)
    ax = axes_to_draw_on(ax)
    dress(ax, "Plans that recede: announced and forecast launch")
    entries: list[LegendEntry] = []
    days = day_numbers(table["data_date"])
    time_axis(ax, days.min() - 300, days.max() + 500)
    for number, (name, part) in enumerate(table.groupby("mission", sort=False)):
        looks = line_style(number + 1)
        at = day_numbers(part["data_date"]) + 60 * (number - 0.5)
        top = part["p90"].fillna(_LATEST)
        ax.vlines(at, _years(part["p10"]), _years(top), color=looks["color"], linewidth=5, alpha=0.45)
        ax.plot(at, _years(part["p50"]), marker="o", linestyle="", color=looks["color"])
        ax.plot(at, _years(part["planned"]), marker="v", markersize=7, linewidth=1.6, **looks)
        entries.append((Line2D([], [], marker="v", **looks), f"{name}: plan"))
        entries.append((Line2D([], [], marker="o", linewidth=5, alpha=0.45, color=looks["color"]),
                        f"{name}: P10, P50, P90"))  # fmt: skip
    span = np.array([days.min() - 300, days.max() + 500])
    ax.plot(span, 1970 + span / 365.25, color=PALE, linewidth=2)
    entries.append((Line2D([], [], color=PALE, linewidth=2), "the day itself"))
    ax.set_ylabel("launch [year]")
    ax.set_xlabel("day of the forecast")
    legend_below(ax, entries, lines_between=1)
    return figure_of(ax)


def receding_plan_table(scored: Scored, missions: Sequence[str] = ("Luna-26", "Luna-27A")) -> pd.DataFrame:
    """Columns ``mission``, ``data_date``, ``planned``, ``p10``, ``p50``, ``p90``, ``happened``."""
    return receding_plans(scored, missions)


def _years(stamps: pd.Series) -> np.ndarray:
    return 1970 + day_numbers(stamps) / 365.25
