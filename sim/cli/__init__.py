"""The command line: ``ilrs``. Nothing heavy is loaded before a verb needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from sim import __version__

EXIT_WRONG_SCENARIO = 1
EXIT_USAGE = 2

SET_HELP = "Lay a value over every scenario, such as --set delays.luna-26.months=24. May be repeated."
ADD_HELP = "What is added, such as --add missions.ilrs-1.elements.battery-600kwh=2. May be repeated."
CLASS_HELP = "The class of loads whose hours of shortfall are held; any for all."
LOAD_HELP = "The constant load that is there in any case [kW]."
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


class _Day(click.ParamType[Any]):
    """A year, meaning its first day, or a day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a year or an ISO date."""
        text = str(value)
        try:
            return date(int(text), 1, 1) if text.isdigit() else date.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is no year such as 2016 and no day such as 2016-07-01", param, ctx)


class _Years(click.ParamType[Any]):
    """``2040-2050``."""

    name = "first-last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the dash."""
        first, _, last = str(value).partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            self.fail(f"{value!r} is not of the form 2040-2050", param, ctx)
        return int(first), int(last or first)


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
            if type(error).__name__ not in ("ResultsError", "RecordError"):
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
@_guarded
def check(files: tuple[str, ...], settings: tuple[tuple[str, str], ...]) -> None:
    r"""Check scenario FILES: all mistakes at once, each with its line and its mend.

    \b
    Example:
      ilrs check my-scenario.yaml
    """
    from sim.scenario.load import load_all

    for resolved in load_all(files, dict(settings)):
        scenario = resolved.scenario
        click.echo(
            f"{resolved.name}: fine ({len(scenario.missions)} missions, data date {scenario.data_date}, "
            f"horizon {scenario.horizon})"
        )


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("-n", "--replications", default=500, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--until", help='Add replications until a goal is reached: "0.5 months on P80 of crewed-landing".'
)
@click.option(
    "--most",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=100),
    help="With --until: replications at which it ends in any case.",
)
@click.option("--draws", type=click.IntRange(min=1), help="Nested batch: draws of what we do not know.")
@click.option("--seeds", type=click.IntRange(min=2), help="Nested batch: futures of chance for each draw.")
@click.option(
    "--luck",
    default="random",
    show_default=True,
    type=click.Choice(["random", "stratified", "sobol"]),
    help="Plain, or spread evenly in blocks of 64 replications.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option(
    "--out", default="results", show_default=True, type=click.Path(path_type=Path), help="Results folder."
)
@click.option(
    "--record",
    default="series",
    show_default=True,
    type=click.Choice(["dates", "series", "paths", "spans"]),
    help="What to keep: dates only, monthly series too, critical paths too, or all spans too.",
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
      ilrs run my-scenario.yaml --set delays.luna-26.months=24 --out results/slow
      ilrs run baseline --draws 200 --seeds 20 --out results/nested
      ilrs run baseline --until "2 months on P50 of crewed-landing" --most 4000
    """
    from sim.cli.running import run_batch

    sys.exit(run_batch(files, dict(settings), **options))


@main.command()
@click.argument("file")
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option(
    "--as",
    "kind",
    default="story",
    show_default=True,
    type=click.Choice(["story", "table", "spans", "power", "gantt", "station", "season"]),
    help="A story, the missions, all spans or all flows of power as CSV, or a picture: of the missions, "
    "of the station, of its worst season.",
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
      ilrs trace baseline -r 17 --as station --out future-17.png
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
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures and tables.")
@click.option(
    "--write", is_flag=True, help="Refresh the fits that scenarios take their reference classes from."
)
@_guarded
def calibrate(out: Path | None, write: bool) -> None:
    r"""Fit slips, landings, launches and stand-downs to the record, and show each fit.

    After a row was added to a table of the record, --write is all an update takes.

    \b
    Example:
      ilrs calibrate --out calibration
    """
    from sim.cli.validation import print_calibration

    print_calibration(out, write)


@main.command()
@click.option(
    "--from", "days", type=_Day(), multiple=True,
    help="Data date: a year or a day. May be repeated. [default: 2012, 2016, 2021, 2023, 2025]",
)  # fmt: skip
@click.option("-n", "--replications", default=500, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures and tables.")
@_guarded
def hindcast(days: tuple[Any, ...], replications: int, seed: int, out: Path | None) -> None:
    r"""Forecast from the past with what was known then, and score against what happened.

    \b
    Example:
      ilrs hindcast --from 2016 --from 2021 -n 500 --out hindcast
    """
    from sim.cli.validation import print_hindcast

    print_hindcast(days, replications, seed, out)


@main.command()
@click.argument("file")
@click.option("--milestone", "-m", required=True, help="Whose date, such as crewed-landing.")
@click.option(
    "-n",
    "--replications",
    default=1000,
    show_default=True,
    type=click.IntRange(min=60),
    help="Plain replications, for rank correlations and regions.",
)
@click.option(
    "--tornado",
    default=100,
    show_default=True,
    type=click.IntRange(min=0),
    help="Replications of each unknown at its P10 and P90; 0 for no tornado.",
)
@click.option(
    "--sobol",
    default=128,
    show_default=True,
    type=click.IntRange(min=0),
    help="Base sample of the Sobol indices, taken once for each factor; 0 for none.",
)
@click.option("--by", help="Date by which the milestone should be reached. [default: the horizon]")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Also write tables and pictures to this folder."
)
@_guarded
def drivers(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Find what drives a date in a scenario FILE: tornado, rank correlations, Sobol indices, regions.

    \b
    Examples:
      ilrs drivers baseline --milestone crewed-landing
      ilrs drivers baseline -m permanent-presence -n 500 --tornado 50 --sobol 0 --out drivers
    """
    from sim.cli.driving import show_drivers

    show_drivers(file, dict(settings), **options)


@main.command()
@click.argument("file")
@click.option("--add", "add", type=_Settings(), multiple=True, required=True, help=ADD_HELP)
@click.option("--class", "load_class", default="operations", show_default=True, help=CLASS_HELP)
@click.option("--load", "load_kw", default=5.0, show_default=True, help=LOAD_HELP)
@click.option("--years", type=_Years(), help="Only these calendar years count, such as 2040-2050.")
@click.option("--phase", help="Only the time in this phase of the station counts.")
@click.option("-n", "--replications", default=200, show_default=True, type=click.IntRange(min=2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@_guarded
def credit(file: str, **options: Any) -> None:
    r"""Find the capacity credit of more units in a scenario FILE.

    That is how much more constant load (station.extra_load_kw) is carried with them, with as many hours
    a year short of power as without them.

    \b
    Example:
      ilrs credit baseline --add missions.station-power-1.elements.reactor-40kw=2 --phase utilisation
    """
    from sim.credit import capacity_credit

    n, settings = options.pop("replications"), dict(options.pop("settings"))
    try:
        found = capacity_credit(file, dict(options.pop("add")), n=n, settings=settings, **options)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.echo(str(found))
    click.echo(found.table().to_string(index=False, float_format="{:.2f}".format))


@main.command("crew-loss")
@click.argument("file")
@click.option("--mission", help="Only the crew of this mission. [default: any crew]")
@click.option("-n", "--replications", default=1000, show_default=True, type=click.IntRange(min=10))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@_guarded
def crew_loss(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Estimate how likely the loss of a crew is in a scenario FILE, by importance sampling.

    \b
    Example:
      ilrs crew-loss baseline --mission crewed-landing-1
    """
    from sim.api import crew_loss as estimate

    n = options.pop("replications")
    try:
        found = estimate(file, n, settings=dict(settings), **options)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.echo(str(found))


@main.command()
@click.argument("file")
@click.option("--milestone", "-m", help="Id of the milestone. [default: crewed-landing]")
@click.option("-n", "--replications", default=200, show_default=True, type=click.IntRange(min=2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@click.option("--set", "settings", type=_Settings(), multiple=True, help=SET_HELP)
@click.option("--against", metavar="OTHER", help="Also say what makes FILE later or earlier than OTHER.")
@click.option("--counterfactuals", is_flag=True, help="Run the same futures with one thing changed each.")
@click.option(
    "--partners",
    metavar="YEAR",
    multiple=True,
    type=click.IntRange(2000, 2200),
    help="What the exit of each partner in this year costs. May be repeated.",
)
@click.option("--levers", is_flag=True, help="Rank policies, with a guarantee of the ranking.")
@click.option("--policies", type=click.Path(path_type=Path), help="File of levers. [default: the shipped]")
@click.option("--outcome", help="What levers are ranked by: a milestone, crew-days or firm-power.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to keep the results and the plots.")
@_guarded
def explain(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Say why a milestone of a scenario FILE is late: days by cause and mission, and what would help.

    \b
    Examples:
      ilrs explain baseline
      ilrs explain luna-slips --milestone luna-27-landing --against baseline
      ilrs explain baseline -m station-visit --counterfactuals --levers --out why
      ilrs explain baseline --partners 2030 --partners 2035
    """
    from sim.cli.explaining import explain_scenario

    explain_scenario(file, dict(settings), **options)


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
