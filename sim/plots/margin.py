"""Is there power to spare, and what does the dark season take of it?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.adequacy import series_of
from sim.analysis.results import Results
from sim.plots.choose import one_scenario, require_series
from sim.plots.fans import draw_fan, fan_table
from sim.plots.style import (
    BLUE,
    INK,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    time_axis,
)

_STRIP = 0.045
_CURTAILED = "curtailed_kw"


def power_margin(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """How much power is to spare in each month, and what does the dark season take of it?

    How to read it: above zero there is power to spare, below zero it is missing; where the line dips over
    black pieces of the strip at the bottom, darkness takes it.

    The margin is what was available and not needed less what was needed and not served, as a mean over the
    month; the bands spread over the replications. The strip is black where the month is dark, and white
    where it is lit.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = power_margin_table(results, scenario)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{saved.title}: power to spare")
    first = table.loc[table["p95"] > 0, "month"].min()
    start = saved.meta["months"][0] if pd.isna(first) else first
    time_axis(ax, day_number(start), day_number(saved.meta["horizon"]))
    entries = draw_fan(ax, table, BLUE)
    ax.axhline(0, color=VERMILLION, linewidth=1.2)
    low, high = float(table["p05"].min()), max(1.0, float(table["p95"].max()))
    room = (high - min(low, 0)) * 0.08
    ax.set_ylim(min(low, 0) - 1.6 * room, high + room)
    ax.set_ylabel("margin [kW]", fontsize=SMALL + 0.5)
    legend_below(ax, [*entries, _draw_darkness(ax, table)])
    return figure_of(ax)


def power_margin_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Quantiles of the margin of power in each month [kW].

    Returns:
        Columns ``scenario``, ``month``, ``mean``, ``p05``, ``p10``, ``p25``, ``p50``, ``p75``, ``p90``,
        ``p95`` [kW], ``lit`` (share of the month in which the site is lit).

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    saved = one.saved[0]
    short = [series_of(name)["kw"] for name in saved.meta["load_classes"]]
    table = fan_table(saved, [_CURTAILED, *short], _spare)
    return table.assign(lit=saved.meta["lit_share"])


def _spare(values: np.ndarray) -> np.ndarray:
    """What is curtailed less what is not served, shape (replications, months)."""
    return np.asarray(values[:, 0] - values[:, 1:].sum(axis=1))


def _draw_darkness(ax: Axes, table: pd.DataFrame) -> LegendEntry:
    """Draw a strip that is the darker the less light a month has."""
    days = day_numbers(table["month"])
    edges = np.append(days, days[-1] + 31)
    across = ax.get_xaxis_transform()
    shades = table["lit"].to_numpy()[None]
    ax.pcolormesh(edges, [0, _STRIP], shades, cmap="Greys_r", vmin=0, vmax=1, transform=across, zorder=3)
    ax.plot(edges[[0, -1]], [_STRIP, _STRIP], color=INK, linewidth=0.6, transform=across, zorder=4)
    return Fill("#444444").patch(), "strip: dark season"
