"""How long do the elements last, and how long do the functions of the station go on alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.elements import Lives, kinds, lives_of, lone_lives
from sim.analysis.results import Results
from sim.batch.store import ResultsError
from sim.plots.choose import one_scenario
from sim.plots.style import (
    SMALL,
    LegendEntry,
    axes_to_draw_on,
    dress,
    figure_of,
    legend_below,
    line_style,
    percent_axis,
)
from sim.plots.words import listed

MOST_CURVES = 6
_STEPS = 600
_FEWEST = 5  # a curve ends where fewer than so many are still observed
_MOST_BANDS = 3


def element_survival(
    results: Results,
    kinds: Sequence[str] | None = None,
    scenario: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """How many of the elements of a kind still exist, so many years after their commissioning?

    How to read it: follow a curve to the right: its height is the share of such elements that still exist
    that many years after they began to work; the lower the curve falls, the shorter their life.

    Kaplan-Meier: what still stands at the horizon is censored. An element that waits for repair exists; one
    that is worn out, frozen or never worked does not. A curve ends where fewer than five are still
    observed. With up to three curves there are bands of 90 percent, pointwise.

    Args:
        results: one scenario or several.
        kinds: ids of elements; by default the six of which most are declared.
        scenario: which one; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario or element, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = element_survival_table(results, kinds, scenario)
    return _draw(table, f"{saved.title}: survival of elements", "years from commissioning", ax)


def element_survival_table(
    results: Results, kinds: Sequence[str] | None = None, scenario: str | None = None
) -> pd.DataFrame:
    """Share of the elements of each kind that still exist, by age.

    Returns:
        Columns ``scenario``, ``id``, ``name``, ``count``, ``years``, ``alive``, ``low``, ``high`` (90
        percent, by replication), ``at_risk``.

    Raises:
        ResultsError: there is no such scenario or element, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    known = _all_kinds(results, scenario)
    chosen = _most_common(known) if kinds is None else list(kinds)
    for name in chosen:
        if name not in known:
            raise ResultsError(f"there is no element `{name}`; there are {listed(known)}")
    lives = {name: (known[name][0], lives_of(saved, name)) for name in chosen}
    return _curves(saved.name, lives)


def function_survival(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """How long does each function of the station go on, once nothing is delivered any more?

    How to read it: follow a curve to the right: its height is the share of the futures in which the station
    still has that function so many years after the last delivery.

    Time runs from the silence of the scenario, or from the last delivery; functions that are missing then
    are left out (their share stands in the table of `Results.alone`). Kaplan-Meier: what is still there at
    the horizon is censored; a curve ends where fewer than five replications are still observed.

    Raises:
        ResultsError: there is no such scenario, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = function_survival_table(results, scenario)
    return _draw(table, f"{saved.title}: how long the station goes on alone", "years alone", ax)


def function_survival_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Share of the replications in which a function is still there, by the time the station is alone.

    Returns:
        Columns as those of `element_survival_table`.

    Raises:
        ResultsError: there is no such scenario, or no replication is completed.
    """
    saved = one_scenario(results, scenario).saved[0]
    lives = {
        about["id"]: (about["title"], lone_lives(saved, number))
        for number, about in enumerate(saved.meta["functions"])
    }
    return _curves(saved.name, lives)


def _all_kinds(results: Results, scenario: str | None) -> dict[str, tuple[str, int]]:
    """The kinds of elements: id to name and number of declared ones."""
    saved = one_scenario(results, scenario).saved[0]
    return {name: (about["name"], len(about["columns"])) for name, about in kinds(saved).items()}


def _most_common(known: Mapping[str, tuple[str, int]]) -> list[str]:
    return sorted(known, key=lambda name: -known[name][1])[:MOST_CURVES]


def _curves(scenario: str, lives: Mapping[str, tuple[str, Lives]]) -> pd.DataFrame:
    longest = max((item.lasted.max(initial=0.0) for _, item in lives.values()), default=0.0)
    grid = np.linspace(0, max(longest, 1.0), _STEPS)
    frames = []
    for name, (title, item) in lives.items():
        curve = item.curve(grid)
        low, high = curve.interval()
        columns = {
            "scenario": scenario,
            "id": name,
            "name": title,
            "count": len(item.lasted),
            "years": grid,
            "alive": curve.alive,
            "low": low,
            "high": high,
            "at_risk": curve.at_risk,
        }
        frames.append(pd.DataFrame(columns))
    columns_of_none = ["scenario", "id", "name", "count", "years", "alive", "low", "high", "at_risk"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns_of_none)


def _well_observed(curve: pd.DataFrame) -> pd.DataFrame:
    """Cut a curve where fewer than five are still observed, unless that is because all are gone at once."""
    few = np.flatnonzero(curve["at_risk"] < _FEWEST)
    if not len(few) or curve["alive"].iloc[few[0]] == 0:
        return curve
    return curve.iloc[: few[0]]


def _draw(table: pd.DataFrame, title: str, label: str, ax: Axes | None) -> Figure:
    ax = axes_to_draw_on(ax)
    dress(ax, title)
    percent_axis(ax, "share that is still there")
    cut = [_well_observed(curve) for _, curve in table.groupby("id", sort=False)]
    curves = [curve for curve in cut if len(curve)]
    shown = pd.concat(curves) if curves else table[:0]
    entries: list[LegendEntry] = []
    for number, curve in enumerate(curves):
        looks = line_style(number)
        ax.plot(curve["years"], curve["alive"], drawstyle="steps-post", linewidth=2, **looks)
        if len(curves) <= _MOST_BANDS:
            ax.fill_between(curve["years"], curve["low"], curve["high"], step="post", linewidth=0,
                            color=looks["color"], alpha=0.14)  # fmt: skip
        name, count = curve["name"].iloc[0], curve["count"].iloc[0]
        entries.append((Line2D([], [], linewidth=2, **looks), f"{name} ({count:,})"))
    ax.set_xlim(0, max(1.0, float(shown["years"].max()) if len(shown) else 1.0))
    ax.set_xlabel(label, fontsize=SMALL + 0.5)
    legend_below(ax, entries, lines_between=1)
    return figure_of(ax)
