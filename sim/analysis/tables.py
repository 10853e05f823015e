"""Tidy pandas tables: one observation a row, one meaning a column, dates as timestamps."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import (
    CONFIDENCE,
    QUANTILES,
    Floats,
    Groups,
    grouped_quantile_interval,
    mean,
    quantile,
    ranked,
    restricted,
    share,
    wilson_interval,
    z_value,
)
from sim.analysis.saved import SavedScenario

_PERCENTILES = [f"p{p * 100:.0f}" for p in QUANTILES]
DATE_COLUMNS = [
    "planned",
    "restricted_mean",
    *(f"{name}{suffix}" for name in _PERCENTILES for suffix in ("", "_low", "_high")),
]
LOOK_COLUMNS = ["scenario", "look", "replications", "confidence", "value", "low", "high", "beyond", "done"]


def timestamp(day: float) -> Any:
    """Turn days since 1970-01-01 into a timestamp; what is not finite is NaT."""
    return (pd.Timestamp(0) + pd.Timedelta(days=day)).round("s") if isfinite(day) else pd.NaT


def _with_dates(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a table whose date columns have one type, also where all dates are missing."""
    table = pd.DataFrame(rows)
    for name in DATE_COLUMNS:
        if name in table:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    return table


def milestones(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """When milestones are reached.

    Columns: ``planned`` is what was announced, ``reached`` the share of replications that reach it by the
    horizon with its standard error, ``p10`` to ``p90`` the dates by which so many have (NaT: not by the
    horizon), ``p50_low`` and so on their 90 percent intervals, ``restricted_mean`` the mean date with
    what is not reached counted as the horizon.
    """
    rows = []
    for saved in scenarios:
        dates = saved.dates("milestone_day")
        for number, milestone in enumerate(saved.meta["milestones"]):
            rows.append(
                {
                    "scenario": saved.name,
                    "milestone": milestone["id"],
                    "title": milestone["title"],
                    "planned": pd.Timestamp(milestone["planned"]),
                    **_date_summary(dates[:, number], saved.horizon, saved.groups),
                }
            )
    return _with_dates(rows)


def _date_summary(dates: Floats, horizon: float, groups: Groups) -> dict[str, Any]:
    ordered = ranked(dates)
    arrived = np.isfinite(dates)
    reached = share(int(arrived.sum()), len(dates))
    if groups is not None:
        reached = mean(arrived.astype(float), groups)
    summary: dict[str, Any] = {
        "replications": len(dates),
        "reached": reached.value,
        "reached_se": reached.standard_error,
    }
    for p in QUANTILES:
        name = f"p{p * 100:.0f}"
        low, high = grouped_quantile_interval(dates, p, groups)
        summary[name] = timestamp(quantile(ordered, p))
        summary[f"{name}_low"] = timestamp(low)
        summary[f"{name}_high"] = timestamp(high)
    restricted_mean = mean(restricted(dates, horizon), groups)
    summary["restricted_mean"] = timestamp(restricted_mean.value)
    summary["restricted_mean_se_days"] = restricted_mean.standard_error
    return summary


def missions(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """What becomes of each mission.

    Columns: shares of replications by outcome (``success``, ``launch-failure``, ``landing-failure``,
    ``cancelled``, ``underway``, ``waiting``, ``standby``), ``launched`` with its standard error,
    ``planned`` and the launch dates ``p10``, ``p50``, ``p90`` (NaT: not by the horizon), ``slip_days``
    the median slip of the launch, ``attempts`` their mean number.
    """
    rows = []
    for saved in scenarios:
        status = saved.read("status")[saved.completed]
        launches = saved.dates("launch_day")
        attempts = saved.read("attempts")[saved.completed]
        for number, mission in enumerate(saved.meta["missions"]):
            rows.append(
                {
                    "scenario": saved.name,
                    "mission": mission["id"],
                    "name": mission["name"],
                    "programme": mission["programme"],
                    "history": mission["history"],
                    "planned": pd.Timestamp(mission["planned"]),
                    **_launch_summary(launches[:, number], mission["planned"]),
                    "attempts": float(attempts[:, number].mean()) if len(attempts) else np.nan,
                    **_outcome_shares(status[:, number], saved.meta["statuses"]),
                }
            )
    return _with_dates(rows)


def _launch_summary(dates: Floats, planned: str | None) -> dict[str, Any]:
    ordered = ranked(dates)
    launched = share(int(np.isfinite(dates).sum()), len(dates))
    median = quantile(ordered, 0.5)
    plan = (pd.Timestamp(planned) - pd.Timestamp(0)).days if planned else np.nan
    return {
        "launched": launched.value,
        "launched_se": launched.standard_error,
        **{f"p{p * 100:.0f}": timestamp(quantile(ordered, p)) for p in (0.1, 0.5, 0.9)},
        "slip_days": median - plan if isfinite(median) else np.nan,
    }


def _outcome_shares(status: Any, meanings: list[str]) -> dict[str, float]:
    count = max(len(status), 1)
    return {name: float((status == code).sum()) / count for code, name in enumerate(meanings)}


def series(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """Monthly series: mean over each month, then mean and quantiles over the replications."""
    frames = []
    for saved in scenarios:
        names = saved.meta["series"]
        months = pd.to_datetime(saved.meta["months"])
        for block, values in saved.series_blocks("series"):
            low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
            average = values.mean(axis=0, dtype=float)
            for number, name in enumerate(names):
                frames.append(
                    pd.DataFrame(
                        {
                            "scenario": saved.name,
                            "series": name,
                            "month": months[block],
                            "mean": average[number],
                            "p10": low[number],
                            "p50": middle[number],
                            "p90": high[number],
                        }
                    )
                )
    if not frames:
        return pd.DataFrame(columns=["scenario", "series", "month", "mean", "p10", "p50", "p90"])
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["scenario", "series", "month"], ignore_index=True)


def phases(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """Share of replications in each phase at the end of each month."""
    frames = []
    for saved in scenarios:
        months = pd.to_datetime(saved.meta["months"])
        for block, values in saved.series_blocks("phases"):
            for number, track in enumerate(saved.meta["tracks"]):
                for code, phase in enumerate(track["phases"]):
                    frames.append(
                        pd.DataFrame(
                            {
                                "scenario": saved.name,
                                "track": track["id"],
                                "phase": phase,
                                "title": track["titles"][code],
                                "month": months[block],
                                "share": (values[:, number] == code).mean(axis=0),
                            }
                        )
                    )
    columns = ["scenario", "track", "phase", "title", "month", "share"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def failures(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """Replications that raised an error."""
    rows = [failure for saved in scenarios for failure in saved.failures()]
    return pd.DataFrame(rows, columns=["scenario", "replication", "error", "traceback"])


def headline(scenarios: Sequence[SavedScenario]) -> pd.DataFrame:
    """The few columns that fit on a screen: reached share, P50 and P80 of each milestone."""
    table = milestones(scenarios)
    counts = table["replications"]
    horizon = {saved.name: saved.meta["horizon"][:4] for saved in scenarios}
    return pd.DataFrame(
        {
            "scenario": table["scenario"],
            "milestone": table["title"],
            "planned": [month_text(day) for day in table["planned"]],
            "reached": [share_text(p, count) for p, count in zip(table["reached"], counts, strict=True)],
            **{
                p.upper(): [
                    month_text(day) or (f"not by {horizon[name]}" if count else "n/a")
                    for day, name, count in zip(table[p], table["scenario"], counts, strict=True)
                ]
                for p in ("p10", "p50", "p80")
            },
        }
    )


def share_text(value: float, count: int) -> str:
    """Write a share in percent with an error that also holds near 0 and 100."""
    if not count:
        return "n/a"
    low, high = wilson_interval(value * count, count)
    error = float(high - low) / 2 / z_value(CONFIDENCE)
    return f"{100 * value:.0f} +- {100 * error:.0f} %"


def month_text(day: Any) -> str:
    """Write a date to the month; nothing for NaT."""
    return "" if pd.isna(day) else f"{day:%Y-%m}"


def headline_text(scenarios: Sequence[SavedScenario]) -> str:
    """The headline table as text."""
    return headline(scenarios).to_string(index=False)


def headline_html(scenarios: Sequence[SavedScenario]) -> str:
    """The headline table as HTML, for notebooks."""
    table = headline(scenarios).map(lambda value: escape(str(value)))
    html: str = table.to_html(index=False, escape=False, border=0)
    return html


def looks(written: dict[str, Any]) -> pd.DataFrame:
    """All looks of a sequential run as a table, a row for each scenario and look."""
    table = pd.DataFrame(written["looks"], columns=LOOK_COLUMNS)
    for name in ("value", "low", "high"):
        days = [float("nan") if day is None else day for day in table[name]]
        table[name] = pd.to_datetime([timestamp(day) for day in days])
    table.insert(1, "goal", written["goal"])
    return table
