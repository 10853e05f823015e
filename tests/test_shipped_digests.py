"""The results of every shipped scenario are the same, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from tests.shipped_digests import FILE, digests

KEPT: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
HOW = "if this was meant: python -m tests.shipped_digests, and a line in CHANGELOG.md"


@pytest.mark.parametrize("name", sim.shipped_scenarios())
def test_results_of_a_shipped_scenario_are_the_same_byte_for_byte(name: str, tmp_path: Path) -> None:
    found = digests([name], tmp_path)
    assert found == {member: KEPT.get(member) for member in found}, HOW


def test_every_kept_digest_belongs_to_a_shipped_scenario() -> None:
    names = set(sim.shipped_scenarios())
    assert {key.split("[")[0] for key in KEPT} == names
