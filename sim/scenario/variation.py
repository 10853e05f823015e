"""Variations of a scenario: named changes laid over it, for questions of the form "what if"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.load import Resolved
from sim.scenario.merge import merge
from sim.scenario.problems import Origin, Problem, ScenarioError
from sim.scenario.shipped import shipped_folder
from sim.scenario.tree import Tree, plant, read_tree
from sim.scenario.validate import validate

_ABOUT = ("title", "why", "set")
_APPENDED = "idealise"


@dataclass(frozen=True)
class Variation:
    """A named change of a scenario.

    Attributes:
        id: short name; the varied scenario is called ``<scenario>[<id>]``.
        title: what it is, in words.
        changes: keys and values, nested as in a scenario file; an `idealise` is added to that of the
            scenario, everything else is laid over it.
        why: what speaks for it, or what was assumed.
    """

    id: str
    title: str
    changes: Mapping[str, Any] | Tree
    why: str = ""


def varied(resolved: Resolved, variation: Variation) -> Resolved:
    """Lay a variation over a scenario.

    Raises:
        ScenarioError: the varied scenario is wrong.
    """
    changes = variation.changes
    if not isinstance(changes, Tree):
        changes = plant(dict(changes), Origin(f"variation {variation.id}", 0, 0))
    tree = merge(resolved.tree, _with_idealisations(resolved, changes))
    scenario, written_out = validate(tree)
    return Resolved(f"{resolved.name}[{variation.id}]", scenario, written_out)


def _with_idealisations(resolved: Resolved, changes: Tree) -> Tree:
    """Add what the scenario idealises already to what the variation does."""
    wanted = changes.child(_APPENDED)
    if wanted is None:
        return changes
    plain = wanted.plain()
    more = plain if isinstance(plain, list) else [plain]
    names = list(dict.fromkeys([*resolved.scenario.idealise, *more]))
    return changes.with_value({**changes.mapping(), _APPENDED: plant(names, wanted.origin)})


def read_variations(path: Path) -> list[Variation]:
    """Read a file of variations: a mapping of ids to `title`, `why` and `set`, the changes.

    Raises:
        ScenarioError: the file cannot be read, or an entry is incomplete; all mistakes at once.
    """
    tree = read_tree(path, path.name)
    problems = [problem for key, entry in tree.mapping().items() for problem in _problems(key, entry)]
    if not tree.mapping():
        problems.append(Problem(tree.origin, "", "a mapping of ids to `title`, `why` and `set` is needed"))
    if problems:
        raise ScenarioError(problems)
    return [_variation(key, entry) for key, entry in tree.mapping().items()]


def shipped_levers() -> Path:
    """Find the file of policies that comes with the scenarios."""
    return shipped_folder() / "levers" / "policies.yaml"


def _variation(key: str, entry: Tree) -> Variation:
    plain, changes = entry.plain(), entry.child("set")
    assert changes is not None
    return Variation(key, plain["title"], changes, plain["why"])


def _problems(key: str, entry: Tree) -> list[Problem]:
    found = [
        Problem(entry.key_origin, key, f"`{name}` is missing")
        for name in _ABOUT
        if name not in entry.mapping()
    ]
    found += [
        Problem(child.key_origin, f"{key}.{name}", f"unknown key; there are {', '.join(_ABOUT)}")
        for name, child in entry.mapping().items()
        if name not in _ABOUT
    ]
    changes = entry.child("set")
    if changes is not None and not changes.mapping():
        found.append(Problem(changes.key_origin, f"{key}.set", "a mapping of changes is needed"))
    return found
