"""Many replications of small campaigns, and the bounds that they must keep to."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.variates import Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign
from tests.campaigns import futures

Floats = NDArray[np.float64]
DATES = Record(series=False)
MANY = 20_000


def slipping(median: float, sigma: float, **more: Any) -> dict[str, Any]:
    """A slip class in which no plan is kept, unless `more` says so."""
    return {"on_time_probability": 0.0, "median_growth": median, "sigma": sigma, **more}


def slips(campaign: Campaign, count: int = MANY) -> dict[str, Floats]:
    """Slip of every mission in many replications [d]."""
    variates = Variates(campaign, Luck(1, first=0, count=count))
    return {row.id: variates._slip_days[:, n] for n, row in enumerate(campaign.missions)}


def launches(campaign: Campaign, count: int) -> dict[str, Floats]:
    days = np.array([future.outcome.launch_day for future in futures(campaign, count, record=DATES)])
    return {row.id: days[:, n] for n, row in enumerate(campaign.missions)}


def assert_share(hits: Any, probability: float) -> None:
    """The share of true values lies within three standard errors of a probability."""
    hits = np.asarray(hits)
    error = math.sqrt(probability * (1 - probability) / len(hits))
    assert abs(hits.mean() - probability) < 3 * error, (hits.mean(), probability, error)


def assert_follows(sample: Floats, cdf: Callable[[Floats], Floats]) -> None:
    """Kolmogorov-Smirnov: a sample of a distribution stays below the bound 999 times in 1000."""
    ranked = cdf(np.sort(sample))
    steps = np.arange(len(sample) + 1) / len(sample)
    distance = max(np.max(ranked - steps[:-1]), np.max(steps[1:] - ranked))
    assert distance < 1.95 / math.sqrt(len(sample)), distance
