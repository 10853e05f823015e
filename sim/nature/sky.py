"""Where Sun and Earth stand in the sky of a place on the Moon.

A shipped table (see `sim/nature/data/README.md`) holds, for every day at 00:00 UTC, the points of the Moon
above which Sun and Earth stand, and their distances. Everything else is spherical trigonometry. Times are
days since an epoch at 00:00 UTC, angles are degrees, longitudes count eastward, azimuths clockwise from
north. Between the rows a cubic through four of them is used; it errs by less than 0.0002 deg for the Sun
and 0.002 deg for the Earth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOON_RADIUS_KM = 1737.4
EARTH_RADIUS_KM = 6378.0
SUN_RADIUS_KM = 695_700.0
KM_PER_AU = 149_597_870.7
_SPARE_ROWS = 2  # of the table beyond the days it answers for, used by the interpolation


class OutsideTableError(ValueError):
    """A day lies outside the table of Sun and Earth."""


class Bodies(NamedTuple):
    """Where a body stands above the Moon."""

    latitude: Floats
    """Latitude of the point below the body [deg]."""
    longitude: Floats
    """East longitude of that point [deg], not wrapped."""
    distance_km: Floats
    """Distance from the centre of the Moon [km]."""


class InSky(NamedTuple):
    """Where a body stands in the sky of a place."""

    elevation: Floats
    """Elevation of its centre above the horizontal [deg]."""
    azimuth: Floats
    """Azimuth, clockwise from north [deg], 0 to 360."""
    radius: Floats
    """Angular radius of its disc [deg]."""


@dataclass(frozen=True)
class SkyTable:
    """The shipped table."""

    first_day: date
    """First day that can be asked for."""
    last_day: date
    """Last moment that can be asked for: 00:00 UTC of this day."""
    sun: Floats
    """Latitude [deg], unwrapped longitude [deg], distance [km] of the Sun, shape ``(rows, 3)``."""
    earth: Floats
    """The same of the Earth."""


def sun_at(days: ArrayLike, epoch: date, latitude: float, longitude: float) -> InSky:
    """Say where the Sun stands; its parallax, 2.4 arc seconds at most, is ignored.

    >>> sun = sun_at([0.0], date(2030, 1, 1), -88.8, 123.4)
    >>> [round(float(angle[0]), 2) for angle in sun]
    [-0.61, 98.59, 0.27]

    Args:
        days: days since the epoch, any shape.
        epoch: the day, 00:00 UTC, from which they count.
        latitude: of the place [deg].
        longitude: of the place, east [deg].

    Raises:
        OutsideTableError: for a day outside the table.
    """
    sun = above_moon(sky_table().sun, days, epoch)
    elevation, azimuth = direction(sun, latitude, longitude)
    return InSky(elevation, azimuth, np.degrees(np.arcsin(SUN_RADIUS_KM / sun.distance_km)))


def earth_at(days: ArrayLike, epoch: date, latitude: float, longitude: float) -> InSky:
    """Say where the Earth stands, seen from the surface of the Moon; for the arguments see `sun_at`.

    The parallax of a place on a sphere lowers the Earth by up to 0.26 deg:
    h' = h - atan2(R sin z, D - R cos z), with z = 90 deg - h.

    Raises:
        OutsideTableError: for a day outside the table.
    """
    earth = above_moon(sky_table().earth, days, epoch)
    elevation, azimuth = direction(earth, latitude, longitude)
    zenith = np.radians(90.0 - elevation)
    parallax = np.arctan2(
        MOON_RADIUS_KM * np.sin(zenith), earth.distance_km - MOON_RADIUS_KM * np.cos(zenith)
    )
    radius = np.degrees(np.arcsin(EARTH_RADIUS_KM / earth.distance_km))
    return InSky(elevation - np.degrees(parallax), azimuth, radius)


def direction(body: Bodies, latitude: float, longitude: float) -> tuple[Floats, Floats]:
    """Elevation and azimuth [deg] of a body from the centre of the Moon; spherical trigonometry.

    sin h = sin phi sin b + cos phi cos b cos H,
    tan Az = cos b sin H / (cos phi sin b - sin phi cos b cos H), with H = l - lambda.
    """
    phi, b = np.radians(latitude), np.radians(body.latitude)
    hour = np.radians(body.longitude - longitude)
    across = np.cos(b) * np.cos(hour)
    up = np.sin(phi) * np.sin(b) + np.cos(phi) * across
    north = np.cos(phi) * np.sin(b) - np.sin(phi) * across
    east = np.cos(b) * np.sin(hour)
    elevation = np.degrees(np.arctan2(up, np.hypot(north, east)))
    return elevation, np.degrees(np.arctan2(east, north)) % 360.0


def sun_above_moon(days: ArrayLike, epoch: date) -> Bodies:
    """Say above which point of the Moon the Sun stands.

    Raises:
        OutsideTableError: for a day outside the table.
    """
    return above_moon(sky_table().sun, days, epoch)


def earth_above_moon(days: ArrayLike, epoch: date) -> Bodies:
    """Say above which point of the Moon the Earth stands; raises like `sun_above_moon`."""
    return above_moon(sky_table().earth, days, epoch)


def above_moon(rows: Floats, days: ArrayLike, epoch: date) -> Bodies:
    """Interpolate rows of the table, shape ``(rows, 3)``, with the cubic of Lagrange through four of them.

    Raises:
        OutsideTableError: for a day outside the table.
    """
    table = sky_table()
    since = np.asarray(days, dtype=np.float64) + (epoch - table.first_day).days
    _check_inside(since, table)
    at = since + _SPARE_ROWS
    row = np.floor(at).astype(np.intp)
    x = at - row
    weights = (
        -x * (x - 1.0) * (x - 2.0) / 6.0,
        (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0,
        -(x + 1.0) * x * (x - 2.0) / 2.0,
        (x + 1.0) * x * (x - 1.0) / 6.0,
    )
    columns = (np.ascontiguousarray(column) for column in rows.T)
    return Bodies(*(sum_of(column, row, weights) for column in columns))


def sum_of(column: Floats, row: NDArray[np.intp], weights: tuple[Floats, ...]) -> Floats:
    """Weigh four neighbouring entries of a column; the second stands at `row`."""
    total = weights[0] * column[row - 1]
    for step, weight in enumerate(weights[1:]):
        total += weight * column[row + step]
    return total


@cache
def sky_table() -> SkyTable:
    """Read the shipped table, once."""
    with (files("sim.nature") / "data" / "sky.npz").open("rb") as stream, np.load(stream) as data:
        columns = {name: np.asarray(data[name], np.float64) for name in data.files if name != "first_day"}
        first_row = date.fromisoformat(str(data["first_day"]))
    longitude = np.unwrap(columns["sun_longitude_deg"], period=360.0)
    sun = (columns["sun_latitude_deg"], longitude, columns["sun_distance_au"] * KM_PER_AU)
    earth = (columns["earth_latitude_deg"], columns["earth_longitude_deg"], columns["earth_distance_km"])
    rows = len(longitude)
    return SkyTable(
        first_day=first_row + timedelta(days=_SPARE_ROWS),
        last_day=first_row + timedelta(days=rows - 1 - _SPARE_ROWS),
        sun=np.column_stack(sun),
        earth=np.column_stack(earth),
    )


def _check_inside(since: Floats, table: SkyTable) -> None:
    last = (table.last_day - table.first_day).days
    inside = (since >= 0.0) & (since <= last)
    if not inside.all():
        # a day that is no number, or that no calendar holds, cannot be named by its date
        known = np.clip(np.nan_to_num(since[~inside]), -700_000.0, 2_000_000.0)
        worst = known[np.argmax(np.abs(known - 0.5 * last))]
        raise OutsideTableError(
            f"{table.first_day + timedelta(days=float(worst))} is outside the table of Sun and Earth, "
            f"which runs from {table.first_day} to {table.last_day}"
        )
