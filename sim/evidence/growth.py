"""Reliability growth: does a family fail less as it flies more?

Three readings of the same sequences of failures: Crow-AMSAA (the power law of MIL-HDBK-189), a logistic
regression on the logarithm of the flight's number, and the test-analyse-fix rule of the model, in which the
failure probability is multiplied by ``1 - fix effectiveness`` after a failure and by ``1 - learning``
after a success.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit
from scipy.stats import chi2

Floats = NDArray[np.float64]
Sequences = Sequence[Sequence[bool]]
"""For each family its flights in order, true for a success."""

_GRID, _STARTS = 31, 50


@dataclass(frozen=True)
class PowerLaw:
    """Crow-AMSAA: expected failures by time t are ``scale * t ** shape``; shape below 1 is growth."""

    shape: float
    scale: float
    failures: int
    interval: tuple[float, float]
    """90 percent interval of the shape [-]."""


def crow_amsaa(failures: Sequence[float], end: float) -> PowerLaw:
    """Fit the power law to failures observed up to an end (Crow 1975, MIL-HDBK-189).

    Args:
        failures: times, or numbers of the trials, that failed.
        end: of the observation, in the same unit.

    >>> fit = crow_amsaa([2, 5, 11, 23, 50], 80)
    >>> round(fit.shape, 5), round(fit.scale, 5)
    (0.49202, 0.5789)
    """
    count = len(failures)
    logs = float(np.sum(np.log(end / np.asarray(failures, dtype=float))))
    if not count or logs <= 0:
        return PowerLaw(float("nan"), float("nan"), count, (0.0, float("inf")))
    shape = count / logs
    low, high = (shape * float(chi2.ppf(q, 2 * count)) / (2 * count) for q in (0.05, 0.95))
    return PowerLaw(shape, count / float(end) ** shape, count, (low, high))


def trial_failure_probability(fit: PowerLaw, trial: int) -> float:
    """Probability that a trial fails under a power law: ``scale (i^shape - (i - 1)^shape)`` [-]."""
    return float(fit.scale * (float(trial) ** fit.shape - float(trial - 1) ** fit.shape))


@dataclass(frozen=True)
class Slope:
    """Logistic regression of success on ln(number of the flight): its slope, error and intercept."""

    value: float
    error: float
    intercept: float
    count: int


def logistic_slope(sequences: Sequences) -> Slope:
    """Fit ``logit p = intercept + slope * ln number`` by maximum likelihood (Newton's method)."""
    flights = [(np.log(n), ok) for family in sequences for n, ok in enumerate(family, start=1)]
    design = np.array([[1.0, x] for x, _ in flights])
    success = np.array([ok for _, ok in flights], dtype=float)
    theta, information = np.zeros(2), np.eye(2)
    for _ in range(50):
        p = expit(design @ theta)
        information = design.T @ (design * (p * (1 - p))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (success - p))
        theta = theta + np.clip(step, -2, 2)
    error = float(np.sqrt(np.linalg.inv(information)[1, 1]))
    return Slope(float(theta[1]), error, float(theta[0]), len(flights))


@dataclass(frozen=True)
class Share:
    """Posterior of a share: mean, 90 percent interval, and the Beta of equal mean and variance."""

    mean: float
    low: float
    high: float
    a: float
    b: float


@dataclass(frozen=True)
class FixFit:
    """The test-analyse-fix rule fitted to families."""

    first_failure: Share
    fix_effectiveness: Share
    learning: Share
    families: int
    flights: int


def fit_fixes(sequences: Sequences) -> FixFit:
    """Posterior of fix effectiveness and learning on a grid, flat priors; each family's first failure
    probability comes from a Beta with unknown mean and concentration, which are summed over.
    """
    shares = (np.arange(_GRID) + 0.5) / _GRID
    starts = (np.arange(_STARTS) + 0.5) / _STARTS
    hyper, mean = _start_weights(starts)
    total = np.zeros((_GRID, _GRID, len(mean)))
    for family in sequences:
        chance = _sequence_chance(family, shares, starts)
        total += np.log(np.maximum(chance @ hyper, 1e-300))
    weight = np.exp(total - total.max())
    weight /= weight.sum()
    first = np.zeros(_STARTS)
    np.add.at(first, np.minimum((mean * _STARTS).astype(int), _STARTS - 1), weight.sum(axis=(0, 1)))
    return FixFit(
        _share(starts, first),
        _share(shares, weight.sum(axis=(1, 2))),
        _share(shares, weight.sum(axis=(0, 2))),
        len(sequences),
        sum(len(family) for family in sequences),
    )


def _start_weights(starts: Floats) -> tuple[Floats, Floats]:
    """Weights of the starts under each Beta, shape (starts, hypers), and the means of the Betas."""
    means = (np.arange(12) + 0.5) / 12
    shrink = (np.arange(6) + 0.5) / 6
    pairs = [(m, (1 - s) / s) for m in means for s in shrink]
    log = np.array(
        [
            (m * k - 1) * np.log(starts)
            + ((1 - m) * k - 1) * np.log1p(-starts)
            - betaln(m * k, (1 - m) * k)
            for m, k in pairs
        ]
    ).T
    density = np.exp(log)
    return density / density.sum(axis=0), np.array([m for m, _ in pairs])


def _sequence_chance(family: Sequence[bool], shares: Floats, starts: Floats) -> Floats:
    """Probability of what a family did, shape (fix effectiveness, learning, starts)."""
    fix, learn, start = shares[:, None, None], shares[None, :, None], starts[None, None, :]
    failure = np.broadcast_to(start, (_GRID, _GRID, _STARTS)).copy()
    chance = np.ones_like(failure)
    for success in family:
        chance *= (1 - failure) if success else failure
        failure = failure * ((1 - learn) if success else (1 - fix))
    return chance


def _share(values: Floats, weight: Floats) -> Share:
    mean = float(weight @ values)
    variance = float(weight @ (values - mean) ** 2)
    cumulative = np.cumsum(weight)
    low, high = (float(values[np.searchsorted(cumulative, q)]) for q in (0.05, 0.95))
    size = mean * (1 - mean) / variance - 1
    return Share(mean, low, high, mean * size, (1 - mean) * size)
