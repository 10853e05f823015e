"""When a place on the Moon is lit, and when it sees the Earth.

The lit share of a moment is the share of the solar disc that neither the terrain nor the Earth covers. A
place counts as lit while this is at least one half. The grid is hourly, as fine as the terrain is known
(0.5 deg of azimuth), so that a spell of less than an hour can go unseen; the changes themselves are found
to a quarter of a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sim.nature.horizons import Flat, Horizon
from sim.nature.intervals import Floats, Intervals, Truths, grid, where_true
from sim.nature.sky import InSky, earth_at, sun_at

LIT_SHARE = 0.5
_FIRST_CALIBRATED, _LAST_CALIBRATED = date(2021, 1, 1), date(2051, 1, 1)
_SHIFT_TOLERANCE_DEG = 1e-4
_ECLIPSE_REACH_DEG = 2.0  # more than the radii of Sun and Earth together, 1.3 deg at most


@dataclass(frozen=True)
class Site:
    """A place on the Moon and what stands around it."""

    latitude_deg: float
    """Latitude [deg]."""
    longitude_deg: float
    """East longitude [deg]."""
    horizon: Horizon = field(default_factory=Flat)
    """The horizon."""
    mast_height_m: float = 10.0
    """Height of the solar panels above the ground [m]; it matters for measured horizons."""
    mean_lit_share: float | None = None
    """Calibrate: shift the horizon until the mean lit share from 2021 to 2050 is this [-]."""
    shift_deg: float | None = None
    """Lower the horizon by this [deg], as seen by the Sun; without both it stays as it is."""

    def __post_init__(self) -> None:
        if not -90.0 <= self.latitude_deg <= 90.0:
            raise ValueError(f"a latitude lies between -90 and 90 deg, not {self.latitude_deg}")
        if not -360.0 <= self.longitude_deg <= 360.0:
            raise ValueError(f"a longitude lies between -360 and 360 deg, not {self.longitude_deg}")
        if not 0.0 <= self.mast_height_m < float("inf"):
            raise ValueError(f"the height of a mast is at least 0 m, not {self.mast_height_m}")
        if self.mean_lit_share is not None and self.shift_deg is not None:
            raise ValueError("a horizon is shifted by a given angle or to a given share of light, not both")
        if self.shift_deg is not None and not -90.0 < self.shift_deg < 90.0:
            raise ValueError(f"the shift of a horizon lies between -90 and 90 deg, not {self.shift_deg}")
        if self.mean_lit_share is not None and not 0.0 < self.mean_lit_share < 1.0:
            raise ValueError(f"a mean lit share lies between 0 and 1, not {self.mean_lit_share}")


@dataclass(frozen=True)
class SunTrack:
    """The Sun over the horizon of a site at some moments."""

    clearance: Floats
    """Centre of the disc above the unshifted horizon [deg], shape ``(n,)``."""
    radius: Floats
    """Radius of the disc [deg], shape ``(n,)``."""
    uncovered: Floats
    """Share of the disc that the Earth leaves free [-], shape ``(n,)``."""

    def share(self, shift: float = 0.0) -> Floats:
        """Lit share of every moment [-], over the horizon lowered by a shift [deg]."""
        return visible_share(self.clearance + shift, self.radius) * self.uncovered

    def mean(self, shift: float = 0.0) -> float:
        """Mean lit share [-] over the horizon lowered by a shift [deg]."""
        return float(self.share(shift).mean())


def visible_share(clearance: Floats, radius: Floats) -> Floats:
    """Share of a disc above a level line [-].

    f = 1 - (arccos x - x sqrt(1 - x^2)) / pi, with x = clearance / radius between -1 and 1.

    >>> visible_share(np.array([-0.3, 0.0, 0.3]), np.array([0.27, 0.27, 0.27]))
    array([0. , 0.5, 1. ])

    Args:
        clearance: centre of the disc above the line [deg].
        radius: of the disc [deg].
    """
    x = clearance / radius
    share = (x >= 1.0).astype(np.float64)
    partial = np.flatnonzero(np.abs(x) < 1.0)
    x = x[partial]
    share[partial] = 1.0 - (np.arccos(x) - x * np.sqrt(1.0 - x * x)) / np.pi
    return share


def covered_share(sun: InSky, earth: InSky) -> Floats:
    """Share of the solar disc behind the Earth [-]: the overlap of two discs over the area of the first."""
    covered = np.zeros_like(sun.elevation)
    near = np.flatnonzero(np.abs(sun.elevation - earth.elevation) < _ECLIPSE_REACH_DEG)
    apart = _separation(InSky(*(part[near] for part in sun)), InSky(*(part[near] for part in earth)))
    touching = apart < (sun.radius + earth.radius)[near]
    at = near[touching]
    covered[at] = _overlap(apart[touching], sun.radius[at], earth.radius[at])
    return covered


def sun_track(site: Site, days: Floats, epoch: date) -> SunTrack:
    """Follow the Sun over the horizon of a site; days [d] since the epoch, shape ``(n,)``.

    Raises:
        OutsideTableError: for a day outside the table of Sun and Earth.
    """
    sun = sun_at(days, epoch, site.latitude_deg, site.longitude_deg)
    earth = earth_at(days, epoch, site.latitude_deg, site.longitude_deg)
    clearance = sun.elevation - site.horizon.elevation(sun.azimuth, site.mast_height_m)
    return SunTrack(clearance, sun.radius, 1.0 - covered_share(sun, earth))


def shift_of(site: Site) -> float:
    """Tell by how much the horizon of a site is lowered [deg].

    For a given mean lit share it is found by halving, over the thirty years 2021 to 2050 and not over the
    span of a scenario: the same site then has the same sky in every scenario. A shift raises the share at
    no moment less than another one below it, so there is one answer.

    Raises:
        ValueError: if no shift gives the share, because of eclipses.
    """
    if site.mean_lit_share is None:
        return site.shift_deg or 0.0
    span = float((_LAST_CALIBRATED - _FIRST_CALIBRATED).days)
    track = sun_track(site, grid(span), _FIRST_CALIBRATED)
    low = -float((track.clearance + track.radius).max())
    high = -float((track.clearance - track.radius).min())
    if track.mean(high) < site.mean_lit_share:
        raise ValueError(
            f"no horizon gives a mean lit share of {site.mean_lit_share}: "
            f"eclipses leave {track.mean(high):.4f} at most"
        )
    while high - low > _SHIFT_TOLERANCE_DEG:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if track.mean(middle) < site.mean_lit_share else (low, middle)
    return 0.5 * (low + high)


def lit_intervals(site: Site, span: float, epoch: date, shift: float) -> tuple[Intervals, float]:
    """Find the intervals in which a site is lit, and its mean lit share.

    Args:
        site: the place.
        span: how many days from the epoch on [d].
        epoch: the day, 00:00 UTC, from which days count.
        shift: by how much the horizon is lowered [deg].

    Returns:
        Intervals [d] and the mean [-], partly visible discs counted by their share.

    Raises:
        OutsideTableError: if the span reaches beyond the table of Sun and Earth.
    """

    def is_lit(moments: Floats) -> Truths:
        return sun_track(site, moments, epoch).share(shift) >= LIT_SHARE

    moments = grid(span)
    share = sun_track(site, moments, epoch).share(shift)
    return where_true(moments, share >= LIT_SHARE, is_lit), float(share.mean())


def earth_in_view_intervals(site: Site, span: float, epoch: date) -> Intervals:
    """Find the intervals in which the centre of the Earth stands above the unshifted horizon of a site.

    Args:
        site: the place.
        span: how many days from the epoch on [d].
        epoch: the day, 00:00 UTC, from which days count.

    Raises:
        OutsideTableError: if the span reaches beyond the table of Sun and Earth.
    """

    def is_in_view(moments: Floats) -> Truths:
        earth = earth_at(moments, epoch, site.latitude_deg, site.longitude_deg)
        return earth.elevation >= site.horizon.elevation(earth.azimuth, site.mast_height_m)

    moments = grid(span)
    return where_true(moments, is_in_view(moments), is_in_view)


def _separation(one: InSky, other: InSky) -> Floats:
    """Angle between two directions [deg]; the haversine formula stays exact for small angles."""
    h1, h2 = np.radians(one.elevation), np.radians(other.elevation)
    across = np.sin(0.5 * np.radians(one.azimuth - other.azimuth)) ** 2
    half = np.sin(0.5 * (h1 - h2)) ** 2 + np.cos(h1) * np.cos(h2) * across
    apart: Floats = np.degrees(2.0 * np.arcsin(np.sqrt(half)))
    return apart


def _overlap(d: Floats, r1: Floats, r2: Floats) -> Floats:
    """Share of a disc of radius r1 behind one of radius r2 > r1, their centres d < r1 + r2 apart."""
    inside = d <= r2 - r1
    d = np.where(inside, r2, d)  # any distance at which the discs cross
    left = r1**2 * np.arccos(np.clip((d * d + r1 * r1 - r2 * r2) / (2.0 * d * r1), -1.0, 1.0))
    right = r2**2 * np.arccos(np.clip((d * d + r2 * r2 - r1 * r1) / (2.0 * d * r2), -1.0, 1.0))
    product = (-d + r1 + r2) * (d + r1 - r2) * (d - r1 + r2) * (d + r1 + r2)
    kite = 0.5 * np.sqrt(np.maximum(product, 0.0))
    return np.where(inside, 1.0, (left + right - kite) / (np.pi * r1**2))
