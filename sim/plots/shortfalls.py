"""When is the power short, and for whom?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from sim.analysis.adequacy import ANY, series_of
from sim.analysis.periods import HOURS_PER_DAY
from sim.analysis.results import Results
from sim.plots.choose import one_scenario, require_series
from sim.plots.style import (
    INK,
    SMALL,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    time_axis,
)
from sim.plots.words import replications_in_words

_COLOURS = "magma_r"


def shortfall_heat(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """When is the power short, and for which class of loads?

    How to read it: a row for each class of loads, a column for each month: the darker, the more hours of
    the month are short of power, on average over the futures. At the right stand the hours of the whole
    time.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    saved = one.saved[0]
    table = shortfall_heat_table(results, scenario)
    ax = axes_to_draw_on(ax, 3.4)
    dress(ax, f"{saved.title}: hours without enough power", grid="x")
    hours = table.pivot(index="load_class", columns="month", values="hours")
    hours = hours.loc[list(table["load_class"].unique())]
    days = day_numbers(hours.columns)
    edges = np.append(days, days[-1] + 31)
    norm = PowerNorm(0.5, vmin=0, vmax=max(1.0, float(hours.to_numpy().max())))
    mesh = ax.pcolormesh(edges, np.arange(len(hours) + 1), hours.to_numpy(), cmap=_COLOURS, norm=norm)
    time_axis(ax, edges[0], edges[-1])
    ax.set_yticks(np.arange(len(hours)) + 0.5, [name.replace("-", " ") for name in hours.index])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    for place, total in enumerate(hours.sum(axis=1)):
        ax.text(1.01, place + 0.5, f"{total:,.0f} h", transform=ax.get_yaxis_transform(), fontsize=SMALL,
                va="center", color=INK)  # fmt: skip
    bar = figure_of(ax).colorbar(mesh, ax=ax, orientation="horizontal", fraction=0.07, pad=0.03, aspect=50)
    count = replications_in_words([int(saved.completed.sum())])
    bar.set_label(f"hours of the month with too little power, mean of {count}", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    return figure_of(ax)


def shortfall_heat_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Hours of each month with too little power, by class of loads, and with any shortfall.

    Returns:
        Columns ``scenario``, ``load_class``, ``month``, ``hours`` (mean over the replications), ``share``
        of the replications with a shortfall in the month.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    saved = one.saved[0]
    classes = [*saved.meta["load_classes"], ANY]
    rows = [saved.meta["series"].index(series_of(name)["share"]) for name in classes]
    lengths = np.diff(saved.month_edges) * HOURS_PER_DAY
    months = pd.to_datetime(saved.meta["months"])
    frames = []
    for block, values in saved.series_blocks("series"):
        for name, row in zip(classes, rows, strict=True):
            short = values[:, row].astype(float)
            columns = {
                "scenario": saved.name,
                "load_class": name,
                "month": months[block],
                "hours": short.mean(axis=0) * lengths[block],
                "share": (short > 0).mean(axis=0),
            }
            frames.append(pd.DataFrame(columns))
    table = pd.concat(frames, ignore_index=True)
    order = table["load_class"].map(classes.index)
    return table.iloc[np.lexsort((table["month"], order))].reset_index(drop=True)
