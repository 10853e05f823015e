"""The register of assumptions: numbers changed one at a time, against what is known by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim import study
from sim.cli import main
from sim.study.register import scaled
from tests.small import write_scenario

LATE = """
missions:
  lander-1: {lead_days: 1000}
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path)


def test_x() -> None:
    assert scaled("x", 2) is None and json and CliRunner and main and study
