"""The verb that draws: every plot of results that `sim.plots` offers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim import plots
from sim.cli.common import writable
from sim.cli.console import make_console, print_list
from sim.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def kinds() -> dict[str, Callable[..., Any]]:
    """Name the plots that show results."""
    functions = {name: getattr(plots, name) for name in plots.__all__ if not name.endswith("_table")}
    return {
        name.replace("_", "-"): function
        for name, function in functions.items()
        if next(iter(inspect.signature(function).parameters), "") == "results"
    }


def list_plots() -> None:
    """Say what each kind shows."""
    rows = [(name, (inspect.getdoc(plot) or "").split("\n\n")[0]) for name, plot in kinds().items()]
    print_list(make_console(), [(name, " ".join(text.split())) for name, text in rows])


def draw_plot(folder: Path, kind: str, chosen: Mapping[str, str | None], out: Path | None) -> None:
    """Draw one plot into a file."""
    from sim.analysis.results import open_results

    known = kinds()
    if kind not in known:
        raise click.UsageError(f"there is no plot `{kind}`{did_you_mean(kind, known)}")
    parameters = inspect.signature(known[kind]).parameters
    given = {key: value for key, value in chosen.items() if value is not None}
    if foreign := given.keys() - parameters.keys():
        raise click.UsageError(f"the plot `{kind}` takes no --{min(foreign)}")
    lacking = [
        name for name, p in list(parameters.items())[1:] if p.default is p.empty and name not in given
    ]
    if lacking:
        raise click.UsageError(f"the plot `{kind}` needs --{lacking[0]}")
    path = out or Path(f"{kind}.png")
    try:
        figure = known[kind](open_results(folder), **given)
    except (ValueError, KeyError) as error:
        raise click.UsageError(str(error)) from None
    save_picture(figure, path)


def save_picture(figure: Figure, path: Path) -> None:
    """Write a picture, in the format in which its name ends."""
    known = figure.canvas.get_supported_filetypes()
    ending = path.suffix.removeprefix(".").lower()
    if ending not in known:
        raise click.UsageError(f"{path} does not end in a format of pictures, such as .png, .svg or .pdf")
    figure.savefig(writable(path), dpi=150)
    click.echo(f"wrote {path}")
