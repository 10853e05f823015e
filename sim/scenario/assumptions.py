"""What the numbers and dates of a scenario rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.nature.distributions import Distribution
from sim.scenario.schema import FileKeys, Mission, Scenario
from sim.scenario.schema.documentation import field_docs
from sim.scenario.schema.reference import KEY
from sim.scenario.shape import Path, Shape, shape_at
from sim.scenario.tree import Tree

_DOCUMENTATION = ("source", "basis", "note", "sources", "question", "title", "templates", "sweep")
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}(\.\.\d{4}(-\d{2}){0,2})?")
_UNIT = re.compile(r"\[([^\]]+)\]")
_Way = tuple[tuple[Tree, str], ...]


class Assumption(NamedTuple):
    """A number or a date and what it rests on.

    Attributes:
        parameter: its dotted key.
        unit: as the schema gives it; ``-`` for a pure number, empty for a date or a count.
        kind: ``source``, ``derived``, ``recalled``, ``judgement``, ``assumption``, or ``none``.
        basis: the note or the sources.
        origin: file and line.
    """

    parameter: str
    value: Any
    unit: str
    kind: str
    basis: str
    origin: str


def assumptions_of(tree: Tree) -> Iterator[Assumption]:
    """Go through the numbers and dates of a scenario; patterns count once, not once for each mission.

    Values of templates are listed with `templates` in their key.
    """
    for way, value in _values(tree, (), ()):
        path = tuple(key for _, key in way)
        basis = next(_notes_on(way, value), "")
        kind = re.split("[ :]", basis)[0] if basis else "none"
        origin = f"{value.key_origin.file}:{value.key_origin.line}"
        yield Assumption(
            ".".join(path), value.plain(), _unit(path), kind, basis or "no basis is given", origin
        )


def _values(tree: Tree, way: _Way, path: Path) -> Iterator[tuple[_Way, Tree]]:
    shape = _shape(path)
    is_distribution = shape is not None and shape.type is Distribution
    is_value = not isinstance(tree.value, dict) or is_distribution or KEY in tree.value
    if is_value and _holds_number(tree):
        yield way, tree
    if is_value:
        return
    for key, child in tree.mapping().items():
        if key not in _DOCUMENTATION or (key == "templates" and not way):
            yield from _values(child, (*way, (tree, key)), (*path, key))


def _holds_number(tree: Tree) -> bool:
    if isinstance(tree.value, dict) and KEY in tree.value:
        return True  # a reference class stands for the numbers fitted to the record
    if isinstance(tree.value, (dict, list)):
        return any(_holds_number(child) for key, child in tree.items() if key not in _DOCUMENTATION)
    if isinstance(tree.value, str):
        return _DATE.fullmatch(tree.value) is not None
    return isinstance(tree.value, (int, float)) and not isinstance(tree.value, bool)


def _shape(path: Path) -> Shape | None:
    return shape_at(*_in_schema(path))


def _in_schema(path: Path) -> tuple[Any, Path]:
    """Where the schema knows a place of a file: templates and patterns hold parts of missions."""
    if len(path) > 1 and path[0] == "templates":
        return Mission, path[2:]
    if len(path) > 2 and path[0] == "patterns" and path[2] == "mission":
        return Mission, path[3:]
    return (FileKeys if path and path[0] in FileKeys.model_fields else Scenario), path


def _unit(path: Path) -> str:
    """Find the unit of a value: that of its field, or of the nearest field above it."""
    model, inner = _in_schema(path)
    for length in range(len(inner), 0, -1):
        shape = shape_at(model, inner[: length - 1])
        if shape is not None and shape.model is not None:
            found = _UNIT.search(field_docs(shape.model).get(str(inner[length - 1]), ""))
            if found:
                return found[1]
    return ""


def _notes_on(way: _Way, value: Tree) -> Iterator[str]:
    """What stands behind a value, the nearest first; only what is written in the same file counts."""
    for number in range(len(way) - 1, -1, -1):
        mapping = way[number][0]
        keys = [key for _, key in way[number:]]
        basis, source = mapping.child("basis"), mapping.child("source")
        for length in range(len(keys), 0, -1):
            note = None if basis is None else basis.child(".".join(keys[:length]))
            if note is not None and note.origin.file == value.origin.file:
                yield str(note.value)
        if source is not None and source.value and source.origin.file == value.origin.file:
            named = source.plain()
            yield f"source {', '.join(named) if isinstance(named, list) else named}"
