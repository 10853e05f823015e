"""Failures and repairs by hand: who repairs what, when, with which spares, and what cold does."""

from __future__ import annotations

from math import log
from typing import Any

import pytest

from sim.terms import Fate
from tests.campaigns import campaign_of, day, futures, uniforms
from tests.stations import (
    ALWAYS,
    YEAR,
    battery,
    bring,
    crewed,
    energy,
    fates,
    happened,
    here,
    load,
    reactor,
    series,
    solar,
    standing,
)


def failing(days: float, **repair_days: float) -> dict[str, Any]:
    """Fails so many days after each start; repaired by those named."""
    return {"years": days / YEAR, "repair_days": repair_days}


def rover(**more: Any) -> dict[str, Any]:
    return {"name": "Rover", "role": "rover", "services": True, **more}


def days_of(future: Any, what: str, name: str) -> list[float]:
    return [pytest.approx(when) for when, detail in happened(future, what) if detail == name]


# Who repairs


def test_an_outage_may_end_by_itself() -> None:
    """Up for 30 days, down for 5, and so on."""
    future = standing({"r": reactor(10, failure=failing(30, itself=5))})
    assert days_of(future, "stops working", "Reactor") == [30, 65]
    assert days_of(future, "repaired", "Reactor") == [35, 70]
    assert days_of(future, "works", "Reactor") == [0, 35, 70]
    assert energy(future)["generated"] == pytest.approx(10 * 24 * (100 - 10))
    assert fates(future) == [Fate.WORKING]


def test_without_anyone_who_can_repair_it_is_lost() -> None:
    future = standing({"r": reactor(10, failure={"years": 30 / YEAR}), "rover": rover()})
    assert days_of(future, "repaired", "Reactor") == []
    assert fates(future) == [Fate.BROKEN, Fate.WORKING]


def test_a_repaired_element_starts_up_anew() -> None:
    future = standing({"r": reactor(10, start_up_days=4, failure=failing(30, itself=5))})
    assert days_of(future, "works", "Reactor") == [4, 4 + 30 + 5 + 4, 82]


def test_a_rover_repairs_one_after_the_other_the_most_important_first() -> None:
    """Three fail on day 20; 3 days each. First the class, then the number: safety, then a, then b."""
    elements = {
        "a": load(1, name="a", failure=failing(20, rover=3)),
        "b": load(1, name="b", failure=failing(20, rover=3)),
        "safety": load(1, "crew-safety", name="safety", failure=failing(20, rover=3)),
        "rover": rover(),
    }
    future = standing(elements, horizon=day(30))
    assert happened(future, "repaired") == [(23, "safety"), (26, "a"), (29, "b")]


def test_two_rovers_repair_at_the_same_time() -> None:
    elements = {
        "a": load(1, name="a", failure=failing(20, rover=3)),
        "b": load(1, name="b", failure=failing(20, rover=3)),
        "rover": rover(),
    }
    future = standing(elements, {"rover": 2}, horizon=day(30))
    assert happened(future, "repaired") == [(23, "a"), (23, "b")]


def test_only_those_that_service_repair() -> None:
    elements = {"a": load(1, name="a", failure=failing(20, rover=3)), "rover": rover(services=False)}
    assert happened(standing(elements), "repaired") == []


def test_a_rover_does_not_repair_itself_but_another_does() -> None:
    one = standing({"rover": rover(failure=failing(20, rover=3))}, horizon=day(40))
    assert happened(one, "repaired") == []
    elements = {"rover": rover(failure=failing(20, rover=3)), "other": rover(name="other")}
    assert happened(standing(elements, horizon=day(40)), "repaired") == [(23, "Rover")]


def test_a_crew_repairs_while_it_is_there() -> None:
    """The crew comes on day 40 and stays 20 days; what fails on day 30 waits for it until then, and what
    fails again on day 75 waits in vain."""
    elements = {"r": reactor(10, failure=failing(30, crew=5))}
    future = standing(elements, missions={"c": crewed(30, stay=20)})
    assert days_of(future, "repaired", "Reactor") == [45]
    assert fates(future) == [Fate.DOWN]


def test_work_that_a_crew_leaves_undone_is_begun_anew() -> None:
    """Needs 12 days; the first crew stays 10, from day 40; the second comes on day 70."""
    elements = {"r": reactor(10, failure=failing(30, crew=12))}
    crews = {"c": crewed(30, stay=10), "d": crewed(60, stay=20)}
    assert days_of(standing(elements, missions=crews), "repaired", "Reactor") == [82]


def test_the_quicker_worker_is_sent() -> None:
    elements = {"r": reactor(10, failure=failing(30, crew=2, rover=6)), "rover": rover()}
    crew = {"c": crewed(10, stay=50)}
    assert days_of(standing(elements, missions=crew, horizon=day(50)), "repaired", "Reactor") == [32]
    assert days_of(standing(elements, horizon=day(50)), "repaired", "Reactor") == [36]


def test_a_delivery_brings_a_replacement() -> None:
    """Fails on day 30, the next landing at the station is on day 50, and it takes 7 days to install.
    Landings before it, or elsewhere, bring nothing."""
    elements = {"r": reactor(10, failure=failing(30, delivery=7))}
    missions = {
        "early": bring(10, {}),
        "elsewhere": bring(30, {}, destination="moon"),
        "cargo": bring(40, {}),
    }
    future = standing(elements, missions=missions, horizon=day(60))
    assert days_of(future, "repaired", "Reactor") == [57]


# Spares


def test_repairs_take_spares_and_wait_for_them() -> None:
    """15 kg in store and 10 kg a repair: the second waits for the cargo that lands on day 80."""
    elements = {
        "r": reactor(10, failure=failing(20, rover=5) | {"spares": {"spares": 10}}),
        "rover": rover(),
    }
    stock = {"spares": {"name": "Spares", "initial": 15}}
    future = standing(
        elements,
        missions={"cargo": bring(70, {}, cargo={"spares": 40})},
        commodities=stock,
        horizon=day(120),
    )
    assert days_of(future, "repaired", "Reactor") == [25, 85, 110]
    stock_kg = series(future, "stock_spares_kg")
    assert stock_kg[1] == pytest.approx(5)
    assert stock_kg[3] == pytest.approx((35 * 15 + 25 * 15) / 30)


def test_a_repair_waits_until_its_spare_is_made_here() -> None:
    """Out from day 20, no spares; the plant makes 1 kg a day with 24 kWh, of which the repair takes 30."""
    plant = load(1, "isru", role="isru", produces={"commodity": "spares", "kwh_per_unit": 24})
    elements = {
        "r": reactor(1, name="Power"),
        "plant": plant,
        "p": reactor(5, failure=failing(20, rover=5) | {"spares": {"spares": 30}}),
        "rover": rover(),
    }
    future = standing(elements, commodities={"spares": {"name": "Spares"}}, horizon=day(60))
    assert days_of(future, "repaired", "Reactor") == [35]


def test_a_delivery_or_an_outage_takes_no_spares() -> None:
    failure = failing(20, itself=5) | {"spares": {"spares": 10}}
    future = standing({"r": reactor(10, failure=failure)}, commodities={"spares": {"name": "S"}})
    assert days_of(future, "repaired", "Reactor") == [25, 50, 75]


# Chance


def test_times_to_failure_are_the_drawn_ones_each_element_its_own() -> None:
    failure = {"years": {"exponential": {"mean": 1.0}}, "repair_days": {"itself": 10}}
    campaign = campaign_of({"o": here({"r": 2})}, elements={"r": reactor(1, failure=failure)})
    times = [[uniforms(f"mission/o/r/{n}/failure", 20, k) for k in range(2)] for n in (1, 2)]
    for n, future in enumerate(futures(campaign, 20)):
        expected = []
        for unit in times:
            first, second = (-log(1 - luck[n]) * YEAR for luck in unit)
            expected += [first, first + 10 + second]
        down = [when for when, _ in happened(future, "stops working")]
        assert all(any(abs(when - it) < 1e-6 for it in down) for when in expected if when < 3652)


def test_some_never_work() -> None:
    """A reactor that works with 0.7, drawn once for each."""
    campaign = campaign_of({"o": here({"r": 2})}, elements={"r": reactor(1, works_probability=0.7)})
    luck = [uniforms("mission/o/r/works", 200, n) for n in (0, 1)]
    for n, future in enumerate(futures(campaign, 200)):
        works = [item[n] < 0.7 for item in luck]
        assert fates(future) == [Fate.WORKING if it else Fate.NEVER_WORKED for it in works]
        assert future.outcome.energy_kwh[0] == pytest.approx(sum(works) * 24 * 3652)
    ideal = campaign_of(
        {"o": here({"r": 2})},
        elements={"r": reactor(1, works_probability=0.0)},
        idealise=["launch-failures", "landing-failures", "element-failures"],
    )
    assert fates(next(futures(ideal, 1))) == [Fate.WORKING] * 2


def test_a_common_cause_strikes_all_that_name_it_at_once() -> None:
    """Every 40 days; the repair takes 10. What is down already, or does not name it, is not struck."""
    elements = {
        "a": reactor(1, name="a", failure={"years": 100, "repair_days": {"itself": 10}},
                     common_causes=["quake"]),
        "b": reactor(1, name="b", failure={"years": 38 / YEAR, "repair_days": {"itself": 50}},
                     common_causes=["quake"]),
        "c": reactor(1, name="c", failure={"years": 100}),
    }  # fmt: skip
    causes = {"quake": {"name": "Quake", "years": 40 / YEAR}}
    future = standing(elements, common_causes=causes)
    assert days_of(future, "common cause", "Quake") == [40, 80]
    assert days_of(future, "stops working", "a") == [40, 80]
    assert days_of(future, "stops working", "b") == [38]
    assert days_of(future, "stops working", "c") == []


def test_what_wears_out_is_not_repaired() -> None:
    elements = {"r": reactor(10, life_years=32 / YEAR, failure=failing(30, itself=5))}
    future = standing(elements)
    assert happened(future, "repaired") == []
    assert fates(future) == [Fate.WORN_OUT]
    assert future.outcome.unit_end[0] == pytest.approx(32)


# Cold


def frozen(hours: float | None, kwh: float = 0.0, **more: Any) -> Any:
    """A lander of 2 kW under an array, which meets its first night on day 15."""
    elements = {
        "array": solar(10),
        "battery": battery(kwh),
        "lander": load(2, name="lander", survives_unpowered_hours=hours, **more),
    }
    return standing(elements, {"battery": 1 if kwh else 0}, horizon=day(50))


def test_without_power_an_element_dies_after_its_survival_time() -> None:
    future = frozen(72)
    assert happened(future, "dies of cold") == [(18, "lander")]
    assert fates(future)[1] is Fate.FROZEN
    assert future.outcome.unit_end[1] == 18
    assert future.outcome.shortfalls.tolist() == [0, 0, 1, 0, 0], "the dead need no power"
    assert future.outcome.longest_shortfall_h[2] == pytest.approx(72)


def test_the_battery_delays_death_and_dawn_prevents_it() -> None:
    assert happened(frozen(72, kwh=48), "dies of cold") == [(19, "lander")]
    assert happened(frozen(72, kwh=24 * 2 * 3), "dies of cold") == []
    assert happened(frozen(120.001), "dies of cold") == []
    assert happened(frozen(119), "dies of cold") == [(15 + 119 / 24, "lander")]
    assert happened(frozen(None), "dies of cold") == []


def test_what_keeps_it_alive_is_served_before_its_work() -> None:
    """1 kW in darkness: enough for the 0.5 kW that keep it alive, not for its 2 kW of science. With
    only 0.4 kW it dies."""
    for kw, dies in ((1.0, []), (0.4, [(18, "lander")])):
        elements = {
            "array": solar(10),
            "rtg": reactor(kw),
            "lander": load(2, "science", name="lander", survival_kw=0.5, survives_unpowered_hours=72),
        }
        future = standing(elements, horizon=day(40))
        assert happened(future, "dies of cold") == dies
        assert future.outcome.shortfalls[3] > 0


def test_the_clock_of_cold_starts_anew_with_each_night() -> None:
    """Two nights of 5 days do not add up to 6."""
    assert happened(frozen(6 * 24), "dies of cold") == []


def test_a_rover_that_froze_no_longer_repairs_the_array() -> None:
    """The array fails on day 14; the rover would need 3 days, but night falls on day 15. If it lives
    through two days without power it dies and the array is never repaired; if it lives through a night
    it begins its work anew at dawn, on day 20, when the other array gives it power."""
    for hours, repaired in ((48, []), (200, [(23, "array")])):
        elements = {
            "array": solar(10, name="array", failure=failing(14, rover=3)),
            "small": solar(1, name="small"),
            "rover": rover(load_lit_kw=0.5, survives_unpowered_hours=hours),
        }
        future = standing(elements, horizon=day(30))
        assert happened(future, "repaired") == repaired
        assert (fates(future)[2] is Fate.FROZEN) == (repaired == [])


def test_a_rover_without_power_does_not_work() -> None:
    """Fails on day 16, in the night: repaired from dawn on day 20 only, if the rover has no power."""
    for site, expected in (({}, 23.0), ({"light": ALWAYS}, 19.0)):
        elements = {
            "array": solar(10),
            "r": load(0.1, name="r", failure=failing(16, rover=3)),
            "rover": rover(load_lit_kw=0.5),
        }
        future = standing(elements, site=site, horizon=day(30))
        assert happened(future, "repaired") == [(expected, "r")]
