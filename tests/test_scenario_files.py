"""From files to scenarios: YAML, parents, merging, templates, patterns, sweeps and settings."""

from __future__ import annotations

import json
import os
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import Resolved, load_all, load_scenario
from sim.scenario.merge import apply_settings, expand_sweep, merge
from sim.scenario.parents import read_with_parents
from sim.scenario.problems import Origin, Problem, ScenarioError, close_word, did_you_mean
from sim.scenario.tree import MAX_BYTES, Tree, parse_tree, plant, read_tree
from sim.scenario.validate import validate
from tests.small import BROKEN, QUICK, small_scenario, small_tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the small scenario in it."""
    (tmp_path / "good.yaml").write_bytes((BROKEN / "good.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


# ----------------------------------------------------------------------------------------------- YAML


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("+5", 5),
        ("010", 10),
        ("-3", -3),
        ("1e6", 1e6),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5E-3", -0.0015),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        # What YAML 1.1 would have turned into something else stays a text.
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-09-13", "2026-09-13"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("2033..2035", "2033..2035"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("[a, 1]", ["a", 1]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: Any) -> None:
    read = parse_tree(f"key: {text}\n", "x.yaml").plain()["key"]
    assert read == value
    assert type(read) is type(value)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.sampled_from("abc XYZ019:#-{}[],&*!|>'\"%@`?\\/~é月"), max_size=12),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcde", max_size=3), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), JSON))
@QUICK
def test_json_is_read_as_it_is(data: dict[str, Any]) -> None:
    assert parse_tree(json.dumps(data, ensure_ascii=False), "x.json").plain() == data


def test_every_value_remembers_where_it_and_its_key_were_written() -> None:
    tree = parse_tree("one: 1\ntwo:\n  three: [4, {five: 6}]\n", "x.yaml")
    assert place(tree, "one").origin == Origin("x.yaml", 1, 6, "one: 1")
    assert place(tree, "one").key_origin == Origin("x.yaml", 1, 1, "one: 1")
    assert place(tree, "two.three.1.five").key_origin.column == 15
    assert place(tree, "two.three.1.five").origin == Origin("x.yaml", 3, 21, "  three: [4, {five: 6}]")


def test_an_alias_is_written_where_it_was_anchored() -> None:
    tree = parse_tree("one: &x {a: 1}\ntwo: *x\n", "x.yaml")
    assert place(tree, "two.a").origin == place(tree, "one.a").origin
    assert place(tree, "two").key_origin.line == 2


@pytest.mark.parametrize("text", ["\ufefftitle: x\n", "title: x\r\n", "title: x", "---\ntitle: x\n...\n"])
def test_bom_line_ends_and_document_marks_do_not_matter(folder: Path, text: str) -> None:
    (folder / "x.yaml").write_bytes(text.encode())
    assert read_tree(folder / "x.yaml", "x.yaml").plain() == {"title": "x"}


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(folder: Path) -> None:
    path = folder / "big.yaml"
    path.write_text("a: 1\n#" + "x" * (MAX_BYTES - 6))
    assert path.stat().st_size == MAX_BYTES
    assert read_tree(path, "big.yaml").plain() == {"a": 1}
    path.write_text(path.read_text() + "x")
    with pytest.raises(ScenarioError, match="larger than 1000 kB"):
        read_tree(path, "big.yaml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_an_endless_file_is_refused() -> None:
    with pytest.raises(ScenarioError, match="larger than 1000 kB"):
        load_scenario("/dev/zero")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_can_end_the_process(opening: str) -> None:
    with pytest.raises(ScenarioError, match="nested more than 40 levels deep"):
        parse_tree("a:\n  " + opening * 100_000, "deep.yaml")


def test_nesting_up_to_the_limit_is_read() -> None:
    parse_tree("a: " + "[" * 39 + "]" * 39, "x.yaml")


def test_depth_counts_through_aliases() -> None:
    def built(levels: int) -> str:
        rows = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))
        return f"a0: &a0 [x]\n{rows}"

    parse_tree(built(39), "x.yaml")
    with pytest.raises(ScenarioError, match="nested more than 40 levels deep"):
        parse_tree(built(41), "x.yaml")


def test_values_count_each_time_an_alias_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.tree.MAX_NODES", 9)
    parse_tree("a: &a [x, x]\nb: *a\nc: 1\nd: 2\n", "x.yaml")  # 1 + 3 + 3 + 1 + 1
    with pytest.raises(ScenarioError, match="more than 9 values"):
        parse_tree("a: &a [x, x]\nb: *a\nc: *a\n", "x.yaml")


def test_nothing_in_a_file_is_executed(folder: Path) -> None:
    for tag in ("python/object/apply:os.mkdir", "python/object/new:os.mkdir", "python/name:os.mkdir"):
        write("evil.yaml", f"extends: good\ntitle: !!{tag} [made]\n")
        with pytest.raises(ScenarioError, match="tags such as"):
            load_scenario("evil.yaml")
    assert not (folder / "made").exists()


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


# ------------------------------------------------------------------------------ templates and patterns

TOUR = """
patterns:
  tour:
    first: 2030-01-01
    every_days: 100
    count: 3
    mission: {name: "Tour {n}", programme: probes, destination: orbit, vehicle: carrier}
"""


def tour(**settings: str) -> str:
    return TOUR + "".join(f"    {key}: {value}\n" for key, value in settings.items())


def test_a_mission_takes_over_the_keys_of_its_template_unless_it_gives_its_own() -> None:
    scenario = small_scenario(
        "templates:\n  careful:\n    priority: 3\n"
        "    on_loss: {policy: rebuild, rebuild_days: 100, max_attempts: 4}\n"
        "missions:\n  lander-1: {template: careful, on_loss: {max_attempts: 3}}\n"
    )
    mission = scenario.missions["lander-1"]
    assert (mission.priority, mission.on_loss.max_attempts) == (3, 3)
    assert mission.on_loss.rebuild_days is not None
    assert mission.vehicle == "carrier"


def test_a_pattern_makes_numbered_missions_at_equal_intervals() -> None:
    missions = small_scenario(TOUR).missions
    made = {name: row for name, row in missions.items() if name.startswith("tour")}
    assert list(made) == ["tour-1", "tour-2", "tour-3"] == list(missions)[-3:]
    assert [row.name for row in made.values()] == ["Tour 1", "Tour 2", "Tour 3"]
    days = [row.planned.first for row in made.values() if row.planned]
    assert days == [date(2030, 1, 1), date(2030, 4, 11), date(2030, 7, 20)]
    assert all(not row.after for row in made.values())


@pytest.mark.parametrize(("until", "count"), [("2030-04-10", 1), ("2030-04-11", 2), ("2030-01-01", 1)])
def test_a_pattern_ends_with_the_last_launch_on_or_before_a_day(until: str, count: int) -> None:
    missions = small_scenario(TOUR.replace("count: 3", f"until: {until}")).missions
    assert sum(name.startswith("tour") for name in missions) == count


def test_fractions_of_days_do_not_add_up_to_a_drift() -> None:
    text = TOUR.replace("every_days: 100", "every_days: 365.25").replace("count: 3", "count: 21")
    planned = small_scenario(text).missions["tour-21"].planned
    assert planned is not None
    assert planned.first == date(2050, 1, 1)


def test_missions_in_order_wait_for_the_departure_of_the_one_before() -> None:
    text = tour(in_order="true", lag_days="30").replace("vehicle:", "after: [relay-1], vehicle:")
    missions = small_scenario(text).missions
    assert [link.mission for link in missions["tour-1"].after] == ["relay-1"]
    first, second = missions["tour-3"].after
    assert first.mission == "relay-1"
    assert (second.mission, second.need, second.lag_days) == ("tour-2", "departure", 30)


def test_one_mission_of_a_pattern_can_be_overridden() -> None:
    missions = small_scenario(TOUR + "missions:\n  tour-2: {priority: 1}\n").missions
    assert [missions[f"tour-{n}"].priority for n in (1, 2, 3)] == [50, 1, 50]
    assert missions["tour-2"].name == "Tour 2"


def test_a_pattern_can_use_a_template() -> None:
    text = TOUR.replace("vehicle: carrier", "template: light") + "templates: {light: {vehicle: carrier}}\n"
    assert small_scenario(text).missions["tour-3"].vehicle == "carrier"


# -------------------------------------------------------------------------------- sweeps and settings

TWO_AXES = """
sweep:
  delays.lander-1.months: [0, 12.5]
  weather:
    keys: [pads.north.scrub_probability, pads.south.scrub_probability]
    values: [0.1, 0.2, 0.3]
"""


def swept(text: str) -> dict[str, Any]:
    return {name: validate(tree)[0] for name, tree in expand_sweep("small", small_tree(text))}


def test_a_sweep_makes_every_combination_and_names_it() -> None:
    scenarios = swept(TWO_AXES)
    assert list(scenarios) == [
        f"small[months={months},weather={weather}]"
        for months in ("0", "12.5")
        for weather in (0.1, 0.2, 0.3)
    ]
    last = scenarios["small[months=12.5,weather=0.3]"]
    assert last.delays["lander-1"].months.fixed == 12.5
    assert {pad.scrub_probability for pad in last.pads.values()} == {0.3}


@pytest.mark.parametrize("text", ["", "sweep: {}", "sweep:"])
def test_without_axes_there_is_one_scenario_and_it_keeps_its_name(text: str) -> None:
    assert list(swept(text)) == ["small"]


def test_axes_that_end_alike_are_named_in_full() -> None:
    text = "sweep: {delays.lander-1.months: [1], delays.relay-1.months: [2]}"
    assert list(swept(text)) == ["small[delays.lander-1.months=1,delays.relay-1.months=2]"]


def test_different_values_give_different_names() -> None:
    values = "[1.0000001, 1.0000002, 1e6, {triangular: {low: 1, mode: 2, high: 3}}]"
    names = list(swept(f"sweep: {{delays.lander-1.months: {values}}}"))
    assert names[:3] == ["small[months=1.0000001]", "small[months=1.0000002]", "small[months=1000000]"]
    assert names[3] == "small[months={triangular: {low: 1, mode: 2, high: 3}}]"


def test_a_sweep_over_distributions_and_texts() -> None:
    scenarios = swept("sweep: {force.lander-1.landing: [success, failure]}")
    assert list(scenarios) == ["small[landing=success]", "small[landing=failure]"]


def test_a_mistake_beside_a_sweep_is_told_once(folder: Path) -> None:
    write("x.yaml", "extends: good\ntitel: x\nsweep:\n  missions.lander-1.prio: [1, 2, 3, 4]\n")
    with pytest.raises(ScenarioError) as told:
        load_scenario("x.yaml")
    assert [problem.path for problem in told.value.problems] == ["titel", "missions.lander-1.prio"]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("horizon", "2040-01-01", "2040-01-01"),
        ("delays.lander-1.months", "24", 24),
        ("delays.lander-1.months", "{uniform: {low: 1, high: 2}}", {"uniform": {"low": 1, "high": 2}}),
        ("idealise", "[slips]", ["slips"]),
        ("missions.lander-1.gate", "null", None),
        ("title", "A: b: c", "A: b: c"),
        ("title", "no", "no"),
        ("force.crew-1.cancelled", "true", True),
    ],
)
def test_settings_are_read_as_yaml_and_laid_over_the_file(key: str, text: str, value: Any) -> None:
    tree = apply_settings(small_tree(), {key: text})
    assert place(tree, key).plain() == value
    assert str(place(tree, key).origin) == f"--set {key}={text}"
    validate(tree)


def test_settings_apply_to_every_scenario_of_a_sweep_and_the_sweep_wins(folder: Path) -> None:
    write("x.yaml", "extends: good\nsweep: {delays.lander-1.months: [1, 2]}\n")
    scenarios = load_scenario("x.yaml", {"horizon": "2040-01-01", "delays.lander-1.months": "9"})
    assert {item.scenario.horizon for item in scenarios} == {date(2040, 1, 1)}
    assert [item.tree.plain()["delays"]["lander-1"]["months"] for item in scenarios] == [1, 2]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"horizn": "2040-01-01"}, "horizn: unknown key; did you mean `horizon`?"),
        ({"missions.lander-1.prio": "3"}, "missions.lander-1.prio: unknown key; did you mean `priority`?"),
        ({"missions.lander1.priority": "3"}, "is new here and lacks .* did you mean `lander-1`?"),
        ({"missions.lander-1.announcements.0.planned": "2027"}, "a list is replaced as a whole"),
        ({"delays.lander-1.months": "two"}, 'a number of months or a distribution is needed, not "two"'),
        ({"extends": "baseline"}, "extends: can only stand in a file"),
        ({"title": "!!python/name:os.system"}, "tags such as `!!python/name:os.system` are not allowed"),
        ({"title": "!!int x"}, "`x` is not a whole number"),
        ({"station": "{name: a, name: b}"}, "the key `name` is given twice"),
        ({"title": "[" * 300}, "nested more than 40 levels deep"),
    ],
)
def test_a_wrong_setting_is_told_with_the_setting(setting: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as told:
        load_scenario(BROKEN / "good.yaml", setting)
    ((key, text),) = setting.items()
    assert f"--set {key}={text}" in str(told.value)
    assert str(told.value).startswith("1 problem ")


# ------------------------------------------------------------------------------------- whole scenarios


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
