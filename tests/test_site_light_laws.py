"""What holds for the light of every site, tried on random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.nature.horizons import MEASURED_SITES, Declared
from sim.nature.intervals import Intervals, gaps, landing_windows
from sim.nature.lighting import Site, lit_intervals, sun_track, visible_share
from tests.skies import SLOWLY, START, measured

pytestmark = pytest.mark.usefixtures("own_cache")

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
