"""People at the station: when, how long, how their stays end, and what it costs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.estimates import CONFIDENCE, Floats, mean, share, wilson_interval
from sim.analysis.periods import By, columns_of, periods, rate, table_of
from sim.analysis.saved import SavedScenario

HOURS_PER_DAY = 24.0
_NO_STAY = 0


def crew(scenarios: Sequence[SavedScenario], by: By = None, track: str = "station") -> pd.DataFrame:
    """People at the station.

    Over the whole time, a row a scenario: ``crew_days`` person-days at the station, ``visits`` crews that
    reached it, ``tended`` the share of the time with people there, each with its standard error;
    ``dose_p50``, ``dose_p90``, ``dose_max`` what one person took up in a mission [mSv]; ``flights``
    crewed launches a replication, ``lost`` the probability that such a flight costs the crew its life
    with its 90 percent interval (Jeffreys), and ``any_lost`` the share of replications in which that
    happens at all (Wilson).

    By year or phase: ``crew_days`` a year [d/yr] and by year also ``tended``.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        rows += [_summary(saved)] if by is None else _by_period(saved, by, track)
    if by is None:
        return pd.DataFrame(rows)
    tended = ["tended", "tended_se"] if by == "year" else []
    return table_of(rows, by, ["crew_days", "crew_days_se", *tended])


def stays(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """How stays on the surface end: as planned, early for what cause, or with the loss of the crew.

    Columns: ``stage`` of the crewed programme, ``end``, ``stays`` a replication, ``share`` of the stays
    of that stage with its standard error, ``days`` their mean length [d].
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        ends = saved.read("stay_end")[saved.completed]
        days = saved.values("stay_days")
        for stage in dict.fromkeys(row["stage"] for row in saved.meta["missions"] if row["crewed"]):
            columns = [n for n, row in enumerate(saved.meta["missions"]) if row["stage"] == stage]
            over = np.isfinite(days[:, columns])
            for code, end in enumerate(saved.meta["stay_ends"]):
                mine = over & (ends[:, columns] == code)
                if code == _NO_STAY or not (mine.any() or end == "planned"):
                    continue
                rows.append(
                    {
                        "scenario": saved.name,
                        "stage": stage,
                        "end": end,
                        "stays": float(mine.sum(axis=1).mean()),
                        **columns_of("share", rate(mine.sum(axis=1) * 1.0, over.sum(axis=1) * 1.0)),
                        "days": float(days[:, columns][mine].mean()) if mine.any() else np.nan,
                    }
                )
    return pd.DataFrame(rows, columns=["scenario", "stage", "end", "stays", "share", "share_se", "days"])


def jeffreys_interval(events: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a small probability (Brown, Cai and DasGupta 2001); 0 and 1 belong to it where seen.

    >>> low, high = jeffreys_interval(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0136)
    """
    from scipy.special import betaincinv

    if not trials:
        return 0.0, 1.0
    tail, a, b = (1 - confidence) / 2, events + 0.5, trials - events + 0.5
    if events == 0:
        return 0.0, float(betaincinv(a, b, confidence))
    if events == trials:
        return float(betaincinv(a, b, 1 - confidence)), 1.0
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


def occupied(saved: SavedScenario, edges: Floats) -> Floats:
    """Days with at least one person at the station, between edges [d].

    Args:
        saved: the replications.
        edges: days since the data date [d].

    Returns:
        Shape (replications, edges - 1).
    """
    columns = [n for n, row in enumerate(saved.meta["missions"]) if row["crewed"] and row["at_station"]]
    horizon = saved.horizon - saved.origin
    arrived = saved.values("arrival_day")[:, columns]
    left = arrived + saved.values("stay_days")[:, columns]
    left = np.where(np.isnan(left) & np.isfinite(arrived), horizon, left)
    arrived = np.where(np.isfinite(arrived), arrived, horizon)
    left = np.where(np.isfinite(left), left, horizon)
    order = np.argsort(arrived, axis=1, kind="stable")
    arrived, left = (np.take_along_axis(days, order, axis=1) for days in (arrived, left))
    before = np.maximum.accumulate(np.concatenate([np.zeros((len(left), 1)), left], axis=1), axis=1)
    starts, ends = np.maximum(arrived, before[:, :-1]), left
    until = [np.maximum(0, np.minimum(ends, edge) - np.minimum(starts, edge)).sum(axis=1) for edge in edges]
    return np.diff(np.array(until), axis=0).T


def _summary(saved: SavedScenario) -> dict[str, Any]:
    crewed = [n for n, row in enumerate(saved.meta["missions"]) if row["crewed"] and not row["history"]]
    flown = saved.values("attempts")[:, crewed]
    lost = saved.values("crews_lost")[:, crewed]
    length = saved.horizon - saved.origin
    tended = occupied(saved, np.array([0.0, length]))[:, 0] / length
    return {
        "scenario": saved.name,
        "replications": len(flown),
        **columns_of("crew_days", mean(saved.values("crew_days"))),
        **columns_of("visits", mean(_visits(saved).sum(axis=1) * 1.0)),
        **columns_of("tended", mean(tended)),
        **_doses(saved),
        "flights": float(flown.sum(axis=1).mean()) if len(flown) else np.nan,
        **_risk(lost, flown),
    }


def _risk(lost: NDArray[Any], flown: NDArray[Any]) -> dict[str, float]:
    """Loss of crew by flight and by replication, with their intervals."""
    events, trials, count = int(lost.sum()), int(flown.sum()), len(lost)
    any_lost = int(lost.any(axis=1).sum())
    low, high = jeffreys_interval(events, trials)
    any_low, any_high = wilson_interval(float(any_lost), max(count, 1))
    return {
        "lost": share(events, trials).value,
        "lost_low": low,
        "lost_high": high,
        "any_lost": share(any_lost, count).value,
        "any_lost_low": float(any_low),
        "any_lost_high": float(any_high),
    }


def _visits(saved: SavedScenario) -> NDArray[np.bool_]:
    columns = [n for n, row in enumerate(saved.meta["missions"]) if row["crewed"] and row["at_station"]]
    return np.isfinite(saved.values("arrival_day")[:, columns])


def _doses(saved: SavedScenario) -> dict[str, float]:
    dose = saved.values("dose_msv")
    dose = dose[np.isfinite(dose)]
    if not len(dose):
        return {"dose_p50": np.nan, "dose_p90": np.nan, "dose_max": np.nan}
    middle, high = np.quantile(dose, (0.5, 0.9))
    return {"dose_p50": float(middle), "dose_p90": float(high), "dose_max": float(dose.max())}


def _by_period(saved: SavedScenario, by: By, track: str) -> list[dict[str, Any]]:
    rows = []
    tended = _tended_by_year(saved) if by == "year" else None
    for number, period in enumerate(periods(saved, ["crew_at_station"], by, track)):
        person_days = period.sums["crew_at_station"] / HOURS_PER_DAY
        row = {
            "scenario": saved.name,
            **period.about,
            **columns_of("crew_days", rate(person_days, period.hours / (HOURS_PER_DAY * 365.25))),
        }
        if tended is not None:
            row |= columns_of("tended", mean(tended[:, number]))
        rows.append(row)
    return rows


def _tended_by_year(saved: SavedScenario) -> Floats:
    """Share of each calendar year with people at the station, shape (replications, years)."""
    months = saved.meta["months"]
    begins = [n for n, month in enumerate(months) if n == 0 or month[:4] != months[n - 1][:4]]
    edges = saved.month_edges[[*begins, len(months)]]
    return np.asarray(occupied(saved, edges) / np.diff(edges))
