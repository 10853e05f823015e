"""In which phase is the station, and how surely?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.plots.choose import one_scenario, require_series
from sim.plots.style import (
    HATCHES,
    INK,
    SMALL,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    percent_axis,
    size_in_points,
    text_width_in_points,
    time_axis,
)
from sim.plots.words import listed, plain, replications_in_words

_LINE_HEIGHT = 1.9


def phase_ribbon(
    results: Results, scenario: str | None = None, track: str = "station", ax: Axes | None = None
) -> Figure:
    """In which phase is the station at a date, and in what share of the replications?

    How to read it: cut through the picture at a date: the heights of the areas there are the shares of the
    futures in which the station is in each phase on that date; the earliest phase is at the bottom.

    The areas add up to 100 % in every month. Names stand in the areas where they fit, else in the legend.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        track: ``station`` or ``presence``, or another of the scenario.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or track, or nothing or no monthly series were recorded.
    """
    table = phase_ribbon_table(results, scenario, track)
    saved = one_scenario(results, scenario).saved[0]
    ax = axes_to_draw_on(ax)
    about = next(about for about in saved.meta["tracks"] if about["id"] == track)
    dress(ax, f"{saved.title}: {about['title'].lower()} phase", grid="y")
    percent_axis(ax, f"share of {replications_in_words([int(saved.completed.sum())])}")
    shares = table.pivot(index="month", columns="phase", values="share")[about["phases"]]
    days = day_numbers(shares.index)
    time_axis(ax, days[0], days[-1])
    entries = _draw_areas(ax, days, shares.to_numpy().T, about["titles"])
    legend_below(ax, entries)
    return figure_of(ax)


def phase_ribbon_table(
    results: Results, scenario: str | None = None, track: str = "station"
) -> pd.DataFrame:
    """Share of replications in each phase of a track at the end of each month.

    Returns:
        Columns ``scenario``, ``track``, ``phase``, ``title``, ``month``, ``share``.

    Raises:
        ResultsError: there is no such scenario or track, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    known = one.saved[0].ids("tracks")
    if track not in known:
        raise ResultsError(f"there is no track `{track}`; there are {listed(known)}")
    table = one.phases()
    return table[table["track"] == track].reset_index(drop=True)


def _draw_areas(
    ax: Axes, days: NDArray[Any], shares: NDArray[Any], titles: Sequence[str]
) -> list[LegendEntry]:
    """Draw the areas on one another; give the legend's entries for those whose names do not fit."""
    tops = np.cumsum(shares, axis=0)
    entries: list[LegendEntry] = []
    for number, (share, top, title) in enumerate(zip(shares, tops, titles, strict=True)):
        fill = _fill(number, len(titles))
        ax.fill_between(days, top - share, top, label=plain(title), **fill.properties())
        place = _place_for(ax, days, top - share, top, title)
        if place is None:
            entries.append((fill.patch(), title if share.any() else f"{title} (never)"))
        else:
            _write_inside(ax, place, title)
    ax.plot(days, tops[:-1].T, color=INK, linewidth=0.8)
    return entries


def _fill(number: int, count: int) -> Fill:
    """Later phases are darker, and every phase has its hatch."""
    shade = 0.08 + 0.62 * number / max(1, count - 1)
    return Fill(to_hex(colormaps["Blues"](shade)), HATCHES[number % len(HATCHES)])


def _place_for(
    ax: Axes, days: NDArray[Any], bottom: NDArray[Any], top: NDArray[Any], title: str
) -> tuple[float, float] | None:
    """Find where a name fits into an area: the middle of its highest stretch that is wide enough."""
    width, height = size_in_points(ax)
    months = int(np.ceil(text_width_in_points(title, SMALL + 1) * 1.15 / width * len(days)))
    if months >= len(days):
        return None
    windows = np.lib.stride_tricks.sliding_window_view
    ceiling, floor = windows(top, months).min(axis=1), windows(bottom, months).max(axis=1)
    best = int(np.argmax(ceiling - floor))
    if ceiling[best] - floor[best] < _LINE_HEIGHT * SMALL / height:
        return None
    return float(days[best] + days[best + months - 1]) / 2, float(ceiling[best] + floor[best]) / 2


def _write_inside(ax: Axes, place: tuple[float, float], title: str) -> None:
    box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
    ax.text(*place, plain(title), fontsize=SMALL + 1, ha="center", va="center", color=INK, bbox=box)
