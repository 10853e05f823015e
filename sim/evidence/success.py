"""Success probabilities: Beta posteriors, and a hierarchical prior that lets families borrow strength.

The success probability of a family is Beta(m k, (1 - m) k) around the mean m of its class; k tells how
alike families are. Both are unknown and summed over: m uniform, 1 / (1 + k) uniform (assumption: a
proper prior that shrinks neither to "all alike" nor to "nothing in common"). A family with one flight is
drawn far towards the class, one with a hundred hardly. See Gelman et al. 2013, "Bayesian Data Analysis",
section 5.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln

Floats = NDArray[np.float64]

JEFFREYS = 0.5
_GRID = 60


@dataclass(frozen=True)
class BetaFit:
    """What is thought of a success probability.

    Attributes:
        a, b: of the Beta distribution [-].
        count: flights that it rests on.
        successes: how many of them succeeded.
    """

    a: float
    b: float
    count: int
    successes: int

    @property
    def mean(self) -> float:
        """Mean success probability [-]."""
        return self.a / (self.a + self.b)

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Central interval of the success probability [-]."""
        low, high = betaincinv(self.a, self.b, np.array([0.5 - level / 2, 0.5 + level / 2]))
        return float(low), float(high)


def jeffreys(successes: int, count: int) -> BetaFit:
    """Posterior with the Jeffreys prior: Beta(successes + 1/2, failures + 1/2).

    >>> round(jeffreys(6, 7).mean, 4)
    0.8125
    """
    return BetaFit(successes + JEFFREYS, count - successes + JEFFREYS, count, successes)


def probability_of_next(fit: BetaFit, successes: int, count: int) -> float:
    """Probability that so many of the next flights succeed (beta-binomial) [-].

    >>> round(probability_of_next(jeffreys(6, 7), 3, 3), 5)
    0.57552
    """
    ways = -np.log1p(count) - betaln(count - successes + 1, successes + 1)
    ratio = betaln(fit.a + successes, fit.b + count - successes) - betaln(fit.a, fit.b)
    return float(np.exp(ways + ratio))


class Hierarchy:
    """Families of one class, whose success probabilities come from one unknown Beta distribution.

    Args:
        tallies: successes and flights of each family.
    """

    def __init__(self, tallies: Sequence[tuple[int, int]]) -> None:
        self.tallies = list(tallies)
        middle = (np.arange(_GRID) + 0.5) / _GRID
        mean, shrink = np.meshgrid(middle, middle, indexing="ij")
        concentration = (1 - shrink) / shrink
        self._a, self._b = mean * concentration, (1 - mean) * concentration
        log_weight = np.zeros_like(mean)
        for successes, count in self.tallies:
            log_weight += betaln(self._a + successes, self._b + count - successes)
            log_weight -= betaln(self._a, self._b)
        weight = np.exp(log_weight - log_weight.max())
        self._weight = weight / weight.sum()

    def family(self, successes: int = 0, count: int = 0) -> BetaFit:
        """Give the posterior of a family of the class, as the Beta of equal mean and variance.

        Args:
            successes: of the family, already among the tallies; none for a family that has not flown.
            count: its flights.
        """
        a, b = self._a + successes, self._b + count - successes
        mean = a / (a + b)
        first = float(np.sum(self._weight * mean))
        second = float(np.sum(self._weight * (mean**2 + mean * (1 - mean) / (a + b + 1))))
        size = first * (1 - first) / max(second - first**2, 1e-9) - 1
        total = sum(n for _, n in self.tallies), sum(k for k, _ in self.tallies)
        flights = (count, successes) if count else total
        return BetaFit(first * size, (1 - first) * size, *flights)

    @property
    def concentration(self) -> float:
        """Posterior median of k: how many flights the class is worth to a family [-]."""
        by_shrink = self._weight.sum(axis=0)
        shrink = (np.searchsorted(np.cumsum(by_shrink), 0.5) + 0.5) / _GRID
        return float((1 - shrink) / shrink)

    def heterogeneity(self) -> tuple[float, int]:
        """Chi-square of the families against one common probability, and its degrees of freedom."""
        flown = [(k, n) for k, n in self.tallies if n]
        p = sum(k for k, _ in flown) / max(1, sum(n for _, n in flown))
        if not 0 < p < 1:
            return 0.0, max(0, len(flown) - 1)
        return sum((k - n * p) ** 2 / (n * p * (1 - p)) for k, n in flown), len(flown) - 1
