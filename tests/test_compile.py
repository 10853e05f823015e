"""From a scenario to a campaign: plans and history, windows, production, conditions, slots."""

from __future__ import annotations

import dataclasses
import math
import pickle
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.nature.calendar import date_of, is_in_months
from sim.nature.distributions import Distribution
from sim.scenario.campaign import NONE, Campaign, Draw, Forced, NodeKind, Quantity, Status
from sim.scenario.compile import ROLES, compile_campaign
from sim.scenario.compile.conditions import NodeList
from sim.scenario.compile.fleet import built_days, storm_days
from sim.scenario.compile.manifest import manifest, planned_date
from sim.scenario.compile.slots import SlotList
from sim.scenario.compile.windows import overlap, recurrence
from sim.scenario.load import load_scenario
from sim.scenario.schema import Condition, Mission, Vehicle
from tests.small import QUICK, number_of, row_of, small_campaign, small_scenario

DATA_DATE = date(2026, 1, 1)  # of the small scenario
SHIPPED = ["baseline", "as-announced", "russia-withdraws", "november-2025"]


@cache
def shipped(name: str) -> Campaign:
    (resolved,) = load_scenario(name)
    return compile_campaign(resolved.scenario, name)


def windows_of(campaign: Campaign, name: str) -> tuple[int, ...]:
    return tuple(flight.windows for flight in row_of(campaign, name).attempts[0].flights)


def value_in(campaign: Campaign, slot: int) -> Draw | float:
    return campaign.slots[slot]


def draw_in(campaign: Campaign, slot: int) -> Draw:
    draw = campaign.slots[slot]
    assert isinstance(draw, Draw)
    return draw


# ---------------------------------------------------------------------------------- plans and history


def mission(**settings: Any) -> Mission:
    ids = {"name": "M", "programme": "p", "destination": "d", "vehicle": "v"}
    return Mission.model_validate({**ids, **settings})


def said(announced: str, planned: str, at: str | None = None) -> dict[str, Any]:
    return {"announced": announced, "planned": planned, "by": "Agency", **({"at": at} if at else {})}


HISTORY = mission(
    announcements=[said("2021-06-16", "2021..2025"), said("2023-04-25", "2026"), said("2026-08-23", "2027")]
)


@pytest.mark.parametrize(
    ("data_date", "planned"),
    [
        ("2021-06-15", None),
        ("2021-06-16", "2023-09-23"),  # the middle of what is left: 2021-06-16 to 2025-12-31
        ("2023-04-24", "2024-08-27"),
        ("2023-04-25", "2026-07-02"),
        ("2026-08-22", "2026-10-26"),
        ("2026-08-23", "2027-07-02"),
        ("2027-12-31", "2027-12-31"),
        ("2028-06-01", "2027-12-31"),  # the plan has expired and nobody has said more
    ],
)
def test_the_plan_in_force_is_the_last_announcement_by_the_data_date(
    data_date: str, planned: str | None
) -> None:
    day = planned_date(HISTORY, date.fromisoformat(data_date))
    assert (day.isoformat() if day else None) == planned


def test_a_named_day_stands_for_its_announcement() -> None:
    named = mission(announcements=[said("2021-06-16", "2031..2035", at="2031-03-15")])
    assert planned_date(named, DATA_DATE) == date(2031, 3, 15)


@pytest.mark.parametrize(
    ("settings", "planned"),
    [
        ({"planned": "2027-06-10..2027-06-20"}, "2027-06-15"),
        ({"planned": "2027", "planned_at": "2027-12-01"}, "2027-12-01"),
        ({"planned": "2027", "announcements": [said("2030-01-01", "2031")]}, "2027-07-02"),
        ({"planned": "2027", "announcements": [said("2025-01-01", "2031")]}, "2031-07-02"),
        ({"announcements": [said("2030-01-01", "2031")]}, None),
    ],
)
def test_a_plan_that_nobody_announced_stands_until_somebody_does(
    settings: dict[str, Any], planned: str | None
) -> None:
    day = planned_date(mission(**settings), DATA_DATE)
    assert (day.isoformat() if day else None) == planned


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 2000),
    st.dates(date(2020, 1, 1), date(2045, 1, 1)),
)
@QUICK
def test_a_plan_lies_in_the_announced_interval_and_not_before_the_data_date_if_it_can(
    first: date, length: int, data_date: date
) -> None:
    last = first + timedelta(days=length)
    day = planned_date(mission(planned=f"{first}..{last}"), data_date)
    assert day is not None
    assert first <= day <= last
    assert day >= min(data_date, last)


FLOWN = (
    "missions: {lander-1: {actual: {launch: 2026-03-01, landing: 2026-03-09, outcome: landing-failure}}}\n"
)


@pytest.mark.parametrize(("data_date", "is_history"), [("2026-02-28", False), ("2026-03-01", True)])
def test_what_was_flown_by_the_data_date_is_history_and_before_it_a_plan(
    data_date: str, is_history: bool
) -> None:
    row = row_of(small_campaign(f"{FLOWN}data_date: {data_date}"), "lander-1")
    assert (row.history is not None) is is_history
    assert (len(row.attempts) == 0) is is_history
    assert (row.links == 0) is is_history


def test_history_is_known_in_days_before_the_data_date() -> None:
    row = row_of(small_campaign(f"{FLOWN}data_date: 2026-03-31"), "lander-1")
    assert row.history is not None
    assert (row.history.launch_day, row.history.landing_day) == (-30, -22)
    assert row.history.status is Status.LANDING_FAILURE
    assert row.planned_day == -30


def test_missions_that_nobody_knows_of_yet_are_dropped_with_the_links_to_them() -> None:
    text = (
        "missions:\n"
        "  lander-3: {name: L3, programme: probes, destination: site, vehicle: carrier, family: hopper, "
        "announcements: [{announced: 2030-01-01, planned: 2031, by: A}]}\n"
        "  crew-1: {after: [lander-3, {any: [lander-3, lander-1]}]}\n"
        "gates: {power: {continuous_power_kw: null, landed: lander-3}}\n"
    )
    campaign = small_campaign(text)
    assert campaign.unknown_missions == ("lander-3",)
    assert "lander-3" not in {row.id for row in campaign.missions}
    (link,) = [link for link in campaign.links if link.mission == number_of(campaign.missions, "crew-1")]
    assert link.members == (number_of(campaign.missions, "lander-1"),)
    gate = campaign.nodes[row_of(campaign, "crew-1").gate]
    assert gate.threshold == math.inf, "a gate on a mission that nobody knows of never opens"


def test_a_standby_mission_is_there_without_a_date() -> None:
    row = row_of(small_campaign(), "lander-2")
    assert row.is_standby
    assert math.isnan(row.planned_day)
    assert value_in(small_campaign(), row.lead) == 700
    assert row_of(small_campaign(), "lander-1").fallback == number_of(small_campaign().missions, "lander-2")


def test_every_mission_is_history_planned_standby_or_unknown() -> None:
    scenario = load_scenario("baseline")[0].scenario
    for data_date in (date(2021, 1, 1), date(2024, 5, 3), date(2026, 9, 13)):
        entries, unknown = manifest(scenario.model_copy(update={"data_date": data_date}))
        assert len(entries) + len(unknown) == len(scenario.missions)
        for entry in entries:
            assert (entry.history is None) or entry.history.launch <= data_date
            assert (entry.planned is None) == (entry.history is not None or entry.mission.standby)


# ------------------------------------------------------------------------------------ rows of missions


def test_missions_are_ranked_by_priority_then_date_then_id() -> None:
    missions = "".join(
        f"  {name}: {{name: x, programme: probes, destination: orbit, vehicle: carrier, {rest}}}\n"
        for name, rest in (
            ("b", "priority: 5, planned: 2030"),
            ("a", "priority: 5, planned: 2030"),
            ("early", "priority: 5, planned: 2028"),
            ("urgent", "priority: 1, planned: 2035"),
        )
    )
    campaign = small_campaign(f"missions:\n{missions}")
    by_rank = sorted(campaign.missions, key=lambda row: row.rank)
    assert [row.id for row in by_rank][:4] == ["urgent", "early", "a", "b"]
    assert sorted(row.rank for row in campaign.missions) == list(range(len(campaign.missions)))


@pytest.mark.parametrize(
    ("delay", "days", "unit"), [("days: 10", 10, 1), ("months: 24", 24, 30.4375), ("years: 2", 2, 365.25)]
)
def test_a_delay_keeps_its_unit(delay: str, days: float, unit: float) -> None:
    campaign = small_campaign(f"delays: {{lander-1: {{{delay}}}}}")
    row = row_of(campaign, "lander-1")
    assert (value_in(campaign, row.delay), row.delay_unit_days) == (days, unit)
    assert value_in(campaign, row_of(campaign, "crew-1").delay) == 0


def test_a_distribution_of_a_delay_is_drawn() -> None:
    campaign = small_campaign("delays: {lander-1: {months: {uniform: {low: 0, high: 24}}}}")
    draw = draw_in(campaign, row_of(campaign, "lander-1").delay)
    assert (draw.stream, draw.index) == ("mission/lander-1/delay", 0)
    assert draw.distribution is not None


@pytest.mark.parametrize(
    ("policy", "attempts"),
    [
        ("{policy: descope, max_attempts: 5}", [(0.0, False)]),
        ("{policy: rebuild, max_attempts: 3, rebuild_days: 900}", [(0, False), (900, False), (900, False)]),
        (
            "{policy: spare, spares: 1, spare_days: 60, max_attempts: 3, rebuild_days: 900}",
            [(0, False), (60, True), (900, False)],
        ),
    ],
)
def test_attempts_follow_the_policy_on_loss(policy: str, attempts: list[tuple[float, bool]]) -> None:
    campaign = small_campaign(f"missions: {{lander-1: {{on_loss: {policy}}}}}")
    rows = row_of(campaign, "lander-1").attempts
    assert [(value_in(campaign, row.preparation), row.from_spare) for row in rows] == attempts


def test_each_attempt_has_its_flights_and_its_own_luck() -> None:
    campaign = small_campaign(
        "missions: {crew-1: {flights: 2, on_loss: {policy: rebuild, rebuild_days: 9, max_attempts: 2}}}"
    )
    attempts = row_of(campaign, "crew-1").attempts
    launches = [draw_in(campaign, flight.launch) for row in attempts for flight in row.flights]
    assert [(draw.stream, draw.index) for draw in launches] == [
        ("mission/crew-1/flight-1/launch", 0),
        ("mission/crew-1/flight-2/launch", 0),
        ("mission/crew-1/flight-1/launch", 1),
        ("mission/crew-1/flight-2/launch", 1),
    ]


def test_forced_outcomes_go_through_the_attempts_in_order() -> None:
    campaign = small_campaign(
        "force: {lander-1: {landing: [failure, success], launch: success, cancelled: true}}\n"
        "missions: {lander-1: {on_loss: {policy: rebuild, rebuild_days: 9, max_attempts: 3}}}"
    )
    row = row_of(campaign, "lander-1")
    assert [a.forced_landing for a in row.attempts] == [Forced.FAILURE, Forced.SUCCESS, Forced.DRAWN]
    assert [a.flights[0].forced for a in row.attempts] == [Forced.SUCCESS, Forced.DRAWN, Forced.DRAWN]
    assert row.cancellation_probability == 1


def test_elements_come_one_by_one_each_with_its_own_life() -> None:
    campaign = small_campaign("elements: {panel: {life_years: {uniform: {low: 5, high: 15}}}}")
    elements = row_of(campaign, "lander-1").elements
    panel = number_of(campaign.elements, "panel")
    assert [unit.element for unit in elements] == [panel, panel]
    assert [draw_in(campaign, unit.life).index for unit in elements] == [0, 1]
    assert campaign.elements[panel].dark_kw == 0
    assert campaign.elements[panel].role == ROLES.index("source")


def test_links_become_groups_of_predecessors() -> None:
    campaign = small_campaign(
        "missions: {crew-1: {after: [relay-1, {any: [lander-1, lander-2], lag_days: 30, need: departure},"
        " {mission: lander-2, preferred_until: 2030-01-01}]}}"
    )
    crew = number_of(campaign.missions, "crew-1")
    first, choice, preferred = [link for link in campaign.links if link.mission == crew]
    relay, lander, spare = (
        number_of(campaign.missions, name) for name in ("relay-1", "lander-1", "lander-2")
    )
    assert (first.members, first.by_departure, first.preferred_until) == ((relay,), False, math.inf)
    assert (choice.members, choice.by_departure, choice.lag_days) == ((lander, spare), True, 30)
    assert preferred.preferred_until == 1461
    assert campaign.missions[crew].links == 3
    for number, link in enumerate(campaign.links):
        assert all(number in campaign.missions[member].followers for member in link.members)


@pytest.mark.parametrize(
    ("idealise", "differs"),
    [
        ("slips", lambda c: len(c.slips.missions) == 0),
        ("cancellations", lambda c: row_of(c, "lander-1").cancellation_probability == 0),
        (
            "launch-failures",
            lambda c: row_of(c, "lander-1").attempts[0].flights[0].forced is Forced.SUCCESS,
        ),
        ("landing-failures", lambda c: row_of(c, "lander-1").attempts[0].forced_landing is Forced.SUCCESS),
        ("scrubs", lambda c: {pad.scrub_probability for pad in c.pads} == {0.0}),
        ("windows", lambda c: windows_of(c, "lander-1") == (NONE,)),
        ("gates", lambda c: row_of(c, "crew-1").gate == NONE),
        ("durations", lambda c: value_in(c, row_of(c, "lander-1").attempts[0].transit) == 8.0),
        ("element-failures", lambda c: row_of(c, "lander-1").elements[0].failures == ()),
        ("crew-risks", lambda c: row_of(c, "crew-1").crew.risk.ascent_probability == 0),
    ],
)
def test_each_idealisation_takes_one_kind_of_chance_away(idealise: str, differs: Any) -> None:
    real = (
        "missions:\n"
        "  lander-1: {cancellation_probability: 0.2, transit_days: {uniform: {low: 6, high: 10}}}\n"
        "  crew-1: {crew: {risk: {ascent: 0.1}}}\n"
        "pads: {north: {scrub_probability: 0.3}, south: {scrub_probability: 0.1}}\n"
        "elements: {panel: {failure: {years: {exponential: {mean: 3}}}}}\n"
    )
    assert not differs(small_campaign(real))
    assert differs(small_campaign(f"{real}idealise: [{idealise}]"))


def test_only_the_capped_part_of_a_lead_grows() -> None:
    campaign = small_campaign("slip_classes: {steady: {lead_cap_years: 2}}")
    growing = dict(zip(campaign.slips.missions.tolist(), campaign.slips.growing_days.tolist(), strict=True))
    relay = row_of(campaign, "relay-1")
    assert growing[number_of(campaign.missions, "relay-1")] == relay.planned_day == 547
    assert growing[number_of(campaign.missions, "crew-1")] == 2 * 365.25
    assert set(growing) == {
        number_of(campaign.missions, name) for name in ("relay-1", "lander-1", "crew-1")
    }


def test_slips_of_a_programme_share_one_draw_and_each_mission_has_its_own() -> None:
    slips = small_campaign().slips
    assert len(set(slips.own.tolist())) == len(slips.own) == 3
    assert len(set(slips.programme.tolist())) == 2
    assert len(set(slips.slip_class.tolist())) == 1


# ------------------------------------------------------------------------------------ reliability


def beta_of(campaign: Campaign, row: int) -> tuple[float, float]:
    return campaign.reliability.a[row], campaign.reliability.b[row]


def test_the_record_and_the_flights_after_it_are_added_to_the_prior() -> None:
    actual = "actual: {{launch: {}, outcome: {}}}"
    like = "name: Old, programme: probes, destination: site, vehicle: carrier, family: hopper"
    text = (
        "vehicles: {carrier: {record: {successes: 10, failures: 1, until: 2025-03-01}}}\n"
        "missions:\n"
        f"  relay-1: {{flights: 2, {actual.format('2025-01-01', 'success')}}}\n"  # in the record already
        f"  lander-1: {{{actual.format('2025-06-01', 'landing-failure')}}}\n"
        f"  lander-0: {{{like}, flights: 2, {actual.format('2025-09-01', 'success')}}}\n"
        f"  lander-00: {{{like}, {actual.format('2025-10-01', 'launch-failure')}}}\n"
    )
    campaign = small_campaign(text)
    carrier = number_of(campaign.vehicles, "carrier")
    hopper = len(campaign.vehicles) + number_of(campaign.families, "hopper")
    # launches: lander-1 flew (1), lander-0 flew twice (2), lander-00 failed
    assert beta_of(campaign, carrier) == (2 + 10 + 3, 1 + 1 + 1)
    # landings: lander-0 landed, lander-1 did not, lander-00 never came to it
    assert beta_of(campaign, hopper) == (3 + 1, 1 + 1)
    assert campaign.families[0].landings_in_a_row == 1


def test_a_plan_adds_no_experience() -> None:
    text = "missions: {lander-1: {actual: {launch: 2026-06-01, outcome: success}}}"
    campaign = small_campaign(text)
    assert beta_of(campaign, len(campaign.vehicles)) == (3, 1)


def test_the_family_of_the_chang_e_landers_has_landed_four_times() -> None:
    campaign = shipped("baseline")
    row = number_of(campaign.families, "chang-e")
    assert beta_of(campaign, len(campaign.vehicles) + row) == pytest.approx((1.5 + 4, 1.4))
    assert campaign.families[row].landings_in_a_row == 4
    luna = number_of(campaign.families, "luna")
    assert beta_of(campaign, len(campaign.vehicles) + luna) == pytest.approx((3.0, 2.8 + 1))


def test_every_possible_failure_has_a_stand_down() -> None:
    for name in SHIPPED:
        campaign = shipped(name)
        launches = [sum(len(a.flights) for a in row.attempts) for row in campaign.missions]
        for number, vehicle in enumerate(campaign.vehicles):
            flown = [n for row, n in zip(campaign.missions, launches, strict=True) if row.vehicle == number]
            assert len(vehicle.stand_downs) == sum(flown)
        for number, family in enumerate(campaign.families):
            assert len(family.stand_downs) == sum(
                len(row.attempts) for row in campaign.missions if row.family == number
            )


# ---------------------------------------------------------------------------------- windows, production

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=6)


def intervals(spans: list[tuple[int, int]]) -> list[tuple[float, float]]:
    made: list[tuple[float, float]] = []
    start = 0.0
    for gap, length in spans:
        made.append((start + gap, start + gap + length))
        start += gap + length
    return made


def is_open(windows: list[tuple[float, float]], day: float) -> bool:
    return any(opening <= day < closing for opening, closing in windows)


@given(SPANS, SPANS)
@QUICK
def test_windows_overlap_where_both_are_open(one: Any, other: Any) -> None:
    left, right = intervals(one), intervals(other)
    both = list(overlap(left, right))
    for day in np.arange(0.25, 120, 0.5):
        assert is_open(both, day) == (is_open(left, day) and is_open(right, day))
    assert both == list(overlap(right, left))
    assert all(opening < closing for opening, closing in both)


@given(st.floats(-5000, 5000), st.floats(1, 400), st.floats(0.05, 1), st.floats(0, 3000))
@QUICK
def test_a_recurrence_covers_the_simulation_and_no_more(
    first: float, period: float, share: float, end: float
) -> None:
    length = share * period
    made = recurrence(first, period, length, end)
    for opening, closing in made:
        assert closing > -1e-6
        assert opening <= end + 1e-6
        assert (opening - first) / period == pytest.approx(round((opening - first) / period), abs=1e-6)
        assert closing - opening == pytest.approx(length)
    for day in np.linspace(0, end, 50):
        phase = (day - first) % period
        if min(abs(phase), abs(phase - length), abs(phase - period)) > 1e-6:
            assert is_open(made, day) == (phase < length)


def test_windows_that_are_asked_for_together_share_a_row() -> None:
    text = (
        "windows: {yearly: {first_open: 2026-03-01, period_days: 365.25, open_days: 100}}\n"
        "destinations:\n"
        "  site: {windows: [monthly, yearly]}\n"
        "  orbit: {windows: [yearly, monthly, monthly]}\n"
    )
    campaign = small_campaign(text)
    assert [len(rows) for rows in campaign.windows] == [1], "one sky, one row"
    assert windows_of(campaign, "relay-1") == windows_of(campaign, "lander-1") == (0,)
    row = campaign.windows[0][0]
    assert row.name == "monthly and yearly"
    assert (np.diff(row.opens) > 0).all()
    assert all(opening < closing for opening, closing in zip(row.opens, row.closes, strict=True))
    assert row.closes[-1] > campaign.horizon_days, "a late mission still finds a next window"


def test_no_windows_means_any_day() -> None:
    assert windows_of(small_campaign(), "relay-1") == (NONE,)


def test_a_first_flight_leaves_only_when_the_next_can_follow_soon() -> None:
    windows = "windows: {spring: {first_open: 2026-03-01, period_days: 365.25, open_days: 100}}\n"
    place = "destinations: {site: {windows: [spring]}}\n"
    pair = "missions: {lander-1: {flights: 2, longest_gap_days: 30}}\n"
    campaign = small_campaign(windows + place + pair)
    first, last = (campaign.windows[0][number] for number in windows_of(campaign, "lander-1"))
    turnaround = campaign.pads[row_of(campaign, "lander-1").pad].turnaround_days
    assert 0 < turnaround < 30
    assert first.opens == last.opens
    assert first.closes == pytest.approx([closing - turnaround for closing in last.closes])


def test_a_first_flight_is_free_in_the_gap_between_short_windows() -> None:
    windows = "windows: {monthly: {first_open: 2026-10-01, period_days: 30, open_days: 3}}\n"
    place = "destinations: {site: {windows: [monthly]}}\n"
    pair = "missions: {lander-1: {flights: 2, longest_gap_days: 31}}\n"
    pair += "pads: {north: {turnaround_days: 10}}\n"
    campaign = small_campaign(windows + place + pair)
    first, last = (campaign.windows[0][number] for number in windows_of(campaign, "lander-1"))
    assert first.opens == last.opens[: len(first.opens)], "the very last windows have none after them"
    assert first.closes[:100] == last.closes[:100]


def vehicle(production: Any, stock: int = 0) -> Vehicle:
    rest = {
        "name": "V",
        "pads": ["p"],
        "prior": {"a": 1, "b": 1},
        "fix_effectiveness": 0.0,
        "learning": 0.0,
        "stand_down_days": 0.0,
    }
    return Vehicle.model_validate({**rest, "production_per_year": production, "stock": stock})


@pytest.mark.parametrize(
    ("production", "stock", "days"),
    [
        (0, 2, [0, 0]),
        (1, 0, [365, 730, 1096]),  # at the end of 2026, 2027 and, a leap year, 2028
        (2, 1, [0, 182.5, 365, 547.5, 730, 913, 1096]),
        (0.5, 0, [730]),
        ({"2028": 2}, 0, [913, 1096]),
        ({"2026": 1, "2028": 0}, 0, [365, 730]),
        ({"2030": 9}, 0, []),
    ],
)
def test_units_leave_the_factory_evenly_through_the_year(
    production: Any, stock: int, days: list[float]
) -> None:
    built = built_days(vehicle(production, stock), date(2026, 1, 1), date(2028, 12, 31))
    assert built == pytest.approx(days)


def test_production_begins_with_the_data_date() -> None:
    built = built_days(vehicle(1), date(2026, 9, 13), date(2029, 1, 1))
    assert date_of(built[0], date(2026, 9, 13)) == date(2027, 9, 13)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.floats(0, 12), st.integers(0, 3))
@QUICK
def test_production_adds_up(data_date: date, rate: float, stock: int) -> None:
    built = built_days(vehicle(rate, stock), data_date, date(2035, 1, 1))
    assert list(built) == sorted(built)
    years = (date(2036, 1, 1) - data_date).days / 365.25
    assert len(built) == pytest.approx(stock + rate * years, abs=1.1)


@given(
    st.sets(st.integers(1, 12)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.floats(0, 3000, exclude_max=True),
)
@QUICK
def test_storms_come_in_their_months(months: set[int], data_date: date, day: float) -> None:
    days = storm_days(months, data_date, data_date + timedelta(days=3000))
    assert (bisect_right(days, day) % 2 == 1) == is_in_months(day, data_date, months)


# ------------------------------------------------------------------------------------------ conditions


def nodes(**settings: Any) -> NodeList:
    scenario = small_scenario()
    missions = {name: number for number, name in enumerate(scenario.missions)}
    return NodeList(scenario, missions, {"hopper": 0}, **settings)


def condition(**settings: Any) -> Condition:
    return Condition.model_validate(settings)


def test_equal_conditions_share_a_node() -> None:
    network = nodes()
    power = network.node(condition(continuous_power_kw=10))
    assert network.node(condition(continuous_power_kw=10.0)) == power
    assert network.gate("power") == power
    assert network.node(condition(gate="power")) == power
    assert network.node(condition(continuous_power_kw=11)) != power
    assert network.node(condition(firm_power_kw=10)) != power
    assert network.node(condition(continuous_power_kw=10, for_days=3)) != power


def test_a_network_counts_its_parts_and_knows_its_parents() -> None:
    network = nodes()
    top = network.node(
        condition(
            all=[
                {"any": [{"landed": "lander-1"}, {"mission": "crew-1"}, {"crew": 2}], "count": 2},
                {"elements": {"role": "habitat", "count": 2}},
                {"date": "2027-01-01"},
                {"crew": 1, "for_days": 180},
                {"landings_in_a_row": {"family": "hopper", "count": 2}},
            ]
        )
    )
    rows = network.finish((), ())
    choice, habitats, day, held, landings = (rows[number] for number in rows[top].children)
    assert (rows[top].kind, rows[top].threshold) == (NodeKind.COUNT, 5)
    assert (choice.kind, choice.threshold, len(choice.children)) == (NodeKind.COUNT, 2, 3)
    assert habitats.quantity == Quantity.FIRST_ROLE + ROLES.index("habitat")
    assert (day.kind, day.threshold) == (NodeKind.DATE, 365)
    assert (held.kind, held.threshold) == (NodeKind.HOLD, 180)
    assert rows[held.children[0]].quantity == Quantity.CREW
    assert (landings.quantity, landings.threshold) == (network.quantities.families, 2)
    for number, row in enumerate(rows):
        assert all(number in rows[child].parents for child in row.children)
        assert all(number in rows[parent].children for parent in row.parents)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_network_of_a_campaign_hangs_together(name: str) -> None:
    campaign = shipped(name)
    seen = {(row.kind, row.quantity, row.threshold, row.children) for row in campaign.nodes}
    assert len(seen) == len(campaign.nodes), "equal nodes are shared"
    assert len(campaign.node_names) == len(campaign.nodes)
    assert len(campaign.watchers) == campaign.quantities.count
    for quantity, watchers in enumerate(campaign.watchers):
        assert all(campaign.nodes[number].quantity == quantity for number in watchers)
    watched = {number for watchers in campaign.watchers for number in watchers}
    assert watched == {n for n, row in enumerate(campaign.nodes) if row.kind is NodeKind.LEVEL}
    for number, milestone in enumerate(campaign.milestones):
        assert number in campaign.nodes[milestone.node].milestones
    for number, track in enumerate(campaign.tracks):
        assert track.nodes[0] == NONE
        assert all(number in campaign.nodes[node].tracks for node in track.nodes[1:])


def test_nodes_are_named_after_their_gate_or_what_they_compare() -> None:
    campaign = shipped("baseline")
    names = set(campaign.node_names)
    assert {"crew-visit", "crew-rotation"} <= names
    assert any(name.startswith("continuous power [kW] of at least ") for name in names)
    assert "landing of chang-e-7 of at least 1" in names
    assert all(names)


def test_the_quantities_of_a_board_do_not_run_into_one_another() -> None:
    campaign = small_campaign()
    places = campaign.quantities
    assert places.families == Quantity.FIRST_ROLE + len(ROLES)
    assert places.accomplished == places.families + len(campaign.families)
    assert places.landed == places.accomplished + len(campaign.missions)
    assert places.count == places.landed + len(campaign.missions)


# ----------------------------------------------------------------------------------------------- slots


def test_two_draws_with_one_address_are_an_error() -> None:
    slots = SlotList()
    slots.uniform("luna-26/landing")
    slots.uniform("luna-26/landing", 1)
    with pytest.raises(ValueError, match="two draws share the address"):
        slots.uniform("luna-26/landing")
    with pytest.raises(ValueError, match="two draws share the address"):
        slots.variate("luna-26/landing", 1, Distribution.model_validate({"exponential": {"mean": 1}}))


def test_equal_constants_share_a_slot_and_take_no_luck() -> None:
    slots = SlotList()
    assert slots.constant(2.0) == slots.constant(2) == slots.variate("a", 0, Distribution(fixed=2))
    assert slots.variate("a", 0, Distribution(fixed=3)) != slots.constant(2)
    assert slots.finish() == (2.0, 3.0)


def test_a_shared_uniform_is_the_same_for_all_that_ask() -> None:
    slots = SlotList()
    assert slots.shared("roscosmos/slip") == slots.shared("roscosmos/slip")
    assert slots.shared("clep/slip") != slots.shared("roscosmos/slip")


def draws(campaign: Campaign) -> list[Draw]:
    return [slot for slot in campaign.slots if isinstance(slot, Draw)]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_draw_of_a_campaign_has_an_address_of_its_own(name: str) -> None:
    addresses = [(draw.stream, draw.index) for draw in draws(shipped(name))]
    assert len(set(addresses)) == len(addresses) > 500


def test_adding_a_mission_changes_no_other_missions_luck() -> None:
    before = {(draw.stream, draw.index): draw.distribution for draw in draws(shipped("baseline"))}
    after = {(draw.stream, draw.index): draw.distribution for draw in draws(shipped("russia-withdraws"))}
    changed = {address for address in before if after.get(address) != before[address]}
    assert changed == set()
    extra = {stream for stream, _ in after.keys() - before.keys()}
    assert extra
    for stream in extra:
        assert "chinese-power-plant" in stream or "/stand-down" in stream


# ---------------------------------------------------------------------------------------- the campaign


def parts(item: Any) -> Iterator[Any]:
    """A campaign taken apart into plain values, to be compared."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        for field in dataclasses.fields(item):
            yield from parts(getattr(item, field.name))
    elif isinstance(item, (tuple, list)):
        yield len(item)
        for part in item:
            yield from parts(part)
    elif isinstance(item, dict):
        yield from parts(sorted(item.items()))
    elif isinstance(item, np.ndarray):
        yield (item.dtype, item.tobytes())
    else:
        yield "nan" if isinstance(item, float) and math.isnan(item) else item


@pytest.mark.parametrize("name", SHIPPED)
def test_a_campaign_pickles(name: str) -> None:
    campaign = shipped(name)
    assert list(parts(pickle.loads(pickle.dumps(campaign)))) == list(parts(campaign))


def test_compiling_twice_gives_the_same_campaign() -> None:
    assert list(parts(small_campaign())) == list(parts(small_campaign()))


def test_a_campaign_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small_campaign().name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_months_tile_the_simulation(name: str) -> None:
    campaign = shipped(name)
    assert campaign.month_edges[0] == 0
    assert campaign.month_edges[-1] == campaign.horizon_days
    assert (np.diff(campaign.month_edges) > 0).all()
    assert len(campaign.month_edges) == len(campaign.months) + 1
    assert campaign.months[0] == campaign.data_date.replace(day=1)
    assert campaign.horizon_days == (campaign.horizon - campaign.data_date).days


def test_shocks_hit_the_missions_of_their_programme() -> None:
    campaign = small_campaign(
        "programmes:\n  probes:\n    withdrawal: 2030-01-01\n    shocks:\n"
        "      cut: {title: Budget cut, on: 2028-01-01, months: 6, hit_probability: 0.5}\n"
        "      war: {title: War, rate_per_year: 0.2, months: {exponential: {mean: 9}}}\n"
    )
    programme = campaign.programmes[number_of(campaign.programmes, "probes")]
    cut, war = programme.shocks
    assert programme.withdrawal_day == 1461
    assert (cut.first_day, len(cut.gaps), len(cut.months)) == (730, 0, 1)
    own = {number_of(campaign.missions, name) for name in ("relay-1", "lander-1", "lander-2")}
    assert set(cut.hits) == set(war.hits) == own
    # 2 are expected in ten years; far more are provided for
    assert len(war.gaps) == len(war.months) > 15
    gap = draw_in(campaign, war.gaps[0]).distribution
    assert gap is not None
    assert gap.exponential is not None
    assert gap.exponential.mean == pytest.approx(365.25 / 0.2)


def test_vehicles_fly_from_their_first_pad_unless_the_mission_names_one() -> None:
    text = "vehicles: {carrier: {pads: [north, south]}}\nmissions: {lander-1: {pad: south}}"
    campaign = small_campaign(text)
    assert campaign.pads[row_of(campaign, "relay-1").pad].id == "north"
    assert campaign.pads[row_of(campaign, "lander-1").pad].id == "south"


def test_groundings_name_the_vehicle_and_the_family() -> None:
    campaign = small_campaign()
    carrier = number_of(campaign.vehicles, "carrier")
    assert row_of(campaign, "relay-1").groundings == (carrier,)
    assert row_of(campaign, "lander-1").groundings == (carrier, len(campaign.vehicles))
