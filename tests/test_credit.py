"""Capacity credit, against systems whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from sim.analysis.estimates import Estimate
from sim.studies.credit import Hours, difference, interval, search
from tests.campaigns import flown, scenario_data

REACTOR = {
    "name": "Reactor",
    "role": "source",
    "generation": "fission",
    "capacity_kw": 10.0,
    "failure": {"years": {"exponential": {"mean": 0.5}}, "repair_days": {"itself": 40}},
}


@pytest.fixture
def two_reactors(tmp_path: Path) -> Path:
    missions = {"past": flown(-50, landing=-40, destination="station", elements={"reactor": 2})}
    path = tmp_path / "two-reactors.yaml"
    path.write_text(yaml.safe_dump(scenario_data(missions, elements={"reactor": REACTOR})))
    return path


def test_a_third_unit_carries_what_the_second_left_over(two_reactors: Path) -> None:
    """Two units of 10 kW carry 5 kW unless both are down. Three carry up to 10 kW unless all are down, and
    more than that only with two of them up, which is less likely than one of two: the credit is 5 kW."""
    add = {"missions.past.elements.reactor": 3}
    found = sim.studies.capacity_credit(
        two_reactors, add, n=12, workers=1, progress=False, tolerance_kw=0.05
    )
    assert found.kw == pytest.approx(5.0, abs=0.05)
    assert found.low <= found.kw <= found.high
    assert found.lolh.value > found.lolh_with.value > 0
    down = 40 / (40 + 0.5 * 365.25)
    assert found.lolh.value == pytest.approx(8766 * down**2, abs=4 * found.lolh.standard_error)
    assert "capacity credit: 5.0 kW" in str(found)
    table = found.table()
    assert table["lolh"].is_monotonic_increasing
    assert table["extra_load_kw"].iloc[0] == 0


def test_what_helps_nothing_has_no_credit(two_reactors: Path) -> None:
    add = {"elements.reactor.name": "The same"}
    found = sim.studies.capacity_credit(two_reactors, add, n=4, workers=1, progress=False)
    assert found.kw == 0
    without = sim.studies.capacity_credit(two_reactors, add, load_kw=0.0, n=2, workers=1, progress=False)
    assert np.isnan(without.kw)
    assert "never short of power" in str(without)


def test_mistakes_are_said(two_reactors: Path) -> None:
    def credit(**options: object) -> None:
        sim.studies.capacity_credit(two_reactors, {}, n=2, workers=1, progress=False, **options)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="no class of loads 'lunch'; there are crew-safety"):
        credit(load_class="lunch")
    with pytest.raises(ValueError, match="no such time: \\(2060, 2070\\)"):
        credit(years=(2060, 2070))
    with pytest.raises(ValueError, match="not both"):
        credit(years=(2030, 2031), phase="x")


@pytest.mark.parametrize("zero", [0.3, 1.0, 7.7, 300.0])
def test_the_search_finds_where_the_excess_is_zero(zero: float) -> None:
    tried = []

    def excess(kw: float) -> Estimate:
        tried.append(kw)
        return Estimate(kw**2 - zero**2, 1.0)

    assert search(excess, -(zero**2), 0.01) == pytest.approx(zero, abs=0.02)
    assert len(tried) < 40


def test_the_search_knows_its_ends() -> None:
    assert search(lambda _: Estimate(1.0, 0.1), 0.0, 0.1) == 0
    assert search(lambda _: Estimate(-1.0, 0.1), -1.0, 0.1) == np.inf


def test_the_interval_is_where_the_excess_is_not_surely_other_than_zero() -> None:
    points = [(float(kw), Estimate(0, 0), Estimate(kw - 5.0, 1 / 1.6448536)) for kw in range(11)]
    assert interval(points) == pytest.approx((4.0, 6.0))
    assert interval(points[:6]) == pytest.approx((4.0, np.inf))


def test_differences_are_paired() -> None:
    short, years = np.array([5.0, 1.0, 0.0, 9.0]), np.full(4, 2.0)
    apart = difference(Hours(short + 2, years), Hours(short, years))
    assert (apart.value, apart.standard_error) == (pytest.approx(1.0), pytest.approx(0.0))
