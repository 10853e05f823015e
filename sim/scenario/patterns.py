"""Templates and patterns, written out as plain missions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sim.scenario.merge import merge
from sim.scenario.problems import MORE_KEYS, Problem, did_you_mean
from sim.scenario.schema import Mission
from sim.scenario.tree import Tree, plant

MAX_PER_PATTERN = 2000
_ANY_DAY = date(2000, 1, 1)


def expand_missions(tree: Tree) -> tuple[Tree, list[Problem]]:
    """Write out templates and patterns, so that only plain missions are left.

    Returns:
        The tree, and what is wrong with the templates and patterns beyond the types of their settings.
    """
    entries = dict(tree.mapping())
    templates = entries.pop("templates", plant({}, tree.origin)).mapping()
    patterns = entries.pop("patterns", plant({}, tree.origin)).mapping()
    missions = entries.get("missions", plant({}, tree.origin))
    problems = _template_problems(templates)
    generated: dict[str, Tree] = {}
    for name, pattern in patterns.items():
        body = pattern.child("mission")
        if body is not None and isinstance(body.value, dict):
            path = f"patterns.{name}.mission"
            problems += _length_problems(name, pattern)
            generated |= _numbered_missions(name, pattern, _from_template(path, body, templates, problems))
    if not isinstance(missions.value, dict):
        return tree.with_value(entries), problems
    merged = merge(missions.with_value(generated), missions)
    own_first = [*(name for name in missions.mapping() if name not in generated), *generated]
    entries["missions"] = merged.with_value(
        {
            key: _from_template(f"missions.{key}", merged.mapping()[key], templates, problems)
            for key in own_first
        }
    )
    return tree.with_value(entries), problems


def _template_problems(templates: dict[str, Tree]) -> list[Problem]:
    """Keys that no mission has, also in templates that no mission uses."""
    problems: list[Problem] = []
    for name, template in templates.items():
        for key, value in template.mapping().items():
            path = f"templates.{name}.{key}"
            if key == "template":
                message = "a template cannot build on another; write its keys out"
                problems.append(Problem(value.key_origin, path, message))
            elif key not in Mission.model_fields:
                message = f"unknown key{did_you_mean(key, Mission.model_fields) or MORE_KEYS}"
                problems.append(Problem(value.key_origin, path, message))
    return problems


def _from_template(path: str, mission: Tree, templates: dict[str, Tree], problems: list[Problem]) -> Tree:
    entries = mission.mapping()
    link = entries.get("template")
    if link is None:
        return mission
    own = mission.with_value({key: value for key, value in entries.items() if key != "template"})
    template = templates.get(str(link.value))
    if template is None:
        message = f"there is no template `{link.value}`{did_you_mean(str(link.value), templates)}"
        problems.append(Problem(link.key_origin, f"{path}.template", message))
        return own
    shared = {key: value for key, value in template.mapping().items() if key in Mission.model_fields}
    return merge(template.with_value(shared), own)


def _numbered_missions(name: str, pattern: Tree, body: Tree) -> dict[str, Tree]:
    """The missions of one pattern, in order.

    If its settings are wrong (validation says so), there is one all the same, so that the mistakes in its
    mission show, too.
    """
    in_order = pattern.child("in_order")
    settings = pattern.plain()
    missions: dict[str, Tree] = {}
    for number in range(1, min(_length(settings) or 1, MAX_PER_PATTERN) + 1):
        day = _launch_day(settings, number) or _ANY_DAY
        planned = plant({"planned": day.isoformat()}, pattern.key_origin)
        mission = merge(_numbered(body, number), planned)
        if in_order is not None and in_order.value is True and number > 1:
            mission = _with_predecessor(mission, _link_to(f"{name}-{number - 1}", pattern, in_order))
        missions[f"{name}-{number}"] = mission
    return missions


def _link_to(mission: str, pattern: Tree, in_order: Tree) -> Tree:
    link = plant({"mission": mission, "need": "departure"}, in_order.key_origin)
    lag = pattern.child("lag_days")
    return link if lag is None else link.with_value({**link.mapping(), "lag_days": lag})


def _length(pattern: dict[str, Any]) -> int | None:
    """How many missions a pattern asks for; none if its settings are wrong."""
    try:
        if pattern.get("count") is not None:
            return int(pattern["count"])
        first, last = date.fromisoformat(pattern["first"]), date.fromisoformat(pattern["until"])
        return int((last - first).days // float(pattern["every_days"])) + 1
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _launch_day(pattern: dict[str, Any], number: int) -> date | None:
    """Planned launch of the n-th mission; none if the calendar or the settings have no such day."""
    try:
        day = date.fromisoformat(pattern["first"])
        return day + timedelta(days=round(float(pattern["every_days"]) * (number - 1)))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _length_problems(name: str, pattern: Tree) -> list[Problem]:
    length = _length(pattern.plain()) or 0
    last = pattern.child("count") or pattern.child("until") or pattern
    path = f"patterns.{name}"
    if length > MAX_PER_PATTERN:
        message = f"makes more than {MAX_PER_PATTERN} missions; make fewer"
        return [Problem(last.key_origin, path, message)]
    if length > 0 and _launch_day(pattern.plain(), 1) and not _launch_day(pattern.plain(), length):
        return [
            Problem(last.key_origin, path, "the last launch lies beyond the year 9999; make fewer missions")
        ]
    return []


def _numbered(tree: Tree, number: int) -> Tree:
    if isinstance(tree.value, str):
        return tree.with_value(tree.value.replace("{n}", str(number)))
    if isinstance(tree.value, dict):
        return tree.with_value({k: _numbered(v, number) for k, v in tree.value.items()})
    if isinstance(tree.value, list):
        return tree.with_value([_numbered(child, number) for child in tree.value])
    return tree


def _with_predecessor(mission: Tree, link: Tree) -> Tree:
    entries = dict(mission.mapping())
    after = entries.get("after")
    links = [child for _, child in after.items()] if after is not None else []
    entries["after"] = Tree([*links, link], link.origin, link.key_origin)
    return mission.with_value(entries)
