"""Overrides: what several scenarios change, laid over one scenario together.

What an override changes are the values of its file and of those of its parents that the scenario below
does not have. Two overrides that set one key are a mistake: which of them should count?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.scenario.merge import merge
from sim.scenario.parents import Layer, laid_over, read_layers
from sim.scenario.problems import Origin, Problem, ScenarioError
from sim.scenario.tree import Tree, plant

_ABOUT_A_FILE = ("title", "question")
_DOCUMENTATION = ("basis", "source", "note")


def lay_overrides(tree: Tree, files: Sequence[Path], paths: Sequence[Path]) -> Tree:
    """Lay the changes of files over a scenario.

    Args:
        tree: the scenario.
        files: the files it was made of.
        paths: the overrides.

    Raises:
        ScenarioError: two overrides set one key; both places are named.
    """
    known = set(files)
    shared: dict[Path, Tree] = {}
    changes: list[Tree] = []
    titles = [_said(tree, "title")]
    problems: list[Problem] = []
    for path in paths:
        layers = read_layers(path)
        if layers[0].path in known | shared.keys():
            message = "changes nothing here, for the scenario has it already; leave it out"
            problems.append(Problem(Origin(f"--with {path.stem}", 0, 0), "", message))
            continue
        titles.append(_said(laid_over(layer.tree for layer in reversed(layers)), "title"))
        change = _change([layer for layer in layers if layer.path not in known | shared.keys()])
        for before in changes:
            problems += _conflicts(before, change)
        changes.append(change)
        shared |= {layer.path: layer.tree for layer in layers}
    if problems:
        raise ScenarioError(problems)
    return _retitled(laid_over([tree, *changes]), titles)


def _change(layers: Sequence[Layer]) -> Tree:
    if not layers:
        return plant({}, Origin("--with", 0, 0))
    merged = laid_over(layer.tree for layer in reversed(layers))
    kept = {key: value for key, value in merged.mapping().items() if key not in _ABOUT_A_FILE}
    return merged.with_value(kept)


def _conflicts(first: Tree, second: Tree, path: str = "") -> Iterator[Problem]:
    """Go through the places that both set."""
    if isinstance(first.value, dict) and isinstance(second.value, dict):
        for key in first.value.keys() & second.value.keys() - set(_DOCUMENTATION):
            below = f"{path}.{key}" if path else key
            yield from _conflicts(first.value[key], second.value[key], below)
        return
    message = f"is set at {first.key_origin}, too; two overrides may not set one key, take it out of one"
    yield Problem(second.key_origin, path, message)


def _retitled(tree: Tree, titles: Sequence[str]) -> Tree:
    title = " + ".join(titles)
    question = f"What if all of this holds together: {', '.join(titles[1:])}?"
    return merge(tree, plant({"title": title, "question": question}, Origin("--with", 0, 0)))


def _said(tree: Tree, key: str) -> str:
    place = tree.child(key)
    return tree.origin.file if place is None else str(place.value)
