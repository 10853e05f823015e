"""When are people at the station?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.estimates import z_value
from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.plots.choose import require_completed, require_series, some_scenarios
from sim.plots.style import (
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    line_style,
    time_axis,
)
from sim.plots.words import replications_in_words, scenario_labels

_SERIES = "crew_at_station"
_MOST_BANDS = 3
_SMOOTH = 12  # months


def people_at_station(
    results: Results, scenarios: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """How many people are at the station, over time?

    How to read it: the thick line is the number of people at the station, averaged over the futures and the
    twelve months up to then; the thin one that of each month. It ends far below a full crew if many futures
    have nobody there.

    With up to three scenarios the band is the 90 percent interval of the thick line.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    table = people_at_station_table(results, scenarios)
    ax = axes_to_draw_on(ax)
    dress(ax, "People at the station")
    curves = [curve for _, curve in table.groupby("scenario", sort=False)]
    entries = [_draw_curve(ax, curve, number, len(curves)) for number, curve in enumerate(curves)]
    there = table.loc[table["mean"] > 0, "month"]
    start = table["month"].min() if there.empty else there.min() - pd.Timedelta(days=365)
    time_axis(ax, day_number(max(start, table["month"].min())), day_number(table["month"].max()))
    ax.set_ylim(0, max(1.0, 1.08 * float(table["smooth"].max()), 1.02 * float(table["mean"].max())))
    ax.set_ylabel(f"people, mean of {replications_in_words(table['replications'])}", fontsize=SMALL + 0.5)
    legend_below(ax, entries)
    return figure_of(ax)


def people_at_station_table(results: Results, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
    """Mean number of people at the station in each month.

    Returns:
        Columns ``scenario``, ``label``, ``month``, ``mean``, ``mean_se``, ``smooth`` (mean over twelve
        months), ``low``, ``high`` (its 90 percent interval), ``share`` of the replications with people
        there in the month, ``replications``.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    chosen = some_scenarios(results, scenarios)
    require_completed(chosen)
    require_series(chosen)
    labels = scenario_labels(chosen.saved)
    return pd.concat([_curve(saved, labels[saved.name]) for saved in chosen.saved], ignore_index=True)


def _curve(saved: SavedScenario, label: str) -> pd.DataFrame:
    row = saved.meta["series"].index(_SERIES)
    people = np.concatenate([values[:, row] for _, values in saved.series_blocks("series")], axis=1)
    people = people.astype(float)
    smooth = pd.DataFrame(people.T).rolling(_SMOOTH, min_periods=1).mean().to_numpy().T
    middle, error = _mean_with_error(smooth)
    monthly, monthly_error = _mean_with_error(people)
    half = z_value(0.9) * error
    columns: dict[str, Any] = {
        "scenario": saved.name,
        "label": label,
        "month": pd.to_datetime(saved.meta["months"]),
        "mean": monthly,
        "mean_se": monthly_error,
        "smooth": middle,
        "low": np.maximum(0, middle - half),
        "high": middle + half,
        "share": (people > 0).mean(axis=0),
        "replications": len(people),
    }
    return pd.DataFrame(columns)


def _mean_with_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count = len(values)
    spread = values.std(axis=0, ddof=1) if count > 1 else np.full(values.shape[1], np.nan)
    return values.mean(axis=0), spread / np.sqrt(count)


def _draw_curve(ax: Axes, curve: pd.DataFrame, number: int, count: int) -> LegendEntry:
    looks, days = line_style(number), day_numbers(curve["month"])
    if count <= _MOST_BANDS:
        ax.fill_between(days, curve["low"], curve["high"], color=looks["color"], alpha=0.16, linewidth=0)
    ax.plot(days, curve["mean"], color=looks["color"], linewidth=0.6, alpha=0.6)
    ax.plot(days, curve["smooth"], linewidth=2.2, label=curve["label"].iloc[0], **looks)
    return Line2D([], [], linewidth=2.2, **looks), curve["label"].iloc[0]
