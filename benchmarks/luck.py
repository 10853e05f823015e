"""What evenly spread and tilted luck gain over plain luck, as ratios of variances in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np

import sim
from sim.analysis.estimates import Floats, restricted
from sim.batch.chunks import Task
from sim.batch.design import DATES_ONLY, run_design
from sim.batch.executors import Job
from sim.batch.sampling import DEFAULT_BLOCK, sampling_of
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario

MILESTONES = ("south-pole-landing", "crewed-landing", "basic-model", "permanent-presence")
QUIET = ["slips", "durations", "cancellations", "scrubs", "element-failures"]


def quasi_random(blocks: int = 24) -> Iterator[str]:
    """Variance of a block's mean with plain luck over that with spread luck; above 1 it helps."""
    resolved = load_scenario("baseline")[0].scenario
    quiet = resolved.model_copy(update={"idealise": tuple(QUIET)})
    yield f"luck: variance ratios of means over {DEFAULT_BLOCK} replications; above 1 it helps"
    yield f"  one standard error of a ratio is about {100 * sqrt(2 / blocks):.0f} % of it ({blocks} blocks)"
    for title, scenario in (("baseline", resolved), ("baseline, little chance left", quiet)):
        campaign = compile_campaign(scenario, "baseline")
        yield f"  {title:34s}{'date':>18s}{'reached':>18s}"
        for kind in ("stratified", "sobol"):
            dates, reached = _blocks(campaign, kind, blocks)
            for number, milestone in enumerate(row.id for row in campaign.milestones):
                if milestone in MILESTONES:
                    ratios = [_ratio(table[..., number]) for table in (dates, reached)]
                    texts = "".join(f"{ratio:18.2f}" for ratio in ratios)
                    yield f"    {kind:11s}{milestone:21s}{texts}"


def rare_events(replications: int = 600) -> Iterator[str]:
    """Variance of plain luck over that of importance sampling, for the loss of a crew."""
    yield f"rare events: loss of a crew, {replications} tilted replications of the baseline"
    for mission in (None, "crewed-landing-1", "station-crew-1"):
        found = sim.studies.crew_loss("baseline", replications, mission=mission, workers=1, progress=False)
        percent = f"{100 * found.probability.value:.2f} +- {100 * found.probability.standard_error:.2f} %"
        yield f"  {mission or 'any crew':20s}{percent:>20s}  variance ratio {found.variance_ratio:6.1f}"


def _blocks(campaign: Campaign, kind: str, blocks: int) -> tuple[Floats, Floats]:
    """Restricted days and reached shares, shape (blocks, replications, milestones)."""
    job = Job([campaign], 1, DATES_ONLY, sampling_of(kind, None, None))
    size = DEFAULT_BLOCK
    tasks = [Task(0, number * size, (number + 1) * size) for number in range(blocks)]
    days = np.stack([arrays["milestone_day"] for _, arrays in run_design(job, tasks, workers=1)])
    return restricted(days, campaign.horizon_days), np.isfinite(days).astype(float)


def _ratio(table: Floats) -> float:
    """Variance of a block's mean if its replications were independent, over what it is."""
    within_and_between = float(table.var(ddof=1)) / table.shape[1]
    actual = float(table.mean(axis=1).var(ddof=1))
    return within_and_between / actual if actual > 0 else float("nan")
