"""The verbs of the library: run, trace, list."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.load import Resolved, load_all
from sim.scenario.shipped import shipped_scenarios as shipped_files

if TYPE_CHECKING:
    from sim.analysis.future import Future
    from sim.analysis.results import Results

Scenarios = str | Path | Resolved | Sequence[str | Path | Resolved]


def shipped_scenarios() -> list[str]:
    """Name the shipped scenarios, the baseline first."""
    return [path.stem for path in shipped_files()]


def run(
    scenarios: Scenarios,
    n: int = 500,
    *,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    record: str = "series",
    progress: bool = True,
) -> Results:
    """Run a batch of scenarios and open its results.

    Args:
        scenarios: names of shipped scenarios, files, or loaded scenarios; one or several.
        n: replications of each.
        seed: the same seed gives the same results, whatever the other arguments.
        settings: dotted keys and values laid over every scenario, such as
            ``{"delays.luna-26.months": 24}``.
        out: results folder; by default a temporary one. A folder that holds a part of these results
            already is completed, not computed again.
        workers: processes; by default all cores.
        record: ``dates``, ``series`` (dates and monthly series), ``paths`` (these and the critical path
            to each milestone, for `Results.why`) or ``spans`` (these and what every mission waited for).
        progress: show a progress bar if it takes more than a moment.

    Raises:
        ScenarioError: a scenario is wrong; the text lists all mistakes.
        ResultsError: the folder holds other results, or cannot be written.
    """
    from sim.analysis.results import open_results
    from sim.batch.progress import no_bar, progress_bar
    from sim.batch.run import Batch, Settings

    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="ilrs-"))
    resolved = _resolve(scenarios, settings)
    batch = Batch(resolved, folder, Settings(n, seed, workers, record))
    with (progress_bar if progress else no_bar)() as bar:
        batch.run(bar.begin, bar.advance)
    return open_results(folder)[[item.name for item in resolved]]


def trace(
    scenario: str | Path | Resolved,
    replication: int,
    *,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
) -> Future:
    """Run one replication again and keep everything that happened in it.

    Raises:
        ScenarioError: the scenario is wrong, or it is a sweep.
    """
    from sim.analysis.future import Future
    from sim.batch.trace import trace_replication

    return Future(trace_replication(resolve_one(scenario, settings), seed, replication))


def resolve_one(scenario: str | Path | Resolved, settings: Mapping[str, Any] | None) -> Resolved:
    """Load one scenario.

    Raises:
        ScenarioError: the scenario is wrong.
        ValueError: it is a sweep.
    """
    resolved = _resolve(scenario, settings)
    if len(resolved) != 1:
        names = ", ".join(item.name for item in resolved)
        raise ValueError(f"name one scenario, not a sweep; this one makes {names}")
    return resolved[0]


def _resolve(scenarios: Scenarios, settings: Mapping[str, Any] | None) -> list[Resolved]:
    items = [scenarios] if isinstance(scenarios, (str, Path, Resolved)) else list(scenarios)
    texts = {key: str(value) for key, value in (settings or {}).items()}
    resolved: list[Resolved] = []
    for item in items:
        resolved += [item] if isinstance(item, Resolved) else load_all([item], texts)
    return resolved
