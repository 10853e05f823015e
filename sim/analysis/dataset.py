"""All saved replications as one xarray Dataset, lazily: nothing is read before it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import dask.array as da
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.analysis.saved import SavedScenario, nothing_in

BLOCK = 1000
DATE_UNITS = "days since 1970-01-01"

_DATES = {
    "launch_date": ("launch_day", "mission", "last attempt's first lift-off"),
    "arrival_date": ("arrival_day", "mission", "landing, or arrival in orbit"),
    "end_date": ("end_day", "mission", "accomplished, lost or cancelled"),
    "milestone_date": ("milestone_day", "milestone", "date reached; NaT for not by the horizon"),
    "phase_date": ("phase_day", "phase", "date of first entry; NaT for not by the horizon"),
    "gate_part_date": ("gate_part_day", "gate_part", "first day on which it held; NaT for never"),
    "element_start": ("unit_start", "element", "commissioning; NaT for never"),
    "element_end": ("unit_end", "element", "gone for good; NaT for not by the horizon"),
    "alone_from": ("alone_from", None, "the silence, or the last delivery"),
}
_PLAIN = {
    "status": ("status", "mission", "how the mission ended, see attrs['meanings']", ""),
    "attempts": ("attempts", "mission", "attempts that were launched", ""),
    "crew_days": ("crew_days", None, "person-days at the station", "d"),
    "stay_end": ("stay_end", "mission", "why its stay ended, see attrs['meanings']", ""),
    "stay_days": ("stay_days", "mission", "length of its stay", "d"),
    "dose": ("dose_msv", "mission", "what each of its crew took up", "mSv"),
    "energy": ("energy_kwh", "energy_part", "generated = served + stored + lost + curtailed", "kWh"),
    "shortfalls": ("shortfalls", "load_class", "how often the power was short", ""),
    "longest_shortfall": ("longest_shortfall_h", "load_class", "longest time with too little power", "h"),
    "produced": ("produced", "commodity", "made at the station, in units of the commodity", ""),
    "element_fate": ("unit_fate", "element", "what became of it, see attrs['meanings']", ""),
    "function_lost_day": (
        "function_lost_day", "function",
        "first day without it from alone_from on, since the data date; -inf: missing then", "d",
    ),
    "completed": ("completed", None, "False for a replication that is missing or failed", ""),
}  # fmt: skip
_MEANINGS = {"status": "statuses", "stay_end": "stay_ends", "element_fate": "fates"}


_TYPES = {
    "status": "i1", "attempts": "i1", "phases": "i1", "completed": "?", "series": "f4", "stay_end": "i1",
    "stay_days": "f4", "dose_msv": "f4", "shortfalls": "i4", "unit_fate": "i1",
}  # fmt: skip


def open_dataset(scenarios: Sequence[SavedScenario], record: str) -> xr.Dataset:
    """Lay the scenarios over one another.

    Dimensions are scenario, replication, mission, milestone, phase, track and month, and of the station
    element, gate_part, function, commodity, load_class and energy_part; what a scenario does not have is
    nan, NaT or -1.
    """
    tables = {dim: union(own(saved) for saved in scenarios) for dim, own in _IDS.items()}
    coordinates: dict[str, Any] = {
        "scenario": [saved.name for saved in scenarios],
        "replication": np.arange(max((s.replications for s in scenarios), default=0)),
        **tables,
    }
    variables: dict[str, Any] = {}
    for name, (stored, dim, meaning) in _DATES.items():
        data = _laid_out(scenarios, stored, dim, tables, with_origin=True)
        variables[name] = (_dims(dim), data, {"units": DATE_UNITS, "long_name": meaning})
    for name, (stored, dim, meaning, unit) in _PLAIN.items():
        data = _laid_out(scenarios, stored, dim, tables)
        variables[name] = (_dims(dim), data, _attributes(meaning, unit))
    if record != "dates":
        coordinates["month"] = np.array(
            union(saved.meta["months"] for saved in scenarios), dtype="datetime64[ns]"
        )
        variables |= _monthly(scenarios, sorted(union(s.meta["months"] for s in scenarios)))
        coordinates["month"].sort()
        coordinates["track"] = union(saved.ids("tracks") for saved in scenarios)
    dataset = xr.Dataset(variables, coordinates)
    for name, table in _MEANINGS.items():
        dataset[name].attrs["meanings"] = scenarios[0].meta[table] if scenarios else []
    return xr.decode_cf(dataset)


def union(lists: Iterable[Iterable[str]]) -> list[str]:
    """Join lists of ids, each id once, in the order of first appearance."""
    return list(dict.fromkeys(item for items in lists for item in items))


def phase_ids(saved: SavedScenario) -> list[str]:
    """Name the phases of all tracks as ``track/phase``."""
    return [f"{track['id']}/{phase}" for track in saved.meta["tracks"] for phase in track["phases"]]


def element_ids(saved: SavedScenario) -> list[str]:
    """Name the elements of all missions as ``mission/kind/number``."""
    return _numbered(f"{unit['mission']}/{unit['element']}" for unit in saved.meta["elements"])


def gate_part_ids(saved: SavedScenario) -> list[str]:
    """Name the conditions of all gates as ``gate/number``."""
    return _numbered(part["gate"] for part in saved.meta["gate_parts"])


_IDS: dict[str, Callable[[SavedScenario], list[str]]] = {
    "mission": lambda saved: saved.ids("missions"),
    "milestone": lambda saved: saved.ids("milestones"),
    "phase": phase_ids,
    "element": element_ids,
    "gate_part": gate_part_ids,
    "function": lambda saved: saved.ids("functions"),
    "commodity": lambda saved: saved.ids("commodities"),
    "load_class": lambda saved: list(saved.meta["load_classes"]),
    "energy_part": lambda saved: list(saved.meta["energy"]),
}
"""The dimensions that have labels, with the labels of a scenario."""


def _numbered(names: Iterable[str]) -> list[str]:
    """Number equal names from 1 on.

    >>> _numbered(["a", "b", "a"])
    ['a/1', 'b/1', 'a/2']
    """
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name}/{seen[name]}")
    return numbered


def _dims(dim: str | None) -> tuple[str, ...]:
    return ("scenario", "replication", *([dim] if dim else []))


def _attributes(meaning: str, unit: str) -> dict[str, str]:
    return {"long_name": meaning} | ({"units": unit} if unit else {})


def _laid_out(
    scenarios: Sequence[SavedScenario],
    stored: str,
    dim: str | None,
    tables: dict[str, list[str]],
    with_origin: bool = False,
) -> da.Array:
    own = [_IDS[dim](saved) if dim else [] for saved in scenarios]
    return _stacked(scenarios, stored, own, tables[dim] if dim else None, with_origin)


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
        whole = np.full((stop - start, *width), nothing_in(stored, values.dtype), values.dtype)
        whole[:, columns[block_id[0]]] = values
        return whole[None]

    return _from_blocks(read, ((1,) * len(scenarios), blocks, *((w,) for w in width)), stored)


def _from_blocks(
    read: Callable[..., NDArray[Any]], chunks: tuple[tuple[int, ...], ...], stored: str
) -> da.Array:
    dtype = np.dtype(_TYPES.get(stored, "f8"))
    meta = np.empty((0,) * len(chunks), dtype)
    array: da.Array = da.map_blocks(read, chunks=chunks, dtype=dtype, meta=meta)  # type: ignore[no-untyped-call]
    return array
