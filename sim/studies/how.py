"""How the batches of a study are run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api import results_folder, run
from sim.scenario.load import Resolved

if TYPE_CHECKING:
    from sim.analysis.results import Results


@dataclass(frozen=True)
class How:
    """How batches are run. Nothing here but the seed changes a result."""

    n: int
    seed: int
    out: Path
    workers: int | None
    progress: bool

    def run(self, name: str, resolved: Sequence[Resolved], record: str) -> Results:
        """Run a batch into a folder of its own."""
        return run(
            list(resolved),
            self.n,
            seed=self.seed,
            out=self.out / name,
            workers=self.workers,
            record=record,
            progress=self.progress,
        )


def how_to_run(n: int, seed: int, out: str | Path | None, workers: int | None, progress: bool) -> How:
    """Take what every study is told, and a temporary folder if none is named."""
    return How(n, seed, results_folder(out), workers, progress)
