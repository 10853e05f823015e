"""What costs the time, scenario beside scenario?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.nature.calendar import DAYS_PER_MONTH
from sim.plots.choose import milestone_about, require_completed, some_scenarios, with_milestone
from sim.plots.future import CAUSE_FILLS, OTHER_CAUSE
from sim.plots.rows import Rows, name_rows
from sim.plots.style import (
    GREY,
    INK,
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
    size_in_points,
    text_width_in_points,
)
from sim.plots.words import cause_in_words, percent, scenario_labels, wrapped

_MOST_CAUSES = 6
_ROW_HEIGHT = 0.36
_BAR_HEIGHT = 0.66
_PLANNED, OTHER = "development", "other"


def delay_by_cause(
    results: Results,
    milestone: str,
    scenarios: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """What makes a milestone late, and is it the same in every scenario?

    How to read it: a bar for each scenario, as long as the mean delay beyond development as planned; each
    part is what one cause costs on the critical path. Compare a part with the one of the same pattern in
    another bar to see what a scenario changes.

    Means are over the replications that reach the milestone; their share stands at the right, with their
    mean date. The causes that cost most have a part of their own, the rest is put together.

    Args:
        results: one scenario or several, recorded with critical paths.
        milestone: id.
        scenarios: names; by default all that have the milestone.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    table = delay_by_cause_table(results, milestone, scenarios)
    about = table.drop_duplicates("scenario")
    rows = Rows(list(range(len(about))), [])
    ax = axes_to_draw_on(ax, rows.height(around=1.9, row_height=_ROW_HEIGHT))
    dress(ax, f"{table['title'].iloc[0]}: what makes it late", grid="x", room=0.7)
    name_rows(ax, rows, about["label"].tolist())
    ends = table.groupby("scenario")["end"].max()
    ax.set_xlim(0, max(1.0, 1.04 * float(ends.max())))
    entries = _draw_parts(ax, table, dict(zip(about["scenario"], rows.places, strict=True)))
    _write_dates(ax, about)
    note = "months beyond development as planned, mean over the replications that reach it"
    ax.set_xlabel(wrapped(note, 84), fontsize=SMALL + 0.5)
    legend_below(ax, entries, side="right", lines_between=1)
    return figure_of(ax)


def delay_by_cause_table(
    results: Results, milestone: str, scenarios: Sequence[str] | None = None
) -> pd.DataFrame:
    """Mean months that each cause costs on the critical path, scenario by scenario.

    The months of a scenario add up to its ``delay``: the mean time from the data date to the milestone less
    what of it is development as planned.

    Returns:
        Columns ``scenario``, ``label``, ``milestone``, ``title``, ``cause`` (``other`` for the rest),
        ``cause_label``, ``months``, ``start``, ``end`` (months), ``delay``, ``mean_date``, ``reached``: the
        same causes in the same order for all; nan in scenarios in which the milestone is never reached.

    Raises:
        ResultsError: paths were not recorded, or there is no such scenario or milestone.
    """
    chosen = with_milestone(some_scenarios(results, scenarios), milestone)
    picked = results[[saved.name for saved in chosen]]
    require_completed(picked)
    labels = scenario_labels(chosen)
    months, about = {}, {}
    for saved in chosen:
        months[saved.name], about[saved.name] = _months(picked, saved.name, milestone)
    wide = _few(pd.DataFrame(months).T.fillna(0.0), [name for name in months if len(months[name])])
    parts = []
    for saved in chosen:
        own = wide.loc[saved.name]
        columns: dict[str, Any] = {
            "scenario": saved.name,
            "label": labels[saved.name],
            "milestone": milestone,
            "title": milestone_about(saved, milestone)["title"],
            "cause": list(wide.columns),
            "cause_label": [_label(str(cause)) for cause in wide.columns],
            "months": own.to_numpy(),
            "start": (own.cumsum() - own).to_numpy(),
            "end": own.cumsum().to_numpy(),
            "delay": own.sum(skipna=False),
            **about[saved.name],
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _label(cause: str) -> str:
    return "Other causes" if cause == OTHER else cause_in_words(cause)


def _months(results: Results, scenario: str, milestone: str) -> tuple[pd.Series, dict[str, object]]:
    """Months by cause but for development as planned, and how many futures they are the mean of."""
    saved = results[scenario].saved[0]
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index(milestone)]
    reached = float(np.isfinite(dates).mean())
    if reached == 0 and saved.has("path_start"):
        return pd.Series(dtype=float), {"mean_date": pd.NaT, "reached": reached}
    found = results.why(milestone, scenario)
    days = found.causes().set_index("cause")["days"].drop(_PLANNED, errors="ignore")
    return days / DAYS_PER_MONTH, {"mean_date": found.mean_date, "reached": reached}


def _few(wide: pd.DataFrame, reached: Sequence[str]) -> pd.DataFrame:
    """Keep the causes that cost most in any scenario, put the others together."""
    if not reached:
        raise ResultsError(
            "none of the scenarios reaches the milestone by the horizon, so there is no delay to explain; "
            "what would let it be reached, the counterfactuals tell"
        )
    order = wide.max().sort_values(ascending=False, kind="stable").index
    few = wide[order[:_MOST_CAUSES]].copy()
    if len(order) > _MOST_CAUSES:
        few[OTHER] = wide[order[_MOST_CAUSES:]].sum(axis=1)
    few.loc[~few.index.isin(reached)] = np.nan
    return few


def _draw_parts(ax: Axes, table: pd.DataFrame, places: dict[str, float]) -> list[LegendEntry]:
    """Draw the parts cause by cause, with their months where these fit; give the legend's entries."""
    box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
    room = size_in_points(ax)[0] * 0.7 / ax.get_xlim()[1]
    entries: list[LegendEntry] = []
    for cause, part in table.groupby("cause", sort=False):
        fill = CAUSE_FILLS.get(str(cause), OTHER_CAUSE)
        looks = fill.properties() | {"linewidth": 0.4}
        for row in part.dropna(subset="months").to_dict("records"):
            place = places[row["scenario"]]
            ax.barh(place, row["months"], _BAR_HEIGHT, left=row["start"], label=cause, **looks)
            text = f"{row['months']:.0f}"
            if row["months"] * room > text_width_in_points(text) + 10:
                middle = (row["start"] + row["end"]) / 2
                ax.text(middle, place, text, fontsize=SMALL - 1, ha="center", va="center", bbox=box)
        entries.append((fill.patch(), part["cause_label"].iloc[0]))
    return entries


def _write_dates(ax: Axes, about: pd.DataFrame) -> None:
    """Write mean date and the share that reaches it beside the bars."""
    looks: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"), "textcoords": "offset points", "fontsize": SMALL,
        "annotation_clip": False,
    }  # fmt: skip
    for place, row in enumerate(about.to_dict("records")):
        if pd.isna(row["delay"]):
            ax.text(0, place, " never reached", fontsize=SMALL, va="center", color=INK)
            continue
        note = f"{row['mean_date']:%Y-%m} ({percent(row['reached'])})"
        ax.annotate(note, (1, place), xytext=(6, 0), va="center", **looks)
    heading = looks | {"xycoords": "axes fraction", "color": GREY}
    ax.annotate("mean date\n(reached)", (1, 1), xytext=(6, 3), va="bottom", **heading)
