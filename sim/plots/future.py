"""What does each mission spend its time on, in one future?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.choose import by_programme, choose_missions
from sim.plots.rows import Rows, group_rows, name_rows
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    time_axis,
)

if TYPE_CHECKING:
    from sim.analysis.future import Future

_BAR_HEIGHT = 0.7


class Mark(NamedTuple):
    """How something that happened is marked; `down` keeps marks of one day apart, in rows."""

    label: str
    marker: str
    colour: str
    down: float = 0.0
    size: float = 5.5

    def properties(self) -> dict[str, Any]:
        """Give it as properties of a line."""
        return {
            "linestyle": "", "marker": self.marker, "markersize": self.size, "markerfacecolor": self.colour,
            "markeredgecolor": INK, "markeredgewidth": 0.9,
        }  # fmt: skip


CAUSE_FILLS = {
    "development": Fill(PALE),
    "slip": Fill(ORANGE),
    "delay": Fill(ORANGE, "////"),
    "shock": Fill(ORANGE, "xxxx"),
    "predecessor": Fill(SKY),
    "gate": Fill(SKY, "////"),
    "budget": Fill(SKY, "...."),
    "vehicle": Fill(PURPLE),
    "pad": Fill(PURPLE, "////"),
    "stand-down": Fill(PURPLE, "xxxx"),
    "window": Fill(YELLOW),
    "scrub": Fill(YELLOW, "////"),
    "transit": Fill(BLUE),
    "commissioning": Fill(GREEN),
    "stay": Fill(GREEN, "////"),
    "journey-home": Fill(BLUE, "////"),
    "spare": Fill(VERMILLION),
    "rebuild": Fill(VERMILLION, "////"),
    "hold": Fill("#999999", "xxxx"),
    "standby": Fill("#999999", "...."),
    "calendar": Fill("#999999", "////"),
    "elements": Fill(GREEN, "xxxx"),
}
"""Colour by kind (slips, waiting for others, launcher, sky, flight, work, loss), hatch within the kind."""
OTHER_CAUSE = Fill("#ffffff", "oooo")
_EVENTS = {
    "launched": Mark("launch", "^", "black", -0.22),
    "landed": Mark("landing", "v", "black", 0.22),
    "launch failure": Mark("launch failure", "X", "white", size=8),
    "landing failure": Mark("landing failure", "P", "white", size=8),
    "cancelled": Mark("cancelled", "s", "white"),
}
_MARKS = {"planned": Mark("planned launch", "D", "white"), **_EVENTS}


def gantt_of_future(
    future: Future, missions: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """What does each mission spend its time on, in one future?

    How to read it: follow a row from left to right: colour and hatch say what the mission spends the time
    on, markers when it was planned, launched, landed or lost; a long bar of one kind is what makes it late.

    A row for each mission, by programme and planned launch.

    Args:
        future: a traced replication.
        missions: ids; by default at most 40 that had not flown by the data date, of each pattern the
            first only.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such mission.
    """
    table = gantt_of_future_table(future, missions)
    about = table.drop_duplicates("mission")
    rows = group_rows(about["programme_title"].tolist())
    ax = axes_to_draw_on(ax, rows.height(around=2.0))
    title = f"One future of {future.meta['title']} (seed {future.seed}, replication {future.replication})"
    dress(ax, title, grid="x", room=0.85)
    name_rows(ax, rows, about["name"].tolist())
    data_date = day_number(future.meta["data_date"])
    first = float(np.nanmin(day_numbers(table["start"]), initial=data_date))
    time_axis(ax, first - 100, day_number(future.meta["horizon"]))
    places = _places(table, rows)
    entries = _draw_spans(ax, table, places) + _draw_markers(ax, table, places)
    legend_below(ax, entries, side="right")
    return figure_of(ax)


def gantt_of_future_table(future: Future, missions: Sequence[str] | None = None) -> pd.DataFrame:
    """Spans, planned launches and events of a traced replication, mission by mission.

    Returns:
        Columns ``mission``, ``name``, ``programme_title``, ``kind`` (``planned``, ``span``, or what
        happened, such as ``launched``), ``cause`` (of a span), ``attempt``, ``start``, ``end``.

    Raises:
        ResultsError: there is no such mission.
    """
    chosen = choose_missions(future.meta["missions"], missions, history=False)
    chosen = by_programme(chosen, future.meta["programmes"])
    planned = chosen[["mission", "planned"]].rename(columns={"planned": "start"}).assign(kind="planned")
    spans = future.spans()[["mission", "cause", "attempt", "start", "end"]].assign(kind="span")
    events = future.events().rename(columns={"date": "start", "what": "kind"})
    events = events.loc[events["kind"].isin(list(_EVENTS)), ["mission", "kind", "start"]]
    parts = pd.concat([planned, spans, events], ignore_index=True)
    parts["end"] = parts["end"].fillna(parts["start"])
    parts["cause"] = parts["cause"].fillna("")
    about = chosen[["mission", "name", "programme_title"]]
    table = about.merge(parts, on="mission", how="left", validate="one_to_many")
    return table[["mission", "name", "programme_title", "kind", "cause", "attempt", "start", "end"]]


def _places(table: pd.DataFrame, rows: Rows) -> np.ndarray:
    by_mission = dict(zip(table["mission"].unique(), rows.places, strict=True))
    return table["mission"].map(by_mission).to_numpy(dtype=float)


def _draw_spans(ax: Axes, table: pd.DataFrame, places: np.ndarray) -> list[LegendEntry]:
    """Draw the spans cause by cause; give the legend's entries."""
    start, end = day_numbers(table["start"]), day_numbers(table["end"])
    present = set(table["cause"]) - {""}
    ordered = [*(cause for cause in CAUSE_FILLS if cause in present), *sorted(present - set(CAUSE_FILLS))]
    entries: list[LegendEntry] = []
    for cause in ordered:
        fill = CAUSE_FILLS.get(cause, OTHER_CAUSE)
        mine = (table["cause"] == cause).to_numpy()
        width = end[mine] - start[mine]
        ax.barh(places[mine], width, _BAR_HEIGHT, left=start[mine], label=cause, **fill.properties())
        entries.append((fill.patch(), cause.replace("-", " ")))
    return entries


def _draw_markers(ax: Axes, table: pd.DataFrame, places: np.ndarray) -> list[LegendEntry]:
    """Mark planned launches and what happened; give the legend's entries."""
    days = day_numbers(table["start"])
    entries: list[LegendEntry] = []
    for kind, mark in _MARKS.items():
        mine = (table["kind"] == kind).to_numpy() & np.isfinite(days)
        if mine.any():
            looks = mark.properties()
            ax.plot(days[mine], places[mine] + mark.down, zorder=4, clip_on=False, label=kind, **looks)
            entries.append((Line2D([], [], **looks), mark.label))
    return entries
