"""Panels one under the other in one pair of axes, for sheets that show several things at once."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from sim.plots.style import PALE, SMALL, day_number, day_numbers, time_axis

DARK = "#e3e3ea"
_GAP = 0.014


def stack_panels(ax: Axes, heights: Sequence[float], first: float, last: float) -> list[Axes]:
    """Divide axes into panels one under the other with a common axis of dates.

    Args:
        ax: the axes; only their title stays.
        heights: of the panels, in any unit, from the top.
        first: where the dates begin, in days as matplotlib counts them.
        last: where they end.
    """
    ax.set_axis_off()
    whole = sum(heights) / (1 - _GAP * (len(heights) - 1))
    panels, top = [], 1.0
    for number, height in enumerate(heights):
        share = height / whole
        panel = ax.inset_axes((0, top - share, 1, share))
        time_axis(panel, first, last)
        dress_panel(panel, with_dates=number == len(heights) - 1)
        panels.append(panel)
        top -= share + _GAP
    return panels


def dress_panel(panel: Axes, with_dates: bool = True) -> None:
    """Give a panel the looks that all have."""
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(True, color=PALE, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=SMALL, labelbottom=with_dates)
    if not with_dates:
        panel.xaxis.get_offset_text().set_visible(False)


def shade_darkness(panel: Axes, light: pd.DataFrame, shortest_days: float = 0.0) -> None:
    """Shade the time between the spells of light, if it is long enough.

    Args:
        panel: where.
        light: columns ``start`` and ``end``.
        shortest_days: darkness shorter than this is left out [d].
    """
    first, last = panel.get_xlim()
    starts, ends = day_numbers(light["start"]), day_numbers(light["end"])
    for dusk, dawn in zip([first, *ends], [*starts, last], strict=True):
        if dawn - dusk > shortest_days and dawn > first and dusk < last:
            panel.axvspan(max(dusk, first), min(dawn, last), color=DARK, linewidth=0, zorder=0)


def window(start: object, end: object, default: tuple[object, object]) -> tuple[float, float]:
    """Turn the asked dates, or else the default ones, into days as matplotlib counts them."""
    return (
        day_number(default[0] if start is None else start),
        day_number(default[1] if end is None else end),
    )
