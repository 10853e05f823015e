"""A scenario as a list: every value under its dotted key, with the place where it was written."""

from __future__ import annotations

from collections.abc import Collection

from sim.scenario.merge import plainly
from sim.scenario.tree import Tree

_DOCUMENTATION = ("sources",)
_ABOUT_A_FILE = ("title", "question", "basis")


def leaves(tree: Tree, path: str = "") -> dict[str, Tree]:
    """Every value under its dotted key; lists as a whole."""
    if not isinstance(tree.value, dict) or not (tree.value or not path):
        return {path: tree}
    values: dict[str, Tree] = {}
    for key, child in tree.value.items():
        if path or key not in _DOCUMENTATION:
            values |= leaves(child, f"{path}.{key}" if path else key)
    return values


def where(tree: Tree) -> str:
    """File and line of a value."""
    origin = tree.key_origin
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def changes(tree: Tree, below: Collection[str]) -> list[tuple[str, str, str]]:
    """What a scenario says beyond some files: keys, values and places.

    Args:
        tree: the scenario.
        below: names of the files, as messages show them.
    """
    return [
        (key, plainly(place.plain()), where(place))
        for key, place in leaves(tree).items()
        if place.key_origin.file not in below and key.partition(".")[0] not in _ABOUT_A_FILE
    ]
