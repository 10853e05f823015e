"""Slips: on-time share and lognormal growth of the remaining lead, by agency, drawn towards all agencies.

The likelihood is that of the model. A plan is an announced interval, looked at from a day; what is left
of it is uniform. With probability pi the launch falls into it; else it moves by ``(G - 1) x`` with
``ln G ~ N(mu, sigma^2)``, where x is the remaining lead, at least `floor` and at most `cap`. A mission
that has not flown contributes the probability of that. A mission counts once, whatever the number of its
announcements: the weights of its cases add up to one, so that intervals are those of so many missions.

What one agency's record cannot tell is taken from all: logit pi, mu and ln sigma of an agency are normal
around the pool, which is fitted first (empirical Bayes, penalised maximum likelihood).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit, ndtr

from sim.evidence.cases import Case, Columns, columns

Floats = NDArray[np.float64]

POOL = "all"
SPREAD = np.array([1.0, 0.4, 0.3])
"""Assumption: least standard deviation between agencies of logit pi, mu and ln sigma. Half of it would fit
all agencies together a little better (CRPS of missions left out 0.80 against 0.82 years) and China worse
(0.62 against 0.58)."""
WEAK_CENTRE = np.array([-1.5, 0.5, np.log(0.5), np.log(5.0), np.log(0.5)])
WEAK_SPREAD = np.array([1.5, 1.0, 0.7, 0.7, 0.7])
"""Assumption: what is thought of pi, mu, sigma, cap and floor before any record; so wide that a dozen
missions outweigh it."""
_POINTS = 7
_TINY = 1e-12
_STEP = 1e-3


@dataclass(frozen=True)
class SlipFit:
    """How plans of a class slip.

    Attributes:
        on_time_probability: share of plans that are kept [-].
        mu: mean of ln growth of the others [-].
        sigma: standard deviation of ln growth [-].
        cap: only so much of a lead grows [years].
        floor: at least so much of a lead grows [years].
        errors: standard errors of logit pi, mu and ln sigma [-].
        missions: missions in the fit.
        cases: announcements in the fit.
        flown: missions that have flown.
    """

    on_time_probability: float
    mu: float
    sigma: float
    cap: float
    floor: float
    errors: tuple[float, float, float]
    missions: int
    cases: int
    flown: int

    @property
    def theta(self) -> Floats:
        """The parameters on the scale on which they are fitted: logit pi, mu, ln sigma."""
        return np.array([logit(self.on_time_probability), self.mu, np.log(self.sigma)])

    @property
    def median(self) -> float:
        """Median growth of the plans that are not kept [-]."""
        return float(np.exp(self.mu))

    def scale(self, lead: Floats) -> Floats:
        """Give the part of a lead that grows [years]."""
        return np.clip(lead, self.floor, self.cap)

    def cdf(self, lead: float, half: float, time: Floats) -> Floats:
        """Probability of having been launched by a time after the day of the forecast [-].

        What is not known of the median is in it: ``sigma^2 + error of mu^2``.

        Args:
            lead: to the middle of the planned interval [years].
            half: half of the interval [years].
            time: any shape [years].
        """
        sigma = float(np.hypot(self.sigma, self.errors[1]))
        at = np.array([lead]), np.array([half])
        flat = np.atleast_1d(np.asarray(time, dtype=float)).ravel()
        late = np.array([_late_cdf(*at, np.array([t]), self.mu, sigma, self.scale(at[0]))[0] for t in flat])
        kept = np.clip((flat - lead + half) / max(2 * half, _TINY), 0, 1)
        p = self.on_time_probability
        return np.asarray(np.reshape(p * kept + (1 - p) * late, np.shape(time)))


def fit_slips(cases: Sequence[Case], groups: Sequence[str] | None = None) -> dict[str, SlipFit]:
    """Fit the pool of all agencies, and each agency drawn towards it.

    Args:
        cases: from any agencies.
        groups: the agencies wanted; by default all that have a case.

    Returns:
        A fit for each agency, and one under `POOL` for an agency without a record.
    """
    pool, shared = fit_pool(cases)
    names = sorted({case.group for case in cases}) if groups is None else list(groups)
    own = {name: [case for case in cases if case.group == name] for name in names}
    spread = between(own, pool, shared)
    fits = {name: fit_group(own[name], pool, shared, spread) for name in names if own[name]}
    errors = np.hypot(np.array(pool.errors), spread)
    whole = SlipFit(*_values(pool.theta, shared), _triple(errors), *_counts(cases))
    return {**fits, POOL: whole}


def fit_pool(cases: Sequence[Case]) -> tuple[SlipFit, Floats]:
    """Fit all cases as one class, with cap and floor.

    Returns:
        The fit, and ln cap and ln floor.
    """
    data = columns(cases)

    def cost(theta: Floats) -> float:
        penalty = np.sum(((theta - WEAK_CENTRE) / WEAK_SPREAD) ** 2) / 2
        return float(penalty - log_likelihood(data, theta[:3], theta[3:]))

    best = _minimum(cost, WEAK_CENTRE)
    errors = _errors(cost, best)
    shared = best[3:]
    return SlipFit(*_values(best[:3], shared), _triple(errors), *_counts(cases)), shared


def fit_group(cases: Sequence[Case], pool: SlipFit, shared: Floats, spread: Floats) -> SlipFit:
    """Fit one agency, drawn towards the pool as far as its own record is short."""
    data = columns(cases)
    centre = pool.theta

    def cost(theta: Floats) -> float:
        penalty = np.sum(((theta - centre) / spread) ** 2) / 2
        return float(penalty - log_likelihood(data, theta, shared))

    best = _minimum(cost, centre)
    errors = _errors(cost, best)
    return SlipFit(*_values(best, shared), _triple(errors), *_counts(cases))


def between(own: dict[str, list[Case]], pool: SlipFit, shared: Floats) -> Floats:
    """Estimate how much agencies differ, from those with three missions or more (method of moments).

    The spread of the fits, less what their errors explain (DerSimonian and Laird 1986), but never less
    than the assumed spread: few agencies cannot prove that they are alike.

    Returns:
        Standard deviations of logit pi, mu and ln sigma [-].
    """
    wide = np.array([3.0, 2.0, 1.0])
    fits = [
        fit_group(cases, pool, shared, wide)
        for cases in own.values()
        if len({case.mission for case in cases}) >= 3
    ]
    if len(fits) < 3:
        return SPREAD
    theta = np.array([fit.theta for fit in fits])
    weight = 1 / np.array([fit.errors for fit in fits]) ** 2
    mean = (weight * theta).sum(0) / weight.sum(0)
    excess = (weight * (theta - mean) ** 2).sum(0) - (len(fits) - 1)
    scale = weight.sum(0) - (weight**2).sum(0) / weight.sum(0)
    return np.asarray(np.clip(np.sqrt(np.maximum(excess / scale, 0)), SPREAD, 2 * SPREAD))


def log_likelihood(data: Columns, theta: Floats, shared: Floats) -> float:
    """Weighted log-likelihood of cases.

    Args:
        data: the cases.
        theta: logit pi, mu, ln sigma.
        shared: ln cap, ln floor [ln years].
    """
    kept, mu, sigma = expit(theta[0]), theta[1], np.exp(theta[2])
    cap, floor = np.exp(shared)
    scale = np.clip(data.lead, floor, max(cap, floor))
    first, last = data.lead - data.half, data.lead + data.half
    late_last = _late_cdf(data.lead, data.half, last, mu, sigma, scale)
    late_first = _late_cdf(data.lead, data.half, first, mu, sigma, scale)
    late_time = _late_cdf(data.lead, data.half, data.time, mu, sigma, scale)
    density = _late_density(data.lead, data.half, data.time, mu, sigma, scale)
    left = np.clip((last - data.time) / np.maximum(2 * data.half, _TINY), 0, 1)
    inside = (data.time >= first) & (data.time <= last)
    flown = np.where(inside, kept + (1 - kept) * (late_last - late_first), (1 - kept) * density)
    chance = np.where(data.flown, flown, kept * left + (1 - kept) * (1 - late_time))
    return float(np.sum(data.weight * np.log(np.maximum(chance, _TINY))))


def _starts(lead: Floats, half: Floats) -> Floats:
    """Points spread evenly over the planned interval, shape (cases, points) [years]."""
    offsets = (2 * np.arange(_POINTS) + 1 - _POINTS) / _POINTS
    return np.asarray(lead[:, None] + half[:, None] * offsets)


def _growth(lead: Floats, half: Floats, time: Floats, scale: Floats) -> Floats:
    return np.asarray(1 + (time[:, None] - _starts(lead, half)) / scale[:, None])


def _late_cdf(lead: Floats, half: Floats, time: Floats, mu: float, sigma: float, scale: Floats) -> Floats:
    """P(launched by a time | the plan is not kept); a negative growth counts as the day itself."""
    growth = _growth(lead, half, time, scale)
    z = (np.log(np.maximum(growth, _TINY)) - mu) / sigma
    return np.asarray(np.where(growth > 0, ndtr(z), 0.0).mean(axis=1))


def _late_density(
    lead: Floats, half: Floats, time: Floats, mu: float, sigma: float, scale: Floats
) -> Floats:
    growth = np.maximum(_growth(lead, half, time, scale), 1e-6)
    z = (np.log(growth) - mu) / sigma
    density = np.exp(-z * z / 2) / (growth * sigma * np.sqrt(2 * np.pi) * scale[:, None])
    return np.asarray(density.mean(axis=1))


def _minimum(cost: object, start: Floats) -> Floats:
    found = minimize(cost, start, method="BFGS", options={"gtol": 1e-4})  # type: ignore[call-overload]
    return np.asarray(found.x, dtype=float)


def _errors(cost: object, best: Floats) -> Floats:
    """Standard errors from the curvature of the penalised likelihood at its best (central differences)."""
    count = len(best)
    steps = np.eye(count) * _STEP
    hessian = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            corners = [
                si * sj * cost(best + si * steps[i] + sj * steps[j])  # type: ignore[operator]
                for si in (1, -1)
                for sj in (1, -1)
            ]
            hessian[i, j] = sum(corners) / (4 * _STEP**2)
    return np.sqrt(np.maximum(np.diag(np.linalg.pinv(hessian)), 0))


def _values(theta: Floats, shared: Floats) -> tuple[float, float, float, float, float]:
    cap, floor = np.exp(shared)
    return float(expit(theta[0])), float(theta[1]), float(np.exp(theta[2])), float(cap), float(floor)


def _triple(errors: Floats) -> tuple[float, float, float]:
    return float(errors[0]), float(errors[1]), float(errors[2])


def _counts(cases: Sequence[Case]) -> tuple[int, int, int]:
    missions = {case.mission for case in cases}
    flown = {case.mission for case in cases if case.flown}
    return len(missions), len(cases), len(flown)
