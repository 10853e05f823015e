"""Scenarios laid over one another and changed in Python: the same checks, the same messages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.load import load_scenario
from sim.scenario.problems import ScenarioError
from tests.small import BROKEN


def write(name: str, text: str) -> None:
    Path(f"{name}.yaml").write_text(f"title: {name}\nquestion: What of {name}?\n{text}")


# ------------------------------------------------------------------------------------------ overrides


def test_overrides_combine(folder: Path) -> None:
    write("late", "extends: good\ndelays: {lander-1: {years: 3}}\n")
    write("pads", "extends: good\npads: {north: {count: 2}}\n")
    (resolved,) = load_scenario("good.yaml", overrides=["late.yaml", "pads.yaml"])
    assert resolved.name == "good+late+pads"
    assert resolved.scenario.title == "Good + late + pads"
    assert resolved.scenario.question == "What if all of this holds together: late, pads?"
    assert resolved.scenario.pads["north"].count == 2
    assert resolved.scenario.delays["lander-1"].years is not None


def test_shipped_overrides_combine_over_a_shipped_scenario() -> None:
    (both,) = load_scenario("baseline", overrides=["late-reactor", "second-pad"])
    assert "lunar-power-plant" in both.scenario.delays
    assert both.scenario.pads["wenchang-lc301"].count == 2


def test_two_overrides_that_set_one_key_are_an_error_that_names_both_places(folder: Path) -> None:
    write("one", "extends: good\npads:\n  north: {turnaround_days: 3, count: 2}\n")
    write("two", "extends: good\npads:\n  north: {turnaround_days: 4}\n")
    with pytest.raises(ScenarioError) as told:
        load_scenario("good.yaml", overrides=["one.yaml", "two.yaml"])
    assert str(told.value) == (
        "1 problem in the scenario:\n"
        "  two.yaml:5:11  pads.north.turnaround_days: is set at one.yaml:5:11, too; two overrides may not "
        "set one key, take it out of one\n"
        "      north: {turnaround_days: 4}"
    )


@pytest.mark.parametrize(
    ("one", "two", "path"),
    [
        ("missions: {lander-1: {after: [relay-1]}}", "missions: {lander-1: {after: []}}", "lander-1.after"),
        ("gates: {power: {crew: 1}}", "gates: {power: null}", "gates.power"),
        ("horizon: 2035-01-01", "horizon: 2035-01-01", "horizon"),
    ],
)
def test_lists_tables_and_equal_values_count_as_one_key(
    folder: Path, one: str, two: str, path: str
) -> None:
    write("one", f"extends: good\n{one}\n")
    write("two", f"extends: good\n{two}\n")
    with pytest.raises(ScenarioError, match=rf"{path}: is set at one\.yaml:4"):
        load_scenario("good.yaml", overrides=["one.yaml", "two.yaml"])


def test_titles_notes_and_bases_are_no_conflict(folder: Path) -> None:
    for name in ("one", "two"):
        write(name, f"extends: good\nbasis: {{delays: 'assumption: {name}'}}\nnote: {name}\n")
    assert len(load_scenario("good.yaml", overrides=["one.yaml", "two.yaml"])) == 1


def test_of_an_override_what_its_own_parents_change_counts_too(folder: Path) -> None:
    write("parent", "extends: good\nhorizon: 2034-01-01\n")
    write("child", "extends: parent\npads: {north: {count: 2}}\n")
    (resolved,) = load_scenario("good.yaml", overrides=["child.yaml"])
    assert resolved.scenario.horizon == date(2034, 1, 1)
    assert resolved.scenario.pads["north"].count == 2


def test_a_sweep_in_an_override_makes_its_scenarios(folder: Path) -> None:
    write("sweep", "extends: good\nsweep: {delays.lander-1.months: [0, 12]}\n")
    names = [item.name for item in load_scenario("good.yaml", overrides=["sweep.yaml"])]
    assert names == ["good+sweep[months=0]", "good+sweep[months=12]"]


def test_a_mistake_in_an_override_is_told_where_it_stands(folder: Path) -> None:
    write("wrong", "extends: good\ndelays: {lander-9: {months: 1}}\n")
    with pytest.raises(ScenarioError, match=r"wrong\.yaml:4:10  delays\.lander-9: there is no mission"):
        load_scenario("good.yaml", overrides=["wrong.yaml"])


# ------------------------------------------------------------------------------------------ in Python


def test_a_scenario_written_in_python_is_the_one_written_in_a_file(folder: Path) -> None:
    write("late", "extends: good\ndelays: {lander-1: {months: {uniform: {low: 1, high: 2}}}}\n")
    draft = sim.scenario("good.yaml").with_changes(
        {"delays": {"lander-1": {"months": {"uniform": {"low": 1, "high": 2}}}}},
        name="late",
        title="late",
        question="What of late?",
    )
    (mine,), (filed,) = draft.check(), load_scenario("late.yaml")
    assert mine.digest() == filed.digest()
    assert mine.scenario == filed.scenario
    assert repr(draft).startswith("Scenario late: late (")


def test_dotted_keys_dates_and_numpy_numbers_are_taken(folder: Path) -> None:
    draft = sim.scenario("good.yaml").with_changes(
        {
            "horizon": date(2034, 1, 1),
            "delays.lander-1.months": np.float64(3),
            "pads": {"north.count": np.int64(2)},
            "missions": {"lander-1": {"after": ("relay-1",), "note": None}},
        }
    )
    (resolved,) = draft.check()
    assert resolved.scenario.horizon == date(2034, 1, 1)
    assert resolved.scenario.pads["north"].count == 2
    assert resolved.name == "good-changed"


def test_a_draft_does_not_change(folder: Path) -> None:
    draft = sim.scenario("good.yaml")
    draft.with_changes({"horizon": "2034-01-01"})
    assert draft.check()[0].scenario.horizon == date(2036, 1, 1)


def test_mistakes_name_the_line_of_the_users_code(folder: Path) -> None:
    draft = sim.scenario("good.yaml").with_changes({"delays": {"lander-9": {"months": 1}}})
    with pytest.raises(ScenarioError, match=r"test_scenario_drafts\.py:\d+:1  delays\.lander-9") as told:
        draft.check()
    assert "      draft = sim.scenario(" in str(told.value)


def test_what_no_file_can_hold_is_told(folder: Path) -> None:
    with pytest.raises(ScenarioError, match=r"horizon: a number, a text, a list or a mapping is needed"):
        sim.scenario("good.yaml").with_changes({"horizon": object()})


def test_drafts_and_overrides_run(tmp_path: Path) -> None:
    draft = sim.scenario(BROKEN / "good.yaml").with_changes({"delays.lander-1.months": 30}, name="late")
    results = sim.run([BROKEN / "good.yaml", draft], n=4, workers=1, out=tmp_path, progress=False)
    assert results.scenarios == ["good", "late"]


def test_mistakes_of_several_drafts_are_told_together() -> None:
    base = sim.scenario(BROKEN / "good.yaml")
    drafts = [base.with_changes({key: 1}, name=key) for key in ("titel", "horizn")]
    with pytest.raises(ScenarioError, match="2 problems"):
        sim.run(drafts, n=1)


def test_two_drafts_with_one_name_are_refused() -> None:
    base = sim.scenario(BROKEN / "good.yaml")
    drafts = [base.with_changes({"pads.north.count": count}) for count in (1, 2)]
    with pytest.raises(ScenarioError, match="two different scenarios are named `good-changed`"):
        sim.run(drafts, n=1)
