"""Sequential runs: is the quantile known well enough, or does it take more replications?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import Any

from sim.analysis.estimates import quantile, quantile_interval, ranked
from sim.analysis.results import open_results
from sim.analysis.saved import SavedScenario
from sim.batch.until import Goal, Look, confidence_at, sizes


def look_at(saved: SavedScenario, goal: Goal, number: int, count: int) -> Look:
    """Take the interval of the goal's quantile at a look; what is not reached by the horizon is infinite.

    Only the first `count` replications count, whatever else the folder holds: so the answer is the same
    however often it is asked for.
    """
    column = saved.ids("milestones").index(goal.milestone)
    ordered = ranked(saved.read("milestone_day", 0, count)[saved.completed[:count], column])
    confidence = confidence_at(number)
    low, high = quantile_interval(ordered, goal.share, confidence)
    value = quantile(ordered, goal.share)
    return Look(number, len(ordered), confidence, value, low, high, goal.reached(low, high))


def run_until(
    folder: Path, names: Sequence[str], goal: Goal, most: int, run_to: Callable[[int], None]
) -> list[dict[str, Any]]:
    """Run more and more replications until the goal is reached in every scenario, or there are `most`.

    Args:
        folder: of the results.
        names: of the scenarios.
        goal: what should be known.
        most: replications at which it ends in any case.
        run_to: makes sure that so many replications are in the folder.

    Returns:
        A record for each look at each scenario, as `tables.looks` reads it; days since 1970-01-01 [d].
    """
    records: list[dict[str, Any]] = []
    open_names = list(names)
    for number, count in enumerate(sizes(most), start=1):
        run_to(count)
        for name in list(open_names):
            saved = open_results(folder)[name].saved[0]
            look = look_at(saved, goal, number, count)
            records.append(_record(name, look, saved.origin))
            if look.done:
                open_names.remove(name)
        if not open_names:
            break
    return records


def _record(name: str, look: Look, origin: float) -> dict[str, Any]:
    days = {key: getattr(look, key) + origin for key in ("value", "low", "high")}
    written = {key: value if isfinite(value) else None for key, value in days.items()}
    return {
        "scenario": name, "look": look.number, "replications": look.replications,
        "confidence": look.confidence, **written, "beyond": look.low == inf, "done": look.done,
    }  # fmt: skip
