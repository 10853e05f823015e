"""What was fitted to the record, drawn against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.special import ndtr

from sim.analysis import calibration
from sim.analysis.calibration import Fits
from sim.evidence.calibrate import slug
from sim.evidence.cases import announced_cases, weights
from sim.evidence.lognormal import CLASSES, durations, product_limit
from sim.evidence.slips import POOL
from sim.plots.rows import group_rows, name_rows
from sim.plots.style import (
    BLUE,
    INK,
    MARKERS,
    SMALL,
    VERMILLION,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
    line_style,
    percent_axis,
)

SHOWN_SLIPS = ("roscosmos", "china", "all")
SHOWN_STAND_DOWNS = ("soyuz", "china", "new-launcher", "lander")
LONGEST_GROWTH = 6.0


def fitted_growth(fits: Fits, classes: Sequence[str] = SHOWN_SLIPS, ax: Axes | None = None) -> Figure:
    """How much do leads grow, and does the fit follow the record?

    How to read it: a curve of 50 % at 2 says that half of the missions fly within twice the lead that was
    announced; the fit is good where the smooth line runs along the steps of the same colour, the record.

    Steps are product-limit estimates, a mission counting once, unflown ones censored at their current plan.
    """
    table = fitted_growth_table(fits, classes)
    ax = axes_to_draw_on(ax)
    dress(ax, "Growth of the lead: the fits against the record")
    percent_axis(ax, "share launched by then")
    ax.set_xlim(0.5, LONGEST_GROWTH)
    ax.set_xlabel("achieved lead over planned lead")
    return _record_and_fit(ax, table, "growth")


def fitted_growth_table(fits: Fits, classes: Sequence[str] = SHOWN_SLIPS) -> pd.DataFrame:
    """Growth of the leads by class, in the record and in the fit.

    Returns:
        Columns ``reference_class``, ``kind`` (`record` or `fit`), ``growth``, ``share``.
    """
    cases = announced_cases(fits.record, least_lead=0.5)
    parts = []
    for name in classes:
        fit = fits.fit.slips[name]
        own = [case for case in cases if name in (POOL, slug(case.group))]
        scale = fit.scale(np.array([case.lead for case in own]))
        moved = np.array([case.time - case.lead for case in own])
        kept = np.array([abs(case.time - case.lead) <= case.half for case in own])
        growth = np.where(kept, 1.0, 1 + moved / scale)
        ended = np.array([case.flown for case in own])
        parts.append(_steps(name, growth, ended, weights(own)))
        grid = np.linspace(0.5, LONGEST_GROWTH, 200)
        late = ndtr((np.log(grid) - fit.mu) / fit.sigma)
        share = fit.on_time_probability * (grid >= 1) + (1 - fit.on_time_probability) * late
        parts.append(pd.DataFrame({"reference_class": name, "kind": "fit", "growth": grid, "share": share}))
    return pd.concat(parts, ignore_index=True)


def _steps(name: str, growth: np.ndarray, ended: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Product-limit estimate with weights."""
    times = np.unique(growth[ended])
    at_risk = np.array([weight[growth >= t - 1e-9].sum() for t in times])
    events = np.array([weight[(np.abs(growth - t) < 1e-9) & ended].sum() for t in times])
    share = 1 - np.cumprod(1 - events / at_risk)
    return pd.DataFrame({"reference_class": name, "kind": "record", "growth": times, "share": share})


def fitted_stand_downs(
    fits: Fits, classes: Sequence[str] = SHOWN_STAND_DOWNS, ax: Axes | None = None
) -> Figure:
    """How long is nothing flown after a failure, and does the fit follow the record?

    How to read it: a curve of 50 % at 100 days says that after half of the failures the next flight follows
    within 100 days; the fit is good where the smooth line runs along the steps of the same colour, the
    record.
    """
    table = fitted_stand_downs_table(fits, classes)
    ax = axes_to_draw_on(ax)
    dress(ax, "From a failure to the next flight: the fits against the record")
    percent_axis(ax, "share flown again by then")
    ax.set_xscale("log")
    ax.set_xlim(5, 5000)
    ax.set_xticks([10, 30, 100, 300, 1000, 3000], ["10", "30", "100", "300", "1000", "3000"])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("days")
    return _record_and_fit(ax, table, "days")


def fitted_stand_downs_table(fits: Fits, classes: Sequence[str] = SHOWN_STAND_DOWNS) -> pd.DataFrame:
    """Stand-downs by class, in the record (product-limit estimate) and in the fit.

    Returns:
        Columns ``reference_class``, ``kind`` (`record` or `fit`), ``days``, ``share``.
    """
    parts = []
    for name in (name for name in classes if name in fits.fit.stand_downs):
        fit = fits.fit.stand_downs[name]
        times, share = product_limit(*durations(fits.record.stand_downs, CLASSES[name][1]))
        parts.append(
            pd.DataFrame({"reference_class": name, "kind": "record", "days": times, "share": share})
        )
        grid = np.geomspace(5, 5000, 200)
        cdf = ndtr((np.log(grid) - fit.mu) / fit.sigma)
        parts.append(pd.DataFrame({"reference_class": name, "kind": "fit", "days": grid, "share": cdf}))
    return pd.concat(parts, ignore_index=True)


def _record_and_fit(ax: Axes, table: pd.DataFrame, across: str) -> Figure:
    entries: list[LegendEntry] = []
    for number, (name, part) in enumerate(table.groupby("reference_class", sort=False)):
        looks = line_style(number)
        record, fit = (part[part["kind"] == kind] for kind in ("record", "fit"))
        ax.step(
            record[across], record["share"], where="post", color=looks["color"], linewidth=1.1, alpha=0.75,
            marker=MARKERS[number], markersize=3.5,
        )  # fmt: skip
        ax.plot(fit[across], fit["share"], linewidth=2.0, **looks)
        sample = Line2D([], [], linewidth=2.0, marker=MARKERS[number], markersize=3.5, **looks)
        entries.append((sample, str(name)))
    entries.append(
        (Line2D([], [], color=INK, marker="o", markersize=3.5, linewidth=1.1), "steps: record, smooth: fit")
    )
    legend_below(ax, entries, lines_between=1)
    return figure_of(ax)


def landing_success(fits: Fits, ax: Axes | None = None) -> Figure:
    """How likely is a landing, by family, and how far is each drawn towards the others?

    How to read it: the disc is how likely the next descent of a family succeeds, the line its 90 percent
    interval; the farther it lies from the diamond, its own record alone, the more it is drawn towards the
    others.
    """
    return _successes(
        ax, landing_success_table(fits), "Landing success, drawn towards the others",
        "success probability of the next descent",
    )  # fmt: skip


def landing_success_table(fits: Fits) -> pd.DataFrame:
    """Families and classes of landers; columns as `sim.analysis.calibration.landings`."""
    return calibration.landings(fits)


def launch_success(fits: Fits, ax: Axes | None = None) -> Figure:
    """How likely is a launch, by vehicle?

    How to read it: the disc is how likely the next launch of a vehicle succeeds, the line its 90 percent
    interval; the longer the line, the less has been seen of the vehicle.
    """
    return _successes(
        ax,
        launch_success_table(fits),
        "Launch success by vehicle",
        "success probability of the next launch",
    )


def launch_success_table(fits: Fits) -> pd.DataFrame:
    """Launch vehicles and their classes; columns as `sim.analysis.calibration.launchers`."""
    return calibration.launchers(fits)


def _successes(ax: Axes | None, table: pd.DataFrame, title: str, label: str) -> Figure:
    heading = {
        "family": "flown so far (successes of flights)",
        "class": "reference classes: next of the class",
    }
    rows = group_rows([heading[kind] for kind in table["kind"]])
    ax = axes_to_draw_on(ax, rows.height(around=1.4))
    dress(ax, title, grid="x", room=0.85)
    flown = zip(table["name"], table["kind"], table["successes"], table["descents"], strict=True)
    name_rows(
        ax, rows, [f"{n} ({k} of {m})" if kind == "family" else n for n, kind, k, m in flown]
    )  # fmt: skip
    ax.hlines(rows.places, table["low"], table["high"], color=BLUE, linewidth=2.2)
    ax.plot(table["mean"], rows.places, "o", color=BLUE, markersize=5)
    hollow: dict[str, Any] = {
        "marker": "D", "linestyle": "", "markerfacecolor": "none", "markeredgecolor": VERMILLION
    }  # fmt: skip
    ax.plot(table["own"], rows.places, markersize=5, **hollow)
    ax.set_xlim(0, 1)
    ax.set_xlabel(label)
    entries: list[LegendEntry] = [
        (Line2D([], [], color=BLUE, marker="o", linewidth=2.2), "mean and 90 percent interval")
    ]
    if table["own"].notna().any():
        entries.append((Line2D([], [], **hollow), "on its own record alone (Jeffreys)"))
    legend_below(ax, entries, side="right", lines_between=1)
    return figure_of(ax)


def weak_evidence(fits: Fits, ax: Axes | None = None) -> Figure:
    """Does anything grow with experience, and do plans move together?

    How to read it: if the line, the 90 percent interval, touches the upright tick, the record does not
    prove that anything grows with experience or that plans move together.
    """
    table = weak_evidence_table(fits)
    ax = axes_to_draw_on(ax, 1.6 + 0.3 * len(table))
    dress(ax, "Growth and common movement", grid="x", room=0.6)
    places = np.arange(len(table))
    ax.hlines(places, table["low"], table["high"], color=BLUE, linewidth=2.2)
    ax.plot(table["value"], places, "o", color=BLUE, markersize=5)
    ax.plot(table["no_growth"], places, "|", color=VERMILLION, markersize=14, markeredgewidth=2)
    labels = [f"{what} (n = {n})" for what, n in zip(table["what"], table["n"], strict=True)]
    ax.set_yticks(places, labels, fontsize=SMALL)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(-1, 4)
    entries: list[LegendEntry] = [
        (Line2D([], [], color=BLUE, marker="o", linewidth=2.2), "estimate and 90 percent interval"),
        (Line2D([], [], linestyle="", marker="|", color=VERMILLION, markersize=12, markeredgewidth=2),
         "no growth, no common movement"),
    ]  # fmt: skip
    legend_below(ax, entries, side="right")
    return figure_of(ax)


def weak_evidence_table(fits: Fits) -> pd.DataFrame:
    """Growth and correlations; columns as `sim.analysis.calibration.growth`."""
    return calibration.growth(fits)
