"""Slip classes that are named where they are used: ``slip: {reference_class: roscosmos}``."""

from __future__ import annotations

from sim.scenario.schema.reference import KEY
from sim.scenario.tree import Tree, table

PREFIX = "reference-"


def name_references(tree: Tree) -> Tree:
    """Give each reference class that a programme or a mission names an entry among the slip classes."""
    classes = dict(table(tree, "slip_classes"))
    changed = {}
    for name in ("programmes", "missions"):
        place = tree.child(name)
        if place is not None and isinstance(place.value, dict):
            entries = {key: _named(entry, classes) for key, entry in place.value.items()}
            changed[name] = place.with_value(entries)
    new = {key: entry for key, entry in classes.items() if key not in table(tree, "slip_classes")}
    if not new:
        return tree
    origin = next(iter(new.values()))
    slip_classes = (tree.child("slip_classes") or origin).with_value(dict(classes))
    return tree.with_value({**tree.mapping(), **changed, "slip_classes": slip_classes})


def _named(entry: Tree, classes: dict[str, Tree]) -> Tree:
    slip = entry.child("slip")
    wanted = slip.child(KEY) if slip is not None and set(slip.mapping()) == {KEY} else None
    if slip is None or wanted is None or not isinstance(wanted.value, str):
        return entry
    name = f"{PREFIX}{wanted.value}"
    classes.setdefault(name, slip)
    return entry.with_value({**entry.mapping(), "slip": slip.with_value(name)})
