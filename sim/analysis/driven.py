"""The answer to "what drives the dates?": one object with the tables of all views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.display import as_html
from sim.analysis.drivers import FEWEST, Sample, assumptions, correlations, tornado
from sim.analysis.estimates import Floats
from sim.analysis.indices import indices
from sim.analysis.regions import regions
from sim.batch.store import ResultsError

_SHOWN = ["title", "unknown", "rank_correlation", "low", "high", "first_order"]


@dataclass(frozen=True)
class Drivers:
    """What was evaluated to find the drivers of a scenario.

    Attributes:
        seed: of the luck.
        sample: plain replications with what was not known in each.
        ends: for each unknown the days with it at its P10 and at its P90; none if not asked for.
        runs: of the Sobol design, see `sim.analysis.indices.indices`; none if not asked for.
    """

    seed: int
    sample: Sample
    ends: list[tuple[Floats, Floats]] | None
    runs: list[Floats] | None

    @property
    def meta(self) -> dict[str, Any]:
        """Description of the scenario."""
        return self.sample.meta

    @property
    def replications(self) -> int:
        """How many replications were run altogether."""
        more = [table for pair in self.ends or [] for table in pair]
        more += (self.runs or [])[1:]  # the first is a part of the sample
        return len(self.sample.days) + sum(len(table) for table in more)

    def correlations(self, milestone: str) -> pd.DataFrame:
        """Rank correlations of a date with what is not known; see `sim.analysis.drivers.correlations`."""
        return correlations(self.sample, milestone)

    def tornado(self, milestone: str) -> pd.DataFrame:
        """Dates with each unknown at its P10 and P90; see `sim.analysis.drivers.tornado`.

        Raises:
            ResultsError: no tornado was asked for.
        """
        if self.ends is None:
            raise ResultsError("no tornado was run; ask for one with tornado=100")
        count = len(self.ends[0][0]) if self.ends else 0
        return tornado(self.meta, self.sample.days[:count], self.ends, milestone)

    def indices(self, milestone: str) -> pd.DataFrame:
        """First and total Sobol indices; see `sim.analysis.indices.indices`.

        Raises:
            ResultsError: no Sobol design was asked for.
        """
        if self.runs is None:
            raise ResultsError("no Sobol design was run; ask for one with sobol=128")
        return indices(self.meta, self.runs, milestone, self.seed)

    def regions(self, milestone: str, by: str | None = None) -> pd.DataFrame:
        """Regions of the unknowns that lead to failure; see `sim.analysis.regions.regions`."""
        return regions(self.sample, milestone, by)

    def assumptions(self) -> pd.DataFrame:
        """The assumption register: every milestone against every unknown."""
        return assumptions([(self.sample, None, self.meta["name"])])

    def __repr__(self) -> str:
        head = f"Drivers of {self.meta['name']}: {len(self.meta['unknowns'])} unknowns"
        said = [
            f"  {row['title']}: {row['unknown']} (rank correlation {row['rank_correlation']:+.2f})"
            for row in self._strongest().to_dict("records")
        ]
        lines = said or ["  nothing that is surely no chance"]
        return "\n".join([f"{head}, {self.replications} replications; what goes most with", *lines])

    def _repr_html_(self) -> str:
        table = self._strongest()
        said = repr(self)
        return as_html(said.partition("\n")[0], table[_SHOWN]) if len(table) else as_html(said)

    def _strongest(self) -> pd.DataFrame:
        """The strongest unknown of each milestone, if it is surely no chance."""
        if len(self.sample.days) < FEWEST or not self.meta["unknowns"]:
            return pd.DataFrame()
        register = self.assumptions()
        return register[register["matters"]].groupby("milestone", sort=False).head(1)
