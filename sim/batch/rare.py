"""Rare events by importance sampling: the loss of a crew."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.batch.chunks import Task
from sim.batch.design import DATES_ONLY, run_design
from sim.batch.executors import Job
from sim.batch.run import DEFAULT_CHUNK
from sim.nature.luck import Box, Luck, TiltedLuck
from sim.scenario.campaign import Campaign, MissionRow
from sim.terms import Status

Floats = NDArray[np.float64]
_LONG_STAY = 0.999
_MOST_LIKELY_FAILURE = 0.6
_SURE_MARGIN = 3.0


@dataclass(frozen=True)
class TiltedSample:
    """Replications whose luck was tilted.

    Attributes:
        lost: a crew was lost, shape (replications,).
        weights: of the replications, shape (replications,).
    """

    lost: NDArray[np.bool_]
    weights: Floats


@dataclass
class TiltedJob(Job):
    """A job whose luck is tilted to some boxes."""

    campaign: Campaign
    seed: int
    boxes: Sequence[Box] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        super().__init__([self.campaign], self.seed, DATES_ONLY)

    def luck(self, campaign: Campaign, task: Task) -> Luck:
        """Give the luck of a task."""
        return TiltedLuck(self.seed, task.start, task.stop - task.start, self.boxes)


def crewed(campaign: Campaign, mission: str | None = None) -> list[int]:
    """Numbers of the crewed missions still to be flown, or of the one that is named.

    Raises:
        ValueError: there is none, or no such one.
    """
    found = [n for n, row in enumerate(campaign.missions) if row.crew is not None and row.history is None]
    names = [campaign.missions[n].id for n in found]
    if mission is not None and mission not in names:
        raise ValueError(f"there is no crewed mission `{mission}` ahead; there are {', '.join(names)}")
    if not found:
        raise ValueError("no crewed mission lies ahead, so no crew can be lost")
    return [n for n in found if mission in (None, campaign.missions[n].id)]


def boxes_of_loss(campaign: Campaign, missions: Sequence[int]) -> list[Box]:
    """Boxes of luck in which a crew may be lost: on each leg of each mission.

    They need not be exact: a box too small or too large costs precision, never correctness.
    """
    return [box for number in missions for box in _boxes(campaign, campaign.missions[number])]


def _boxes(campaign: Campaign, row: MissionRow) -> list[Box]:
    assert row.crew is not None
    crew, stream = row.crew, f"mission/{row.id}"
    risk = crew.risk
    stay = campaign.slots[crew.stay]
    days = stay if isinstance(stay, float) else _long(stay.distribution)
    legs: list[Box] = [
        {(f"{stream}/ascent", 0): (0.0, risk.ascent_probability)},
        {(f"{stream}/journey-home-hazard", 0): (0.0, risk.journey_home_probability)},
        {(f"{stream}/stay-hazard", 0): (0.0, -math.expm1(-risk.stay_per_day * days))},
    ]
    failing = _failing(campaign, row.vehicle)
    for flight in range(1, len(row.attempts[0].flights) + 1):
        abort = {(f"{stream}/launch-abort", 0): (risk.launch_abort_effectiveness, 1.0)}
        legs.append({(f"{stream}/flight-{flight}/launch", 0): (0.0, failing), **abort})
    if row.family >= 0:
        failing = _failing(campaign, len(campaign.vehicles) + row.family)
        abort = {(f"{stream}/descent-abort", 0): (risk.descent_abort_effectiveness, 1.0)}
        legs.append({(f"{stream}/landing", 0): (0.0, failing), **abort})
    return [box for box in legs if all(high > low for low, high in box.values())]


def _long(distribution: object) -> float:
    quantile: Callable[[Floats], Floats] = distribution.quantile  # type: ignore[attr-defined]
    return float(quantile(np.array([_LONG_STAY]))[0])


def _failing(campaign: Campaign, row: int) -> float:
    """A generous bound of a failure probability: the mean and some standard deviations of its Beta."""
    a, b = float(campaign.reliability.a[row]), float(campaign.reliability.b[row])
    mean = b / (a + b)
    spread = math.sqrt(mean * (1 - mean) / (a + b + 1))
    return min(mean + _SURE_MARGIN * spread, _MOST_LIKELY_FAILURE)


def run_tilted(
    campaign: Campaign,
    missions: Sequence[int],
    seed: int,
    count: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> TiltedSample:
    """Run replications whose luck is tilted towards losing a crew of these missions."""
    job = TiltedJob(campaign, seed, boxes_of_loss(campaign, missions))
    tasks = [Task(0, first, min(first + DEFAULT_CHUNK, count)) for first in range(0, count, DEFAULT_CHUNK)]
    lost = np.zeros(count, dtype=bool)
    weights = np.zeros(count)
    for task, arrays in run_design(job, tasks, workers):
        status = arrays["status"][:, list(missions)]
        lost[task.start : task.stop] = (status == Status.CREW_LOST).any(axis=1)
        luck = TiltedLuck(seed, task.start, task.stop - task.start, job.boxes)
        weights[task.start : task.stop] = luck.weights
        if progress is not None:
            progress(task.stop - task.start)
    return TiltedSample(lost, weights)
