"""The small scenario of ``tests/broken/good.yaml``, with changes laid over it as a child file would."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings

from sim.scenario.campaign import Campaign, Draw, MissionRow
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved, load_scenario
from sim.scenario.merge import merge
from sim.scenario.parents import read_with_parents
from sim.scenario.schema import Scenario
from sim.scenario.tree import Tree, parse_tree
from sim.scenario.validate import validate

BROKEN = Path(__file__).parent / "broken"
DATA_DATE = date(2026, 1, 1)
SHIPPED = ["baseline", "as-announced", "russia-withdraws", "november-2025"]
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def small_tree(changes: str = "") -> Tree:
    tree = read_with_parents(BROKEN / "good.yaml")
    return merge(tree, parse_tree(changes, "changes.yaml")) if changes else tree


def small_scenario(changes: str = "") -> Scenario:
    return validate(small_tree(changes))[0]


def small_campaign(changes: str = "") -> Campaign:
    return compile_campaign(small_scenario(changes), "small")


def row_of(campaign: Campaign, mission: str) -> MissionRow:
    return next(row for row in campaign.missions if row.id == mission)


def number_of(rows: Any, name: str) -> int:
    return next(number for number, row in enumerate(rows) if row.id == name)


@cache
def shipped(name: str) -> Campaign:
    (resolved,) = load_scenario(name)
    return compile_campaign(resolved.scenario, name)


def windows_of(campaign: Campaign, name: str) -> tuple[int, ...]:
    return tuple(flight.windows for flight in row_of(campaign, name).attempts[0].flights)


def value_in(campaign: Campaign, slot: int) -> Draw | float:
    return campaign.slots[slot]


def draw_in(campaign: Campaign, slot: int) -> Draw:
    draw = campaign.slots[slot]
    assert isinstance(draw, Draw)
    return draw


def write(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def load_one(name: str, settings: dict[str, str] | None = None) -> Resolved:
    (resolved,) = load_scenario(name, settings)
    return resolved


def place(tree: Tree, dotted: str) -> Tree:
    for key in dotted.split("."):
        below = tree.child(int(key) if key.isdigit() else key)
        assert below is not None, f"nothing at {key} of {dotted}"
        tree = below
    return tree
