"""The schema: its records and the JSON schema that editors use, kept in step."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from sim.nature import distributions
from sim.scenario.problems import ScenarioError
from sim.scenario.schema import FileKeys, Mission, Scenario
from sim.scenario.schema.documentation import field_docs
from sim.scenario.schema.fields import Record
from sim.scenario.schema.json_schema import scenario_schema, schema_text
from sim.scenario.schema.planned import parse_interval
from sim.scenario.shipped import shipped_folder, shipped_scenarios
from sim.scenario.tree import parse_tree, read_tree
from tests.small import BROKEN, small_scenario

ROOT = Path(__file__).parent.parent
SHIPPED = [*shipped_scenarios(), *sorted((shipped_folder() / "library").glob("*.yaml"))]


def subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for below in model.__subclasses__():
        yield from subclasses(below)


RECORDS = [*subclasses(Record), *subclasses(distributions.Settings)]
UNITS = {
    "_days": "[d]",
    "_years": "[years]",
    "_kw": "[kW]",
    "_kwh": "[kWh]",
    "_kg": "[kg]",
    "_probability": "[-]",
    "_correlation": "[-]",
    "_share": "[-]",
}

# -------------------------------------------------------------------------------------------- records


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_field_is_documented_with_its_unit(model: type[BaseModel]) -> None:
    docs = field_docs(model)
    for name in model.model_fields:
        assert len(docs[name]) > 5, name
        units = [unit for suffix, unit in UNITS.items() if name.endswith(suffix)]
        assert all(unit in docs[name] for unit in units), name


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_is_frozen_and_refuses_unknown_keys_and_infinite_numbers(
    model: type[BaseModel],
) -> None:
    config = model.model_config
    assert (config.get("frozen"), config.get("extra"), config.get("allow_inf_nan")) == (
        True,
        "forbid",
        False,
    )


def test_the_documentation_of_a_field_is_its_string_in_one_line_or_more() -> None:
    docs = field_docs(Mission)
    assert docs["vehicle"] == "What launches it."
    assert docs["note"] == "A remark; has no effect."
    assert "assumption: why" in docs["basis"]


def test_a_scenario_cannot_be_changed() -> None:
    scenario = small_scenario()
    with pytest.raises(ValidationError, match="frozen"):
        scenario.title = "Other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        scenario.missions["lander-1"].priority = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027", "2027-01-01", "2027-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2027-02-15", "2027-02-15", "2027-02-15"),
        ("2033..2035", "2033-01-01", "2035-12-31"),
        ("2026-04-05..2026-04-30", "2026-04-05", "2026-04-30"),
        ("2026-12..2027", "2026-12-01", "2027-12-31"),
    ],
)
def test_a_planned_date_is_an_interval(text: str, first: str, last: str) -> None:
    interval = parse_interval(text)
    assert (interval.first.isoformat(), interval.last.isoformat()) == (first, last)
    assert interval.first <= interval.middle() <= interval.last


@pytest.mark.parametrize(
    "text", ["", "27", "2027-2", "2027-02-30", "2027-13", "2035..2033", "soon", "2027/02"]
)
def test_what_is_no_planned_date(text: str) -> None:
    with pytest.raises(ValueError):
        parse_interval(text)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("delays: {lander-1: {months: 24}}", lambda s: s.delays["lander-1"].months.fixed == 24),
        ("missions: {lander-1: {source: PLAN}}", lambda s: s.missions["lander-1"].source == ("PLAN",)),
        ("force: {lander-1: {landing: failure}}", lambda s: s.force["lander-1"].landing == ("failure",)),
        (
            "missions: {crew-1: {after: [relay-1]}}",
            lambda s: s.missions["crew-1"].after[0].mission == "relay-1",
        ),
        ("missions: {crew-1: {planned: 2031}}", lambda s: s.missions["crew-1"].planned.last.year == 2031),
        (
            "vehicles: {carrier: {production_per_year: 2}}",
            lambda s: s.vehicles["carrier"].production_per_year,
        ),
    ],
)
def test_short_forms_stand_for_the_full_ones(changes: str, expected: Any) -> None:
    assert expected(small_scenario(changes))


# ---------------------------------------------------------------------------------------- JSON schema


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(scenario_schema())


def test_the_schema_on_disk_is_in_step_with_the_records() -> None:
    """If this fails on purpose: ``ilrs schema > scenario.schema.json``."""
    assert (ROOT / "scenario.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(scenario_schema())
    assert json.loads(schema_text()) == scenario_schema()
    assert scenario_schema()["title"] == "ILRS-Sim scenario"


@pytest.mark.parametrize("path", [*SHIPPED, BROKEN / "good.yaml"], ids=lambda path: path.stem)
def test_every_shipped_file_fits_the_schema(path: Path) -> None:
    errors = [error.message for error in validator().iter_errors(read_tree(path, path.name).plain())]
    assert errors == []


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for below in (
        schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    ):
        yield from parts(below)


def mappings(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping with fields of its own: the file and the definitions."""
    yield "file", schema
    for name, part in schema["$defs"].items():
        yield from ((name, form) for form in part.get("anyOf", [part]) if "properties" in form)


def test_every_key_of_the_schema_explains_itself() -> None:
    for name, mapping in mappings(scenario_schema()):
        assert mapping["additionalProperties"] is False
        for key, part in mapping["properties"].items():
            assert part.get("description"), f"{name}.{key}"


def test_the_schema_holds_every_field_of_every_record_and_the_keys_of_files() -> None:
    found = dict(mappings(scenario_schema()))
    for model in RECORDS:
        if model.__name__ in found:
            extra = {"template"} if model is Mission else set()
            assert set(found[model.__name__]["properties"]) == set(model.model_fields) | extra
    assert set(found["file"]["properties"]) == set(Scenario.model_fields) | set(FileKeys.model_fields)
    assert set(found["Template"]["properties"]) == set(Mission.model_fields)


def test_a_file_may_override_a_part_but_the_items_of_lists_are_whole() -> None:
    required = {name: part["required"] for name, part in mappings(scenario_schema()) if "required" in part}
    assert required == {"Announcement": ["announced", "planned", "by"]}


def test_the_schema_has_no_noise() -> None:
    for part in parts(scenario_schema()):
        assert "default" not in part or part["default"] is not None
        assert not isinstance(part.get("default"), list)
    for _, mapping in mappings(scenario_schema()):
        assert not any("title" in part for part in mapping["properties"].values() if isinstance(part, dict))


def test_defaults_are_written_as_a_user_would_write_them() -> None:
    mission = scenario_schema()["$defs"]["Mission"]["properties"]
    assert mission["priority"]["default"] == 50
    assert mission["commissioning_days"]["default"] == 0
    assert mission["on_loss"]["default"] == {"policy": "descope"}
    assert "default" not in mission["gate"]


SEEN_BY_A_SCHEMA = re.findall(
    r"[\w-]+",
    """
    anchor-at-the-top announcement-incomplete bad-ids basis-in-other-words broken-number condition-none
    crew-risk-misspelt date-as-number date-in-other-format delay-in-two-units delays-as-list
    delay-without-unit distribution-empirical distribution-settings distribution-unknown
    efficiency-of-nothing extends-list extends-missing failure-repaired-by-nobody-known force-unknown
    item-of-list-by-number link-to-two list-for-mapping many-mistakes mistakes-in-both
    mistakes-in-the-parent negative nothing-for-table nothing-for-value number-for-text number-in-quotes
    pattern-keys pattern-settings percent planned-in-local-format planned-wrong probability-above-1
    site-south-of-the-pole site-with-unknown-horizon storage-serves-unknown-class sweep-bad-values
    sweep-is-a-list sweep-keys sweep-without-values syntax-in-the-parent template-keys text-for-list
    text-for-number true-for-number unit-in-text unknown-choice unknown-key-at-the-top
    unknown-key-in-list unknown-key-in-mission windows-line-ends yes-and-no
    """,
)


@pytest.mark.parametrize("name", SEEN_BY_A_SCHEMA)
def test_an_editor_sees_the_mistakes_that_a_schema_can_see(name: str) -> None:
    tree = parse_tree((BROKEN / f"{name}.yaml").read_text(encoding="utf-8"), name)
    assert list(validator().iter_errors(tree.plain()))


def test_the_mistakes_that_a_schema_can_see_are_listed() -> None:
    """A new broken file whose mistake the schema sees belongs into the list above."""
    seen: list[str] = []
    for path in BROKEN.glob("*.yaml"):
        try:
            tree = read_tree(path, path.name)
        except ScenarioError:
            continue  # no tree, nothing to validate
        if list(validator().iter_errors(tree.plain())):
            seen.append(path.stem)
    assert set(seen) ^ set(SEEN_BY_A_SCHEMA) == set()


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ("missions: {luna-26: {template: light}}", True),
        ("templates: {light: {priority: 3}}", True),
        ("templates: {light: {template: other}}", False),
        ("patterns: {tour: {mission: {template: light}}}", True),
        ("missions: {luna-26: {gate: null}}", True),
        ("delays: {luna-26: {months: {triangular: {high: 9}}}}", True),
        ("delays: {luna-26: {months: {lognormal: null, uniform: {low: 1, high: 2}}}}", True),
        ("delays: {luna-26: {months: soon}}", False),
        ("missions: {luna-26: {planned: 2033..2035}}", True),
        ("missions: {luna-26: {planned: 2033}}", True),
        ("missions: {luna-26: {planned: spring}}", False),
        ("horizon: 2051-01-01", True),
        ("horizon: 2051", False),
        ("force: {luna-26: {landing: [success, failure]}}", True),
        ("force: {luna-26: {landing: fail}}", False),
        ("vehicles: {rocket: {production_per_year: -1}}", False),
        ("vehicles: {rocket: {production_per_year: {2030: 2}}}", True),
        ("sweep: {delays.luna-26.months: [1, 2]}", True),
        ("sweep: {months: {keys: [delays.luna-26.months], values: [1]}}", True),
        ("missions: {Luna_26: {}}", False),
    ],
)
def test_the_schema_knows_what_a_file_may_say(changes: str, fits: bool) -> None:
    assert validator().is_valid(parse_tree(changes, "x").plain()) is fits


def test_the_shipped_files_name_the_schema_that_the_test_checks() -> None:
    named = {re.sub(r"^.*\$schema=(\.\./)+", "", path.read_text().splitlines()[0]) for path in SHIPPED}
    assert named == {"scenario.schema.json"}
