"""The register of assumptions: numbers changed one at a time, against what is known by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim import studies
from sim.cli import main
from sim.nature.calendar import DAYS_PER_MONTH
from sim.studies.register import scaled
from tests.small import BROKEN

SURE = """
extends: good
title: Sure
idealise: [slips, launch-failures, scrubs, cancellations]
delays: {relay-1: {months: 10}}
pads: {south: {turnaround_days: 31}}
gates: {relays: {all: [{elements: {role: relay, count: 2}}, {mission: relay-1, for_days: 100}]}}
milestones: {relay: {title: Relay, when: {mission: relay-1}}, held: {title: Held, when: {gate: relays}}}
"""


@pytest.fixture
def sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text((BROKEN / "good.yaml").read_text())
    path = tmp_path / "sure.yaml"
    path.write_text(SURE)
    return path


def test_a_delay_moves_the_date_by_itself_and_a_journey_by_its_days(sure: Path) -> None:
    """Ten months, a fifth less and more; five days of transit, one less and more."""
    delays = studies.assumption_register(sure, 2, only="delays", workers=1, progress=False)
    row = delays.strongest("relay").iloc[0]
    assert row["parameter"] == "delays.relay-1.months"
    assert (row["smaller"], row["larger"]) == (pytest.approx(-2), pytest.approx(2))
    assert (row["smaller_se"], row["larger_se"]) == (pytest.approx(0, abs=1e-9),) * 2
    transit = studies.assumption_register(sure, 2, only="destinations.orbit", workers=1, progress=False)
    row = transit.strongest("relay").iloc[0]
    assert row["larger"] == pytest.approx(1 / DAYS_PER_MONTH)
    assert row["smaller_at"] == "4"


def test_what_cannot_matter_has_no_effect(sure: Path) -> None:
    found = studies.assumption_register(sure, 2, only="pads.south", workers=1, progress=False)
    table = found.table()
    assert set(table["parameter"]) == {"pads.south.turnaround_days"}
    assert set(table["end"]) == {"smaller", "larger"}
    assert (table.loc[table["milestone"] == "relay", "months"] == 0).all()


def test_numbers_of_a_gate_are_tried_one_by_one_and_what_is_not_allowed_is_named(sure: Path) -> None:
    found = studies.assumption_register(sure, 2, only="gates.relays", workers=1, progress=False)
    names = {trial.assumption.parameter for trial in found.trials}
    assert names == {"gates.relays.all[0].elements.count", "gates.relays.all[1].for_days"}
    assert all(trial.assumption.value in (2, 100) for trial in found.trials)
    prior = studies.assumption_register(sure, 2, only="vehicles.carrier.prior.b", workers=1, progress=False)
    assert prior.untried == (("vehicles.carrier.prior.b=0", "must be above 0, not 0"),)
    assert [trial.at for trial in prior.trials] == ["2"]


def test_a_key_without_a_number_is_told(sure: Path) -> None:
    with pytest.raises(ValueError, match="no number under `nowhere`; `ilrs assumptions` lists them"):
        studies.assumption_register(sure, 2, only="nowhere", progress=False)


@pytest.mark.parametrize(
    ("value", "smaller", "larger"),
    [
        (10, 8, 12), (1, 0, 2), (0, None, None), (2.5, 2.0, 3.0), (0.9, 0.72, 1.0), (True, None, None),
        ("2030-01-01", None, None), ({"reference_class": "china"}, None, None),
        ({"lognormal": {"median": 100, "sigma": 0.5}}, {"lognormal": {"median": 80, "sigma": 0.5}},
         {"lognormal": {"median": 120, "sigma": 0.5}}),
    ],
)  # fmt: skip
def test_numbers_and_distributions_are_scaled(value: object, smaller: object, larger: object) -> None:
    assert scaled(value, 0.8) == smaller
    assert scaled(value, 1.2) == larger


def test_the_verb_ranks_what_moves_a_milestone(sure: Path) -> None:
    def ilrs(*arguments: str) -> str:
        asked = ["assumptions", "sure.yaml", "-n", "2", *arguments]
        return CliRunner().invoke(main, asked, env={"COLUMNS": "120"}, catch_exceptions=False).output

    text = ilrs("--only", "delays", "--effects", "relay")
    assert "Relay: what 20 percent less or more of a number does" in text
    assert "-2.0" in text
    assert "0 change nothing" in " ".join(text.split())
    rows = json.loads(ilrs("--only", "delays", "--effects", "relay", "--json"))
    assert rows[0]["larger"] == pytest.approx(2)
    assert "there is no milestone `relais`; there are" in ilrs("--only", "delays", "--effects", "relais")
