"""Scenarios that are not checked yet: read from files, laid over one another, changed in Python."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.listing import changes
from sim.scenario.merge import expand_sweep, merge, put
from sim.scenario.overrides import lay_overrides
from sim.scenario.parents import laid_over, read_layers, shown
from sim.scenario.problems import Origin, Problem, ScenarioError, close_word, shortened
from sim.scenario.shipped import find_scenario, shipped_folder
from sim.scenario.tree import Tree, plant

if TYPE_CHECKING:
    from sim.scenario.load import Resolved

_MOST_SHOWN = 12
_MEMBER = re.compile(r"(?P<file>[^\[]+)\[(?P<member>.*)\]")
_PACKAGE = str(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Draft:
    """A scenario that is not checked yet: its values and where they were written.

    ``sim.scenario("baseline").with_changes({"delays": {"luna-26": {"months": 24}}})`` makes a new one;
    a draft itself never changes. `sim.run` and `sim.trace` check a draft as they check a file.
    """

    name: str
    tree: Tree
    files: tuple[Path, ...] = ()

    def with_changes(
        self,
        changes: Mapping[str, Any],
        *,
        name: str | None = None,
        title: str | None = None,
        question: str | None = None,
    ) -> Draft:
        """Lay changes over the scenario, as a file that extends it would.

        Args:
            changes: nested mappings as in a file, or dotted keys; mappings merge, all else replaces.
            name: name of the new scenario; by default this one's and ``-changed``.
            title: its title in tables and plots.
            question: the question that it answers.

        Raises:
            ScenarioError: a value that no scenario file can hold.
        """
        origin = caller_origin()
        words = {"title": title or f"{self._said('title')} (changed)", "question": question}
        tree = put_all(self.tree, {**changes, **{k: v for k, v in words.items() if v}}, origin)
        return Draft(name or f"{self.name}-changed", tree, self.files)

    def with_overrides(self, *others: str | Path) -> Draft:
        """Lay what other scenarios change over this one.

        Raises:
            ScenarioError: two of them set one key, or a file cannot be read.
        """
        paths = [find_file(other) for other in others]
        tree = lay_overrides(self.tree, self.files, paths)
        return Draft("+".join([self.name, *(path.stem for path in paths)]), tree, self.files)

    def check(self) -> list[Resolved]:
        """Check the scenario: one, or one for each combination of its sweep.

        Raises:
            ScenarioError: all mistakes, each with its place and its mend.
        """
        from sim.scenario.load import resolve

        return resolve(self.name, self.tree)

    def _said(self, key: str) -> str:
        place = self.tree.child(key)
        return self.name if place is None else str(place.value)

    def changes(self) -> list[tuple[str, str, str]]:
        """What it changes: keys, values, and where they are written.

        That is what was laid over its file; if nothing was, what the file changes of its parents.
        """
        names = [shown(path) for path in self.files]
        return changes(self.tree, names) or changes(self.tree, names[1:])

    def __repr__(self) -> str:
        rows = self.changes()
        width = max((len(f"{key}: {value}") for key, value, _ in rows[:_MOST_SHOWN]), default=0)
        lines = [f"  {f'{key}: {value}':{width}}  # {place}" for key, value, place in rows[:_MOST_SHOWN]]
        return "\n".join([self._headline(len(rows)), *lines, *_and_more(rows)])

    def _repr_html_(self) -> str:
        rows = self.changes()
        cells = [
            "".join(f"<td>{escape(text)}</td>" for text in (key, value, place))
            for key, value, place in rows[:_MOST_SHOWN]
        ]
        head = "<tr><th>Key</th><th>Value</th><th>Written in</th></tr>"
        table = f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in cells)}</table>" if rows else ""
        return f"<p>{escape(self._headline(len(rows)))}</p>{table}{''.join(_and_more(rows))}"

    def _headline(self, count: int) -> str:
        return f"Scenario {self.name}: {self._said('title')} ({count} changes)"


def _and_more(rows: Sequence[object]) -> list[str]:
    rest = len(rows) - _MOST_SHOWN
    return [f"  and {rest} more, see .changes()"] if rest > 0 else []


def read_draft(name: str | Path) -> Draft:
    """Read a scenario file and its parents, not yet checked.

    Args:
        name: a file, a shipped scenario, or one of a sweep, such as ``luna-slip-sweep[months=24]``.

    Raises:
        ScenarioError: a file cannot be read, or the sweep has no such scenario.
    """
    path, member = find_file(name), member_of(name)
    layers = read_layers(path)
    tree = laid_over(layer.tree for layer in reversed(layers))
    files = tuple(layer.path for layer in layers)
    if member is None:
        return Draft(path.stem, tree, files)
    full_name = f"{path.stem}[{member}]"
    return Draft(full_name, _single(path.stem, tree, full_name), files)


def member_of(name: str | Path) -> str | None:
    """What stands in brackets behind the name of a sweep, if anything does.

    >>> member_of("luna-slip-sweep[months=24]"), member_of("baseline")
    ('months=24', None)
    """
    found = _MEMBER.fullmatch(str(name))
    return None if found is None or Path(name).exists() else found["member"]


def _single(name: str, tree: Tree, wanted: str) -> Tree:
    """Find one scenario of a sweep."""
    swept = dict(expand_sweep(name, tree))
    if wanted in swept:
        return swept[wanted]
    known = ", ".join(f"`{key}`" for key in swept if key != name)
    message = f"there is no `{wanted}` in this sweep; there are {known}"
    if not known:
        message = f"is no sweep; leave out what stands behind `{name}`"
    raise ScenarioError([Problem(Origin(tree.origin.file, 0, 0), "", message)])


def find_file(name: str | Path) -> Path:
    """Turn what a user calls a scenario, or one of a sweep, into a file.

    Raises:
        ScenarioError: no file can be called so.
    """
    try:
        member = member_of(name)
        path = find_scenario(str(name) if member is None else str(name)[: -len(member) - 2])
        hint = _hint_for(path)
    except (OSError, ValueError):
        message = "is no file name; name a scenario file or a shipped scenario"
        raise ScenarioError([Problem(Origin(shortened(str(name)), 0, 0), "", message)]) from None
    if hint:
        raise ScenarioError([Problem(Origin(shown(path), 0, 0), "", hint)])
    return path


def _hint_for(path: Path) -> str:
    """Say what a path that is no file may have been meant to be; nothing if reading it tells."""
    if (path / "batch.json").is_file():
        return f"is a results folder, which `ilrs compare {shown(path)}` shows; name a scenario file here"
    if path.exists() or "\0" in str(path) or not path.parent.is_dir():
        return ""
    known = {found.stem for folder in (path.parent, shipped_folder()) for found in folder.glob("*.yaml")}
    close = close_word(path.stem, known)
    hint = f"did you mean `{close}`?" if close else "`ilrs list` names the shipped scenarios"
    return f"there is no such file; {hint}"


def put_all(tree: Tree, changes: Mapping[str, Any], origin: Origin) -> Tree:
    """Lay nested mappings or dotted keys over a scenario.

    Raises:
        ScenarioError: a value that no scenario file can hold.
    """
    problems: list[Problem] = []
    for key, value in changes.items():
        tree = _put(tree, str(key), _planted(value, str(key), origin, problems))
    if problems:
        raise ScenarioError(problems)
    return tree


def _put(tree: Tree, key: str, value: Tree) -> Tree:
    return (
        put(tree, key, value) if "." in key else merge(tree, Tree({key: value}, value.origin, value.origin))
    )


def _planted(value: Any, path: str, origin: Origin, problems: list[Problem]) -> Tree:
    """Make a tree of what a user gave; dotted keys also count below the top."""
    if isinstance(value, Mapping):
        tree = plant({}, origin)
        for key, item in value.items():
            tree = _put(tree, str(key), _planted(item, f"{path}.{key}", origin, problems))
        return tree
    if isinstance(value, (list, tuple)):
        return plant([], origin).with_value([_planted(item, path, origin, problems) for item in value])
    if hasattr(value, "item"):  # a number of numpy or pandas
        value = value.item()
    if isinstance(value, date):
        value = value.isoformat()[:10]
    if not (value is None or isinstance(value, (str, int, float, bool))):
        message = f"a number, a text, a list or a mapping is needed, not {shortened(repr(value))}"
        problems.append(Problem(origin, path, message))
        value = None
    return plant(value, origin)


def caller_origin() -> Origin:
    """Find the line of the user's own code that called the library."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    file, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(file, line).rstrip("\n")
    if "ipykernel" in file or file.startswith("<"):
        return Origin("changes in the notebook cell" if "ipykernel" in file else "changes", line, 1, text)
    return Origin(shown(Path(file)), line, 1, text)
