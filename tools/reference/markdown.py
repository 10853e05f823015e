"""Markdown as MyST reads it: tables, anchors, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table; a cell may hold markup, its line breaks become spaces."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(map(cell, row))} |" for row in rows), ""]


def cell(text: str) -> str:
    r"""Make a text fit a cell of a table.

    >>> print(cell("a|b\n  c"))
    a\|b c
    """
    return " ".join(re.sub(r"(?<!\\)\|", r"\|", text).split())


def code(text: object) -> str:
    """Write a name or a value as code.

    >>> code("n"), code("a`b")
    ('`n`', '``a`b``')
    """
    words = str(text)
    return f"``{words}``" if "`" in words else f"`{words}`"


def escaped(text: str) -> str:
    r"""Make a plain text safe from being read as markup, in prose and in tables.

    >>> print(escaped("a < b_c *d*"))
    a &lt; b\_c \*d\*
    """
    return re.sub(r"([\\`*_\[\]{}$])", r"\\\1", text).replace("<", "&lt;").replace(">", "&gt;")


def block(language: str, lines: Iterable[str]) -> list[str]:
    """Write a block of code."""
    return [f"```{language}", *lines, "```", ""]


def anchor(name: str) -> str:
    """Write a target that other pages can point to."""
    return f"({name})="


def page(lines: Iterable[str]) -> str:
    """Join the lines of a page."""
    return "\n".join(lines).rstrip() + "\n"
