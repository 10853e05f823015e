"""Where does the power come from?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.results import Results
from sim.plots.choose import one_scenario, series_table
from sim.plots.style import (
    BLUE,
    INK,
    ORANGE,
    PURPLE,
    SMALL,
    VERMILLION,
    YELLOW,
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

_FILLS = {"solar": Fill(YELLOW), "fission": Fill(PURPLE, "///"), "radioisotope": Fill(ORANGE, "...")}
_LINES: dict[str, tuple[str, dict[str, Any]]] = {
    "served_kw": ("served", {"color": "#8a8a8a", "linestyle": "-", "linewidth": 4}),
    "installed_power_kw": ("installed", {"color": INK, "linestyle": (0, (1.5, 1.2))}),
    "firm_power_kw": ("firm", {"color": BLUE, "linestyle": (0, (6, 2))}),
    "load_kw": ("load", {"color": VERMILLION, "linestyle": (0, (6, 1.5, 1.5, 1.5))}),
}


def power_by_source(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """Where does the power come from, and how does it compare with what is installed, firm and needed?

    How to read it: the areas on one another are the power that each kind of source gives; where the line of
    what is served lies below that of the load, the station goes short.

    The areas are the mean power of each kind of generation; lines are means of installed and firm power, of
    the load and of what of it is served. All are means over the replications.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = power_by_source_table(results, scenario)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{saved.title}: power by source, mean")
    wide = table.pivot(index="month", columns="series", values="mean")
    days = day_numbers(wide.index)
    used = wide.index[(wide > 0).any(axis=1)]
    start = used[0] if len(used) else wide.index[0]
    time_axis(ax, day_number(start), day_number(saved.meta["horizon"]))
    entries = _draw_areas(ax, days, wide, saved.meta["generations"])
    for name, (label, looks) in _LINES.items():
        ax.plot(days, wide[name], label=label, **{"linewidth": 1.8, **looks})
        entries.append((Line2D([], [], **{"linewidth": 1.8, **looks}), label))
    ax.set_ylim(0, max(1.0, 1.05 * float(wide.to_numpy().max())))
    ax.set_ylabel("power [kW]", fontsize=SMALL + 0.5)
    legend_below(ax, entries)
    return figure_of(ax)


def power_by_source_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Mean power of each kind of generation, installed and firm power, load and what is served [kW].

    Returns:
        Columns ``scenario``, ``series``, ``month``, ``mean``, ``p10``, ``p50``, ``p90``.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    kinds = one_scenario(results, scenario).saved[0].meta["generations"]
    return series_table(results, scenario, [*(f"{kind}_kw" for kind in kinds), *_LINES])


def _draw_areas(ax: Axes, days: Any, wide: pd.DataFrame, generations: list[str]) -> list[LegendEntry]:
    """Stack the kinds of generation that occur; give the legend's entries."""
    entries: list[LegendEntry] = []
    bottom = np.zeros(len(days))
    for name in ("fission", "radioisotope", "solar"):
        power = wide[f"{name}_kw"].to_numpy() if name in generations else np.zeros(len(days))
        if power.any():
            fill = _FILLS[name]
            ax.fill_between(days, bottom, bottom + power, label=name, **fill.properties())
            entries.append((fill.patch(), f"generated: {name}"))
            bottom = bottom + power
    return entries
