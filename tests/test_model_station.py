"""The station by hand: power levels, series, lives, crews and landed mass."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.power import Source, Storage, firm_power_kw
from sim.model.series import integrals, monthly_means
from tests.campaigns import campaign_of, day, flown, future_of, futures, mission, uniforms
from tests.stations import ALWAYS, YEAR, battery, bring, crewed, load, reactor, series, solar, standing

HOURS = 5.0 * 24  # of the longest darkness of the test campaigns

ELEMENTS = {
    "solar": solar(20.0, lit_factor=0.9),
    "reactor": reactor(10.0),
    "battery": battery(600.0),
    "slow-battery": battery(600.0, discharge_kw=2.0),
    "lab": load(4.0, role="science", load_dark_kw=1.0),
    "beacon": load(2.0),
    "relay": {"role": "relay"},
    "rover": {"role": "rover"},
}
NAMED = {key: {**item, "name": key} for key, item in ELEMENTS.items()}


@pytest.mark.parametrize(
    ("names", "installed", "continuous", "firm"),
    [
        ((), 0, 0, 0),
        (("reactor",), 10, 10, 0),
        (("reactor", "reactor"), 20, 20, 10),
        (("solar",), 20, 0, 0),
        (("solar", "battery"), 20, 5, 0),
        (("solar", "slow-battery"), 20, 2, 0),
        (("battery",), 0, 0, 0),
        (("solar", "reactor"), 30, 10, 0),
        (("solar", "reactor", "battery"), 30, 15, 5),
        (("solar", "solar", "battery"), 40, 5, 5),
        (("solar", "reactor", "reactor", "slow-battery"), 40, 22, 12),
        (("reactor", "battery", "battery", "battery"), 10, 10, 0),
    ],
)
def test_installed_continuous_and_firm_power_by_hand(
    names: tuple[str, ...], installed: float, continuous: float, firm: float
) -> None:
    """Light: the sum of lit powers. Dark: dark powers and 600 kWh over 120 h, at most the discharge power.
    Continuous is the smaller of the two, firm the smaller with the worst single source out.

    Without sources there is nothing that could be carried through the light."""
    counts = {name: names.count(name) for name in NAMED}
    future = standing(NAMED, counts)
    levels = ("installed_power_kw", "continuous_power_kw", "firm_power_kw")
    found = [series(future, name)[1] for name in levels]
    assert found == pytest.approx([installed, continuous, firm])


def test_the_largest_source_is_the_one_whose_loss_hurts_most() -> None:
    """Without the 18 kW of the array 10 kW are left in light, without the reactor 5 kW in darkness."""
    sources = [Source(0, 18.0, 0.0), Source(1, 10.0, 10.0)]
    stores = Storage(600.0, np.inf, np.inf)
    assert firm_power_kw(sources, stores, 1.0, HOURS) == (15.0, 5.0)
    assert firm_power_kw(sources, stores, 0.5, HOURS) == (10.0, 5.0), "losses between source and load"
    assert firm_power_kw(sources, Storage(9600.0, np.inf, np.inf), 0.5, HOURS) == (14.0, 5.0)


def test_what_is_out_in_light_and_what_in_darkness_is_one_source() -> None:
    """Of a 30 kW array and a 10 kW reactor at most one is out: 10 kW without the array, and without the
    reactor what the battery gives in darkness."""
    sources = [Source(0, 30.0, 0.0), Source(1, 10.0, 10.0)]
    assert firm_power_kw(sources, Storage(240.0, np.inf, np.inf), 1.0, HOURS)[1] == 2.0
    assert firm_power_kw(sources, Storage(9600.0, np.inf, np.inf), 1.0, HOURS)[1] == 10.0


def test_where_it_is_never_dark_light_alone_counts() -> None:
    sources = [Source(0, 18.0, 0.0), Source(0, 5.0, 0.0)]
    assert firm_power_kw(sources, Storage(), 1.0, 0.0) == (23.0, 5.0)
    future = standing({"solar": solar(20.0)}, {"solar": 2}, site={"light": ALWAYS})
    assert series(future, "firm_power_kw")[1] == 20.0


def test_load_follows_light_and_darkness() -> None:
    """February runs from day 31 to 59; it is dark from 35 to 40 and from 55 to 59."""
    future = standing({key: NAMED[key] for key in ("lab", "beacon", "reactor")})
    expected = 2 + (19 * 4 + 9 * 1) / 28
    assert series(future, "load_kw")[1] == pytest.approx(expected)
    assert series(future, "served_kw")[1] == pytest.approx(expected)


def test_series_are_means_over_months() -> None:
    """A reactor from day 69 on: ten days into March, which runs from day 59 to 90."""
    future = future_of({"a": bring(59, {"reactor": 1, "lab": 1})}, elements=NAMED)
    installed = series(future, "installed_power_kw")
    np.testing.assert_allclose(installed[:4], [0, 0, 10 * 21 / 31, 10])
    assert series(future, "load_kw")[3] == pytest.approx((20 * 4 + 10 * 1) / 30)
    assert series(future, "fission_kw")[3] == 10
    assert series(future, "firm_power_kw")[3] == 0


def test_power_comes_and_goes_with_the_elements() -> None:
    short = {"solar": {**NAMED["solar"], "life_years": 300 / YEAR}}
    future = future_of(
        {"a": bring(21, {"solar": 1, "battery": 1}), "b": bring(80, {"reactor": 1})}, elements=NAMED | short
    )
    names = ("installed_power_kw", "continuous_power_kw", "firm_power_kw")
    table = {name: series(future, name) for name in names}
    assert [table[name][1] for name in names] == [20, 5, 0]
    assert [table[name][4] for name in names] == pytest.approx([30, 15, 5])
    assert [table[name][11] for name in names] == [10, 10, 0]


def test_an_element_works_from_commissioning_to_the_end_of_its_life() -> None:
    elements = NAMED | {"relay": {**NAMED["relay"], "life_years": 2}}
    one = {"elements": {"role": "relay", "count": 1}}
    future = future_of(
        {"a": bring(100, {"relay": 1}, commissioning_days=20), "b": mission(0, gate="dark")},
        elements=elements,
        gates={"dark": {"all": [one, {"date": day(130 + 730)}]}},
        phases={"x": {"title": "X", "steps": {"no": {"title": "N"}, "yes": {"title": "Y", "when": one}}}},
    )
    assert future.phase_days("x")["yes"] == 130
    assert future.launch("b") == 860
    months = np.searchsorted(future.campaign.month_edges, [130, 130 + 730.5], side="right") - 1
    phases = future.outcome.phases[0]
    assert phases[months[0] - 1 : months[0] + 1].tolist() == [0, 1]
    assert phases[months[1] - 1 : months[1] + 1].tolist() == [1, 0]


def test_each_element_has_its_own_life() -> None:
    life = {"weibull": {"shape": 2.0, "scale": 3.0}}
    elements = NAMED | {"relay": {**NAMED["relay"], "life_years": life}}
    lost = {
        f"{n}": {"title": "T", "when": {"elements": {"role": "relay", "count": n}, "for_days": 500}}
        for n in (1, 2)
    }
    campaign = campaign_of({"a": bring(100, {"relay": 2})}, elements=elements, milestones=lost)
    lives = [3.0 * np.sqrt(-np.log1p(-uniforms("mission/a/relay/life", 60, n))) * YEAR for n in range(2)]
    for n, future in enumerate(futures(campaign, 60)):
        both, one = sorted((lives[0][n], lives[1][n]))
        assert np.isfinite(future.milestone("2")) == (both > 500)
        assert np.isfinite(future.milestone("1")) == (one > 500)


def test_what_was_delivered_in_the_past_is_as_old_as_it_is() -> None:
    """Two years of life, one year old: up until day 365; another is over since day -1."""
    elements = NAMED | {"relay": {**NAMED["relay"], "life_years": 2}}
    one = {"elements": {"role": "relay", "count": 1}}
    past = {"o": flown(-375, landing=-365, elements={"relay": 1})}
    track = {"x": {"title": "X", "steps": {"no": {"title": "N"}, "yes": {"title": "Y", "when": one}}}}
    future = future_of(past, elements=elements, phases=track)
    assert future.phase_days("x")["yes"] == 0
    assert future.outcome.phases[0, :13].tolist() == [1.0] * 12 + [0.0]
    gone = {"o": flown(-741, landing=-731, elements={"relay": 1})}
    assert np.isnan(future_of(gone, elements=elements, phases=track).phase_days("x")["yes"])


def test_relays_count_wherever_they_are_other_elements_only_at_the_station() -> None:
    def count(role: str) -> float:
        missions = {"a": bring(100, {"relay": 1, "rover": 1, "reactor": 1}, destination="orbit")}
        milestones = {"it": {"title": "It", "when": {"elements": {"role": role, "count": 1}}}}
        return future_of(missions, elements=NAMED, milestones=milestones).milestone("it")

    assert count("relay") == 110
    assert np.isnan(count("rover"))
    assert np.isnan(count("source"))
    future = future_of({"a": bring(100, {"reactor": 1}, destination="moon")}, elements=NAMED)
    assert series(future, "installed_power_kw").max() == 0


def test_mass_is_landed_at_the_station_only_and_only_by_those_who_land() -> None:
    future = future_of(
        {
            "a": bring(49, {}, landed_mass_kg=300, commissioning_days=100),
            "b": bring(49, {}, landed_mass_kg=50, destination="moon"),
            "c": bring(49, {}, landed_mass_kg=70, family="lander"),
            "o": flown(-50, destination="station", landed_mass_kg=11),
        },
        force={"c": {"landing": "failure"}},
    )
    assert series(future, "landed_mass_kg")[1:4].tolist() == [11, 311, 311]


def test_crew_days_are_people_times_their_days_at_the_station() -> None:
    future = future_of(
        {
            "a": crewed(49, 2, 20),
            "b": crewed(59, 3, 31),
            "elsewhere": crewed(100, 9, 50, destination="moon"),
            "lost": crewed(200, 4, 30),
        },
        force={"lost": {"landing": "failure"}},
    )
    assert future.outcome.crew_days == 2 * 20 + 3 * 31
    crew = series(future, "crew_at_station")
    np.testing.assert_allclose(crew[:5], [0, 0, (2 * 20 + 3 * 21) / 31, 3 * 10 / 30, 0])
    np.testing.assert_allclose(series(future, "load_kw"), 3.0 * crew, atol=1e-12)
    np.testing.assert_allclose(series(future, "unserved_crew_safety_kw"), 3.0 * crew, atol=1e-12)


def test_crew_days_end_at_the_horizon() -> None:
    future = future_of({"a": crewed(100, 2, 500)}, horizon=day(200))
    assert future.outcome.crew_days == 2 * 90


def test_steps_are_integrated_exactly() -> None:
    days = np.array([0.0, 0.0, 3.0, 3.0, 10.0])
    levels = np.array([[9.0], [2.0], [7.0], [4.0], [1.0]])
    np.testing.assert_array_equal(
        integrals(days, levels, np.array([0.0, 1.0, 3.0, 5.0, 12.0]))[:, 0], [0, 2, 6, 14, 36]
    )
    np.testing.assert_array_equal(
        monthly_means(days, levels, np.array([0.0, 2.0, 4.0, 12.0])), [[2, 3, (24 + 2) / 8]]
    )
