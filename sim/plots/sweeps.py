"""How does a milestone depend on what a sweep changes?"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.analysis.results import Results
from sim.analysis.sweeps import in_words, sweep_of, sweep_table, swept_values
from sim.analysis.tables import month_text
from sim.batch.store import ResultsError
from sim.plots.choose import require_completed, with_milestone
from sim.plots.probability import probability_by_date_table
from sim.plots.style import (
    GREY,
    HEIGHT,
    INK,
    PALE,
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    day_numbers,
    dress,
    figure_of,
    is_dark,
    legend_below,
    line_style,
    time_axis,
)
from sim.plots.words import listed, percent, plain, replications_in_words

_MOST_COLUMNS = 3
_GAP, _PANEL_HEIGHT = 0.05, 1.75
_PALEST, _DARKEST = np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.27, 0.42])
_CELL_HEIGHT = 0.62


class Quantity(NamedTuple):
    """What a map shows of a milestone: its words, and whether it is a date."""

    words: str
    is_date: bool


QUANTITIES = {
    "p80": Quantity("P80 date", True),
    "p50": Quantity("P50 date", True),
    "mean": Quantity("mean date, what is not reached counts as the horizon", True),
    "reached": Quantity("share that reaches it by the horizon", False),
}


def sweep_curves(
    results: Results, milestone: str, scenario: str | None = None, ax: Axes | None = None
) -> Figure:
    """How does the probability of a milestone by a date move with the swept values?

    How to read it: a panel for each value of the first swept key; in it the curves of the second one, or,
    if there is none, the panel's own curve before all others in grey. A curve that lies further right than
    in the panel before says that this value makes the milestone later.

    Args:
        results: with the scenarios of a sweep of one key or two.
        milestone: id.
        scenario: name of the sweep; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such sweep or milestone, or it has more than two keys.
    """
    table = sweep_curves_table(results, milestone, scenario)
    keys = _keys(table)
    panels = list(dict.fromkeys(table[keys[0]]))
    columns = min(_MOST_COLUMNS, len(panels))
    rows = ceil(len(panels) / columns)
    ax = axes_to_draw_on(ax, max(HEIGHT, 1.5 + _PANEL_HEIGHT * rows))
    dress(ax, f"{table['title'].iloc[0]}: probability of having been reached, by {_and(keys)}")
    ax.set_axis_off()
    first, last = day_numbers([table["date"].min(), table["date"].max()])
    for number, value in enumerate(panels):
        panel = _add_panel(ax, number, rows, columns, len(panels))
        panel.set_title(f"{in_words(keys[0])}: {plain(value)}", fontsize=SMALL + 0.5, pad=3)
        time_axis(panel, first, last, most_ticks=4)
        _draw_curves(panel, table, keys, value)
    legend_below(ax, _curve_samples(table, keys))
    return figure_of(ax)


def sweep_curves_table(results: Results, milestone: str, scenario: str | None = None) -> pd.DataFrame:
    """Shares of replications that have reached a milestone, by date, for each combination of swept values.

    Returns:
        The columns of `probability_by_date_table`, and one for each swept key with its value as text.

    Raises:
        ResultsError: there is no such sweep or milestone, or it has more than two keys.
    """
    swept = _swept(results, milestone, scenario)
    curves = probability_by_date_table(results, milestone, swept["scenario"].tolist())
    return curves.merge(swept, on="scenario", how="left", validate="many_to_one")


def sweep_map(
    results: Results,
    milestone: str,
    scenario: str | None = None,
    quantity: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """What do two things that are changed at the same time do to a milestone?

    How to read it: a cell for each combination of the two swept values with its date or share in it; the
    darker, the later or the rarer. If the shade changes along one axis only, the other one does not matter.

    A date that is not reached by the horizon is said so and is the darkest of all.

    Args:
        results: with the scenarios of a sweep of two keys.
        milestone: id.
        scenario: name of the sweep; by default the first.
        quantity: ``p80``, ``p50``, ``mean`` or ``reached``; by default the first of the dates that at least
            one combination has, else ``reached``.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such sweep, milestone or quantity, or the sweep has not two keys.
    """
    table = sweep_map_table(results, milestone, scenario, quantity)
    down, across = _keys(table)
    rows, columns = (list(dict.fromkeys(table[key])) for key in (down, across))
    ax = axes_to_draw_on(ax, max(3.2, 1.7 + _CELL_HEIGHT * len(rows)))
    what = QUANTITIES[table["quantity"].iloc[0]].words
    dress(ax, f"{table['title'].iloc[0]}: {what}", room=0.95)
    ax.grid(False)
    ax.set_xticks(range(len(columns)), [plain(value) for value in columns])
    ax.set_yticks(range(len(rows)), [plain(value) for value in rows])
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(length=0)
    ax.set_xlabel(f"{in_words(across)}\n{replications_in_words(table['replications'])}", fontsize=SMALL + 1)
    ax.set_ylabel(in_words(down), fontsize=SMALL + 1)
    for row in table.to_dict("records"):
        _draw_cell(ax, columns.index(row[across]), rows.index(row[down]), row["shade"], row["text"])
    return figure_of(ax)


def sweep_map_table(
    results: Results, milestone: str, scenario: str | None = None, quantity: str | None = None
) -> pd.DataFrame:
    """A quantity of a milestone for each combination of two swept values.

    Returns:
        Columns ``scenario``, one for each of the two swept keys with its value as text, ``title``,
        ``quantity``, ``value`` (a date as days since 1970, nan for not by the horizon; or a share),
        ``text``, ``shade`` (0 for the earliest or the most often reached, 1 for the other end and for what
        is not reached) and ``replications``.

    Raises:
        ResultsError: there is no such sweep, milestone or quantity, or the sweep has not two keys.
    """
    if quantity is not None and quantity not in QUANTITIES:
        raise ResultsError(f"there is no quantity `{quantity}`; there are {listed(QUANTITIES)}")
    swept = _swept(results, milestone, scenario)
    if len(_keys(swept)) != 2:
        raise ResultsError(
            "a map needs a sweep of two keys, such as luna-and-reactor-sweep; sweep_curves shows one of one"
        )
    found = results[swept["scenario"].tolist()].milestones()
    found = swept.merge(found[found["milestone"] == milestone], on="scenario", validate="one_to_one")
    chosen = quantity or _first_reached(found)
    horizon = results[swept["scenario"].iloc[0]].saved[0].meta["horizon"][:4]
    return _shaded(found, chosen, horizon)[
        ["scenario", *_keys(swept), "title", "quantity", "value", "text", "shade", "replications"]
    ]


def _swept(results: Results, milestone: str, scenario: str | None) -> pd.DataFrame:
    """The scenarios of a sweep that have a milestone, with their swept values."""
    swept = sweep_table(results.scenarios, sweep_of(scenario or "") or scenario)
    chosen = results[swept["scenario"].tolist()]
    having = [saved.name for saved in with_milestone(chosen, milestone)]
    require_completed(results[having])
    if len(_keys(swept)) > 2:
        raise ResultsError(
            f"the sweep has {len(_keys(swept))} keys; a picture shows two at most, so sweep fewer"
        )
    return swept[swept["scenario"].isin(having)].reset_index(drop=True)


def _keys(table: pd.DataFrame) -> list[str]:
    """The swept keys of a table, in the order of the sweep."""
    return list(swept_values(table["scenario"].iloc[0]))


def _and(keys: Sequence[str]) -> str:
    return " and ".join(in_words(key).partition(" [")[0] for key in keys)


def _first_reached(found: pd.DataFrame) -> str:
    """The latest of the quantiles that any combination reaches; without one, the share."""
    return next((name for name in ("p80", "p50") if found[name].notna().any()), "reached")


def _shaded(found: pd.DataFrame, quantity: str, horizon: str) -> pd.DataFrame:
    if QUANTITIES[quantity].is_date:
        dates = found["restricted_mean" if quantity == "mean" else quantity]
        value = pd.Series(np.where(dates.notna(), day_numbers(dates), np.nan), index=found.index)
        text = [month_text(date) or f"not by\n{horizon}" for date in dates]
        badness = value
    else:
        value, badness = found["reached"], -found["reached"]
        text = [percent(share) for share in value]
    low, high = badness.min(), badness.max()
    span = high - low if high > low else 1.0
    most = 0.75 if badness.isna().any() else 1.0  # leaves the darkest to what is not reached
    shade = (most * (badness - low) / span).fillna(1.0)
    return found.assign(quantity=quantity, value=value, text=text, shade=shade)


def _add_panel(ax: Axes, number: int, rows: int, columns: int, count: int) -> Axes:
    """Divide axes into a grid of panels; those at the left and at the bottom have labels."""
    row, column = divmod(number, columns)
    width, height = (1 - _GAP * (columns - 1)) / columns, (1 - 0.16 * (rows - 1) - 0.06) / rows
    panel = ax.inset_axes((column * (width + _GAP), 0.94 - height - row * (height + 0.16), width, height))
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(True, color=PALE, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.set_ylim(0, 1)
    panel.set_yticks(np.linspace(0, 1, 3), ["0 %", "50 %", "100 %"])
    is_lowest = number + columns >= count
    panel.tick_params(labelsize=SMALL, labelleft=column == 0, labelbottom=is_lowest)
    return panel


def _draw_curves(panel: Axes, table: pd.DataFrame, keys: Sequence[str], value: str) -> None:
    """Draw a panel: the curves of the second key, or the own curve before the others."""
    for (_, first), curve in table.groupby(["scenario", keys[0]], sort=False):
        if len(keys) == 1 and first != value:
            panel.plot(day_numbers(curve["date"]), curve["probability"], color=PALE, linewidth=1.0)
    own = table[table[keys[0]] == value]
    for number, (_, curve) in enumerate(own.groupby("scenario", sort=False)):
        looks = line_style(number)
        name = curve["scenario"].iloc[0]
        panel.plot(day_numbers(curve["date"]), curve["probability"], linewidth=1.9, label=name, **looks)
        final = float(curve["probability"].iloc[-1])
        if len(keys) == 1 and final < 1:
            panel.annotate(
                percent(final), (1, final), xytext=(-2, 3), xycoords="axes fraction", fontsize=SMALL,
                textcoords="offset points", ha="right", va="bottom",
            )  # fmt: skip


def _curve_samples(table: pd.DataFrame, keys: Sequence[str]) -> list[LegendEntry]:
    if len(keys) == 1:
        others = Line2D([], [], color=PALE, linewidth=1.0)
        return [
            (Line2D([], [], linewidth=1.9, **line_style(0)), "of the panel's value"),
            (others, "others"),
        ]
    return [
        (Line2D([], [], linewidth=1.9, **line_style(number)), f"{in_words(keys[1])}: {plain(value)}")
        for number, value in enumerate(dict.fromkeys(table[keys[1]]))
    ]


def _draw_cell(ax: Axes, column: int, row: int, shade: float, text: str) -> None:
    colour = "#" + "".join(f"{round(255 * part):02x}" for part in _PALEST + shade * (_DARKEST - _PALEST))
    box = Rectangle(
        (column - 0.48, row - 0.46), 0.96, 0.92, facecolor=colour, edgecolor=GREY, linewidth=0.5
    )
    ax.add_patch(box)
    ax.text(column, row, text, ha="center", va="center", fontsize=SMALL + 0.5,
            color="white" if is_dark(colour) else INK)  # fmt: skip
