"""The rows of missions: order, delays, attempts, links, idealisations, reliability."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.scenario.campaign import NONE, Campaign
from sim.terms import ForcedOutcome, Role
from tests.small import SHIPPED, draw_in, number_of, row_of, shipped, small_campaign, value_in, windows_of


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
    assert [a.forced_landing for a in row.attempts] == [
        ForcedOutcome.FAILURE,
        ForcedOutcome.SUCCESS,
        ForcedOutcome.DRAWN,
    ]
    assert [a.flights[0].forced for a in row.attempts] == [
        ForcedOutcome.SUCCESS,
        ForcedOutcome.DRAWN,
        ForcedOutcome.DRAWN,
    ]
    assert row.cancellation_probability == 1


def test_elements_come_one_by_one_each_with_its_own_life() -> None:
    campaign = small_campaign("elements: {panel: {life_years: {uniform: {low: 5, high: 15}}}}")
    elements = row_of(campaign, "lander-1").elements
    panel = number_of(campaign.elements, "panel")
    assert [unit.element for unit in elements] == [panel, panel]
    assert [draw_in(campaign, unit.life).index for unit in elements] == [0, 1]
    assert campaign.elements[panel].dark_kw == 0
    assert campaign.elements[panel].role == Role.SOURCE


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
            lambda c: row_of(c, "lander-1").attempts[0].flights[0].forced is ForcedOutcome.SUCCESS,
        ),
        (
            "landing-failures",
            lambda c: row_of(c, "lander-1").attempts[0].forced_landing is ForcedOutcome.SUCCESS,
        ),
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
