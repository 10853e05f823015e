"""The verbs about batches and their results: run, trace, compare, export, credit, plot, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sim.cli.common import (
    SEED_HELP,
    Count,
    KeyValue,
    as_json,
    guarded,
    main,
    print_json,
    scenario_argument,
    with_changes,
    with_luck,
    writable,
)

_ADD_HELP = "What is added, such as --add missions.ilrs-1.elements.battery-600kwh=2. May be repeated."
_CLASS_HELP = "The class of loads whose hours of shortfall are held; any for all."
_LOAD_HELP = "The constant load that is there in any case [kW]."


def _complete_kind(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    from sim.cli.picturing import kinds

    return [name for name in kinds() if name.startswith(begun)]


_FOLDER = click.argument("folder", default="results", type=click.Path(path_type=Path))


@main.command()
@scenario_argument("files", nargs=-1, required=True)
@click.option("-n", "--replications", type=Count(1), help="Of each scenario. [default: 500]")
@click.option("--quick", is_flag=True, help="A first look: 50 replications, no plots and no report.")
@click.option(
    "--until", help='Add replications until a goal is reached: "0.5 months on P80 of crewed-landing".'
)
@click.option(
    "--most",
    default=20_000,
    show_default=True,
    type=Count(100),
    help="With --until: replications at which it ends in any case.",
)
@click.option("--draws", type=Count(1), help="Nested batch: draws of what we do not know.")
@click.option("--seeds", type=Count(2), help="Nested batch: futures of chance for each draw.")
@click.option(
    "--luck",
    default="random",
    show_default=True,
    type=click.Choice(["random", "stratified", "sobol"]),
    help="Plain, or spread evenly in blocks of 64 replications.",
)
@with_luck
@with_changes
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
@click.option(
    "--report/--no-report",
    default=None,
    help="Write plots and a report page. [default: report, if not quick]",
)
@guarded
def run(files: tuple[str, ...], settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Run scenario FILES (or names of shipped ones) and compare them with the first.

    Says beforehand what will happen and how long it takes. An interrupted run is resumed by the same
    command; a larger -n adds replications.

    \b
    Examples:
      ilrs run baseline luna-slips -n 200
      ilrs run baseline --with late-reactor --with second-pad --quick
      ilrs run my-scenario.yaml --set delays.luna-26.months=24 --out results/slow
      ilrs run baseline --draws 200 --seeds 20 --out results/nested
      ilrs run baseline --until "2 months on P50 of crewed-landing" --most 4000
    """
    from sim.cli.running import run_batch

    quick = options.pop("quick")
    options["replications"] = options["replications"] or (50 if quick else 500)
    options["report"] = not quick if options["report"] is None else options["report"]
    sys.exit(run_batch(files, dict(settings), **options))


@main.command()
@scenario_argument("file")
@click.option("--replication", "-r", default=0, show_default=True, type=Count(0))
@click.option("--seed", default=1, show_default=True, type=Count(0), help=SEED_HELP)
@click.option(
    "--of", "of", type=click.Path(path_type=Path), metavar="FOLDER",
    help="Results whose replication this is: their seed and their luck count.",
)  # fmt: skip
@with_changes
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
@guarded
def trace(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Tell one future of a scenario FILE: a replication, exactly as it is in a batch.

    \b
    Examples:
      ilrs trace baseline --replication 17
      ilrs trace baseline -r 17 --as station --out future-17.png
      ilrs trace baseline -r 3 --of results
    """
    from sim.cli.running import tell_future

    tell_future(file, dict(settings), **options)


@main.command()
@_FOLDER
@click.option("--reference", help="Scenario to compare with. [default: the first]")
@click.option("--csv", "csv", type=click.Path(path_type=Path), help="Also write the table to this file.")
@as_json
@guarded
def compare(folder: Path, reference: str | None, csv: Path | None, as_json: bool) -> None:
    r"""Compare the scenarios of a results FOLDER, replication by replication.

    \b
    Example:
      ilrs compare results --reference baseline
    """
    from sim.analysis.results import open_results
    from sim.cli.console import (
        make_console,
        print_comparison,
        print_counts,
        print_headlines,
        print_sentences,
    )

    results = open_results(folder)
    table = results.compare(reference)
    if csv is not None:
        table.to_csv(writable(csv), index=False)
    if as_json:
        print_json(table.to_dict("records"))
        return
    console = make_console()
    print_headlines(console, results)
    print_counts(console, results)
    print_comparison(console, table)
    print_sentences(console, results, reference or results.scenarios[0])


@main.command()
@_FOLDER
@click.option("--kind", help="Which plot; without it, all kinds are listed.", shell_complete=_complete_kind)
@click.option("--scenario", help="Of this scenario, where a plot shows one. [default: the first]")
@click.option("--milestone", help="Of this milestone, where a plot shows one.")
@click.option("--quantity", help="Which quantity, where a plot has several, such as p50 or reached.")
@click.option("--out", type=click.Path(path_type=Path), help="Picture to write. [default: KIND.png]")
@guarded
def plot(folder: Path, kind: str | None, out: Path | None, **chosen: str | None) -> None:
    r"""Draw one plot of a results FOLDER.

    \b
    Examples:
      ilrs plot results
      ilrs plot results --kind probability-by-date --milestone crewed-landing --out landing.png
      ilrs plot results --kind sweep-map --milestone permanent-presence --quantity reached
    """
    from sim.cli.picturing import draw_plot, list_plots

    if kind is None:
        list_plots()
    else:
        draw_plot(folder, kind, chosen, out)


@main.command()
@_FOLDER
@click.option("--reference", help="Scenario to compare with. [default: the first]")
@click.option(
    "--study", type=click.Path(path_type=Path),
    help="Study to tell too: folder of `ilrs explain --out`. [default: FOLDER/study, if there is one]",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Page to write. [default: FOLDER/report.html]")
@guarded
def report(folder: Path, reference: str | None, study: Path | None, out: Path | None) -> None:
    r"""Write the report page of a results FOLDER again.

    \b
    Example:
      ilrs report results --reference luna-slips --out slips.html
      ilrs explain baseline -m station-visit --levers --out results/study; ilrs report results
    """
    from sim.analysis.results import open_results
    from sim.report import write_report

    results, page = open_results(folder), out or folder / "report.html"
    click.echo("drawing the pictures ...", err=True)
    write_report(results, page, reference=reference, study=study)
    click.echo(f"wrote {page}")


@main.command()
@_FOLDER
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, ending in .csv, .parquet, .nc or .zarr (a folder).",
)
@click.option("--scenario", "scenarios", multiple=True, help="Only this one. May be repeated.")
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@guarded
def export(folder: Path, out: Path, scenarios: tuple[str, ...], overwrite: bool) -> None:
    r"""Write a results FOLDER for other tools.

    CSV and Parquet hold the dates of milestones and launches, a row each; NetCDF and Zarr the whole
    dataset.

    \b
    Examples:
      ilrs export results --out dates.csv
      ilrs export results --out results.nc --scenario baseline
    """
    from sim.analysis.results import open_results

    if out.exists() and not overwrite:
        raise click.UsageError(f"{out} exists already; choose another name, or add --overwrite")
    results = open_results(folder)
    chosen = results[list(scenarios)] if scenarios else results
    click.echo(f"wrote {chosen.export(out)} ({', '.join(chosen.scenarios)})")


class _Years(click.ParamType[Any]):
    """``2040-2050``."""

    name = "first-last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the dash."""
        first, _, last = str(value).partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            self.fail(f"{value!r} is not of the form 2040-2050", param, ctx)
        if int(last or first) < int(first):
            self.fail(f"{value} runs backwards; write {last}-{first}", param, ctx)
        return int(first), int(last or first)


@main.command()
@scenario_argument("file")
@click.option("--add", "add", type=KeyValue(), multiple=True, required=True, help=_ADD_HELP)
@click.option("--class", "load_class", default="operations", show_default=True, help=_CLASS_HELP)
@click.option("--load", "load_kw", default=5.0, show_default=True, help=_LOAD_HELP)
@click.option("--years", type=_Years(), help="Only these calendar years count, such as 2040-2050.")
@click.option("--phase", help="Only the time in this phase of the station counts.")
@click.option("-n", "--replications", default=200, show_default=True, type=Count(2))
@with_luck
@with_changes
@as_json
@guarded
def credit(file: str, **options: Any) -> None:
    r"""Find the capacity credit of more units in a scenario FILE.

    That is how much more constant load (station.extra_load_kw) is carried with them, with as many hours
    a year short of power as without them.

    \b
    Example:
      ilrs credit baseline --add missions.station-power-1.elements.reactor-40kw=2 --phase utilisation
    """
    from sim.cli.console import wrapped
    from sim.studies import capacity_credit

    n, as_json = options.pop("replications"), options.pop("as_json")
    settings = dict(options.pop("settings"))
    try:
        found = capacity_credit(file, dict(options.pop("add")), n=n, settings=settings, **options)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        print_json({**found.as_row(), "tried": found.table().to_dict("records")})
        return
    click.echo(wrapped(str(found)))
    click.echo(found.table().to_string(index=False, float_format="{:.2f}".format))
