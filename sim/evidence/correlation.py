"""Do the missions of one programme slip together? Correlation of their yearly plan revisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from sim.evidence.record import Announcement
from sim.nature.calendar import DAYS_PER_YEAR

_FEWEST_YEARS = 5


@dataclass(frozen=True)
class Correlation:
    """Common movement of the missions of a series.

    Attributes:
        value: pooled over the pairs by Fisher's z [-].
        low, high: 90 percent interval, as if the pairs were independent [-].
        pairs: pairs of missions with five years or more in common.
    """

    value: float
    low: float
    high: float
    pairs: int


def yearly_revisions(rows: Sequence[Announcement], mission: str) -> dict[int, float]:
    """Give by how much the plan moved from the end of one year to that of the next [years]."""
    said = sorted((row for row in rows if row.mission == mission), key=lambda row: row.announced)
    if not said:
        return {}
    last = min((row.launched or row.as_of or row.announced for row in said), default=date.min)
    plans: dict[int, date] = {}
    for year in range(said[0].announced.year, last.year + 1):
        known = [row.planned for row in said if row.announced <= date(year, 12, 31)]
        plans[year] = known[-1]
    return {
        year: (plans[year] - plans[year - 1]).days / DAYS_PER_YEAR for year in plans if year - 1 in plans
    }


def series(mission: str) -> str:
    """Name the series that a mission belongs to: its name up to the first number.

    >>> series("Luna-27A"), series("Chang'e-5")
    ('Luna', "Chang'e")
    """
    return re.split(r"[-\s]*\d", mission)[0]


def fit_correlation(rows: Sequence[Announcement], missions: Sequence[str]) -> Correlation | None:
    """Pool the correlations of all pairs of some missions; none if there is no pair."""
    revisions = {name: yearly_revisions(rows, name) for name in missions}
    found: list[tuple[float, int]] = []
    for left, right in combinations(missions, 2):
        years = sorted(revisions[left].keys() & revisions[right].keys())
        x = np.array([revisions[left][year] for year in years])
        y = np.array([revisions[right][year] for year in years])
        if len(years) >= _FEWEST_YEARS and x.std() > 0 and y.std() > 0:
            found.append((float(np.corrcoef(x, y)[0, 1]), len(years)))
    if not found:
        return None
    weight = np.array([years - 3 for _, years in found], dtype=float)
    z = np.arctanh(np.clip([value for value, _ in found], -0.99, 0.99))
    centre = float(weight @ z / weight.sum())
    half = 1.645 / float(np.sqrt(weight.sum()))
    low, high = np.tanh([centre - half, centre + half])
    return Correlation(float(np.tanh(centre)), float(low), float(high), len(found))
