"""Running one replication again, with everything that happened in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.batch.describe import describe
from sim.batch.traced import Trace
from sim.model.replicate import Outcome, replicate_one
from sim.model.world import Record
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved


def trace_replication(resolved: Resolved, seed: int, replication: int) -> Trace:
    """Run the replication at an address again, with its spans and its log."""
    campaign = compile_campaign(resolved.scenario, resolved.name)
    record = Record(series=True, spans=True, log=True)
    outcome = replicate_one(campaign, seed, replication, record)
    meta = describe(resolved, campaign)
    return Trace(
        meta=meta,
        seed=seed,
        replication=replication,
        missions=_missions(outcome),
        spans=[
            {"mission": number, **span._asdict()}
            for number, spans in enumerate(outcome.spans or [])
            for span in spans
        ],
        happenings=[happening._asdict() for happening in outcome.log or []],
        milestones=outcome.milestone_day.tolist(),
        paths=[[piece._asdict() for piece in path] for path in outcome.paths or []],
        phases=[days.tolist() for days in outcome.phase_day],
        series=np.asarray(outcome.series),
    )


def _missions(outcome: Outcome) -> list[dict[str, Any]]:
    names = ("status", "attempts", "launch_day", "arrival_day", "end_day")
    columns = [getattr(outcome, name).tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
