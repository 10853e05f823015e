"""The power of small stations by hand: nights, storage, classes of loads, losses, age and dust."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from sim.model.power import HOURS, Balance, Load, Source, Storage
from sim.terms import LOAD_CLASSES
from tests.campaigns import day, future_of
from tests.stations import (
    ALWAYS,
    NEVER,
    YEAR,
    battery,
    bring,
    energy,
    flows,
    happened,
    load,
    reactor,
    series,
    solar,
    standing,
)

CREW, KEEP_ALIVE, OPERATIONS, SCIENCE, ISRU = range(len(LOAD_CLASSES))


def hours(number: float) -> float:
    return number / HOURS


# One night


def test_one_source_one_battery_one_night() -> None:
    """10 kW in light, a load of 4 kW, 60 kWh: full after 10 h, empty 15 h after dusk, and again."""
    night = flows({"array": solar(10), "battery": battery(60), "load": load(4)})
    told = [(item.day, item.stored_kwh, sum(item.flow.unserved)) for item in night]
    assert told == [
        (0, 0, 0),
        (hours(10), 60, 0),
        (15, 60, 0),
        (15 + hours(15), 0, 4),
        (20, 0, 0),
        (20 + hours(10), 60, 0),
        (35, 60, 0),
        (35 + hours(15), 0, 4),
    ]
    assert [item.flow.curtailed for item in night[:4]] == [0, 6, 0, 0]


def test_the_energy_of_one_night() -> None:
    """15 days at 10 kW; 4 kW are served all day and for 15 h of the night; the rest of the 3600 kWh is
    curtailed, and 105 h of the night go without."""
    future = standing({"array": solar(10), "battery": battery(60), "load": load(4)}, horizon=day(20))
    assert energy(future) == pytest.approx(
        {
            "generated": 3600,
            "served": 4 * (360 + 15),
            "stored": 0,
            "lost": 0,
            "curtailed": 3600 - 1440 - 60,
            "unserved": 4 * 105,
        }
    )
    assert future.outcome.shortfalls.tolist() == [0, 0, 1, 0, 0]
    assert future.outcome.longest_shortfall_h[OPERATIONS] == pytest.approx(105)


def test_shortfalls_are_counted_and_the_longest_is_kept() -> None:
    """Nights of 5 days from day 15, 35, 55, 75 and 95 on, the last one cut off by the horizon on day 98;
    the load that comes later by a day has its first shortfall from then on."""
    elements = {"array": solar(10), "load": load(4, "science"), "lamp": load(1)}
    late = bring(6, {"lamp": 1})
    future = standing(elements, {"lamp": 0}, missions={"late": late}, horizon=day(98))
    assert future.outcome.shortfalls.tolist() == [0, 0, 5, 5, 0]
    assert future.outcome.longest_shortfall_h.tolist() == [0, 0, 120, 120, 0]
    short = standing(elements, {"lamp": 0}, missions={"late": late}, horizon=day(17))
    assert short.outcome.longest_shortfall_h.tolist() == [0, 0, 24, 48, 0]


def test_a_round_trip_loses_half_each_way() -> None:
    """Round trip 0.81, 0.9 each way: 6 kW of surplus store 5.4, and 4 kW of load take 40/9."""
    elements = {"array": solar(10), "battery": battery(54, round_trip_efficiency=0.81), "load": load(4)}
    night = flows(elements, until=20)
    assert [item.day for item in night] == pytest.approx([0, hours(10), 15, 15 + hours(54 * 0.9 / 4)])
    future = standing(elements, horizon=day(20))
    assert energy(future)["lost"] == pytest.approx(60 - 54 * 0.9)
    assert energy(future)["unserved"] == pytest.approx(4 * 120 - 54 * 0.9)


def test_a_battery_takes_and_gives_only_so_much() -> None:
    elements = {
        "array": solar(10),
        "battery": battery(60, charge_kw=3, discharge_kw=2.5),
        "load": load(4),
    }
    night = flows(elements, until=20)
    assert [(item.day, item.flow.stored) for item in night] == [
        (0, 3),
        (hours(20), 0),
        (15, -2.5),
        (15 + hours(24), 0),
    ]
    assert night[0].flow.curtailed == 3
    assert night[2].flow.unserved[OPERATIONS] == 1.5
    assert night[2].flow.served[OPERATIONS] == 2.5


def test_distribution_loses_its_share_of_what_is_generated() -> None:
    """Of 10 kW 8 arrive: a load of 5 is served in light, and 3 kW are stored."""
    elements = {"array": solar(10), "battery": battery(1e6), "load": load(5)}
    flow = flows(elements, site={"distribution_efficiency": 0.8})[0].flow
    assert (sum(flow.generated), flow.served[OPERATIONS]) == (10, 5)
    assert (flow.stored, flow.lost, flow.curtailed) == pytest.approx((3, 2, 0))


def test_two_batteries_are_one() -> None:
    """Energies and limits add up; the way's efficiency is the mean, weighted by the energy."""
    elements = {
        "array": solar(100),
        "a": battery(30, charge_kw=5, round_trip_efficiency=1.0),
        "b": battery(90, charge_kw=1, round_trip_efficiency=0.25),
    }
    one_way = (30 * 1.0 + 90 * 0.5) / 120
    night = flows(elements, until=10)
    assert night[0].flow.stored == pytest.approx(6 * one_way)
    assert night[1].day == pytest.approx(hours(120 / (6 * one_way)))


# Classes of loads


def balance_of(kw: float, *loads: Load, stored: float = 0.0, serves: int = ISRU) -> Balance:
    balance = Balance(storage_serves=serves)
    balance.set_sources([Source(0, kw, 0.0)])
    for item in loads:
        balance.add(item)
    balance.set_storage(Storage(100.0, inf, inf))
    balance.stored_kwh = stored
    return balance


LADDER = [Load(c, 10 + c, 2.0, 2.0) for c in range(5)]


@pytest.mark.parametrize(
    ("kw", "served", "starved"),
    [
        (10, [2, 2, 2, 2, 2], []),
        (9, [2, 2, 2, 2, 1], [14]),
        (8, [2, 2, 2, 2, 0], [14]),
        (5, [2, 2, 1, 0, 0], [12, 13, 14]),
        (1, [1, 0, 0, 0, 0], [10, 11, 12, 13, 14]),
        (0, [0, 0, 0, 0, 0], [10, 11, 12, 13, 14]),
    ],
)
def test_the_lowest_class_is_shed_first(kw: float, served: list[float], starved: list[int]) -> None:
    flow = balance_of(kw, *reversed(LADDER)).flow(lit=True)
    assert flow.served == tuple(served)
    assert flow.unserved == tuple(2 - item for item in served)
    assert flow.starved == frozenset(starved)


def test_within_a_class_the_lower_number_goes_first() -> None:
    loads = [Load(SCIENCE, owner, 2.0, 2.0) for owner in (7, 3, 5)]
    assert balance_of(3, *loads).flow(lit=True).starved == {5, 7}
    assert balance_of(4, *loads).flow(lit=True).starved == {7}


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_names_decide_between_loads_of_a_class_not_their_order_in_the_file(order: tuple[str, str]) -> None:
    """3 kW for two loads of 2 kW: b is short and dies of cold after a day, a lives on."""
    lamp = load(2, survives_unpowered_hours=24)
    kinds = {"r": reactor(3), **{name: lamp | {"name": name} for name in order}}
    assert happened(standing(kinds), "dies of cold") == [(1, "b")]


def test_rounding_sheds_nobody() -> None:
    loads = [Load(SCIENCE, owner, 0.1, 0.1) for owner in range(30)]
    flow = balance_of(sum(0.1 for _ in range(30)), *loads).flow(lit=True)
    assert flow.starved == frozenset()
    assert sum(flow.unserved) == 0


@pytest.mark.parametrize(
    ("serves", "stored", "served"),
    [
        (ISRU, -10, [2, 2, 2, 2, 2]),
        (SCIENCE, -8, [2, 2, 2, 2, 0]),
        (KEEP_ALIVE, -4, [2, 2, 0, 0, 0]),
        (CREW, -2, [2, 0, 0, 0, 0]),
    ],
)
def test_storage_serves_only_classes_that_are_worth_it(
    serves: int, stored: float, served: list[float]
) -> None:
    flow = balance_of(10, *LADDER, stored=50, serves=serves).flow(lit=False)
    assert (flow.stored, flow.served) == (stored, tuple(served))


def test_what_storage_does_not_serve_lives_on_generation() -> None:
    """7 kW of generation serve three classes and half of the fourth; storage that serves the first two
    has nothing to do, and is not drained for the others."""
    flow = balance_of(7, *LADDER, stored=50, serves=KEEP_ALIVE).flow(lit=True)
    assert flow.served == (2, 2, 2, 1, 0)
    assert flow.stored == 0
    assert flow.curtailed == 0


def test_loads_come_before_storage() -> None:
    flow = balance_of(11, *LADDER).flow(lit=True)
    assert flow.served == (2, 2, 2, 2, 2)
    assert flow.stored == 1


def test_extra_load_is_one_of_operations() -> None:
    future = standing({"r": reactor(5)}, site={"extra_load_kw": 7, "light": ALWAYS}, horizon=day(50))
    assert series(future, "served_kw")[0] == 5
    assert series(future, "unserved_operations_kw")[0] == 2


def test_loads_of_light_and_of_darkness() -> None:
    lamp = load(1, load_dark_kw=6)
    night = flows({"r": reactor(4), "lamp": lamp}, until=20)
    assert [(item.day, item.flow.served[OPERATIONS], item.flow.curtailed) for item in night] == [
        (0, 1, 3),
        (15, 4, 0),
    ]


# What comes and goes


def test_a_battery_that_goes_takes_its_share_of_the_energy_along() -> None:
    """Two of three equal batteries remain from day 8 on: two thirds of the energy, the rest is lost."""
    elements = {
        "array": solar(10),
        "a": battery(100),
        "b": battery(50, life_years=8 / YEAR),
    }
    night = flows(elements, until=14)
    before, after = (item for item in night if item.day in (hours(15), 8))
    assert before.stored_kwh == 150
    assert after.stored_kwh == pytest.approx(100)
    future = standing(elements, horizon=day(14))
    assert energy(future)["lost"] == pytest.approx(50)
    assert energy(future)["stored"] == pytest.approx(100)


def test_a_battery_that_comes_is_empty() -> None:
    elements = {"array": solar(10), "a": battery(100), "b": battery(50)}
    night = flows(elements, {"b": 0}, missions={"late": bring(0, {"b": 1})}, until=14)
    assert [(item.day, item.stored_kwh) for item in night] == [
        (0, 0),
        (hours(10), 100),
        (10, 100),
        (10 + hours(5), 150),
    ]


def test_output_declines_in_steps_of_a_year() -> None:
    """10 kW that lose a tenth a year: 10, 9, 8.1; the battery holds 90 from the second year on."""
    elements = {
        "array": solar(10, decline_per_year=0.1),
        "battery": battery(100, decline_per_year=0.1),
        "load": load(8),
    }
    night = flows(elements, site={"light": ALWAYS}, until=1000)
    assert [(item.day, item.flow.generated[0]) for item in night if item.flow.curtailed] == [
        (hours(50), 10),
        (YEAR, 9),
        (2 * YEAR, pytest.approx(8.1)),
    ]
    assert [item.stored_kwh for item in night[1:]] == pytest.approx([100, 90, 81])


def test_age_does_not_depend_on_what_else_happens_at_the_station() -> None:
    """An array that came on day 100 is a year old on day 465.25, and this is seen at the next
    anniversary of the data date, whether or not something else has changed before."""
    elements = {"array": solar(10, decline_per_year=0.5), "other": reactor(1)}
    for late in ({}, {"late": bring(500, {"other": 1})}):
        missions = {"a": bring(90, {"array": 1}), **late}
        night = flows(
            elements, {"array": 0, "other": 0}, missions=missions, site={"light": ALWAYS}, until=740
        )
        assert [item.day for item in night if item.flow.generated[0] == 5] == [2 * YEAR]


def test_each_landing_leaves_dust_on_what_stands_there() -> None:
    """A hundredth of the output for each landing after its own; landings elsewhere do not count."""
    elements = {"array": solar(10, dust_loss_per_landing=0.01), "other": solar(7)}
    missions = {
        "a": bring(0, {"array": 1}),
        "b": bring(10, {"other": 1}),
        "c": bring(20, {}),
        "d": bring(25, {}, destination="moon"),
    }
    night = flows(elements, {"array": 0, "other": 0}, missions=missions, site={"light": ALWAYS})
    assert [(item.day, item.flow.generated[0]) for item in night[1:]] == [
        (10, 10),
        (20, pytest.approx(9.9 + 7)),
        (30, pytest.approx(9.801 + 7)),
    ]


def test_a_reactor_starts_up_before_it_gives_power() -> None:
    night = flows({"r": reactor(9, start_up_days=12.5)}, until=30)
    assert [(item.day, item.flow.generated[1]) for item in night] == [(0, 0), (12.5, 9)]


def test_light_may_never_come() -> None:
    dark = flows({"array": solar(10), "load": load(1)}, site={"light": NEVER})
    assert [(item.day, sum(item.flow.unserved)) for item in dark] == [(0, 1)]


def test_light_that_changes_nothing_is_not_watched() -> None:
    """Events do not grow with the nights where no power depends on light."""
    elements = {"r": reactor(10), "battery": battery(100), "load": load(4)}
    fast = {"first_dawn": day(0), "period_days": 0.02, "lit_days": 0.01}
    few, many = (future_of({"o": bring(0, {"r": 1, "load": 1, "battery": 1})}, elements=elements,
                           station={"light": light}) for light in ({}, fast))  # fmt: skip
    assert many.outcome.events == few.outcome.events
    assert energy(many) == energy(few)


def test_firm_power_by_hand_with_everything() -> None:
    """Distribution 0.9, a night of 120 h, 480 kWh behind an efficiency of 0.9 one way: 3.6 kW.

    Light: 0.9 * (20 + 8) = 25.2; darkness: 0.9 * 8 + 3.6 = 10.8. Without the array 7.2 in light and
    10.8 in darkness; without the reactor 18 and 3.6."""
    elements = {
        "array": solar(20),
        "r": reactor(8),
        "battery": battery(480, round_trip_efficiency=0.81),
    }
    future = standing(elements, site={"distribution_efficiency": 0.9})
    assert series(future, "continuous_power_kw")[1] == pytest.approx(10.8)
    assert series(future, "firm_power_kw")[1] == pytest.approx(3.6)


def test_firm_power_falls_with_an_outage_and_recovers() -> None:
    outage = {"years": 31 / YEAR, "repair_days": {"itself": 28}}
    elements = {"a": reactor(10, failure=outage), "b": reactor(10), "c": reactor(10)}
    future = standing(elements)
    assert series(future, "firm_power_kw")[:3] == pytest.approx([20, 10, 20])


def test_the_share_of_time_that_is_short() -> None:
    """In January it is dark for 5 days of 31, and 1 kW is short for all of them."""
    future = standing({"array": solar(10), "r": reactor(3), "load": load(4)})
    assert series(future, "short_operations_share")[0] == pytest.approx(5 / 31)
    assert series(future, "unserved_operations_kw")[0] == pytest.approx(5 / 31)
    assert series(future, "solar_kw")[0] == pytest.approx(10 * 26 / 31)


def test_the_mean_of_what_is_stored() -> None:
    """A triangle of 60 kWh over 10 h, then full: January with 31 days of light."""
    future = standing({"a": solar(10), "b": battery(60), "load": load(4)}, site={"light": ALWAYS})
    assert series(future, "stored_kwh")[0] == pytest.approx((60 * 10 / 2 + 60 * (31 * 24 - 10)) / (31 * 24))
    assert np.all(series(future, "stored_kwh")[1:] == pytest.approx(60))
