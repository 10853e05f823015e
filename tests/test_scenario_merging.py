"""Layers of scenarios: merging and parents."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import load_scenario
from sim.scenario.merge import merge
from sim.scenario.problems import Origin, ScenarioError
from sim.scenario.tree import plant
from sim.scenario.validate import validate
from tests.small import BROKEN, QUICK, load_one, place, small_tree, write

# -------------------------------------------------------------------------------------------- merging

LEAVES = st.one_of(st.integers(0, 9), st.text("xyz", max_size=2), st.lists(st.integers(0, 9), max_size=3))
MAPPINGS: st.SearchStrategy[dict[str, Any]] = st.deferred(
    lambda: st.dictionaries(st.sampled_from(["a", "b"]), LEAVES, max_size=2).flatmap(
        lambda leaves: st.dictionaries(st.sampled_from(["m", "n"]), MAPPINGS, max_size=2).map(
            lambda below: {**leaves, **below}
        )
    )
)
"""Nested mappings in which a key is always a leaf or always a mapping."""


def laid(*layers: dict[str, Any]) -> Any:
    tree = plant({}, Origin("start", 1, 1))
    for number, layer in enumerate(layers):
        tree = merge(tree, plant(layer, Origin(f"layer-{number}", 1, 1)))
    return tree.plain()


def leaves(data: dict[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in data.items():
        found |= leaves(value, (*path, key)) if isinstance(value, dict) else {(*path, key): value}
    return found


@given(MAPPINGS, MAPPINGS, MAPPINGS)
@QUICK
def test_it_does_not_matter_which_layers_are_merged_first(a: Any, b: Any, c: Any) -> None:
    assert laid(laid(a, b), c) == laid(a, laid(b, c))


@given(MAPPINGS, MAPPINGS)
@QUICK
def test_the_childs_values_win_and_the_parents_others_stay(parent: Any, child: Any) -> None:
    assert leaves(laid(parent, child)) == leaves(parent) | leaves(child)


@given(MAPPINGS)
@QUICK
def test_an_empty_layer_and_the_same_layer_change_nothing(data: Any) -> None:
    assert laid(data, {}) == laid({}, data) == laid(data, data) == data


def test_lists_replace_and_scalars_replace_mappings() -> None:
    assert laid({"a": [1, 2], "m": {"b": 1}}, {"a": [3], "m": 4}) == {"a": [3], "m": 4}
    assert laid({"m": 4}, {"m": {"b": 1}}) == {"m": {"b": 1}}
    assert laid({"m": {"b": 1}}, {"m": None}) == {"m": None}


def test_overriding_one_field_keeps_the_rest_with_its_origin() -> None:
    tree = small_tree("missions:\n  lander-1:\n    vehicle: heavy-carrier\n")
    assert place(tree, "missions.lander-1.vehicle").origin.file == "changes.yaml"
    assert place(tree, "missions.lander-1.vehicle").origin.line == 3
    for kept in ("missions.lander-1.family", "missions.lander-1.after.0", "missions.relay-1.planned"):
        assert place(tree, kept).origin.file.endswith("good.yaml")
    mission = validate(tree)[0].missions["lander-1"]
    assert (mission.vehicle, mission.family, len(mission.announcements)) == ("heavy-carrier", "hopper", 2)


def test_merging_keeps_the_order_of_the_parent_and_appends_what_is_new() -> None:
    assert list(laid({"a": 1, "b": 2}, {"c": 3, "a": 4})) == ["a", "b", "c"]


# -------------------------------------------------------------------------------------------- parents


def test_a_chain_of_parents_is_laid_over_one_another(folder: Path) -> None:
    write("middle.yaml", "extends: good\ntitle: Middle\nhorizon: 2040-01-01\n")
    write("last.yaml", "extends: middle.yaml\ntitle: Last\n")
    scenario = load_one("last.yaml").scenario
    assert (scenario.title, scenario.horizon) == ("Last", date(2040, 1, 1))
    assert scenario.data_date == date(2026, 1, 1)


@pytest.mark.parametrize("name", ["good", "good.yaml", "./good", "below/good"])
def test_a_parent_lies_beside_or_below(folder: Path, name: str) -> None:
    write("below/good.yaml", (BROKEN / "good.yaml").read_text())
    write("x.yaml", f"extends: {name}\ntitle: Child\n")
    assert load_one("x.yaml").scenario.title == "Child"


def test_a_shipped_scenario_is_a_parent_from_anywhere(folder: Path) -> None:
    write("x.yaml", "extends: baseline\ntitle: Child\n")
    resolved = load_one("x.yaml")
    assert "chang-e-7" in resolved.scenario.missions
    assert place(resolved.tree, "missions.chang-e-7.name").origin.file.endswith("record.yaml")


def test_a_file_beside_goes_before_a_shipped_scenario(folder: Path) -> None:
    write("baseline.yaml", "extends: good\ntitle: Own baseline\n")
    write("x.yaml", "extends: baseline\n")
    assert load_one("x.yaml").scenario.title == "Own baseline"


def test_a_very_long_chain_of_parents_is_no_problem(folder: Path) -> None:
    for number in range(200):
        write(f"link-{number}.yaml", f"extends: {'good' if number == 0 else f'link-{number - 1}'}\n")
    assert load_one("link-199.yaml").scenario.title == "Good"


def test_a_link_may_stay_in_the_folder_but_not_lead_out_of_it(folder: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    outside.write_text("title: Secret\n")
    try:
        os.symlink(folder / "good.yaml", folder / "inside.yaml")
        os.symlink(outside, folder / "outside.yaml")
    except OSError:
        pytest.skip("this file system has no links")
    write("x.yaml", "extends: inside\n")
    assert load_one("x.yaml").scenario.title == "Good"
    write("x.yaml", "extends: outside\n")
    with pytest.raises(ScenarioError, match="`outside` is a link that leads out of the folder"):
        load_scenario("x.yaml")


def test_scenarios_are_named_after_their_file(folder: Path) -> None:
    write("below/my-case.yaml", (BROKEN / "good.yaml").read_text())
    assert load_one("below/my-case.yaml").name == "my-case"
    assert load_one("baseline").name == "baseline"
