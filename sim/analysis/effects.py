"""What a change does: exact effects in the model, the same replication with and without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.display import Rendered
from sim.analysis.estimates import Estimate, Floats, decimals, mean, restricted
from sim.analysis.ranking import Ranking, rank
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError
from sim.scenario.variation import Variation

CREW_DAYS, FIRM_POWER = "crew-days", "firm-power"
_LAST_MONTHS = 12
_ALIKE_DAYS = 1e-6


@dataclass(frozen=True)
class Measure:
    """An outcome of a replication as one number.

    Attributes:
        id: ``crew-days``, ``firm-power``, or the id of a milestone.
        title: in words.
        unit: of the number.
        smaller_is_better: True for a date.
    """

    id: str
    title: str
    unit: str
    smaller_is_better: bool

    def values(self, saved: SavedScenario, count: int) -> Floats:
        """Read it for the first replications, shape (count,); nan where one is missing or failed.

        A milestone's date is in days since 1970-01-01, at most the horizon; firm power is the mean over
        the last twelve months.
        """
        if self.id == CREW_DAYS:
            values = saved.read("crew_days", 0, count).astype(float)
        elif self.id == FIRM_POWER:
            row = saved.meta["series"].index("firm_power_kw")
            values = saved.read("series", 0, count)[:, row, -_LAST_MONTHS:].mean(axis=1).astype(float)
        else:
            column = saved.ids("milestones").index(self.id)
            days = saved.read("milestone_day", 0, count)[:, column] + saved.origin
            values = np.asarray(restricted(days, saved.horizon), dtype=np.float64)
        return np.asarray(np.where(saved.completed[:count], values, np.nan), dtype=np.float64)


def measure_of(saved: SavedScenario, name: str) -> Measure:
    """Find the measure of a name.

    Raises:
        ResultsError: there is none.
    """
    if name == CREW_DAYS:
        return Measure(name, "Crew-days at the station", "person-days", False)
    if name == FIRM_POWER:
        return Measure(name, "Firm power in the last year", "kW", False)
    for row in saved.meta["milestones"]:
        if row["id"] == name:
            return Measure(name, row["title"], "days", True)
    known = ", ".join(f"`{item}`" for item in (*saved.ids("milestones"), CREW_DAYS, FIRM_POWER))
    raise ResultsError(f"there is no outcome `{name}`; there are {known}")


def paired(saved: SavedScenario, base: SavedScenario, measure: Measure) -> tuple[Floats, Floats]:
    """Read a measure in the replications that both have."""
    count = min(saved.replications, base.replications)
    left, right = measure.values(saved, count), measure.values(base, count)
    both = np.isfinite(left) & np.isfinite(right)
    return left[both], right[both]


def reached_pairs(saved: SavedScenario, base: SavedScenario, milestone: str) -> tuple[Floats, Floats]:
    """Whether a milestone is reached in the replications that both have, 0 or 1."""
    count = min(saved.replications, base.replications)
    both = saved.completed[:count] & base.completed[:count]

    def reached(item: SavedScenario) -> Floats:
        column = item.ids("milestones").index(milestone)
        days = item.read("milestone_day", 0, count)[both, column]
        return np.asarray(np.isfinite(days), dtype=np.float64)

    return reached(saved), reached(base)


@dataclass(frozen=True)
class Counterfactuals(Rendered):
    """What would have been different: effects of single changes on the date of a milestone.

    Attributes:
        base: the scenario as it is.
        milestone: whose date is looked at.
        variations: the changes.
        varied: their results, in the same order.
    """

    base: SavedScenario
    milestone: str
    variations: tuple[Variation, ...]
    varied: tuple[SavedScenario, ...]

    @property
    def title(self) -> str:
        """Title of the milestone."""
        return measure_of(self.base, self.milestone).title

    def table(self) -> pd.DataFrame:
        """Effects, the largest gain first.

        Returns:
            Columns ``candidate``, ``title``, ``days`` (mean date with the change minus without; what is not
            reached counts as the horizon), ``days_se``, ``reached`` (percentage points more that reach it),
            ``reached_se``, ``changed`` (share of the replications in which the date differs),
            ``median_days`` (median change in those) and ``pairs``.
        """
        measure = measure_of(self.base, self.milestone)
        rows = []
        for variation, saved in zip(self.variations, self.varied, strict=True):
            left, right = paired(saved, self.base, measure)
            days, more = (
                mean(left - right),
                mean(np.subtract(*reached_pairs(saved, self.base, self.milestone))),
            )
            differs = np.abs(left - right) > _ALIKE_DAYS
            rows.append(
                {
                    "candidate": variation.id,
                    "title": variation.title,
                    "days": days.value,
                    "days_se": days.standard_error,
                    "reached": 100 * more.value,
                    "reached_se": 100 * more.standard_error,
                    "changed": float(differs.mean()) if len(differs) else np.nan,
                    "median_days": float(np.median((left - right)[differs])) if differs.any() else 0.0,
                    "pairs": len(left),
                }
            )
        columns = ["candidate", "title", "days", "days_se", "reached", "reached_se", "changed"]
        table = pd.DataFrame(rows, columns=[*columns, "median_days", "pairs"])
        return table.sort_values("days", kind="stable", ignore_index=True)

    def sentences(self) -> list[str]:
        """Say each effect in one line, the largest gain first."""
        return [
            f"{row['title']}: {in_days(row['days'], row['days_se'])}"
            for row in self.table().to_dict("records")
        ]

    def __repr__(self) -> str:
        return "\n".join([f"{self.title}: what would have changed its mean date", *self.sentences()])


def in_days(value: float, error: float, unit: str = "days") -> str:
    """Write an effect rounded to its error.

    >>> in_days(-212.7, 9.1), in_days(0.0, 0.0)
    ('-213 +- 9 days', 'no change')
    """
    if not error > 0:
        return f"{value:+.0f} {unit}" if abs(value) > _ALIKE_DAYS else "no change"
    digits = min(decimals(error), 0 if error >= 1 else 1)
    return f"{value:+.{digits}f} +- {max(error, 0.1):.{digits}f} {unit}"


@dataclass(frozen=True)
class PartnerDependency(Rendered):
    """What the exit of each partner costs.

    Attributes:
        base: the scenario with all of them.
        exits: partner, its name, the year of its exit, and the results without it from then on.
        milestones: ids that are looked at.
    """

    base: SavedScenario
    exits: tuple[tuple[str, str, int, SavedScenario], ...]
    milestones: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """What each exit costs, a row for each partner, year and measure.

        Returns:
            Columns ``partner``, ``name``, ``year``, ``measure``, ``title``, ``unit`` (days later for a
            milestone, where what is not reached counts as the horizon; kW; person-days), ``change``,
            ``change_se``, ``reached`` (percentage points; nan but for milestones), ``reached_se``.
        """
        rows = []
        for partner, name, year, saved in self.exits:
            for measure in (measure_of(self.base, m) for m in (*self.milestones, FIRM_POWER, CREW_DAYS)):
                left, right = paired(saved, self.base, measure)
                change, reached = mean(left - right), Estimate(np.nan, np.nan)
                if measure.id in self.milestones:
                    reached = mean(np.subtract(*reached_pairs(saved, self.base, measure.id)))
                rows.append(
                    {
                        "partner": partner,
                        "name": name,
                        "year": year,
                        "measure": measure.id,
                        "title": measure.title,
                        "unit": measure.unit,
                        "change": change.value,
                        "change_se": change.standard_error,
                        "reached": 100 * reached.value,
                        "reached_se": 100 * reached.standard_error,
                    }
                )
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        table = self.table()
        cells = [
            in_days(v, e, u)
            for v, e, u in zip(table["change"], table["change_se"], table["unit"], strict=True)
        ]
        wide = table.assign(cell=cells).pivot(index=["name", "year"], columns="title", values="cell")
        return str(wide[list(dict.fromkeys(table["title"]))].to_string())


@dataclass(frozen=True)
class Levers(Rendered):
    """Policies ranked by an outcome.

    Attributes:
        base: the scenario without any of them.
        measure: the outcome.
        variations: the policies.
        varied: their results, in the same order.
    """

    base: SavedScenario
    measure: Measure
    variations: tuple[Variation, ...]
    varied: tuple[SavedScenario, ...]

    NOTHING = "nothing"

    @property
    def ranking(self) -> Ranking:
        """The ranking, doing nothing included."""
        names, values = self._values()
        return rank(values, names, smaller_is_better=self.measure.smaller_is_better)

    def table(self) -> pd.DataFrame:
        """Policies from best to worst, doing nothing among them.

        Returns:
            Columns ``lever``, ``title``, ``why``, ``effect`` (mean with it minus without, in the unit of
            the measure) with ``effect_se`` and its simultaneous interval ``low`` to ``high``, ``rank``,
            ``rank_best``, ``rank_worst``, ``may_be_best``, ``surely_helps`` and ``surely_harms``.
        """
        ranking = self.ranking
        names, values = self._values()
        about = {variation.id: variation for variation in self.variations}
        rows = []
        for row in ranking.table().to_dict("records"):
            number = names.index(row["option"])
            effect = mean(values[:, number] - values[:, 0])
            known = about.get(row["option"])
            rows.append(
                {
                    "lever": row["option"],
                    "title": known.title if known else "Doing nothing",
                    "why": known.why if known else "",
                    "effect": effect.value,
                    "effect_se": effect.standard_error,
                    "low": float(ranking.low[number, 0]),
                    "high": float(ranking.high[number, 0]),
                    "rank": row["rank"],
                    "rank_best": row["rank_best"],
                    "rank_worst": row["rank_worst"],
                    "may_be_best": row["may_be_best"],
                    "surely_helps": bool(ranking.better[number, 0]),
                    "surely_harms": bool(ranking.better[0, number]),
                }
            )
        return pd.DataFrame(rows)

    def _values(self) -> tuple[list[str], Floats]:
        """Names and outcomes of doing nothing and of each policy, in the replications that all have."""
        everything = (self.base, *self.varied)
        count = min(saved.replications for saved in everything)
        columns = np.stack([self.measure.values(saved, count) for saved in everything], axis=1)
        names = [self.NOTHING, *(variation.id for variation in self.variations)]
        return names, columns[np.isfinite(columns).all(axis=1)]

    def __repr__(self) -> str:
        rows: Sequence[dict[Any, Any]] = self.table().to_dict("records")
        lines = [
            f"  {row['rank_best']}-{row['rank_worst']}  "
            f"{in_days(row['effect'], row['effect_se'], self.measure.unit):>24}  {row['title']}"
            for row in rows
        ]
        return "\n".join([f"{self.measure.title}: what helps most", *lines, self.ranking.guarantee])
