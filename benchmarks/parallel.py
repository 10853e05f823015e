"""What a second core gains."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sim.batch.run import Batch, Settings
from sim.scenario.load import load_all

AIM_GAIN = 1.8


def parallel_gain(replications: int = 6000) -> Iterator[str]:
    """Wall time of the same batch with one and with two workers."""
    seconds = {workers: _batch_seconds(workers, replications) for workers in (1, 2)}
    yield f"parallel: {replications} replications of the baseline, results written"
    for workers, needed in seconds.items():
        yield f"  {workers} worker{'s' if workers > 1 else ' '} {needed:7.1f} s"
    yield f"  gain {seconds[1] / seconds[2]:.2f} (aim: {AIM_GAIN} on two cores)"


def _batch_seconds(workers: int, replications: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(replications=replications, workers=workers)
        batch = Batch(load_all(["baseline"]), Path(folder), settings)
        started = time.perf_counter()
        batch.run()
        return time.perf_counter() - started
