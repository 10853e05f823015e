"""Intervals of time in which something holds, as two arrays: where each begins and where it ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

GRID_DAYS = 1.0 / 24.0
_HALVINGS = 7  # of the grid step: an hour to 28 seconds, the middle of which is at most 14 off


class Intervals(NamedTuple):
    """Separate intervals in rising order."""

    starts: Floats
    """Where each begins [d], shape ``(n,)``."""
    ends: Floats
    """Where each ends [d], shape ``(n,)``."""

    @property
    def lengths(self) -> Floats:
        """How long each is [d], shape ``(n,)``."""
        return self.ends - self.starts

    @property
    def longest(self) -> float:
        """The longest [d]; 0 if there is none."""
        return float(self.lengths.max(initial=0.0))


def grid(span: float) -> Floats:
    """Moments an hour apart from 0 to the end of a span [d], both ends included."""
    steps = max(1, math.ceil(span / GRID_DAYS - 1e-9))
    moments: Floats = np.arange(steps + 1, dtype=np.float64) * GRID_DAYS
    moments[-1] = span
    return moments


def where_true(moments: Floats, states: Truths, test: Callable[[Floats], Truths]) -> Intervals:
    """Find the intervals in which a test holds, from its outcome at the moments of a grid.

    Each change between two moments is closed in by halving, which keeps an order: if one test holds
    wherever another does, then so do its intervals. Spells that fall between two moments go unseen.

    >>> intervals = where_true(grid(1.0), grid(1.0) < 0.25, lambda moments: moments < 0.25)
    >>> [round(float(bound[0]), 3) for bound in intervals]
    [0.0, 0.25]

    Args:
        moments: rising [d], shape ``(n,)``, at least one.
        states: outcome of the test at these moments.
        test: tells for any moments [d] whether the condition holds.
    """
    change = np.flatnonzero(states[1:] != states[:-1])
    left, right, before = moments[change], moments[change + 1], states[change]
    for _ in range(_HALVINGS):
        middle = 0.5 * (left + right)
        unchanged = test(middle) == before
        left, right = np.where(unchanged, middle, left), np.where(unchanged, right, middle)
    crossing = 0.5 * (left + right)
    starts, ends = crossing[~before], crossing[before]
    if states[0]:
        starts = np.concatenate((moments[:1], starts))
    if states[-1]:
        ends = np.concatenate((ends, moments[-1:]))
    return Intervals(starts, ends)


def gaps(intervals: Intervals, span: float) -> Intervals:
    """Give the rest of the time from 0 to the end of a span [d].

    >>> gaps(Intervals(np.array([0.0, 5.0]), np.array([2.0, 6.0])), 10.0)
    Intervals(starts=array([2., 6.]), ends=array([ 5., 10.]))
    """
    starts = np.concatenate(([0.0], intervals.ends))
    ends = np.concatenate((intervals.starts, [span]))
    real = ends > starts
    return Intervals(starts[real], ends[real])


def landing_windows(lit: Intervals, days_lit: float) -> Intervals:
    """Give the moments of touchdown after which the site stays lit for a number of days.

    Every lit interval [a, b] longer than N days gives one window [a, b - N]; any darkness, however short,
    ends an interval. A lit interval cut off by the end of the span counts as ending there.

    >>> landing_windows(Intervals(np.array([0.0, 20.0]), np.array([12.0, 24.0])), 5.0)
    Intervals(starts=array([0.]), ends=array([7.]))
    """
    long_enough = lit.lengths > days_lit
    return Intervals(lit.starts[long_enough], lit.ends[long_enough] - days_lit)
