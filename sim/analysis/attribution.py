"""Why is it late? The days to a milestone by cause and by mission, averaged over replications.

The critical path of a replication tiles the time from the data date to the milestone: each day belongs to
one mission and one cause. Averaged over replications the days add up exactly to the mean date. A
replication that does not reach the milestone by the horizon has no path: it is counted and left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.display import Rendered
from sim.analysis.estimates import Estimate, Floats, mean, share
from sim.analysis.paths import NOBODY, Integers, Paths, read_paths
from sim.analysis.saved import SavedScenario
from sim.analysis.tables import timestamp
from sim.batch.store import ResultsError

FUTURES = ("all", "best-fifth", "worst-fifth")
CALENDAR = "calendar"
_FIFTH = 0.2


@dataclass(frozen=True)
class Why(Rendered):
    """Why a milestone of one scenario is reached no earlier.

    Attributes:
        meta: what is known of the scenario.
        milestone: id.
        futures: ``all``, ``best-fifth`` or ``worst-fifth`` of those that reach the milestone.
        completed: replications that are there.
        reached: how many of them reach the milestone by the horizon.
        paths: the critical paths of all of them.
        included: the replications that the averages are over, in ascending order.
    """

    meta: dict[str, Any]
    milestone: str
    futures: str
    completed: int
    reached: int
    paths: Paths
    included: Integers

    @property
    def title(self) -> str:
        """Title of the milestone."""
        return str(next(m["title"] for m in self.meta["milestones"] if m["id"] == self.milestone))

    @property
    def data_date(self) -> pd.Timestamp:
        """Where the paths begin."""
        return pd.Timestamp(self.meta["data_date"])

    @property
    def mean_days(self) -> Estimate:
        """Mean time from the data date to the milestone over the included replications [d]."""
        return mean(self.paths.days[self.included])

    @property
    def mean_date(self) -> Any:
        """Mean date over the included replications; NaT if there is none."""
        return timestamp((self.data_date - pd.Timestamp(0)).days + self.mean_days.value)

    @property
    def included_in_words(self) -> str:
        """Say which replications the averages are over, and which are left out."""
        left = self.completed - self.reached
        late = (
            f"; {left} of {self.completed} do not reach it by {self.meta['horizon'][:4]} and have no path"
        )
        which = {
            "all": f"the {self.reached} of {self.completed} replications that reach it",
            "best-fifth": f"the earliest {len(self.included)} of the {self.reached} that reach it",
            "worst-fifth": f"the latest {len(self.included)} of the {self.reached} that reach it",
        }[self.futures]
        return which + (late if left else "")

    def causes(self) -> pd.DataFrame:
        """Days by cause, the longest first.

        Returns:
            Columns ``cause``, ``days``, ``days_se``, ``share`` (of the whole time) and ``occurs`` (share
            of the replications with such days on the path); the days add up to the mean time.
        """
        table = self._averaged(self._cause_names, lambda paths: paths.cause)
        return table.rename(columns={"key": "cause"})

    def missions(self) -> pd.DataFrame:
        """Days by mission, the longest first, with its criticality index.

        Returns:
            Columns ``mission``, ``name``, ``days``, ``days_se``, ``share``, ``criticality`` (share of the
            replications in which the mission is on the path) with ``criticality_se``, ``enters`` and
            ``leaves`` (mean days since the data date at which the path does, where it is on it).
        """
        table = self._averaged(self._mission_ids, lambda paths: paths.mission - NOBODY)
        table = table.rename(columns={"key": "mission", "occurs": "criticality"})
        table.insert(1, "name", [self._mission_names[key] for key in table["mission"]])
        counts = (table["criticality"] * len(self.included)).round().astype(int)
        table["criticality_se"] = [share(int(count), len(self.included)).standard_error for count in counts]
        stretches = self._stretches()
        return table.merge(stretches, on="mission", how="left")

    def pieces(self) -> pd.DataFrame:
        """Days by mission and cause, the longest first.

        Returns:
            Columns ``mission``, ``name``, ``cause``, ``days``, ``days_se``, ``share``, ``occurs``.
        """
        width = len(self._cause_names)
        keys = [(m, c) for m in self._mission_ids for c in self._cause_names]
        table = self._averaged(keys, lambda paths: (paths.mission - NOBODY) * width + paths.cause)
        pairs = list(table.pop("key"))
        table.insert(0, "mission", [pair[0] for pair in pairs])
        table.insert(1, "name", [self._mission_names[pair[0]] for pair in pairs])
        table.insert(2, "cause", [pair[1] for pair in pairs])
        return table

    def handovers(self) -> pd.DataFrame:
        """How often the path goes over from one mission to another.

        Returns:
            Columns ``before``, ``after`` (ids), ``cause`` (what the later one waited for, if it did) and
            ``occurs`` (share of the replications), the most frequent first.
        """
        at = np.flatnonzero(self._paths.hands_over)
        ids, names = np.array(self._mission_ids), np.array(self._cause_names)
        table = pd.DataFrame(
            {
                "replication": self._paths.replication[at],
                "before": ids[self._paths.mission[at] - NOBODY],
                "after": ids[self._paths.mission[at + 1] - NOBODY],
                "cause": names[self._paths.cause[at + 1]],
            }
        )
        grouped = table.groupby(["before", "after"], sort=True)
        counted = grouped.agg(
            cause=("cause", lambda causes: causes.mode().iloc[0]), occurs=("replication", "nunique")
        ).reset_index()
        counted["occurs"] = counted["occurs"] / max(1, len(self.included))
        return counted.sort_values("occurs", ascending=False, kind="stable", ignore_index=True)

    def typical_path(self) -> pd.DataFrame:
        """The order of missions that the path goes through most often, with its share.

        Returns:
            Columns ``path`` (ids, the first first) and ``occurs``, the most frequent first.
        """
        ids = self._mission_ids
        begins = np.append(True, self._paths.hands_over[:-1] | (np.diff(self._paths.replication) > 0))
        table = pd.DataFrame({"replication": self._paths.replication, "mission": self._paths.mission})[
            begins
        ]
        chains = table.groupby("replication")["mission"].agg(
            lambda numbers: " > ".join(ids[number - NOBODY] or CALENDAR for number in numbers)
        )
        counted = chains.value_counts(normalize=True).rename_axis("path").rename("occurs")
        return counted.reset_index()

    @cached_property
    def _paths(self) -> Paths:
        """The pieces of the included replications."""
        return self.paths.only(self.included)

    @property
    def _cause_names(self) -> list[str]:
        return list(self.meta["causes"])

    @property
    def _mission_ids(self) -> list[str]:
        """Ids of nobody and of all missions: the place of mission n is n + 1."""
        return ["", *(row["id"] for row in self.meta["missions"])]

    @property
    def _mission_names(self) -> dict[str, str]:
        return {"": "Nobody (calendar)", **{row["id"]: row["name"] for row in self.meta["missions"]}}

    def _averaged(self, keys: list[Any], number_of: Callable[[Paths], Integers]) -> pd.DataFrame:
        """Mean days of each key that occurs."""
        numbers, days = days_by(self._paths, number_of(self._paths), self.included)
        estimates = [mean(column) for column in days.T]
        table = pd.DataFrame(
            {
                "key": pd.Series([keys[number] for number in numbers], dtype=object),
                "days": [estimate.value for estimate in estimates],
                "days_se": [estimate.standard_error for estimate in estimates],
            }
        )
        table["share"] = table["days"] / self.mean_days.value
        table["occurs"] = (days > 0).mean(axis=0) if len(days) else 0.0
        return table.sort_values("days", ascending=False, kind="stable", ignore_index=True)

    def _stretches(self) -> pd.DataFrame:
        """Between which days, on average, the path runs through each mission."""
        ids = np.array(self._mission_ids)
        table = pd.DataFrame(
            {
                "mission": ids[self._paths.mission - NOBODY],
                "replication": self._paths.replication,
                "enters": self._paths.start,
                "leaves": self._paths.end,
            }
        )
        own = table.groupby(["mission", "replication"]).agg({"enters": "min", "leaves": "max"})
        return own.groupby("mission").mean().reset_index()

    def __repr__(self) -> str:
        causes = self.causes()
        rows = [
            f"  {row['days']:7.0f} +- {row['days_se']:3.0f} days  {row['share']:4.0%}  {row['cause']}"
            for row in causes.to_dict("records")
        ]
        when = f"{self.mean_days} days after the data date, {self.mean_date:%Y-%m}"
        head = f"{self.title} ({self.meta['title']}): {when}"
        return "\n".join([head, f"over {self.included_in_words}", *rows])


def why(saved: SavedScenario, milestone: str, futures: str = "all") -> Why:
    """Attribute the time to a milestone to causes and missions.

    Raises:
        ResultsError: paths were not recorded, there is no such milestone or choice of futures, or no
            replication reaches it.
    """
    if futures not in FUTURES:
        raise ResultsError(f"there are no futures `{futures}`; choose one of {', '.join(FUTURES)}")
    paths = read_paths(saved, milestone)
    reached = np.flatnonzero(np.isfinite(paths.days))
    if not len(reached):
        raise ResultsError(
            f"no replication of `{saved.name}` reaches `{milestone}` by the horizon, so there is no path "
            "to explain; what would let it be reached, the counterfactuals tell"
        )
    included = chosen_futures(paths.days, reached, futures)
    completed = int(saved.completed.sum())
    return Why(saved.meta, milestone, futures, completed, len(reached), paths, included)


def why_of(found: Why, futures: str) -> Why:
    """The same attribution over another choice of futures."""
    reached = np.flatnonzero(np.isfinite(found.paths.days))
    included = chosen_futures(found.paths.days, reached, futures)
    return replace(found, futures=futures, included=included)


def chosen_futures(days: Floats, reached: Integers, futures: str) -> Integers:
    """Choose the replications to average over: a fifth is rounded up, ties go by replication."""
    if futures == "all":
        return reached
    count = int(np.ceil(_FIFTH * len(reached)))
    order = reached[np.argsort(days[reached], kind="stable")]
    chosen = order[:count] if futures == "best-fifth" else order[-count:]
    return np.sort(chosen)


def days_by(paths: Paths, keys: Integers, included: Integers) -> tuple[Integers, Floats]:
    """Sum the days of pieces by replication and key.

    Args:
        paths: pieces of the included replications.
        keys: of each piece, shape (pieces,).
        included: replications, ascending.

    Returns:
        The keys that occur, and days [d], shape (replications, keys).
    """
    numbers, columns = np.unique(keys, return_inverse=True)
    days = np.zeros((len(included), len(numbers)))
    np.add.at(days, (np.searchsorted(included, paths.replication), columns), paths.end - paths.start)
    return numbers.astype(np.int64), days
