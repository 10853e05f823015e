"""Scenarios that name a reference class, and leads that count from the announcement."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from sim.evidence import reference
from sim.model.variates import Variates
from sim.nature.luck import Luck
from sim.scenario.compile import compile_campaign
from sim.scenario.compile.manifest import Entry
from sim.scenario.compile.slips import growing_lead
from sim.scenario.problems import ScenarioError
from sim.scenario.schema import Scenario
from tests.campaigns import campaign_of, mission
from tests.small import small_scenario


def test_a_slip_class_takes_the_numbers_of_its_reference_class() -> None:
    steady = small_scenario("slip_classes: {steady: {reference_class: roscosmos}}\n").slip_classes["steady"]
    fitted = reference.shipped()["slips"]["roscosmos"]
    assert steady.median_growth == fitted["median_growth"]
    assert steady.on_time_probability == fitted["on_time_probability"]
    assert steady.lead_from == "announcement"


def test_own_numbers_beside_a_class_win() -> None:
    steady = small_scenario(
        "slip_classes: {steady: {reference_class: china, sigma: 0.1, lead_from: data-date}}"
    ).slip_classes["steady"]
    assert steady.sigma == 0.1
    assert steady.lead_from == "data-date"
    assert steady.median_growth == reference.shipped()["slips"]["china"]["median_growth"]


def test_a_programme_and_a_mission_may_name_the_class_itself() -> None:
    scenario = small_scenario(
        "programmes: {probes: {slip: {reference_class: china}}}\n"
        "missions: {lander-1: {slip: {reference_class: roscosmos}}}"
    )
    assert scenario.programmes["probes"].slip == "reference-china"
    assert scenario.missions["lander-1"].slip == "reference-roscosmos"
    assert scenario.slip_classes["reference-roscosmos"].reference_class == "roscosmos"
    assert "steady" in scenario.slip_classes
    assert compile_campaign(scenario, "small").slips.missions.size


def test_priors_and_stand_downs_by_class() -> None:
    carrier = small_scenario(
        "vehicles: {carrier: {prior: {reference_class: mature-launcher}, "
        "stand_down_days: {reference_class: china}}}"
    ).vehicles["carrier"]
    assert carrier.prior.a == reference.shipped()["launchers"]["mature-launcher"]["a"]
    assert carrier.stand_down_days.lognormal is not None
    assert carrier.stand_down_days.lognormal.median == reference.shipped()["stand_downs"]["china"]["median"]


def test_the_child_wins_over_the_class_of_the_parent() -> None:
    from sim.scenario.merge import merge
    from sim.scenario.tree import parse_tree
    from sim.scenario.validate import validate
    from tests.small import small_tree

    parent = small_tree("vehicles: {carrier: {stand_down_days: {reference_class: china}, "
                        "prior: {reference_class: new-launcher}}}")  # fmt: skip
    child = parse_tree("vehicles: {carrier: {stand_down_days: {uniform: {low: 1, high: 2}}, "
                       "prior: {a: 7, b: 8}}}", "child.yaml")  # fmt: skip
    carrier = validate(merge(parent, child))[0].vehicles["carrier"]
    assert carrier.stand_down_days.uniform is not None
    assert (carrier.prior.a, carrier.prior.b) == (7, 8)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            "slip_classes: {steady: {reference_class: roscomos}}",
            "slip_classes.steady.reference_class: there is no reference class `roscomos` of slips; "
            "did you mean `roscosmos`?",
        ),
        (
            "vehicles: {carrier: {prior: {reference_class: new-lancher}}}",
            "vehicles.carrier.prior.reference_class: there is no reference class `new-lancher` of landings or "  # noqa: E501
            "launches; did you mean `new-launcher`?",
        ),
        (
            "vehicles: {carrier: {stand_down_days: {reference_class: chnia}}}",
            "vehicles.carrier.stand_down_days: there is no reference class `chnia` of stand-downs; did you mean "  # noqa: E501
            "`china`?",
        ),
        (
            "programmes: {probes: {slip: {reference_class: roscomos}}}",
            "there is no reference class `roscomos` of slips; did you mean `roscosmos`?",
        ),
        ("programmes: {probes: {slip: {class: china}}}", "programmes.probes.slip: a text is needed"),
    ],
)  # fmt: skip
def test_an_unknown_class_is_told_with_its_line_and_its_mend(changes: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        small_scenario(changes)
    assert told in str(error.value)
    assert "changes.yaml:1:" in str(error.value)
    assert len(error.value.problems) == 1


# --------------------------------------------------------------- leads that count from the announcement


def late(**more: float | str) -> dict[str, dict[str, float | str]]:
    return {"kept": {"on_time_probability": 0.0, "median_growth": 2.0, "sigma": 0.5, **more}}


def spoken(announced: str, planned: str) -> dict[str, object]:
    return mission(None, announcements=[{"announced": announced, "planned": planned, "by": "agency"}])


def growing(scenario: Scenario, name: str = "a"):  # type: ignore[no-untyped-def]
    from sim.scenario.compile.manifest import manifest

    entry: Entry = next(entry for entry in manifest(scenario)[0] if entry.id == name)
    return growing_lead(scenario, entry, scenario.slip_classes["kept"])


def drawn(campaign) -> np.ndarray:  # type: ignore[no-untyped-def]
    return np.array([Variates(campaign, Luck(3, n, 1)).hand(n).slip_days[0] for n in range(400)])


def test_the_lead_counts_from_the_announcement_and_what_is_over_is_cut_off() -> None:
    entry = spoken("2028-01-01", "2030-12-31")
    campaign = campaign_of({"a": entry}, slip_classes=late(lead_from="announcement"))
    table = campaign.slips
    whole = float((date(2030, 12, 31) - date(2028, 1, 1)).days)
    left = float((date(2030, 12, 31) - date(2030, 1, 1)).days)
    assert table.growing_days[0] == whole
    assert table.ln_least_growth[0] == pytest.approx(math.log(1 - left / whole))
    assert table.overdue_days[0] == 0
    assert (left + drawn(campaign) > -1e-6).all()  # none is ready before the data date


def test_a_plan_that_is_overdue_has_not_flown_yet() -> None:
    entry = spoken("2026-01-01", "2028-01-01")
    campaign = campaign_of({"a": entry}, slip_classes=late(lead_from="announcement"))
    assert campaign.slips.overdue_days[0] == 731.0
    assert campaign.slips.on_time_probability[0] == 0
    slips = drawn(campaign)
    assert (slips > -1e-6).all()
    # from 2 years with median growth 2, given more than 2 years late: simulated against the closed form
    z = math.log(1 + 731 / 730) - math.log(2.0)
    above = 0.5 * math.erfc(z / 0.5 / math.sqrt(2))
    later = 0.5 * math.erfc((math.log(1 + (731 + 365) / 730) - math.log(2.0)) / 0.5 / math.sqrt(2))
    share = later / above
    error = math.sqrt(share * (1 - share) / 400)
    assert (slips > 365).mean() == pytest.approx(share, abs=3 * error)


def test_a_floor_lets_a_near_launch_slip() -> None:
    near = {"a": mission(10)}
    assert campaign_of(near, slip_classes=late(lead_floor_years=0.5)).slips.growing_days[0] == 0.5 * 365.25
    assert campaign_of(near, slip_classes=late()).slips.growing_days[0] == 10


def test_a_mission_can_say_how_far_ahead_it_is_planned() -> None:
    entry = mission(100, lead_days={"uniform": {"low": 50.0, "high": 150.0}})
    campaign = campaign_of({"a": entry})
    values = [
        Variates(campaign, Luck(3, n, 1)).hand(n).values[campaign.missions[0].lead] for n in range(50)
    ]
    assert 50 <= min(values) < 80
    assert 120 < max(values) <= 150
