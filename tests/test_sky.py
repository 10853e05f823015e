"""Sun, Earth, horizons and light: an independent ephemeris, published and prototype figures, and laws."""

from __future__ import annotations

import doctest
import math
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import astronomy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.nature import horizons, intervals, lighting, site_light, sky
from sim.nature.horizons import MEASURED_SITES, Declared, Flat, Measured, dip
from sim.nature.intervals import Intervals, gaps, grid, landing_windows, where_true
from sim.nature.lighting import Site, covered_share, lit_intervals, sun_track, visible_share
from sim.nature.site_light import SiteLight
from sim.nature.sky import OutsideTableError, earth_above_moon, earth_at, sky_table, sun_above_moon, sun_at

Floats = NDArray[np.float64]

START = date(2021, 1, 1)
END = date(2051, 1, 1)
SPAN = float((END - START).days)
YEARS = SPAN / 365.25
STATION = (-88.8, 123.4)
SLOWLY = settings(deadline=None, max_examples=25)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ILRS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def hourly(first: date, last: date) -> Floats:
    return grid(float((last - first).days))


def measured(name: str, height: float, share: float | None = None) -> Site:
    return Site(*MEASURED_SITES[name], Measured(name), height, mean_lit_share=share)


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


# ------------------------------------------------------------------------------------------------ horizons


@given(st.floats(0.0, 720.0))
def test_a_declared_horizon_goes_around(azimuth: float) -> None:
    mask = Declared(((10.0, 1.0), (100.0, -1.0), (350.0, 3.0)))
    at = np.array([azimuth, azimuth % 360.0])
    assert mask.elevation(at, 10.0)[0] == pytest.approx(mask.elevation(at, 2.0)[1], abs=1e-9)
    assert -1.0 <= mask.elevation(at, 10.0)[0] <= 3.0


def test_horizons_between_their_points() -> None:
    mask = Declared(((10.0, 1.0), (100.0, -1.0), (350.0, 3.0)))
    at = np.array([10.0, 55.0, 0.0, 355.0, 350.0])
    assert mask.elevation(at, 10.0) == pytest.approx([1.0, 0.0, 2.0, 2.5, 3.0])
    assert Declared(((0.0, 2.0),)).elevation(at, 10.0) == pytest.approx(2.0)
    assert Flat(dip(1500.0)).elevation(at, 10.0) == pytest.approx(-2.38, abs=0.005)


@pytest.mark.parametrize("name", MEASURED_SITES)
def test_measured_horizons_between_and_beyond_their_heights(name: str) -> None:
    at = np.arange(0.0, 360.0, 0.25)
    at_2, at_4, at_10 = (Measured(name).elevation(at, height) for height in (2.0, 4.0, 10.0))
    assert at_4 == pytest.approx(0.75 * at_2 + 0.25 * at_10)
    assert Measured(name).elevation(at, 0.0) == pytest.approx(at_2)
    assert Measured(name).elevation(at, 50.0) == pytest.approx(at_10)
    assert (at_10 <= at_2).all()
    assert Measured(name).elevation(np.array([359.75]), 2.0) == pytest.approx(0.5 * (at_2[-2] + at_2[0]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Measured("malapert"), "only for connecting_ridge"),
        (lambda: Declared(()), "at least one pair"),
        (lambda: Declared(((20.0, 1.0), (10.0, 1.0))), "must rise"),
        (lambda: Declared(((360.0, 1.0),)), "under 360"),
        (lambda: Declared(((0.0, 90.0),)), "between -90 and 90"),
        (lambda: Flat(dip_deg=math.nan), "between -90 and 90"),
        (lambda: Site(-91.0, 0.0), "latitude"),
        (lambda: Site(0.0, 400.0), "longitude"),
        (lambda: Site(0.0, 0.0, mast_height_m=-1.0), "mast"),
        (lambda: Site(0.0, 0.0, mean_lit_share=1.0), "between 0 and 1"),
        (lambda: Site(0.0, 0.0, shift_deg=math.nan), "between -90 and 90"),
        (lambda: Site(0.0, 0.0, mean_lit_share=0.5, shift_deg=1.0), "not both"),
    ],
)
def test_impossible_sites_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


# --------------------------------------------------------------------------------------------------- light

# site, height, share to calibrate to; shift, mean, longest darkness [d], spells over 24 h a year, p95 [h],
# longest light [d]: the prototype's figures for 2021 to 2050
PROFILES = [
    ("connecting_ridge", 2.0, None, 0.0, 0.5369, 21.0, 21.8, 492.5, 21.8),
    ("connecting_ridge", 10.0, None, 0.0, 0.5720, 12.29, 21.9, 291.0, 23.9),
    ("peak_near_shackleton", 2.0, None, 0.0, 0.2008, 174.38, 14.4, 668.0, 9.5),
    ("peak_near_shackleton", 10.0, None, 0.0, 0.3670, 28.12, 24.2, 415.5, 11.2),
    ("de_gerlache_rim_2", 10.0, None, 0.0, 0.7765, 6.29, 22.6, 140.45, 146.7),
    ("peak_near_shackleton", 10.0, 0.83, 2.309, 0.8301, 9.08, 12.5, 215.0, 146.1),
    ("connecting_ridge", 2.0, 0.9227, 3.903, 0.9227, 4.96, 7.6, 118.0, 146.7),
    ("connecting_ridge", 10.0, 0.9565, 4.639, 0.9565, 3.71, 5.1, 89.0, 199.8),
]


@pytest.mark.parametrize("row", PROFILES, ids=lambda row: f"{row[0]}-{row[1]:.0f}m-{row[2]}")
def test_illumination_of_the_measured_sites(row: tuple[Any, ...]) -> None:
    name, height, share, shift, mean, longest, spells, p95, longest_lit = row
    light = site_light.site_light(measured(name, height, share), START, END)
    dark = gaps(light.lit, SPAN).lengths
    assert light.shift_deg == pytest.approx(shift, abs=0.002)
    assert light.mean_lit_share == pytest.approx(mean, abs=0.0005)
    assert light.longest_darkness == pytest.approx(longest, abs=0.05)
    assert (dark > 1.0).sum() / YEARS == pytest.approx(spells, abs=0.3)
    assert 24.0 * np.quantile(dark, 0.95) == pytest.approx(p95, rel=0.01)
    assert light.lit.longest == pytest.approx(longest_lit, abs=0.2)
    assert light.lit.lengths.sum() / SPAN == pytest.approx(light.mean_lit_share, abs=0.002)


# the calibrated peak: days N, windows and open days a year, median window [d], longest gap [d]
WINDOWS = [
    (2, 14.6, 272, 6.9, 11.0),
    (5, 14.6, 228, 3.9, 14.0),
    (7, 14.4, 199, 1.9, 28.3),
    (10, 6.2, 170, 8.0, 117.5),
]


def test_landing_windows_of_the_calibrated_peak() -> None:
    lit = site_light.site_light(measured("peak_near_shackleton", 10.0, 0.83), START, END).lit
    for days, number, open_days, median, longest_gap in WINDOWS:
        windows = landing_windows(lit, float(days))
        assert len(windows.starts) / 30.0 == pytest.approx(number, rel=0.02)
        assert windows.lengths.sum() / 30.0 == pytest.approx(open_days, rel=0.02)
        assert np.median(windows.lengths) == pytest.approx(median, rel=0.04)
        assert gaps(windows, SPAN).longest == pytest.approx(longest_gap, rel=0.02)


# latitude, dip: share of time with the Sun in view, longest full darkness [d]. The prototype that gave
# these figures counted less than two percent of the disc as darkness.
A_SLIVER = 0.02
FLAT = [
    (-90.0, 0.0, 0.552, 160.9),
    (-89.5, 0.0, 0.553, 161.4),
    (-88.8, 0.0, 0.566, 82.0),
    (-88.0, 0.0, 0.549, 21.3),
    (-85.0, 0.0, 0.516, 17.2),
    (-80.0, 0.0, 0.507, 16.0),
    (-45.0, 0.0, 0.501, 15.0),
    (0.0, 0.0, 0.501, 14.8),
    (-88.8, 1.0, 0.793, 17.0),
    (-88.8, 1.5, 0.869, 13.2),
    (-88.8, 2.0, 0.938, 9.1),
    (-88.8, 2.5, 0.998, 2.2),
]


@pytest.mark.parametrize(("latitude", "dip_deg", "share", "longest"), FLAT)
def test_flat_horizons(latitude: float, dip_deg: float, share: float, longest: float) -> None:
    site = Site(latitude, STATION[1], Flat(dip_deg))
    moments = hourly(START, END)
    in_view = sun_track(site, moments, START).share() > A_SLIVER
    dark = where_true(moments, ~in_view, lambda m: sun_track(site, m, START).share() <= A_SLIVER)
    assert in_view.mean() == pytest.approx(share, abs=0.001)
    assert dark.longest == pytest.approx(longest, abs=0.06)


def nights(longitude: float) -> Floats:
    lit, _ = lit_intervals(Site(0.0, longitude), SPAN, START, 0.0)
    dark = gaps(lit, SPAN).lengths[1:-1]
    return dark[dark > 1.0]  # without eclipses


def test_nights_at_the_equator() -> None:
    at_limb = nights(90.0)
    assert at_limb.mean() == pytest.approx(14.765, abs=0.005)  # half a synodic month
    assert 14.6 < at_limb.min() < at_limb.max() < 14.95
    # at its quarters the Moon stands beside the Earth: the Sun is 0.147 deg to the near side's advantage
    assert nights(180.0).mean() - nights(0.0).mean() == pytest.approx(4.0 * 0.147 / 12.19, abs=0.003)


def test_the_earth_never_sets_on_the_near_side_and_never_rises_on_the_far_side() -> None:
    near, far = (site_light.site_light(Site(0.0, x), START, date(2022, 1, 1)) for x in (0.0, 180.0))
    assert near.earth_in_view.lengths == pytest.approx([365.0])
    assert not far.earth_starts.size


def test_the_earth_over_a_flat_horizon() -> None:
    light = site_light.site_light(Site(*STATION), START, END)
    assert light.earth_in_view.lengths.sum() / SPAN == pytest.approx(0.456, abs=0.002)
    assert len(light.earth_starts) == pytest.approx(SPAN / 27.32, abs=10)


def test_a_shift_for_the_sun_leaves_the_earth_alone() -> None:
    plain, shifted = (
        site_light.site_light(Site(*STATION, shift_deg=s), START, date(2022, 1, 1)) for s in (None, 2.0)
    )
    assert shifted.shift_deg == 2.0
    assert shifted.mean_lit_share > plain.mean_lit_share
    assert (shifted.earth_starts == plain.earth_starts).all()


def test_a_declared_site_can_be_calibrated_and_its_sky_is_the_same_in_every_span() -> None:
    site = Site(-89.0, 50.0, Declared(((0.0, 1.0), (90.0, 2.0), (200.0, -1.0))), mean_lit_share=0.7)
    whole = site_light.site_light(site, START, END)
    part = site_light.site_light(site, date(2030, 1, 1), date(2031, 1, 1))
    assert whole.mean_lit_share == pytest.approx(0.7, abs=0.0005)
    assert part.shift_deg == whole.shift_deg
    first = float((date(2030, 1, 1) - START).days)
    inside = (whole.lit_starts > first) & (whole.lit_starts < first + 365.0)
    assert part.lit_starts[part.lit_starts > 0.0] == pytest.approx(
        whole.lit_starts[inside] - first, abs=1e-3
    )


def test_more_light_than_eclipses_leave_cannot_be_had() -> None:
    with pytest.raises(ValueError, match=r"eclipses leave 0\.999"):
        site_light.site_light(Site(*STATION, mean_lit_share=0.9999), START, END)


def test_days_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="must come after"):
        site_light.site_light(Site(*STATION), START, START)
    with pytest.raises(OutsideTableError, match="2054"):
        site_light.site_light(Site(*STATION), START, date(2054, 1, 1))


# ---------------------------------------------------------------------------------------------------- laws

ELEVATIONS = st.floats(-3.0, 3.0)
MASKS = st.dictionaries(st.integers(0, 359).map(float), ELEVATIONS, min_size=1, max_size=12).map(
    lambda points: Declared(tuple(sorted(points.items())))
)
LATITUDES = st.sampled_from([-90.0, -89.3, -88.8, -80.0, -30.0, 0.0, 45.0, 90.0])
SITES = st.builds(Site, LATITUDES, st.floats(-180.0, 360.0), MASKS)
FIRST_DAYS = st.dates(date(2012, 1, 1), date(2053, 1, 1))


@SLOWLY
@given(SITES, FIRST_DAYS, st.floats(0.1, 200.0))
def test_lit_and_dark_intervals_alternate_and_tile(site: Site, first: date, span: float) -> None:
    lit, mean = lit_intervals(site, span, first, 0.0)
    dark = gaps(lit, span)
    bounds = np.sort(np.concatenate((*lit, *dark)))
    assert 0.0 <= mean <= 1.0
    assert lit.lengths.sum() + dark.lengths.sum() == pytest.approx(span)
    assert (lit.lengths > 0.0).all()
    assert (lit.starts[1:] > lit.ends[:-1]).all()
    assert (bounds[0], bounds[-1]) == (0.0, span)
    assert (bounds[1:-1:2] == bounds[2:-1:2]).all()  # where one ends the other begins
    assert abs(len(lit.starts) - len(dark.starts)) <= 1


def within(inner: Intervals, outer: Intervals) -> bool:
    at = np.searchsorted(outer.starts, inner.starts, side="right") - 1
    return bool((at >= 0).all() and (inner.ends <= outer.ends[at]).all())


@SLOWLY
@given(SITES, FIRST_DAYS, st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_lowering_a_horizon_never_darkens(site: Site, first: date, low: float, more: float) -> None:
    (fewer, _), (longer, _) = (lit_intervals(site, 150.0, first, shift) for shift in (low, low + more))
    assert not fewer.starts.size or within(fewer, longer)


@SLOWLY
@given(st.sampled_from(sorted(MEASURED_SITES)), FIRST_DAYS, st.floats(0.0, 12.0), st.floats(0.0, 12.0))
def test_a_higher_mast_never_darkens(name: str, first: date, height: float, more: float) -> None:
    site = measured(name, height)
    lower, _ = lit_intervals(site, 150.0, first, 0.0)
    higher, _ = lit_intervals(replace(site, mast_height_m=height + more), 150.0, first, 0.0)
    assert not lower.starts.size or within(lower, higher)


@given(st.floats(-2.0, 2.0), st.floats(0.2, 0.3))
def test_the_shares_above_and_below_a_line_make_a_disc(clearance: float, radius: float) -> None:
    both = visible_share(np.array([clearance, -clearance]), np.array([radius, radius]))
    assert both.sum() == pytest.approx(1.0)
    assert (both >= 0.0).all()


@SLOWLY
@given(SITES, FIRST_DAYS, st.floats(0.1, 10.0))
def test_a_landing_window_keeps_its_promise(site: Site, first: date, days: float) -> None:
    lit, _ = lit_intervals(site, 100.0, first, 1.0)
    windows = landing_windows(lit, days)
    assert not windows.starts.size or within(Intervals(windows.starts, windows.ends + days - 1e-9), lit)
    assert len(windows.starts) == (lit.lengths > days).sum()


def test_changes_are_found_to_a_minute() -> None:
    site = measured("de_gerlache_rim_2", 10.0)
    lit, _ = lit_intervals(site, 500.0, START, 0.0)
    change = np.concatenate(lit)
    change = change[(change > 0.0) & (change < 500.0)]
    before, after = (
        sun_track(site, change + minute / 1440.0, START).share() >= 0.5 for minute in (-0.5, 0.5)
    )
    assert change.size > 5
    assert (before != after).all()


# --------------------------------------------------------------------------------------------------- cache


def same(left: SiteLight, right: SiteLight) -> bool:
    return all(np.array_equal(getattr(left, f.name), getattr(right, f.name)) for f in fields(SiteLight))


BRIEF = (START, date(2021, 7, 1))
SMALL = Site(*STATION, Declared(((0.0, 0.5), (180.0, -0.5))))


def forbid_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_light, "_work_out", lambda *_: pytest.fail("worked out again"))


def test_a_second_call_reads_what_the_first_kept(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site_light.site_light(SMALL, *BRIEF)
    forbid_work(monkeypatch)
    second = site_light.site_light(SMALL, *BRIEF)
    assert same(first, second)
    assert isinstance(second.shift_deg, float)
    assert len(list(cache_folder.iterdir())) == 1


def test_each_input_has_its_own_place_in_the_cache(cache_folder: Path) -> None:
    sites = [
        SMALL,
        replace(SMALL, mast_height_m=2.0),
        replace(SMALL, shift_deg=0.5),
        replace(SMALL, horizon=Flat()),
    ]
    for site in sites:
        site_light.site_light(site, *BRIEF)
    site_light.site_light(SMALL, START, date(2021, 7, 2))
    assert len(list(cache_folder.iterdir())) == len(sites) + 1


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[:-7], lambda b: b[:90] + b"\0\1" + b[92:], lambda b: b[:9]]
)
def test_a_damaged_file_is_replaced(
    cache_folder: Path, damage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site_light.site_light(SMALL, *BRIEF)
    (kept,) = cache_folder.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert same(first, site_light.site_light(SMALL, *BRIEF))
    forbid_work(monkeypatch)
    assert same(first, site_light.site_light(SMALL, *BRIEF))


def test_a_folder_that_cannot_be_used_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ILRS_CACHE", str(tmp_path / "file" / "cache"))
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size


def test_a_failed_write_leaves_nothing_behind(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(site_light.os, "replace", refuse)
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size
    assert not list(cache_folder.iterdir())


def test_without_the_variable_the_cache_is_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ILRS_CACHE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    site_light.site_light(SMALL, *BRIEF)
    assert len(list((tmp_path / ".cache" / "ilrs-sim").iterdir())) == 1


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("ILRS_CACHE")
    monkeypatch.setattr(Path, "home", homeless)
    assert site_light.site_light(SMALL, *BRIEF).lit_starts.size


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
