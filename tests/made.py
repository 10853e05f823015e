"""Results made by hand: scenarios whose arrays a test writes down itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.results import Results
from sim.analysis.saved import PLAIN, SavedScenario

DATA_DATE, HORIZON = "2030-01-01", "2051-01-01"
NEVER = np.nan


class Made(SavedScenario):
    """A scenario whose saved arrays are given; every replication is completed."""

    def __init__(
        self, meta: Mapping[str, Any], arrays: Mapping[str, Any], name: str = "made", title: str = "Made"
    ) -> None:
        self.sampling, self.chunks = PLAIN, []
        self.name, self.title = name, title
        months = np.arange(DATA_DATE[:7], HORIZON[:7], dtype="datetime64[M]").astype("datetime64[D]")
        about: dict[str, Any] = {
            "data_date": DATA_DATE,
            "horizon": HORIZON,
            "months": months.astype(str).tolist(),
        }
        about |= {"missions": [], "milestones": []}
        self.meta = {**about, "title": title, **meta}
        self.arrays = {key: np.asarray(value) for key, value in arrays.items()}
        self.arrays["completed"] = np.ones(self.replications, dtype=bool)

    @property
    def replications(self) -> int:
        return len(next(iter(self.arrays.values())))

    def read(self, name: str, start: int = 0, stop: int | None = None) -> Any:
        return self.arrays[name][start:stop]

    def has(self, name: str) -> bool:
        return name in self.arrays


def day(text: str) -> float:
    """Days from the data date to a date."""
    return float((np.datetime64(text) - np.datetime64(DATA_DATE)).astype(int))


def reaching(dates: Sequence[float], name: str = "made", title: str = "Made", **about: Any) -> Made:
    """A scenario with one milestone, `goal`, that is reached on these days, nan for never."""
    milestone = {"id": "goal", "title": "Goal", "planned": None, **about}
    return Made({"milestones": [milestone]}, {"milestone_day": np.array(dates)[:, None]}, name, title)


def results_of(*scenarios: Made) -> Results:
    return Results(Path("nowhere"), {"seed": 1, "record": "series"}, list(scenarios))
