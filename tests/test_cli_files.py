"""The verbs about scenario files: list, new, check, show, assumptions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.batch.smoke import idle_settings, smoke
from sim.cli import main
from sim.scenario.index import index_page, index_rows
from sim.scenario.load import load_scenario

ROOT = Path(__file__).parent.parent


def ilrs(*arguments: str, width: int = 100) -> Result:
    return CliRunner().invoke(main, arguments, env={"COLUMNS": str(width)}, catch_exceptions=False)


def small(folder: Path, changes: str) -> list[str]:
    light = "station: {light: {lit_days: 45}}"  # with `good` as it is, the gate `power` never opens
    text = f"extends: good\ntitle: Mine\nquestion: Mine?\n{light}\n{changes}\n"
    (folder / "mine.yaml").write_text(text)
    (resolved,) = load_scenario(folder / "mine.yaml")
    return smoke(resolved)


# ----------------------------------------------------------------------------------------- list, new


def test_the_index_page_and_the_readme_are_in_step_with_the_files() -> None:
    """If this fails on purpose: ``python -m sim.scenario.index > docs/scenario-index.md``."""
    assert (ROOT / "docs" / "scenario-index.md").read_text(encoding="utf-8") == index_page()
    assert "\n".join(index_rows()) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_list_as_json() -> None:
    entries = json.loads(ilrs("list", "--json").output)
    assert entries[0]["name"] == "baseline"
    assert {"name", "title", "question", "extends", "sweep"} <= set(entries[0])


def test_new_writes_a_file_that_is_fine_as_it_is_and_with_every_comment_taken_away(folder: Path) -> None:
    assert ilrs("new", "my-own").exit_code == 0
    text = Path("my-own.yaml").read_text()
    assert load_scenario("my-own.yaml")[0].scenario.title == "My own"
    head, _, examples = text.partition("\n\n")
    blocks = re.sub(r"(?m)^# (?=[a-z_]+:|  )", "", examples)
    Path("all.yaml").write_text(f"{head}\n{blocks}")
    assert len(load_scenario("all.yaml")) == 3


def test_new_from_a_file_and_a_name_that_is_taken_or_bad(folder: Path) -> None:
    assert ilrs("new", "child", "--from", "good.yaml").exit_code == 0
    assert load_scenario("child.yaml")[0].scenario.missions.keys() == {
        *("relay-1", "lander-1", "lander-2", "crew-1")
    }
    assert "exists already" in ilrs("new", "child").output
    assert "no good name" in ilrs("new", "My Child").output
    assert "is a shipped scenario; choose another name" in ilrs("new", "luna-slips").output
    assert "there is no such file" in ilrs("new", "x", "--from", "nowhere").output


# ---------------------------------------------------------------------------------- show, assumptions


def test_show_names_the_origin_of_each_value() -> None:
    output = ilrs("show", "luna-slips", "--only", "delays.luna-26").output
    assert re.search(r"delays\.luna-26\.months: 24  # .*luna-slips\.yaml:7\n", output)
    shown = json.loads(ilrs("show", "luna-slips", "--json").output)
    assert shown["delays.luna-26.months"]["line"] == 7
    assert shown["missions.luna-26.name"]["file"].endswith("record.yaml")


def test_show_the_difference() -> None:
    output = ilrs("show", "baseline", "--diff", "second-pad", width=200).output
    assert "pads.wenchang-lc301.count: (not set) -> 2" in output
    assert "do not differ" in ilrs("show", "baseline", "--diff", "second-pad", "--only", "missions").output


def test_show_what_is_not_there() -> None:
    outcome = ilrs("show", "luna-slips", "--only", "delay")
    assert outcome.exit_code == 2
    assert "did you mean `delays`?" in outcome.output


def test_every_number_of_the_baseline_is_listed_with_unit_and_basis() -> None:
    rows = json.loads(ilrs("assumptions", "baseline", "--json").output)
    by_name = {row["parameter"]: row for row in rows}
    assert by_name["station.crew_load_kw"]["unit"] == "kW"
    assert by_name["station.crew_load_kw"]["kind"] == "assumption"
    assert by_name["slip_classes.russia.on_time_probability"]["kind"] == "source"
    assert by_name["elements.reactor-40kw.capacity_kw"]["basis"].startswith("source CNNC2025")
    assert by_name["vehicles.long-march-10.stand_down_days"]["value"] == {"reference_class": "new-launcher"}
    assert not [row["parameter"] for row in rows if row["kind"] == "none"]
    assert len(rows) > 400


@pytest.mark.parametrize("verb", ["show", "assumptions"])
def test_a_narrow_terminal_is_kept_to(verb: str) -> None:
    lines = ilrs(verb, "baseline", "--only", "station", width=50).output.splitlines()
    assert max(map(len, lines)) <= 50


# ---------------------------------------------------------------------------------------------- check


def test_nothing_is_said_of_a_scenario_in_which_everything_can_happen(folder: Path) -> None:
    assert small(folder, "") == []


def test_panels_alone_give_no_power_in_the_dark(folder: Path) -> None:
    flight, gate, *_ = smoke(load_scenario("good.yaml")[0])
    assert flight == "`crew-1` never flies: its gate is `power`"
    assert gate == (
        "the gate `power` never opens: `continuous_power_kw: 10` never holds, though all that add to it "
        "fly (`lander-1`)"
    )


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        (
            "gates: {power: {continuous_power_kw: 900}}",
            "the gate `power` never opens: `continuous_power_kw: 900` never holds, though all",
        ),
        (
            "gates: {power: {continuous_power_kw: null, elements: {role: command}}}",
            "`elements: {role: command}` never holds; no mission brings what it asks for",
        ),
        (
            "gates: {power: {continuous_power_kw: null, date: 2050-01-01}}",
            "never holds; the horizon is 2036-01-01",
        ),
        ("missions: {relay-1: {planned: 2040}}", "`relay-1` never flies: it is planned after the horizon"),
        ("missions: {relay-1: {planned: 2040}}", "`lander-1` never flies: it waits for `relay-1`"),
        (
            "missions: {lander-1: {gate: power}}",
            "a deadlock: `lander-1` waits for `lander-1`",
        ),
        (
            "gates: {cabin: {elements: {role: habitat}}}\n"
            "missions: {lander-1: {gate: cabin, fallback: null}, crew-1: {elements: {cabin: 1}}, "
            "lander-2: {standby: false, lead_days: null, planned: 2040}}",
            "a deadlock: `lander-1` waits for `crew-1` waits for `lander-1`",
        ),
        ("gates: {power: {continuous_power_kw: 900}}", "the milestone `power` is never reached"),
    ],
)
def test_what_can_never_happen_is_named(folder: Path, changes: str, remark: str) -> None:
    remarks = small(folder, changes)
    assert any(remark in text for text in remarks), remarks


def test_settings_that_change_nothing_are_named(folder: Path) -> None:
    small(
        folder,
        "delays: {relay-1: {months: 7}}\npads: {south: {count: 1}}\nfamilies: {hopper: {learning: 0.1}}",
    )
    remarks = idle_settings(folder / "mine.yaml")
    assert len(remarks) == 2
    assert remarks[0].startswith("`pads.south` (mine.yaml:6) changed nothing")


def test_check_says_what_the_smoke_run_found_and_can_leave_it_out(folder: Path) -> None:
    small(folder, "missions: {lander-1: {gate: power}}")
    output = ilrs("check", "mine.yaml").output
    assert "mine: fine (4 missions" in output
    assert "smoke run of 10 replications" in output
    assert "a deadlock" in output
    assert "deadlock" not in ilrs("check", "mine.yaml", "--no-smoke").output


def test_check_as_json(folder: Path) -> None:
    small(folder, "missions: {lander-1: {gate: power}}")
    told = json.loads(ilrs("check", "mine.yaml", "--json").output)
    assert told["fine"] is True
    assert "deadlock" in told["scenarios"][0]["remarks"][0]
    Path("wrong.yaml").write_text("extends: good\ntitel: x\n")
    outcome = ilrs("check", "wrong.yaml", "--json")
    assert outcome.exit_code == 1
    (problem,) = json.loads(outcome.output)["problems"]
    assert (problem["file"], problem["line"], problem["path"]) == ("wrong.yaml", 2, "titel")


def test_checking_takes_less_than_half_a_second_of_cpu() -> None:
    code = (
        "import time, sys\n"
        "from click.testing import CliRunner\n"
        "from sim.cli import main\n"
        "CliRunner().invoke(main, ['check', 'baseline', '--no-smoke'], catch_exceptions=False)\n"
        "print(time.process_time())"
    )
    command = [sys.executable, "-c", code]
    times = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(3)]
    assert min(times) < 0.7  # 0.5 s on a quiet machine
