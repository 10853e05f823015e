"""People by hand: what ends a stay, who may come, who is lost, and when one may go home."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from sim.model.world import Record
from sim.terms import Status, StayEnd
from tests.campaigns import Future, campaign_of, day, future_of, futures, mission
from tests.stations import (
    ALWAYS,
    battery,
    bring,
    crewed,
    happened,
    here,
    load,
    reactor,
    series,
    solar,
    standing,
)


def stay_of(future: Future, name: str = "c") -> tuple[StayEnd, float]:
    number = future.number(name)
    return StayEnd(int(future.outcome.stay_end[number])), float(future.outcome.stay_days[number])


def dose_of(future: Future, name: str = "c") -> float:
    return float(future.outcome.dose_msv[future.number(name)])


# Power


def in_the_night(tolerance_hours: float, kwh: float = 0.0, stay: float = 30) -> Future:
    """Two people, 3 kW each, from day 10 on, under an array; night falls on day 15."""
    elements = {"array": solar(20), "battery": battery(kwh)}
    return standing(
        elements,
        {"battery": 1 if kwh else 0},
        missions={"c": crewed(0, 2, stay)},
        site={"crew_safety_tolerance_hours": tolerance_hours},
    )


def test_people_leave_when_power_for_their_safety_is_short_for_too_long() -> None:
    assert stay_of(in_the_night(24)) == (StayEnd.POWER, 6)
    assert stay_of(in_the_night(0)) == (StayEnd.POWER, 5)
    assert stay_of(in_the_night(119)) == (StayEnd.POWER, 5 + 119 / 24)
    assert stay_of(in_the_night(121)) == (StayEnd.PLANNED, 30)
    assert stay_of(in_the_night(24, stay=5.5)) == (StayEnd.PLANNED, 5.5)


def test_the_battery_gives_people_time() -> None:
    assert stay_of(in_the_night(24, kwh=72)) == (StayEnd.POWER, 5 + 0.5 + 1)
    assert stay_of(in_the_night(24, kwh=6 * 24 * 4)) == (StayEnd.PLANNED, 30)


def test_short_power_for_a_habitat_sends_people_home_too() -> None:
    elements = {"r": reactor(7), "habitat": load(2, "crew-safety", role="habitat", berths=4)}
    future = standing(elements, missions={"c": crewed(0)}, site={"crew_safety_tolerance_hours": 24})
    assert stay_of(future) == (StayEnd.POWER, 1)


def test_less_important_loads_send_nobody_home() -> None:
    elements = {"r": reactor(7), "lab": load(50, "keep-alive")}
    future = standing(elements, missions={"c": crewed(0)}, site={"crew_safety_tolerance_hours": 24})
    assert stay_of(future) == (StayEnd.PLANNED, 30)


def test_people_need_power_while_they_are_there() -> None:
    future = standing({"r": reactor(10)}, missions={"c": crewed(21, 2, 28)})
    assert series(future, "served_kw")[:3].tolist() == [0, 6, 0]


# Rooms


def test_people_leave_when_their_habitat_fails() -> None:
    """On day 30; only those who need berths count, but all leave together."""
    habitat = {"name": "H", "role": "habitat", "berths": 2, "life_years": 30 / 365.25}
    for needs, expected in ((True, (StayEnd.HABITAT, 20)), (False, (StayEnd.PLANNED, 40))):
        crew = crewed(0, 2, 40, crew={"needs_berths": needs})
        assert stay_of(standing({"h": habitat}, missions={"c": crew})) == (
            expected[0], pytest.approx(expected[1])
        )  # fmt: skip


def test_a_crew_waits_for_free_berths() -> None:
    """Room for three: the second crew of two goes when the first has left, on day 50."""
    habitat = {"name": "H", "role": "habitat", "berths": 3}
    crews = {
        "c": crewed(10, 2, 30, crew={"needs_berths": True}),
        "d": crewed(25, 2, 30, crew={"needs_berths": True}),
        "small": crewed(25, 1, 3, crew={"needs_berths": True}),
    }
    future = standing({"h": habitat}, missions=crews)
    assert [future.launch(name) for name in ("c", "d", "small")] == [10, 50, 25]
    assert stay_of(future) == (StayEnd.PLANNED, 30)


def test_people_on_their_way_have_taken_their_berths() -> None:
    """Room for two: the first is lost in landing on day 20, ten days after launch; then the next goes."""
    habitat = {"name": "H", "role": "habitat", "berths": 2}
    crews = {name: crewed(10 + n, 2, 30, crew={"needs_berths": True}) for n, name in enumerate("cd")}
    lost = {"c": {"landing": "failure"}}
    future = standing({"h": habitat}, missions=crews, force=lost)
    assert future.launch("c") == 10
    assert future.launch("d") >= 20
    assert standing({"h": habitat}, missions=crews).launch("d") == 50


# Dose and illness

RADIATION = {"surface_msv_per_day": 1.0, "transit_msv_per_day": 2.0}


def test_the_dose_is_what_days_here_and_there_add_up_to() -> None:
    """Ten days out, 30 on the surface, five home."""
    future = future_of(
        {"c": crewed(0)}, station={"radiation": {**RADIATION, "limit_msv": 1000}}, horizon=day(99)
    )
    assert dose_of(future) == 10 * 2 + 30 * 1 + 5 * 2


def test_the_dose_limit_cuts_a_stay() -> None:
    """Of 50 mSv 30 are for the way out and home."""
    future = future_of(
        {"c": crewed(0)}, station={"radiation": {**RADIATION, "limit_msv": 50}}, horizon=day(99)
    )
    assert stay_of(future) == (StayEnd.DOSE, 20)
    assert dose_of(future) == 50
    tight = future_of(
        {"c": crewed(0)}, station={"radiation": {**RADIATION, "limit_msv": 10}}, horizon=day(99)
    )
    assert stay_of(tight) == (StayEnd.DOSE, 0)


def test_illness_ends_stays_at_its_rate() -> None:
    """Rate 2 per person and year, three people, 30 days."""
    crew = crewed(0, 3, 30, crew={"medical_per_person_year": 2.0})
    campaign = campaign_of({"c": crew}, horizon=day(99))
    ends = [stay_of(future) for future in futures(campaign, 600, record=Record(series=False))]
    share = np.mean([why is StayEnd.MEDICAL for why, _ in ends])
    expected = 1 - np.exp(-3 * 2 / 365.25 * 30)
    assert abs(share - expected) < 3 * sqrt(expected * (1 - expected) / 600)
    assert all((days < 30) == (why is StayEnd.MEDICAL) for why, days in ends)


# Loss of crew

LEGS = [
    ({"ascent": 0.1}, 0.1),
    ({"journey_home": 0.1}, 0.1),
    ({"stay_per_day": 0.01}, 1 - np.exp(-0.3)),
]


@pytest.mark.parametrize(("risk", "one"), LEGS)
def test_loss_of_crew_over_several_missions(risk: dict[str, float], one: float) -> None:
    """Over m missions 1 - (1 - q)**m, here with three of them, far apart."""
    crews = {f"c{n}": crewed(100 * n, 2, 30, crew={"risk": risk}) for n in range(3)}
    programmes = {"agency": {"crew_loss_stand_down_days": 0}}
    campaign = campaign_of(crews, programmes=programmes, horizon=day(400))
    lost = np.array(
        [f.outcome.status == Status.CREW_LOST for f in futures(campaign, 500, record=Record(series=False))]
    )
    for share, expected in ((lost.mean(), one), (lost.any(axis=1).mean(), 1 - (1 - one) ** 3)):
        assert abs(share - expected) < 3 * sqrt(expected * (1 - expected) / 500)


@pytest.mark.parametrize("leg", ["launch", "landing"])
def test_abort_saves_most(leg: str) -> None:
    """Every launch, or landing, fails; the crew survives with 0.8."""
    key = {"launch": "launch_abort_effectiveness", "landing": "descent_abort_effectiveness"}[leg]
    campaign = campaign_of(
        {"c": crewed(0, crew={"risk": {key: 0.8}})}, force={"c": {leg: "failure"}}, horizon=day(99)
    )
    outcomes = [f.outcome for f in futures(campaign, 500, record=Record(series=False))]
    lost = np.mean([outcome.status[0] == Status.CREW_LOST for outcome in outcomes])
    assert abs(lost - 0.2) < 3 * sqrt(0.16 / 500)
    other = Status.LAUNCH_FAILURE if leg == "launch" else Status.LANDING_FAILURE
    assert {int(outcome.status[0]) for outcome in outcomes} == {Status.CREW_LOST, other}


def test_an_uncrewed_flight_of_a_crewed_mission_kills_nobody() -> None:
    """Of two flights the first carries the lander, the second the crew."""
    crew = crewed(0, flights=2, crew={"risk": {"launch_abort_effectiveness": 0.0}})
    fails = [{"idealise": ["landing-failures"], "vehicles": {"rocket": {"prior": {"a": 1e-9, "b": 1e9}}}}]
    future = future_of({"c": crew}, horizon=day(99), **fails[0])
    assert future.status("c") is Status.LAUNCH_FAILURE
    assert happened(future, "crew lost") == []


def test_after_the_loss_of_a_crew_nobody_of_its_programme_flies_for_long() -> None:
    """Lost in ascent on day 40; the stand-down of 100 days ends on day 140. Cargo flies on, and so do the
    people of another programme."""
    risk = {"risk": {"ascent": 1.0}}
    future = future_of(
        {
            "c": crewed(0, crew=risk),
            "next": crewed(50),
            "cargo": bring(60, {}, family="lander"),
            "other": crewed(50, programme="second"),
        },
        programmes={
            "agency": {"crew_loss_stand_down_days": 100},
            "second": {"name": "S", "slip": "kept", "slip_correlation": 0.0},
        },
        horizon=day(300),
    )
    assert future.status("c") is Status.CREW_LOST
    assert [future.launch(name) for name in ("next", "cargo", "other")] == [140, 60, 50]
    assert ("stand-down", 50, 140) in future.spans("next")


def test_the_next_try_of_a_mission_that_lost_its_crew_may_succeed() -> None:
    """The crew of the first try dies in descent; a second one, 50 days later, comes home; its elements
    are there once."""
    crew = crewed(0, elements={"r": 1}, crew={"risk": {"descent_abort_effectiveness": 0.0}})
    future = future_of(
        {"c": crew | {"on_loss": {"policy": "rebuild", "rebuild_days": 50}}},
        elements={"r": reactor(10)},
        programmes={"agency": {"crew_loss_stand_down_days": 0}},
        force={"c": {"landing": ["failure", "success"]}},
        horizon=day(300),
    )
    assert happened(future, "crew lost") == [(10, "in descent")]
    assert future.status("c") is Status.SUCCESS
    assert future.attempts("c") == 2
    assert future.outcome.crews_lost.tolist() == [1]
    assert stay_of(future) == (StayEnd.PLANNED, 30)


def test_what_a_lost_crew_left_at_the_station_is_there_once() -> None:
    """Lost in ascent on day 40, after its reactor had been put to work: the mission flies again on day
    90, and finds the reactor there."""
    crew = crewed(0, elements={"r": 1}, crew={"risk": {"ascent": 1.0}})
    future = future_of(
        {"c": crew | {"on_loss": {"policy": "rebuild", "rebuild_days": 50}}},
        elements={"r": reactor(10, life_years=130 / 365.25)},
        programmes={"agency": {"crew_loss_stand_down_days": 0}},
        horizon=day(300),
    )
    assert len(happened(future, "crew lost")) == 2
    assert future.status("c") is Status.CREW_LOST
    assert happened(future, "works") == [(10, "Reactor")]
    assert happened(future, "stops working") == [(pytest.approx(140), "Reactor")]


def test_without_crew_risks_nobody_is_lost() -> None:
    risk = {"ascent": 1.0, "stay_per_day": 1.0, "launch_abort_effectiveness": 0.0}
    future = future_of(
        {"c": crewed(0, crew={"risk": risk, "medical_per_person_year": 1000})},
        idealise=["launch-failures", "landing-failures", "crew-risks"],
        horizon=day(99),
    )
    assert (future.status("c"), stay_of(future)) == (Status.SUCCESS, (StayEnd.PLANNED, 30))


# Windows

MONTHLY = {"m": {"first_open": day(5), "period_days": 30, "open_days": 4}}


def test_the_way_home_may_wait_for_a_window() -> None:
    """Landed on day 10, 21 days of stay: the window of day 35 to 39 is met by waiting until 35."""
    for stay, expected in ((21, 25), (25, 25), (27.5, 27.5), (29, 55)):
        crew = crewed(0, 2, stay, crew={"return_windows": ["m"]})
        future = future_of({"c": crew}, windows=MONTHLY, horizon=day(99))
        assert stay_of(future) == (StayEnd.PLANNED, expected)
        assert future.end("c") == 10 + expected + 5
        assert future.outcome.crew_days == 2 * expected


def test_an_early_return_waits_for_nothing() -> None:
    """Safety first: a crew that has to leave leaves, in the stay or while it waits for its window."""
    for stay in (21, 1):
        crew = crewed(0, 2, stay, crew={"return_windows": ["m"]})
        future = standing(
            {"r": reactor(6, life_years=20 / 365.25)},
            missions={"c": crew},
            windows=MONTHLY,
            site={"crew_safety_tolerance_hours": 24},
        )
        assert stay_of(future) == (StayEnd.POWER, pytest.approx(11))


def landing(lit_days: float, launch: int, transit: float = 10, loiter: float = 0.0) -> Future:
    places = {"station": {"landing_windows": ["lit"], "loiter_days": loiter, "transit_days": transit}}
    return future_of(
        {"a": mission(launch, destination="station")},
        windows={"lit": {"lit_days": lit_days}},
        destinations=places,
        horizon=day(99),
    )


@pytest.mark.parametrize(
    ("lit_days", "launch", "lift_off"), [(5, 0, 10), (5, 18, 18), (5, 21, 30), (14, 10, 10), (14, 12, 30)]
)
def test_landings_find_the_light_they_need(lit_days: float, launch: int, lift_off: float) -> None:
    """Light from day 0 to 15, 20 to 35, 40 to 55: with ten days of transit and five of light, landings
    between 0 and 10, 20 and 30, and so on."""
    future = landing(lit_days, launch)
    assert future.launch("a") == lift_off
    assert future.arrival("a") == lift_off + 10


def test_a_site_that_is_never_lit_long_enough_is_never_landed_on() -> None:
    assert np.isnan(landing(15.5, 0).launch("a"))


def test_who_can_loiter_leaves_earlier_and_waits_in_orbit() -> None:
    """Launch from day 6 on, arrival on day 16, and landing at dawn of day 20."""
    future = landing(5, 6, loiter=4)
    assert (future.launch("a"), future.arrival("a")) == (6, 20)
    assert ("window", 16, 20) in future.spans("a")
    assert landing(5, 1, loiter=4).launch("a") == 6


# Silence, functions, phases


def test_functions_are_lost_one_by_one_after_the_last_delivery() -> None:
    """The last landing is on day 30. Power is missing from day 50, on and off; science has gone for
    good before, relays were never there, and the beacon goes on."""
    functions = {
        "power": {"title": "P", "when": {"continuous_power_kw": 8}},
        "science": {"title": "S", "when": {"elements": {"role": "science", "count": 1}}},
        "relay": {"title": "R", "when": {"elements": {"role": "relay", "count": 1}}},
        "beacon": {"title": "B", "when": {"elements": {"role": "load", "count": 1}}},
    }
    failure = {"years": 25 / 365.25, "repair_days": {"itself": 0.5}}
    elements = {
        "r": reactor(10, failure=failure),
        "lab": load(1, role="science", life_years=29 / 365.25),
        "beacon": load(1),
    }
    future = standing(elements, missions={"late": bring(20, {})}, site={"functions": functions})
    assert future.outcome.alone_from == 30
    lost = future.outcome.function_lost_day.tolist()
    assert lost[0] == pytest.approx(50.5)
    assert lost[1:3] == [-np.inf, -np.inf]
    assert np.isnan(lost[3])


def test_from_the_silence_on_nothing_is_launched() -> None:
    functions = {"power": {"title": "P", "when": {"continuous_power_kw": 8}}}
    elements = {"r": reactor(10, life_years=60 / 365.25)}
    missions = {"early": bring(39, {"r": 1}), "late": bring(41, {"r": 1}), "crew": crewed(50)}
    site = {"functions": functions, "silence": day(40)}
    future = standing(elements, missions=missions, site=site, horizon=day(200))
    assert future.launch("early") == 39
    assert np.isnan([future.launch("late"), future.launch("crew")]).all()
    assert future.outcome.alone_from == 40
    assert future.outcome.function_lost_day.tolist() == [pytest.approx(49 + 60)]


def test_phases_of_the_station_fall_back_and_recover() -> None:
    """Tended from the first crew on while the habitat works; it is down from day 45 to 75."""
    tended = {"all": [{"elements": {"role": "habitat", "count": 1}}, {"crew_visits": 1}]}
    steps = {"robotic": {"title": "R"}, "tended": {"title": "T", "when": tended}}
    habitat = {"name": "H", "role": "habitat", "berths": 4,
               "failure": {"years": 45 / 365.25, "repair_days": {"itself": 30}}}  # fmt: skip
    future = standing(
        {"h": habitat},
        missions={"c": crewed(10, 2, 5)},
        phases={"x": {"title": "X", "steps": steps}},
        horizon=day(119),
    )
    assert future.phase_days("x")["tended"] == 20
    assert future.outcome.phases is not None
    assert future.outcome.phases[0].tolist() == [1, 0, 1, 1]


def test_without_a_relay_the_station_is_attended_when_the_earth_is_in_view() -> None:
    """Declared light has no sky: the Earth is always in view."""
    future = standing({"r": reactor(1)}, site={"light": ALWAYS})
    assert series(future, "attended_share").tolist() == pytest.approx([1] * 4)
    assert here({"r": 1})["elements"] == {"r": 1}
