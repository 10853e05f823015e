"""What gates wait for: which condition of each binds, and when it comes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import Floats, quantile, ranked, share
from sim.analysis.periods import columns_of
from sim.analysis.saved import SavedScenario
from sim.analysis.tables import timestamp

COLUMNS = [
    "scenario", "gate", "condition", "replications", "held", "held_se", "p10", "p50", "p90",
    "last", "last_se", "only_missing", "missing", "opens",
]  # fmt: skip


def gates(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """Which condition of each gate binds, a row each.

    A condition counts as held from the first day on which it holds, also if it is lost again.

    Columns: ``held`` the share of replications in which the condition holds at some time, with its
    standard error; ``p10``, ``p50``, ``p90`` the dates by which it does (NaT: not by the horizon);
    ``last`` the share in which all conditions of the gate came and this one last (of several on one day
    each counts in part), ``only_missing`` the share in which it alone never came, ``missing`` the share
    in which it never came; ``opens`` the share in which all conditions of the gate came. ``last`` over
    the conditions of a gate adds up to ``opens``.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        days = saved.values("gate_part_day")
        numbered = enumerate(saved.meta["gate_parts"])
        for gate, parts in groupby(numbered, key=lambda part: part[1]["gate"]):
            columns, titles = zip(*((n, about["title"]) for n, about in parts), strict=True)
            rows += _gate(saved, gate, list(titles), days[:, list(columns)])
    return pd.DataFrame(rows, columns=COLUMNS)


def _gate(saved: SavedScenario, gate: str, titles: list[str], days: Floats) -> list[dict[str, Any]]:
    held = np.isfinite(days)
    opens, count = held.all(axis=1), len(days)
    last = _weights_of_last(days, opens)
    rows = []
    for number, title in enumerate(titles):
        missing = ~held[:, number]
        alone = missing & (held.sum(axis=1) == len(titles) - 1)
        weights = last[:, number]
        error = float(weights.std(ddof=1)) / np.sqrt(count) if count > 1 else np.nan
        rows.append(
            {
                "scenario": saved.name,
                "gate": gate,
                "condition": title,
                "replications": count,
                **columns_of("held", share(int(held[:, number].sum()), count)),
                **_dates(days[:, number] + saved.origin),
                "last": float(weights.mean()) if count else np.nan,
                "last_se": error,
                "only_missing": share(int(alone.sum()), count).value,
                "missing": share(int(missing.sum()), count).value,
                "opens": share(int(opens.sum()), count).value,
            }
        )
    return rows


def _weights_of_last(days: Floats, opens: Any) -> Floats:
    """For each replication in which the gate's conditions all came, 1 for the last of them."""
    latest = days.max(axis=1, keepdims=True)
    last = (days == latest) & opens[:, None]
    return np.asarray(last / np.maximum(last.sum(axis=1, keepdims=True), 1))


def _dates(days: Floats) -> dict[str, Any]:
    ordered = ranked(days)
    return {f"p{p * 100:.0f}": timestamp(quantile(ordered, p)) for p in (0.1, 0.5, 0.9)}
