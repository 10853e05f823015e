"""The register of assumptions: how strongly the milestones depend on each number that is not drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.analysis.effects import measure_of, paired, reached_pairs
from sim.analysis.estimates import mean
from sim.analysis.saved import SavedScenario
from sim.nature.calendar import DAYS_PER_MONTH
from sim.scenario.assumptions import Assumption

ENDS = ("smaller", "larger")
COLUMNS = [
    "parameter", "value", "unit", "kind", "basis", "end", "at", "milestone", "title", "months", "months_se",
    "reached", "reached_se", "replications",
]  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A number changed.

    Attributes:
        end: ``smaller`` or ``larger``.
        at: what it was set to.
        saved: the results with it; None if it cannot change any, because something overrules it.
    """

    assumption: Assumption
    end: str
    at: str
    saved: SavedScenario | None


@dataclass(frozen=True)
class Register:
    """What each number of a scenario does to its milestones, one at a time and on the same luck.

    Attributes:
        base: the scenario as it is.
        share: by which the numbers were made smaller and larger [-].
        trials: of each number, the smaller value first.
        untried: parameters with a value that the scenario does not allow, and why.
    """

    base: SavedScenario
    share: float
    trials: tuple[Trial, ...]
    untried: tuple[tuple[str, str], ...]

    def table(self) -> pd.DataFrame:
        """Effects on the mean dates, those of the strongest parameter first.

        Returns:
            A row for each trial and milestone: ``parameter``, ``value``, ``unit``, ``kind``, ``basis``,
            ``end`` (``smaller`` or ``larger``), ``at`` (the value tried), ``milestone``, ``title``,
            ``months`` (mean date with it minus without; what is not reached counts as the horizon) with
            ``months_se``, ``reached`` (percentage points more that reach it) with ``reached_se``, and
            ``replications``.
        """
        rows = [
            self._row(trial, milestone)
            for trial in self.trials
            for milestone in self.base.ids("milestones")
        ]
        table = pd.DataFrame(rows, columns=COLUMNS)
        strongest = table["months"].abs().groupby(table["parameter"]).transform("max")
        order = pd.DataFrame({"strongest": -strongest, "parameter": table["parameter"]})
        return table.loc[order.sort_values(list(order.columns), kind="stable").index].reset_index(drop=True)

    def _row(self, trial: Trial, milestone: str) -> dict[str, object]:
        about, measure = trial.assumption, measure_of(self.base, milestone)
        row: dict[str, object] = {
            "parameter": about.parameter, "value": about.value, "unit": about.unit, "kind": about.kind,
            "basis": about.basis, "end": trial.end, "at": trial.at,
            "milestone": milestone, "title": measure.title,
            "months": 0.0, "months_se": 0.0, "reached": 0.0, "reached_se": 0.0,
            "replications": self.base.replications,
        }  # fmt: skip
        if trial.saved is None:
            return row
        left, right = paired(trial.saved, self.base, measure)
        later = mean((left - right) / DAYS_PER_MONTH)
        with_it, without = reached_pairs(trial.saved, self.base, milestone)
        more = mean(100 * (with_it - without))
        return row | {
            "months": later.value, "months_se": later.standard_error,
            "reached": more.value, "reached_se": more.standard_error, "replications": len(left),
        }  # fmt: skip

    def strongest(self, milestone: str, most: int = 20) -> pd.DataFrame:
        """The parameters that move the mean date of a milestone most.

        Returns:
            Columns ``parameter``, ``value``, ``unit``, ``kind``, ``basis``, ``smaller`` and ``larger``
            (months later with the number smaller and larger) with ``smaller_se`` and ``larger_se``.
        """
        table = self.table()
        table = table[table["milestone"] == milestone]
        rows = []
        for _, part in table.groupby("parameter", sort=False):
            first = part.iloc[0]
            row = {name: first[name] for name in ("parameter", "value", "unit", "kind", "basis")}
            for trial in part.to_dict("records"):
                end = trial["end"]
                row |= {end: trial["months"], f"{end}_se": trial["months_se"], f"{end}_at": trial["at"]}
            rows.append(row)
        columns = ["parameter", "value", "unit", "kind", "basis", "smaller_at", "smaller", "smaller_se",
                   "larger_at", "larger", "larger_se"]  # fmt: skip
        found = pd.DataFrame(rows, columns=columns)
        swing = found[["smaller", "larger"]].abs().max(axis=1)
        return (
            found.loc[swing.sort_values(ascending=False, kind="stable").index]
            .head(most)
            .reset_index(drop=True)
        )
