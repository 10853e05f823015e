"""How likely is a rare event, from replications that were tilted towards it?"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np

from sim.analysis.display import Rendered
from sim.analysis.estimates import Estimate, Floats, mean


@dataclass(frozen=True)
class RareEvent(Rendered):
    """A small probability with what it took to estimate it.

    Attributes:
        event: in words.
        probability: with its standard error [-].
        replications: that were run.
        seen: in how many of them it happened; plain luck would see ``probability * replications``.
        mean_weight: should be 1 within its error; if not, something is wrong.
        variance_ratio: variance of plain luck over that of this estimate, for as many replications; below
            1 it was not worth it.
    """

    event: str
    probability: Estimate
    replications: int
    seen: int
    mean_weight: Estimate
    variance_ratio: float

    def as_row(self) -> dict[str, Any]:
        """What was found as plain values [-]."""
        low, high = self.probability.interval()
        return {
            "event": self.event,
            "probability": self.probability.value,
            "probability_se": self.probability.standard_error,
            "low": max(low, 0.0),
            "high": high,
            "replications": self.replications,
            "seen": self.seen,
            "mean_weight": self.mean_weight.value,
            "variance_ratio": self.variance_ratio,
        }

    def __str__(self) -> str:
        low, high = self.probability.interval()
        return (
            f"{self.event}: {100 * self.probability.value:.3g} % "
            f"(90 % interval {100 * max(low, 0):.3g} to {100 * high:.3g} %), seen {self.seen} times in "
            f"{self.replications} replications; plain luck would need {self.variance_ratio:.1f} times as "
            "many for the same error"
        )

    __repr__ = __str__


def rare_event(event: str, happened: Any, weights: Floats) -> RareEvent:
    """Estimate a probability from weighted replications (unbiased, not self-normalised)."""
    values = np.asarray(happened, dtype=float) * weights
    probability = mean(values)
    p, count = probability.value, len(values)
    plain = sqrt(max(p * (1 - p), 0) / count)
    error = probability.standard_error
    ratio = (plain / error) ** 2 if error > 0 else nan
    return RareEvent(event, probability, count, int(np.sum(happened)), mean(weights), ratio)
