"""The command line as a user meets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import main

VERBS = [
    *("list", "new", "check", "show", "assumptions", "schema"),
    *("run", "trace", "compare", "plot", "report", "export"),
    *("explain", "calibrate", "hindcast", "drivers", "credit", "crew-loss"),
]


def ilrs(*arguments: str, width: int = 100) -> Result:
    return CliRunner().invoke(main, arguments, env={"COLUMNS": str(width)}, catch_exceptions=False)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "results"
    outcome = ilrs("run", "baseline", "luna-slips", "-n", "6", "--workers", "1", "--out", str(folder))
    assert outcome.exit_code == 0, outcome.output
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(verb: str) -> None:
    outcome = ilrs(verb, "--help")
    assert outcome.exit_code == 0
    assert f"ilrs {verb}" in outcome.output


def test_list_names_every_shipped_scenario_and_its_question() -> None:
    output = ilrs("list").output
    for name in ("baseline", "as-announced", "luna-slips", "luna-slip-sweep", "november-2025"):
        assert name in output
    assert "(sweep)" in output


def test_check_says_what_is_fine() -> None:
    outcome = ilrs("check", "baseline", "luna-slip-sweep", "--no-smoke")
    assert outcome.exit_code == 0
    assert outcome.output.count("fine") == 7


def test_check_reports_all_mistakes_with_status_1(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("extends: baseline\ntitel: x\ndelays:\n  luna-62: {months: 1}\n")
    outcome = ilrs("check", str(path))
    assert outcome.exit_code == 1
    assert "2 problems" in outcome.output
    assert "did you mean `title`?" in outcome.output
    assert "did you mean `luna-26`?" in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("check",),
        ("run", "baseline", "-n", "0"),
        ("run", "baseline", "--set", "no-equals-sign"),
        ("run", "baseline", "--record", "everything"),
        ("compare", "/nowhere/at/all"),
        ("trace", "luna-slip-sweep"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_status_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    outcome = ilrs(*arguments)
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output


def test_a_run_writes_results_report_plots_and_tables_and_says_where(results: Path) -> None:
    for name in ("batch.json", "report.html", "milestones.csv", "missions.csv", "plots"):
        assert (results / name).exists(), name
    assert len(list((results / "plots").glob("*.png"))) >= 5


def test_a_second_run_computes_nothing_and_shows_the_same(results: Path) -> None:
    arguments = ("run", "baseline", "luna-slips", "-n", "6", "--workers", "1", "--out", str(results))
    outcome = ilrs(*arguments, "--no-report")
    assert outcome.exit_code == 0
    assert "nothing to compute" in outcome.output
    assert "Try next" in outcome.output


def test_the_command_for_one_future_names_what_was_run(tmp_path: Path) -> None:
    changes = ("--with", "late-reactor", "--set", "delays.luna-26.months=3")
    many = ("run", "baseline", *changes, "-n", "2", "--workers", "1", "--no-report")
    outcome = ilrs(*many, "--out", str(tmp_path / "results"))
    (told,) = (line.split() for line in outcome.output.splitlines() if "ilrs trace" in line)
    assert told[:3] == ["ilrs", "trace", "baseline"]
    assert set(changes) <= set(told)
    assert ilrs(*told[1:]).exit_code == 0


def test_compare_says_what_is_damaged_and_what_is_missing(results: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(results, tmp_path / "results")
    (chunk,) = folder.glob("scenarios/luna-slips-*/chunks/*.npz")
    chunk.write_bytes(chunk.read_bytes()[:1000])
    outcome = ilrs("compare", str(folder))
    assert outcome.exit_code == 2
    assert "is damaged; the command that made these results computes it again" in outcome.output
    chunk.unlink()
    outcome = ilrs("compare", str(folder))
    assert "NOT COMPLETE: Luna slips 0 of 6 replications" in outcome.output
    assert "n/a" in outcome.output


@pytest.mark.parametrize("verb", ["run", "compare"])
def test_results_are_said_in_plain_words(results: Path, verb: str) -> None:
    again = ("baseline", "luna-slips", "-n", "6", "--no-report", "--out", str(results))
    done = ilrs(verb, *(again if verb == "run" else [str(results)]))
    told = " ".join(done.output.partition("In plain words: Baseline")[2].split())
    assert "First crewed landing: reached before 2051 in" in told
    assert "Mean dates against Baseline, on the same luck Luna slips: " in told


@pytest.mark.parametrize("width", [50, 80, 200])
def test_tables_fit_the_terminal(results: Path, width: int) -> None:
    outcome = ilrs("compare", str(results), width=width)
    assert outcome.exit_code == 0
    assert max(len(line.rstrip()) for line in outcome.output.splitlines()) <= width


def test_a_run_says_beforehand_what_it_will_do_and_how_long(tmp_path: Path) -> None:
    outcome = ilrs(
        "run", "baseline", "-n", "100", "--quick", "--workers", "1", "--out", str(tmp_path / "r")
    )
    first, second, third, *_ = outcome.output.splitlines()
    assert first == "100 replications to run (1 scenario, 1 workers)."
    assert second.startswith("baseline: seed 1, recording series, into ")
    assert third.startswith("About ")
    assert not (tmp_path / "r" / "report.html").exists()


def test_compare_as_json(results: Path) -> None:
    import json

    rows = json.loads(ilrs("compare", str(results), "--json").output)
    assert {"scenario", "reference", "milestone", "mean_months"} <= set(rows[0])


def test_plots_are_listed_and_drawn(results: Path, tmp_path: Path) -> None:
    assert "probability-by-date" in ilrs("plot", str(results)).output
    path = tmp_path / "x.png"
    kind = ("--kind", "probability-by-date", "--milestone", "crewed-landing")
    assert ilrs("plot", str(results), *kind, "--out", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kind", "probability"), "did you mean `probability-by-date`?"),
        (("--kind", "probability-by-date"), "needs --milestone"),
        (("--kind", "power", "--milestone", "crewed-landing"), "takes no --milestone"),
        (("--kind", "power", "--scenario", "nobody"), "nobody"),
    ],
)
def test_a_wrong_plot_is_told(results: Path, arguments: tuple[str, ...], message: str) -> None:
    outcome = ilrs("plot", str(results), *arguments)
    assert outcome.exit_code == 2
    assert message in outcome.output


def test_the_report_is_written_again(results: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert ilrs("report", str(results), "--out", str(page)).exit_code == 0
    assert "<html" in page.read_text()[:200]


def test_results_of_another_version_are_told(tmp_path: Path) -> None:
    (tmp_path / "batch.json").write_text('{"format": 99}')
    outcome = ilrs("compare", str(tmp_path))
    assert outcome.exit_code == 2
    assert "has results of format 99, this version reads format" in outcome.output


def test_a_full_disk_is_told(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "report.html")

    monkeypatch.setattr("sim.report.write_report", full)
    outcome = ilrs("report", str(results))
    assert outcome.exit_code == 2
    assert "the disk is full: cannot write report.html" in outcome.output
    monkeypatch.setattr("os.fsync", full)
    outcome = ilrs("run", "baseline", "-n", "7", "--workers", "1", "--no-report", "--out", str(results))
    assert outcome.exit_code == 2
    assert "No space left on device; the disk is full, make room and run the same" in outcome.output


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = ilrs("run", "baseline", "-n", "1", "--out", str(tmp_path / "file"))
    assert outcome.exit_code == 2
    assert "cannot write to" in outcome.output


def test_completion_knows_the_shipped_scenarios() -> None:
    command = [sys.executable, "-c", "from sim.cli import main; main(prog_name='ilrs')"]
    words = {"_ILRS_COMPLETE": "bash_complete", "COMP_WORDS": "ilrs run late", "COMP_CWORD": "2"}
    output = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **words}, check=True
    )
    assert "plain,late-reactor" in output.stdout


def test_compare_writes_its_table(results: Path, tmp_path: Path) -> None:
    path = tmp_path / "differences.csv"
    assert ilrs("compare", str(results), "--csv", str(path)).exit_code == 0
    assert path.read_text().startswith("scenario,reference,milestone")


def test_compare_with_an_unknown_reference_names_the_known(results: Path) -> None:
    outcome = ilrs("compare", str(results), "--reference", "nobody")
    assert outcome.exit_code == 2
    assert "baseline, luna-slips" in outcome.output


def test_other_results_in_the_folder_are_refused_and_thrown_away_only_on_demand(tmp_path: Path) -> None:
    arguments = ["run", "baseline", "-n", "2", "--workers", "1", "--no-report", "--out", str(tmp_path)]
    keepsake = tmp_path / "notes.txt"
    assert ilrs(*arguments).exit_code == 0
    keepsake.write_text("mine")
    refused = ilrs(*arguments, "--seed", "2")
    assert refused.exit_code == 2
    assert "seed was 1, is 2" in refused.output
    assert ilrs(*arguments, "--seed", "2", "--fresh").exit_code == 0
    assert keepsake.exists()


def test_failed_replications_end_with_status_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.batch import chunks

    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(chunks, "replicate", fail)
    outcome = ilrs("run", "baseline", "-n", "2", "--workers", "1", "--no-report", "--out", str(tmp_path))
    assert outcome.exit_code == 3
    assert "2 replications failed" in outcome.output


def test_trace_tells_the_same_story_every_time() -> None:
    first, second = (ilrs("trace", "baseline", "--replication", "17").output for _ in range(2))
    assert first == second
    assert "One future of Baseline" in first
    assert "is launched" in first


def test_trace_as_tables_and_as_a_picture(tmp_path: Path) -> None:
    assert "luna-26" in ilrs("trace", "baseline", "--as", "table").output
    assert ilrs("trace", "baseline", "--as", "spans").output.startswith("mission,name,attempt,cause")
    path = tmp_path / "future.png"
    assert ilrs("trace", "baseline", "--as", "gantt", "--out", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_schema_prints_the_schema() -> None:
    import json

    assert json.loads(ilrs("schema").output)["$schema"].startswith("https://json-schema.org")


def _modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from sim.cli import main\n"
        f"CliRunner().invoke(main, {list(arguments)!r})\n"
        "print(' '.join(sys.modules))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(output.stdout.split())


LIGHT = [("--help",), ("check", "baseline", "--no-smoke"), ("list",), ("show", "baseline"), ("schema",)]


@pytest.mark.parametrize("arguments", LIGHT, ids=" ".join)
def test_light_verbs_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    loaded = _modules_after(*arguments)
    assert not loaded & {"numpy", "scipy", "pandas", "xarray", "matplotlib", "simpy", "dask"}


def test_no_color_is_honoured(results: Path) -> None:
    command = [sys.executable, "-m", "sim", "compare", str(results)]
    output = subprocess.run(command, capture_output=True, env={"NO_COLOR": "1", "PATH": ""}, check=True)
    assert b"\x1b[" not in output.stdout


def test_a_closed_pipe_is_no_error(results: Path) -> None:
    command = f"{sys.executable} -m sim trace baseline | head -n 1"
    output = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert "Traceback" not in output.stderr


def test_calibrate_prints_each_fit_and_draws_it(tmp_path: Path) -> None:
    outcome = ilrs("calibrate", "--out", str(tmp_path), width=120)
    assert outcome.exit_code == 0
    for text in ("roscosmos", "Luna-Glob", "new-launcher", "fix effectiveness", "not shown", "weakly"):
        assert text in outcome.output
    assert {path.stem for path in tmp_path.glob("*.png")} == {path.stem for path in tmp_path.glob("*.csv")}


def test_hindcast_prints_its_scores_and_draws_them(tmp_path: Path) -> None:
    outcome = ilrs("hindcast", "--from", "2021", "-n", "20", "--out", str(tmp_path), width=120)
    assert outcome.exit_code == 0
    for text in ("Luna-26", "better than the announced plan", "Brier", "left out"):
        assert text in outcome.output
    assert (tmp_path / "forecast-2021-01-01.png").is_file()


@pytest.mark.parametrize(("day", "status"), [("soon", 2), ("1990", 2)])
def test_a_date_that_cannot_be_forecast_from_is_told(day: str, status: int) -> None:
    outcome = CliRunner().invoke(main, ["hindcast", "--from", day, "-n", "2"])
    assert outcome.exit_code == status
    assert "Traceback" not in outcome.output


def test_examples_in_the_help_keep_their_lines() -> None:
    for verb in ([], ["run"], ["check"]):
        text = CliRunner().invoke(main, [*verb, "--help"]).output
        assert "\\b" not in text
        assert "\n  ilrs " in text.replace("    ilrs ", "  ilrs ")
