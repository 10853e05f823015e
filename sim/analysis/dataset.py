"""All saved replications as one xarray Dataset, lazily: nothing is read before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import dask.array as da
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.saved import NOTHING, SavedScenario

BLOCK = 1000
DATE_UNITS = "days since 1970-01-01"

_DATES = {
    "launch_date": ("launch_day", "mission", "last attempt's first lift-off"),
    "arrival_date": ("arrival_day", "mission", "landing, or arrival in orbit"),
    "end_date": ("end_day", "mission", "accomplished, lost or cancelled"),
    "milestone_date": ("milestone_day", "milestone", "date reached; NaT for not by the horizon"),
    "phase_date": ("phase_day", "phase", "date of first entry; NaT for not by the horizon"),
}
_PLAIN = {
    "status": ("mission", "how the mission ended, see attrs['meanings']"),
    "attempts": ("mission", "attempts that were launched"),
    "crew_days": (None, "person-days at the station"),
    "completed": (None, "False for a replication that is missing or failed"),
}


def open_dataset(scenarios: Sequence[SavedScenario], record: str) -> xr.Dataset:
    """Lay the scenarios over one another.

    Dimensions are scenario, replication, mission, milestone, phase, track and month; what a scenario does
    not have is nan, NaT or -1.
    """
    tables = {
        "mission": union(saved.ids("missions") for saved in scenarios),
        "milestone": union(saved.ids("milestones") for saved in scenarios),
        "phase": union(phase_ids(saved) for saved in scenarios),
    }
    coordinates: dict[str, Any] = {
        "scenario": [saved.name for saved in scenarios],
        "replication": np.arange(max((s.replications for s in scenarios), default=0)),
        **tables,
    }
    variables: dict[str, Any] = {}
    for name, (stored, dim, meaning) in _DATES.items():
        own = [_own_ids(saved, dim) for saved in scenarios]
        attributes = {"units": DATE_UNITS, "long_name": meaning}
        data = _stacked(scenarios, stored, own, tables[dim], with_origin=True)
        variables[name] = (("scenario", "replication", dim), data, attributes)
    for name, (plain_dim, meaning) in _PLAIN.items():
        own = [_own_ids(saved, plain_dim) if plain_dim else [] for saved in scenarios]
        data = _stacked(scenarios, name, own, tables[plain_dim] if plain_dim else None)
        dims = ("scenario", "replication", *([plain_dim] if plain_dim else []))
        variables[name] = (dims, data, {"long_name": meaning})
    if record != "dates":
        coordinates["month"] = np.array(
            union(saved.meta["months"] for saved in scenarios), dtype="datetime64[ns]"
        )
        variables |= _monthly(scenarios, sorted(union(s.meta["months"] for s in scenarios)))
        coordinates["month"].sort()
        coordinates["track"] = union(saved.ids("tracks") for saved in scenarios)
    dataset = xr.Dataset(variables, coordinates)
    dataset["status"].attrs["meanings"] = scenarios[0].meta["statuses"] if scenarios else []
    return xr.decode_cf(dataset)


def union(lists: Iterable[Iterable[str]]) -> list[str]:
    """Join lists of ids, each id once, in the order of first appearance."""
    return list(dict.fromkeys(item for items in lists for item in items))


def phase_ids(saved: SavedScenario) -> list[str]:
    """Name the phases of all tracks as ``track/phase``."""
    return [f"{track['id']}/{phase}" for track in saved.meta["tracks"] for phase in track["phases"]]


def _own_ids(saved: SavedScenario, dim: str) -> list[str]:
    return phase_ids(saved) if dim == "phase" else saved.ids(f"{dim}s")


def _monthly(scenarios: Sequence[SavedScenario], months: list[str]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    own = [saved.meta["months"] for saved in scenarios]
    names = union(saved.meta["series"] for saved in scenarios)
    for name in names:
        rows = [saved.meta["series"].index(name) for saved in scenarios]
        data = _stacked(scenarios, "series", own, months, pick=rows)
        attributes = {"units": name.rpartition("_")[2], "long_name": "mean over the month"}
        variables[name] = (("scenario", "replication", "month"), data, attributes)
    for number, track in enumerate(union(saved.ids("tracks") for saved in scenarios)):
        rows = [saved.ids("tracks").index(track) for saved in scenarios]
        data = _stacked(scenarios, "phases", own, months, pick=rows)
        titles = scenarios[0].meta["tracks"][number]["phases"]
        attributes = {"meanings": titles, "long_name": "phase at the end of the month"}
        variables[f"{track}_phase"] = (("scenario", "replication", "month"), data, attributes)
    return variables


def _stacked(
    scenarios: Sequence[SavedScenario],
    stored: str,
    own: Sequence[Sequence[str]],
    table: Sequence[str] | None,
    with_origin: bool = False,
    pick: Sequence[int] | None = None,
) -> da.Array:
    """A lazy array over scenarios and replications whose blocks are read from the chunks."""
    count = max((saved.replications for saved in scenarios), default=0)
    positions = {item: number for number, item in enumerate(table or ())}
    width = () if table is None else (len(table),)
    columns = [[positions[item] for item in ids] if table is not None else [] for ids in own]
    blocks = tuple(min(BLOCK, count - start) for start in range(0, count, BLOCK)) or (0,)

    def read(block_id: tuple[int, ...] = ()) -> NDArray[Any]:
        saved, start = scenarios[block_id[0]], block_id[1] * BLOCK
        stop = min(start + BLOCK, count)
        values = saved.read(stored, start, stop)
        if pick is not None:
            values = values[:, pick[block_id[0]]]
        values = values + saved.origin if with_origin else values
        if table is None:
            return values[None]
        whole = np.full((stop - start, *width), NOTHING.get(stored, np.nan), values.dtype)
        whole[:, columns[block_id[0]]] = values
        return whole[None]

    return _from_blocks(read, ((1,) * len(scenarios), blocks, *((w,) for w in width)), stored)


def _from_blocks(
    read: Callable[..., NDArray[Any]], chunks: tuple[tuple[int, ...], ...], stored: str
) -> da.Array:
    kinds = {"status": "i1", "attempts": "i1", "phases": "i1", "completed": "?", "series": "f4"}
    dtype = np.dtype(kinds.get(stored, "f8"))
    meta = np.empty((0,) * len(chunks), dtype)
    array: da.Array = da.map_blocks(read, chunks=chunks, dtype=dtype, meta=meta)  # type: ignore[no-untyped-call]
    return array
