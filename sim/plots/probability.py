"""By when is a milestone reached, and how likely?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.estimates import effective_count, quantile, ranked, wilson_interval
from sim.analysis.results import Results
from sim.analysis.saved import SavedScenario
from sim.plots.choose import milestone_about, some_scenarios, with_milestone
from sim.plots.style import (
    GREY,
    INK,
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    day_number,
    day_numbers,
    dress,
    figure_of,
    legend_below,
    line_style,
    percent_axis,
    size_in_points,
    spread,
    time_axis,
)
from sim.plots.words import percent, replications_in_words, scenario_labels

_MOST_BANDS = 3
_MOST_PLANS = 3
_END = 1.012, 1.045


def probability_by_date(
    results: Results,
    milestone: str,
    scenarios: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """How likely is it that a milestone has been reached by a date?

    How to read it: pick a date and read up: the curve is the share of the futures that have reached the
    milestone by then; at 50 % it gives the median date. A curve further right is later, one that ends low
    is often never reached.

    A curve for each scenario; with up to three of them its pointwise 90 percent band (Wilson). What is not
    reached by the horizon counts: the curve then ends below 100 % and tells where. Dotted lines with a
    triangle are the planned dates.

    Raises:
        ResultsError: there is no such milestone or scenario.
    """
    table = probability_by_date_table(results, milestone, scenarios)
    ax = axes_to_draw_on(ax)
    title = table["title"].iloc[0]
    dress(ax, f"{title}: probability of having been reached")
    percent_axis(ax, f"share of {replications_in_words(table['replications'])}")
    days = day_numbers(table["date"])
    time_axis(ax, days.min(), days.max())
    curves = [curve for _, curve in table.groupby("scenario", sort=False)]
    entries = _draw_curves(ax, curves)
    _write_ends(ax, curves)
    entries += _mark_plans(ax, curves)
    legend_below(ax, entries)
    return figure_of(ax)


def probability_by_date_table(
    results: Results, milestone: str, scenarios: Sequence[str] | None = None
) -> pd.DataFrame:
    """Shares of replications that have reached a milestone by the first of each month and by the horizon.

    Returns:
        Columns ``scenario``, ``label``, ``milestone``, ``title``, ``planned``, ``date``,
        ``probability``, ``low`` and ``high`` (90 percent Wilson interval), ``replications``.

    Raises:
        ResultsError: there is no such milestone or scenario.
    """
    chosen = with_milestone(some_scenarios(results, scenarios), milestone)
    labels = scenario_labels(chosen)
    return pd.concat([_curve(saved, milestone, labels[saved.name]) for saved in chosen], ignore_index=True)


def _curve(saved: SavedScenario, milestone: str, label: str) -> pd.DataFrame:
    about = milestone_about(saved, milestone)
    reached = np.sort(_dates(saved, milestone))
    months = pd.to_datetime([*saved.meta["months"], saved.meta["horizon"]])
    grid = (months - pd.Timestamp(0)) / pd.Timedelta(days=1)
    count = int(saved.completed.sum())
    by_then = np.searchsorted(reached, np.asarray(grid, dtype=float), side="right").astype(float)
    known = by_then if count else np.full(len(by_then), np.nan)
    low, high = _band(saved, milestone, known / max(count, 1))
    return pd.DataFrame(
        {
            "scenario": saved.name,
            "label": label,
            "milestone": milestone,
            "title": about["title"],
            "planned": pd.Timestamp(about["planned"]),
            "date": months,
            "probability": known / max(count, 1),
            "low": low,
            "high": high,
            "replications": count,
        }
    )


def _band(saved: SavedScenario, milestone: str, shares: Any) -> Any:
    """Wilson intervals; where replications belong together, with as many as would be independent."""
    count = int(saved.completed.sum())
    if saved.groups is not None and count:
        column = saved.ids("milestones").index(milestone)
        dates = saved.dates("milestone_day")[:, column]
        middle = quantile(ranked(dates), float(np.isfinite(dates).mean()) / 2)
        count = effective_count((dates <= middle).astype(float), saved.groups)
    return wilson_interval(shares * max(count, 1), max(count, 1))


def _dates(saved: SavedScenario, milestone: str) -> Any:
    """Dates of the replications that reach a milestone, in days since 1970-01-01 [d]."""
    if not saved.completed.any():
        return np.empty(0)
    dates = saved.dates("milestone_day")[:, saved.ids("milestones").index(milestone)]
    return dates[np.isfinite(dates)]


def _draw_curves(ax: Axes, curves: Sequence[pd.DataFrame]) -> list[LegendEntry]:
    """Draw the curves, the first ones wide and under the others, so that equal ones all show."""
    widths = np.linspace(3.4 if len(curves) > 1 else 2.2, 1.3, len(curves))
    entries: list[LegendEntry] = []
    for number, (curve, width) in enumerate(zip(curves, widths, strict=True)):
        days = day_numbers(curve["date"])
        style = line_style(number)
        if len(curves) <= _MOST_BANDS:
            ax.fill_between(
                days,
                curve["low"],
                curve["high"],
                step="post",
                color=style["color"],
                alpha=0.14,
                linewidth=0,
            )
        (line,) = ax.plot(
            days, curve["probability"], drawstyle="steps-post", linewidth=width, clip_on=False, **style
        )
        entries.append((line, curve["label"].iloc[0]))
    return entries


def _write_ends(ax: Axes, curves: Sequence[pd.DataFrame]) -> None:
    """Write the final share of each curve that ends below 100 % at its end, equal ones once."""
    ends: dict[str, list[tuple[float, str]]] = {}
    for number, curve in enumerate(curves):
        final = float(curve["probability"].iloc[-1])
        if final < 1:
            ends.setdefault(percent(final), []).append((final, line_style(number)["color"]))
    heights = [same[0][0] for same in ends.values()]
    gap = SMALL * 1.35 / size_in_points(ax)[1]
    for (text, same), height, place in zip(ends.items(), heights, spread(heights, gap, 0, 1), strict=True):
        colour = same[0][1] if len(same) == 1 else INK
        note = text if len(same) == 1 else f"{text} ({len(same)} curves)"
        across = ax.get_yaxis_transform()
        ax.plot([1, _END[0], _END[1]], [height, height, place], color=colour, linewidth=0.7,
                transform=across, clip_on=False)  # fmt: skip
        ax.text(_END[1] + 0.006, place, note, color=INK, fontsize=SMALL, va="center",
                transform=across)  # fmt: skip


def _mark_plans(ax: Axes, curves: Sequence[pd.DataFrame]) -> list[LegendEntry]:
    """Mark the planned dates; give the legend's entry for them."""
    planned: dict[pd.Timestamp, list[str]] = {}
    for curve in curves:
        day = curve["planned"].iloc[0]
        if not pd.isna(day):
            planned.setdefault(day, []).append(curve["label"].iloc[0])
    for day in planned:
        ax.axvline(day_number(day), color=GREY, linestyle=":", linewidth=1.2, zorder=1)
        ax.plot([day_number(day)], [0], marker="^", color=INK, markersize=7, clip_on=False, zorder=5)
    if not planned:
        return []
    sample = Line2D([], [], color=GREY, linestyle=":", marker="^", markerfacecolor=INK, markeredgecolor=INK)
    return [(sample, _plans_in_words(planned))]


def _plans_in_words(planned: dict[pd.Timestamp, list[str]]) -> str:
    """The planned dates; where scenarios differ, whose they are."""
    if len(planned) == 1:
        return f"planned: {next(iter(planned)):%Y-%m-%d}"
    if len(planned) > _MOST_PLANS:
        return f"planned: {min(planned):%Y-%m-%d} to {max(planned):%Y-%m-%d}"
    rare_first = sorted(planned.items(), key=lambda item: len(item[1]))
    *others, (common, _) = rare_first
    named = [f"{day:%Y-%m-%d} in {' and '.join(labels)}" for day, labels in others]
    return f"planned: {common:%Y-%m-%d}; {'; '.join(named)}"
