"""Results for other tools, and executors of the caller's."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import sim
from tests.small import BROKEN

GOOD = BROKEN / "good.yaml"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    late = sim.scenario(GOOD).with_changes({"delays.lander-1.months": 30}, name="late")
    folder = tmp_path_factory.mktemp("export")
    return sim.run([GOOD, late], n=6, workers=1, out=folder, progress=False)


def test_tidy_rows(results: sim.Results, tmp_path: Path) -> None:
    table = pd.read_csv(results.export(tmp_path / "x.csv"), parse_dates=["date"])
    assert list(table.columns) == ["scenario", "replication", "kind", "id", "date"]
    assert len(table) == 2 * 6 * (2 + 4)
    first = table[(table["id"] == "relay-1") & (table["replication"] == 3)]["date"].iloc[0]
    stored = results.dataset["launch_date"].sel(scenario="good", replication=3, mission="relay-1").values
    assert abs(first - pd.Timestamp(stored)) < pd.Timedelta("1s")


def test_netcdf(results: sim.Results, tmp_path: Path) -> None:
    path = results.export(tmp_path / "x.nc")
    with xr.open_dataset(path) as again:
        assert list(again["scenario"].values) == ["good", "late"]
        np.testing.assert_array_equal(again["attempts"].values, results.dataset["attempts"].values)


@pytest.mark.parametrize(("name", "package"), [("x.parquet", "pyarrow"), ("x.zarr", "zarr")])
def test_a_missing_package_is_named(results: sim.Results, tmp_path: Path, name: str, package: str) -> None:
    try:
        __import__(package)
    except ImportError:
        with pytest.raises(sim.ResultsError, match=f"pip install {package}"):
            results.export(tmp_path / name)
    else:
        assert results.export(tmp_path / name).exists()


def test_an_unknown_format_is_told(results: sim.Results, tmp_path: Path) -> None:
    with pytest.raises(sim.ResultsError, match="name one of the formats csv, parquet, netcdf, zarr"):
        results.export(tmp_path / "x.xyz")


def test_the_pair_of_ema_workbench(results: sim.Results) -> None:
    experiments, outcomes = results.to_ema()
    assert len(experiments) == 12
    assert "delays.lander-1.months.fixed" in experiments
    assert set(outcomes) == {"power", "first-crew"}
    assert all(values.shape == (12,) for values in outcomes.values())


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_any_executor_gives_the_same_results(results: sim.Results, tmp_path: Path, kind: str) -> None:
    make = {
        "threads": lambda: ThreadPoolExecutor(2),
        "processes": lambda: ProcessPoolExecutor(1, get_context("spawn")),
    }
    with make[kind]() as executor:
        other = sim.run(GOOD, n=6, out=tmp_path, executor=executor, progress=False)
    assert other.digest() == results["good"].digest()


def test_what_is_defined_in_a_cell_runs_on_many_workers(tmp_path: Path) -> None:
    """A notebook has no file that workers could import; neither has a command line."""
    code = (
        "import sim\n"
        f"draft = sim.scenario({str(GOOD)!r}).with_changes({{'delays.lander-1.months': 3}})\n"
        f"print(sim.run(draft, n=120, workers=2, out={str(tmp_path)!r}, progress=False).scenarios)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['good-changed']"
