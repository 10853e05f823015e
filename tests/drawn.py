"""What a drawn figure says, and that its texts keep apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

Plot = Callable[..., Figure]
HAIR = 1.5  # pixels


class Watching(FigureCanvasAgg):
    """A canvas that remembers the texts that are really drawn on it, with their places."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self.drawn: dict[int, tuple[str, Bbox]] = {}

    def get_renderer(self) -> RendererAgg:
        renderer = super().get_renderer()
        original = RendererAgg.draw_text

        def draw_text(*arguments: Any, mtext: Text | None = None, **more: Any) -> None:
            if mtext is not None:
                self.drawn[id(mtext)] = mtext.get_text(), mtext.get_window_extent(renderer)
            original(renderer, *arguments, mtext=mtext, **more)

        renderer.draw_text = draw_text  # type: ignore[method-assign]
        return renderer


def draw(figure: Figure) -> list[tuple[str, Bbox]]:
    """Draw a figure; give its texts and where they stand [pixels]."""
    canvas = Watching(figure)
    canvas.draw()
    return [(text, box) for text, box in canvas.drawn.values() if text.strip()]


def texts_of(figure: Figure) -> list[str]:
    return [text for text, _ in draw(figure)]


def assert_nothing_overlaps(figure: Figure) -> None:
    """No two texts cover one another by more than a hair, and none leaves the figure."""
    boxes = draw(figure)
    for text, box in boxes:
        assert box.x0 > -HAIR, f"{text!r} is cut off at the left"
        assert box.x1 < figure.bbox.width + HAIR, f"{text!r} is cut off at the right"
    for (one, first), (other, second) in combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert min(across, down) < HAIR, f"{one!r} and {other!r} overlap"


def lines_of(ax: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_xydata()) for line in ax.get_lines()}


def labels_of(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend_of(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def only_axes(figure: Figure) -> Axes:
    (ax,) = figure.axes
    return ax
