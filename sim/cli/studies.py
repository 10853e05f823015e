"""The verbs that ask why and how sure: calibrate, hindcast, drivers, crew-loss, explain."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from sim.cli.common import (
    SEED_HELP,
    Count,
    as_json,
    guarded,
    main,
    print_json,
    scenario_argument,
    with_changes,
    with_luck,
)


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


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures and tables.")
@click.option(
    "--write", is_flag=True, help="Refresh the fits that scenarios take their reference classes from."
)
@guarded
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
@click.option("-n", "--replications", default=500, show_default=True, type=Count(1))
@click.option("--seed", default=1, show_default=True, type=Count(0), help=SEED_HELP)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures and tables.")
@click.option("--write", is_flag=True, help="Refresh the scores that reports quote.")
@guarded
def hindcast(days: tuple[Any, ...], replications: int, seed: int, out: Path | None, write: bool) -> None:
    r"""Forecast from the past with what was known then, and score against what happened.

    \b
    Example:
      ilrs hindcast --from 2016 --from 2021 -n 500 --out hindcast
    """
    from sim.cli.validation import print_hindcast

    print_hindcast(days, replications, seed, out, write)


@main.command()
@scenario_argument("file")
@click.option("--milestone", "-m", required=True, help="Whose date, such as crewed-landing.")
@click.option(
    "-n",
    "--replications",
    default=1000,
    show_default=True,
    type=Count(60),
    help="Plain replications, for rank correlations and regions.",
)
@click.option(
    "--tornado",
    default=100,
    show_default=True,
    type=Count(0),
    help="Replications of each unknown at its P10 and P90; 0 for no tornado.",
)
@click.option(
    "--sobol",
    default=128,
    show_default=True,
    type=Count(0),
    help="Base sample of the Sobol indices, taken once for each factor; 0 for none.",
)
@click.option(
    "--by", type=_Day(), help="Date by which the milestone should be reached. [default: the horizon]"
)
@with_luck
@with_changes
@click.option(
    "--out", type=click.Path(path_type=Path), help="Also write tables and pictures to this folder."
)
@as_json
@guarded
def drivers(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Find what drives a date in a scenario FILE: tornado, rank correlations, Sobol indices, regions.

    \b
    Examples:
      ilrs drivers baseline --milestone crewed-landing
      ilrs drivers baseline -m permanent-presence -n 500 --tornado 50 --sobol 0 --out drivers
    """
    from sim.cli.driving import show_drivers

    options["by"] = options["by"] and options["by"].isoformat()
    show_drivers(file, dict(settings), **options)


@main.command("crew-loss")
@scenario_argument("file")
@click.option("--mission", help="Only the crew of this mission. [default: any crew]")
@click.option("-n", "--replications", default=1000, show_default=True, type=Count(10))
@with_luck
@with_changes
@as_json
@guarded
def crew_loss(file: str, settings: tuple[tuple[str, str], ...], **options: Any) -> None:
    r"""Estimate how likely the loss of a crew is in a scenario FILE, by importance sampling.

    \b
    Example:
      ilrs crew-loss baseline --mission crewed-landing-1
    """
    from sim.cli.console import wrapped
    from sim.studies import crew_loss as estimate

    n, as_json = options.pop("replications"), options.pop("as_json")
    try:
        found = estimate(file, n, settings=dict(settings), **options)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        print_json(found.as_row())
    else:
        click.echo(wrapped(str(found)))


@main.command()
@scenario_argument("file")
@click.option("--milestone", "-m", help="Id of the milestone. [default: crewed-landing]")
@click.option("-n", "--replications", default=200, show_default=True, type=Count(2))
@with_luck
@with_changes
@click.option("--against", metavar="OTHER", help="Also say what makes FILE later or earlier than OTHER.")
@click.option("--counterfactuals", is_flag=True, help="Run the same futures with one thing changed each.")
@click.option(
    "--partners",
    metavar="YEAR",
    multiple=True,
    type=Count(2000, 2200),
    help="What the exit of each partner in this year costs. May be repeated.",
)
@click.option("--levers", is_flag=True, help="Rank policies, with a guarantee of the ranking.")
@click.option("--policies", type=click.Path(path_type=Path), help="File of levers. [default: the shipped]")
@click.option("--outcome", help="What levers are ranked by: a milestone, crew-days or firm-power.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to keep the results and the plots.")
@as_json
@guarded
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
