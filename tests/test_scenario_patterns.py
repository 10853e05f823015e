"""What writes missions and scenarios out: templates, patterns, sweeps, settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.load import load_scenario
from sim.scenario.merge import apply_settings, expand_sweep
from sim.scenario.problems import ScenarioError
from sim.scenario.validate import validate
from tests.small import BROKEN, place, small_scenario, small_tree, write

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
