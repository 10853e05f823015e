"""How found things render in Jupyter: their words and a table, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 12


class Rendered:
    """What renders in Jupyter as it prints."""

    def _repr_html_(self) -> str:
        return as_html(repr(self))


def as_html(text: str, table: pd.DataFrame | None = None) -> str:
    """Render a text, and of a table the first rows, with numbers to three digits.

    >>> as_html("a < b")
    '<pre>a &lt; b</pre>'
    """
    said = f"<pre>{escape(text)}</pre>"
    if table is None:
        return said
    cells = table.head(_MOST_ROWS).map(_cell).rename(columns=lambda name: escape(str(name)))
    more = len(table) - _MOST_ROWS
    rest = f"<p>and {more} more rows</p>" if more > 0 else ""
    return f"{said}{cells.to_html(index=False, escape=False, border=0)}{rest}"


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else escape(str(value))
