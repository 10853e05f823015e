"""Saved replications of one scenario as arrays: read chunk by chunk, never all at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch.sampling import Sampling
from sim.batch.store import ChunkFile, StoredScenario, opened_chunk
from sim.nature.calendar import EPOCH

Floats = NDArray[np.float64]

PLAIN = Sampling()
MAX_BYTES_AT_ONCE = 64_000_000

NOTHING: dict[str, float] = {
    "status": -1, "attempts": 0, "phases": -1, "events": 0, "completed": 0, "stay_end": 0, "shortfalls": 0,
    "unit_fate": 0, "crews_lost": 0,
}  # fmt: skip

_TABLES: dict[str, str | None] = {
    "milestone_day": "milestones", "phase_day": "", "crew_days": None, "completed": None,
    "alone_from": None, "shortfalls": "load_classes", "longest_shortfall_h": "load_classes",
    "produced": "commodities", "gate_part_day": "gate_parts", "unit_start": "elements",
    "unit_end": "elements",
    "unit_fate": "elements", "function_lost_day": "functions", "energy_kwh": "energy",
}  # fmt: skip
"""The table of the description that names the columns of an array; None: it has only one."""


def nothing_in(name: str, dtype: Any) -> float:
    """What stands in an array for a replication that is not there: nan, in whole numbers 0 unless said."""
    return NOTHING.get(name, np.nan if np.issubdtype(dtype, np.floating) else 0)


class SavedScenario:
    """The saved replications of one scenario.

    Attributes:
        meta: what the columns mean.
        chunks: the files, by replication.
        sampling: how the replications got their luck.
    """

    def __init__(self, stored: StoredScenario, sampling: Sampling = PLAIN) -> None:
        self.sampling = sampling
        self.meta = stored.meta
        self.name = stored.name
        self.title: str = stored.meta["title"]
        self.chunks: list[ChunkFile] = stored.chunks()

    @property
    def replications(self) -> int:
        """One more than the last replication that is there."""
        return max((chunk.stop for chunk in self.chunks), default=0)

    @cached_property
    def data_date(self) -> date:
        """Day from which the replication's days count."""
        return date.fromisoformat(self.meta["data_date"])

    @property
    def origin(self) -> float:
        """The data date in days since 1970-01-01 [d]."""
        return float((self.data_date - EPOCH).days)

    @property
    def horizon(self) -> float:
        """The horizon in days since 1970-01-01 [d]."""
        return float((date.fromisoformat(self.meta["horizon"]) - EPOCH).days)

    @property
    def month_edges(self) -> Floats:
        """From month to month, the first from the data date, the last to the horizon [d since then]."""
        starts = [(date.fromisoformat(month) - self.data_date).days for month in self.meta["months"]]
        return np.array([*(max(0, start) for start in starts), self.horizon - self.origin], dtype=float)

    @cached_property
    def completed(self) -> NDArray[np.bool_]:
        """Which replications are there and did not fail."""
        return self.read("completed").astype(bool)

    @cached_property
    def groups(self) -> NDArray[np.int64] | None:
        """Group of each completed replication whose luck has something in common; none in a plain batch."""
        groups = self.sampling.groups(self.replications)
        return None if groups is None else groups[self.completed]

    def ids(self, table: str) -> list[str]:
        """Ids of the rows of a table of the description, such as ``missions``."""
        return [row["id"] for row in self.meta[table]]

    def read(self, name: str, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Read an array for replications `start` up to `stop`; what is not there is filled in.

        Returns:
            Shape (replications, ...).
        """
        stop = self.replications if stop is None else stop
        pieces = list(self._pieces(name, start, stop))
        if not pieces:
            return self._nothing(name, stop - start)
        _, first = pieces[0]
        whole = np.full((stop - start, *first.shape[1:]), nothing_in(name, first.dtype), first.dtype)
        for offset, piece in pieces:
            whole[offset : offset + len(piece)] = piece
        return whole

    def values(self, name: str) -> Floats:
        """Read an array of the completed replications as floats."""
        return np.asarray(self.read(name)[self.completed], dtype=float)

    def dates(self, name: str) -> Floats:
        """Read days as dates of the completed replications, in days since 1970-01-01 [d]."""
        return self.read(name)[self.completed] + self.origin

    def series_blocks(self, name: str) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Go through a monthly array in blocks of months, each small enough for the memory.

        Yields:
            Months, and values of the completed replications, shape (replications, rows, months).
        """
        months = len(self.meta["months"])
        if not self.completed.any() or not self.has(name):
            return
        sample = self.read(name, 0, 1)
        bytes_a_month = max(1, self.replications * sample.nbytes // months)
        step = max(1, MAX_BYTES_AT_ONCE // bytes_a_month)
        for first in range(0, months, step):
            block = slice(first, min(first + step, months))
            yield block, self.read_months(name, block)

    def has(self, name: str) -> bool:
        """True if an array was recorded."""
        if not self.chunks:
            return False
        with opened_chunk(self.chunks[0].path) as file:
            return name in file.files

    def failures(self) -> list[dict[str, Any]]:
        """List the replications that raised an error."""
        import json

        return [
            failure
            for chunk in self.chunks
            for failure in json.loads(chunk.read("failures").tobytes() or b"[]")
        ]

    def _nothing(self, name: str, count: int) -> NDArray[Any]:
        """An array of replications that are not there yet, as wide as its table."""
        table = _TABLES.get(name, "missions")
        width = () if table is None else (len(self.meta[table]) if table else 0,)
        return np.full((count, *width), nothing_in(name, float))

    def _pieces(self, name: str, start: int, stop: int) -> Iterator[tuple[int, NDArray[Any]]]:
        for chunk in self.chunks:
            first, last = max(start, chunk.start), min(stop, chunk.stop)
            if first < last:
                array = chunk.read(name)[first - chunk.start : last - chunk.start]
                yield first - start, array

    def read_months(self, name: str, block: slice) -> NDArray[Any]:
        """Read some months of a monthly array, shape (completed replications, rows, months)."""
        parts = [chunk.read(name)[chunk.read("completed")][..., block] for chunk in self.chunks]
        return np.concatenate(parts)
