"""YAML text to a tree of values that remember where they were written.

The scalars follow the core schema of YAML 1.2: ``1e6`` is a number, ``12:30`` and ``no`` are texts, and
a date is a text until a field asks for a date. Nothing in a file is ever executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from sim.scenario.problems import Origin, Problem, ScenarioError, shortened

MAX_BYTES = 1_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40

Content: TypeAlias = "dict[str, Tree] | list[Tree] | str | float | bool | None"

_CORE = "tag:yaml.org,2002:"
_READ: dict[str, Callable[[str], Content]] = {
    "str": str,
    "int": int,
    "float": lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")),
    "bool": lambda text: ["false", "true"].index(text.lower()) == 1,
    "null": lambda _: None,
}
_KINDS = {"int": "a whole number", "float": "a number", "bool": "`true` or `false`"}


@dataclass(frozen=True, slots=True)
class Tree:
    """A value of a scenario and where it, and its key, were written."""

    value: Content
    origin: Origin
    key_origin: Origin

    def plain(self) -> Any:
        """Give the value without its origins."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, key: str | int) -> Tree | None:
        """Find the value under a key or an index, if there is one."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            return self.value[key]
        return None

    def mapping(self) -> dict[str, Tree]:
        """Give the entries of a mapping; of anything else, none."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> Iterator[tuple[str | int, Tree]]:
        """Go through the children of a mapping or a list."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from enumerate(self.value)

    def with_value(self, value: Content) -> Tree:
        """Replace the value and keep the origins."""
        return replace(self, value=value)


def plant(value: Any, origin: Origin) -> Tree:
    """Make a tree of plain data whose parts all come from one place."""
    content: Content
    if isinstance(value, dict):
        content = {str(key): plant(child, origin) for key, child in value.items()}
    elif isinstance(value, (list, tuple)):
        content = [plant(child, origin) for child in value]
    else:
        content = value
    return Tree(content, origin, origin)


def table(tree: Tree, name: str) -> dict[str, Tree]:
    """Give the entries of a table of a scenario; none if it has no such table."""
    place = tree.child(name)
    return {} if place is None else place.mapping()


def is_own(place: Tree, tree: Tree) -> bool:
    """Tell whether a place was written in the last of the files and settings that a tree was made of."""
    return place.key_origin.file == tree.origin.file


def texts(place: Tree | None) -> Iterator[str]:
    """Give the text at a place, if there is a place and it holds a text."""
    if place is not None and isinstance(place.value, str):
        yield place.value


def read_tree(path: Path, shown: str) -> Tree:
    """Read a YAML file.

    Args:
        path: the file.
        shown: its name in messages.

    Raises:
        ScenarioError: it cannot be read, is too large, or is no mapping in well-formed YAML.
    """
    return parse_tree(_text(path, shown), shown)


def parse_tree(text: str, shown: str) -> Tree:
    """Read YAML text; see `read_tree`."""
    lines = text.splitlines()
    try:
        _refuse_deep_nesting(text, shown, lines)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ScenarioError([_syntax_problem(error, text, shown, lines)]) from None
    if not isinstance(node, yaml.MappingNode):
        what = "the file is empty" if node is None else "the file holds no mapping"
        message = f"{what}; a scenario is a list of `key: value` lines"
        raise ScenarioError([Problem(Origin(shown, 1, 1), "", message)])
    return _Grower(shown, lines).tree(node)


def parse_scalar(text: str, origin: Origin) -> Tree:
    """Read a value given on the command line, as YAML would; what is no YAML is a text.

    Raises:
        ScenarioError: it has a tag, a key given twice, or the like.
    """
    try:
        _refuse_deep_nesting(text, origin.file, [])
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return plant(text, origin)
    return plant(None, origin) if node is None else _Grower(origin.file, [], origin).tree(node)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes with the scalar types of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
):
    _Loader.add_implicit_resolver(f"{_CORE}{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


class _Grower:
    """Turns composed nodes into a tree, and collects what is wrong with them.

    With a fixed origin every part of the tree comes from there.
    """

    def __init__(self, shown: str, lines: list[str], fixed: Origin | None = None) -> None:
        self.shown = shown
        self.lines = lines
        self.fixed = fixed
        self.problems: list[Problem] = []
        self.nodes = 0

    def tree(self, node: yaml.Node) -> Tree:
        """Turn a node and all below it into a tree, or raise all problems."""
        tree = self.grow(node, depth=0)
        if self.problems:
            raise ScenarioError(self.problems)
        return tree

    def grow(self, node: yaml.Node, depth: int, key: Origin | None = None) -> Tree:
        origin = self.origin(node)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = (
                f"more than {MAX_NODES} values, aliases counted each time they are used; write it plainly"
            )
            raise ScenarioError([Problem(origin, "", message)])
        if depth > MAX_DEPTH:
            raise ScenarioError([_too_deep(origin)])
        return Tree(self.content(node, depth), origin, key or origin)

    def content(self, node: yaml.Node, depth: int) -> Content:
        kind = node.tag.removeprefix(_CORE)
        if isinstance(node, yaml.MappingNode):
            self.check_tag(node, kind == "map")
            return self.mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            self.check_tag(node, kind == "seq")
            return [self.grow(child, depth + 1) for child in node.value]
        assert isinstance(node, yaml.ScalarNode)
        self.check_tag(node, kind in _READ)
        return self.scalar(node, kind)

    def check_tag(self, node: yaml.Node, allowed: bool) -> None:
        if not allowed:
            tag = node.tag.replace(_CORE, "!!")
            message = f"tags such as `{tag}` are not allowed; write the value itself"
            self.problems.append(Problem(self.origin(node), "", message))

    def mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Tree]:
        entries: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            where = self.origin(key_node)
            key = key_node.value
            if not isinstance(key, str):
                self.problems.append(Problem(where, "", "a key must be a plain word"))
            elif key == "<<":
                message = "merge keys (`<<`) are not read; write the keys out, or use a template"
                self.problems.append(Problem(where, "", message))
            elif key in entries:
                first = "" if self.fixed else f", first in line {entries[key].key_origin.line}"
                message = f"the key `{key}` is given twice{first}; keep one of them"
                self.problems.append(Problem(where, "", message))
            else:
                entries[key] = self.grow(value_node, depth + 1, where)
        return entries

    def scalar(self, node: yaml.ScalarNode, kind: str) -> Content:
        try:
            return _READ.get(kind, str)(node.value)
        except ValueError:
            long = node.value.lstrip("+-").isdigit()
            wrong = "has too many digits" if long else f"is not {_KINDS[kind]}; write the value itself"
            message = f"`{shortened(node.value)}` {wrong}"
            self.problems.append(Problem(self.origin(node), "", message))
            return None

    def origin(self, node: yaml.Node) -> Origin:
        return self.fixed or _origin(node.start_mark, self.shown, self.lines)


def _origin(mark: Any, shown: str, lines: list[str]) -> Origin:
    text = lines[mark.line] if mark.line < len(lines) else ""
    return Origin(shown, mark.line + 1, mark.column + 1, text)


def _refuse_deep_nesting(text: str, shown: str, lines: list[str]) -> None:
    """Look at the nesting first: composing recurses into it, and a deep file would end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH + 1:
            raise ScenarioError([_too_deep(_origin(event.start_mark, shown, lines))])


def _too_deep(origin: Origin) -> Problem:
    return Problem(origin, "", f"nested more than {MAX_DEPTH} levels deep; flatten it")


def _text(path: Path, shown: str) -> str:
    try:
        if path.is_dir():
            raise _unreadable(shown, "is a folder; name a scenario file in it")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8") if len(data) <= MAX_BYTES else ""
    except FileNotFoundError:
        raise _unreadable(shown, "there is no such file") from None
    except PermissionError:
        raise _unreadable(shown, "you have no permission to read it") from None
    except OSError as error:
        raise _unreadable(shown, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unreadable(shown, "is not a text file in UTF-8; save it as one") from None
    except ValueError:
        raise _unreadable(shown, "is no file name") from None
    if len(data) > MAX_BYTES:
        raise _unreadable(shown, f"is larger than {MAX_BYTES // 1000} kB; no scenario is")
    return text.removeprefix("\ufeff")


def _unreadable(shown: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(Origin(shown, 0, 0), "", message)])


_MEANING = (  # what the parser says: what it means to the writer
    ("',' or", "this bracket is not closed, or a comma is missing after it"),
    ("unexpected end of stream", "the quotes opened here are not closed"),
    (
        "mapping values are not allowed",
        "a `:` too many; quote a text that contains `: `, or mend the indentation",
    ),
    ("entries are not allowed", "`- ` in the wrong place; begin a new line or quote the text"),
    ("keys are not allowed", "`? ` in the wrong place; quote the text"),
    ("directive", "quote a text that begins with `%`"),
    ("comment or line break", "quote a text that begins with `|` or `>`"),
    ("chomping", "quote a text that begins with `|` or `>`"),
    ("expected ':'", "a `:` is missing after the key"),
    ("undefined alias", "this alias stands for nothing; name it with `&` before it is used with `*`"),
    ("second occurrence", "this name is given with `&` twice; choose another one"),
    ("another document", "a file holds one scenario; take away what follows `---`"),
    ("unknown escape", "`\\` begins an escape in double quotes; use single quotes"),
    ("cannot start any token", "quote a text that begins with such a character"),
    ("expected key", "the indentation does not fit the lines above"),
    ("'-' indicator", "the indentation does not fit the lines above"),
    ("<block end>", "the indentation does not fit the lines above"),
    ("document start", "the indentation does not fit the lines above"),
    ("node content", "a value is missing here"),
)
_OPENED_AT = 2  # of these, the first ones are mended where the bracket or the quotes were opened


def _syntax_problem(error: yaml.YAMLError, text: str, shown: str, lines: list[str]) -> Problem:
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if found is not None:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        message = f"the character U+{ord(found[0]):04X} is not allowed; delete it"
        return Problem(Origin(shown, line, column, lines[line - 1]), "", message)
    said = str(getattr(error, "problem", None) or "not well-formed")
    meanings = [(place, meaning) for place, (words, meaning) in enumerate(_MEANING) if words in said]
    place, meaning = meanings[0] if meanings else (len(_MEANING), said)
    mark = getattr(error, "context_mark", None) if place < _OPENED_AT else None
    mark = mark or getattr(error, "problem_mark", None)
    origin = Origin(shown, 1, 1) if mark is None else _origin(mark, shown, lines)
    if re.match(r" *\t", origin.text):
        meaning = "a tab; indent with spaces"
    return Problem(origin, "", f"not YAML: {meaning}")
