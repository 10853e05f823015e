"""What all plots share: size, colours, lines and hatches, axes of time, legends, labels that keep apart.

Nothing is told by colour alone: every colour comes with a line style, a marker or a hatch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib import dates as matplotlib_dates
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from sim.plots.words import wrapped

_calendar: Any = matplotlib_dates  # a module without type hints

WIDTH, HEIGHT = 8.0, 4.5
ROW_HEIGHT = 0.21
DOTS_PER_INCH = 110
SMALL = 8.5
INK, GREY, PALE = "#222222", "#767676", "#d0d0d0"

BLUE, VERMILLION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY, YELLOW = "#e69f00", "#56b4e9", "#f0e442"

COLOURS = ("#000000", VERMILLION, BLUE, GREEN, PURPLE, ORANGE, SKY, GREY)
"""Okabe and Ito (2008), told apart with any colour vision; yellow is left out, grey is added."""
LINES: tuple[Any, ...] = (
    "-", (0, (6, 2)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (10, 3)), (0, (3, 1.5)),
    (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)),
)  # fmt: skip
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*", "p")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---", "+++", "|||", "ooo")

_POINTS_PER_INCH = 72
_TITLE_SIZE = 11.5
_WIDTH_OF_A_CHARACTER, _WIDTH_OF_A_BOLD_CHARACTER = 0.56, 0.62
_LEGEND_GAP_POINTS = 26


LegendEntry = tuple[Artist | tuple[Artist, ...], str]
"""A sample, or several on one another, and its label."""


class Picture(Figure):
    """A figure that shows itself in a notebook without pyplot, and is gone when nobody holds it."""

    def _repr_png_(self) -> bytes:
        return as_png(self)


@dataclass(frozen=True)
class Fill:
    """How an area looks."""

    colour: str
    hatch: str = ""

    def properties(self) -> dict[str, Any]:
        """Give it as properties of a patch."""
        return {
            "facecolor": self.colour,
            "hatch": self.hatch,
            "edgecolor": "white" if is_dark(self.colour) else INK,
            "linewidth": 0,
        }

    def patch(self) -> Patch:
        """Make its sample for a legend."""
        return Patch(**self.properties())


def as_png(figure: Figure, dots_per_inch: int = DOTS_PER_INCH) -> bytes:
    """Write a figure as the bytes of a PNG file."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=dots_per_inch)
    return buffer.getvalue()


def axes_to_draw_on(ax: Axes | None, height: float = HEIGHT) -> Axes:
    """Give the axes that were handed in, or new ones in a figure of their own, `height` inches high."""
    if ax is not None:
        return ax
    return Picture(figsize=(WIDTH, height), layout="constrained").add_subplot()


def figure_of(ax: Axes) -> Figure:
    """Give the whole figure in which axes stand."""
    figure = ax.figure
    return figure.figure if isinstance(figure, SubFigure) else figure


def line_style(number: int) -> dict[str, Any]:
    """Give colour and line of the n-th thing; no two of the first 56 have both in common."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": LINES[number % len(LINES)]}


def fill_style(number: int) -> Fill:
    """Give colour and hatch of the n-th area; no two of the first 72 have both in common."""
    return Fill(COLOURS[1:][number % (len(COLOURS) - 1)], HATCHES[number % len(HATCHES)])


def is_dark(colour: str) -> bool:
    """Tell whether white shows better on a colour than black does (relative luminance, WCAG 2.1).

    >>> is_dark("#0072b2"), is_dark("#e69f00")
    (True, False)
    """
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return bool(linear @ (0.2126, 0.7152, 0.0722) < 0.2)


def day_numbers(dates: Any) -> NDArray[np.float64]:
    """Turn timestamps into days as matplotlib counts them; NaT is nan."""
    stamps = pd.to_datetime(pd.Series(dates)).to_numpy("datetime64[s]")
    return np.asarray(_calendar.date2num(stamps), dtype=np.float64)


def day_number(when: Any) -> float:
    """Turn a date, a text such as ``2035-12-31``, or a timestamp into a day as matplotlib counts it."""
    return float(day_numbers([when])[0])


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Tell about how wide and high axes are [pt]; the layout may still change it somewhat."""
    box = ax.get_window_extent()
    scale = _POINTS_PER_INCH / figure_of(ax).dpi
    return float(box.width * scale), float(box.height * scale)


def text_width_in_points(text: str, size: float = SMALL) -> float:
    """Tell about how wide a text is [pt]."""
    return _WIDTH_OF_A_CHARACTER * size * max(len(line) for line in text.split("\n"))


def dress(ax: Axes, title: str, *, grid: Literal["both", "x", "y"] = "both", room: float = 1.1) -> None:
    """Give axes their title and the looks that all plots have.

    Args:
        ax: where to draw.
        title: broken into lines where it is too wide.
        grid: the axes whose grid is shown.
        room: for the title, in widths of the axes before they are laid out.
    """
    width = int(size_in_points(ax)[0] * room / (_WIDTH_OF_A_BOLD_CHARACTER * _TITLE_SIZE))
    ax.set_title(wrapped(title, max(24, width)), loc="left", fontsize=_TITLE_SIZE, fontweight="bold")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(True, axis=grid, color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=SMALL + 0.5)


def time_axis(ax: Axes, first: float, last: float, most_ticks: int = 9) -> None:
    """Make the horizontal axis one of dates, from `first` to `last` in days as matplotlib counts them."""
    locator = _calendar.AutoDateLocator(minticks=most_ticks // 2, maxticks=most_ticks)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(_calendar.ConciseDateFormatter(locator))
    ax.set_xlim(first, last)


def percent_axis(ax: Axes, label: str) -> None:
    """Make the vertical axis one of shares, 0 to 100 %."""
    ax.set_ylim(0, 1)
    ax.set_yticks(np.linspace(0, 1, 6), [f"{percent} %" for percent in range(0, 101, 20)])
    ax.set_ylabel(label)


def legend_below(
    ax: Axes,
    entries: Sequence[LegendEntry],
    *,
    side: Literal["left", "right"] = "left",
    lines_between: int = 0,
) -> None:
    """Put a legend under the axes, where it covers nothing, in as many columns as fit.

    Args:
        ax: over the legend.
        entries: samples and their labels.
        side: of the axes, from which the legend begins; right where there is room under long row names.
        lines_between: of the horizontal axis's label.
    """
    if not entries:
        return
    labels = [legend_label(label) for _, label in entries]
    widest = max(text_width_in_points(label) for label in labels) + 44
    columns = max(1, min(len(labels), 5, int(size_in_points(ax)[0] * 1.12 // widest)))
    gap = _LEGEND_GAP_POINTS + 1.5 * SMALL * lines_between
    down = ScaledTranslation(0, -gap / _POINTS_PER_INCH, figure_of(ax).dpi_scale_trans)
    looks: dict[str, Any] = {
        "loc": f"upper {side}", "bbox_to_anchor": (0 if side == "left" else 1, 0),
        "bbox_transform": ax.transAxes + down, "borderaxespad": 0, "frameon": False,
        "ncols": columns, "fontsize": SMALL, "handlelength": 3.2, "handleheight": 1.1, "columnspacing": 1.6,
    }  # fmt: skip
    ax.legend([artist for artist, _ in entries], labels, **looks)


def legend_label(text: str) -> str:
    """Make any text a label of a legend, which would leave out one that begins with an underscore."""
    label = wrapped(text, 46)
    return f" {label}" if label.startswith("_") else label


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as is simple so that they keep a gap and, if they can, stay in bounds.

    >>> spread([0.5, 0.5, 0.9], 0.25, 0.0, 1.0)
    [0.375, 0.625, 0.9]
    """
    order = np.argsort(positions, kind="stable")
    clusters: list[list[float]] = []
    for position in np.asarray(positions, dtype=float)[order]:
        clusters.append(_within([float(position), 1], gap, low, high))
        while len(clusters) > 1 and _touch(clusters[-2], clusters[-1], gap):
            (upper, more), (lower, count) = clusters.pop(), clusters.pop()
            joined = (lower * count + upper * more) / (count + more)
            clusters.append(_within([joined, count + more], gap, low, high))
    return _members(clusters, gap, order)


def _touch(lower: list[float], upper: list[float], gap: float) -> bool:
    return upper[0] - lower[0] < gap * (lower[1] + upper[1]) / 2


def _within(cluster: list[float], gap: float, low: float, high: float) -> list[float]:
    centre, count = cluster
    half = gap * (count - 1) / 2
    return [max(min(centre, high - half), low + half), count]


def _members(clusters: list[list[float]], gap: float, order: NDArray[np.int64]) -> list[float]:
    moved = [
        centre + gap * (member - (count - 1) / 2)
        for centre, count in clusters
        for member in range(int(count))
    ]
    places = np.empty(len(order))
    places[order] = moved
    return [float(place) for place in places]
