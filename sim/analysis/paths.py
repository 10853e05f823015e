"""Recorded critical paths as arrays: who spent which days on what, along the path to a milestone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.analysis.saved import Floats, SavedScenario
from sim.batch.store import ResultsError

Integers = NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Paths:
    """The critical paths to one milestone, one piece after the other, in order of time.

    Attributes:
        replication: to which each piece belongs, shape (pieces,).
        mission: who spent the time; `NOBODY` for the calendar, shape (pieces,).
        cause: on what, shape (pieces,).
        start, end: days since the data date [d], shape (pieces,).
        days: when each completed replication reached the milestone [d]; nan for not by the horizon, and
            for a replication that is missing or failed, shape (replications,).
        completed: which replications are there, shape (replications,).
    """

    replication: Integers
    mission: Integers
    cause: Integers
    start: Floats
    end: Floats
    days: Floats
    completed: NDArray[np.bool_]

    def only(self, replications: Integers) -> Paths:
        """Keep the pieces of some replications."""
        chosen = np.isin(self.replication, replications)
        return Paths(
            self.replication[chosen],
            self.mission[chosen],
            self.cause[chosen],
            self.start[chosen],
            self.end[chosen],
            self.days,
            self.completed,
        )

    @cached_property
    def hands_over(self) -> NDArray[np.bool_]:
        """True for a piece that hands over to another mission's in the same replication."""
        same = self.replication[1:] == self.replication[:-1]
        other = self.mission[1:] != self.mission[:-1]
        return np.append(same & other, False)


def read_paths(saved: SavedScenario, milestone: str) -> Paths:
    """Read the critical paths to a milestone.

    Raises:
        ResultsError: they were not recorded, or there is no such milestone.
    """
    if saved.chunks and not saved.has("path_start"):
        raise ResultsError(
            f"these results of `{saved.name}` hold no critical paths; run the scenario again into another "
            'folder with --record paths (in Python: record="paths")'
        )
    if milestone not in saved.ids("milestones"):
        known = ", ".join(f"`{name}`" for name in saved.ids("milestones"))
        raise ResultsError(f"there is no milestone `{milestone}` in `{saved.name}`; there are {known}")
    number = saved.ids("milestones").index(milestone)
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in ("replication", *_STORED)}
    for chunk in saved.chunks:
        mine = chunk.read("path_owner") == number
        columns["replication"].append(chunk.read("path_replication")[mine] + chunk.start)
        for name in _STORED:
            columns[name].append(chunk.read(f"path_{name}")[mine])
    joined = {name: np.concatenate([*parts, []]) for name, parts in columns.items()}
    days = np.where(saved.completed, saved.read("milestone_day")[:, number], np.nan)
    return Paths(
        replication=joined["replication"].astype(np.int64),
        mission=joined["mission"].astype(np.int64),
        cause=joined["cause"].astype(np.int64),
        start=joined["start"],
        end=joined["end"],
        days=days,
        completed=saved.completed,
    )


_STORED = ("mission", "cause", "start", "end")
