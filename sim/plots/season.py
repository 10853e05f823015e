"""Does the storage carry the station through the dark, in one future?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.panels import DARK, shade_darkness, stack_panels, window
from sim.plots.style import (
    BLUE,
    INK,
    SMALL,
    VERMILLION,
    YELLOW,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    legend_below,
)

if TYPE_CHECKING:
    from sim.analysis.future import Future

SEASON_DAYS = 120.0
_SHORT = Fill(VERMILLION, "////")


def state_of_charge(future: Future, start: Any = None, end: Any = None, ax: Axes | None = None) -> Figure:
    """Does the storage carry the station through the dark, in one season of one future?

    How to read it: above, the stored energy falls through the shaded darkness and must not touch zero;
    below, generation against load, and what is not served where it does.

    Args:
        future: a traced replication.
        start: beginning of the season; by default that of `worst_season`.
        end: its end.
        ax: where to draw; by default a new figure.
    """
    season = worst_season(future)
    first, last = window(start, end, season)
    table = state_of_charge_table(future, start, end)
    ax = axes_to_draw_on(ax, 5.2)
    title = f"{future.meta['title']}, replication {future.replication}: stored energy through a dark season"
    dress(ax, title)
    upper, lower = stack_panels(ax, (1.0, 1.25), first, last)
    for panel in (upper, lower):
        shade_darkness(panel, future.station.light())
    days = day_numbers(table["date"])
    upper.plot(days, table["stored_kwh"], color=BLUE, linewidth=1.8)
    upper.fill_between(days, 0, table["stored_kwh"], color=BLUE, alpha=0.15, linewidth=0)
    upper.set_ylim(0, max(1.0, 1.1 * float(table["stored_kwh"].max())))
    upper.set_ylabel("stored [kWh]", fontsize=SMALL)
    legend_below(ax, _draw_power(lower, days, table))
    return figure_of(ax)


def state_of_charge_table(future: Future, start: Any = None, end: Any = None) -> pd.DataFrame:
    """Stored energy and powers through a season: a row at the beginning and the end of each flow.

    Returns:
        Columns ``date``, ``stored_kwh`` (linear between the rows of one flow), ``generated_kw``,
        ``load_kw``, ``served_kw``, ``unserved_kw``.
    """
    first, last = (pd.Timestamp(_date(day)) for day in window(start, end, worst_season(future)))
    flows = future.station.power()
    columns = ["date", "stored_kwh", "generated_kw", "load_kw", "served_kw", "unserved_kw"]
    begins = flows["date"]
    ends = begins.shift(-1).fillna(pd.Timestamp(future.meta["horizon"]))
    inside = (ends > first) & (begins < last)
    rows = []
    for (_, flow), begin, stop in zip(flows[inside].iterrows(), begins[inside], ends[inside], strict=True):
        for moment in (max(begin, first), min(stop, last)):
            hours = (moment - begin) / pd.Timedelta(hours=1)
            stored = max(0.0, flow["stored_kwh"] + flow["stored_kw"] * hours)
            rows.append([moment, stored, *(flow[name] for name in columns[2:])])
    return pd.DataFrame(rows, columns=columns)


def worst_season(future: Future, days: float = SEASON_DAYS) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Find the season with most energy not served, of those in which the storage gives any.

    If all is served, the season with most energy from the storage.
    """
    flows = future.station.power()
    moments = day_numbers(flows["date"])
    ends = np.append(moments[1:], day_numbers([future.meta["horizon"]]))
    clock = np.append(moments, ends[-1])

    def within(kw: np.ndarray) -> np.ndarray:
        """Energy over the season that begins with each flow."""
        until = np.concatenate([[0.0], np.cumsum(kw * (ends - moments))])
        return np.asarray(np.interp(moments + days, clock, until) - until[:-1])

    missed = within(flows["unserved_kw"].to_numpy())
    drawn = within(np.maximum(0.0, -flows["stored_kw"].to_numpy()))
    score = np.where(drawn > 0, missed + drawn * 1e-6, 0.0) if drawn.any() else missed
    begin = float(moments[int(np.argmax(score))]) - 0.1 * days if score.any() else ends[-1] - days
    begin = max(float(moments[0]), min(begin, float(ends[-1]) - days))
    start = pd.Timestamp(_date(begin)).floor("s")
    return start, start + pd.Timedelta(days=days)


def _date(day: float) -> Any:
    return pd.Timestamp(0) + pd.Timedelta(days=day)


def _draw_power(panel: Axes, days: Any, table: pd.DataFrame) -> list[LegendEntry]:
    """Draw generation as an area and loads as lines; give the legend's entries."""
    generated = Fill(YELLOW)
    panel.fill_between(days, 0, table["generated_kw"], **generated.properties())
    panel.fill_between(days, table["served_kw"], table["load_kw"], **_SHORT.properties())
    load: dict[str, Any] = {"color": INK, "linewidth": 1.6, "linestyle": "-"}
    panel.plot(days, table["load_kw"], **load)
    top = max(float(table["load_kw"].max()) * 1.8, float(table["generated_kw"].max()) * 1.05, 1.0)
    panel.set_ylim(0, top)
    panel.set_ylabel("power [kW]", fontsize=SMALL)
    return [
        (Line2D([], [], color=BLUE, linewidth=1.8), "stored energy"),
        (generated.patch(), "generated"),
        (Line2D([], [], **load), "load"),
        (_SHORT.patch(), "not served"),
        (Fill(DARK).patch(), "dark"),
    ]
