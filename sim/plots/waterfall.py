"""Where does the time go? Days by cause as a waterfall, for one scenario and between two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.choose import one_scenario
from sim.plots.rows import Rows, name_rows
from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    SMALL,
    VERMILLION,
    Fill,
    axes_to_draw_on,
    day_number,
    dress,
    figure_of,
    legend_below,
    text_width_in_points,
    time_axis,
)
from sim.plots.words import cause_in_words, wrapped

_PLANNED, _LATER, _EARLIER, _TOTAL = Fill(BLUE), Fill(VERMILLION, "///"), Fill(BLUE, "..."), Fill(GREY)
_KINDS = {
    "planned": (_PLANNED, "as planned"),
    "later": (_LATER, "later"),
    "earlier": (_EARLIER, "earlier"),
    "total": (_TOTAL, "mean date"),
}
_MOST_ROWS = 9
_BAR_HEIGHT = 0.66
_ROW_HEIGHT = 0.27
_LABEL = "+27.9 ± 0.7 months"


def waterfall(
    results: Results,
    milestone: str,
    scenario: str | None = None,
    futures: str = "all",
    ax: Axes | None = None,
) -> Figure:
    """Where does the time to a milestone go, from the data date to its mean date?

    How to read it: from the top, each bar begins where the one before ends; its length is what that cause
    costs on the way, and the last ends at the mean date of the milestone. The longest bars are what makes
    it late.

    A bar for each cause on the critical path, as long as its mean days: together they lead exactly to the
    mean date. What is planned comes first, then the causes by size; small ones are put together.

    Args:
        results: one scenario or several, recorded with critical paths.
        milestone: id.
        scenario: which one; by default the first.
        futures: ``all`` that reach the milestone, or their ``best-fifth`` or ``worst-fifth``.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    found = one_scenario(results, scenario).why(milestone, futures=futures)
    table = waterfall_table(results, milestone, scenario, futures)
    which = {"all": "", "best-fifth": ", the best fifth", "worst-fifth": ", the worst fifth"}[futures]
    title = f"{found.title}: where the time goes{which} ({found.meta['title']})"
    note = f"Mean over {found.included_in_words}"
    return _drawn(table, title, note, found.data_date, ax)


def waterfall_table(
    results: Results, milestone: str, scenario: str | None = None, futures: str = "all"
) -> pd.DataFrame:
    """Days by cause from the data date to the mean date, in the order in which they are drawn.

    Returns:
        Columns ``cause``, ``label``, ``kind``, ``days``, ``days_se``, ``start`` and ``end`` (days since the
        data date); the last row is the mean date.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    found = one_scenario(results, scenario).why(milestone, futures=futures)
    causes = found.causes()[["cause", "days", "days_se"]]
    causes["kind"] = np.where(causes["cause"] == "development", "planned", "later")
    causes = causes.sort_values("kind", ascending=False, kind="stable", ignore_index=True)
    total = found.mean_days
    label = f"Mean date {found.mean_date:%Y-%m}"
    return _stacked(_shortened(causes), 0.0, label, total.value, total.standard_error)


def waterfall_of_difference(
    results: Results,
    milestone: str,
    scenario: str | None = None,
    reference: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """What makes a milestone later, or earlier, in one scenario than in another?

    How to read it: from the mean date of the reference to that of the scenario: a bar to the right makes
    the milestone later, one to the left earlier, and each begins where the one before ends.

    The difference is that of the mean dates on common random numbers, cause by cause. What one of the two
    does not reach counts there with the horizon.

    Args:
        results: two scenarios at least, recorded with critical paths.
        milestone: id.
        scenario: which one; by default the last.
        reference: with which it is compared; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    found = results.why_different(milestone, scenario, reference)
    table = waterfall_of_difference_table(results, milestone, scenario, reference)
    title = f"{found.title}: {found.titles[0]} against {found.titles[1]}"
    return _drawn(table, title, f"Mean over {found.included_in_words}", found.origin, ax)


def waterfall_of_difference_table(
    results: Results, milestone: str, scenario: str | None = None, reference: str | None = None
) -> pd.DataFrame:
    """Differences by cause in the order in which they are drawn.

    Returns:
        Columns as in `waterfall_table`; the first row is the reference's mean date, the last one the
        scenario's.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    found = results.why_different(milestone, scenario, reference)
    causes = found.causes().query("days != 0 or days_se > 0")[["cause", "days", "days_se"]]
    causes = causes.assign(kind=np.where(causes["days"] < 0, "earlier", "later")).reset_index(drop=True)
    before, after = found.before, found.after
    rows = _stacked(
        _shortened(causes), before.value, _dated(found.titles[0], found.origin, after.value),
        after.value, after.standard_error,
    )  # fmt: skip
    first = {
        "cause": "reference", "label": _dated(found.titles[1], found.origin, before.value),
        "kind": "total", "days": before.value, "days_se": before.standard_error,
        "start": 0.0, "end": before.value,
    }  # fmt: skip
    return pd.concat([pd.DataFrame([first]), rows], ignore_index=True)


def _dated(title: str, origin: pd.Timestamp, days: float) -> str:
    return f"{title} {origin + pd.Timedelta(days=days):%Y-%m}"


def _shortened(causes: pd.DataFrame) -> pd.DataFrame:
    """Put the smallest causes together where there are too many to draw; their error is left out."""
    causes = causes.assign(label=[cause_in_words(cause) for cause in causes["cause"]])
    if len(causes) <= _MOST_ROWS:
        return causes
    shown, rest = causes.iloc[: _MOST_ROWS - 1], causes.iloc[_MOST_ROWS - 1 :]
    days = float(rest["days"].sum())
    pooled = {
        "cause": "other", "label": f"{len(rest)} smaller causes", "days": days, "days_se": np.nan,
        "kind": "earlier" if days < 0 else "later",
    }  # fmt: skip
    return pd.concat([shown, pd.DataFrame([pooled])], ignore_index=True)


def _stacked(causes: pd.DataFrame, first: float, label: str, days: float, error: float) -> pd.DataFrame:
    """Let each bar begin where the one before ends, and close with the total."""
    ends = first + causes["days"].cumsum()
    table = causes.assign(start=ends - causes["days"], end=ends)
    total = {
        "cause": "total", "label": label, "kind": "total", "days": days, "days_se": error,
        "start": 0.0, "end": days,
    }  # fmt: skip
    columns = ["cause", "label", "kind", "days", "days_se", "start", "end"]
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)[columns]


def _drawn(table: pd.DataFrame, title: str, note: str, origin: pd.Timestamp, ax: Axes | None) -> Figure:
    rows = Rows(list(range(len(table))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.5, row_height=_ROW_HEIGHT))
    dress(ax, title, grid="x", room=0.78)
    name_rows(ax, rows, table["label"].tolist())
    zero = day_number(origin)
    _set_limits(ax, table, zero)
    _draw_bars(ax, table, zero)
    ax.set_xlabel(wrapped(note, 84), fontsize=SMALL + 0.5)
    samples: list[Any] = [(_KINDS[kind][0].patch(), _KINDS[kind][1]) for kind in table["kind"].unique()]
    legend_below(ax, samples, side="right", lines_between=1 + wrapped(note, 84).count("\n"))
    return figure_of(ax)


def _set_limits(ax: Axes, table: pd.DataFrame, zero: float) -> None:
    """Show the bars and their labels; a difference does not begin at the data date."""
    changes = table[table["kind"] != "total"]
    is_difference = table["kind"].iloc[0] == "total"
    low = table[["start", "end"]].min().min()
    high = float(table[["start", "end"]].max().max())
    if is_difference:
        ends = pd.concat([changes["start"], changes["end"], table["end"]])
        low = float(ends.min()) - 0.25 * max(float(ends.max() - ends.min()), 30.0)
    room = 1.15 * text_width_in_points(_LABEL) / (72 * 5.0)
    time_axis(ax, zero + low, zero + high + max(high - low, 60.0) * room / (1 - room), most_ticks=7)


def _draw_bars(ax: Axes, table: pd.DataFrame, zero: float) -> None:
    """Draw bars with their days, each joined to the next by a thin line."""
    left = ax.get_xlim()[0]
    for place, row in enumerate(table.to_dict("records")):
        start, end = max(zero + row["start"], left), zero + row["end"]
        fill = _KINDS[row["kind"]][0].properties()
        ax.barh(place, end - start, _BAR_HEIGHT, left=start, **fill)
        if place + 1 < len(table):
            ax.vlines(end, place - _BAR_HEIGHT / 2, place + 1 + _BAR_HEIGHT / 2, color=INK, linewidth=0.7)
        ax.annotate(
            _amount(row), (max(start, end), place), xytext=(5, 0), textcoords="offset points",
            va="center", fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip


def _amount(row: dict[Any, Any]) -> str:
    """Write months with their standard error.

    >>> _amount({"days": 304.375, "days_se": 30.4375, "kind": "later"})
    '+10.0 ± 1.0 months'
    """
    sign = "" if row["kind"] == "total" else "+"
    months = f"{row['days'] / DAYS_PER_MONTH:{sign}.1f}"
    error = row["days_se"] / DAYS_PER_MONTH
    return f"{months} ± {error:.1f} months" if error == error and error > 0 else f"{months} months"
