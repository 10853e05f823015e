"""How does one thing lead to the next, in one future?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.chain_table import station_of_future_table
from sim.plots.panels import DARK, shade_darkness, stack_panels, window
from sim.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    ROW_HEIGHT,
    SKY,
    SMALL,
    VERMILLION,
    Fill,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    text_width_in_points,
)
from sim.plots.words import plain, shortened

if TYPE_CHECKING:
    from sim.analysis.future import Future

__all__ = ["station_of_future", "station_of_future_table"]

_NAME_WIDTH = 32
_DARK_DAYS = 4.0  # shorter darkness would only be a grey veil
_MARKS: dict[str, tuple[str, str, str, float]] = {
    "planned": ("planned", "D", "white", 4.5),
    "landed": ("landed", "v", "black", 6),
    "launch failure": ("launch failure", "X", "white", 7),
    "landing failure": ("landing failure", "P", "white", 7),
    "cancelled": ("cancelled", "s", "white", 5),
    "dies of cold": ("dies of cold", "*", SKY, 10),
    "crew lost": ("crew lost", "X", "black", 8),
}
_STAND_DOWN = Fill(PURPLE, "xxxx")
_WORKING = Fill(GREEN)
_PRESENCE = (Fill("#f1f1f1"), Fill("#c9dcec", "..."), Fill("#7fb2d9", "///"), Fill(BLUE, "xxx"))
_FIRM: dict[str, Any] = {"color": BLUE, "linewidth": 1.8}
_INSTALLED: dict[str, Any] = {"color": INK, "linewidth": 1.4, "linestyle": (0, (1.5, 1.2))}
_LOAD: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.4, "linestyle": (0, (6, 1.5, 1.5, 1.5))}
_GATE: dict[str, Any] = {"color": GREY, "linewidth": 1.0, "linestyle": (0, (8, 3))}
_STORED: dict[str, Any] = {"color": PURPLE, "linewidth": 1.2}


def station_of_future(future: Future, start: Any = None, end: Any = None, ax: Axes | None = None) -> Figure:
    """How does one thing lead to the next, from launch to night to crew, in one future?

    How to read it: read down a date: missions, elements, power, stored energy, phase and people stand under
    one another, so that a loss above shows what it does below.

    One sheet, from the top: the missions that bring something to the station, with losses and the
    stand-downs after them; the elements, a bar while they work (the higher, the more of them), a star where
    one dies of cold; installed and firm power and the load, with red ticks where loads go unserved, and the
    firm power that gates ask for; the stored energy, from its lowest to its highest in each month; the
    phases, and the people at the station. Darkness of more than four days is shaded.

    Args:
        future: a traced replication.
        start: where the sheet begins; by default a year before the first element works.
        end: where it ends; by default the horizon.
        ax: where to draw; by default a new figure.
    """
    table = station_of_future_table(future)
    rows = {
        part: list(table.loc[table["part"] == part, "name"].unique()) for part in ("mission", "element")
    }
    heights = [
        ROW_HEIGHT * (len(rows["mission"]) + 1),
        ROW_HEIGHT * (len(rows["element"]) + 1),
        1.9,
        0.9,
        1.5,
    ]
    ax = axes_to_draw_on(ax, sum(heights) + 1.7)
    title = f"One future of {future.meta['title']} (seed {future.seed}, replication {future.replication})"
    dress(ax, title, room=0.85)
    first, last = window(start, end, (_beginning(table, future), future.meta["horizon"]))
    panels = stack_panels(ax, heights, first, last)
    for panel in panels:
        shade_darkness(panel, future.station.light(), _DARK_DAYS)
    _draw_missions(panels[0], table, rows["mission"])
    _draw_elements(panels[1], table, rows["element"])
    _draw_power(panels[2], future)
    _draw_stored(panels[3], future)
    _draw_people(panels[4], table, future)
    legend_below(ax, _samples(table))
    return figure_of(ax)


def _beginning(table: pd.DataFrame, future: Future) -> pd.Timestamp:
    """A year before the first element that was not there at the data date begins to work."""
    data_date = pd.Timestamp(future.meta["data_date"])
    starts = table.loc[(table["part"] == "element") & (table["start"] > data_date), "start"]
    if starts.empty:
        return data_date
    return pd.Timestamp(max(data_date, starts.min() - pd.Timedelta(days=365)))


def _name_rows(panel: Axes, names: list[str]) -> dict[str, int]:
    """Write names beside rows, the first at the top; give the place of each."""
    panel.set_yticks(range(len(names)), [shortened(name, _NAME_WIDTH) for name in names])
    panel.set_ylim(max(len(names), 1) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0, labelsize=SMALL - 0.5)
    return {name: place for place, name in enumerate(names)}


def _draw_missions(panel: Axes, table: pd.DataFrame, names: list[str]) -> None:
    places = _name_rows(panel, names)
    mine = table[table["part"] == "mission"]
    bars = mine[mine["kind"] == "stand-down"]
    days = day_numbers(bars["start"])
    panel.barh([places[name] for name in bars["name"]], day_numbers(bars["end"]) - days, 0.45, left=days,
               **_STAND_DOWN.properties())  # fmt: skip
    _mark(panel, mine, places)


def _draw_elements(panel: Axes, table: pd.DataFrame, names: list[str]) -> None:
    places = _name_rows(panel, names)
    mine = table[table["part"] == "element"]
    bars = mine[mine["kind"] == "working"]
    most = bars.groupby("name")["value"].max()
    days = day_numbers(bars["start"])
    heights = [0.82 * value / most[name] for name, value in zip(bars["name"], bars["value"], strict=True)]
    bottoms = [places[name] + 0.41 - height for name, height in zip(bars["name"], heights, strict=True)]
    panel.bar(
        days, heights, day_numbers(bars["end"]) - days, bottoms, align="edge", **_WORKING.properties()
    )
    for name, count in most.items():
        panel.text(1.005, places[str(name)], f"{count:.0f}", transform=panel.get_yaxis_transform(),
                   fontsize=SMALL - 1, va="center", color=INK)  # fmt: skip
    _mark(panel, mine, places)


def _mark(panel: Axes, rows: pd.DataFrame, places: dict[str, int]) -> None:
    for kind, (_, marker, colour, size) in _MARKS.items():
        mine = rows[rows["kind"] == kind]
        first, last = panel.get_xlim()
        days = day_numbers(mine["start"])
        inside = (days >= first) & (days <= last)
        at = np.array([places[name] for name in mine["name"]], dtype=float)
        panel.plot(days[inside], at[inside], linestyle="", marker=marker, markersize=size, zorder=4,
                   markerfacecolor=colour, markeredgecolor=INK, markeredgewidth=0.8)  # fmt: skip


def _draw_power(panel: Axes, future: Future) -> None:
    standings, series = future.station.standings(), future.series()
    days = day_numbers(standings["date"])
    last = panel.get_xlim()[1]
    for name, looks in (("installed_power_kw", _INSTALLED), ("firm_power_kw", _FIRM)):
        levels = standings[name].to_numpy()
        panel.plot([*days, last], [*levels, levels[-1]], drawstyle="steps-post", **looks)
    panel.plot(day_numbers(series.index), series["load_kw"], drawstyle="steps-post", **_LOAD)
    for level in gate_levels(future.meta, "firm_power_kw"):
        panel.axhline(level, **_GATE)
    flows = future.station.power()
    short = flows["unserved_kw"].to_numpy() > 0
    begins = day_numbers(flows["date"])
    ends = np.append(begins[1:], last)
    top = max(1.0, 1.08 * float(standings["installed_power_kw"].max()))
    panel.broken_barh(
        list(zip(begins[short], np.maximum(6.0, (ends - begins)[short]), strict=True)),
        (-0.1 * top, 0.08 * top), facecolor=VERMILLION, linewidth=0,
    )  # fmt: skip
    panel.set_ylim(-0.12 * top, top)
    panel.set_ylabel("power [kW]", fontsize=SMALL)


def _draw_stored(panel: Axes, future: Future) -> None:
    low, high = monthly_range(future)
    days = day_numbers(low.index)
    panel.fill_between(days, low, high, step="post", color=PURPLE, alpha=0.25, linewidth=0)
    panel.plot(days, low, drawstyle="steps-post", **_STORED)
    panel.set_ylim(0, max(1.0, 1.1 * float(high.max())))
    panel.set_ylabel("stored [kWh]", fontsize=SMALL)


def monthly_range(future: Future) -> tuple[pd.Series, pd.Series]:
    """Find the lowest and the highest stored energy of each month [kWh]."""
    flows = future.station.power()
    begins = day_numbers(flows["date"])
    ends = np.append(begins[1:], day_numbers([future.meta["horizon"]]))
    stored, rate = flows["stored_kwh"].to_numpy(), flows["stored_kw"].to_numpy()
    months = pd.to_datetime(future.meta["months"])
    edges = np.append(day_numbers(months), ends[-1])
    moments = np.concatenate([begins, ends, np.clip(edges, begins[0], ends[-1])])
    at = np.clip(np.searchsorted(begins, moments, side="right") - 1, 0, None)
    at[len(begins) : 2 * len(begins)] = np.arange(len(begins))
    levels = np.maximum(0.0, stored[at] + rate[at] * 24 * (moments - begins[at]))
    month = np.clip(np.searchsorted(edges, moments, side="right") - 1, 0, len(months) - 1)
    grouped = pd.Series(levels).groupby(month)
    index = months[sorted(set(month.tolist()))]
    return pd.Series(grouped.min().to_numpy(), index), pd.Series(grouped.max().to_numpy(), index)


def _draw_people(panel: Axes, table: pd.DataFrame, future: Future) -> None:
    """Ribbons of the phases over the number of people."""
    standings = future.station.standings()
    days, last = day_numbers(standings["date"]), panel.get_xlim()[1]
    people = standings["crew"].to_numpy()
    top = max(4.0, float(people.max()))
    panel.fill_between([*days, last], 0, [*people, people[-1]], step="post", color=ORANGE, linewidth=0)
    tracks = [track["id"] for track in future.meta["tracks"]]
    height = 0.42 * top
    for number, track in enumerate(reversed(tracks)):
        _draw_ribbon(panel, table[(table["part"] == "phase") & (table["name"] == track)], future,
                     1.15 * top + number * (height + 0.08 * top), height)  # fmt: skip
    panel.set_ylim(0, 1.15 * top + len(tracks) * (height + 0.08 * top))
    ribbons = [1.15 * top + number * (height + 0.08 * top) + height / 2 for number in range(len(tracks))]
    titles = [track["title"].lower() for track in reversed(future.meta["tracks"])]
    panel.set_yticks([0, top / 2, top, *ribbons], ["0", f"{top / 2:.0f}", f"{top:.0f}", *titles])
    panel.set_ylabel("people", fontsize=SMALL, loc="bottom", labelpad=-12)


def _draw_ribbon(panel: Axes, rows: pd.DataFrame, future: Future, bottom: float, height: float) -> None:
    first, last = panel.get_xlim()
    width = panel.get_window_extent().width * 72 / figure_of(panel).dpi
    order = {title: n for track in future.meta["tracks"] for n, title in enumerate(track["titles"])}
    for row in rows.to_dict("records"):
        begin, stop = np.clip(day_numbers([row["start"], row["end"]]), first, last)
        fill = _PRESENCE[min(order.get(row["kind"], 0), len(_PRESENCE) - 1)]
        looks = fill.properties() | {"edgecolor": "white", "linewidth": 0.3}
        panel.broken_barh([(begin, stop - begin)], (bottom, height), **looks)
        if text_width_in_points(row["kind"], SMALL) < 0.9 * (stop - begin) / (last - first) * width:
            box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            panel.text((begin + stop) / 2, bottom + height / 2, plain(row["kind"]), fontsize=SMALL - 0.5,
                       ha="center", va="center", color=INK, bbox=box)  # fmt: skip


def gate_levels(meta: dict[str, Any], quantity: str) -> list[float]:
    """Find the levels of a quantity that the gates of a scenario ask for."""
    found: set[float] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get(quantity), (int, float)):
                found.add(float(node[quantity]))
            node = list(node.values())
        if isinstance(node, list):
            for item in node:
                walk(item)

    walk(meta["effective"].get("gates", {}))
    return sorted(found)


def _samples(table: pd.DataFrame) -> list[LegendEntry]:
    kinds = set(table["kind"])
    marks: list[LegendEntry] = [
        (
            Line2D([], [], linestyle="", marker=marker, markersize=size, markerfacecolor=colour,
                   markeredgecolor=INK, markeredgewidth=0.8),
            label,
        )
        for kind, (label, marker, colour, size) in _MARKS.items()
        if kind in kinds
    ]  # fmt: skip
    return [
        *marks,
        (_STAND_DOWN.patch(), "stand-down"),
        (_WORKING.patch(), "works (most at once)"),
        (Line2D([], [], **_INSTALLED), "installed"),
        (Line2D([], [], **_FIRM), "firm"),
        (Line2D([], [], **_LOAD), "load"),
        (Line2D([], [], **_GATE), "gate: firm power"),
        (Fill(VERMILLION).patch(), "loads not served"),
        (Line2D([], [], **_STORED), "least stored in a month"),
        (Fill(ORANGE).patch(), "people"),
        (Fill(DARK).patch(), "dark"),
    ]
