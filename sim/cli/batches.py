"""The verbs about batches and their results: run, trace, compare, plot, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sim.cli.common import SEED_HELP, as_json, guarded, main, print_json, scenario_argument, with_changes

_FOLDER = click.argument("folder", default="results", type=click.Path(path_type=Path))


@main.command()
@scenario_argument("files", nargs=-1, required=True)
@click.option("-n", "--replications", type=click.IntRange(min=1), help="Of each scenario. [default: 500]")
@click.option("--quick", is_flag=True, help="A first look: 50 replications, no plots and no report.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: all cores]")
@with_changes
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
    """
    from sim.cli.running import run_batch

    quick = options.pop("quick")
    options["replications"] = options["replications"] or (50 if quick else 500)
    options["report"] = not quick if options["report"] is None else options["report"]
    sys.exit(run_batch(files, dict(settings), **options))


@main.command()
@scenario_argument("file")
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=SEED_HELP)
@with_changes
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
@guarded
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
    from sim.cli.console import make_console, print_comparison, print_headlines

    results = open_results(folder)
    table = results.compare(reference)
    if csv is not None:
        table.to_csv(csv, index=False)
    if as_json:
        print_json(table.to_dict("records"))
        return
    console = make_console()
    print_headlines(console, results)
    print_comparison(console, table)


@main.command()
@_FOLDER
@click.option("--kind", help="Which plot; without it, all kinds are listed.")
@click.option("--scenario", help="Of this scenario, where a plot shows one. [default: the first]")
@click.option("--milestone", help="Of this milestone, where a plot shows one.")
@click.option("--out", type=click.Path(path_type=Path), help="Picture to write. [default: KIND.png]")
@guarded
def plot(
    folder: Path, kind: str | None, scenario: str | None, milestone: str | None, out: Path | None
) -> None:
    r"""Draw one plot of a results FOLDER.

    \b
    Examples:
      ilrs plot results
      ilrs plot results --kind probability-by-date --milestone crewed-landing --out landing.png
    """
    from sim.cli.picturing import draw_plot, list_plots

    if kind is None:
        list_plots()
    else:
        draw_plot(folder, kind, {"scenario": scenario, "milestone": milestone}, out)


@main.command()
@_FOLDER
@click.option("--reference", help="Scenario to compare with. [default: the first]")
@click.option("--out", type=click.Path(path_type=Path), help="Page to write. [default: FOLDER/report.html]")
@guarded
def report(folder: Path, reference: str | None, out: Path | None) -> None:
    r"""Write the report page of a results FOLDER again.

    \b
    Example:
      ilrs report results --reference luna-slips --out slips.html
    """
    from sim.analysis.results import open_results
    from sim.report import write_report

    page = write_report(open_results(folder), out or folder / "report.html", reference=reference)
    click.echo(f"wrote {page}")
