"""A chunk: some consecutive replications of one scenario, computed together and stored as one file."""

from __future__ import annotations

import io
import json
import traceback
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.replicate import Outcome, replicate
from sim.model.series import series_names
from sim.model.variates import Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign
from sim.terms import LOAD_CLASSES

Arrays = dict[str, NDArray[Any]]

_SPAN_COLUMNS = {
    "attempt": "i1", "cause": "i1", "start": "f8", "end": "f8", "by": "i2", "since": "f8", "what": "i2"
}  # fmt: skip
_PATH_COLUMNS = {"mission": "i2", "cause": "i1", "start": "f8", "end": "f8"}


@dataclass(frozen=True)
class Task:
    """What one worker is asked to do: replications `start` up to, not including, `stop`."""

    scenario: int
    start: int
    stop: int


@dataclass(frozen=True)
class Chunk:
    """What came of a task, ready to be written.

    Attributes:
        payload: the arrays, as the bytes of an ``.npz`` file.
        failed: how many replications raised an error.
    """

    task: Task
    payload: bytes
    digest: str
    failed: int


def compute_chunk(campaign: Campaign, luck: Luck, task: Task, record: Record) -> Chunk:
    """Run the replications of a task. One that raises becomes a record; the others go on."""
    variates = Variates(campaign, luck)
    outcomes: list[Outcome | None] = []
    failures: list[dict[str, Any]] = []
    for replication in range(task.start, task.stop):
        try:
            outcomes.append(replicate(campaign, variates.hand(replication), record))
        except Exception as error:
            outcomes.append(None)
            failures.append(
                {
                    "scenario": campaign.name,
                    "replication": replication,
                    "error": f"{type(error).__name__}: {error}",
                    "traceback": traceback.format_exc(),
                }
            )
    arrays = stack(campaign, outcomes, record)
    arrays["failures"] = np.frombuffer(json.dumps(failures).encode(), dtype=np.uint8)
    payload = pack(arrays)
    return Chunk(task, payload, sha256(payload).hexdigest(), len(failures))


def stack(campaign: Campaign, outcomes: list[Outcome | None], record: Record) -> Arrays:
    """Put outcomes over one another; a failed replication is a row of nothing."""
    fields: dict[str, tuple[tuple[int, ...], str, float]] = {
        "status": ((len(campaign.missions),), "i1", -1),
        "attempts": ((len(campaign.missions),), "i1", 0),
        "launch_day": ((len(campaign.missions),), "f8", np.nan),
        "arrival_day": ((len(campaign.missions),), "f8", np.nan),
        "end_day": ((len(campaign.missions),), "f8", np.nan),
        "milestone_day": ((len(campaign.milestones),), "f8", np.nan),
        "phase_day": ((sum(len(track.phases) for track in campaign.tracks),), "f8", np.nan),
        "crews_lost": ((len(campaign.missions),), "i1", 0),
        "crew_days": ((), "f8", np.nan),
        "stay_end": ((len(campaign.missions),), "i1", 0),
        "stay_days": ((len(campaign.missions),), "f4", np.nan),
        "dose_msv": ((len(campaign.missions),), "f4", np.nan),
        "energy_kwh": ((6,), "f8", np.nan),
        "shortfalls": ((len(LOAD_CLASSES),), "i4", 0),
        "longest_shortfall_h": ((len(LOAD_CLASSES),), "f8", np.nan),
        "produced": ((len(campaign.station.commodities),), "f8", np.nan),
        "gate_part_day": ((len(campaign.gate_parts),), "f8", np.nan),
        "unit_start": ((campaign.first_units[-1],), "f4", np.nan),
        "unit_end": ((campaign.first_units[-1],), "f4", np.nan),
        "unit_fate": ((campaign.first_units[-1],), "i1", 0),
        "alone_from": ((), "f8", np.nan),
        "function_lost_day": ((len(campaign.station.functions),), "f8", np.nan),
        "events": ((), "i4", 0),
    }
    if record.series:
        months = len(campaign.months)
        fields["series"] = ((len(series_names(campaign)), months), "f4", np.nan)
        fields["phases"] = ((len(campaign.tracks), months), "i1", -1)
    arrays: Arrays = {}
    for name, (shape, kind, nothing) in fields.items():
        arrays[name] = np.full((len(outcomes), *shape), nothing, dtype=kind)
        for row, outcome in enumerate(outcomes):
            if outcome is not None:
                arrays[name][row] = _field(outcome, name)
    arrays["completed"] = np.array([outcome is not None for outcome in outcomes])
    if record.spans:
        arrays |= _ragged("span", outcomes, _SPAN_COLUMNS)
    if record.explains:
        arrays |= _ragged("path", outcomes, _PATH_COLUMNS)
    return arrays


def _field(outcome: Outcome, name: str) -> Any:
    value = getattr(outcome, name)
    return np.concatenate([*value, []]) if name == "phase_day" else value


def pack(arrays: Arrays) -> bytes:
    """Write arrays as the bytes of a compressed ``.npz`` file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _ragged(kind: str, outcomes: list[Outcome | None], columns: dict[str, str]) -> Arrays:
    """Columns of all spans or path pieces, each with its replication and its owner in the chunk."""
    rows: list[tuple[float, ...]] = []
    for row, outcome in enumerate(outcomes):
        lists = [] if outcome is None else getattr(outcome, f"{kind}s")
        rows += [(row, owner, *item) for owner, items in enumerate(lists) for item in items]
    table = np.array(rows, dtype=float).reshape(len(rows), len(columns) + 2)
    names = {"replication": "i4", "owner": "i2", **columns}
    return {
        f"{kind}_{name}": table[:, number].astype(dtype)
        for number, (name, dtype) in enumerate(names.items())
    }
