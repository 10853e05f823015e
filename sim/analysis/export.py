"""Results for other tools: tidy tables, NetCDF and Zarr, and the pair that EMA workbench reads."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from sim.analysis.saved import SavedScenario
from sim.analysis.tables import timestamp
from sim.batch.store import ResultsError

if TYPE_CHECKING:
    import xarray as xr

FORMATS = ("csv", "parquet", "netcdf", "zarr")
_COLUMNS = ["scenario", "replication", "kind", "id", "date"]


def tidy(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """One row for each milestone and each mission's last launch in each completed replication.

    Columns: ``scenario``, ``replication``, ``kind`` (``milestone`` or ``launch``), ``id``, ``date`` (NaT:
    not by the horizon).
    """
    parts = [
        _long(saved, kind, saved.ids(table), saved.dates(name))
        for saved in scenarios
        for kind, table, name in (
            ("milestone", "milestones", "milestone_day"),
            ("launch", "missions", "launch_day"),
        )
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)


def _long(saved: SavedScenario, kind: str, ids: list[str], days: Any) -> pd.DataFrame:
    replications = np.flatnonzero(saved.completed)
    dates = [timestamp(day) for day in np.asarray(days).ravel()]
    return pd.DataFrame(
        {
            "scenario": saved.name,
            "replication": np.repeat(replications, len(ids)),
            "kind": kind,
            "id": np.tile(ids, len(replications)),
            "date": pd.to_datetime(pd.Series(dates)),
        }
    )


def ema_pair(scenarios: Sequence[SavedScenario]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Give the ``(experiments, outcomes)`` pair of EMA workbench: a row and a value for each replication.

    Experiments hold scenario, replication, and every number of the scenarios that differs between them.
    Outcomes are years of milestones; what is not reached by the horizon is nan.
    """
    settings = {saved.name: _numbers(saved.meta["effective"]) for saved in scenarios}
    keys = sorted({key for numbers in settings.values() for key in numbers})
    varied = [key for key in keys if len({numbers.get(key) for numbers in settings.values()}) > 1]
    experiments, years = [], []
    milestones = list(dict.fromkeys(name for saved in scenarios for name in saved.ids("milestones")))
    for saved in scenarios:
        count = int(saved.completed.sum())
        own = {key: settings[saved.name].get(key, np.nan) for key in varied}
        about = {"scenario": saved.name, "replication": np.flatnonzero(saved.completed), **own}
        experiments.append(pd.DataFrame(about, index=range(count)))
        dates = pd.DataFrame(saved.dates("milestone_day"), columns=saved.ids("milestones"))
        years.append(dates.reindex(columns=milestones))
    table = pd.concat(years, ignore_index=True).replace([np.inf, -np.inf], np.nan)
    outcomes = {name: 1970 + table[name].to_numpy(dtype=float) / 365.25 for name in milestones}
    return pd.concat(experiments, ignore_index=True), outcomes


def _numbers(data: Any, path: str = "") -> dict[str, float]:
    """The numbers of a scenario under their dotted keys."""
    if isinstance(data, dict):
        found: dict[str, float] = {}
        for key, value in data.items():
            found |= _numbers(value, f"{path}.{key}" if path else str(key))
        return found
    return {path: float(data)} if isinstance(data, (int, float)) else {}


def write(
    scenarios: Sequence[SavedScenario], dataset: xr.Dataset | None, path: str | Path, how: str | None
) -> Path:
    """Write results in a format of other tools; see `Results.export`.

    Raises:
        ResultsError: the format is unknown, or the package that writes it is not installed.
    """
    path = Path(path)
    chosen = how or {".csv": "csv", ".parquet": "parquet", ".nc": "netcdf", ".zarr": "zarr"}.get(
        path.suffix
    )
    if chosen not in FORMATS:
        raise ResultsError(
            f"{path}: name one of the formats {', '.join(FORMATS)}, or end in .csv, .parquet, .nc, .zarr"
        )
    if (package := _PACKAGES[chosen]) and find_spec(package) is None:
        raise ResultsError(f"{chosen} is written by another package; pip install {package}, or choose .csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if chosen == "csv":
            tidy(scenarios).to_csv(path, index=False)
        elif chosen == "parquet":
            tidy(scenarios).to_parquet(path, index=False)
        elif chosen == "netcdf":
            _writable(dataset).to_netcdf(path, engine=_netcdf_engine())
        else:
            _writable(dataset).to_zarr(path, mode="w", zarr_format=2)
    except ImportError as error:
        raise ResultsError(f"cannot write {chosen}: {error}; pip install {_PACKAGES[chosen]}") from None
    return path


def _netcdf_engine() -> Literal["netcdf4", "h5netcdf", "scipy"]:
    """Choose NetCDF 4 where a package writes it, else NetCDF 3, which SciPy writes."""
    if find_spec("netCDF4"):
        return "netcdf4"
    return "h5netcdf" if find_spec("h5netcdf") and find_spec("h5py") else "scipy"


_PACKAGES = {"csv": "", "parquet": "pyarrow", "netcdf": "", "zarr": "zarr"}


def _writable(dataset: xr.Dataset | None) -> xr.Dataset:
    """Load a dataset, its lists of meanings as texts, which every format can hold."""
    assert dataset is not None
    empty = [str(name) for name, size in dataset.sizes.items() if size == 0]
    dataset = dataset.drop_dims(empty).load()
    # A slash means a group in NetCDF 4 and Zarr.
    dataset = dataset.rename(
        {name: name.replace("/", "_per_") for name in map(str, dataset) if "/" in name}
    )
    for variable in dataset.variables.values():
        attributes = variable.attrs.items()
        lists = {key: " ".join(map(str, value)) for key, value in attributes if isinstance(value, list)}
        variable.attrs = {**variable.attrs, **lists}
    return dataset
