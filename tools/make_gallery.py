"""Draw the pictures of the gallery and write its page: ``make gallery``.

``python -m tools.make_gallery power gantt`` draws these only.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

import sim
from tools.gallery import MADE_BY, PICTURES, examples, gallery_page

DOTS_PER_INCH = 90
COLOURS = 48


class Materials:
    """What the examples are drawn from, each made when it is first needed."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            print(MADE_BY[name], flush=True)
            self._made[name] = eval(MADE_BY[name].partition(" = ")[2], {"sim": sim})
        return self._made[name]


def write_small(figure: Figure, path: Path) -> None:
    """Write a figure as a small PNG with few colours."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
    picture = Image.open(buffer).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(f"{path.stat().st_size / 1000:5.0f} kB  {path.name}", flush=True)


def make(names: list[str]) -> None:
    """Draw examples, by default all, and write the page."""
    PICTURES.mkdir(exist_ok=True)
    materials = Materials()
    for name, example in examples().items():
        if not names or name in names:
            figure = getattr(sim.plots, name)(materials[example.of], **example.how)
            write_small(figure, PICTURES / f"{name}.png")
    (PICTURES.parent / "gallery.md").write_text(gallery_page(), encoding="utf-8")


if __name__ == "__main__":
    make(sys.argv[1:])
