"""Whole scenarios: written and read again, digests, several files, and how problems are told."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import yaml

from sim.scenario.load import Resolved, load_all
from sim.scenario.parents import read_with_parents
from sim.scenario.problems import Origin, Problem, ScenarioError, close_word, did_you_mean
from sim.scenario.tree import plant
from sim.scenario.validate import validate
from tests.small import BROKEN, load_one, place, small_tree, write


@pytest.mark.parametrize("name", ["baseline", "russia-withdraws", "november-2025"])
def test_a_resolved_scenario_survives_being_written_and_read(folder: Path, name: str) -> None:
    resolved = load_one(name)
    write("again.yaml", yaml.safe_dump(resolved.tree.plain(), allow_unicode=True, sort_keys=False))
    again = load_one("again.yaml")
    assert again.scenario == resolved.scenario
    assert again.digest() == resolved.digest()


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ("missions: {lander-1: {note: Another remark}}", True),
        ("missions: {lander-1: {source: PLAN, basis: {name: 'assumption: by guess'}}}", True),
        ("question: Which other one?", True),
        ("sources: {MORE: {site: x, title: y, date: z}}", True),
        ("missions: {lander-1: {priority: 49}}", False),
        ("missions: {lander-1: {priority: 50}}", True),
        ("delays: {lander-1: {months: 0}}", False),
        ("horizon: 2036-01-02", False),
    ],
)
def test_the_digest_covers_what_can_change_a_result(changes: str, same: bool) -> None:
    def digest(text: str) -> str:
        scenario, tree = validate(small_tree(text))
        return Resolved("x", scenario, tree).digest()

    assert (digest(changes) == digest("")) is same


@pytest.mark.parametrize("name", ["source", "note", "basis", "question", "sources"])
def test_an_id_that_is_called_like_a_documentation_key_counts_in_the_digest(name: str) -> None:
    def digest(months: int) -> str:
        mission = "{name: x, programme: probes, destination: orbit, vehicle: carrier, planned: 2030}"
        text = f"missions: {{{name}: {mission}}}\ndelays: {{{name}: {{months: {months}}}}}\n"
        scenario, tree = validate(small_tree(text))
        return Resolved("x", scenario, tree).digest()

    assert digest(1) != digest(2)


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    scenario, tree = validate(small_tree())
    data = tree.plain()
    turned = validate(plant(dict(reversed(list(data.items()))), Origin("turned", 1, 1)))[0]
    assert Resolved("x", turned, tree).digest() == Resolved("x", scenario, tree).digest()


def test_several_files_report_their_mistakes_together(folder: Path) -> None:
    write("one.yaml", "extends: good\ntitel: x\n")
    write("two.yaml", "extends: good\nhorizn: x\n")
    with pytest.raises(ScenarioError) as told:
        load_all(["one.yaml", "good.yaml", "two.yaml", "three.yaml"])
    assert [problem.origin.file for problem in told.value.problems] == [
        "one.yaml",
        "three.yaml",
        "two.yaml",
    ]


def test_the_same_scenario_twice_counts_once_and_two_of_one_name_are_refused(folder: Path) -> None:
    write("below/good.yaml", (BROKEN / "good.yaml").read_text())
    assert [item.name for item in load_all(["good.yaml", "below/good.yaml"])] == ["good"]
    write("below/good.yaml", (BROKEN / "good.yaml").read_text().replace("2036-01-01", "2037-01-01"))
    with pytest.raises(ScenarioError, match="two different scenarios are named `good`"):
        load_all(["good.yaml", "below/good.yaml"])


def test_problems_are_sorted_counted_and_told_once() -> None:
    one = Problem(Origin("b.yaml", 2, 1, "x: 1"), "x", "wrong")
    other = Problem(Origin("a.yaml", 9, 1), "y", "wrong")
    same_elsewhere = Problem(Origin("b.yaml", 2, 1, "x: 1"), "z", "wrong")
    error = ScenarioError([one, other, one, same_elsewhere])
    assert error.problems == [other, one]
    assert str(error) == (
        "2 problems in the scenario:\n  a.yaml:9:1  y: wrong\n  b.yaml:2:1  x: wrong\n      x: 1"
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_of_a_long_line_the_part_around_the_mistake_is_shown() -> None:
    line = "  a: [" + ", ".join(map(str, range(300))) + "]"
    shown = Origin("x.yaml", 1, line.index("150") + 1, line).excerpt()
    assert "150" in shown
    assert shown.startswith("...")
    assert shown.endswith("...")
    assert len(shown) < 130
    assert Origin("x.yaml", 1, 3, "  short: 1").excerpt() == "short: 1"


def test_characters_that_would_act_on_the_terminal_are_not_shown() -> None:
    with pytest.raises(ScenarioError) as told:
        validate(small_tree('"a\\e[31m\\nb": 1\n'))
    lines = str(told.value).splitlines()
    assert "\x1b" not in str(told.value)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("word", "known", "close"),
    [
        ("luna-62", ["luna-25", "luna-26", "luna-29"], "luna-26"),
        ("lander-9", ["lander-2", "lander-1"], "lander-1"),
        ("priorty", ["name", "priority"], "priority"),
        ("qqq", ["name", "priority"], None),
        ("x", [], None),
    ],
)
def test_the_nearest_word_is_suggested(word: str, known: list[str], close: str | None) -> None:
    assert close_word(word, known) == close
    assert ("did you mean" in did_you_mean(word, known)) is (close is not None)


def test_a_shadowed_name_shows_short_paths(folder: Path) -> None:
    write("below/x.yaml", "titel: x\n")
    tree = read_with_parents(folder / "below" / "x.yaml")
    assert place(tree, "titel").origin.file == os.path.join("below", "x.yaml")
