"""A progress bar that works in terminals, in notebooks and in log files."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from sim.batch.run import Plan

_LOG_EVERY_SECONDS = 15.0

Item = TypeVar("Item")


class Bar(Protocol):
    """What a run tells of its progress."""

    def begin(self, plan: Plan) -> None:
        """The run is about to start."""

    def advance(self, replications: int) -> None:
        """Some more replications are done."""


class _Rate(ProgressColumn):
    """Replications per second."""

    def render(self, task: Task) -> Text:
        """Show the rate once there is one."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="cyan")


class _Silent:
    def begin(self, plan: Plan) -> None:
        pass

    def advance(self, replications: int) -> None:
        pass


class _Live:
    """A bar that redraws itself."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, plan: Plan) -> None:
        self._task = self._progress.add_task("replications", total=plan.total, completed=plan.done)

    def advance(self, replications: int) -> None:
        self._progress.advance(self._task, replications)


class _Lines:
    """Lines for a log, now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, plan: Plan) -> None:
        self._total, self._done, self._fresh = plan.total, plan.done, 0
        self._started = self._spoken = time.monotonic()

    def advance(self, replications: int) -> None:
        self._done += replications
        self._fresh += replications
        now = time.monotonic()
        if now - self._spoken >= _LOG_EVERY_SECONDS:
            self._spoken = now
            rate = self._fresh / (now - self._started)
            left = (self._total - self._done) / rate
            self._console.print(
                f"{self._done} of {self._total} replications, {rate:.0f}/s, {left:.0f} s left"
            )


@contextmanager
def progress_bar(console: Console | None = None) -> Iterator[Bar]:
    """Show progress with rate and time left; lines instead of a bar where nothing can be redrawn."""
    console = console or Console(stderr=True)
    if not (console.is_terminal or console.is_jupyter):
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Live(progress)


@contextmanager
def no_bar() -> Iterator[Bar]:
    """Show nothing."""
    yield _Silent()


def watched(items: Sequence[Item], what: str, console: Console | None = None) -> Iterator[Item]:
    """Go through items and show how many are done: a bar, or lines where nothing can be redrawn."""
    console = console or Console(stderr=True)
    if console.is_terminal or console.is_jupyter:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(items, description=what)
        return
    spoken = time.monotonic()
    for done, item in enumerate(items):
        if time.monotonic() - spoken >= _LOG_EVERY_SECONDS:
            spoken = time.monotonic()
            console.print(f"{done} of {len(items)} {what}")
        yield item
