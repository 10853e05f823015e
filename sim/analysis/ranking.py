"""Ranking options on common random numbers, with a guarantee that holds for the whole ranking at once.

All pairs of options are compared by the mean of their paired differences. Each interval is made so wide
that all of them hold together with the confidence asked for (Bonferroni: each has the confidence
``1 - (1 - confidence) / number of pairs``). An option is called better than another only if their interval
does not hold zero. So with that confidence *no* pair is called in the wrong order, and the true rank of
every option lies in the range given for it. Where two options differ in so few replications that not even
a sign test could tell them apart at that level, they are not called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.analysis.estimates import SMALLEST_ERROR, Floats, mean

RANKING_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ranking:
    """Options ranked by an outcome of which less is better, or more.

    Attributes:
        names: of the options.
        means: of the outcome, shape (options,).
        low, high: simultaneous interval of row minus column, shape (options, options).
        better: True where the row is surely better than the column, shape (options, options).
        confidence: that all intervals hold at once.
        replications: that were compared.
    """

    names: tuple[str, ...]
    means: Floats
    low: Floats
    high: Floats
    better: NDArray[np.bool_]
    confidence: float
    replications: int
    smaller_is_better: bool

    def table(self) -> pd.DataFrame:
        """Options from best to worst.

        Returns:
            Columns ``option``, ``mean``, ``rank``, ``rank_best`` and ``rank_worst`` (between which the
            true rank lies), ``surely_better_than`` and ``surely_worse_than`` (numbers of options), and
            ``may_be_best``.
        """
        sign = 1 if self.smaller_is_better else -1
        order = np.argsort(sign * self.means, kind="stable")
        beats, loses = self.better.sum(axis=1), self.better.sum(axis=0)
        rows = [
            {
                "option": self.names[n],
                "mean": float(self.means[n]),
                "rank": place,
                "rank_best": int(loses[n]) + 1,
                "rank_worst": len(self.names) - int(beats[n]),
                "surely_better_than": int(beats[n]),
                "surely_worse_than": int(loses[n]),
                "may_be_best": bool(loses[n] == 0),
            }
            for place, n in enumerate(order, start=1)
        ]
        return pd.DataFrame(rows)

    @property
    def guarantee(self) -> str:
        """Say in words what is sure of the ranking."""
        best = [name for name, loses in zip(self.names, self.better.sum(axis=0), strict=True) if not loses]
        pairs = comb(len(self.names), 2)
        called = int(self.better.sum())
        how = f"simultaneous paired intervals, Bonferroni, {self.replications} replications"
        return (
            f"With at least {self.confidence:.0%} confidence all {pairs} pairwise statements hold at once "
            f"({how}): {called} pairs are told apart, each true rank lies in its range, and the best is "
            f"among: {', '.join(best)}."
        )


def rank(
    values: Floats,
    names: Sequence[str],
    *,
    smaller_is_better: bool,
    confidence: float = RANKING_CONFIDENCE,
) -> Ranking:
    """Rank options by the mean of an outcome.

    Args:
        values: outcome of each option in the same replications, shape (replications, options).
        names: of the options.
        smaller_is_better: whether a smaller mean is better.
        confidence: that all statements hold at once.
    """
    count, options = values.shape
    level = (1 - confidence) / max(1, comb(options, 2))
    low, high = np.zeros((options, options)), np.zeros((options, options))
    better = np.zeros((options, options), dtype=bool)
    for row in range(options):
        for column in range(options):
            if row != column:
                difference = values[:, row] - values[:, column]
                low[row, column], high[row, column] = simultaneous_interval(difference, level)
                sure = tellable(difference, level)
                side = high[row, column] < 0 if smaller_is_better else low[row, column] > 0
                better[row, column] = sure and side
    return Ranking(
        tuple(names), values.mean(axis=0), low, high, better, confidence, count, smaller_is_better
    )


def simultaneous_interval(difference: Floats, level: float) -> tuple[float, float]:
    """Two-sided Student interval of a mean whose error probability is `level`."""
    estimate = mean(difference)
    if len(difference) < 2:
        return -np.inf, np.inf
    half = float(stdtrit(len(difference) - 1, 1 - level / 2)) * estimate.standard_error
    return estimate.value - half, estimate.value + half


def tellable(difference: Floats, level: float) -> bool:
    """Tell whether enough replications differ for a sign test to reach the level if all agreed."""
    differing = int((np.abs(difference) > SMALLEST_ERROR).sum())
    return bool(differing) and 2.0 ** (1 - differing) <= level
