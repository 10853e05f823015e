"""The verbs that run the model: batches and single futures."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import join, quote
from typing import TYPE_CHECKING, Any

import click

from sim.batch.progress import progress_bar, watched
from sim.batch.run import Batch, Plan, Settings
from sim.batch.sampling import Sampling
from sim.batch.store import Store
from sim.cli.common import writable
from sim.cli.console import (
    describe_plan,
    describe_time,
    make_console,
    print_brief_comparison,
    print_headlines,
    print_list,
    print_looks,
    print_sentences,
    print_table,
    print_uncertainty,
    wrapped,
)
from sim.scenario.load import Resolved, load_all

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.future import Future
    from sim.analysis.results import Results

EXIT_FAILED_REPLICATIONS = 3
EXIT_INTERRUPTED = 130
PICTURES = {"gantt": "gantt_of_future", "station": "station_of_future", "season": "state_of_charge"}
TABLES = ("milestones", "missions", "adequacy", "energy", "crew", "stays", "elements", "alone", "gates",
          "output", "stores")  # fmt: skip
_OF_SERIES = ("adequacy", "output")


def run_batch(files: Sequence[str], settings: dict[str, str], **options: Any) -> int:
    """Run a batch, show its headlines, and write plots and report.

    Returns:
        Exit status.
    """
    console, out = make_console(), options["out"]
    resolved = load_all(files, settings, options["overrides"])
    if options["fresh"]:
        _throw_away(out)
    how = _settings(options)
    again = _one_future(resolved[0].name, files[0], settings, options["overrides"], how.seed)

    def run_to(count: int) -> None:
        batch = Batch(resolved, out, replace(how, replications=count))
        with progress_bar(make_console(stderr=True)) as bar:

            def announce(plan: Plan) -> None:
                describe_plan(console, plan, [item.name for item in resolved], how, out)
                describe_time(console, plan, batch)
                bar.begin(plan)

            batch.run(announce, bar.advance)

    try:
        if options["until"] is None:
            run_to(how.replications)
        else:
            _run_to_goal(resolved, out, how, options, run_to)
    except KeyboardInterrupt:
        console.print(
            f"Interrupted. What was finished is saved in {out}; the same command goes on from there."
        )
        return leave(EXIT_INTERRUPTED)
    names = [item.name for item in resolved]
    try:
        return _finish(console, out, names, again, options["report"], options["until"] is not None)
    except KeyboardInterrupt:
        console.print(
            f"Interrupted. All replications are saved; `ilrs report {quote(str(out))}` writes the page."
        )
        return leave(EXIT_INTERRUPTED)


def leave(status: int) -> int:
    """End; at once if a pool of processes is not done with its own end, which would be waited for."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _run_to_goal(
    resolved: Sequence[Resolved],
    out: Path,
    how: Settings,
    options: dict[str, Any],
    run_to: Callable[[int], None],
) -> None:
    from sim.api import run_to_goal

    try:
        run_to_goal(resolved, out, options["until"], how, options["most"], run_to)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _settings(options: dict[str, Any]) -> Settings:
    from sim.batch.sampling import sampling_of

    try:
        sampling = sampling_of(options["luck"], options["draws"], options["seeds"])
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return Settings(
        options["replications"], options["seed"], options["workers"], options["record"], sampling=sampling
    )


def tell_future(file: str, settings: dict[str, str], **options: Any) -> None:
    """Run one replication with its log, and show it in one of several ways."""
    from sim.api import trace

    try:
        future = trace(
            file,
            options["replication"],
            seed=options["seed"],
            settings=settings,
            overrides=options["overrides"],
            of=options["of"],
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if options["kind"] in PICTURES:
        _draw_future(future, options["kind"], options["out"])
        return
    if options["kind"] == "table" and options["out"] is None:
        _print_missions(future)
        return
    text = _in_words(future, options["kind"])
    if options["out"] is None:
        click.echo(wrapped(text, hang=14) if options["kind"] == "story" else text)
    else:
        writable(options["out"]).write_text(text + "\n", encoding="utf-8")


def _print_missions(future: Future) -> None:
    table = future.missions().drop(columns=["name", "history"])
    for name in ("planned", "launch", "arrival", "end"):
        table[name] = table[name].dt.strftime("%Y-%m-%d").fillna("-")
    title = f"Missions of {future.scenario}, replication {future.replication}"
    rows = [list(map(str, row)) for row in table.itertuples(index=False)]
    print_table(make_console(), title, [str(name).capitalize() for name in table], rows)


def _in_words(future: Future, kind: str) -> str:
    if kind == "table":
        return future.missions().to_string(index=False)
    if kind == "power":
        return future.station.power().to_csv(index=False)
    return future.spans().to_csv(index=False) if kind == "spans" else future.story()


def _draw_future(future: Future, kind: str, out: Path | None) -> None:
    from sim import plots
    from sim.cli.picturing import save_picture

    path = out or Path(f"{future.scenario}-{future.replication}.png")
    save_picture(getattr(plots, PICTURES[kind])(future), path)


def _throw_away(folder: Path) -> None:
    """Remove the results in a folder, and nothing else that may be in it."""
    if Store(folder).exists:
        shutil.rmtree(folder / "scenarios", ignore_errors=True)
        (folder / "batch.json").unlink()


def _one_future(
    name: str, file: str, settings: dict[str, str], overrides: Sequence[object], seed: int
) -> str:
    """The command that tells one future of the first scenario of a batch."""
    member = name[name.index("[") :] if "[" in name and "[" not in file else ""
    words = ["ilrs", "trace", f"{file}{member}", "--replication", "17"]
    for other in overrides:
        words += ["--with", str(other)]
    for key, value in settings.items():
        words += ["--set", f"{key}={value}"]
    return join(words if seed == 1 else [*words, "--seed", str(seed)])


def _finish(
    console: Console, out: Path, names: list[str], again: str, with_report: bool, with_goal: bool
) -> int:
    from sim.analysis.results import open_results

    results = open_results(out)[names]
    print_headlines(console, results)
    if Sampling.read(results.batch).kind == "nested":
        print_uncertainty(console, results)
    if with_goal:
        print_looks(console, results)
    if len(results) > 1:
        print_brief_comparison(console, results.compare())
    print_sentences(console, results, results.scenarios[0])
    written = _write(results, out) if with_report else []
    failed = len(results.failures())
    _say_where(console, results, out, again, written, failed)
    return EXIT_FAILED_REPLICATIONS if failed else 0


def _write(results: Results, out: Path) -> list[str]:
    """Write the tables, the plots and the report; give what was written, in words."""
    from sim.report import write_plots, write_report

    told = make_console(stderr=True)
    told.print("Writing tables, pictures and the report ...", style="dim")
    tables = _write_tables(results, out)
    plots = write_plots(results, out / "plots", lambda planned: watched(planned, "pictures", told))
    report = write_report(results, out / "report.html")
    return [
        f"report      {report}",
        f"plots       {out / 'plots'} ({len(plots)} pictures)",
        f"tables      {out / 'milestones.csv'}, {out / 'missions.csv'} and {tables - 2} more",
    ]


def _write_tables(results: Results, out: Path) -> int:
    """Write the tables that the recorded arrays give; say how many there are."""
    names = [name for name in TABLES if results.batch["record"] != "dates" or name not in _OF_SERIES]
    for name in names:
        getattr(results, name)().to_csv(out / f"{name}.csv", index=False)
    return len(names)


def _say_where(
    console: Console, results: Results, out: Path, again: str, written: list[str], failed: int
) -> None:
    place = quote(str(out))
    for line in [*written, f"results     {out} (seed {results.seed}, digest {results.digest()[:12]})"]:
        console.print(line)
    if failed:
        console.print(
            f"{failed} replications failed and are left out; see sim.open_results({str(out)!r}).failures()"
        )
    if not written and (out / "report.html").exists():
        console.print(f"The report in {out} is from an earlier run; `ilrs report {place}` writes it anew.")
    console.print("\nTry next:")
    hints = [
        (f"  {again}", "one future as a story"),
        (f"  ilrs compare {place}", "the differences again, from what is saved"),
        (f"  ilrs export {place} --out dates.csv", "the dates as a table for other tools"),
        (f"  sim.open_results({str(out)!r}).missions()", "in Python"),
    ]
    print_list(console, hints)
    sys.stdout.flush()
