"""Circles in a scenario: missions, fallbacks and gates that wait for one another for ever."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypeAlias

from sim.scenario.problems import Problem
from sim.scenario.shape import dotted
from sim.scenario.tree import Tree, is_own, table, texts

_Graph: TypeAlias = dict[str, list[str]]
_Group: TypeAlias = list[str]
"""Missions of which one must come before another mission."""

_MOST_GATES = 20  # gates within gates that are followed


def circle_problems(tree: Tree) -> list[Problem]:
    """Find the circles of a resolved scenario and name each."""
    fallbacks = {name: list(texts(row.child("fallback"))) for name, row in table(tree, "missions").items()}
    gates = {name: list(_gates_in(row)) for name, row in table(tree, "gates").items()}
    return [
        *_named(tree, "missions", _endless_waits(tree), "missions wait for one another", "after", "gate"),
        *_named(tree, "missions", fallbacks, "fallbacks run in a circle", "fallback"),
        *_named(tree, "gates", gates, "gates refer to one another"),
    ]


def _named(tree: Tree, name: str, graph: _Graph, what: str, *keys: str) -> Iterator[Problem]:
    """Tell each circle where it was closed: at a place of the scenario's own file, if it passes one."""
    for circle in _find_circles(graph):
        places = [_place(table(tree, name)[member], keys) for member in circle]
        own = next((n for n, (place, _) in enumerate(places) if is_own(place, tree)), 0)
        place, key = places[own]
        names = [*circle[own:], *circle[:own], circle[own]]
        yield Problem(place.key_origin, dotted((name, circle[own], *key)), f"{what}: {' -> '.join(names)}")


def _place(entry: Tree, keys: tuple[str, ...]) -> tuple[Tree, tuple[str, ...]]:
    """The first of some keys that an entry has, and its path below the entry; else the entry itself."""
    given = entry.mapping()
    return next(((given[key], (key,)) for key in keys if key in given), (entry, ()))


def _find_circles(graph: _Graph) -> list[list[str]]:
    """Circles of a graph, the shortest for each place where one closes, found by depth-first search."""
    done: set[str] = set()
    circles: list[list[str]] = []
    for start in graph:
        trail: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            trail.append(start)
            stack.append((start, iter(graph[start])))
        while stack:
            name, onward = stack[-1]
            following = next(onward, None)
            if following is None:
                stack.pop()
                trail.pop()
                done.add(name)
            elif following in trail:
                circles.append(trail[trail.index(following) :])
            elif following in graph and following not in done:
                trail.append(following)
                stack.append((following, iter(graph[following])))
    shortest = {circle[0]: circle for circle in sorted(circles, key=len, reverse=True)}
    return list(shortest.values())


def _endless_waits(tree: Tree) -> _Graph:
    """Missions that can never fly because they wait for one another, and for whom each waits."""
    waits = {
        name: [*_predecessors(mission), *_through_gate(mission, tree)]
        for name, mission in table(tree, "missions").items()
    }
    free: set[str] = set()
    while True:
        stuck = [name for name in waits if name not in free]
        freed = [name for name in stuck if all(_is_met(group, free, waits) for group in waits[name])]
        if not freed:
            break
        free.update(freed)
    return {
        name: [other for group in waits[name] if not _is_met(group, free, waits) for other in group]
        for name in stuck
    }


def _is_met(group: _Group, free: set[str], known: Container[str]) -> bool:
    """An id that does not exist is another mistake and holds nobody up."""
    return any(name in free or name not in known for name in group)


def _predecessors(mission: Tree) -> Iterator[_Group]:
    """The predecessors of a mission; preferred ones never block."""
    after = mission.child("after")
    for _, link in after.items() if after is not None else ():
        if link.child("preferred_until") is None:
            group = [*texts(link), *texts(link.child("mission")), *_texts_in(link.child("any"))]
            yield from [group] if group else []


def _through_gate(mission: Tree, tree: Tree) -> list[_Group]:
    return [group for gate in texts(mission.child("gate")) for group in _of_gate(gate, tree, ())]


def _of_gate(gate: str, tree: Tree, seen: tuple[str, ...]) -> list[_Group]:
    condition = table(tree, "gates").get(gate)
    if condition is None or gate in seen or len(seen) == _MOST_GATES:
        return []
    return _of_condition(condition, tree, (*seen, gate))


def _of_condition(condition: Tree, tree: Tree, seen: tuple[str, ...]) -> list[_Group]:
    """Missions that must come before a condition can hold, as far as that is certain."""
    missions = table(tree, "missions")
    groups: list[_Group] = []
    for key in ("mission", "landed"):
        for name in texts(condition.child(key)):
            row = missions.get(name)
            groups.append([name, *texts(row.child("fallback") if row is not None else None)])
    for gate in texts(condition.child("gate")):
        groups += _of_gate(gate, tree, seen)
    for part in _parts(condition, "all"):
        groups += _of_condition(part, tree, seen)
    choices = [_of_condition(part, tree, seen) for part in _parts(condition, "any")]
    if choices and all(choices):
        groups.append([name for choice in choices for group in choice for name in group])
    return groups


def _gates_in(condition: Tree) -> Iterator[str]:
    yield from texts(condition.child("gate"))
    for key in ("all", "any"):
        for part in _parts(condition, key):
            yield from _gates_in(part)


def _parts(condition: Tree, key: str) -> list[Tree]:
    place = condition.child(key)
    return [] if place is None else [part for _, part in place.items()]


def _texts_in(place: Tree | None) -> Iterator[str]:
    for _, item in place.items() if place is not None else ():
        yield from texts(item)
