"""What results say, in plain words: when milestones are reached, and what scenarios change.

Dates are said as exactly as their 90 percent intervals allow: to the month, to the year, or "about".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, cast

import numpy as np
import pandas as pd

from sim.analysis import tables
from sim.analysis.comparison import compare
from sim.analysis.estimates import CONFIDENCE, effective_count, wilson_interval, z_value
from sim.analysis.labels import scenario_labels
from sim.analysis.saved import Floats, SavedScenario
from sim.batch.store import ResultsError

FEW = 10
"""Futures below which only counts are said."""
_EXACT_DAYS, _ROUGH_DAYS = 365.0, 3 * 365.0
_MOST_CHANGES = 4

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Reached:
    """How often a milestone is reached by the horizon, and when.

    Attributes:
        says: what futures do that reach it.
        title: of the milestone.
        row: of the table of milestones.
        dates: in all futures, nan for never, in days since 1970-01-01 [d].
        low, high: 90 percent interval of the share that reaches it.
        by: year before which the simulation ends.
    """

    says: str
    title: str
    row: dict[str, Any]
    dates: Floats
    low: float
    high: float
    by: str

    @property
    def error(self) -> float:
        """Standard error of the share, which also holds near 0 and 1."""
        return (self.high - self.low) / 2 / z_value(CONFIDENCE)

    @property
    def count(self) -> int:
        """Futures that reach it."""
        return int(np.isfinite(self.dates).sum())


def in_words(
    scenarios: Sequence[SavedScenario], reference: str, milestones: Sequence[str] | None = None
) -> list[str]:
    """Say when the milestones of each scenario are reached, and what it changes against a reference."""
    labels = scenario_labels(scenarios)
    said: list[str] = []
    for saved in scenarios:
        before = f"{labels[saved.name]}: " if len(scenarios) > 1 else ""
        said += [before + sentence for sentence in when(saved, milestones)]
    base = labels[reference]
    for label, text in changes(scenarios, reference, milestones).items():
        said.append(f"{label} against {base}, mean dates on the same luck: {text}.")
    return said


def when(saved: SavedScenario, milestones: Sequence[str] | None = None) -> list[str]:
    """Say when the milestones of a scenario are reached, a sentence each.

    Args:
        saved: the scenario.
        milestones: ids; by default the headlines, or all if the scenario names none.

    Raises:
        ResultsError: there is no such milestone.
    """
    if not saved.completed.any():
        return []
    chosen = _chosen([saved], milestones)
    table = tables.milestones([saved])
    rows = {row["milestone"]: row for row in cast(Rows, table.to_dict("records"))}
    return [
        _sentence(_reached(saved, about, rows[about["id"]]))
        for about in saved.meta["milestones"]
        if about["id"] in chosen
    ]


def changes(
    scenarios: Sequence[SavedScenario], reference: str, milestones: Sequence[str] | None = None
) -> dict[str, str]:
    """Say what each scenario surely changes in its mean dates against a reference, on the same luck.

    Args:
        scenarios: those to compare.
        reference: name of the one to compare with.
        milestones: ids; by default all, of many changes the headlines and the largest only.

    Returns:
        What is said of each scenario, by its label.

    Raises:
        ResultsError: there is no such milestone.
    """
    done = [saved for saved in scenarios if saved.completed.any()]
    if len(done) < 2 or reference not in {saved.name for saved in done}:
        return {}
    first, labels = _chosen(done, milestones), scenario_labels(scenarios)
    table = compare(done, reference)
    if milestones is not None:
        table = table[table["milestone"].isin(first)]
    return {
        labels[str(name)]: _differences(cast(Rows, part.to_dict("records")), first)
        for name, part in table.groupby("scenario", sort=False)
    }


def headlines(scenarios: Sequence[SavedScenario]) -> list[str]:
    """Name the milestones that come first, ids: those that the scenarios say so of, or all."""
    known = {about["id"]: about for saved in scenarios for about in saved.meta["milestones"]}
    return [name for name, about in known.items() if about.get("headline")] or list(known)


def _chosen(scenarios: Sequence[SavedScenario], milestones: Sequence[str] | None) -> set[str]:
    """The milestones that sentences are about."""
    known = list(dict.fromkeys(name for saved in scenarios for name in saved.ids("milestones")))
    for name in milestones or ():
        if name not in known:
            there = ", ".join(f"`{item}`" for item in known)
            raise ResultsError(f"there is no milestone `{name}`; there are {there}")
    return set(headlines(scenarios) if milestones is None else milestones)


def _reached(saved: SavedScenario, about: dict[str, Any], row: dict[str, Any]) -> Reached:
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index(about["id"])]
    arrived = np.isfinite(dates).astype(float)
    count = effective_count(arrived, saved.groups)
    low, high = wilson_interval(float(arrived.mean()) * count, count)
    says = about.get("says") or f'reach "{about["title"]}"'
    return Reached(says, about["title"], row, dates, float(low), float(high), saved.meta["horizon"][:4])


def _sentence(found: Reached) -> str:
    count, total, says, by = found.count, len(found.dates), found.says, found.by
    if total < FEW:
        return (
            f"{found.title}: reached before {by} in {count} of {total} "
            f"future{'s' * (total > 1)}, too few to say more."
        )
    if count == 0:
        at_most = f"at most {_ceiling(found.high)} in a hundred"
        return f"None of the {total:,} futures {says} before {by} ({at_most})."
    median, late = _date_of_quantile(found, "p50"), _date_of_quantile(found, "p80")
    if count == total:
        first, last = (tables.timestamp(float(day)) for day in (found.dates.min(), found.dates.max()))
        if f"{first:%Y-%m}" == f"{last:%Y-%m}":
            return f"All {total:,} futures {says} in {first:%B %Y}."
        return f"All {total:,} futures {says} before {by}, half of them {_on(median)} (P80: {late})."
    share = _in_a_hundred(found.row["reached"], found.error)
    if found.row["p50"] is pd.NaT:
        head = "Fewer than half" if found.high < 0.5 else "About half"
        return f"{head} of the futures {says} before {by}: {share} in a hundred."
    never = _in_a_hundred(1 - found.row["reached"], found.error)
    return (
        f"Half of the futures {says} {_on(median)} (P80: {late}); {never} in a hundred never before {by}."
    )


def _on(date: str) -> str:
    return f"in {date}" if date.endswith("later") else f"by {date}"


def _date_of_quantile(found: Reached, name: str) -> str:
    """The date of a quantile, as exactly as its interval allows."""
    day, low, high = (found.row[f"{name}{suffix}"] for suffix in ("", "_low", "_high"))
    if pd.isna(day):
        return f"not by {found.by}"
    if pd.isna(high):
        return f"{day:%Y} or later"
    if pd.isna(low):
        return f"about {day:%Y}"
    width = (high - low) / pd.Timedelta(days=1)
    if width > _ROUGH_DAYS:
        return f"about {day:%Y}"
    return f"{day:%Y}" if width > _EXACT_DAYS else f"{day:%B %Y}"


def _differences(rows: Rows, first: set[str]) -> str:
    """Name the milestones that surely differ: of many the first, and that which differs most."""
    changed = {row["milestone"]: change for row in rows if (change := _change(row))}
    if not changed:
        same = all(_is_zero(row) for row in rows)
        return "the same dates in every future" if same else "no sure difference"
    shown = [name for name in changed if len(changed) <= _MOST_CHANGES or name in first | _largest(rows)]
    said = [f"{row['title']} {changed[row['milestone']]}" for row in rows if row["milestone"] in shown]
    if len(shown) < len(changed):
        said.append(f"{len(changed) - len(shown)} more dates differ, too")
    elif len(changed) < len(rows):
        said.append("no sure difference in the others")
    return "; ".join(said)


def _largest(rows: Rows) -> set[str]:
    """The milestone whose mean date surely changes most; none if several change alike."""
    months = {row["milestone"]: abs(row["mean_months"]) for row in rows if _is_sure_date(row)}
    largest = [name for name, value in months.items() if value == max(months.values())]
    return set(largest) if len(largest) == 1 else set()


def _is_sure_date(row: dict[str, Any]) -> bool:
    return _is_sure(row["mean_months"], row["mean_months_se"])


def _change(row: dict[str, Any]) -> str:
    """What surely changes at a milestone: its mean date, or else the share that reaches it."""
    months, error = row["mean_months"], row["mean_months_se"]
    if _is_sure_date(row):
        way = "later" if months > 0 else "earlier"
        return f"{_rounded(abs(months), error)} months {way}"
    share, error = 100 * row["reached"], 100 * row["reached_se"]
    if _is_sure(share, error):
        return f"reached in {_rounded(abs(share), error)} {'more' if share > 0 else 'fewer'} of a hundred"
    return ""


def _is_sure(value: float, error: float) -> bool:
    """True if the 90 percent interval leaves out zero; without an error, all pairs differ alike."""
    return isfinite(value) and value != 0 and abs(value) > z_value(CONFIDENCE) * np.nan_to_num(error)


def _is_zero(row: dict[str, Any]) -> bool:
    return all(row[name] == 0 for name in ("mean_months", "mean_months_se", "reached", "reached_se"))


def _in_a_hundred(share: float, error: float) -> str:
    return _rounded(100 * share, 100 * error)


def _rounded(value: float, error: float) -> str:
    """Write a value and its error in whole numbers, or in tenths where the error is below one half.

    >>> _rounded(14.2, 1.3), _rounded(14.2, 0.24), _rounded(14.2, 0.0)
    ('14 +- 1', '14.2 +- 0.2', '14')
    """
    if not error > 0:
        return f"{value:.0f}" if value == round(value) or value >= 10 else f"{value:.1f}"
    digits = 0 if error >= 0.5 else 1
    return f"{value:.{digits}f} +- {max(error, 0.1):.{digits}f}"


def _ceiling(share: float) -> str:
    """Write the upper end of a share in a hundred, rounded up.

    >>> _ceiling(0.0431), _ceiling(0.0004)
    ('5', '0.1')
    """
    value = 100 * share
    return f"{np.ceil(value):.0f}" if value > 1 else f"{np.ceil(10 * value) / 10:.1f}"
