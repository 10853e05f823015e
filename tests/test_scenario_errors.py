"""Every mistake is told as a user should see it: file, line, column, text, what is wrong, and the mend.

``tests/broken`` holds broken files, each beside the message it must give. To change a message on purpose,
change the expected text by hand and read it as a user would.
"""

from __future__ import annotations

import copy
import math
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario
from sim.scenario.problems import Origin, Problem, ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.tree import Tree, parse_tree, plant
from sim.scenario.validate import validate
from tests.small import BROKEN, QUICK, small_campaign, small_tree

FILES = sorted(path.stem for path in BROKEN.glob("*.yaml") if path.stem != "good")
READ_AS_A_WHOLE = {"binary", "latin-1", "utf-16"}  # no line can be named
PYTHON_WORDS = re.compile(
    r"Traceback|Error\b|Exception|pydantic|Tree\(|<class|object at|\b(None|True|False|dict|tuple|str|int)\b"
)


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)


@cache
def told(name: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as error:
        load_scenario(f"{name}.yaml")
    return error.value


# --------------------------------------------------------------------------------------- broken files


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_gives_its_message(name: str) -> None:
    assert f"{told(name)}\n" == (BROKEN / f"{name}.expected.txt").read_text(encoding="utf-8")


def test_every_broken_file_has_a_message_and_every_message_a_file() -> None:
    messages = [path.name.removesuffix(".expected.txt") for path in BROKEN.glob("*.expected.txt")]
    assert sorted(messages) == FILES
    assert len(FILES) >= 100


def test_the_file_that_the_others_build_on_is_good() -> None:
    small_campaign()


@pytest.mark.parametrize("name", sorted(set(FILES) - READ_AS_A_WHOLE))
def test_a_message_points_into_the_file(name: str) -> None:
    for problem in told(name).problems:
        origin = problem.origin
        lines = Path(origin.file).read_text(encoding="utf-8").splitlines() or [""]
        assert 1 <= origin.line <= len(lines)
        assert origin.text in ("", lines[origin.line - 1])
        assert 1 <= origin.column <= len(lines[origin.line - 1]) + 1
        assert str(problem).startswith(f"  {origin.file}:{origin.line}:{origin.column}  ")


@pytest.mark.parametrize("name", FILES)
def test_a_message_speaks_of_the_scenario_and_not_of_python(name: str) -> None:
    text = str(told(name))
    said = "\n".join(line for line in text.splitlines() if not line.startswith("      "))
    assert not PYTHON_WORDS.search(said)
    assert max(map(len, text.splitlines())) < 260
    assert os.getcwd() not in text


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_is_told_once(name: str) -> None:
    problems = told(name).problems
    places = [(problem.origin, problem.path) for problem in problems]
    assert len({(problem.origin, problem.message) for problem in problems}) == len(problems)
    assert len(places) - len(set(places)) == 0, "two messages about one place"


# ------------------------------------------------------------------- what cannot be kept as a file here


def test_a_missing_file() -> None:
    assert "nowhere.yaml  there is no such file" in str(told("nowhere"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("parents", "is a folder; name a scenario file in it"),
        ("nowhere/x.yaml", "there is no such file"),
        ("good.yaml/x.yaml", "cannot be read"),
        ("x" * 500, "is no file name"),
        ("a\0b", "is no file name"),
        ("", "is a folder"),
    ],
)
def test_what_is_no_file(name: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        load_scenario(name)


def test_a_parent_whose_name_no_file_can_have(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(f"extends: {'x' * 500}\n")
    with pytest.raises(ScenarioError, match="there is no scenario `xxx"):
        load_scenario(tmp_path / "x.yaml")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everybody may read: root")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "locked.yaml"
    path.write_text("extends: good\n")
    path.chmod(0)
    with pytest.raises(ScenarioError, match="you have no permission to read it"):
        load_scenario(path)


def test_a_parent_from_outside_is_refused_whatever_the_way_to_write_it(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text((BROKEN / "good.yaml").read_text())
    inner = tmp_path / "inner"
    inner.mkdir()
    for name in (
        "../secret",
        "../secret.yaml",
        "x/../../secret",
        "..\\secret",
        str(tmp_path / "secret.yaml"),
    ):
        (inner / "x.yaml").write_text(f"extends: '{name}'\n")
        with pytest.raises(ScenarioError, match="a parent must lie in the scenario's folder or below"):
            load_scenario(inner / "x.yaml")


# ------------------------------------------------------------------------------------------- more mends


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("missions: {lander-1: {landed_mass_kg: 1_000}}", 'not "1_000"'),
        ("missions: {lander-1: {landed_mass_kg: '1e3'}}", "take the quotes away"),
        ("missions: {lander-1: {cancellation_probability: 2.5%}}", "write 0.025"),
        ("missions: {lander-1: {elements: {panel: two}}}", "a whole number is needed"),
        ("programmes: {probes: {withdrawal: 2030}}", "a date is needed"),
        (
            "programmes: {probes: {shocks: {war: {title: War, months: 3}}}}",
            "either `on` or `rate_per_year`",
        ),
        ("pads: {north: {storm_months: [0, 13]}}", "at least 1, not 0"),
        ("vehicles: {carrier: {pads: []}}", "must not be empty"),
        ("vehicles: {carrier: {record: {successes: -1, failures: 0, until: 2025-01-01}}}", "at least 0"),
        ("vehicles: {carrier: {prior: {a: 0}}}", "must be above 0, not 0"),
        ("gates: {late: {date: soon}}", "a date is needed"),
        ("gates: {late: {elements: {role: panel}}}", "must be one of `source`"),
        ("milestones: {x: {title: X, when: {mission: nobody}}}", "there is no mission `nobody`; known are"),
        ("delays: {lander-1: {months: null}}", "exactly one of `days`, `months`, `years`"),
        ("missions: {crew-1: {crew: {size: 0}}}", "at least 1, not 0"),
        ("missions: {lander-1: {actual: {launch: 2025-01-01, outcome: [success]}}}", "not a list"),
    ],
)
def test_other_mistakes_are_told(changes: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)) as error:
        validate(small_tree(changes))
    assert "changes.yaml:1:" in str(error.value)


@pytest.mark.parametrize(
    "changes",
    [
        # preferred links do not block, so they close no circle
        "missions: {relay-1: {after: [{mission: lander-1, preferred_until: 2030-01-01}]}}",
        # one way out of a choice is enough
        "missions: {relay-1: {after: [{any: [lander-1, crew-1]}]}}",
        # another condition may open the gate
        "gates: {g: {any: [{landed: crew-1}, {crew: 1}]}}\nmissions: {crew-1: {gate: g}}",
        # null takes back what the parent says
        "missions: {crew-1: {gate: null}}\ngates: {power: {continuous_power_kw: null, crew: 1}}",
        "vehicles: {carrier: {stand_down_days: {lognormal: null, uniform: {low: 1, high: 2}}}}",
        "milestones: {first-crew: {definition: null, when: {crew: 1}}}",
        # a mission that is told of after the data date, and one that flew after it
        "missions: {lander-1: {announcements: [{announced: 2030-01-01, planned: 2031, by: A}]}}",
        "missions: {lander-1: {actual: {launch: 2027-01-01, outcome: success}}}",
    ],
)
def test_what_is_no_mistake_is_not_told(changes: str) -> None:
    compile_campaign(validate(small_tree(changes))[0], "x")


def test_a_mistake_through_two_parents_is_told_where_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text((BROKEN / "good.yaml").read_text())
    (tmp_path / "first.yaml").write_text("extends: good\nmissions:\n  lander-1: {family: hoper}\n")
    (tmp_path / "second.yaml").write_text("extends: first\nmissions:\n  lander-1: {pad: north}\n")
    with pytest.raises(ScenarioError) as error:
        load_scenario(tmp_path / "second.yaml")
    (problem,) = error.value.problems
    assert (Path(problem.origin.file).name, problem.origin.line) == ("first.yaml", 3)


# ------------------------------------------------------------------------------------ whatever is written

GOOD: dict[str, Any] = small_tree().plain()
JUNK = [
    None,
    True,
    -1,
    0,
    2.5,
    1e300,
    math.nan,
    math.inf,
    -math.inf,
    10**25,
    "",
    "x",
    "no",
    "2026-02-30",
    "2031..",
    "..",
    "source: x",
    "lander-1",
    [],
    [None],
    [[]],
    ["lander-1"],
    {},
    {"x": 1},
    {"": {}},
    {"fixed": None},
    {"lander-1": None},
    {"any": [{"gate": "power"}]},
]
NOT_HUGE = {
    "stock",
    "production_per_year",
    "flights",
    "count",
    "panel",
    "max_attempts",
    "period_days",
    "2028",
}


def paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in below for found in paths(value, (*path, key)))]


def changed(path: tuple[str | int, ...], junk: Any, remove: bool) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    inner: Any = data
    for key in path[:-1]:
        inner = inner[key]
    if remove:
        del inner[path[-1]]
    else:
        inner[path[-1]] = copy.deepcopy(junk)
    return data


@given(st.sampled_from(paths(GOOD)[1:]), st.sampled_from(JUNK), st.booleans())
@settings(QUICK, max_examples=400)
def test_whatever_stands_in_a_place_the_answer_is_a_scenario_or_a_message(
    path: tuple[str | int, ...], junk: Any, remove: bool
) -> None:
    scenario, problems = outcome(lambda: plant(changed(path, junk, remove), Origin("x.yaml", 1, 1)))
    assert not [problem for problem in problems if PYTHON_WORDS.search(str(problem))]
    if scenario is not None and not NOT_HUGE & {str(key) for key in path[-2:]}:
        compile_campaign(scenario, "x")


def outcome(make: Callable[[], Tree]) -> tuple[Scenario | None, list[Problem]]:
    try:
        return validate(make())[0], []
    except ScenarioError as error:
        return None, error.problems


TEXT = (BROKEN / "good.yaml").read_text(encoding="utf-8")


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 30),
    st.sampled_from(
        ["", " ", "\n", "\t", ":", ": ", "- ", "{", "]", "'", '"', "#", "&a ", "*a", "!x ", "%", "\0"]
    ),
)
@settings(QUICK, max_examples=200)
def test_whatever_happens_to_the_text_the_answer_is_a_scenario_or_a_message(
    start: int, length: int, inserted: str
) -> None:
    text = TEXT[:start] + inserted + TEXT[start + length :]
    _, problems = outcome(lambda: parse_tree(text, "x.yaml"))
    assert all(problem.origin.line >= 1 for problem in problems)
    assert not [problem for problem in problems if PYTHON_WORDS.search(problem.message)]
