"""How good forecasts of this kind have been: the scores of the hindcasts, kept with the program.

A report can say how far to trust its dates without running the past again. `ilrs hindcast --write` makes
the file anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.hindcast import Hindcast, Scored
from sim.analysis.landing_scores import brier_scores
from sim.analysis.scoring import Score
from sim.evidence.record import Record

FILE = Path(__file__).with_name("validation.json")

_DAYS = ("planned", "p10", "p50", "p90", "happened", "not_before")
_SCORES = ("crps", "crps_plan", "crps_mean_slip", "pit_low", "pit_high")
_KEPT_DIGITS = 6


@dataclass(frozen=True)
class Validation:
    """Scores of forecasts made from the past.

    Attributes:
        made: how: ``evidence`` (its last day), ``day``, ``version``, ``replications``, ``seed``.
        scored: the hindcasts of launch dates.
        left_out: summary of the cross-validation, one value a name as in `Scored.summary`.
        brier: Brier score of the hindcasts of landings by method, and ``count`` of them.
    """

    made: Mapping[str, Any]
    scored: Scored
    left_out: Mapping[str, Any]
    brier: Mapping[str, float]


def validation_of(found: Hindcast, left_out: Scored, record: Record, version: str) -> Validation:
    """Gather the scores of hindcasts and of a cross-validation, made with a version of the program."""
    saved = found.results.saved
    landings = found.landings.assign(coin=0.5)
    made = {
        "evidence": f"{record.evidence:%Y-%m-%d}",
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "version": version,
        "replications": min(item.replications for item in saved),
        "seed": found.results.seed,
    }
    brier = {"count": float(len(landings)), **brier_scores(landings, ("forecast", "pooled", "coin"))}
    return Validation(made, found.scored, _by_name(left_out), brier)


def _by_name(scored: Scored) -> dict[str, Any]:
    return {str(name): value for name, value in scored.summary().iloc[0].to_dict().items()}


def write_validation(validation: Validation, path: Path = FILE) -> None:
    """Write the file that reports quote."""
    path.write_text(text_of(validation), encoding="utf-8")


def text_of(validation: Validation) -> str:
    """Write as JSON, a case a line."""
    head = {"made": dict(validation.made), "brier": _rounded(validation.brier),
            "left_out": _rounded(validation.left_out)}  # fmt: skip
    cases = [
        json.dumps(_case(row), ensure_ascii=False) for row in validation.scored.table.to_dict("records")
    ]
    inner = json.dumps(head, indent=1, ensure_ascii=False)[:-2]
    return inner + ',\n "cases": [\n  ' + ",\n  ".join(cases) + "\n ]\n}\n"


def read_validation(path: Path = FILE) -> Validation:
    """Read the scores that come with the program."""
    data = json.loads(path.read_text(encoding="utf-8"))
    table = pd.DataFrame(data["cases"])
    for name in _DAYS:
        table[name] = pd.to_datetime(table[name])
    scores = tuple(
        Score(row["mission"], row["group"], **{name: row[name] for name in _SCORES})
        for row in table.to_dict("records")
    )
    return Validation(data["made"], Scored(scores, table), data["left_out"], data["brier"])


def _case(row: Mapping[Any, Any]) -> dict[str, Any]:
    days = {name: None if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}" for name in _DAYS}
    about = {name: row[name] for name in ("data_date", "mission", "group")}
    return about | days | _rounded({name: row[name] for name in _SCORES})


def _rounded(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Keep so many digits as are the same on every machine."""
    return {
        str(name): round(float(value), _KEPT_DIGITS) if isinstance(value, float) else value
        for name, value in values.items()
    }
