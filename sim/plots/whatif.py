"""What would have changed it, who carries the risk, and which lever helps?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.effects import Counterfactuals, Levers, PartnerDependency
from sim.analysis.estimates import z_value
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.rows import Rows, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    SMALL,
    VERMILLION,
    Fill,
    axes_to_draw_on,
    dress,
    figure_of,
)
from sim.plots.words import percent, without_brackets, wrapped

_ROW_HEIGHT, _LINE_HEIGHT = 0.33, 0.17
_NAME_WIDTH = 42
_EARLIER, _LATER = Fill(BLUE), Fill(VERMILLION, "///")
_PALEST, _DARKEST = np.array([1.0, 1.0, 1.0]), np.array([0.90, 0.62, 0.0])


def counterfactuals(found: Counterfactuals, ax: Axes | None = None) -> Figure:
    """What would have changed the date of a milestone, by how much, and in how many futures?

    How to read it: a bar for each change, as long as the months by which the mean date is earlier (left) or
    later (right) with it, on the same luck; the line is its 90 percent interval, the number at the right
    the share of futures whose date differs at all.

    Args:
        found: what `sim.studies.counterfactuals` gives.
        ax: where to draw; by default a new figure.
    """
    table = counterfactuals_table(found)
    rows = Rows(list(range(len(table))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.3, row_height=_height_for(table["title"])))
    dress(ax, f"{found.title}: what would have changed its mean date", grid="x", room=0.78)
    _name_in_full(ax, rows, table["title"].tolist())
    for place, row in enumerate(table.to_dict("records")):
        fill = (_EARLIER if row["months"] < 0 else _LATER).properties()
        ax.barh(place, row["months"], 0.6, **fill)
        ax.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=1.1)
    ax.axvline(0, color=INK, linewidth=0.9)
    _write_at_right(ax, [percent(share) for share in table["changed"]], "date\ndiffers in")
    pairs = int(table["pairs"].max()) if len(table) else 0
    note = (
        f"months later (+) or earlier (-) in the mean of {pairs} pairs; not reached counts as the horizon"
    )
    ax.set_xlabel(wrapped(note, 76), fontsize=SMALL + 0.5)
    return figure_of(ax)


def counterfactuals_table(found: Counterfactuals) -> pd.DataFrame:
    """Effects of single changes on a milestone's mean date, the largest gain first.

    Returns:
        Columns of `Counterfactuals.table` and ``months`` with their 90 percent interval, ``low`` to
        ``high``.
    """
    table = found.table()
    half = z_value(0.9) * table["days_se"]
    table["months"] = table["days"] / DAYS_PER_MONTH
    table["low"], table["high"] = (
        (table["days"] - half) / DAYS_PER_MONTH,
        (table["days"] + half) / DAYS_PER_MONTH,
    )
    return table


def levers(found: Levers, ax: Axes | None = None) -> Figure:
    """Which lever helps most, and how sure is the ranking?

    How to read it: the policies from best to worst; a filled point surely helps (blue) or harms (red), an
    open one may do nothing. Where the ranks at the right overlap, the order of the two may be chance.

    A point is the change of the mean outcome on the same luck, with an interval so wide that those of all
    pairs of policies hold at once. The ranks are those between which the true rank of a policy lies.

    Args:
        found: what `sim.studies.levers` gives.
        ax: where to draw; by default a new figure.
    """
    table = levers_table(found)
    rows = Rows(list(range(len(table))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.5, row_height=_height_for(table["title"])))
    dress(ax, f"{found.measure.title}: which lever helps most?", grid="x", room=0.78)
    _name_in_full(ax, rows, table["title"].tolist())
    for place, row in enumerate(table.to_dict("records")):
        sure = row["surely_helps"] or row["surely_harms"]
        colour = BLUE if row["surely_helps"] else VERMILLION if row["surely_harms"] else GREY
        ax.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.8)
        marker = "D" if row["lever"] == Levers.NOTHING else "o"
        ax.plot(
            row["effect"], place, marker=marker, markersize=6.5, color=colour,
            markerfacecolor=colour if sure else "white", markeredgewidth=1.4,
        )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=0.9)
    _write_at_right(
        ax,
        [_range(*row) for row in zip(table["rank_best"], table["rank_worst"], strict=True)],
        "true\nrank",
    )
    better = "left" if found.measure.smaller_is_better else "right"
    note = (
        f"change of the mean [{table['unit'].iloc[0]}], better to the {better}; {found.ranking.guarantee}"
    )
    ax.set_xlabel(wrapped(note, 84), fontsize=SMALL)
    return figure_of(ax)


def levers_table(found: Levers) -> pd.DataFrame:
    """Policies from best to worst with simultaneous intervals.

    Returns:
        Columns of `Levers.table`, the effect in ``unit``: months for dates.
    """
    table = found.table()
    is_date = found.measure.unit == "days"
    for name in ("effect", "effect_se", "low", "high"):
        table[name] = table[name] / (DAYS_PER_MONTH if is_date else 1.0)
    table["unit"] = "months" if is_date else found.measure.unit
    return table


def partner_dependency(found: PartnerDependency, ax: Axes | None = None) -> Figure:
    """Who carries the risk: what does the exit of each partner cost?

    How to read it: a row for each partner and year of its exit, a column for each measure; the darker a
    cell, the larger the loss in its column, and a dot stands for no change.

    Measures are months by which the mean date of a milestone is later (what is not reached counts as the
    horizon), firm power and crew-days lost.

    Args:
        found: what `sim.studies.partner_dependency` gives.
        ax: where to draw; by default a new figure.
    """
    table = partner_dependency_table(found)
    exits = list(dict.fromkeys(zip(table["name"], table["year"], strict=True)))
    measures = list(dict.fromkeys(table["label"]))
    rows = Rows(list(range(len(exits))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.9, row_height=_ROW_HEIGHT))
    dress(ax, "Who carries the risk: what the exit of a partner costs", grid="x", room=0.78)
    ax.grid(False)
    name_rows(ax, rows, [f"{name}, {year}" for name, year in exits])
    ax.set_xticks(
        range(len(measures)),
        [wrapped(without_brackets(label), 10) for label in measures],
        fontsize=SMALL - 2,
    )
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.5, len(measures) - 0.5)
    for row in table.to_dict("records"):
        place = exits.index((row["name"], row["year"])), measures.index(row["label"])
        _draw_cell(ax, place, row["share_of_worst"], row["text"])
    return figure_of(ax)


def partner_dependency_table(found: PartnerDependency) -> pd.DataFrame:
    """What each exit costs, as it is drawn.

    Returns:
        Columns of `PartnerDependency.table`, ``label``, ``text`` (of the cell), and ``share_of_worst``: the
        loss as a share of the largest in its column, 0 where nothing is lost.
    """
    table = found.table()
    dates = table["unit"] == "days"
    amount = table["change"].where(~dates, table["change"] / DAYS_PER_MONTH)
    units = {"days": "[months]", "kW": "[kW]", "person-days": "[person-days]"}
    table["label"] = [
        f"{title} {units[unit]}" for title, unit in zip(table["title"], table["unit"], strict=True)
    ]
    loss = table["change"].where(dates, -table["change"]).clip(lower=0)
    worst = loss.groupby(table["measure"]).transform("max")
    table["share_of_worst"] = (loss / worst.where(worst > 0, 1.0)).fillna(0.0)
    table["text"] = [_cell_text(value) for value in amount]
    return table


def _height_for(titles: Iterable[str]) -> float:
    """Rows as high as the longest of their names needs [in]."""
    lines = max((wrapped(title, _NAME_WIDTH).count("\n") + 1 for title in titles), default=1)
    return max(_ROW_HEIGHT, _LINE_HEIGHT * lines)


def _name_in_full(ax: Axes, rows: Rows, titles: Sequence[str]) -> None:
    """Name rows by whole sentences, on two lines where they need them: their ends tell them apart."""
    name_rows(ax, rows, titles)
    ax.set_yticks(rows.places, [wrapped(title, _NAME_WIDTH) for title in titles], fontsize=SMALL)


def _draw_cell(ax: Axes, place: tuple[int, int], share: float, text: str) -> None:
    row, column = place
    colour = tuple(_PALEST + share * (_DARKEST - _PALEST))
    ax.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, facecolor=colour, edgecolor="none"))
    ax.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=INK)


def _cell_text(value: float) -> str:
    """Write an amount with as many digits as say something.

    >>> _cell_text(12.34), _cell_text(-1234.5), _cell_text(0.0), _cell_text(0.04)
    ('+12', '-1,234', '·', '+0.0')
    """
    if value == 0:
        return "·"
    return f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.1f}"


def _range(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}-{worst}"


def _write_at_right(ax: Axes, texts: Sequence[str], head: str) -> None:
    for place, text in enumerate(texts):
        ax.annotate(
            text, (1, place), xytext=(6, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
    ax.annotate(
        head, (1, 1), xytext=(6, 3), xycoords="axes fraction", textcoords="offset points",
        va="bottom", fontsize=SMALL, color=GREY, annotation_clip=False,
    )  # fmt: skip
