"""Running a batch: plan what is missing, compute it, write it, chunk by chunk."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.batch.chunks import Task
from sim.batch.describe import describe
from sim.batch.executors import Executor, Job, compute_here, compute_in_processes, compute_with
from sim.batch.provenance import engine_fingerprint, surroundings
from sim.batch.sampling import PLAIN, Sampling
from sim.batch.store import FORMAT, ResultsError, Store, StoredScenario, gaps, mend_of, write_json
from sim.model.world import Record
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved

DEFAULT_CHUNK = 50
RECORDS = {
    "dates": Record(series=False),
    "series": Record(series=True),
    "paths": Record(series=True, paths=True),
    "spans": Record(series=True, spans=True),
}

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """What a batch has to do.

    Attributes:
        total: replications asked for, over all scenarios.
        done: how many of them are there already.
        tasks: what is missing.
        damaged: chunks that were thrown away because their checksum did not fit.
    """

    total: int
    done: int
    tasks: list[Task]
    damaged: int


@dataclass(frozen=True)
class Settings:
    """How a batch is run. Nothing here changes a result but seed, record and sampling.

    A nested batch has its own number of replications; one in blocks has whole blocks.
    """

    replications: int = 500
    seed: int = 1
    workers: int | None = None
    record: str = "series"
    chunk: int = DEFAULT_CHUNK
    sampling: Sampling = PLAIN
    executor: Executor | None = None

    def worker_count(self) -> int:
        """Give the number of worker processes: all cores, unless it is set."""
        return self.workers or available_cores()


class Batch:
    """Scenarios that are run, or go on being run, into one results folder."""

    def __init__(self, resolved: Sequence[Resolved], folder: Path, settings: Settings) -> None:
        self.resolved = list(resolved)
        self.settings = settings
        self.sampling = settings.sampling
        self.store = Store(folder)
        self.campaigns = [compile_campaign(item.scenario, item.name) for item in self.resolved]

    def run(self, announce: Callable[[Plan], None] | None = None, progress: Progress | None = None) -> int:
        """Compute what is missing.

        Args:
            announce: told what will be done, before it is.
            progress: told after each chunk how many replications it had.

        Returns:
            How many of the replications computed now failed.

        Raises:
            ResultsError: the folder holds results of another kind, is in use, or cannot be written.
        """
        with locked(self.store.folder):
            scenarios = self._enter()
            plan = self._plan(scenarios)
            if announce is not None:
                announce(plan)
            failed = 0
            for chunk in self._compute(plan.tasks):
                task = chunk.task
                scenarios[task.scenario].write(task.start, task.stop, chunk.digest, chunk.payload)
                failed += chunk.failed
                if progress is not None:
                    progress(task.stop - task.start)
            return failed

    def seconds_per_replication(self) -> float:
        """Time two replications of the first scenario in this process, after one to warm up [s]."""
        job = Job(self.campaigns, self.settings.seed, RECORDS[self.settings.record])
        job.compute(Task(0, 0, 1))
        started = time.perf_counter()
        job.compute(Task(0, 1, 3))
        return (time.perf_counter() - started) / 2

    def _compute(self, tasks: list[Task]) -> Iterator[Any]:
        job = Job(self.campaigns, self.settings.seed, RECORDS[self.settings.record], self.sampling)
        if self.settings.executor is not None:
            return compute_with(self.settings.executor, job, tasks)
        workers = min(self.settings.worker_count(), len(tasks))
        if workers <= 1:
            return compute_here(job, tasks)
        return compute_in_processes(job, tasks, workers)

    def _enter(self) -> list[StoredScenario]:
        """Make sure that old and new results fit, and write down what the new ones are."""
        batch = self._batch_data()
        if self.store.exists:
            old = self.store.batch()
            check_same_engine(self.store.folder, old, batch)
            batch["runs"] = old["runs"] + batch["runs"]
            batch |= {key: old[key] for key in ("until",) if key in old}
            if self.sampling.kind == "nested":
                wanted = self.sampling
                self.sampling = Sampling.read(old).extended(wanted.draws, wanted.seeds)
                batch["sampling"] = self.sampling.written()
        scenarios = [
            self._enter_scenario(number, item, campaign)
            for number, (item, campaign) in enumerate(zip(self.resolved, self.campaigns, strict=True))
        ]
        self.store.write_batch(batch)
        return scenarios

    def _batch_data(self) -> dict[str, Any]:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "format": FORMAT,
            "seed": self.settings.seed,
            "record": self.settings.record,
            "sampling": self.sampling.written(),
            "fingerprint": engine_fingerprint(),
            "runs": [
                {
                    "started": started,
                    **surroundings(),
                    "replications": self.sampling.replications(self.settings.replications),
                    "scenarios": [item.name for item in self.resolved],
                }
            ],
        }

    def _enter_scenario(self, number: int, item: Resolved, campaign: Campaign) -> StoredScenario:
        folder = self.store.scenario_folder(item.name)
        meta = {"order": number, **describe(item, campaign)}
        if (folder / "scenario.json").is_file():
            old = StoredScenario(folder).meta
            check_same_scenario(folder.parent.parent, old, meta)
            meta["order"] = old["order"]
        elif self.store.exists:
            meta["order"] = len(self.store.scenarios())
        write_json(folder / "scenario.json", meta)
        return StoredScenario(folder)

    def _plan(self, scenarios: list[StoredScenario]) -> Plan:
        tasks: list[Task] = []
        damaged = 0
        wanted = self.sampling.replications(self.settings.replications)
        size = self.sampling.block or self.settings.chunk
        for number, scenario in enumerate(scenarios):
            whole = []
            for chunk in scenario.chunks():
                if chunk.is_whole():
                    whole.append(chunk)
                else:
                    chunk.path.unlink()
                    damaged += 1
            for start, stop in gaps(whole, wanted):
                tasks += [
                    Task(number, first, min(first + size, stop)) for first in range(start, stop, size)
                ]
        missing = sum(task.stop - task.start for task in tasks)
        total = wanted * len(scenarios)
        return Plan(total, total - missing, interleaved(tasks), damaged)


def interleaved(tasks: list[Task]) -> list[Task]:
    """Order tasks by replication first, so that scenarios can be compared while a batch runs."""
    return sorted(tasks, key=lambda task: (task.start, task.scenario))


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_same_engine(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Refuse to put results of two seeds, records, kinds of luck or versions into one folder.

    Raises:
        ResultsError: says what differs and what to do.
    """
    differences = [
        f"{key} was {old[key]}, is {new[key]}" for key in ("seed", "record") if old[key] != new[key]
    ]
    before_kind, now_kind = Sampling.read(old).kind, Sampling.read(new).kind
    if before_kind != now_kind:
        differences.append(f"the luck was {before_kind}, is {now_kind}")
    was, now = old["fingerprint"], new["fingerprint"]
    for key in sorted(was.keys() | now.keys()):
        before, after = was.get(key, "none"), now.get(key, "none")
        if before != after:
            differences.append(f"{key} was {before[:12]}, is {after[:12]}")
    if differences:
        raise ResultsError(_mismatch(folder, differences))


def check_same_scenario(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Refuse to go on with a scenario that was changed.

    Raises:
        ResultsError: says which values differ and what to do.
    """
    if old["digest"] != new["digest"]:
        changes = list(_changes(old["effective"], new["effective"]))
        shown = [f"scenario {new['name']}: {change}" for change in changes[:5]]
        if len(changes) > len(shown):
            shown.append(f"and {len(changes) - len(shown)} more changes")
        raise ResultsError(_mismatch(folder, shown))


def _mismatch(folder: Path, differences: list[str]) -> str:
    lines = [f"{folder} holds results that do not fit what is to be run:"]
    lines += [f"  {difference}" for difference in differences]
    lines.append("Write elsewhere with --out, or throw the old results away with --fresh.")
    return "\n".join(lines)


def _changes(old: Any, new: Any, path: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            below = f"{path}.{key}" if path else str(key)
            yield from _changes(old.get(key, "not there"), new.get(key, "not there"), below)
    elif old != new:
        yield f"{path} was {_short(old)}, is {_short(new)}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a results folder to this run.

    Raises:
        ResultsError: another run is using it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        message = f"another run is writing to {folder}; wait for it, or choose another --out"
        raise ResultsError(message) from None
    except (FileExistsError, NotADirectoryError):
        message = f"cannot write to {folder}: it is a file; name a folder for the results, as --out results"
        raise ResultsError(message) from None
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}{mend_of(error)}") from None
