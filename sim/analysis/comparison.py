"""Differences between scenarios, replication by replication on common random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import (
    Floats,
    Groups,
    decimals,
    mean_difference,
    quantile_difference,
    restricted,
)
from sim.analysis.saved import SavedScenario
from sim.nature.calendar import DAYS_PER_MONTH

_ESTIMATES = ("reached", "mean_months", "p50_months", "p80_months")
COLUMNS = ["scenario", "reference", "milestone", "title", "pairs"] + [
    f"{name}{suffix}" for name in _ESTIMATES for suffix in ("", "_se", "_unpaired_se")
]


def compare(scenarios: Sequence[SavedScenario], reference: str) -> pd.DataFrame:
    """Compare every scenario with a reference, milestone by milestone.

    ``reached`` compares the shares that reach the milestone by the horizon, ``mean`` the restricted mean
    dates (what is not reached counts as the horizon), ``p50`` and ``p80`` the quantiles (nan where one of
    them is not reached). Each has its paired standard error and, to show what the common random numbers
    gain, the error that independent runs would have had.

    Returns:
        A row for each scenario and milestone; differences in months, shares as they are.
    """
    base = next(saved for saved in scenarios if saved.name == reference)
    rows = []
    for saved in scenarios:
        if saved.name == reference:
            continue
        common = [m for m in saved.meta["milestones"] if m["id"] in base.ids("milestones")]
        for milestone in common:
            left, right, groups = _paired_dates(saved, base, milestone["id"])
            if not len(left):
                continue
            rows.append(
                {
                    "scenario": saved.name,
                    "reference": reference,
                    "milestone": milestone["id"],
                    "title": milestone["title"],
                    "pairs": len(left),
                    **_differences(left, right, min(saved.horizon, base.horizon), groups),
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _paired_dates(
    saved: SavedScenario, base: SavedScenario, milestone: str
) -> tuple[Floats, Floats, Groups]:
    """Dates of a milestone in the replications that both scenarios have, and which belong together."""
    count = min(saved.replications, base.replications)
    both = saved.completed[:count] & base.completed[:count]

    def dates(item: SavedScenario) -> Floats:
        column = item.ids("milestones").index(milestone)
        return np.asarray(item.read("milestone_day", 0, count)[both, column] + item.origin)

    groups = base.sampling.groups(count)
    return dates(saved), dates(base), None if groups is None else groups[both]


def _differences(left: Floats, right: Floats, horizon: float, groups: Groups) -> dict[str, Any]:
    reached = np.isfinite(left).astype(float), np.isfinite(right).astype(float)
    cut = restricted(left, horizon), restricted(right, horizon)
    differences: dict[str, Any] = {}
    for paired, suffix in ((True, "se"), (False, "unpaired_se")):
        estimates = {
            "reached": (mean_difference(*reached, paired, groups), 1.0),
            "mean_months": (mean_difference(*cut, paired, groups), DAYS_PER_MONTH),
            "p50_months": (quantile_difference(left, right, 0.5, paired, groups), DAYS_PER_MONTH),
            "p80_months": (quantile_difference(left, right, 0.8, paired, groups), DAYS_PER_MONTH),
        }
        for name, (estimate, unit) in estimates.items():
            differences[name] = estimate.value / unit
            differences[f"{name}_{suffix}"] = estimate.standard_error / unit
    return differences


def in_months(value: float, standard_error: float) -> str:
    """Write a difference in months, rounded to its error."""
    if not np.isfinite(value):
        return "n/a"
    if not standard_error > 0:
        return f"{value:+.0f}" if value else "0"
    digits = min(decimals(standard_error), 1)
    return f"{value:+.{digits}f} +- {max(standard_error, 0.1**digits):.{digits}f}"
