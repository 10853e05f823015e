"""The small scenario of ``tests/broken/good.yaml``, with changes laid over it as a child file would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import settings

from sim.scenario.campaign import Campaign, MissionRow
from sim.scenario.compile import compile_campaign
from sim.scenario.merge import merge
from sim.scenario.parents import read_with_parents
from sim.scenario.schema import Scenario
from sim.scenario.tree import Tree, parse_tree
from sim.scenario.validate import validate

BROKEN = Path(__file__).parent / "broken"
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
