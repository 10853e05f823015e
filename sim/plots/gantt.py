"""When do the missions fly, against what was planned?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.results import Results
from sim.plots.choose import by_programme, choose_missions, one_scenario
from sim.plots.rows import group_rows, mission_label, name_rows
from sim.plots.style import (
    GREY,
    INK,
    SMALL,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    fill_style,
    legend_below,
    time_axis,
)
from sim.plots.words import percent

_BAR_HEIGHT = 0.62
_MARGIN_DAYS = 200
_PLANNED: dict[str, Any] = {
    "linestyle": "", "marker": "D", "markersize": 5.5, "markerfacecolor": "white",
    "markeredgecolor": INK, "markeredgewidth": 1.3,
}  # fmt: skip
_FLOWN: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 5.5, "color": GREY}
_MEDIAN: dict[str, Any] = {
    "linestyle": "", "marker": "|", "markersize": 11, "markeredgewidth": 2.4, "color": INK
}  # fmt: skip
_ONWARD: dict[str, Any] = {"linestyle": "", "marker": ">", "markersize": 6, "color": INK}
_TODAY: dict[str, Any] = {"linestyle": (0, (4, 3)), "linewidth": 0.9, "color": INK}


def gantt(
    results: Results,
    scenario: str | None = None,
    missions: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """When do the missions fly, against what was planned?

    How to read it: a diamond is the planned launch, the bar reaches from P10 to P90 of the simulated one,
    its tick is P50: the farther the bar lies right of the diamond, the later. At the right stands the share
    that is launched at all.

    Rows are missions, by programme and planned launch. A bar with an arrow goes on beyond the horizon: P90
    is not reached; without a tick P50 is not either. What was flown by the data date is a grey disc.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        missions: ids; by default at most 40, of each pattern the first only.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = gantt_table(results, scenario, missions)
    rows = group_rows(table["programme_title"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=1.5))
    dress(ax, f"{saved.title}: planned and simulated launches", grid="x", room=0.85)
    horizon = day_number(saved.meta["horizon"])
    name_rows(ax, rows, [mission_label(*row) for row in zip(table["name"], table["repeats"], strict=True)])
    places = np.array(rows.places, dtype=float)
    data_date = day_number(saved.meta["data_date"])
    time_axis(ax, min(data_date, _first_day(table)) - _MARGIN_DAYS, horizon)
    _draw_bars(ax, table, places, horizon)
    _mark_launches(ax, table, places)
    _write_shares(ax, table, places, f"launched\nby {saved.meta['horizon'][:4]}")
    ax.axvline(data_date, zorder=1, **_TODAY)
    legend_below(ax, _samples(table), side="right")
    return figure_of(ax)


def gantt_table(
    results: Results, scenario: str | None = None, missions: Sequence[str] | None = None
) -> pd.DataFrame:
    """Planned launches, quantiles of the simulated ones, and the share that is launched, a row a mission.

    Returns:
        Columns ``mission``, ``name``, ``programme``, ``programme_title``, ``planned``, ``history``,
        ``repeats``, ``p10``, ``p50``, ``p90`` (NaT: not by the horizon), ``launched``, ``launched_se``.

    Raises:
        ResultsError: there is no such scenario or mission, or no replication is completed.
    """
    one = one_scenario(results, scenario)
    meta = one.saved[0].meta
    chosen = by_programme(choose_missions(meta["missions"], missions), meta["programmes"])
    simulated = one.missions()[["mission", "p10", "p50", "p90", "launched", "launched_se"]]
    return chosen.merge(simulated, on="mission", how="left", validate="one_to_one")


def programme_fills(table: pd.DataFrame) -> dict[str, Fill]:
    """Give each programme of a table, in order of appearance, its colour and hatch."""
    return {name: fill_style(number) for number, name in enumerate(table["programme"].unique())}


def _first_day(table: pd.DataFrame) -> float:
    days = day_numbers(table[["planned", "p10"]].min(axis=1))
    return float(np.nanmin(days, initial=day_number("2050-01-01")))


def _draw_bars(ax: Axes, table: pd.DataFrame, places: np.ndarray, horizon: float) -> None:
    """Bars from P10 to P90, open at the horizon, with a tick at P50."""
    fills = programme_fills(table)
    low, middle, high = (day_numbers(table[name]) for name in ("p10", "p50", "p90"))
    drawn = np.isfinite(low) & ~table["history"].to_numpy(dtype=bool)
    for number in np.flatnonzero(drawn):
        end = high[number] if np.isfinite(high[number]) else horizon
        fill = fills[table["programme"].iloc[number]].properties()
        ax.barh(places[number], end - low[number], _BAR_HEIGHT, left=low[number], **fill)
    half = _BAR_HEIGHT / 2 + 0.1
    ax.vlines(middle[drawn], places[drawn] - half, places[drawn] + half, color=INK, linewidth=2.4)
    open_ended = drawn & _open_ended(table).to_numpy()
    ax.plot(np.full(open_ended.sum(), horizon), places[open_ended], clip_on=False, **_ONWARD)


def _mark_launches(ax: Axes, table: pd.DataFrame, places: np.ndarray) -> None:
    """Diamonds for planned launches, discs for history."""
    history = table["history"].to_numpy(dtype=bool)
    planned, flown = day_numbers(table["planned"]), day_numbers(table["p50"])
    ax.plot(planned[~history], places[~history], zorder=4, clip_on=False, **_PLANNED)
    ax.plot(flown[history], places[history], zorder=4, clip_on=False, **_FLOWN)


def _write_shares(ax: Axes, table: pd.DataFrame, places: np.ndarray, heading: str) -> None:
    across = ax.get_yaxis_transform()
    ax.text(1.02, -0.05, heading, transform=across, fontsize=SMALL - 1.5, va="center", color=INK)
    for place, launched, history in zip(places, table["launched"], table["history"], strict=True):
        note = "flown" if history else percent(launched)
        ax.text(1.02, place, note, transform=across, fontsize=SMALL, va="center",
                color=GREY if history else INK)  # fmt: skip


def _samples(table: pd.DataFrame) -> list[LegendEntry]:
    """The legend, without what is not there."""
    simulated = table[~table["history"]]
    samples: list[tuple[Artist, str, bool]] = [
        (Line2D([], [], **_PLANNED), "planned launch", bool(simulated["planned"].notna().any())),
        (Fill("#b8b8b8").patch(), "simulated launch, P10 to P90", bool(simulated["p10"].notna().any())),
        (Line2D([], [], **_MEDIAN), "P50", bool(simulated["p50"].notna().any())),
        (Line2D([], [], **_ONWARD), "P90 not by the horizon", bool(_open_ended(simulated).any())),
        (Line2D([], [], **_FLOWN), "flown", bool(table["history"].any())),
        (Line2D([], [], **_TODAY), "data date", True),
    ]
    return [(artist, label) for artist, label, there in samples if there]


def _open_ended(table: pd.DataFrame) -> pd.Series:
    return table["p10"].notna() & table["p90"].isna()
