"""Light at the station's site: declared, or from the Sun against the horizon."""

from __future__ import annotations

import math
from collections import deque
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from sim.nature.calendar import day_of
from sim.nature.horizons import Declared, Flat, Measured
from sim.nature.lighting import Site as Place
from sim.scenario.campaign import Floats
from sim.scenario.compile.windows import MARGIN_DAYS, Interval, recurrence
from sim.scenario.schema import Station
from sim.scenario.schema.station import DeclaredLight, Site
from sim.scenario.station_rows import SkyRow

POLAR_YEAR = 346.62  # days from one southern summer to the next: the draconic year
LEVELS_OF_KNOWLEDGE = 5  # skies that stand for a distribution of the lit share
_MARGIN = timedelta(days=MARGIN_DAYS)
_BEFORE = timedelta(days=400)  # a light spell in progress at the data date begins before it


def skies_of(station: Station, data_date: date, horizon: date) -> tuple[SkyRow, ...]:
    """Work out light and Earth in view from the data date to beyond the horizon, once.

    A lit share that is known as a distribution gives several skies, each as likely as the others.
    """
    if station.light is not None:
        return (_declared(station.light, data_date, horizon),)
    assert station.site is not None
    return tuple(_under_sky(station.site, share, data_date, horizon) for share in _shares(station.site))


def _shares(site: Site) -> tuple[float | None, ...]:
    if site.mean_lit_share is None:
        return (None,)
    if site.mean_lit_share.fixed is not None:
        return (site.mean_lit_share.fixed,)
    middles = (np.arange(LEVELS_OF_KNOWLEDGE) + 0.5) / LEVELS_OF_KNOWLEDGE
    return tuple(float(share) for share in site.mean_lit_share.quantile(middles))


def _declared(light: DeclaredLight, data_date: date, horizon: date) -> SkyRow:
    """Declared light; without a sky the Earth is always in view."""
    end = day_of(horizon, data_date) + MARGIN_DAYS
    if light.lit_days == light.period_days:
        return sky_row([(-math.inf, math.inf)], [(-math.inf, math.inf)])
    first = day_of(light.first_dawn, data_date)
    lit = recurrence(first, light.period_days, light.lit_days, end) if light.lit_days else []
    return sky_row(lit, [(-math.inf, math.inf)])


def _under_sky(site: Site, share: float | None, data_date: date, horizon: date) -> SkyRow:
    """Light from the Sun against the horizon, from a month before the data date on."""
    from sim.nature.site_light import site_light
    from sim.nature.sky import sky_table

    first = max(data_date - _BEFORE, min(data_date, sky_table().first_day))
    last = min(horizon + _MARGIN, sky_table().last_day)
    light = site_light(_place(site, share), first, last)
    offset = (first - data_date).days

    def from_data_date(starts: Floats, ends: Floats) -> list[Interval]:
        return [(start + offset, end + offset) for start, end in zip(starts, ends, strict=True)]

    lit = from_data_date(light.lit_starts, light.lit_ends)
    return sky_row(lit, from_data_date(light.earth_starts, light.earth_ends))


def _place(site: Site, share: float | None) -> Place:
    horizon: Flat | Declared | Measured = Flat(site.dip_deg)
    if site.mask:
        horizon = Declared(site.mask)
    elif site.measured_horizon:
        horizon = Measured(site.measured_horizon.replace("-", "_"))
    return Place(site.latitude_deg, site.longitude_deg, horizon, site.mast_height_m, mean_lit_share=share)


def sky_row(lit: list[Interval], in_view: list[Interval]) -> SkyRow:
    """Lay out the intervals, with the longest darkness of the polar year ahead of every day."""
    days, hours = darkest_ahead(lit)
    dawns, dusks = _columns(lit)
    rises, sets = _columns(in_view)
    return SkyRow(dawns, dusks, rises, sets, days, hours)


def _columns(intervals: list[Interval]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(start for start, _ in intervals), tuple(end for _, end in intervals)


def darkest_ahead(lit: list[Interval]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Find the longest darkness in progress or to come within a polar year, as steps over time.

    Returns:
        Days from which each value holds, the first of them minus infinity, and the values [h].
    """
    if not lit:
        return (-math.inf,), (math.inf,)
    spells = [(dusk, dawn) for (_, dusk), (dawn, _) in pairwise(lit)]
    starts = sorted({-math.inf, *(dawn for _, dawn in spells), *(dusk - POLAR_YEAR for dusk, _ in spells)})
    days: list[float] = []
    hours: list[float] = []
    longest: deque[tuple[float, float]] = deque()  # spells ahead that no later one exceeds
    coming = iter(spells)
    spell = next(coming, None)
    for start in starts:
        while spell is not None and spell[0] <= max(start, 0.0) + POLAR_YEAR:
            while longest and longest[-1][1] - longest[-1][0] <= spell[1] - spell[0]:
                longest.pop()
            longest.append(spell)
            spell = next(coming, None)
        while longest and longest[0][1] <= start:
            longest.popleft()
        dark = 24 * (longest[0][1] - longest[0][0]) if longest else 0.0
        if not hours or hours[-1] != dark:
            days.append(start)
            hours.append(dark)
    return tuple(days), tuple(hours)
