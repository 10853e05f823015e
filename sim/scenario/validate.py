"""From a tree to a scenario, or to all of its problems at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.nature.distributions import Distribution
from sim.scenario.checks import consistency_problems, naming_problems
from sim.scenario.patterns import expand_missions
from sim.scenario.problems import (
    MORE_KEYS,
    Problem,
    ScenarioError,
    close_word,
    did_you_mean,
    shortened,
)
from sim.scenario.references import name_references
from sim.scenario.schema import FileKeys, Scenario
from sim.scenario.schema.conditions import CONDITION_KEYS
from sim.scenario.schema.documentation import field_docs
from sim.scenario.schema.fields import BASIS_PATTERN, ID_PATTERN, SOURCE_KEY_PATTERN, Record
from sim.scenario.shape import Path, dotted, find, shape_at
from sim.scenario.tree import Tree

_EXCLUSIVE = {  # kinds of mistakes, and the keys of which only one may be given
    "one_condition": CONDITION_KEYS,
    "one_distribution": tuple(Distribution.model_fields),
    "delay": ("days", "months", "years"),
    "horizon": ("measured_horizon", "mask"),
    "light": ("site", "light"),
    "link": ("mission", "any"),
    "milestone": ("when", "definition"),
    "pattern": ("count", "until"),
    "shock": ("on", "rate_per_year"),
    "spread": ("sigma", "p80"),
}
_TABLE_ENTRY = 2  # length of the path of an entry of a table
_MUCH = 2  # missing keys from which on an entry looks like a slip of the pen
_UNITS = {"days": "days", "months": "months", "years": "years", "kw": "kW", "kwh": "kWh", "kg": "kg"}


def validate(tree: Tree) -> tuple[Scenario, Tree]:
    """Check a merged scenario and make it immutable.

    Returns:
        The scenario, and its tree with templates and patterns written out.

    Raises:
        ScenarioError: all problems, each with its place and its mend.
    """
    file_keys = _only(tree, FileKeys.model_fields)
    resolved, problems = expand_missions(tree)
    resolved = name_references(resolved)
    problems += model_problems(FileKeys, file_keys)
    problems += consistency_problems(resolved)
    own_keys = _only(tree, set(FileKeys.model_fields) - set(Scenario.model_fields))
    problems += naming_problems(FileKeys, own_keys, resolved)
    scenario, schema_problems = _checked(resolved)
    problems += schema_problems
    if problems or scenario is None:
        raise ScenarioError(problems)
    return scenario, resolved


def _only(tree: Tree, keys: Container[str]) -> Tree:
    return tree.with_value({key: value for key, value in tree.mapping().items() if key in keys})


def _checked(resolved: Tree) -> tuple[Scenario | None, list[Problem]]:
    try:
        return Scenario.model_validate(resolved.plain()), []
    except ValidationError as error:
        return None, _told(Scenario, resolved, error)


def model_problems(model: type[BaseModel], tree: Tree) -> list[Problem]:
    """Say what is wrong with a tree that should be one record."""
    try:
        model.model_validate(tree.plain())
    except ValidationError as error:
        return _told(model, tree, error)
    return []


def _told(model: type[BaseModel], tree: Tree, error: ValidationError) -> list[Problem]:
    details = error.errors(include_url=False)
    missing: dict[Path, list[str]] = defaultdict(list)
    for detail in details:
        if detail["type"] == "missing":
            missing[detail["loc"][:-1]].append(str(detail["loc"][-1]))
    misnamed = {place: _misnamed(tree, place, keys, missing) for place, keys in missing.items()}
    problems = [problem for problem in misnamed.values() if problem is not None]
    for detail in details:
        if detail["type"] != "missing" or misnamed[detail["loc"][:-1]] is None:
            problems.append(_problem(model, tree, detail))
    return problems


def _misnamed(tree: Tree, place: Path, keys: list[str], missing: Iterable[Path]) -> Problem | None:
    """An entry that lacks much and is called nearly like another was hardly meant to be new."""
    if len(place) != _TABLE_ENTRY or len(keys) < _MUCH:
        return None
    table, entry = find(tree, place[:1])[1], find(tree, place)[1]
    complete = [name for name in table.mapping() if (place[0], name) not in set(missing)]
    close = close_word(str(place[1]), complete)
    if close is None:
        return None
    lacks = ", ".join(f"`{key}`" for key in keys)
    message = f"is new here and lacks {lacks}; did you mean `{close}`?"
    return Problem(entry.key_origin, dotted(place), message)


def _problem(model: type[BaseModel], tree: Tree, detail: ErrorDetails) -> Problem:
    reached, place = find(tree, detail["loc"])
    kind = detail["type"]
    path = (*reached, detail["loc"][-1]) if kind == "missing" else reached
    message = _message(model, path, detail) + _inherited(place, _EXCLUSIVE.get(kind, ()))
    return Problem(place.key_origin, dotted(path), message)


def _inherited(place: Tree, exclusive: Iterable[str]) -> str:
    """Say which of two keys that exclude each other comes from a parent, and how to drop it."""
    given = {
        key: part for key, part in place.mapping().items() if key in exclusive and part.value is not None
    }
    files = {key: part.key_origin.file for key, part in given.items()}
    inherited = [key for key, file in files.items() if file != place.origin.file]
    if len(given) < 2 or len(inherited) != len(given) - 1:
        return ""
    key = inherited[0]
    return f"; `{key}` comes from {given[key].key_origin}, drop it with `{key}: null`"


def _message(model: type[BaseModel], path: Path, detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    if kind == "missing":
        return f"is missing: {_about(model, path)}"
    if kind == "model_type" and _is_distribution(model, path):
        return f"a number{_unit(name)} or a distribution is needed, not {_shown(given)}{_hint(given)}"
    if kind in _NEEDED:
        hint = _hint(given) if "number" in _NEEDED[kind] else _list_hint(kind, given)
        hint += _keys_hint(model, path) if kind == "model_type" else ""
        return f"{_NEEDED[kind].format(unit=_unit(name))} is needed, not {_shown(given)}{hint}"
    if kind in _LIMITS:
        limit = next(iter(context.values()))
        return f"must be {_LIMITS[kind]} {limit:g}{_unit(name)[3:]}, not {_shown(given)}"
    if kind == "literal_error":
        return _choice(context["expected"], given)
    if kind == "string_pattern_mismatch":
        return f"{_shown(given)} {_PATTERNS.get(context['pattern'], 'is not of the right form')}"
    if kind in ("date", "planned"):
        return _about_a_date(detail)
    if kind == "too_short":
        return "must not be empty"
    return detail["msg"].removeprefix("Value error, ")


_NEEDED = {
    "float_type": "a number{unit}",
    "float_parsing": "a number{unit}",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a finite number{unit}",
    "bool_type": "`true` or `false`",
    "string_type": "a text",
    "string_too_short": "a text",
    "tuple_type": "a list",
    "dict_type": "a mapping (`key: value` lines)",
    "model_type": "a mapping (`key: value` lines)",
}
_PATTERNS = {
    ID_PATTERN: "is no good name; use small letters, digits and hyphens, such as `luna-26`",
    SOURCE_KEY_PATTERN: "is no good key; use capitals, digits and underscores, such as `TASS26`",
    BASIS_PATTERN: (
        "must read `source KEY: remark`, `derived: how`, `recalled: how sure`, `judgement: whose` or "
        "`assumption: why`"
    ),
    r"^\d{4}$": "is no year; use four digits, such as 2027",
}
_FEW_KEYS = 4
_LIMITS = {
    "greater_than": "above",
    "greater_than_equal": "at least",
    "less_than": "below",
    "less_than_equal": "at most",
}


def _unit(name: str) -> str:
    unit = _UNITS.get(name.rpartition("_")[2])
    return f" of {unit}" if unit else ""


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else shortened(f"{value}")


def _hint(given: Any) -> str:
    """Say how a text that was meant as a number should be written."""
    number = re.fullmatch(r"([-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(%?)", str(given))
    if number is None or not isinstance(given, str):
        return ""
    return f"; write {float(number[1]) / 100:g}" if number[2] else "; take the quotes away"


def _list_hint(kind: str, given: Any) -> str:
    if kind != "tuple_type":
        return ""
    if isinstance(given, dict) and all(key.isdigit() for key in given):
        return "; a list is replaced as a whole"
    return f"; write [{given}]" if type(given) in (str, int) else ""


def _about_a_date(detail: ErrorDetails) -> str:
    given, message = detail["input"], detail["msg"]
    if "reason" in detail.get("ctx", {}):
        return f"there is no such day, {_shown(given)}"
    plain = isinstance(given, (str, int, float)) and "is needed" in message
    return f"{message}, not {_shown(given)}" if plain else message


def _keys_hint(model: type[BaseModel], path: Path) -> str:
    """Name the keys of a small mapping."""
    shape = shape_at(model, path)
    if shape is None or shape.model is None:
        return ""
    keys = [key for key in shape.model.model_fields if key not in Record.model_fields]
    return f"; its keys are {', '.join(f'`{key}`' for key in keys)}" if len(keys) <= _FEW_KEYS else ""


def _choice(expected: str, given: Any) -> str:
    words = re.findall("'([^']*)'", expected)
    close = close_word(str(given), words)
    hint = f"; did you mean `{close}`?" if close else ""
    return f"must be one of {expected.replace(chr(39), '`')}, not {_shown(given)}{hint}"


def _unknown_key(model: type[BaseModel], path: Path) -> str:
    if len(path) == 1 and path[0] in FileKeys.model_fields:
        return "can only stand in a file; it cannot be set or swept"
    shape = shape_at(model, path[:-1])
    known = shape.model.model_fields if shape is not None and shape.model is not None else ()
    return f"unknown key{did_you_mean(str(path[-1]), known) or MORE_KEYS}"


def _is_distribution(model: type[BaseModel], path: Path) -> bool:
    shape = shape_at(model, path)
    return shape is not None and shape.type is Distribution


def _about(model: type[BaseModel], path: Path) -> str:
    shape = shape_at(model, path[:-1])
    docs = field_docs(shape.model) if shape is not None and shape.model is not None else {}
    text = docs.get(str(path[-1]), "it must be given")
    more = "; `extends: baseline` would bring it and all else" if path == ("data_date",) else ""
    return " ".join(text.split()).split(". ")[0].rstrip(".") + more
