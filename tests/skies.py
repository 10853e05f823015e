"""Places and spans for tests of the sky and of the light under it."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import settings
from numpy.typing import NDArray

from sim.nature.horizons import MEASURED_SITES, Measured
from sim.nature.intervals import grid
from sim.nature.lighting import Site

Floats = NDArray[np.float64]

START = date(2021, 1, 1)
END = date(2051, 1, 1)
SPAN = float((END - START).days)
YEARS = SPAN / 365.25
STATION = (-88.8, 123.4)
SLOWLY = settings(deadline=None, max_examples=25)


def hourly(first: date, last: date) -> Floats:
    return grid(float((last - first).days))


def measured(name: str, height: float, share: float | None = None) -> Site:
    return Site(*MEASURED_SITES[name], Measured(name), height, mean_lit_share=share)
