"""How long something lasts, where some of it still lasts at the end: survival with censoring."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import CONFIDENCE, Floats, z_value

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Survival:
    """A survival curve on a grid.

    Attributes:
        years: the grid [yr].
        alive: share that still lasts (Kaplan and Meier 1958); nan where nothing is observed any more.
        error: its standard error, by replication: what one replication has in common counts once.
        at_risk: how many are still observed.
    """

    years: Floats
    alive: Floats
    error: Floats
    at_risk: Integers

    def interval(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
        """Pointwise interval, normal approximation, within 0 and 1."""
        half = z_value(confidence) * self.error
        return np.clip(self.alive - half, 0, 1), np.clip(self.alive + half, 0, 1)


def survival(lasted: Floats, ended: NDArray[np.bool_], group: Integers, years: Floats) -> Survival:
    """Estimate how long things last.

    Args:
        lasted: how long each was seen to last [yr].
        ended: whether that was its end; else it was only seen so long (censored).
        group: its replication. Things of one replication share their fate, so that the error is taken
            from replication to replication (the linearised estimate of each, its influence).
        years: when to say how many last [yr], rising.
    """
    order = np.argsort(lasted, kind="stable")
    lasted, ended, group = lasted[order], ended[order], group[order]
    times, first = np.unique(lasted, return_index=True)
    deaths = np.add.reduceat(ended.astype(float), first) if len(times) else np.empty(0)
    risk = (len(lasted) - first).astype(float)
    hazard = deaths / risk
    curve = np.cumprod(1 - hazard)
    room = np.where(risk > deaths, risk - deaths, np.inf)  # where all end, the curve is 0 without error
    weight = np.cumsum(hazard / room)  # what surviving to a time takes off the influence
    own = np.searchsorted(times, lasted)
    alive, error = np.ones(len(years)), np.zeros(len(years))
    for number, year in enumerate(years):
        last = int(np.searchsorted(times, year, side="right")) - 1
        if last < 0:
            continue
        until = np.minimum(own, last)
        influence = (ended & (own <= last)) / room[own] - weight[until]
        together = np.bincount(group, influence)
        alive[number] = curve[last]
        error[number] = curve[last] * float(np.sqrt((together**2).sum()))
    at_risk = len(lasted) - np.searchsorted(lasted, years, side="left")
    seen = (at_risk > 0) | (alive == 0)
    return Survival(years, np.where(seen, alive, np.nan), np.where(seen, error, np.nan), at_risk)


def lasting(lasted: Floats, ended: NDArray[np.bool_], share: float = 0.5) -> float:
    """How long it takes until only a share still lasts [yr]; infinite if it was not seen to come so far.

    >>> lasting(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, False, True]))
    2.0
    """
    times = np.unique(lasted[ended])
    if not len(times):
        return inf
    group = np.zeros(len(lasted), dtype=np.int64)
    curve = survival(lasted, ended, group, times).alive
    below = np.flatnonzero(curve <= share + 1e-12)
    return float(times[below[0]]) if len(below) else inf
