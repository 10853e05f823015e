"""Estimates from replications, each with its error; what did not happen is censored, never dropped.

Dates are days since an epoch; nan stands for "not by the horizon". In a quantile it counts as later than
every date, so that a P80 of which only 70 percent were reached does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtri, stdtrit

Floats = NDArray[np.float64]
Groups = NDArray[np.int64] | None
"""Which values belong together; none: all are independent."""

CONFIDENCE = 0.9
SMALLEST_ERROR = 1e-6  # below it there is only rounding
QUANTILES = (0.1, 0.5, 0.8, 0.9)


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error.

    >>> print(Estimate(0.8438, 0.0162))
    0.844 +- 0.016
    """

    value: float
    standard_error: float

    def __str__(self) -> str:
        if not isfinite(self.value):
            return "n/a"
        digits = decimals(self.standard_error)
        return f"{self.value:.{digits}f} +- {self.standard_error:.{digits}f}"

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Central interval, normal approximation."""
        half = z_value(confidence) * self.standard_error
        return self.value - half, self.value + half


def decimals(standard_error: float) -> int:
    """Give the decimals that a standard error justifies: two significant digits of it.

    >>> decimals(0.0162), decimals(3.2), decimals(45.0)
    (3, 1, 0)
    """
    if not isfinite(standard_error) or standard_error < SMALLEST_ERROR:
        return 2
    return max(0, 1 - int(np.floor(np.log10(standard_error))))


@lru_cache(maxsize=16)
def z_value(confidence: float) -> float:
    """Normal quantile of a central interval [-]."""
    return float(ndtri(0.5 + confidence / 2))


def share(successes: int, count: int) -> Estimate:
    """Share of replications, with its binomial standard error [-]."""
    if not count:
        return Estimate(nan, nan)
    p = successes / count
    return Estimate(p, sqrt(p * (1 - p) / count))


def wilson_interval(
    successes: Floats | float, count: int, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Interval of a share that also holds near 0 and 1 (Wilson 1927)."""
    z2 = z_value(confidence) ** 2
    p = np.asarray(successes, dtype=float) / count
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = np.sqrt(z2 * p * (1 - p) / count + z2**2 / (4 * count**2)) / (1 + z2 / count)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def ranked(dates: Floats) -> Floats:
    """Sort dates, those not reached last, as infinity."""
    return np.sort(np.where(np.isnan(dates), inf, dates))


def quantile(ordered: Floats, p: float) -> float:
    """Give the date by which a share p has happened: the smallest with at least that share.

    Returns:
        The date, or infinity if it was not reached by the horizon.
    """
    if not len(ordered):
        return nan
    return float(ordered[min(len(ordered) - 1, max(0, int(np.ceil(p * len(ordered))) - 1))])


def grouped_quantile_interval(
    dates: Floats, p: float, groups: Groups, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Interval of a quantile of grouped dates: ranks as far off as the share that is earlier is uncertain.

    The error of that share is the grouped one, with a Student factor for few groups (Woodruff 1952).
    """
    ordered, centre = ranked(dates), quantile(ranked(dates), p)
    earlier = (np.where(np.isnan(dates), inf, dates) <= centre).astype(float)
    error = mean(earlier, groups).standard_error
    if groups is None or not isfinite(error):
        return quantile_interval(ordered, p, confidence)
    half = float(stdtrit(len(np.unique(groups)) - 1, 0.5 + confidence / 2)) * error
    return _at_share(ordered, p - half), _at_share(ordered, p + half + 1 / len(ordered))


def _at_share(ordered: Floats, p: float) -> float:
    if p <= 0:
        return -inf
    return inf if p > 1 else quantile(ordered, p)


def quantile_interval(ordered: Floats, p: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Distribution-free interval of a quantile, from order statistics (Hahn and Meeker 1991).

    Returns:
        Lower and upper date; the upper is infinite where the sample cannot bound it.
    """
    count = len(ordered)
    if not count:
        return nan, nan
    below = bdtr(np.arange(count + 1, dtype=float), count, p)
    tail = (1 - confidence) / 2
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    lower = float(ordered[low - 1]) if low > 0 else -inf
    upper = float(ordered[high - 1]) if high <= count else inf
    return lower, upper


def quantile_influence(dates: Floats, p: float) -> Floats:
    """Influence of each replication on a quantile (Bahadur 1966), for standard errors of differences.

    The density at the quantile is taken from the spacing of the order statistics around it; where they
    are censored there is none, and the influence is nan.

    Returns:
        Influences, mean about 0, shape as `dates`.
    """
    ordered = ranked(dates)
    count = len(ordered)
    centre = quantile(ordered, p)
    if not isfinite(centre):
        return np.full(count, nan)
    step = max(count**-0.2 * sqrt(p * (1 - p)), 1.5 / count)
    reached_share = float(np.isfinite(ordered).mean())
    low, high = max(p - step, 0.5 / count), min(p + step, reached_share - 0.5 / count)
    width = quantile(ordered, high) - quantile(ordered, low)
    if width <= 0:
        return np.zeros(count)
    density = (high - low) / width
    reached = np.where(np.isnan(dates), inf, dates) <= centre
    return np.asarray((p - reached) / density)


def restricted(dates: Floats, horizon: float) -> Floats:
    """Cut dates at the horizon: its mean is the restricted mean, which needs no date dropped."""
    return np.minimum(np.where(np.isnan(dates), inf, dates), horizon)


def mean(values: Floats, groups: Groups = None) -> Estimate:
    """Mean with its standard error; with `groups` only these are taken as independent of one another.

    The error of grouped values is that of a ratio of group totals (cluster sampling, Cochran 1977,
    section 9A.1): draws of a nested batch, blocks of a quasi-random one.
    """
    count = len(values)
    if count < 2:
        return Estimate(float(values.mean()) if count else nan, nan)
    if groups is None:
        return Estimate(float(values.mean()), float(values.std(ddof=1)) / sqrt(count))
    centre = float(values.mean())
    _, numbers = np.unique(groups, return_inverse=True)
    totals = np.bincount(numbers, values - centre)
    if len(totals) < 2:
        return Estimate(centre, nan)
    return Estimate(centre, sqrt(float(totals @ totals) * len(totals) / (len(totals) - 1)) / count)


def effective_count(values: Floats, groups: Groups) -> int:
    """How many independent replications would give the mean of grouped values the error that it has."""
    plain, grouped = mean(values).standard_error, mean(values, groups).standard_error
    if groups is None or not plain > 0 or not grouped > 0:
        return len(values)
    return max(2, round(len(values) * (plain / grouped) ** 2))


def mean_difference(left: Floats, right: Floats, paired: bool, groups: Groups = None) -> Estimate:
    """Mean of left minus right, replication by replication, or as if they had nothing in common."""
    difference = mean(left - right, groups)
    if paired:
        return difference
    errors = mean(left, groups).standard_error, mean(right, groups).standard_error
    return Estimate(difference.value, float(np.hypot(*errors)))


def quantile_difference(
    left: Floats, right: Floats, p: float, paired: bool, groups: Groups = None
) -> Estimate:
    """Difference of two quantiles with its standard error, on common random numbers or without."""
    value = quantile(ranked(left), p) - quantile(ranked(right), p)
    parts = quantile_influence(left, p), quantile_influence(right, p)
    influence = mean_difference(*parts, paired, groups)
    return Estimate(value if isfinite(value) else nan, influence.standard_error)
