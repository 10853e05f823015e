"""Monthly series added up over periods: over the whole time, calendar years, or phases of the station."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.estimates import Estimate, Floats
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError

By = Literal["year", "phase"] | None
HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = 8766.0  # of 365.25 days
COUNT = "_count"  # a series of this ending counts; the others are means over the month


@dataclass(frozen=True)
class Period:
    """Sums over one period, replication by replication.

    Attributes:
        about: the columns that name it, such as ``{"year": 2035}``; none for the whole time.
        hours: how long each replication was in it [h], shape (replications,).
        sums: of each series over the period [unit of the series times h; a count as it is].
    """

    about: dict[str, Any]
    hours: Floats
    sums: dict[str, Floats]

    def entered(self) -> NDArray[np.bool_]:
        """Which replications were in it at all."""
        return self.hours > 0


def periods(
    saved: SavedScenario, names: Sequence[str], by: By = None, track: str = "station"
) -> list[Period]:
    """Add up monthly series over periods.

    A month counts for the phase that is in force at its end.

    Args:
        saved: the replications.
        names: of the series.
        by: calendar years, phases of a track, or the whole time as one period.
        track: whose phases.

    Raises:
        ResultsError: no monthly series were recorded, or there is no such period or track.
    """
    require_series([saved])
    abouts = _abouts(saved, by, track)
    rows = [saved.meta["series"].index(name) for name in names]
    counts = np.array([name.endswith(COUNT) for name in names])
    completed = int(saved.completed.sum())
    hours = np.zeros((len(abouts), completed))
    sums = np.zeros((len(abouts), len(names), completed))
    lengths = np.diff(saved.month_edges) * HOURS_PER_DAY
    for block, values in saved.series_blocks("series"):
        weights = np.where(counts[:, None], 1.0, lengths[block])
        weighed = values[:, rows].astype(float) * weights
        for number, inside in _inside(saved, block, by, track):
            hours[number] += inside @ lengths[block]
            sums[number] += (weighed * inside[:, None, :]).sum(axis=2).T
    return [
        Period(about, hours[number], dict(zip(names, sums[number], strict=True)))
        for number, about in enumerate(abouts)
    ]


def require_series(scenarios: Sequence[SavedScenario]) -> None:
    """Make sure that monthly series were recorded.

    Raises:
        ResultsError: only dates were; says what to do.
    """
    if any(saved.chunks and not saved.has("series") for saved in scenarios):
        raise ResultsError(
            "these results hold dates only, no monthly series; run the scenarios again into another "
            'folder with --record series (in Python: record="series")'
        )


def rate(amounts: Floats, exposure: Floats) -> Estimate:
    """Amount per exposure over all replications, a ratio of means, with its standard error.

    The error is that of the ratio (linearised): where all have the same exposure, that of the mean.
    """
    count, total = len(amounts), float(exposure.sum())
    if not total:
        return Estimate(nan, nan)
    value = float(amounts.sum()) / total
    if count < 2:
        return Estimate(value, nan)
    residuals = amounts - value * exposure
    return Estimate(value, float(np.sqrt((residuals**2).sum() * count / (count - 1))) / total)


def columns_of(name: str, estimate: Estimate) -> dict[str, float]:
    """Give an estimate as two columns of a table."""
    return {name: estimate.value, f"{name}_se": estimate.standard_error}


def table_of(rows: list[dict[str, Any]], by: By, columns: Sequence[str]) -> pd.DataFrame:
    """Make a table that has its columns also where it has no rows."""
    period = ["scenario", *({"year": ["year"], "phase": ["phase", "title"], None: []}[by])]
    return pd.DataFrame(rows, columns=[*period, *columns])


def _abouts(saved: SavedScenario, by: By, track: str) -> list[dict[str, Any]]:
    if by is None:
        return [{}]
    if by == "year":
        return [{"year": year} for year in sorted(set(_years(saved)))]
    if by != "phase":
        raise ResultsError(f"by is None, 'year' or 'phase', not {by!r}")
    about = saved.meta["tracks"][_track(saved, track)]
    return [
        {"phase": phase, "title": title}
        for phase, title in zip(about["phases"], about["titles"], strict=True)
    ]


def _track(saved: SavedScenario, track: str) -> int:
    known = saved.ids("tracks")
    if track not in known:
        names = ", ".join(f"`{name}`" for name in known)
        raise ResultsError(f"there is no track `{track}`; there are {names}")
    return known.index(track)


def _years(saved: SavedScenario) -> list[int]:
    return [int(month[:4]) for month in saved.meta["months"]]


def _inside(saved: SavedScenario, block: slice, by: By, track: str) -> Iterator[tuple[int, Floats]]:
    """Which months of a block lie in each period, shape (replications, months); (1, months) if in all."""
    if by == "phase":
        phases = saved.read_months("phases", block)[:, _track(saved, track)]
        for number in range(len(saved.meta["tracks"][_track(saved, track)]["phases"])):
            yield number, (phases == number).astype(float)
        return
    years = np.array(_years(saved))
    if by is None:
        yield 0, np.ones((1, len(years[block])))
        return
    for number, year in enumerate(np.unique(years)):
        inside = years[block] == year
        if inside.any():
            yield number, inside.astype(float)[None]
