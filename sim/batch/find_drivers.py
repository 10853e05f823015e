"""Runs what is needed to find the drivers of a scenario, in one pool of workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch.describe import describe
from sim.batch.design import Variation, evaluate
from sim.nature.luck import Address
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved

Floats = NDArray[np.float64]
ENDS = (0.1, 0.9)


@dataclass(frozen=True)
class DriverRuns:
    """Days of the milestones in all runs; see `sim.analysis.driven.Drivers`."""

    meta: dict[str, Any]
    days: Floats
    ends: list[tuple[Floats, Floats]] | None
    runs: list[Floats] | None


def design(
    meta: dict[str, Any], groups: list[list[Address]], n: int, tornado: int, sobol: int
) -> list[tuple[Variation, int]]:
    """List the variations: plain, both ends of each unknown, mixed samples, chance, and B."""
    unknowns = [(row["stream"], row["index"]) for row in meta["unknowns"]]
    variations = [(Variation(), n)]
    if tornado:
        variations += [(Variation(fixed={address: end}), tornado) for address in unknowns for end in ENDS]
    if sobol:
        mixed = [Variation(shift=sobol, moved=frozenset(group)) for group in groups]
        chance = Variation(shift=sobol, moved=frozenset(unknowns), all_but=True)
        everything = Variation(shift=sobol, all_but=True)
        variations += [(item, sobol) for item in (*mixed, chance, everything)]
    return variations


def run_drivers(
    resolved: Resolved,
    groups_of: Callable[[list[dict[str, Any]]], dict[str, list[Address]]],
    seed: int,
    sizes: tuple[int, int, int],
    workers: int | None,
    progress: Callable[[int], None] | None,
    announce: Callable[[int], None] | None = None,
) -> DriverRuns:
    """Run the plain sample, the tornado and the Sobol design.

    Args:
        resolved: the scenario.
        groups_of: puts unknowns together to factors.
        seed: of the luck.
        sizes: replications of the plain sample, of each end of the tornado, of each Sobol sample.
        workers: processes; by default all cores.
        progress: told after each chunk how many replications it had.
        announce: told beforehand how many replications there will be.
    """
    n, tornado, sobol = sizes
    campaign = compile_campaign(resolved.scenario, resolved.name)
    meta = describe(resolved, campaign)
    n = max(n, tornado, sobol)
    groups = list(groups_of(meta["unknowns"]).values())
    variations = design(meta, groups, n, tornado, sobol)
    if announce is not None:
        announce(sum(count for _, count in variations))
    days = evaluate(campaign, seed, variations, workers, progress)
    pairs = 2 * len(meta["unknowns"]) if tornado else 0
    ends = list(zip(days[1 : 1 + pairs : 2], days[2 : 2 + pairs : 2], strict=False)) if tornado else None
    runs = [days[0][:sobol], *days[1 + pairs :]] if sobol else None
    return DriverRuns(meta, days[0], ends, runs)
