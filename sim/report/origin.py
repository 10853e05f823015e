"""How results were made, and how to make them again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.batch.sampling import Sampling
from sim.plots.words import scenario_labels


@dataclass(frozen=True)
class About:
    """A scenario in the report."""

    name: str
    label: str
    question: str
    completed: int
    failed: int
    asked: int
    data_date: str
    horizon: str
    digest: str


@dataclass(frozen=True)
class Failure:
    """An error that one or more replications of a scenario raised."""

    scenario: str
    error: str
    count: int
    replications: str
    traceback: str


def about(results: Results) -> list[About]:
    """Say of each scenario what it asks and how far it was run."""
    labels = scenario_labels(results.saved)
    return [
        About(
            name=saved.name,
            label=labels[saved.name],
            question=saved.meta["question"],
            completed=int(saved.completed.sum()),
            failed=len(saved.failures()),
            asked=_asked(results, saved),
            data_date=saved.meta["data_date"],
            horizon=saved.meta["horizon"],
            digest=saved.meta["digest"],
        )
        for saved in results.saved
    ]


def failures(results: Results) -> list[Failure]:
    """Group the replications that failed by scenario and error, each with one traceback."""
    table = results.failures()
    return [
        Failure(
            scenario=str(scenario),
            error=str(error),
            count=len(rows),
            replications=_some(rows["replication"]),
            traceback=rows["traceback"].iloc[0],
        )
        for (scenario, error), rows in table.groupby(["scenario", "error"], sort=False)
    ]


def origin(results: Results) -> dict[str, str]:
    """Say what the results were made with: seed, versions, digests, times and commands."""
    batch = results.batch
    last = batch["runs"][-1]
    scenarios = about(results)
    return {
        "Seed": str(results.seed),
        "Luck": _luck_in_words(Sampling.read(batch)),
        "Recorded": str(batch["record"]),
        "Data date": _distinct(scenario.data_date for scenario in scenarios),
        "Horizon": _distinct(scenario.horizon for scenario in scenarios),
        "Run": "; ".join(_run_in_words(run) for run in batch["runs"]),
        "ILRS-Sim": str(last["ilrs-sim"]),
        "Python": f"{last['python']} on {last['platform']}",
        **{key.capitalize(): str(value) for key, value in sorted(batch["fingerprint"].items())},
        "Digest of these results": results.digest(),
    }


def repeat_command(results: Results) -> str:
    """Give the command that makes these results again, if the scenarios are the shipped ones."""
    changes = _changes(results.batch["runs"][-1]["command"])
    laid_over = "".join(f"+{Path(file).stem}" for option, file in changes if option == "--with")
    bare = (re.sub(r"\[.*\]$", "", name).removesuffix(laid_over) for name in results.scenarios)
    count = max((saved.replications for saved in results.saved), default=0)
    words = ["ilrs", "run", *dict.fromkeys(bare), *(word for pair in changes for word in pair)]
    words += [*_how_many(results, count), "--seed", str(results.seed)]
    return shlex.join([*words, "--record", str(results.batch["record"]), "--out", "again"])


def _changes(command: str) -> list[tuple[str, str]]:
    """What a command laid over its scenarios: its `--set` and `--with` with their values."""
    words = command.split()
    pairs = [(word, value) for word, value in pairwise(words) if word in ("--set", "--with")]
    joined = (word.partition("=") for word in words if word.startswith(("--set=", "--with=")))
    return pairs + [(option, value) for option, _, value in joined]


def _how_many(results: Results, count: int) -> list[str]:
    sampling = Sampling.read(results.batch)
    if sampling.kind == "nested":
        return ["--draws", str(sampling.draws), "--seeds", str(sampling.seeds)]
    return ["-n", str(count), *(["--luck", sampling.kind] if sampling.block else [])]


def _luck_in_words(sampling: Sampling) -> str:
    if sampling.kind == "nested":
        return f"in two layers, {sampling.draws} draws of what is not known by {sampling.seeds} of chance"
    return f"{sampling.kind}, in blocks of {sampling.block}" if sampling.block else "plain"


def _asked(results: Results, saved: SavedScenario) -> int:
    counts = [run["replications"] for run in results.batch["runs"] if saved.name in run["scenarios"]]
    return max(counts, default=saved.replications)


def _run_in_words(run: dict[str, Any]) -> str:
    return f"{run['started']}: {run['command']} ({run['replications']} replications of each scenario)"


def _some(numbers: Iterable[int], most: int = 10) -> str:
    texts = [str(number) for number in numbers]
    return ", ".join([*texts[:most], *(["…"] if len(texts) > most else [])])


def _distinct(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))
