"""How much is there on the Moon, and what can the station do with it?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Results
from sim.plots.choose import one_scenario, require_series
from sim.plots.fans import draw_fan, fan_samples, fan_table
from sim.plots.panels import stack_panels
from sim.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SMALL,
    VERMILLION,
    axes_to_draw_on,
    day_number,
    dress,
    figure_of,
    legend_below,
    time_axis,
)

_LANDED = "landed_mass_kg"
_KG_PER_T = 1000.0


class Ability(NamedTuple):
    """A monthly series that says what the station can do: its words, and the colour of its fan."""

    words: str
    colour: str


ABILITIES = {
    "firm_power_kw": Ability("firm power\n[kW]", BLUE),
    "science_elements": Ability("science\nelements at work", GREEN),
    "crew_at_station": Ability("people", ORANGE),
}


def landed_mass(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """How much has been landed at the station by a date, and how surely?

    How to read it: the line is the median of all that has been landed by then, the bands hold 50, 80 and
    90 % of the futures; the wider they are, the less is sure. Where it is flat, nothing comes.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = landed_mass_table(results, scenario)
    ax = axes_to_draw_on(ax)
    dress(ax, f"{saved.title}: mass landed at the station")
    time_axis(ax, _beginning(table), day_number(saved.meta["horizon"]))
    entries = draw_fan(ax, table, VERMILLION)
    ax.set_ylim(0, max(1.0, 1.05 * float(table["p95"].max())))
    ax.set_ylabel("landed so far [t]", fontsize=SMALL + 0.5)
    legend_below(ax, entries)
    return figure_of(ax)


def landed_mass_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Quantiles of the mass that has been landed at the station, month by month.

    Returns:
        Columns ``scenario``, ``month``, ``mean``, ``p05`` to ``p95`` [t].

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    return fan_table(one.saved[0], [_LANDED], _tonnes)


def capability(results: Results, scenario: str | None = None, ax: Axes | None = None) -> Figure:
    """What can the station do, when, and how surely?

    How to read it: from the top, the power that is there even without the largest source, the elements of
    science that work, and the people. The line is the median future, the bands hold 50, 80 and 90 % of
    all; a band that still touches zero says that many futures have nothing of it.

    Args:
        results: one scenario or several.
        scenario: which one; by default the first.
        ax: where to draw; by default a new figure.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    saved = one_scenario(results, scenario).saved[0]
    table = capability_table(results, scenario)
    ax = axes_to_draw_on(ax, 5.6)
    dress(ax, f"{saved.title}: what the station can do")
    panels = stack_panels(ax, [1.0] * len(ABILITIES), _beginning(table), day_number(saved.meta["horizon"]))
    for panel, (name, ability) in zip(panels, ABILITIES.items(), strict=True):
        rows = table[table["series"] == name]
        draw_fan(panel, rows, ability.colour)
        panel.set_ylim(0, max(1.0, 1.08 * float(rows["p95"].max())))
        panel.set_ylabel(ability.words, fontsize=SMALL)
    legend_below(ax, fan_samples(GREY))
    return figure_of(ax)


def capability_table(results: Results, scenario: str | None = None) -> pd.DataFrame:
    """Quantiles of what the station can do, month by month.

    Returns:
        Columns ``scenario``, ``series`` (``firm_power_kw``, ``science_elements``, ``crew_at_station``),
        ``month``, ``mean``, ``p05`` to ``p95``.

    Raises:
        ResultsError: there is no such scenario, or nothing or no monthly series were recorded.
    """
    one = one_scenario(results, scenario)
    require_series(one)
    parts = []
    for name in ABILITIES:
        table = fan_table(one.saved[0], [name], _level)
        table.insert(1, "series", name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _level(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[:, 0])


def _tonnes(values: np.ndarray) -> np.ndarray:
    return _level(values) / _KG_PER_T


def _beginning(table: pd.DataFrame) -> float:
    """The first month in which there is something in one of twenty futures, or the first of all."""
    there = table.loc[table["p95"] > 0, "month"]
    return day_number(table["month"].min() if there.empty else there.min())
