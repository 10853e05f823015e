"""Fixtures that several files of tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.analysis.results import Results
from sim.report.pictures import Picture
from tests.small import BROKEN

SCENARIOS = ["baseline", "luna-27-fails", "late-reactor", "as-announced"]
N = 12


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the small scenario in it."""
    (tmp_path / "good.yaml").write_bytes((BROKEN / "good.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the drawing, which takes most of the time; other tests look at the pictures."""
    monkeypatch.setattr(Picture, "png", b"")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache for the light of sites that holds nothing yet."""
    monkeypatch.setenv("ILRS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Few replications of four shipped scenarios."""
    folder = tmp_path_factory.mktemp("plots")
    return sim.run(SCENARIOS, n=N, out=folder, workers=1, progress=False)


@pytest.fixture(scope="session")
def dates_batch(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A batch without the series of months."""
    folder = tmp_path_factory.mktemp("dates")
    return sim.run("baseline", n=2, out=folder, workers=1, progress=False, record="dates")
