"""Where Sun and Earth are, and eclipses: an independent ephemeris and published figures."""

from __future__ import annotations

import doctest
import math
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import astronomy
import numpy as np
import pytest

from sim.nature import horizons, intervals, lighting, site_light, sky
from sim.nature.horizons import Flat
from sim.nature.intervals import gaps
from sim.nature.lighting import Site, covered_share, lit_intervals
from sim.nature.sky import OutsideTableError, earth_above_moon, earth_at, sky_table, sun_above_moon, sun_at
from tests.skies import END, SPAN, START, STATION, YEARS, Floats, hourly

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize(
    "module", [sky, horizons, intervals, lighting, site_light], ids=lambda m: m.__name__
)
def test_examples_in_the_documentation(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


# --------------------------------------------------------------------------------- where Sun and Earth are

# DE421 with its own integrated librations, spherical Moon, at the station; the Earth without parallax
CHECK_VALUES = [
    (date(2030, 1, 1), 0, 0.4295, -138.0015, -0.6088, 98.588, -3.737, 236.447),
    (date(2030, 3, 15), 12, 1.5458, 47.6467, -1.2502, 284.275, -4.967, 229.953),
    (date(2030, 6, 15), 18, -0.2398, 1.9984, -0.3854, 238.600, 0.326, 238.161),
    (date(2030, 9, 12), 0, -1.5402, 3.8341, 0.9478, 240.411, 5.895, 241.720),
    (date(2030, 12, 9), 22, 0.3103, 0.7855, -0.9570, 237.397, -1.891, 237.080),
]


@pytest.mark.parametrize("row", CHECK_VALUES, ids=lambda row: str(row[0]))
def test_check_values(row: tuple[Any, ...]) -> None:
    day, hour, latitude, longitude, sun_h, sun_az, earth_h, earth_az = row
    moment = np.array([hour / 24.0])
    below = sun_above_moon(moment, day)
    sun = sun_at(moment, day, *STATION)
    earth = sky.direction(earth_above_moon(moment, day), *STATION)
    assert below.latitude[0] == pytest.approx(latitude, abs=0.004)
    assert math.remainder(below.longitude[0] - longitude, 360.0) == pytest.approx(0.0, abs=0.004)
    assert (sun.elevation[0], sun.azimuth[0]) == pytest.approx((sun_h, sun_az), abs=0.004)
    assert (earth[0][0], earth[1][0]) == pytest.approx((earth_h, earth_az), abs=0.006)


def independent(moment: float, latitude: float, longitude: float) -> list[tuple[float, float]]:
    """Elevation and azimuth of Sun and Earth by astronomy-engine, all in vectors."""
    time = astronomy.Time(moment + (date(2012, 1, 1) - date(2000, 1, 1)).days - 0.5)
    axis = astronomy.RotationAxis(astronomy.Body.Moon, time)
    ra, dec, spin = math.radians(15.0 * axis.ra), math.radians(axis.dec), math.radians(axis.spin)
    pole = np.array([math.cos(dec) * math.cos(ra), math.cos(dec) * math.sin(ra), math.sin(dec)])
    node = np.array([-math.sin(ra), math.cos(ra), 0.0])
    meridian = node * math.cos(spin) + np.cross(pole, node) * math.sin(spin)
    side = np.cross(pole, meridian)
    phi, lam = math.radians(latitude), math.radians(longitude)
    east = -math.sin(lam) * meridian + math.cos(lam) * side
    outward = math.cos(lam) * meridian + math.sin(lam) * side
    up = math.cos(phi) * outward + math.sin(phi) * pole
    north = np.cross(up, east)
    moon = vector(astronomy.GeoMoon(time))
    sun = -vector(astronomy.HelioVector(astronomy.Body.Earth, time)) - moon
    found = []
    for seen in (sun, -moon):
        ray = seen - up * sky.MOON_RADIUS_KM / sky.KM_PER_AU
        elevation = math.asin(ray @ up / np.linalg.norm(ray))
        found.append((math.degrees(elevation), math.degrees(math.atan2(ray @ east, ray @ north))))
    return found


def vector(of: Any) -> Floats:
    return np.array([of.x, of.y, of.z])


@pytest.mark.parametrize("place", [STATION, (-85.0, 31.0), (12.0, -60.0)], ids=str)
def test_the_sky_agrees_with_an_independent_ephemeris(place: tuple[float, float]) -> None:
    last = (sky_table().last_day - sky_table().first_day).days
    moments = np.concatenate(([0.0, last], np.random.default_rng(7).uniform(0.0, last, 500)))
    bodies = sun_at(moments, date(2012, 1, 1), *place), earth_at(moments, date(2012, 1, 1), *place)
    for number, moment in enumerate(moments):
        for body, (elevation, azimuth) in zip(bodies, independent(moment, *place), strict=True):
            across = math.remainder(body.azimuth[number] - azimuth, 360.0) * math.cos(
                math.radians(elevation)
            )
            assert body.elevation[number] == pytest.approx(elevation, abs=0.01)
            assert across == pytest.approx(0.0, abs=0.01)


def test_interpolation_repeats_the_rows_of_the_table() -> None:
    rows = np.arange(100.0, 200.0)
    assert sun_above_moon(rows, date(2012, 1, 1)).latitude == pytest.approx(sky_table().sun[102:202, 0])


def test_elevation_of_the_sun_in_one_year_and_in_thirty() -> None:
    year = sun_at(hourly(date(2030, 1, 1), END.replace(year=2031)), date(2030, 1, 1), *STATION).elevation
    assert (year.min(), year.max()) == pytest.approx((-2.680, 2.714), abs=0.01)
    sun = sun_at(hourly(START, END), START, *STATION)
    assert (sun.elevation.min(), sun.elevation.max()) == pytest.approx((-2.769, 2.757), abs=0.01)
    assert (sun.radius.min(), sun.radius.max()) == pytest.approx((0.261, 0.272), abs=0.001)


def test_the_earth_stays_near_the_middle_of_the_near_side() -> None:
    days = np.arange(0.0, SPAN)
    below = earth_above_moon(days, START)
    assert np.abs(below.latitude).max() == pytest.approx(6.84, abs=0.03)
    assert np.abs(below.longitude).max() == pytest.approx(8.0, abs=0.1)
    earth = earth_at(hourly(START, END), START, *STATION)
    assert (earth.elevation.min(), earth.elevation.max()) == pytest.approx((-7.9, 6.1), abs=0.1)
    assert np.mean(earth.elevation > 0.0) == pytest.approx(0.456, abs=0.002)
    assert 0.89 < earth.radius.min() < earth.radius.max() < 1.03


def test_parallax_of_the_earth() -> None:
    moment = np.array([0.0])
    centre, _ = sky.direction(earth_above_moon(moment, START), -90.0, 0.0)
    assert centre - earth_at(moment, START, -90.0, 0.0).elevation == pytest.approx(0.257, abs=0.02)


def test_the_synodic_month() -> None:
    longitude = sun_above_moon([0.0, SPAN], START).longitude
    assert 360.0 * SPAN / (longitude[0] - longitude[1]) == pytest.approx(29.5306, abs=0.001)


def summer_starts() -> Floats:
    """Days on which the 29-day mean of the sub-solar latitude falls below zero."""
    latitude = sun_above_moon(np.arange(0.0, SPAN + 200.0), START).latitude
    mean = np.convolve(latitude, np.full(29, 1.0 / 29.0), mode="valid")
    return np.flatnonzero((mean[:-1] >= 0.0) & (mean[1:] < 0.0)) + 15.0  # middle of the 29 days


def test_southern_summers_start_earlier_every_year() -> None:
    starts = summer_starts()
    named = [START + timedelta(days=float(start)) for start in starts]
    expected = [
        "2021-11-23",
        "2026-08-23",
        "2030-06-07",
        "2035-03-05",
        "2038-01-09",
        "2038-12-22",
        "2050-05-11",
    ]
    for day in map(date.fromisoformat, expected):
        assert min(abs((day - start).days) for start in named) <= 1
    assert np.diff(starts).mean() == pytest.approx(346.62, abs=0.3)  # the polar year
    assert 365.25 - np.diff(starts).mean() == pytest.approx(18.7, abs=0.3)


@pytest.mark.parametrize("day", [-1e-6, -400.0, 15_249.01, math.nan, math.inf, -1e12])
def test_days_outside_the_table_are_refused(day: float) -> None:
    for where in (sun_at, earth_at):
        with pytest.raises(OutsideTableError, match="runs from 2012-01-01 to 2053-10-01"):
            where([0.0, day], date(2012, 1, 1), *STATION)


def test_the_table_answers_up_to_its_last_moment() -> None:
    assert (sky_table().first_day, sky_table().last_day) == (date(2012, 1, 1), date(2053, 10, 1))
    assert np.isfinite(earth_at([0.0, 15_249.0], date(2012, 1, 1), *STATION).elevation).all()


# ------------------------------------------------------------------------------------------------ eclipses

NAMED_ECLIPSES = {
    "2029-06-26T03:22": 1.0,
    "2029-12-20T22:42": 1.0,
    "2030-06-15T18:33": 0.5,
    "2021-05-26T11:15": 1.0,
}


def eclipses() -> list[tuple[float, float, float, float]]:
    """First contact, maximum, last contact [d] and largest cover of the eclipses at the station."""
    coarse = hourly(START, END)
    sun, earth = sun_at(coarse, START, *STATION), earth_at(coarse, START, *STATION)
    near = np.flatnonzero(covered_share(sun, earth._replace(radius=earth.radius + 0.65)) > 0.0)
    found = []
    for run in np.split(near, np.flatnonzero(np.diff(near) > 1) + 1):
        minutes = np.arange(coarse[run[0]] - 0.05, coarse[run[-1]] + 0.05, 1.0 / 1440.0)
        cover = covered_share(sun_at(minutes, START, *STATION), earth_at(minutes, START, *STATION))
        touched = np.flatnonzero(cover)
        if touched.size:
            peak = np.flatnonzero(cover == cover.max()).mean()
            found.append(
                (minutes[touched[0]], minutes[round(peak)], minutes[touched[-1]], float(cover.max()))
            )
    return found


def test_eclipses_at_the_station() -> None:
    found = eclipses()
    lengths = [24.0 * (last - first) for first, _, last, _ in found]
    assert len(found) == 54
    assert max(lengths) == pytest.approx(5.13, abs=0.05)
    assert sum(lengths) / YEARS == pytest.approx(6.9, abs=0.1)
    for moment, least in NAMED_ECLIPSES.items():
        day = (np.datetime64(moment) - np.datetime64(START)) / np.timedelta64(1, "D")
        nearest = min(found, key=lambda eclipse: abs(eclipse[1] - day))
        # the maximum is that of the site, an hour or so from that of the Earth's centre
        assert nearest[0] < day < nearest[2]
        assert nearest[3] >= least
    assert not any(abs((START + timedelta(days=e[1])) - date(2030, 12, 9)).days < 3 for e in found)


def test_an_eclipse_interrupts_the_light() -> None:
    high = Site(*STATION, Flat(dip_deg=5.0))
    lit, mean = lit_intervals(high, 365.0, date(2029, 1, 1), 0.0)
    dark = gaps(lit, 365.0)
    assert len(dark.starts) >= 2
    assert 0.0 < dark.longest < 4.1 / 24.0
    assert 0.99 < mean < 1.0


# -------------------------------------------------------------------------------------------------- wheel


def test_the_wheel_holds_the_data_and_their_licence(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        f"sim/nature/data/{name}" for name in ("sky.npz", "horizons.csv", "LICENSE.lunahorizon")
    } <= names


def test_naming_a_horizon_loads_no_numpy() -> None:
    code = "import sys; from sim.nature.horizons import Flat; print(Flat(), 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split()[-1] == "False"
