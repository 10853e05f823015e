"""Laying one part of a scenario over another: children over parents, settings, sweeps.

This happens before validation, on trees that remember their origins, so that every mistake is reported
where it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any, TypeAlias

from sim.scenario.problems import Origin, Problem, ScenarioError, did_you_mean
from sim.scenario.schema import SweepAxis
from sim.scenario.tree import Tree, parse_scalar

MAX_SCENARIOS = 1000

_Point: TypeAlias = tuple[str, list[str], Tree]  # short name of the axis, the keys it sets, the value


def merge(parent: Tree, child: Tree) -> Tree:
    """Lay a child over its parent: mappings merge key by key, everything else replaces.

    A child that names a reference class replaces the parent's numbers, which would win over the class.
    """
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    if child.value.get("reference_class") is not None and child.value["reference_class"].value is not None:
        return child
    merged = dict(parent.value)
    for key, value in child.value.items():
        merged[key] = merge(merged[key], value) if key in merged else value
    return child.with_value(merged)


def apply_settings(tree: Tree, settings: dict[str, str]) -> Tree:
    """Lay ``--set key=value`` over a scenario; values are read as YAML."""
    for key, text in settings.items():
        origin = Origin(f"--set {key}={text}", 0, 0)
        tree = put(tree, key, parse_scalar(text, origin))
    return tree


def put(tree: Tree, dotted: str, value: Tree) -> Tree:
    """Lay a value over the place that a dotted key names; what is missing on the way is made."""
    for part in reversed(dotted.split(".")):
        value = Tree({part: value}, value.origin, value.key_origin)
    return merge(tree, value)


def expand_sweep(name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Make one named scenario for every combination of the values of the sweep.

    Yields:
        Name and tree; without a sweep, just the name and tree given.

    Raises:
        ScenarioError: the sweep is no grid of keys and values, or makes too many scenarios.
    """
    bare = without_sweep(tree)
    axes = _axes(tree)
    if not axes:
        yield name, bare
        return
    for choice in product(*axes):
        swept, parts = bare, []
        for label, keys, value in choice:
            parts.append(f"{label}={plainly(value.plain())}")
            for key in keys:
                swept = put(swept, key, value)
        yield f"{name}[{','.join(parts)}]", swept


def without_sweep(tree: Tree) -> Tree:
    """Take the sweep out of a scenario."""
    return tree.with_value({key: value for key, value in tree.mapping().items() if key != "sweep"})


def _axes(tree: Tree) -> list[list[_Point]]:
    """The axes of the grid; none if there is no sweep."""
    sweep = tree.child("sweep")
    if sweep is None or sweep.value is None:
        return []
    if not isinstance(sweep.value, dict):
        message = "a mapping is needed: dotted keys, each with a list of values"
        raise ScenarioError([Problem(sweep.key_origin, "sweep", message)])
    problems = [problem for label, axis in sweep.value.items() for problem in _axis_problems(label, axis)]
    last_parts = Counter(label.rpartition(".")[2] for label in sweep.value)
    axes = [] if problems else [_axis(key, axis, last_parts) for key, axis in sweep.value.items()]
    count = prod(map(len, axes))
    if count > MAX_SCENARIOS:
        message = f"makes {count} scenarios, more than {MAX_SCENARIOS}; give fewer values"
        problems.append(Problem(sweep.key_origin, "sweep", message))
    if problems:
        raise ScenarioError(problems)
    return axes


def _axis(label: str, axis: Tree, last_parts: Counter[str]) -> list[_Point]:
    """The points of one axis; its short name is the last part of its key, if no other axis ends so."""
    keys = [str(key.value) for _, key in (axis.child("keys") or axis.with_value([])).items()]
    short = label.rpartition(".")[2]
    name = short if last_parts[short] == 1 else label
    return [(name, keys or [label], value) for _, value in (axis.child("values") or axis).items()]


def _axis_problems(label: str, axis: Tree) -> Iterator[Problem]:
    path = f"sweep.{label}"
    for key, entry in axis.mapping().items():
        if key not in SweepAxis.model_fields:
            hint = did_you_mean(key, ("keys", "values"))
            yield Problem(entry.key_origin, f"{path}.{key}", f"unknown key{hint}")
    keys = axis.child("keys")
    if keys is not None and not _is_list_of_texts(keys):
        yield Problem(keys.key_origin, f"{path}.keys", "a list of dotted keys is needed")
    values = axis.child("values") if axis.mapping() else axis
    if values is None or not isinstance(values.value, list) or not values.value:
        message = "a list of values is needed, or `keys` and `values`"
        yield Problem(axis.key_origin, path, message)


def _is_list_of_texts(tree: Tree) -> bool:
    return isinstance(tree.value, list) and all(isinstance(key.value, str) for key in tree.value)


def plainly(value: Any) -> str:
    """Write a value as in a file, so that different values give different names."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plainly(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plainly, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value).removesuffix(".0")
