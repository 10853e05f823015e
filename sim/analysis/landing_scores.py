"""How good were the forecasts of landings? Brier scores, in hindcasts and one by one through the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from sim.analysis.results import Results
from sim.analysis.scoring import brier
from sim.evidence.calibrate import families, makers, slug, tallies
from sim.evidence.record import Landing, Record, known_at
from sim.evidence.success import Hierarchy, jeffreys

FIRST = 5
"""Descents that must be known before the first forecast."""

Outlook = Callable[[Sequence[Landing], Landing], float]


def landing_of(mission: str, landings: Iterable[Landing]) -> Landing | None:
    """Find the landing of a mission; names may go on, as in `IM-1 Odysseus`.

    >>> landing_of("IM-1", []) is None
    True
    """
    return next((row for row in landings if row.mission.split(" (")[0].startswith(f"{mission} ")
                 or row.mission == mission), None)  # fmt: skip


def score_landings(results: Results, record: Record) -> pd.DataFrame:
    """Forecasts of landings in saved hindcasts that have been tried since.

    Returns:
        Columns ``data_date``, ``mission``, ``forecast`` (share of the simulated landings that succeed),
        ``pooled`` (share of all robotic landings known then, Jeffreys), ``success``.
    """
    rows = []
    for saved in results.saved:
        known = known_at(record, saved.data_date)
        pooled = _pooled(known.landings)
        status = saved.read("status")[saved.completed]
        codes = {name: number for number, name in enumerate(saved.meta["statuses"])}
        names = {slug(row.mission): row.mission for row in record.announcements}
        for column, name in enumerate(saved.ids("missions")):
            landing = landing_of(names[name], record.landings)
            landed = int((status[:, column] == codes["success"]).sum())
            lost = int((status[:, column] == codes["landing-failure"]).sum())
            if landing is None or not landing.descended or not landed + lost:
                continue
            rows.append(
                {
                    "data_date": saved.name,
                    "mission": landing.mission,
                    "forecast": landed / (landed + lost),
                    "pooled": pooled,
                    "success": float(landing.success),
                }
            )
    return pd.DataFrame(rows, columns=["data_date", "mission", "forecast", "pooled", "success"])


def one_by_one(record: Record) -> pd.DataFrame:
    """Forecast every robotic descent from those known on the day before its launch.

    Returns:
        Columns ``mission``, ``launched``, ``success``, and the probability by each method: ``maker`` (the
        maker drawn towards all makers), ``family`` (the family drawn towards all families), ``pooled`` (all
        descents alike) and ``coin`` (one half).
    """
    robotic = [row for row in record.landings if row.kind != "crewed" and row.counts and row.descended]
    rows = []
    for landing in sorted(robotic, key=lambda row: row.launched):
        known = known_at(record, landing.launched - timedelta(days=1)).landings
        if sum(row.descended for row in known) < FIRST:
            continue
        rows.append(
            {
                "mission": landing.mission,
                "launched": pd.Timestamp(landing.launched),
                "success": float(landing.success),
                **{name: method(known, landing) for name, method in METHODS.items()},
            }
        )
    return pd.DataFrame(rows)


def brier_scores(table: pd.DataFrame, methods: Sequence[str]) -> Mapping[str, float]:
    """Give the Brier score of each method; 0 is perfect, 0.25 is a coin's."""
    success = table["success"].to_numpy(dtype=float)
    return {name: brier(table[name].to_numpy(dtype=float), success) for name in methods}


def _pooled(known: Sequence[Landing], _: Landing | None = None) -> float:
    robotic = [row.success for row in known if row.descended and row.counts and row.kind != "crewed"]
    return jeffreys(sum(robotic), len(robotic)).mean


def _by_maker(known: Sequence[Landing], landing: Landing) -> float:
    return _drawn(makers(known), next(iter(makers([replace(landing, descended=True)]))))


def _by_family(known: Sequence[Landing], landing: Landing) -> float:
    robotic = {name: rows for name, rows in families(known).items() if rows[0].kind != "crewed"}
    return _drawn(robotic, landing.family)


def _drawn(groups: Mapping[str, Sequence[Landing]], name: str) -> float:
    rows = groups.get(name, ())
    hierarchy = Hierarchy(tallies({key: list(members) for key, members in groups.items()}))
    return float(np.clip(hierarchy.family(sum(row.success for row in rows), len(rows)).mean, 0, 1))


METHODS: Mapping[str, Outlook] = {
    "maker": _by_maker,
    "family": _by_family,
    "pooled": _pooled,
    "coin": lambda *_: 0.5,
}
