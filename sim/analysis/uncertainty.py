"""How much of an uncertainty could knowledge remove, and how much is chance?

In a nested batch every draw of what we do not know (success probabilities, slip medians, the light of the
site) meets the same number of futures of chance. By the law of total variance

    ``Var(Y) = Var(E[Y | draw]) + E[Var(Y | draw)]``

the first part would be gone if we knew, the second would stay. It is estimated by the one-way analysis of
variance with random effects, whose correction takes out the noise of the finite number of seeds (Searle,
Casella and McCulloch 1992, chapter 3; for simulation: Sun, Apley and Staum 2011). Standard errors are a
jackknife over draws.

What is not reached by the horizon counts as the horizon (restricted dates), and beside the date stands
the share that reaches it, which is split in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import Estimate, Floats, restricted
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError
from sim.nature.calendar import DAYS_PER_MONTH

BAND = (0.1, 0.9)
FEWEST_DRAWS = 3
_GROUPS = 12

COLUMNS = [
    "scenario", "milestone", "title", "draws", "seeds",
    "variance_months2", "knowledge_months2", "knowledge_months2_se", "chance_months2",
    "chance_months2_se", "knowledge_share", "knowledge_share_se",
    "band_months", "band_months_se", "chance_band_months", "chance_band_months_se",
    "knowledge_band_months", "knowledge_band_months_se",
    "reached", "reached_se", "reached_knowledge_sd", "reached_knowledge_sd_se",
    "reached_knowledge_share", "reached_knowledge_share_se",
]  # fmt: skip


@dataclass(frozen=True)
class Split:
    """A variance in two parts [unit of the values, squared]."""

    knowledge: float
    chance: float

    @property
    def total(self) -> float:
        """The whole variance."""
        return self.knowledge + self.chance

    @property
    def share(self) -> float:
        """The part that knowledge could remove [-], nan if nothing varies."""
        return self.knowledge / self.total if self.total > 0 else nan


def split(table: Floats) -> Split:
    """Split the variance of a table of draws and seeds, without bias.

    The part of knowledge may come out below zero where there is none; it is not cut, so that averages
    over many experiments stay right.

    Args:
        table: values, shape (draws, seeds), at least two of each.

    >>> split(np.array([[0.0, 2.0], [4.0, 6.0], [2.0, 4.0]])).chance
    2.0
    """
    seeds = table.shape[1]
    chance = float(table.var(axis=1, ddof=1).mean())
    knowledge = float(table.mean(axis=1).var(ddof=1)) - chance / seeds
    return Split(knowledge, chance)


def bands(table: Floats) -> tuple[float, float]:
    """Width of the P10-P90 band as it is, and as it would be on average if we knew.

    With few seeds the width within a draw comes out too small, by about ``c / seeds``; the half samples
    tell ``c`` (Richardson extrapolation), and it is taken out.

    Args:
        table: values, shape (draws, seeds).

    Returns:
        Both widths [unit of the values].
    """
    low, high = np.quantile(table, BAND)
    half = table.shape[1] // 2
    within = _mean_width(table)
    if half >= 2:
        halves = (_mean_width(table[:, :half]) + _mean_width(table[:, -half:])) / 2
        ratio = half / table.shape[1]
        within = (within - ratio * halves) / (1 - ratio)
    return float(high - low), within


def _mean_width(table: Floats) -> float:
    low, high = np.quantile(table, BAND, axis=1)
    return float((high - low).mean())


def jackknife(
    table: Floats, statistics: Callable[[Floats], Iterable[float]], groups: int | None = None
) -> list[Estimate]:
    """Statistics of a table with standard errors that leave out one draw after the other (Tukey 1958).

    Quantiles need more left out at a time (Shao and Wu 1989): with `groups` every so many draws are.
    """
    values = np.array(list(statistics(table)))
    count = min(groups or len(table), len(table))
    member = np.arange(len(table)) % count
    left_out = np.array([list(statistics(table[member != group])) for group in range(count)])
    errors = np.sqrt((count - 1) / count * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    return [Estimate(float(v), float(e)) for v, e in zip(values, errors, strict=True)]


def uncertainty(scenarios: Iterable[SavedScenario], milestone: str | None = None) -> pd.DataFrame:
    """Split the uncertainty of milestones into what knowledge could remove and what is chance.

    Args:
        scenarios: with nested batches.
        milestone: only this one; by default all.

    Returns:
        A row for each scenario and milestone. ``knowledge_share`` is the part of the variance of the
        restricted date that knowledge could remove; ``band_months`` the width of its P10-P90 band,
        ``chance_band_months`` the width that would be left, on average, if we knew,
        ``knowledge_band_months`` their difference; ``reached_knowledge_sd`` says by how much the share
        that reaches the milestone would be moved, up or down, by what we would learn. Each has its
        standard error.

    Raises:
        ResultsError: the results are not nested, have too few draws, or no such milestone.
    """
    rows = [_row(saved, about) for saved in scenarios for about in _milestones(saved, milestone)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _milestones(saved: SavedScenario, chosen: str | None) -> list[dict[str, Any]]:
    known = saved.meta["milestones"]
    found = [row for row in known if chosen in (None, row["id"])]
    if not found:
        names = ", ".join(row["id"] for row in known)
        raise ResultsError(f"there is no milestone `{chosen}` in {saved.name}; there are {names}")
    return found


def whole_draws(saved: SavedScenario, values: Floats) -> Floats:
    """Arrange values of all replications as draws and seeds; draws with a gap are left out.

    Args:
        saved: a nested batch.
        values: shape (replications,), nan where there is nothing.

    Raises:
        ResultsError: the results are not nested, or too few draws are whole.
    """
    sampling = saved.sampling
    if sampling.kind != "nested":
        raise ResultsError(
            f"{saved.name} was not run in two layers, so chance and ignorance cannot be told apart; run "
            "it into another folder with `ilrs run ... --draws 200 --seeds 20`"
        )
    table = np.full((sampling.draws, sampling.seeds), nan)
    draws, seeds = sampling.pairs(np.arange(len(values)))
    table[draws, seeds] = np.where(saved.completed, values, nan)
    whole: Floats = table[np.isfinite(table).all(axis=1)]
    if len(whole) < FEWEST_DRAWS:
        raise ResultsError(
            f"{saved.name} has {len(whole)} whole draws of {sampling.seeds} seeds; at least "
            f"{FEWEST_DRAWS} are needed. Run the same command again to complete it"
        )
    return whole


def _row(saved: SavedScenario, about: dict[str, Any]) -> dict[str, Any]:
    column = saved.ids("milestones").index(about["id"])
    dates = saved.read("milestone_day")[:, column] + saved.origin
    months = whole_draws(saved, restricted(dates, saved.horizon) / DAYS_PER_MONTH)
    reached = whole_draws(saved, np.isfinite(dates).astype(float))
    knowledge, chance, share = jackknife(months, _of_dates)
    band, within, without = jackknife(months, _of_bands, _GROUPS)
    mean, deviation, reached_share = jackknife(reached, _of_shares)
    estimates = {
        "knowledge_months2": knowledge, "chance_months2": chance, "knowledge_share": share,
        "band_months": band, "chance_band_months": within, "knowledge_band_months": without,
        "reached": mean, "reached_knowledge_sd": deviation, "reached_knowledge_share": reached_share,
    }  # fmt: skip
    row: dict[str, Any] = {
        "scenario": saved.name,
        "milestone": about["id"],
        "title": about["title"],
        "draws": len(months),
        "seeds": months.shape[1],
        "variance_months2": knowledge.value + chance.value,
    }
    for name, estimate in estimates.items():
        row[name], row[f"{name}_se"] = estimate.value, estimate.standard_error
    return row


def _of_dates(table: Floats) -> Iterable[float]:
    parts = split(table)
    return parts.knowledge, parts.chance, parts.share


def _of_bands(table: Floats) -> Iterable[float]:
    width, within = bands(table)
    return width, within, width - within


def _of_shares(table: Floats) -> Iterable[float]:
    parts = split(table)
    return float(table.mean()), sqrt(max(parts.knowledge, 0.0)), parts.share
