"""Is there enough power for the load?"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.results import Results
from sim.plots.choose import one_scenario, series_table
from sim.plots.style import (
    BLUE,
    GREEN,
    PALE,
    SMALL,
    VERMILLION,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    time_axis,
)


class Curve(NamedTuple):
    """How a series looks: a line for its mean, an area for P10 to P90."""

    label: str
    colour: str
    line: Any
    hatch: str

    def area(self) -> dict[str, Any]:
        """Give the area as properties of a patch."""
        return {
            "facecolor": (self.colour, 0.12), "edgecolor": (self.colour, 0.6), "hatch": self.hatch,
            "linewidth": 0.6,
        }  # fmt: skip


_LOAD = "load_kw"
_CURVES = {
    "installed_power_kw": Curve("installed", "#444444", (0, (1.5, 1.2)), "..."),
    "continuous_power_kw": Curve("continuous", BLUE, "-", "///"),
    "firm_power_kw": Curve("firm", GREEN, (0, (6, 2)), "---"),
    _LOAD: Curve("load", VERMILLION, (0, (6, 1.5, 1.5, 1.5)), "\\\\\\"),
}
_SPACE = 0.04


def power(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """Is there enough power for the load?

    How to read it: in each panel there is enough where the line of the power lies above that of the load;
    lines are means over the futures, areas reach from P10 to P90, so overlapping areas are futures at risk.

    Three panels set installed, continuous and firm power against the load. Installed is what all sources
    have together; continuous is what holds through the longest darkness; firm is what of it is left without
    the largest source.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    table = power_table(results, scenario)
    saved = one_scenario(results, scenario).saved[0]
    ax = axes_to_draw_on(ax)
    dress(ax, f"{saved.title}: power of the station against its load")
    ax.set_axis_off()
    sources = [name for name in _CURVES if name != _LOAD]
    top = max(1.0, 1.05 * float(table[["mean", "p90"]].to_numpy().max()))
    for number, name in enumerate(sources):
        panel = _add_panel(ax, number, len(sources))
        panel.set_ylim(0, top)
        _draw_panel(panel, table, name)
    legend_below(ax, [_sample(curve) for curve in _CURVES.values()])
    return figure_of(ax)


def power_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Installed, continuous and firm power and load in each month [kW].

    Returns:
        Columns ``scenario``, ``series``, ``month``, ``mean``, ``p10``, ``p50``, ``p90``.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    return series_table(results, scenario, list(_CURVES))


def _add_panel(ax: Axes, number: int, count: int) -> Axes:
    """Divide axes into panels side by side; the first has the label."""
    width = (1 - _SPACE * (count - 1)) / count
    panel = ax.inset_axes((number * (width + _SPACE), 0, width, 1 - 2 * _SPACE))
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(True, color=PALE, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=SMALL + 0.5, labelleft=number == 0)
    if number == 0:
        panel.set_ylabel("power [kW]")
    return panel


def _draw_panel(panel: Axes, table: pd.DataFrame, name: str) -> None:
    panel.set_title(_CURVES[name].label, fontsize=SMALL + 1)
    for shown in (name, _LOAD):
        rows, curve = table[table["series"] == shown], _CURVES[shown]
        days = day_numbers(rows["month"])
        time_axis(panel, days[0], days[-1], most_ticks=5)
        panel.fill_between(days, rows["p10"], rows["p90"], label=shown, **curve.area())
        panel.plot(days, rows["mean"], color=curve.colour, linestyle=curve.line, linewidth=2.2, label=shown)


def _sample(curve: Curve) -> LegendEntry:
    line = Line2D([], [], color=curve.colour, linestyle=curve.line, linewidth=2.2)
    return (Patch(**curve.area()), line), f"{curve.label}: mean, P10 to P90"
