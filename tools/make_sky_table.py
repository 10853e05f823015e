"""Make the table of Sun and Earth that `sim/nature/sky.py` reads.

Positions are those of the JPL ephemeris DE421 (public domain), read by Skyfield from the package
skyfield-data; the orientation of the Moon follows the series of the IAU working group (Archinal et al.
2011, "Report of the IAU Working Group on Cartographic Coordinates and Rotational Elements: 2009"). The
directions are geometric: light time and aberration, under 0.006 deg, are left out.

Needs `pip install ilrs-sim[sky]`; then: python tools/make_sky_table.py
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skyfield.api import load, load_file

Floats = NDArray[np.float64]

TARGET = Path(__file__).resolve().parents[1] / "sim" / "nature" / "data" / "sky.npz"
FIRST_DAY = date(2012, 1, 1)
LAST_DAY = date(2053, 10, 1)  # DE421 ends eight days later
SPARE_ROWS = 2  # beyond both ends, for the interpolation
J2000 = 2451545.0
KM_PER_AU = 149_597_870.7


def main() -> None:
    """Write the table: one row per day, 00:00 UTC."""
    first = FIRST_DAY - timedelta(days=SPARE_ROWS)
    rows = (LAST_DAY - FIRST_DAY).days + 2 * SPARE_ROWS + 1
    time = load.timescale(builtin=True).utc(first.year, first.month, first.day + np.arange(rows))
    with as_file(files("skyfield_data") / "data" / "de421.bsp") as path:
        ephemeris = load_file(path)
        sun, earth, moon = (ephemeris[body].at(time).position.km for body in ("sun", "earth", "moon"))
    turn = body_axes(time.tdb - J2000)
    sun_latitude, sun_longitude, sun_km = directions(turn, sun - moon)
    earth_latitude, earth_longitude, earth_km = directions(turn, earth - moon)
    columns = {
        "sun_latitude_deg": sun_latitude,
        "sun_longitude_deg": sun_longitude,
        "sun_distance_au": sun_km / KM_PER_AU,
        "earth_latitude_deg": earth_latitude,
        "earth_longitude_deg": earth_longitude,
        "earth_distance_km": earth_km,
    }
    single = {name: column.astype(np.float32) for name, column in columns.items()}
    TARGET.parent.mkdir(exist_ok=True)
    np.savez_compressed(TARGET, first_day=np.array(first.isoformat()), **single)
    print(f"{TARGET.name}: {rows} rows from {first}, {TARGET.stat().st_size / 1024:.0f} KiB")


def directions(turn: Floats, vectors: Floats) -> tuple[Floats, Floats, Floats]:
    """Turn vectors [km], shape ``(3, n)``, into latitude, east longitude [deg] and length [km]."""
    x, y, z = np.einsum("nij,jn->in", turn, vectors)
    length = np.sqrt(x * x + y * y + z * z)
    return np.degrees(np.arcsin(z / length)), np.degrees(np.arctan2(y, x)), length


def body_axes(d: Floats) -> Floats:
    """Matrices from the ICRF to the axes of the Moon, shape ``(n, 3, 3)``; d in days of TDB from J2000."""
    alpha, delta, w = orientation(d)
    return turn_z(w) @ turn_x(90.0 - delta) @ turn_z(90.0 + alpha)


def orientation(d: Floats) -> tuple[Floats, Floats, Floats]:
    """Right ascension and declination of the pole, angle of the prime meridian [deg] (IAU 2009)."""
    t = d / 36525.0
    e = [
        np.radians(start + rate * d)
        for start, rate in (
            (125.045, -0.0529921),
            (250.089, -0.1059842),
            (260.008, 13.0120009),
            (176.625, 13.3407154),
            (357.529, 0.9856003),
            (311.589, 26.4057084),
            (134.963, 13.0649930),
            (276.617, 0.3287146),
            (34.226, 1.7484877),
            (15.134, -0.1589763),
            (119.743, 0.0036096),
            (239.961, 0.1643573),
            (25.053, 12.9590088),
        )
    ]
    alpha = 269.9949 + 0.0031 * t
    for number, size in ((1, -3.8787), (2, -0.1204), (3, 0.0700), (4, -0.0172), (6, 0.0072)):
        alpha = alpha + size * np.sin(e[number - 1])
    alpha = alpha - 0.0052 * np.sin(e[9]) + 0.0043 * np.sin(e[12])

    delta = 66.5392 + 0.0130 * t
    for number, size in ((1, 1.5419), (2, 0.0239), (3, -0.0278), (4, 0.0068), (6, -0.0029)):
        delta = delta + size * np.cos(e[number - 1])
    delta = delta + 0.0009 * np.cos(e[6]) + 0.0008 * np.cos(e[9]) - 0.0009 * np.cos(e[12])

    w = 38.3213 + 13.17635815 * d - 1.4e-12 * d * d
    sizes = (3.5610, 0.1208, -0.0642, 0.0158, 0.0252, -0.0066, -0.0047, -0.0046, 0.0028, 0.0052, 0.0040)
    for angle, size in zip(e, (*sizes, 0.0019, -0.0044), strict=True):
        w = w + size * np.sin(angle)
    return alpha, delta, w


def turn_x(degrees: Floats) -> Floats:
    """Matrices that turn the axes about x, shape ``(n, 3, 3)``."""
    c, s, matrices = (
        np.cos(np.radians(degrees)),
        np.sin(np.radians(degrees)),
        np.zeros((len(degrees), 3, 3)),
    )
    matrices[:, 0, 0] = 1.0
    matrices[:, 1, 1] = matrices[:, 2, 2] = c
    matrices[:, 1, 2], matrices[:, 2, 1] = s, -s
    return matrices


def turn_z(degrees: Floats) -> Floats:
    """Matrices that turn the axes about z, shape ``(n, 3, 3)``."""
    c, s, matrices = (
        np.cos(np.radians(degrees)),
        np.sin(np.radians(degrees)),
        np.zeros((len(degrees), 3, 3)),
    )
    matrices[:, 2, 2] = 1.0
    matrices[:, 0, 0] = matrices[:, 1, 1] = c
    matrices[:, 0, 1], matrices[:, 1, 0] = s, -s
    return matrices


if __name__ == "__main__":
    main()
