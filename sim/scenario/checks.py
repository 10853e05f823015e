"""Consistency of a scenario beyond single values: ids, circles, order of dates.

These checks read the tree, not the validated scenario, so that they also work beside other mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from sim.scenario.circles import circle_problems
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.schema import Scenario
from sim.scenario.schema.planned import Interval, parse_interval
from sim.scenario.shape import Shape, dotted, find, references
from sim.scenario.tree import Tree, is_own, plant, table, texts

_FIRST_YEAR, _LAST_YEAR = 1950, 2500


def consistency_problems(tree: Tree) -> list[Problem]:
    """Find what contradicts itself in a resolved scenario."""
    return [
        *_no_future(tree),
        *naming_problems(Scenario, tree, tree),
        *circle_problems(tree),
        *_announcements_out_of_order(tree),
        *_plans_without_their_day(tree),
        *_plans_without_effect(tree),
        *_phases_without_condition(tree),
        *_foreign_pads(tree),
        *_idle_standbys(tree),
    ]


def naming_problems(model: type[BaseModel], tree: Tree, scenario: Tree) -> list[Problem]:
    """Find ids, fields and sources that are named somewhere and do not exist."""
    return [*_unknown_ids(model, tree, scenario), *_bad_basis(tree, Shape(model), scenario)]


def _no_future(tree: Tree) -> Iterator[Problem]:
    start, end = tree.child("data_date"), tree.child("horizon")
    for key, place in (("data_date", start), ("horizon", end)):
        day = _day(place)
        if place is not None and day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            message = f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}"
            yield Problem(place.key_origin, key, message)
    first, last = _day(start), _day(end)
    if start is None or end is None or first is None or last is None or first < last:
        return
    if is_own(start, tree) and not is_own(end, tree):
        yield Problem(start.key_origin, "data_date", f"must come before `horizon` ({last})")
    else:
        yield Problem(end.key_origin, "horizon", f"must come after `data_date` ({first})")


def _day(place: Tree | None) -> date | None:
    """The day written at a place; none if there is none (validation says so)."""
    try:
        return None if place is None else date.fromisoformat(str(place.value))
    except ValueError:
        return None


def _unknown_ids(model: type[BaseModel], tree: Tree, scenario: Tree) -> Iterator[Problem]:
    for path, place, ref in references(Shape(model), tree):
        known = table(scenario, ref.table)
        if place.value not in known:
            kind = ref.table.removesuffix("s").replace("_", " ").removesuffix("ie")
            kind = {"famil": "family", "commodit": "commodity", "slip classe": "slip class"}.get(kind, kind)
            hint = did_you_mean(str(place.value), known)
            message = f"there is no {kind} `{place.value}`{hint}"
            yield Problem(place.key_origin, dotted(find(tree, path)[0]), message)


def _bad_basis(tree: Tree, shape: Shape, root: Tree, path: tuple[Any, ...] = ()) -> Iterator[Problem]:
    """Basis notes must name fields that exist, and sources that are listed."""
    basis = tree.child("basis") if shape.model is not None else None
    known_sources = table(root, "sources")
    for key, note in (basis.mapping() if basis is not None else {}).items():
        where = dotted((*path, "basis", key))
        field, unknown = _unknown_field(shape, key)
        if unknown is not None:
            hint = did_you_mean(unknown, field.model.model_fields if field.model is not None else ())
            yield Problem(note.key_origin, where, f"there is no field `{key}` here{hint}")
        sources = _source_keys(note.value)
        if not sources and str(note.value).startswith("source:"):
            yield Problem(note.key_origin, where, "name the source: `source KEY: remark`")
        for source in sources:
            if source not in known_sources:
                hint = did_you_mean(source, known_sources)
                yield Problem(note.key_origin, where, f"there is no source `{source}`{hint}")
    for place, child in tree.items():
        below = shape.child(place)
        if below is not None and place not in ("basis", "sources"):
            yield from _bad_basis(child, below, root, (*path, place))


def _unknown_field(shape: Shape, key: str) -> tuple[Shape, str | None]:
    """Follow the dotted key of a basis note as far as there are fields."""
    for part in key.split("."):
        below = shape.child(part)
        if below is None:
            return shape, part
        shape = below
    return shape, None


def _source_keys(note: Any) -> list[str]:
    head = str(note).partition(":")[0].partition(" ")[2]
    return re.findall(r"[A-Z][A-Z0-9_]*", head)


def _announcements_out_of_order(tree: Tree) -> Iterator[Problem]:
    for name, mission in table(tree, "missions").items():
        before: date | None = None
        path = f"missions.{name}.announcements"
        for _, said in (mission.child("announcements") or mission.with_value([])).items():
            day = _day(said.child("announced"))
            if day is None:
                continue
            if before is not None and day < before:
                message = f"announcements must be in order; {day} comes after {before}"
                yield Problem(said.origin, path, message)
            if _is_past(said, day):
                yield Problem(said.origin, path, "the planned date lies before the announcement")
            before = day


def _is_past(said: Tree, day: date) -> bool:
    planned, at = _interval(said.child("planned")), _day(said.child("at"))
    if planned is not None and at is not None and planned.first <= at <= planned.last:
        return at < day
    return planned is not None and planned.last < day


def _interval(place: Tree | None) -> Interval | None:
    try:
        return None if place is None else parse_interval(str(place.value))
    except ValueError:
        return None


def _plans_without_their_day(tree: Tree) -> Iterator[Problem]:
    for name, mission in table(tree, "missions").items():
        place = mission.child("planned_at")
        day, planned = _day(place), _interval(mission.child("planned"))
        if place is not None and day is not None and not (planned and planned.first <= day <= planned.last):
            yield Problem(
                place.key_origin, f"missions.{name}.planned_at", "`planned_at` must lie within `planned`"
            )


def _plans_without_effect(tree: Tree) -> Iterator[Problem]:
    """Find plans that are laid over a mission whose announcements, written elsewhere, say the date."""
    data_date = _day(tree.child("data_date"))
    for name, mission in table(tree, "missions").items():
        plan, said = mission.child("planned"), mission.child("announcements")
        if plan is None or _interval(plan) is None or said is None or data_date is None:
            continue
        days = [day for _, item in said.items() if (day := _day(item.child("announced")))]
        in_force = max((day for day in days if day <= data_date), default=None)
        if in_force is not None and plan.key_origin.file != said.key_origin.file:
            message = (
                f"has no effect beside the announcement of {in_force}; write `announcements: "
                f"[{{announced: {data_date}, planned: {plan.value}, by: ...}}]`, or a delay in `delays`"
            )
            yield Problem(plan.key_origin, f"missions.{name}.planned", message)


def _phases_without_condition(tree: Tree) -> Iterator[Problem]:
    for track, phases in table(tree, "phases").items():
        for name, step in list((phases.child("steps") or plant({}, phases.origin)).mapping().items())[1:]:
            when = step.child("when")
            if isinstance(step.value, dict) and (when is None or when.value is None):
                message = "only the first phase of a track goes without `when`; give the condition"
                yield Problem(step.key_origin, f"phases.{track}.steps.{name}", message)


def _foreign_pads(tree: Tree) -> Iterator[Problem]:
    vehicles = table(tree, "vehicles")
    for name, mission in table(tree, "missions").items():
        pad, vehicle = mission.child("pad"), mission.child("vehicle")
        if pad is None or pad.value is None or vehicle is None or str(vehicle.value) not in vehicles:
            continue
        pads = [str(p.value) for _, p in (vehicles[str(vehicle.value)].child("pads") or pad).items()]
        if pad.value in table(tree, "pads") and pad.value not in pads:
            message = f"`{vehicle.value}` does not fly from `{pad.value}`; its pads: {', '.join(pads)}"
            yield Problem(pad.key_origin, f"missions.{name}.pad", message)


def _idle_standbys(tree: Tree) -> Iterator[Problem]:
    missions = table(tree, "missions")
    called = {name for mission in missions.values() for name in texts(mission.child("fallback"))}
    if called - set(missions) or not all(isinstance(mission.value, dict) for mission in missions.values()):
        return  # a misspelt fallback or an empty mission may be what called the standby
    for name, mission in missions.items():
        standby = mission.child("standby")
        if standby is not None and standby.value is True and name not in called:
            message = "nobody's `fallback`; name it in a mission, or leave `standby` out"
            yield Problem(standby.key_origin, f"missions.{name}.standby", message)
