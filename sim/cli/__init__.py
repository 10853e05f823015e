"""The command line: ``ilrs``. Nothing heavy is loaded before a verb needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from sim import __version__

EXIT_WRONG_SCENARIO = 1
EXIT_USAGE = 2

SET_HELP = "Lay a value over every scenario, such as --set delays.luna-26.months=24. May be repeated."
WITH_HELP = "Lay what scenario FILE changes over every scenario. May be repeated; two may not set one key."
SEED_HELP = "The same seed gives the same results, on any machine and any number of workers."


class _Settings(click.ParamType[Any]):
    """``key=value``."""

    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the first equals sign."""
        key, equals, text = str(value).partition("=")
        if not equals or not key.strip():
            self.fail(f"{value!r} is not of the form key=value", param, ctx)
        return key.strip(), text


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the errors a user can mend into a message and an exit status, without a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        from sim.scenario.problems import ScenarioError

        try:
            command(*args, **kwargs)
        except ScenarioError as error:
            _fail(str(error), EXIT_WRONG_SCENARIO)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except Exception as error:
            if type(error).__name__ != "ResultsError":
                raise
            _fail(str(error), EXIT_USAGE)

    return guarded


def _fail(message: str, status: int) -> None:
    if "ILRS_DEBUG" in os.environ:
        raise
    click.echo(message, err=True)
    sys.exit(status)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Set ILRS_DEBUG=1 to see the traceback of an error.",
)
@click.version_option(__version__, prog_name="ilrs")
def main() -> None:
    r"""Simulate the International Lunar Research Station, 2021 to 2050.

    \b
    First steps:
      ilrs list                                   the shipped scenarios
      ilrs run baseline luna-slips -n 200         run two of them and compare
      ilrs trace baseline --replication 17        one future, told as a story
    """


@main.command("list")
@_guarded
def list_scenarios() -> None:
    r"""List the shipped scenarios and the questions they answer.

    \b
    Example:
      ilrs list
    """
    from sim.cli.console import make_console, print_list
    from sim.scenario.shipped import shipped_scenarios
    from sim.scenario.tree import read_tree

    entries = []
    for path in shipped_scenarios():
        about = read_tree(path, path.name).plain()
        kind = " (sweep)" if "sweep" in about else ""
        entries.append((path.stem, about.get("question", "") + kind))
    print_list(make_console(), entries)


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option("--with", "overrides", metavar="FILE", multiple=True, help=WITH_HELP)
@_guarded
def check(
    files: tuple[str, ...], settings: tuple[tuple[str, str], ...], overrides: tuple[str, ...]
) -> None:
    r"""Check scenario FILES: all mistakes at once, each with its line and its mend.

    \b
    Example:
      ilrs check my-scenario.yaml
    """
    from sim.scenario.load import load_all

    for resolved in load_all(files, dict(settings), overrides):
        scenario = resolved.scenario
        click.echo(
            f"{resolved.name}: fine ({len(scenario.missions)} missions, data date {scenario.data_date}, "
            f"horizon {scenario.horizon})"
        )


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("-n", "--replications", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option("--with", "overrides", metavar="FILE", multiple=True, help=WITH_HELP)
@click.option(
    "--out", default="results", show_default=True, type=click.Path(path_type=Path), help="Results folder."
)
@click.option(
    "--record",
    default="series",
    show_default=True,
    type=click.Choice(["dates", "series", "spans"]),
    help="What to keep: dates only, monthly series too, or spans too.",
)
@click.option("--fresh", is_flag=True, help="Throw away what the results folder holds.")
@click.option("--report/--no-report", default=True, help="Write plots and a report page. [default: report]")
@_guarded
def run(files: tuple[str, ...], settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Run scenario FILES (or names of shipped ones) and compare them with the first.

    An interrupted run is resumed by the same command; a larger -n adds replications.

    \b
    Examples:
      ilrs run baseline luna-slips -n 200
      ilrs run baseline --with late-reactor --with second-pad
      ilrs run my-scenario.yaml --set delays.luna-26.months=24 --out results/slow
    """
    from sim.cli.running import run_batch

    sys.exit(run_batch(files, dict(settings), **options))


@main.command()
@click.argument("file")
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option("--with", "overrides", metavar="FILE", multiple=True, help=WITH_HELP)
@click.option(
    "--as",
    "kind",
    default="story",
    show_default=True,
    type=click.Choice(["story", "table", "spans", "gantt"]),
    help="A story, the missions, all spans as CSV, or a picture.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write; a picture needs one. [default: stdout]"
)
@_guarded
def trace(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Tell one future of a scenario FILE: a replication, exactly as it is in a batch.

    \b
    Examples:
      ilrs trace baseline --replication 17
      ilrs trace baseline -r 17 --as gantt --out future-17.png
    """
    from sim.cli.running import tell_future

    tell_future(file, dict(settings), **options)


@main.command()
@click.argument("folder", default="results", type=click.Path(path_type=Path))
@click.option("--reference", help="Scenario to compare with. [default: the first]")
@click.option("--csv", "csv", type=click.Path(path_type=Path), help="Also write the table to this file.")
@_guarded
def compare(folder: Path, reference: str | None, csv: Path | None) -> None:
    r"""Compare the scenarios of a results FOLDER, replication by replication.

    \b
    Example:
      ilrs compare results --reference baseline
    """
    from sim.analysis.results import open_results
    from sim.cli.console import make_console, print_comparison, print_headlines

    console = make_console()
    results = open_results(folder)
    print_headlines(console, results)
    table = results.compare(reference)
    print_comparison(console, table)
    if csv is not None:
        table.to_csv(csv, index=False)


@main.command()
@_guarded
def schema() -> None:
    r"""Print the JSON schema of scenario files, for editors.

    \b
    Example:
      ilrs schema > scenario.schema.json
    """
    from sim.scenario.schema.json_schema import schema_text

    click.echo(schema_text(), nl=False)
