"""Forecasts from the past: what the simulator would have said, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api import resolve_one, run

if TYPE_CHECKING:
    from datetime import date

    from sim.analysis.hindcast import Hindcast


def hindcast(
    dates: Sequence[date] | None = None,
    n: int = 500,
    *,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Hindcast:
    """Set the data date back, forecast with what was known then, and score against what happened.

    Args:
        dates: data dates; by default the first of January of 2012, 2016, 2021, 2023 and 2025.
        n: replications for each.
        seed: the same seed gives the same results.
        out: results folder; by default a temporary one.
        workers: processes; by default all cores.
        progress: show a progress bar if it takes more than a moment.

    Raises:
        RecordError: the record cannot be read.
        ResultsError: nothing had flown by a date that could be fitted, or the folder holds other results.
    """
    from sim.analysis.hindcast import Hindcast, score_hindcasts
    from sim.analysis.landing_scores import score_landings
    from sim.batch.store import ResultsError
    from sim.evidence.record import read_record
    from sim.scenario.hindcast import DATES, HindcastError, hindcast_scenario

    record, base = read_record(), resolve_one("baseline", None)
    try:
        scenarios = [hindcast_scenario(base, record, day) for day in dates or DATES]
    except HindcastError as error:
        raise ResultsError(str(error)) from None
    results = run(scenarios, n, seed=seed, out=out, workers=workers, record="dates", progress=progress)
    return Hindcast(results, score_hindcasts(results, record), score_landings(results, record))
