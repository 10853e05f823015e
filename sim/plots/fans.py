"""Fans: how a monthly quantity spreads over the replications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.saved import SavedScenario
from sim.plots.style import INK, LegendEntry, day_numbers

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
NAMES = [f"p{100 * p:02.0f}" for p in QUANTILES]
_LINES: dict[str, Any] = {"p50": "-", "mean": (0, (4, 2))}
_BANDS = (("p05", "p95", 0.14, ""), ("p10", "p90", 0.22, "///"), ("p25", "p75", 0.42, ""))

Compute = Callable[[np.ndarray], np.ndarray]


def fan_table(saved: SavedScenario, series: Sequence[str], compute: Compute) -> pd.DataFrame:
    """Quantiles of a quantity over the replications, month by month.

    Args:
        saved: the replications.
        series: the monthly series it is made of.
        compute: makes it, from shape (replications, series, months) to (replications, months).

    Returns:
        Columns ``scenario``, ``month``, ``mean``, ``p05`` to ``p95``.
    """
    rows = [saved.meta["series"].index(name) for name in series]
    parts = []
    for block, values in saved.series_blocks("series"):
        amounts = compute(values[:, rows].astype(float))
        columns: dict[str, Any] = {"month": pd.to_datetime(saved.meta["months"])[block]}
        columns["mean"] = amounts.mean(axis=0)
        columns |= dict(zip(NAMES, np.quantile(amounts, QUANTILES, axis=0), strict=True))
        parts.append(pd.DataFrame(columns))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "scenario", saved.name)
    return table


def draw_fan(ax: Axes, table: pd.DataFrame, colour: str) -> list[LegendEntry]:
    """Draw three bands, the median and the mean; give the legend's entries."""
    days = day_numbers(table["month"])
    for low, high, alpha, hatch in _BANDS:
        looks = _looks(colour, alpha, hatch)
        ax.fill_between(days, table[low], table[high], label=f"{low}-{high}", **looks)
    for name, line in _LINES.items():
        ax.plot(days, table[name], color=INK, linestyle=line, linewidth=1.5, label=name)
    return fan_samples(colour)


def fan_samples(colour: str) -> list[LegendEntry]:
    """Give the legend's entries of a fan."""
    entries: list[LegendEntry] = [
        (Patch(**_looks(colour, alpha, hatch)), f"P{int(low[1:])} to P{high[1:]}")
        for low, high, alpha, hatch in _BANDS
    ]
    for name, line in _LINES.items():
        sample = Line2D([], [], color=INK, linestyle=line, linewidth=1.5)
        entries.append((sample, {"p50": "median", "mean": "mean"}[name]))
    return entries


def _looks(colour: str, alpha: float, hatch: str) -> dict[str, Any]:
    edge = (colour, 0.35 if hatch else 0.0)
    return {"facecolor": (colour, alpha), "edgecolor": edge, "hatch": hatch, "linewidth": 0}
