"""Light at a site under its horizon: published and prototype figures."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.nature import site_light
from sim.nature.horizons import MEASURED_SITES, Declared, Flat, Measured, dip
from sim.nature.intervals import gaps, landing_windows, where_true
from sim.nature.lighting import Site, lit_intervals, sun_track
from sim.nature.sky import OutsideTableError
from tests.skies import END, SPAN, START, STATION, YEARS, Floats, hourly, measured

pytestmark = pytest.mark.usefixtures("own_cache")


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
