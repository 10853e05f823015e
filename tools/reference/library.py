"""The public names of the library, as directives that read their docstrings."""

from __future__ import annotations

import inspect
from types import ModuleType

import sim
from sim import plots, studies
from tools.reference.markdown import block, page

WITHOUT_DOCSTRING = ("__version__", "plots", "studies")


def library_page() -> str:
    """Write the page of the public names."""
    lines = [
        "# Library",
        "",
        "The public names of `sim`, and of `sim.studies`, the questions that take runs of their own. "
        "Everything else may change without notice. Plots have [a page of their own](plots.md).",
        "",
    ]
    for room, of in ((sim, "sim"), (studies, "sim.studies")):
        for title, names in grouped(room).items():
            lines += [f"## {title} of {of}", ""] if names else []
            for name in names:
                lines += [f"### {name}", "", *block("{eval-rst}", directive(room, name))]
    return page(lines)


def grouped(room: ModuleType) -> dict[str, list[str]]:
    """Sort the public names of a room by what they are."""
    groups: dict[str, list[str]] = {"Functions": [], "Objects": [], "Errors": []}
    for name in sorted(set(room.__all__) - {*WITHOUT_DOCSTRING}, key=str.lower):
        item = getattr(room, name)
        error = inspect.isclass(item) and issubclass(item, Exception)
        groups["Errors" if error else "Objects" if inspect.isclass(item) else "Functions"].append(name)
    return groups


def directive(room: ModuleType, name: str) -> list[str]:
    """Write the directive that reads the docstring of a name."""
    item, full = getattr(room, name), f"{room.__name__}.{name}"
    if not inspect.isclass(item):
        return [f".. autofunction:: {full}"]
    if issubclass(item, Exception):
        return [f".. autoexception:: {full}"]
    return [f".. autoclass:: {full}", "   :members:", "   :member-order: bysource"]


def public_plots() -> list[str]:
    """Name the public plots."""
    return [name for name in plots.__all__ if not name.endswith("_table")]


def plots_page() -> str:
    """Write the page of the plots."""
    lines = [
        "# Plots",
        "",
        "Every function gives a Matplotlib figure and takes axes to draw on; `NAME_table` gives the table "
        "that `NAME` draws. [The gallery](../gallery.md) shows an example of each.",
        "",
    ]
    for name in public_plots():
        lines += [f"## {name}", "", *block("{eval-rst}", [f".. autofunction:: sim.plots.{name}"])]
    return page(lines)
