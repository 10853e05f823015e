"""What holds at every station, tried on random small ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.power import HOURS
from sim.model.supply import Supply
from sim.model.world import Record
from sim.terms import LOAD_CLASSES
from tests.campaigns import EVERYTHING, Future, campaign_of, day, futures
from tests.random_campaigns import law, seeds
from tests.stations import battery, bring, crewed, energy, here, load, reactor, solar

KW = st.sampled_from([0.5, 1.0, 2.0, 3.0, 7.5, 20.0])
LIGHT = st.sampled_from([(20, 15), (29.53, 14.77), (7, 3), (20, 20), (20, 0), (3, 0.5)])
DAYS = st.sampled_from([0, 5, 10, 10, 31, 77, 120])


@st.composite
def storages(draw: st.DrawFn) -> dict[str, Any]:
    limits = {
        key: draw(st.sampled_from([0.0, 1.0, 5.0]))
        for key in ("charge_kw", "discharge_kw")
        if draw(st.booleans())
    }
    efficiency = draw(st.sampled_from([1.0, 0.9, 0.6]))
    return battery(
        draw(st.sampled_from([0.0, 10.0, 60.0, 500.0])), round_trip_efficiency=efficiency, **limits
    )


@st.composite
def loads(draw: st.DrawFn) -> dict[str, Any]:
    return load(draw(KW), draw(st.sampled_from(LOAD_CLASSES)), load_dark_kw=draw(KW))


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    kw = draw(KW)
    return (
        solar(kw, dark_factor=draw(st.sampled_from([0.0, 0.0, 0.2])))
        if draw(st.booleans())
        else reactor(kw)
    )


@st.composite
def stations(draw: st.DrawFn, calm: bool = False) -> dict[str, Any]:
    """Missions and tables of a station; a calm one has nothing that what is served acts back upon."""
    kinds = {f"source-{n}": draw(sources()) for n in range(draw(st.integers(0, 3)))}
    kinds |= {f"storage-{n}": draw(storages()) for n in range(draw(st.integers(0, 2)))}
    kinds |= {f"load-{n}": draw(loads()) for n in range(draw(st.integers(1, 4)))}
    for element in kinds.values():
        if draw(st.booleans()):
            element["life_years"] = draw(st.sampled_from([0.1, 0.4]))
        if draw(st.booleans()):
            repair = "itself" if calm else draw(st.sampled_from(["itself", "rover", "crew", "delivery"]))
            element["failure"] = {"years": {"exponential": {"mean": 0.1}}, "repair_days": {repair: 3}}
            if draw(st.booleans()):
                element["common_causes"] = ["quake"]
        if not calm and element["role"] != "load":
            element["decline_per_year"] = draw(st.sampled_from([0.0, 0.3]))
            element["dust_loss_per_landing"] = draw(st.sampled_from([0.0, 0.1]))
        if not calm and draw(st.booleans()):
            element |= {
                "survives_unpowered_hours": draw(st.sampled_from([1, 100])),
                "survival_kw": draw(KW),
            }
    missions = {"o": here({name: draw(st.integers(1, 2)) for name in kinds if draw(st.booleans())})}
    for n in range(draw(st.integers(0, 2))):
        brought = {name: 1 for name in kinds if draw(st.booleans())}
        missions[f"b{n}"] = bring(draw(DAYS), brought, cargo={"food": draw(st.sampled_from([0, 50]))})
    if not calm:
        kinds["rover"] = {"name": "R", "role": "rover", "services": True, "load_lit_kw": 0.1}
        missions["o"]["elements"]["rover"] = 1
        if draw(st.booleans()):
            missions["c"] = crewed(draw(DAYS), 2, draw(st.sampled_from([3, 40])))
    period, lit = draw(LIGHT)
    site = {
        "light": {"first_dawn": day(draw(st.sampled_from([0, 4]))), "period_days": period, "lit_days": lit},
        "storage_serves": draw(st.sampled_from(LOAD_CLASSES)),
        "distribution_efficiency": draw(st.sampled_from([1.0, 0.87])),
        "crew_safety_tolerance_hours": draw(st.sampled_from([0, 48])),
    }
    return {
        "missions": missions,
        "elements": kinds,
        "station": site,
        "horizon": day(draw(st.sampled_from([60, 400]))),
        "commodities": {"food": {"name": "F", "per_crew_day": 2.0, "vital": draw(st.booleans())}},
        "common_causes": {"quake": {"name": "Q", "years": {"exponential": {"mean": 0.2}}}},
    }


def future_at(tables: dict[str, Any], seed: int) -> Future:
    return next(futures(campaign_of(**tables), 1, seed, EVERYTHING))


@contextmanager
def watched() -> Iterator[list[tuple[float, float]]]:
    """Collect stored energy and capacity whenever the flow is looked at anew."""
    seen: list[tuple[float, float]] = []
    refresh = Supply.refresh

    def look(self: Supply) -> None:
        seen.append((self.balance.stored_kwh, self.balance.storage.capacity_kwh))
        refresh(self)

    with mock.patch.object(Supply, "refresh", look):
        yield seen


@law
@given(stations(), seeds)
def test_energy_is_neither_made_nor_lost(tables: dict[str, Any], seed: int) -> None:
    with watched() as seen:
        future = future_at(tables, seed)
    total = energy(future)
    parts = sum(total[name] for name in ("served", "stored", "lost", "curtailed"))
    assert total["generated"] == pytest.approx(parts, rel=1e-12, abs=1e-9)
    assert min(total.values()) >= 0
    assert all(0 <= stored <= capacity * (1 + 1e-12) for stored, capacity in seen)


@law
@given(stations(), seeds)
def test_series_and_totals_are_the_same_energy(tables: dict[str, Any], seed: int) -> None:
    """Monthly means times the hours of the months add up to the totals."""
    campaign = campaign_of(**tables)
    future = next(futures(campaign, 1, seed))
    outcome, hours = future.outcome, np.diff(campaign.month_edges) * HOURS
    from tests.stations import series

    total = energy(future)
    for name in ("served", "curtailed"):
        assert series(future, f"{name}_kw") @ hours == pytest.approx(total[name], abs=1e-6)
    unserved = sum(series(future, f"unserved_{name.replace('-', '_')}_kw") for name in LOAD_CLASSES)
    assert unserved @ hours == pytest.approx(total["unserved"], abs=1e-6)
    short = [series(future, f"short_{name.replace('-', '_')}_share") @ hours for name in LOAD_CLASSES]
    assert np.all(np.array(short) + 1e-6 >= outcome.longest_shortfall_h)
    assert ((np.array(short) > 0) == (outcome.shortfalls > 0)).all()


def unserved(tables: dict[str, Any], seed: int) -> float:
    return energy(future_at(tables, seed))["unserved"]


@law
@given(stations(calm=True), st.sampled_from([5.0, 50.0, 1000.0]), seeds)
def test_a_larger_battery_never_leaves_more_unserved(
    tables: dict[str, Any], more: float, seed: int
) -> None:
    """Where nothing that is served acts back, and every class may use what is stored."""
    tables["station"]["storage_serves"] = LOAD_CLASSES[-1]
    only = battery(10.0, round_trip_efficiency=0.8)
    kinds = {name: item for name, item in tables["elements"].items() if item["role"] != "storage"}
    for entry in tables["missions"].values():
        entry["elements"] = {name: n for name, n in entry["elements"].items() if name in kinds}
    tables["missions"]["o"]["elements"]["only"] = 1
    small = tables | {"elements": kinds | {"only": only}}
    large = tables | {"elements": kinds | {"only": only | {"usable_kwh": 10.0 + more}}}
    assert unserved(large, seed) <= unserved(small, seed) + 1e-6


@law
@given(stations(calm=True), sources(), seeds)
def test_one_more_source_never_serves_less(
    tables: dict[str, Any], source: dict[str, Any], seed: int
) -> None:
    """In all, and in no class below: what is served with it is at least what was served without."""
    tables["station"]["storage_serves"] = LOAD_CLASSES[-1]
    added = {**tables["missions"], "more": here({"more": 1})}
    with_it = tables | {"elements": tables["elements"] | {"more": source}, "missions": added}
    assert energy(future_at(with_it, seed))["served"] >= energy(future_at(tables, seed))["served"] - 1e-6


@law
@given(stations(), st.randoms(use_true_random=False), seeds)
def test_the_order_of_the_file_does_not_matter(tables: dict[str, Any], random: Any, seed: int) -> None:
    def shuffled(table: dict[str, Any]) -> dict[str, Any]:
        return dict(random.sample(sorted(table.items()), len(table)))

    other = tables | {"elements": shuffled(tables["elements"])}
    other["missions"] = {
        name: entry | {"elements": shuffled(entry.get("elements", {}))}
        for name, entry in shuffled(tables["missions"]).items()
    }
    one, two = future_at(tables, seed), future_at(other, seed)
    np.testing.assert_allclose(one.outcome.energy_kwh, two.outcome.energy_kwh, rtol=1e-9, atol=1e-6)
    np.testing.assert_array_equal(one.outcome.shortfalls, two.outcome.shortfalls)
    assert one.outcome.crew_days == pytest.approx(two.outcome.crew_days)
    assert one.outcome.series is not None
    np.testing.assert_allclose(one.outcome.series, two.outcome.series, rtol=1e-9, atol=1e-9)
    ends = [sorted(zip(o.outcome.unit_end, o.outcome.unit_fate, strict=True), key=str) for o in (one, two)]
    np.testing.assert_allclose(*ends)


# Against time steps


def stepped(tables: dict[str, Any], step: float) -> dict[str, float]:
    """Integrate a station of what stands there on day 0 in small time steps [d]."""
    site, kinds = tables["station"], tables["elements"]
    there = [(kinds[name], n) for name, n in tables["missions"]["o"]["elements"].items()]
    serves = LOAD_CLASSES.index(site["storage_serves"])
    stores = [(kind, n) for kind, n in there if kind["role"] == "storage"]
    capacity = sum(n * kind["usable_kwh"] for kind, n in stores)
    charge, discharge = (
        sum(n * kind.get(key, 1e12) for kind, n in stores) for key in ("charge_kw", "discharge_kw")
    )
    one_way = 1.0
    if capacity:
        each = [n * k["usable_kwh"] * k["round_trip_efficiency"] ** 0.5 for k, n in stores]
        one_way = sum(each) / capacity
    light, horizon = (
        site["light"],
        int((np.datetime64(tables["horizon"]) - np.datetime64(day(0))).astype(int)),
    )
    dawn = float((np.datetime64(light["first_dawn"]) - np.datetime64(day(0))).astype(int))
    stored = served = unserved = 0.0
    for number in range(round(horizon / step)):
        lit = (number * step + step / 2 - dawn) % light["period_days"] < light["lit_days"]
        power = 0.0
        demand = [0.0] * len(LOAD_CLASSES)
        for kind, n in there:
            if kind["role"] == "source":
                dark = kind.get("dark_factor", float(kind["generation"] != "solar"))
                power += n * kind["capacity_kw"] * (1.0 if lit else dark)
            if kind["role"] == "load":
                kw = kind["load_lit_kw"] if lit else kind["load_dark_kw"]
                demand[LOAD_CLASSES.index(kind["load_class"])] += n * kw
        left = power * site["distribution_efficiency"]
        for number, kw in enumerate(demand):
            given = min(kw, left)
            drawn = 0.0
            if number <= serves:
                drawn = min(kw - given, discharge, stored * one_way / (HOURS * step))
            stored -= drawn * HOURS * step / one_way
            served += (given + drawn) * HOURS * step
            unserved += (kw - given - drawn) * HOURS * step
            left -= given
        stored += min(left, charge, (capacity - stored) / one_way / (HOURS * step)) * one_way * HOURS * step
    return {"served": served, "unserved": unserved, "stored": stored}


@st.composite
def still(draw: st.DrawFn) -> dict[str, Any]:
    """A station of which nothing comes, fails or ends."""
    tables = draw(stations(calm=True))
    for element in tables["elements"].values():
        for key in ("life_years", "failure", "common_causes"):
            element.pop(key, None)
    period, lit = draw(st.sampled_from([(20, 15), (8, 3), (20, 20), (20, 0), (3, 0.5)]))
    tables["station"]["light"] |= {"period_days": period, "lit_days": lit}
    here_already = {name: draw(st.integers(1, 2)) for name in tables["elements"]}
    return tables | {"missions": {"o": here(here_already)}, "horizon": day(60)}


@law
@given(still())
def test_the_exact_solution_agrees_with_small_time_steps(tables: dict[str, Any]) -> None:
    """Edges of light fall on steps, so that only a storage full or empty within a step makes an error;
    a step that is cut in two halves it, or nearly so."""
    campaign = campaign_of(**tables)
    exact = energy(next(futures(campaign, 1, record=Record(series=False))))
    power = sum(element.get("capacity_kw", 0.0) * 2 for element in tables["elements"].values())
    demand = sum(element.get("load_lit_kw", 0.0) * 2 for element in tables["elements"].values())
    step = 1 / 16
    rough = stepped(tables, step)
    changes = 2 * 60 / tables["station"]["light"]["period_days"] + 2
    for name, kwh in rough.items():
        assert abs(kwh - exact[name]) <= changes * (power + demand + 40) * HOURS * step + 1e-6, name
