"""Running one replication again, with everything that happened in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.batch.describe import describe
from sim.batch.sampling import PLAIN, Sampling
from sim.batch.traced import Trace
from sim.model.detail import FLOW_COLUMNS, Detail
from sim.model.replicate import Outcome, replicate_one
from sim.model.world import Record
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved
from sim.terms import GENERATIONS, LOAD_CLASSES


def trace_replication(resolved: Resolved, seed: int, replication: int, sampling: Sampling = PLAIN) -> Trace:
    """Run the replication at an address again, with its spans and its log."""
    campaign = compile_campaign(resolved.scenario, resolved.name)
    record = Record(series=True, spans=True, log=True)
    unknown = tuple(draw.address for draw in campaign.draws(epistemic=True))
    luck = sampling.luck(seed, replication, 1, unknown)
    outcome = replicate_one(campaign, seed, replication, record, luck)
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
        station=station_tables(outcome.detail, meta) if outcome.detail else {},
        columns=_columns(),
    )


def station_tables(detail: Detail, meta: dict[str, Any]) -> dict[str, Any]:
    """Lay out the histories of the station as tables of numbers, see `Trace`."""
    flows = [detail.flow_days[:, None], detail.generated, detail.served, detail.unserved, detail.flows]
    tables = {
        "flows": np.concatenate(flows, axis=1),
        "standings": detail.standings,
        "lit": detail.lit,
        "in_view": detail.in_view,
    }
    tracks = zip(meta["tracks"], detail.phases, strict=True)
    stores = zip(meta["commodities"], detail.stores, strict=True)
    tables |= {f"phases/{track['id']}": history for track, history in tracks}
    return tables | {f"store/{about['id']}": history for about, history in stores}


def _columns() -> dict[str, list[str]]:
    classes = [name.replace("-", "_") for name in LOAD_CLASSES]
    flows = [f"{name}_kw" for name in GENERATIONS]
    flows += [f"served_{name}_kw" for name in classes] + [f"unserved_{name}_kw" for name in classes]
    standings = [
        "day",
        "installed_power_kw",
        "continuous_power_kw",
        "firm_power_kw",
        "crew",
        "landed_mass_kg",
    ]
    return {"flows": ["day", *flows, *FLOW_COLUMNS], "standings": standings}


def _missions(outcome: Outcome) -> list[dict[str, Any]]:
    names = ("status", "attempts", "launch_day", "arrival_day", "end_day")
    columns = [getattr(outcome, name).tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
