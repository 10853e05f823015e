"""Stand-downs and other durations: lognormal, with what has not ended yet as right-censored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_ndtr, ndtr

from sim.evidence.record import StandDown

Floats = NDArray[np.float64]

Z_90 = 1.6448536269514722
"""Half width of a central 90 percent interval of a normal value, in standard errors."""
_LILLIEFORS = 0.886
"""Critical distance times the root of n, 5 percent, parameters fitted (Lilliefors 1967)."""


@dataclass(frozen=True)
class LognormalFit:
    """A lognormal duration.

    Attributes:
        mu: mean of the logarithm [ln d].
        sigma: standard deviation of the logarithm [-].
        errors: standard errors of mu and of ln sigma [-].
        distance: largest distance between the fit and the product-limit estimate [-].
        critical_distance: beyond it the fit is refused at 5 percent (without regard to censoring) [-].
    """

    mu: float
    sigma: float
    errors: tuple[float, float]
    count: int
    censored: int
    distance: float
    critical_distance: float

    @property
    def median(self) -> float:
        """Half of the durations are shorter [d]."""
        return float(np.exp(self.mu))

    @property
    def interval(self) -> tuple[float, float]:
        """90 percent interval of the median [d]."""
        low, high = np.exp(self.mu + self.errors[0] * Z_90 * np.array([-1, 1]))
        return float(low), float(high)


def fit_lognormal(values: Floats, censored: NDArray[np.bool_]) -> LognormalFit:
    """Fit by maximum likelihood: density of what ended, probability of lasting longer of what did not.

    Args:
        values: durations, or what of them has passed, shape (n,) [d].
        censored: true for what has not ended, shape (n,).

    Raises:
        ValueError: fewer than two durations ended.
    """
    if (~censored).sum() < 2:
        raise ValueError("a lognormal fit needs two durations that ended")
    logs = np.log(np.maximum(values, 0.5))

    def cost(theta: Floats) -> float:
        z = (logs - theta[0]) / np.exp(theta[1])
        ended = -0.5 * z**2 - theta[1]
        return -float(np.sum(np.where(censored, log_ndtr(-z), ended)))

    start = np.array([logs.mean(), np.log(max(logs[~censored].std(), 0.05))])
    found = minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9}).x
    errors = _errors(cost, found)
    mu, sigma = float(found[0]), float(np.exp(found[1]))
    distance = _distance(values, censored, mu, sigma)
    count = len(values)
    return LognormalFit(
        mu, sigma, errors, count, int(censored.sum()), distance, _LILLIEFORS / float(np.sqrt(count))
    )


def product_limit(values: Floats, censored: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Estimate the CDF without a distribution (Kaplan and Meier 1958).

    Returns:
        The durations that ended, in order, and the share that ended by each.
    """
    times = np.unique(values[~censored])
    at_risk = np.array([(values >= t).sum() for t in times])
    ended = np.array([((values == t) & ~censored).sum() for t in times])
    return times, 1 - np.cumprod(1 - ended / at_risk)


def _distance(values: Floats, censored: NDArray[np.bool_], mu: float, sigma: float) -> float:
    times, cdf = product_limit(values, censored)
    fitted = ndtr((np.log(np.maximum(times, 0.5)) - mu) / sigma)
    before = np.concatenate([[0.0], cdf[:-1]])
    return float(np.max(np.maximum(np.abs(fitted - cdf), np.abs(fitted - before))))


def _errors(cost: Callable[[Floats], float], best: Floats) -> tuple[float, float]:
    step = 1e-3
    e = np.eye(2) * step
    hessian = np.array(
        [
            [
                sum(a * b * cost(best + a * e[i] + b * e[j]) for a in (1, -1) for b in (1, -1))
                / (4 * step**2)
                for j in range(2)
            ]
            for i in range(2)
        ]
    )
    mu, ln_sigma = np.sqrt(np.maximum(np.diag(np.linalg.pinv(hessian)), 0))
    return float(mu), float(ln_sigma)


Test = Callable[[StandDown], bool]

_SINCE_1990 = date(1990, 1, 1)
_FREQUENT_DAYS = 60.0


def _vehicle(test: Test) -> Test:
    return lambda row: row.kind == "launch vehicle" and row.failed >= _SINCE_1990 and test(row)


def _lander(test: Test) -> Test:
    return lambda row: row.kind == "lunar lander family" and test(row)


CLASSES: Mapping[str, tuple[str, Test]] = MappingProxyType(
    {
        "launch-vehicle": (
            "launch vehicles since 1995",
            _vehicle(lambda row: row.failed >= date(1995, 1, 1)),
        ),
        "china": ("Chinese launch vehicles since 1990", _vehicle(lambda row: row.country == "China")),
        "russia": ("Russian launch vehicles since 1990", _vehicle(lambda row: "Russia" in row.country)),
        "soyuz": ("Soyuz family since 1990", _vehicle(lambda row: row.system.startswith("Soyuz-"))),
        "proton": ("Proton since 1990", _vehicle(lambda row: row.system.startswith("Proton"))),
        "frequent": (
            "launch vehicles that fly more than every 60 days, since 1990",
            _vehicle(lambda row: row.gap_before_days is not None and row.gap_before_days < _FREQUENT_DAYS),
        ),
        "rare": (
            "launch vehicles that fly less than every 60 days, since 1990",
            _vehicle(lambda row: row.gap_before_days is not None and row.gap_before_days >= _FREQUENT_DAYS),
        ),
        "new-launcher": (
            "losses in the first flights of a launch vehicle, since 1990",
            _vehicle(lambda row: row.gap_before_days is None),
        ),
        "lander": (
            "lander families since 2000 with a successor meant",
            _lander(lambda row: row.failed.year >= 2000 and row.successor_meant),
        ),
        "lander-1963-1976": ("lander families 1963 to 1976", _lander(lambda row: row.failed.year < 2000)),
        "crewed": ("crewed programmes", lambda row: row.kind == "crewed programme"),
    }
)
"""Reference classes of stand-downs: what they are, and which rows belong to them."""


def fit_stand_downs(rows: Sequence[StandDown]) -> dict[str, LognormalFit]:
    """Fit every class of stand-downs that has two cases or more that ended."""
    fits = {}
    for name, (_, belongs) in CLASSES.items():
        values, censored = durations(rows, belongs)
        if (~censored).sum() > 1:
            fits[name] = fit_lognormal(values, censored)
    return fits


def durations(rows: Sequence[StandDown], belongs: Test) -> tuple[Floats, NDArray[np.bool_]]:
    """Give the durations of a class and which of them are censored, each of shape (n,)."""
    chosen = [row for row in rows if belongs(row)]
    return np.array([row.days for row in chosen], dtype=float), np.array(
        [row.censored for row in chosen], dtype=bool
    )
