"""Why is it later than there? The difference of two scenarios' dates by cause and by mission.

Both scenarios are taken on the same luck, replication by replication, so that the days add up exactly to
the difference of the restricted mean dates: what one of the two does not reach by the horizon counts there
with the horizon, under a cause of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.attribution import CALENDAR
from sim.analysis.display import Rendered
from sim.analysis.estimates import Estimate, Floats, mean, restricted
from sim.analysis.paths import NOBODY, Integers, Paths, read_paths
from sim.analysis.saved import SavedScenario
from sim.batch.store import ResultsError

NOT_REACHED = "not-reached"
DATA_DATE = "data-date"


@dataclass(frozen=True)
class WhyDifferent(Rendered):
    """Why a milestone is reached later, or earlier, in one scenario than in another, on the same luck.

    Attributes:
        scenario, reference: names.
        titles: theirs.
        milestone, title: id and title.
        pairs: replications that both have.
        both: how many of them reach the milestone in both.
        only_one: how many in one only; they count with the horizon, under the cause `NOT_REACHED`.
        before, after: restricted mean time since the data date of the reference [d].
        difference: mean of the scenario minus mean of the reference, paired [d].
        origin: data date of the reference.
    """

    scenario: str
    reference: str
    titles: tuple[str, str]
    milestone: str
    title: str
    pairs: int
    both: int
    only_one: int
    before: Estimate
    after: Estimate
    difference: Estimate
    origin: pd.Timestamp
    _by_cause: pd.DataFrame
    _by_mission: pd.DataFrame

    def causes(self) -> pd.DataFrame:
        """Days by which each cause makes the scenario later (+) or earlier (-), the largest change first.

        Returns:
            Columns ``cause``, ``days``, ``days_se``, ``occurs`` (share of the pairs that differ in it); the
            days add up to the difference of the mean dates.
        """
        return self._by_cause

    def missions(self) -> pd.DataFrame:
        """Days by mission, as `causes`, with the columns ``mission`` and ``name``."""
        return self._by_mission

    @property
    def included_in_words(self) -> str:
        """Say what the averages are over."""
        one = f"; {self.only_one} reach it in one only and count there with the horizon"
        return f"{self.pairs} pairs of replications, {self.both} reach it in both" + (
            one if self.only_one else ""
        )

    def __repr__(self) -> str:
        rows = [
            f"  {row['days']:+7.0f} +- {row['days_se']:3.0f} days  {row['cause']}"
            for row in self.causes().to_dict("records")
            if row["occurs"]
        ]
        head = f"{self.title}: {self.titles[0]} against {self.titles[1]}, {self.difference} days later"
        return "\n".join([head, f"over {self.included_in_words}", *rows])


def why_different(saved: SavedScenario, base: SavedScenario, milestone: str) -> WhyDifferent:
    """Attribute the difference of the restricted mean dates of two scenarios, pair by pair.

    Raises:
        ResultsError: paths were not recorded, there is no such milestone, or there is no pair.
    """
    sides = [read_paths(item, milestone) for item in (saved, base)]
    count = min(len(side.days) for side in sides)
    pairs = np.flatnonzero(sides[0].completed[:count] & sides[1].completed[:count])
    if not len(pairs):
        raise ResultsError(f"`{saved.name}` and `{base.name}` have no replication in common")
    horizon = min(saved.horizon, base.horizon) - base.origin
    shift = saved.origin - base.origin
    dates = [sides[0].days[pairs] + shift, sides[1].days[pairs]]
    cut = [restricted(side, horizon) for side in dates]
    both = np.isfinite(dates[0]) & np.isfinite(dates[1])
    rest = np.where(both, shift, cut[0] - cut[1])
    causes = _changes(saved, base, sides, pairs, both, by_mission=False)
    missions = _changes(saved, base, sides, pairs, both, by_mission=True)
    for changes in (causes, missions):
        _add_rest(changes, rest, both)
    before, after = mean(cut[1]), mean(cut[0])
    return WhyDifferent(
        scenario=saved.name,
        reference=base.name,
        titles=(saved.title, base.title),
        milestone=milestone,
        title=next(m["title"] for m in base.meta["milestones"] if m["id"] == milestone),
        pairs=len(pairs),
        both=int(both.sum()),
        only_one=int((np.isfinite(dates[0]) != np.isfinite(dates[1])).sum()),
        before=before,
        after=after,
        difference=mean(cut[0] - cut[1]),
        origin=pd.Timestamp(base.meta["data_date"]),
        _by_cause=_ranked_changes(causes, "cause"),
        _by_mission=_named(_ranked_changes(missions, "mission"), saved, base),
    )


Changes = dict[str, Floats]


def _changes(
    saved: SavedScenario,
    base: SavedScenario,
    sides: list[Paths],
    pairs: Integers,
    both: NDArray[np.bool_],
    by_mission: bool,
) -> Changes:
    """Days of the scenario minus days of the reference in each pair that reaches the milestone twice."""
    changes: Changes = {}
    for item, side, sign in zip((saved, base), sides, (1.0, -1.0), strict=True):
        names = [CALENDAR, *item.ids("missions")] if by_mission else list(item.meta["causes"])
        wanted = np.isin(side.replication, pairs[both])
        keys = (side.mission - NOBODY if by_mission else side.cause)[wanted]
        rows = np.searchsorted(pairs, side.replication[wanted])
        days = (side.end - side.start)[wanted]
        for number in np.unique(keys):
            column = changes.setdefault(names[number], np.zeros(len(pairs)))
            mine = keys == number
            np.add.at(column, rows[mine], sign * days[mine])
    return changes


def _add_rest(changes: Changes, rest: Floats, both: NDArray[np.bool_]) -> None:
    """Add what no path explains: a later data date, and milestones that one side does not reach."""
    if (rest[both] != 0).any():
        changes[DATA_DATE] = np.where(both, rest, 0.0)
    if (rest[~both] != 0).any():
        changes[NOT_REACHED] = np.where(both, 0.0, rest)


def _ranked_changes(changes: Changes, key: str) -> pd.DataFrame:
    rows = []
    for name, column in changes.items():
        estimate = mean(column)
        rows.append(
            {
                key: name,
                "days": estimate.value,
                "days_se": estimate.standard_error,
                "occurs": float((np.abs(column) > 1e-9).mean()),
            }
        )
    table = pd.DataFrame(rows, columns=[key, "days", "days_se", "occurs"])
    order = table["days"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _named(table: pd.DataFrame, saved: SavedScenario, base: SavedScenario) -> pd.DataFrame:
    names = {row["id"]: row["name"] for item in (base, saved) for row in item.meta["missions"]}
    table.insert(1, "name", [names.get(key, key.replace("-", " ")) for key in table["mission"]])
    return table
