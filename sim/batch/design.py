"""Replications whose luck is changed on purpose: what designs of experiments are made of.

Nothing is stored; the milestones come back as arrays.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch.chunks import Task
from sim.batch.executors import Job, compute_here, compute_in_processes
from sim.batch.run import DEFAULT_CHUNK, available_cores
from sim.model.world import Record
from sim.nature.luck import Address, ChangedLuck, Luck
from sim.scenario.campaign import Campaign

DATES_ONLY = Record(series=False)
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Variation:
    """How the luck of some replications is changed; see `ChangedLuck`."""

    fixed: Mapping[Address, float] = field(default_factory=dict)
    shift: int = 0
    moved: frozenset[Address] = frozenset()
    all_but: bool = False

    def luck(self, seed: int, first: int, count: int) -> Luck:
        """Give the luck of a run of replications."""
        return ChangedLuck(seed, first, count, self.fixed, self.shift, self.moved, self.all_but)


class DesignJob(Job):
    """A job whose tasks are variations of one campaign; the scenario of a task is its variation."""

    def __init__(self, campaign: Campaign, seed: int, variations: Sequence[Variation]) -> None:
        super().__init__([campaign] * len(variations), seed, DATES_ONLY)
        self.variations = list(variations)

    def luck(self, campaign: Campaign, task: Task) -> Luck:
        """Give the luck of a task."""
        variation = self.variations[task.scenario]
        return variation.luck(self.seed, task.start, task.stop - task.start)


def evaluate(
    campaign: Campaign,
    seed: int,
    variations: Sequence[tuple[Variation, int]],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[NDArray[np.float64]]:
    """Run variations of a campaign, all from replication 0 on, on the same luck but for what they change.

    Args:
        campaign: what is run.
        seed: of the luck.
        variations: each with its number of replications.
        workers: processes; by default all cores.
        progress: told after each chunk how many replications it had.

    Returns:
        For each variation the days of the milestones from the data date, nan for not by the horizon or
        for a replication that failed, shape (replications, milestones) [d].
    """
    job = DesignJob(campaign, seed, [variation for variation, _ in variations])
    tasks = [
        Task(number, first, min(first + DEFAULT_CHUNK, count))
        for number, (_, count) in enumerate(variations)
        for first in range(0, count, DEFAULT_CHUNK)
    ]
    days = [np.full((count, len(campaign.milestones)), np.nan) for _, count in variations]
    for task, arrays in run_design(job, tasks, workers):
        days[task.scenario][task.start : task.stop] = arrays["milestone_day"]
        if progress is not None:
            progress(task.stop - task.start)
    return days


def run_design(
    job: Job, tasks: Sequence[Task], workers: int | None = None
) -> Iterator[tuple[Task, Arrays]]:
    """Compute tasks and give their arrays, in the order in which they are finished."""
    most = min(workers or available_cores(), len(tasks))
    chunks = compute_here(job, tasks) if most <= 1 else compute_in_processes(job, tasks, most)
    for chunk in chunks:
        with np.load(io.BytesIO(chunk.payload), allow_pickle=False) as file:
            yield chunk.task, dict(file)
