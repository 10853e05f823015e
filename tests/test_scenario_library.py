"""The shipped library: complete, sourced, and saying what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved, load_scenario
from sim.scenario.parents import read_with_parents
from sim.scenario.schema import Mission
from sim.scenario.shipped import find_scenario, shipped_folder, shipped_scenarios
from sim.scenario.tree import Tree, read_tree

SCENARIOS = [path.stem for path in shipped_scenarios()]
LIBRARY = sorted(path.stem for path in (shipped_folder() / "library").glob("*.yaml"))
NEWEST_EVIDENCE = date(2026, 9, 13)


@cache
def shipped(name: str) -> list[Resolved]:
    return load_scenario(name)


def missions() -> dict[str, Mission]:
    return shipped("baseline")[0].scenario.missions


# ---------------------------------------------------------------------------------------------- files


def test_the_shipped_scenarios_and_the_library_are_found() -> None:
    assert SCENARIOS[0] == "baseline"
    assert {"as-announced", "luna-slips", "luna-27-fails", "russia-withdraws", "late-reactor"} < set(
        SCENARIOS
    )
    assert {"november-2025", "luna-slip-sweep"} < set(SCENARIOS)
    assert LIBRARY == ["assumptions", "elements", "judgement", "record", "sources"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_shipped_scenario_loads_and_compiles(name: str) -> None:
    for resolved in shipped(name):
        campaign = compile_campaign(resolved.scenario, resolved.name)
        assert len(campaign.missions) + len(campaign.unknown_missions) == len(resolved.scenario.missions)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_opens_with_the_schema_and_the_question_that_it_answers(name: str) -> None:
    path = find_scenario(name)
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=../scenario.schema.json"
    comment = []
    for line in rest:
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    asked = " ".join(comment)
    assert asked.startswith("Question: ")
    assert asked.endswith("?")
    assert words(asked.removeprefix("Question: ")) == words(str(read_tree(path, name).plain()["question"]))


def words(text: str) -> list[str]:
    """The words of a question; what is said in both places must be the same, in the main."""
    return re.findall(r"[a-z0-9'-]+", text.lower())[:8]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_file_of_the_library_opens_with_the_schema_and_says_what_it_holds(name: str) -> None:
    first, second, *_ = (shipped_folder() / "library" / f"{name}.yaml").read_text().splitlines()
    assert first == "# yaml-language-server: $schema=../../scenario.schema.json"
    assert re.match(r"# [A-Z].{20}", second)


@pytest.mark.parametrize("path", [*shipped_scenarios(), *(shipped_folder() / "library").glob("*.yaml")])
def test_the_schema_that_a_file_names_exists_in_the_repository(path: Path) -> None:
    if path.is_relative_to(Path(__file__).parent.parent):
        named = path.read_text().splitlines()[0].partition("$schema=")[2]
        assert (path.parent / named).resolve().is_file()


@pytest.mark.parametrize("name", SCENARIOS)
def test_titles_and_questions_tell_scenarios_apart(name: str) -> None:
    own = shipped(name)[0].scenario
    for other in SCENARIOS:
        if other != name:
            scenario = shipped(other)[0].scenario
            assert scenario.title != own.title
            assert scenario.question != own.question


# --------------------------------------------------------------------------------- where numbers come from

Way = tuple[tuple[Tree, str | int], ...]
DATE = re.compile(r"\d{4}(-\d{2}){0,2}(\.\.\d{4}(-\d{2}){0,2})?")


def leaves(tree: Tree, way: Way = ()) -> Iterator[tuple[Way, Tree]]:
    """Every value with the mappings and lists on the way to it, apart from documentation."""
    if not isinstance(tree.value, (dict, list)):
        yield way, tree
    for key, child in tree.items():
        if key not in ("source", "basis", "note", "sources"):
            yield from leaves(child, (*way, (tree, key)))


def dotted(way: Way) -> str:
    return ".".join(str(key) for _, key in way)


def is_number_or_date(leaf: Tree) -> bool:
    if isinstance(leaf.value, str):
        return DATE.fullmatch(leaf.value) is not None
    return isinstance(leaf.value, (int, float)) and not isinstance(leaf.value, bool)


def notes_on(way: Way, leaf: Tree) -> Iterator[str]:
    """What stands behind a value: notes on a key on the way to it, and the sources of the records there.

    Only what is written in the same file counts: a number in assumptions.yaml is not backed by the source
    that record.yaml gives for the mission.
    """
    for number, (mapping, _) in enumerate(way):
        keys = [str(key) for _, key in way[number:] if isinstance(key, str)]
        ways_on = {".".join(keys[:length]) for length in range(1, len(keys) + 1)}
        basis, source = mapping.child("basis"), mapping.child("source")
        for key, note in (basis.mapping() if basis is not None else {}).items():
            if key in ways_on and note.origin.file == leaf.origin.file:
                yield str(note.value)
        if source is not None and source.value and source.origin.file == leaf.origin.file:
            yield f"source {source.plain()}"


@cache
def merged(name: str) -> Tree:
    """A scenario with its parents; templates and patterns not written out: each number is there once."""
    return read_with_parents(find_scenario(name))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_number_and_date_has_a_source_or_says_why(name: str) -> None:
    bare = [
        f"{leaf.origin} {dotted(way)}: {leaf.value}"
        for way, leaf in leaves(merged(name))
        if is_number_or_date(leaf) and dotted(way).split(".")[0] != "sweep"
        if not list(notes_on(way, leaf))
    ]
    assert bare == []


def test_the_check_of_sources_finds_a_bare_number() -> None:
    """The check above can fail: without the notes of a slip class, its numbers are bare."""
    tree = merged("baseline")
    slips = tree.mapping()["slip_classes"]
    russia = slips.mapping()["russia"]
    stripped = russia.with_value({key: part for key, part in russia.mapping().items() if key != "basis"})
    bare = [
        dotted(way)
        for way, leaf in leaves(slips.with_value({"russia": stripped}))
        if not list(notes_on(way, leaf))
    ]
    assert "russia.sigma" in bare


def test_facts_judgement_and_assumptions_stay_apart() -> None:
    kinds = {name: set(notes_in(name)) for name in LIBRARY}
    assert {kind for kind, _ in kinds["judgement"]} == {"judgement"}
    assert kinds["sources"] == set()
    # one mass is read from statements that differ; all other judgement stands in its own file
    assert {key for kind, key in kinds["assumptions"] if kind == "judgement"} <= {"landed_mass_kg"}
    # in the record, only which day stands for a vague statement and who launches it may be more than a fact
    more_than_facts = {key for kind, key in kinds["record"] if kind in ("assumption", "judgement")}
    assert more_than_facts <= {"at", "vehicle"}


def notes_in(name: str) -> Iterator[tuple[str, str]]:
    """The basis notes of one file of the library: kind of note, field."""
    waiting = [read_tree(shipped_folder() / "library" / f"{name}.yaml", name)]
    while waiting:
        tree = waiting.pop()
        basis = tree.child("basis")
        for key, note in (basis.mapping() if basis is not None else {}).items():
            yield re.split("[ :]", str(note.value))[0], key
        waiting += [child for key, child in tree.items() if key != "basis"]


def test_no_number_of_the_record_is_an_assumption() -> None:
    for way, leaf in leaves(merged("baseline")):
        if leaf.origin.file.endswith("record.yaml") and isinstance(leaf.value, (int, float)):
            assert not [
                note for note in notes_on(way, leaf) if note.startswith(("assumption", "judgement"))
            ]


def test_every_source_names_where_it_was_seen() -> None:
    for key, source in shipped("baseline")[0].scenario.sources.items():
        assert source.site.strip(), key
        assert source.title.strip(), key
        assert re.search(r"(19|20)\d\d|undated|n/a", source.date), f"{key}: {source.date}"


# -------------------------------------------------------------------------------------- the manifest

ON_THE_RECORD = {
    "clep": [*(f"chang-e-{number}" for number in (3, 4, 5, 6, 7, 8)), "queqiao-1", "queqiao-2"],
    "queqiao": ["queqiao-pilot", "queqiao-basic", "queqiao-extended"],
    "ilrs": [f"ilrs-{number}" for number in (1, 2, 3, 4, 5)],
    "roscosmos": [
        *(f"luna-{number}" for number in ("25", "26", "27a", "27b", "28", "29", "30")),
        *("ilrs-delivery-1", "ilrs-delivery-2", "lunar-power-plant"),
    ],
    "crewed-lunar": ["mengzhou-1", "cz10-first-flight", "lanyue-uncrewed-landing", "crewed-landing-1"],
}
PAIRS = [(name, programme) for programme, names in ON_THE_RECORD.items() for name in names]


@pytest.mark.parametrize(("name", "programme"), PAIRS)
def test_every_mission_on_the_record_is_in_the_manifest(name: str, programme: str) -> None:
    mission = missions()[name]
    assert mission.programme == programme
    assert mission.source
    assert mission.announcements or mission.actual


def test_the_power_plant_comes_in_three_launches_one_after_the_other() -> None:
    plant = missions()["lunar-power-plant"]
    assert [link.mission for link in plant.after] == ["ilrs-delivery-1", "ilrs-delivery-2"]
    assert [link.mission for link in missions()["ilrs-delivery-2"].after] == ["ilrs-delivery-1"]
    assert "reactor-10kw" in plant.elements


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("chang-e-3", "success"),
        ("chang-e-4", "success"),
        ("chang-e-5", "success"),
        ("chang-e-6", "success"),
        ("queqiao-2", "success"),
        ("luna-25", "landing-failure"),
    ],
)
def test_what_was_flown_is_known(name: str, outcome: str) -> None:
    actual = missions()[name].actual
    assert actual is not None
    assert actual.outcome == outcome


@pytest.mark.parametrize("name", ["chang-e-7", "chang-e-8", "luna-26", "luna-27a", "crewed-landing-1"])
def test_what_was_not_flown_by_the_newest_evidence_is_a_plan(name: str) -> None:
    assert missions()[name].actual is None


@pytest.mark.parametrize(
    ("pattern", "last_year"), [("station-crew", 2044), ("station-rotation", 2050), ("station-cargo", 2050)]
)
def test_flights_to_the_station_go_on_to_2050_as_patterns(pattern: str, last_year: int) -> None:
    assert pattern in merged("baseline").mapping()["patterns"].mapping()
    days = [
        row.planned.first for name, row in missions().items() if name.startswith(pattern) if row.planned
    ]
    assert days[-1].year == last_year
    assert all(150 < (after - before).days < 400 for before, after in pairwise(days))


def test_the_histories_of_announcements_are_there() -> None:
    said = {name: len(row.announcements) for name, row in missions().items()}
    assert said["chang-e-7"] >= 10
    assert said["luna-25"] >= 8
    assert said["luna-28"] >= 8
    assert sum(said.values()) >= 90


def test_nothing_is_newer_than_the_newest_evidence() -> None:
    baseline = shipped("baseline")[0].scenario
    assert baseline.data_date == NEWEST_EVIDENCE
    assert baseline.horizon == date(2051, 1, 1)
    for mission in baseline.missions.values():
        assert all(said.announced <= NEWEST_EVIDENCE for said in mission.announcements)
        assert mission.actual is None or mission.actual.launch <= NEWEST_EVIDENCE


# ------------------------------------------------------------------------------------- the scenarios


def test_the_sweep_makes_six_named_scenarios() -> None:
    sweep = shipped("luna-slip-sweep")
    months = [0, 12, 24, 36, 48, 60]
    assert [item.name for item in sweep] == [f"luna-slip-sweep[months={number}]" for number in months]
    for item, number in zip(sweep, months, strict=True):
        delays = item.scenario.delays
        assert set(delays) == {"luna-26", "luna-27a", "luna-27b", "luna-28"}
        assert {delay.months.fixed for delay in delays.values() if delay.months} == {number}
    assert len({item.digest() for item in sweep}) == 6


def differences(one: object, other: object, path: str = "") -> set[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        below = [
            differences(one.get(key), other.get(key), f"{path}.{key}".lstrip("."))
            for key in one.keys() | other.keys()
        ]
        return set().union(*below)
    return set() if one == other else {path}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("as-announced", {"idealise"}),
        ("luna-slips", {"delays.luna-26", "delays.luna-27a", "delays.luna-27b", "delays.luna-28"}),
        ("luna-27-fails", {"force.luna-27a", "force.luna-27b"}),
        (
            "late-reactor",
            {f"delays.{name}" for name in ("lunar-power-plant", "station-build-1")}
            | {f"delays.station-power-{number}" for number in (1, 2)},
        ),
        (
            "russia-withdraws",
            {
                "programmes.roscosmos.withdrawal",
                "missions.lunar-power-plant.fallback",
                "missions.chinese-power-plant",
            },
        ),
    ],
)
def test_a_scenario_changes_what_it_says_and_nothing_else(name: str, changed: set[str]) -> None:
    baseline, scenario = shipped("baseline")[0].effective(), shipped(name)[0].effective()
    assert differences(baseline, scenario) - {"title"} == changed


def test_the_hindcast_of_november_2025_knows_nothing_of_2026() -> None:
    (november,) = shipped("november-2025")
    assert november.scenario.data_date == date(2025, 11, 5)
    campaign = compile_campaign(november.scenario, november.name)
    assert set(campaign.unknown_missions) == {
        "cz10-low-altitude-test",
        "cz10b-first-flight",
        "crewed-circumlunar",
    }
    planned = {row.id: row.planned_day for row in campaign.missions}
    assert planned["chang-e-7"] == (date(2026, 8, 15) - date(2025, 11, 5)).days


def test_an_override_in_a_shipped_scenario_keeps_the_rest_with_its_origin() -> None:
    plant = merged("russia-withdraws").mapping()["missions"].mapping()["lunar-power-plant"]
    files = {key: Path(part.key_origin.file).name for key, part in plant.mapping().items()}
    assert files["fallback"] == "russia-withdraws.yaml"
    assert files["announcements"] == "record.yaml"
    assert files["vehicle"] == "assumptions.yaml"
    assert files["cancellation_probability"] == "judgement.yaml"
