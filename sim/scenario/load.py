"""The door to scenarios: names and files in, checked scenarios out."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.draft import read_draft
from sim.scenario.merge import apply_settings, expand_sweep, without_sweep
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.tree import Tree
from sim.scenario.validate import validate

_DOCUMENTATION = {"source", "basis", "note", "sources", "question", "says", "headline"}


@dataclass(frozen=True)
class Resolved:
    """A checked scenario with its name and the origins of its values.

    Attributes:
        tree: with templates and patterns written out.
        as_written: before that, if it is known.
    """

    name: str
    scenario: Scenario
    tree: Tree
    as_written: Tree | None = None

    def effective(self) -> dict[str, Any]:
        """What can change a result: the scenario as plain data, without its documentation."""
        data: dict[str, Any] = _effective(self.scenario)
        return data

    def digest(self) -> str:
        """SHA-256 of what can change a result."""
        text = json.dumps(self.effective(), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def load_scenario(
    name: str | Path,
    settings: Mapping[str, str] | None = None,
    overrides: Sequence[str | Path] = (),
) -> list[Resolved]:
    """Read and check one scenario file.

    Args:
        name: a file, or the name of a shipped scenario such as ``baseline``.
        settings: dotted keys and values laid over the file, as with ``--set``.
        overrides: scenarios whose changes are laid over the file, as with ``--with``.

    Returns:
        One scenario, or one for each combination of the file's sweep.

    Raises:
        ScenarioError: all mistakes, each with file, line and mend.
    """
    draft = read_draft(name)
    if overrides:
        draft = draft.with_overrides(*overrides)
    return resolve(draft.name, apply_settings(draft.tree, dict(settings or {})))


def resolve(name: str, tree: Tree) -> list[Resolved]:
    """Check a scenario; one, or one for each combination of its sweep.

    Raises:
        ScenarioError: all mistakes, each with its place and its mend.
    """
    try:
        swept = list(expand_sweep(name, tree))
    except ScenarioError as error:
        raise ScenarioError([*error.problems, *_problems_of(without_sweep(tree))]) from None
    resolved: list[Resolved] = []
    problems: dict[tuple[str, str], list[Problem]] = {}
    for full_name, scenario_tree in swept:
        try:
            scenario, written_out = validate(scenario_tree)
            resolved.append(Resolved(full_name, scenario, written_out, scenario_tree))
        except ScenarioError as error:
            _add_new(problems, error.problems)
    if problems:
        raise ScenarioError(problem for same in problems.values() for problem in same)
    return resolved


def _problems_of(tree: Tree) -> list[Problem]:
    try:
        validate(tree)
    except ScenarioError as error:
        return error.problems
    return []


def _add_new(known: dict[tuple[str, str], list[Problem]], problems: list[Problem]) -> None:
    """Keep what no earlier scenario of a sweep had: one mistake should not be told for each value."""
    fresh: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        fresh[problem.path, problem.message].append(problem)
    known |= {key: same for key, same in fresh.items() if key not in known}


def load_all(
    names: Iterable[str | Path],
    settings: Mapping[str, str] | None = None,
    overrides: Sequence[str | Path] = (),
) -> list[Resolved]:
    """Read and check several scenario files; their mistakes are reported together.

    Raises:
        ScenarioError: all mistakes of all files, or two scenarios with one name.
    """
    resolved: list[Resolved] = []
    problems: list[Problem] = []
    for name in names:
        try:
            resolved += load_scenario(name, settings, overrides)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return uniquely_named(resolved)


def uniquely_named(resolved: Iterable[Resolved]) -> list[Resolved]:
    """Keep one of each scenario.

    Raises:
        ScenarioError: two different scenarios have one name.
    """
    seen: dict[str, Resolved] = {}
    for item in resolved:
        if item.name in seen and item.digest() != seen[item.name].digest():
            message = f"two different scenarios are named `{item.name}`; rename one of the files"
            raise ScenarioError([Problem(item.tree.origin, "", message)])
        seen[item.name] = item
    return list(seen.values())


def _effective(value: Any) -> Any:
    """Turn a record into plain data; only fields are left out, never an id that is called like one."""
    if isinstance(value, BaseModel):
        names = (name for name in type(value).model_fields if name not in _DOCUMENTATION)
        return {name: _effective(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: _effective(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_effective(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
