"""How exactly dates are known, and how many replications it would take to know them better."""

from __future__ import annotations

from math import ceil, isfinite, nan

import numpy as np
import pandas as pd

from sim.analysis.estimates import (
    CONFIDENCE,
    Floats,
    Groups,
    grouped_quantile_interval,
    mean,
    restricted,
    z_value,
)
from sim.analysis.saved import SavedScenario
from sim.nature.calendar import DAYS_PER_MONTH

QUANTITIES = {"mean": nan, "p50": 0.5, "p80": 0.8}
"""Restricted mean date and quantiles, with the share that a quantile is of."""
FEWEST = 10
_STEPS = 12


def precision(saved: SavedScenario, milestone: str) -> pd.DataFrame:
    """Half widths of the 90 percent intervals of a milestone's dates, on the first n saved replications.

    Returns:
        Columns ``quantity``, ``replications`` and ``half_width`` [months]; nan where the interval has no
        end, as that of a quantile that may lie beyond the horizon.
    """
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index(milestone)]
    rows = [
        {
            "quantity": name,
            "replications": int(count),
            "half_width": _half_width(dates[:count], share, saved.horizon, _first(saved.groups, count)),
        }
        for name, share in QUANTITIES.items()
        for count in _counts(len(dates))
    ]
    return pd.DataFrame(rows, columns=["quantity", "replications", "half_width"])


def needed(half_width: float, count: int, goal: float) -> int | None:
    """Tell how many replications bring a half width to a goal, as it shrinks with the root of their number.

    >>> needed(4.0, 500, 1.0), needed(nan, 500, 1.0)
    (8000, None)
    """
    if not isfinite(half_width):
        return None
    return ceil(count * (half_width / goal) ** 2 - 1e-9)


def _counts(total: int) -> list[int]:
    """Numbers of replications from few to all, evenly on a logarithmic axis."""
    if total <= FEWEST:
        return [total]
    return sorted({round(count) for count in np.geomspace(FEWEST, total, _STEPS)})


def _first(groups: Groups, count: int) -> Groups:
    return None if groups is None else groups[:count]


def _half_width(dates: Floats, share: float, horizon: float, groups: Groups) -> float:
    """Half of the 90 percent interval [months]."""
    if share != share:
        error = mean(restricted(dates, horizon), groups).standard_error
        return z_value(CONFIDENCE) * error / DAYS_PER_MONTH
    low, high = grouped_quantile_interval(dates, share, groups)
    return (high - low) / 2 / DAYS_PER_MONTH if isfinite(high - low) else nan
