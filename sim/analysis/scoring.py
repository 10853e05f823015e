"""Scores of forecasts of dates, also of what has not happened yet.

A case is forecast by its CDF on a grid of times up to the end of the evidence. What has not happened by
then is censored there: nothing later enters a score, neither for a case that happened nor for one that did
not, so that the score stays proper (threshold-weighted CRPS, Gneiting and Ranjan 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.9)
GRID_STEP = 0.02
PIT_BINS = 10


@dataclass(frozen=True)
class Score:
    """How well one case was forecast.

    Attributes:
        crps: of the forecast, up to the end of the evidence [years].
        crps_plan: of the plan as announced, a point [years].
        crps_mean_slip: of the plan and the agency's mean slip, a point [years].
        pit_low, pit_high: value of the forecast's CDF at what happened; of a case that is censored, an
            interval from its value at the end of the evidence to 1 [-].
    """

    mission: str
    group: str
    crps: float
    crps_plan: float
    crps_mean_slip: float
    pit_low: float
    pit_high: float

    @property
    def censored(self) -> bool:
        """True for what had not happened by the end of the evidence."""
        return self.pit_high > self.pit_low


def crps_of_cdf(cdf: Callable[[Floats], Floats], happened: float | None, end: float) -> float:
    """Integrate ``(F(t) - [t >= happened])^2`` from 0 to the end of the evidence [years].

    Args:
        cdf: probability of having happened by a time [years].
        happened: when it did; none if it had not by the end.
        end: of the evidence [years].
    """
    count = max(2, int(np.ceil(end / GRID_STEP)))
    edges = np.linspace(0, end, count + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    value = np.asarray(cdf(middles), dtype=float)
    share_after = np.zeros(count)
    if happened is not None:
        share_after = np.clip((edges[1:] - happened) / np.diff(edges), 0, 1)
    error = share_after * (value - 1) ** 2 + (1 - share_after) * value**2
    return float(np.sum(error * np.diff(edges)))


def crps_of_point(forecast: float, happened: float | None, end: float) -> float:
    """CRPS of a single date: how far off it was, up to the end of the evidence [years].

    >>> crps_of_point(1.0, 3.5, 10.0), crps_of_point(1.0, None, 4.0), crps_of_point(9.0, None, 4.0)
    (2.5, 3.0, 0.0)
    """
    when = end if happened is None else min(happened, end)
    return abs(min(max(forecast, 0.0), end) - when)


def ensemble_cdf(times: Floats) -> Callable[[Floats], Floats]:
    """Make the CDF of replications; nan stands for never."""
    count = max(1, len(times))
    ordered = np.sort(times[np.isfinite(times)])
    return lambda t: np.searchsorted(ordered, t, side="right") / count


def pit(cdf: Callable[[Floats], Floats], happened: float | None, end: float) -> tuple[float, float]:
    """Give the probability integral transform: a point, or an interval for what is censored [-]."""
    value = float(cdf(np.array([end if happened is None else happened]))[0])
    return (value, value) if happened is not None else (value, 1.0)


def share_between(score: Score, low: float, high: float) -> float:
    """Share of a case's PIT that lies in an interval; a censored case is spread evenly over its own [-]."""
    if not score.censored:
        return float(low <= score.pit_low < high or (score.pit_low == high == 1))
    overlap = min(high, score.pit_high) - max(low, score.pit_low)
    return max(0.0, overlap) / (score.pit_high - score.pit_low)


def coverage(scores: Sequence[Score], level: float, weight: Floats | None = None) -> float:
    """Share of cases inside their central interval; censored ones count by the share that would be [-]."""
    inside = np.array([share_between(score, 0.5 - level / 2, 0.5 + level / 2) for score in scores])
    return float(np.average(inside, weights=weight)) if len(inside) else float("nan")


def coverage_bounds(scores: Sequence[Score], level: float, weight: Floats) -> tuple[float, float]:
    """Smallest and largest coverage that the censored cases can still come to [-]."""
    low, high = 0.5 - level / 2, 0.5 + level / 2
    sure = [float(not s.censored and low <= s.pit_low <= high) for s in scores]
    may = [float(s.pit_low <= high) if s.censored else known for s, known in zip(scores, sure, strict=True)]
    total = max(float(weight.sum()), 1e-12)
    return float(weight @ np.array(sure)) / total, float(weight @ np.array(may)) / total


def pit_histogram(scores: Sequence[Score], weight: Floats, bins: int = PIT_BINS) -> Floats:
    """Share of the cases in each of equal bins of the PIT (Czado et al. 2009); flat is calibrated [-]."""
    edges = np.linspace(0, 1, bins + 1)
    shares = [[share_between(score, low, high) for low, high in pairwise(edges)] for score in scores]
    return np.asarray(np.average(np.array(shares), axis=0, weights=weight))


def mission_weights(names: Sequence[str]) -> Floats:
    """Weigh cases so that each mission counts once [-]."""
    return np.array([1 / names.count(name) for name in names])


def brier(forecast: Floats, happened: Floats, weight: Floats | None = None) -> float:
    """Mean squared error of probabilities (Brier 1950) [-].

    >>> brier(np.array([0.8, 0.4]), np.array([1.0, 0.0]))
    0.1
    """
    return round(float(np.average((forecast - happened) ** 2, weights=weight)), 12)
