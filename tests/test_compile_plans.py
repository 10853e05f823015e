"""From announcements to plans: what is history, what is planned, what nobody knows of yet."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.compile.manifest import manifest, planned_date
from sim.scenario.load import load_scenario
from sim.scenario.schema import Mission
from sim.terms import Status
from tests.small import DATA_DATE, QUICK, number_of, row_of, small_campaign, value_in


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
