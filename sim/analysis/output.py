"""What the station yields and keeps: science, astronomy, products, stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import Estimate, mean
from sim.analysis.periods import HOURS_PER_DAY, HOURS_PER_YEAR, By, columns_of, periods, rate, table_of
from sim.analysis.saved import SavedScenario

SCIENCE, ASTRONOMY, ATTENDED = "science-element-hours", "astronomy-hours", "attended-hours"
_SERIES = {SCIENCE: "science_elements", ASTRONOMY: "astronomy_share", ATTENDED: "attended_share"}


def output(scenarios: Sequence[SavedScenario], by: By = None, track: str = "station") -> pd.DataFrame:
    """What the station yields: a row for each kind of output.

    ``science-element-hours``: hours of powered science elements, each counted; ``astronomy-hours``:
    hours with at least one powered instrument of astronomy; ``attended-hours``: hours in which the
    station is reached from the Earth; and each commodity that is made there.

    Columns: ``output``, ``unit``, ``total`` the mean over the replications of what was yielded in the
    period with its standard error, and ``per_year`` the rate over the time in it [unit/yr], also with
    its standard error.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        made = made_series(saved)
        names = [*_SERIES.values(), *(name for _, name in made.values())]
        for period in periods(saved, names, by, track):
            years = period.hours / HOURS_PER_YEAR
            amounts = {key: ("h", period.sums[name]) for key, name in _SERIES.items()}
            amounts |= {
                key: (unit, period.sums[name] / HOURS_PER_DAY) for key, (unit, name) in made.items()
            }
            for key, (unit, amount) in amounts.items():
                rows.append(
                    {
                        "scenario": saved.name,
                        **period.about,
                        "output": key,
                        "unit": unit,
                        **columns_of("total", mean(amount)),
                        **columns_of("per_year", rate(amount, years)),
                    }
                )
    return table_of(rows, by, ["output", "unit", "total", "total_se", "per_year", "per_year_se"])


def stores(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """What is kept in store, a row for each commodity.

    Columns: ``produced`` at the station by the horizon with its standard error, ``at_end`` the mean level
    in the last month, ``highest`` and ``lowest_after`` the mean over the replications of the highest
    monthly level and of the lowest one after it, ``empty`` the share of the replications in which the
    store was filled and later stood empty for a month. All in units of the commodity.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        produced = saved.values("produced")
        for number, about in enumerate(saved.meta["commodities"]):
            levels = _levels(saved, f"stock_{about['id']}_{about['unit']}")
            rows.append(
                {
                    "scenario": saved.name,
                    "commodity": about["id"],
                    "name": about["name"],
                    "unit": about["unit"],
                    **columns_of("produced", mean(produced[:, number])),
                    **_history(levels),
                }
            )
    return pd.DataFrame(rows)


def made_series(saved: SavedScenario) -> dict[str, tuple[str, str]]:
    """The commodities that were made in some replication: id to unit and series."""
    produced = saved.values("produced")
    return {
        about["id"]: (about["unit"], f"made_{about['id']}_{about['unit']}/d")
        for number, about in enumerate(saved.meta["commodities"])
        if produced[:, number].any()
    }


def _levels(saved: SavedScenario, name: str) -> np.ndarray | None:
    """Monthly levels, shape (replications, months); none if no series were recorded."""
    if not saved.has("series"):
        return None
    row = saved.meta["series"].index(name)
    blocks = [values[:, row] for _, values in saved.series_blocks("series")]
    return np.concatenate(blocks, axis=1) if blocks else None


def _history(levels: np.ndarray | None) -> dict[str, float]:
    nothing = Estimate(np.nan, np.nan)
    if levels is None or not len(levels):
        return {**columns_of("at_end", nothing), "highest": np.nan, "lowest_after": np.nan, "empty": np.nan}
    top = levels.argmax(axis=1)
    after = np.arange(levels.shape[1]) >= top[:, None]
    lowest = np.where(after, levels, np.inf).min(axis=1)
    highest = levels.max(axis=1)
    return {
        **columns_of("at_end", mean(levels[:, -1].astype(float))),
        "highest": float(highest.mean()),
        "lowest_after": float(lowest.mean()),
        "empty": float(((highest > 0) & (lowest <= 0)).mean()),
    }
