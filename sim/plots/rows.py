"""Rows of horizontal plots: one under the other, in groups with a heading each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.plots.style import ROW_HEIGHT, SMALL
from sim.plots.words import shortened

_NAME_WIDTH = 44


@dataclass(frozen=True)
class Rows:
    """Where the rows stand.

    Attributes:
        places: of each row, counted from the top.
        headings: place and text of each group's heading.
    """

    places: list[float]
    headings: list[tuple[float, str]]

    @property
    def count(self) -> int:
        """Rows and headings together."""
        return len(self.places) + len(self.headings)

    def height(self, around: float, row_height: float = ROW_HEIGHT) -> float:
        """Give the height of a figure with these rows and `around` inches for the rest [in]."""
        return around + row_height * max(self.count, 4)


def group_rows(groups: Sequence[str]) -> Rows:
    """Place rows, with a heading before each new group; rows of one group must follow one another.

    >>> group_rows(["a", "a", "b"])
    Rows(places=[1, 2, 4], headings=[(0, 'a'), (3, 'b')])
    """
    rows = Rows([], [])
    for number, group in enumerate(groups):
        if number == 0 or group != groups[number - 1]:
            rows.headings.append((rows.count, group))
        rows.places.append(rows.count)
    return rows


def name_rows(ax: Axes, rows: Rows, names: Sequence[str]) -> None:
    """Write names and headings beside the rows, the first row at the top."""
    places = [*rows.places, *(place for place, _ in rows.headings)]
    texts = [*names, *(heading for _, heading in rows.headings)]
    ax.set_yticks(places, [shortened(text, _NAME_WIDTH) for text in texts])
    for tick in ax.yaxis.get_major_ticks()[len(names) :]:
        tick.label1.set_fontweight("bold")
        tick.gridline.set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.set_ylim(max(rows.count, 1) - 0.4, -0.6)


def mission_label(name: str, repeats: int) -> str:
    """Name a mission, or the first of a pattern with their number."""
    return name if repeats == 1 else f"{shortened(name, _NAME_WIDTH - 9)} (of {repeats})"
