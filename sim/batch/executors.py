"""Where chunks are computed: in this process, in processes of this machine, or on any executor."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from multiprocessing import connection, current_process, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, Protocol

from sim.batch.chunks import Chunk, Task, compute_chunk
from sim.batch.sampling import PLAIN, Sampling
from sim.batch.store import ResultsError
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign

_IN_FLIGHT_PER_WORKER = 2
_HEED_EVERY_SECONDS = 0.2
_PATIENCE_SECONDS = 5.0
_SUBMITTED = 64  # chunks under way on an executor whose workers nobody has counted


class Executor(Protocol):
    """What a caller may bring: `concurrent.futures`, a Dask client, MPI pools and the like."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Begin a call, and give a future with `result()`."""


class Job:
    """What all workers need to know: the campaigns, where their luck comes from, what to record."""

    def __init__(
        self, campaigns: list[Campaign], seed: int, record: Record, sampling: Sampling = PLAIN
    ) -> None:
        self.campaigns = campaigns
        self.seed = seed
        self.record = record
        self.sampling = sampling

    def compute(self, task: Task) -> Chunk:
        """Compute one chunk."""
        campaign = self.campaigns[task.scenario]
        return compute_chunk(campaign, self.luck(campaign, task), task, self.record)

    def luck(self, campaign: Campaign, task: Task) -> Luck:
        """Give the luck of a task."""
        unknown = tuple(draw.address for draw in campaign.draws(epistemic=True))
        return self.sampling.luck(self.seed, task.start, task.stop - task.start, unknown)


def compute_here(job: Job, tasks: Iterable[Task]) -> Iterator[Chunk]:
    """Compute chunks in this process, one after the other."""
    for task in tasks:
        yield job.compute(task)


def compute_in_processes(job: Job, tasks: Iterable[Task], workers: int) -> Iterator[Chunk]:
    """Compute chunks in worker processes, and give them as they are finished.

    The workers are started afresh (spawn), so that it does not matter what this process has done. Only a
    few chunks are under way at a time: memory does not grow with the batch.

    Raises:
        ResultsError: a worker died.
    """
    if _is_starting_up():
        raise ResultsError(
            "a process of your own pool started a batch while it imported your script; put what starts it "
            'under `if __name__ == "__main__":`'
        )
    with tempfile.TemporaryDirectory(prefix="ilrs-job-") as folder:
        # By way of a file: a worker that dies early must not leave this process writing into a full pipe.
        path = Path(folder) / "job"
        path.write_bytes(pickle.dumps(job))
        pool = ProcessPoolExecutor(workers, _SpawnWithoutMain(), _prepare_worker, (path,))
        yield from _compute_in(pool, iter(tasks), workers * _IN_FLIGHT_PER_WORKER)


def compute_with(executor: Executor, job: Job, tasks: Iterable[Task]) -> Iterator[Chunk]:
    """Compute chunks on an executor of the caller's: anything with `submit` whose futures have `result`.

    The executor stays open; a few chunks are under way at a time, and come in the order of the tasks.
    """
    payload = pickle.dumps(job)
    key = sha256(payload).hexdigest()
    waiting: deque[Any] = deque()
    for task in tasks:
        waiting.append(executor.submit(_compute_sent, key, payload, task))
        if len(waiting) > _SUBMITTED:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@lru_cache(maxsize=2)
def _unpacked(key: str, payload: bytes) -> Job:
    job: Job = pickle.loads(payload)
    return job


def _compute_sent(key: str, payload: bytes, task: Task) -> Chunk:
    """Compute a chunk in a worker that knows nothing yet of the job."""
    return _unpacked(key, payload).compute(task)


def _compute_in(pool: ProcessPoolExecutor, remaining: Iterator[Task], in_flight: int) -> Iterator[Chunk]:
    with _heeding_interrupts() as interrupted:
        try:
            under_way = {pool.submit(_compute, task) for task in islice(remaining, in_flight)}
            while under_way:
                finished, under_way = wait(under_way, _HEED_EVERY_SECONDS, FIRST_COMPLETED)
                for task in islice(remaining, len(finished)):
                    under_way.add(pool.submit(_compute, task))
                yield from _results(finished)
                if interrupted:
                    raise KeyboardInterrupt
        finally:
            _stop(pool)


@contextmanager
def _heeding_interrupts() -> Iterator[list[int]]:
    """Note Ctrl-C in a list, instead of raising it at any moment.

    Raised while the pool holds one of its locks, or where exceptions are ignored, it would hang or be lost.
    """
    noted: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield noted
        return
    signal.signal(signal.SIGINT, lambda number, _: noted.append(number))
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


class _ProcessWithoutMain(SpawnProcess):
    """A fresh process that does not import the user's script: a job needs nothing from it.

    So a script needs no ``if __name__ == "__main__"``, and what was typed into a cell is no obstacle.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        known = sys.modules["__main__"].__dict__
        kept: dict[str, Any] = {name: known[name] for name in ("__spec__", "__file__") if name in known}
        known.update(dict.fromkeys(kept))
        try:
            return SpawnProcess._Popen(process_obj)
        finally:
            known.update(kept)


class _SpawnWithoutMain(SpawnContext):
    Process = _ProcessWithoutMain


def _is_starting_up() -> bool:
    """True in a worker that is importing the user's script, which would start workers of its own."""
    return bool(getattr(current_process(), "_inheriting", False))


def _results(finished: set[Future[Chunk]]) -> Iterator[Chunk]:
    for future in finished:
        try:
            yield future.result()
        except BrokenProcessPool:
            raise ResultsError(
                "a worker process died (perhaps for lack of memory); what was finished is saved. "
                "Run the same command again, with fewer --workers if memory is short"
            ) from None


def _stop(pool: ProcessPoolExecutor) -> None:
    """Stop the workers now: what they were computing is given up."""
    processes = list((pool._processes or {}).values())
    manager: Any = pool._executor_manager_thread
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    if manager is not None:
        manager.join(_PATIENCE_SECONDS)


_job: Job | None = None


def _prepare_worker(path: Path) -> None:
    """Set a worker up: Ctrl-C is the parent's business, and nobody outlives the parent."""
    global _job
    _job = pickle.loads(path.read_bytes())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    gc.freeze()


def _compute(task: Task) -> Chunk:
    assert _job is not None
    return _job.compute(task)


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
