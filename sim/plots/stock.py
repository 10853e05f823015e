"""What is in store?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError
from sim.plots.choose import one_scenario, require_series
from sim.plots.fans import draw_fan, fan_table
from sim.plots.style import (
    GREEN,
    SMALL,
    axes_to_draw_on,
    day_number,
    dress,
    figure_of,
    legend_below,
    time_axis,
)
from sim.plots.words import listed


def stock(
    results: Results, commodity: str | None = None, scenario: str | None = None, ax: Axes | None = None
) -> Figure:
    """How much of a commodity is in store at the station, and how surely?

    How to read it: the line is the median of what is in store, the bands hold 50, 80 and 90 % of the
    futures in each month; where the lowest one touches zero, one future in twenty or more has nothing.

    Args:
        results: one scenario or several.
        commodity: its id; by default the first of the scenario.
        scenario: which one; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or commodity, or nothing or no series were recorded.
    """
    saved = one_scenario(results, scenario).saved[0]
    about = _about(saved, commodity)
    table = stock_table(results, commodity, scenario)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{saved.title}: {about['name'].lower()} in store")
    first = table.loc[table["p95"] > 0, "month"].min()
    start = saved.meta["months"][0] if pd.isna(first) else first
    time_axis(ax, day_number(start), day_number(saved.meta["horizon"]))
    entries = draw_fan(ax, table, GREEN)
    ax.set_ylim(0, max(1.0, 1.05 * float(table["p95"].max())))
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel(f"in store [{about['unit']}]", fontsize=SMALL + 0.5)
    legend_below(ax, entries)
    return figure_of(ax)


def stock_table(
    results: Results, commodity: str | None = None, scenario: str | None = None
) -> pd.DataFrame:
    """Quantiles of the level of a commodity in each month.

    Returns:
        Columns ``scenario``, ``commodity``, ``month``, ``mean``, ``p05`` to ``p95`` [unit].

    Raises:
        ResultsError: there is no such scenario or commodity, or nothing or no series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    saved = one.saved[0]
    about = _about(saved, commodity)
    table = fan_table(saved, [f"stock_{about['id']}_{about['unit']}"], _level)
    table.insert(1, "commodity", about["id"])
    return table


def _level(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[:, 0])


def _about(saved: SavedScenario, commodity: str | None) -> dict[str, Any]:
    known = {about["id"]: about for about in saved.meta["commodities"]}
    if not known:
        raise ResultsError(f"`{saved.name}` keeps nothing in store")
    name = next(iter(known)) if commodity is None else commodity
    if name not in known:
        raise ResultsError(f"there is no commodity `{name}`; there are {listed(known)}")
    about: dict[str, Any] = known[name]
    return about
