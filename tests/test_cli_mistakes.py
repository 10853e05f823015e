"""What a new user does wrong on the command line, and what is said: never a traceback, always the mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.batch.smoke import smoke
from sim.cli import main
from sim.scenario.load import load_scenario
from tests.small import BROKEN

REACTORS = "missions.station-power-1.elements.reactor-40kw=2"
LIT = "extends: good\ntitle: Lit\nquestion: Lit?\nstation: {light: {lit_days: 45}}\n"
LATE = "extends: good\ntitle: Late\nquestion: Late?\ndelays: {lander-1: {months: 30}}\n"


def ilrs(*arguments: str, width: int = 200) -> Result:
    return CliRunner().invoke(main, arguments, env={"COLUMNS": str(width)}, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "good.yaml").write_text((BROKEN / "good.yaml").read_text())
    (tmp_path / "late.yaml").write_text(LATE)
    (tmp_path / "lit.yaml").write_text(LIT)
    sweep = "extends: good\ntitle: Sweep\nquestion: Sweep?\nsweep: {delays.lander-1.months: [0, 12]}\n"
    (tmp_path / "sweep.yaml").write_text(sweep)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("mistakes")
    (base / "good.yaml").write_text((BROKEN / "good.yaml").read_text())
    out = base / "results"
    how = ("-n", "6", "--workers", "1", "--quick", "--out", str(out))
    outcome = ilrs("run", str(base / "good.yaml"), *how)
    assert outcome.exit_code == 0, outcome.output
    return out


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("run", "good", "-n", "0"), 2, "0 is too few; it must be at least 1"),
        (("run", "good", "-n", "2.5"), 2, "'2.5' is no whole number, such as 200"),
        (("run", "good", "-n", "many"), 2, "'many' is no whole number"),
        (("run", "good", "--workers", "0"), 2, "at least 1"),
        (("trace", "good", "-r", "9" * 20), 2, "it must be at most 2147483647"),
        (
            ("run", "good", "-n", "2", "--out", "late.yaml"),
            2,
            "it is a file; name a folder",
        ),
        (("run", "good", "--with", "good"), 1, "changes nothing here, for the scenario has it already"),
        (("run", "good", "--with", "late", "--with", "late"), 1, "leave it out"),
        (("check", "goood"), 1, "there is no such file; did you mean `good`?"),
        (("check", "basline"), 1, "did you mean `baseline`?"),
        (("check", "xyzzy"), 1, "`ilrs list` names the shipped scenarios"),
        (("compare", "good"), 2, "good is no results folder; run it first, as `ilrs run good`"),
        (("compare", "baseline"), 2, "run it first, as `ilrs run baseline`"),
        (("compare", "nowhere"), 2, "make one with `ilrs run`"),
        (("new", "no/where"), 2, "there is no folder no; make it first"),
        (("trace", "good", "--as", "gantt", "--out", "x.foo"), 2, "such as .png, .svg or .pdf"),
        (("trace", "sweep"), 2, "a sweep makes many scenarios; name one of them: sweep[months=0], sweep"),
        (
            ("trace", "sweep[months=7]"),
            1,
            "no `sweep[months=7]` in this sweep; there are `swe",
        ),
        (("show", "good[x]"), 1, "is no sweep; leave out what stands behind `good`"),
        (("explain", "good", "--outcome", "crew-days"), 2, "--outcome is about levers; add --levers"),
        (
            ("explain", "good", "--levers", "--outcome", "joy"),
            2,
            "no outcome `joy`; there are power",
        ),
        (("explain", "good", "-m", "joy"), 2, "there is no milestone `joy`; there are power, first-crew"),
        (("explain", "good", "--levers", "--policies", "x"), 1, "there is no such file"),
        (("drivers", "good", "-m", "power", "--by", "2030-13"), 2, "is no year such as 2016 and no day"),
        (("assumptions", "good", "--only", "slip_clases"), 2, "did you mean `slip_classes`?"),
        (("credit", "baseline", "--add", REACTORS, "--years", "2050-2040"), 2, "write 2040-2050"),
        (
            ("credit", "luna-slip-sweep", "--add", REACTORS),
            2,
            "name one of them: luna-slip-sweep[months=0]",
        ),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else None,
)
def test_a_mistake_is_told_with_its_mend(
    folder: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    outcome = ilrs(*arguments)
    assert outcome.exit_code == status, outcome.output
    assert message in outcome.output
    assert "Traceback" not in outcome.output


def test_a_results_folder_is_no_scenario(results: Path) -> None:
    outcome = ilrs("run", str(results))
    assert outcome.exit_code == 1
    assert "is a results folder, which `ilrs compare" in outcome.output


def test_a_file_is_found_without_its_ending_and_beside_a_folder_of_a_shipped_name(folder: Path) -> None:
    Path("baseline").mkdir()
    assert "late: fine" in ilrs("check", "late", "--no-smoke").output
    assert "baseline: fine" in ilrs("check", "baseline", "--no-smoke").output


def test_one_of_a_sweep_is_named(folder: Path) -> None:
    shown = ilrs("show", "sweep[months=12]", "--only", "delays")
    assert "delays.lander-1.months: 12" in shown.output
    assert "sweep" not in shown.stderr
    assert [item.name for item in load_scenario("sweep[months=12]")] == ["sweep[months=12]"]
    assert "months=0]" in ilrs("show", "sweep", "--only", "delays").stderr
    difference = ilrs("show", "sweep[months=0]", "--diff", "sweep[months=12]").output
    assert difference.startswith("delays.lander-1.months: 0 -> 12")
    assert "delays.lander-1.months: 0 months" in ilrs("assumptions", "sweep", "--only", "delays").stdout


def test_nothing_stands_in_the_way_of_itself_in_the_shipped_scenarios() -> None:
    """Resupply flies when stores run low: who fills them keeps nobody waiting."""
    for name in ("baseline", "no-reactor"):
        remarks = smoke(load_scenario(name)[0])
        assert not [text for text in remarks if "deadlock" in text]
        assert len(remarks) < 20


# ---------------------------------------------------------------------------------- export, JSON, width


@pytest.mark.parametrize(
    ("name", "message"),
    [("x.xyz", "name one of the formats"), ("x.zarr", "pip install zarr"), ("x.parquet", "pip install")],
)
def test_what_cannot_be_exported_is_told(
    results: Path, tmp_path: Path, name: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.analysis.export.find_spec", lambda _: None)
    outcome = ilrs("export", str(results), "--out", str(tmp_path / name))
    assert outcome.exit_code == 2
    assert message in outcome.output


def test_export_writes_a_table_and_overwrites_only_on_demand(results: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "x.csv"
    assert ilrs("export", str(results), "--out", str(path)).exit_code == 0
    assert path.read_text().startswith("scenario,replication,kind,id,date")
    refused = ilrs("export", str(results), "--out", str(path), "--scenario", "good")
    assert refused.exit_code == 2
    assert "add --overwrite" in refused.output
    assert ilrs("export", str(results), "--out", str(path), "--overwrite").exit_code == 0
    outcome = ilrs("export", str(results), "--out", str(tmp_path / "y.csv"), "--scenario", "nobody")
    assert "there is no scenario `nobody`" in outcome.output


QUIET = ("--workers", "1", "--json")


def test_studies_take_overrides_and_print_json(folder: Path) -> None:
    """With the lander 30 months late its milestone is later, in each study."""
    plain, late = (
        json.loads(ilrs("explain", "lit", "-m", "power", "-n", "8", *more, *QUIET).stdout)["why"]
        for more in ((), ("--with", "late"))
    )
    assert late["mean_days"] > plain["mean_days"] + 300
    assert "delay" in {row["cause"] for row in late["causes"]}
    how = ("-m", "power", "-n", "60", "--tornado", "0", "--sobol", "0")
    tables = json.loads(ilrs("drivers", "lit", "--with", "late", *how, *QUIET).stdout)
    assert {"correlations", "regions", "assumptions"} == set(tables)
    assert tables["correlations"][0]["scenario"] == "lit+late"
    lost = json.loads(ilrs("crew-loss", "good", "--with", "late", "-n", "10", *QUIET).stdout)
    assert lost["event"].startswith("good+late:")


@pytest.mark.parametrize("width", [40, 60])
@pytest.mark.parametrize(
    "verb",
    [
        ("check", "good"),
        ("trace", "good"),
        ("trace", "good", "--as", "table"),
        ("crew-loss", "good", "-n", "10", "--workers", "1"),
        ("list",),
    ],
    ids=" ".join,
)
def test_what_is_said_fits_a_narrow_terminal(folder: Path, verb: tuple[str, ...], width: int) -> None:
    outcome = ilrs(*verb, width=width)
    assert outcome.exit_code == 0, outcome.output
    assert max(len(line.rstrip()) for line in outcome.output.splitlines()) <= width


def test_no_color_means_no_bold_either(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli.console import dimmed, make_console

    monkeypatch.setenv("NO_COLOR", "1")
    assert make_console().color_system is None
    assert dimmed("x") == "x"
