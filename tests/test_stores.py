"""Stores by hand: levels that move linearly, thresholds met to the instant, production, reserves."""

from __future__ import annotations

from typing import Any

import pytest

from sim.terms import StayEnd
from tests.campaigns import Future, day, future_of, milestones, mission
from tests.stations import ALWAYS, bring, crewed, happened, load, reactor, series, solar, standing

FOOD = {"name": "Food", "per_crew_day": 2.0}


def food(**bound: float) -> dict[str, Any]:
    return {"stock": {"commodity": "food", **bound}}


def stay_end(future: Future, name: str) -> tuple[StayEnd, float]:
    number = future.number(name)
    return StayEnd(int(future.outcome.stay_end[number])), float(future.outcome.stay_days[number])


def fed(stay: float = 30, missions: Any = None, conditions: Any = None, **commodity: Any) -> Future:
    """Two people from day 20 on, who eat 4 units a day."""
    return future_of(
        {"c": crewed(10, 2, stay), **(missions or {})},
        commodities={"food": FOOD | commodity},
        milestones=conditions or {},
        horizon=day(100),
    )


def test_people_use_what_is_in_store() -> None:
    """60 units at 4 a day from day 20: 16 are left on day 31, and the store is empty from day 35 on."""
    future = fed(initial=60)
    assert series(future, "stock_food_kg")[0] == pytest.approx((60 * 20 + (60 + 16) / 2 * 11) / 31)
    assert series(future, "stock_food_kg")[1] == pytest.approx(16 / 2 * 4 / 28)
    assert stay_end(future, "c") == (StayEnd.PLANNED, 30)


def test_thresholds_are_passed_to_the_instant() -> None:
    """4 a day from day 20 on and 60 in store: 40 on day 25, 10 on day 32.5."""
    conditions = milestones(
        low={"stock": {"commodity": "food", "at_most": 40}},
        lower={"stock": {"commodity": "food", "at_most": 10}},
        none={"stock": {"commodity": "food", "at_most": 0}},
        plenty={"stock": {"commodity": "food", "at_least": 60}},
        too_much={"stock": {"commodity": "food", "at_least": 60.001}},
    )
    future = fed(initial=60, conditions=conditions)
    assert [future.milestone(name) for name in ("low", "lower", "none")] == [25, 32.5, 35]
    assert future.milestone("plenty") == 0
    assert future.milestone("too-much") != future.milestone("too-much")


def test_what_was_enough_is_not_enough_any_more_below_the_threshold() -> None:
    """At least 40 until day 25, again from the cargo of day 30 (80 then, 40 again on day 40)."""
    steps = {"few": {"title": "F"}, "enough": {"title": "E", "when": food(at_least=40)}}
    future = future_of(
        {"c": crewed(10, 2, 60), "cargo": bring(20, {}, cargo={"food": 60})},
        commodities={"food": FOOD | {"initial": 60}},
        phases={"x": {"title": "X", "steps": steps}},
        milestones=milestones(
            long={**food(at_least=40), "for_days": 9.9}, longer={**food(at_least=40), "for_days": 25.1}
        ),
        horizon=day(100),
    )
    assert future.phase_days("x")["enough"] == 0
    assert future.milestone("long") == 9.9
    assert future.milestone("longer") != future.milestone("longer"), "never so long without a break"
    assert future.outcome.phases is not None
    assert future.outcome.phases[0].tolist() == [1, 0, 0, 0]


def test_a_part_of_the_use_is_recovered() -> None:
    future = fed(initial=60, recovery=0.75, conditions=milestones(low=food(at_most=40)))
    assert future.milestone("low") == 40


def test_a_reorder_level_calls_the_cargo() -> None:
    """The cargo flies when at most 20 units are left: on day 30, ten days of flight."""
    cargo = mission(0, destination="station", cargo={"food": 100}, gate="reorder", commissioning_days=3)
    future = future_of(
        {"c": crewed(10, 2, 60), "cargo": cargo},
        commodities={"food": FOOD | {"initial": 60}},
        gates={"reorder": food(at_most=20)},
        milestones=milestones(full=food(at_least=61)),
        horizon=day(100),
    )
    assert future.launch("cargo") == 30
    assert future.milestone("full") == 40, "it is in store from the landing on"


def test_a_crew_leaves_when_a_vital_store_is_down_to_the_reserve() -> None:
    """60 units; the reserve of 5 days is 20 units, reached after 10 days; without a reserve they stay
    until it is empty; what is not vital sends nobody home."""
    assert stay_end(fed(initial=60, vital=True, return_reserve_days=5), "c") == (StayEnd.CONSUMABLES, 10)
    assert stay_end(fed(initial=60, vital=True), "c") == (StayEnd.CONSUMABLES, 15)
    assert stay_end(fed(initial=60, return_reserve_days=5), "c") == (StayEnd.PLANNED, 30)
    assert stay_end(fed(initial=200, vital=True, return_reserve_days=5), "c") == (StayEnd.PLANNED, 30)


def test_cargo_in_time_lets_the_crew_stay() -> None:
    cargo = {"cargo": bring(19, {}, cargo={"food": 100})}
    assert stay_end(fed(initial=60, missions=cargo, vital=True, return_reserve_days=5), "c")[1] == 30
    late = {"cargo": bring(21, {}, cargo={"food": 100})}
    assert stay_end(fed(initial=60, missions=late, vital=True, return_reserve_days=5), "c")[1] == 10


def test_two_crews_leave_together() -> None:
    """Two, then five people: 60 units less 8 until day 22, then 10 a day more: 52 / 14 days."""
    other = {"d": crewed(12, 5, 30)}
    future = fed(initial=60, missions=other, vital=True)
    assert stay_end(future, "c") == (StayEnd.CONSUMABLES, pytest.approx(2 + 52 / 14))
    assert stay_end(future, "d") == (StayEnd.CONSUMABLES, pytest.approx(52 / 14))


def test_contingency_is_asked_for_at_commitment() -> None:
    """A stay of 10 days and 5 of contingency for two take 60 units: the crew waits for the cargo."""
    crew = {"c": crewed(10, 2, 10, crew={"contingency_days": 5})}
    for initial, launch in ((60, 10), (59.9, 40)):
        future = future_of(
            {**crew, "cargo": bring(30, {}, cargo={"food": 1})},
            commodities={"food": FOOD | {"initial": initial, "vital": True}},
            horizon=day(100),
        )
        assert future.launch("c") == launch


# Production


def test_energy_becomes_a_product() -> None:
    """6 kW at 24 kWh a unit: 6 a day in light, a quarter as much from 1.5 kW in darkness."""
    plant = load(6, "isru", role="isru", produces={"commodity": "food", "kwh_per_unit": 24})
    elements = {"array": solar(10), "rtg": reactor(1.5), "plant": plant}
    future = standing(elements, commodities={"food": FOOD}, horizon=day(40),
                      milestones=milestones(some=food(at_least=93), more=food(at_least=100)))  # fmt: skip
    total = 15 * 6 + 5 * 1.5 + 15 * 6 + 5 * 1.5
    assert future.outcome.produced.tolist() == pytest.approx([total])
    assert future.milestone("some") == pytest.approx(15 + 3 / 1.5)
    assert future.milestone("more") == pytest.approx(20 + 2.5 / 6)


def test_what_is_made_is_counted_once_however_often_the_rate_changes() -> None:
    """Two plants, one of them for 10 days; crews and cargo come and go meanwhile."""
    plant = load(2.4, "isru", role="isru", produces={"commodity": "food", "kwh_per_unit": 24})
    elements = {"r": reactor(100), "plant": plant, "short": {**plant, "life_years": 10 / 365.25}}
    missions = {"c": crewed(3, 1, 5), "cargo": bring(4, {}, cargo={"food": 7})}
    future = standing(elements, missions=missions, commodities={"food": FOOD}, horizon=day(40))
    assert future.outcome.produced.tolist() == pytest.approx([2.4 * 40 + 2.4 * 10])


def test_production_feeds_the_crew() -> None:
    """Made at 3 a day, used at 4: 60 units last 60 days instead of 15; with 5 a day they last for ever."""
    for kw, days in ((3, 60), (5, 70)):
        plant = load(kw, "isru", role="isru", produces={"commodity": "food", "kwh_per_unit": 24})
        future = standing(
            {"r": reactor(100), "plant": plant},
            missions={"c": crewed(0, 2, 70)},
            commodities={"food": FOOD | {"initial": 60 - 10 * kw, "vital": True}},
            site={"light": ALWAYS},
        )
        assert stay_end(future, "c")[1] == pytest.approx(days)


def test_an_empty_store_takes_no_more_out() -> None:
    """People eat nothing for a while; what comes then is there in full."""
    future = fed(stay=60, initial=20, missions={"cargo": bring(30, {}, cargo={"food": 40})},
                 conditions=milestones(some=food(at_least=30), none=food(at_most=0)))  # fmt: skip
    assert future.milestone("none") == 25
    assert future.milestone("some") == 40
    assert series(future, "stock_food_kg")[1] == pytest.approx((40 + 0) / 2 * 10 / 28)


def test_at_least_nothing_always_holds() -> None:
    steps = {"no": {"title": "N"}, "yes": {"title": "Y", "when": food(at_least=0)}}
    future = future_of(
        {"c": crewed(10, 2, 30)},
        commodities={"food": FOOD | {"initial": 8}},
        phases={"x": {"title": "X", "steps": steps}},
        horizon=day(100),
    )
    assert future.outcome.phases is not None
    assert set(future.outcome.phases[0].tolist()) == {1}


def test_stock_of_a_lost_mission_never_comes() -> None:
    future = future_of(
        {"cargo": bring(10, {}, cargo={"food": 9}, family="lander")},
        commodities={"food": FOOD},
        force={"cargo": {"landing": "failure"}},
        horizon=day(60),
    )
    assert series(future, "stock_food_kg").max() == 0
    assert happened(future, "landing failure")


def test_what_a_crew_leaves_over_stays() -> None:
    """Two people use 40 of 60 units in 10 days and leave; the instant at which it would have been
    empty has no meaning any more."""
    future = fed(stay=10, initial=60)
    assert series(future, "stock_food_kg")[1:].tolist() == [20, 20, 20]
