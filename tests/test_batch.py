"""Batches: the same bytes however they are run, nothing lost, nothing mixed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.batch import chunks, run
from sim.batch.chunks import Task
from sim.batch.run import Batch, Plan, Settings
from sim.batch.store import ChunkFile, ResultsError, Store, gaps
from sim.scenario.load import load_all

NAMES = ["baseline", "luna-slips"]


def run_batch(folder: Path, names: list[str] = NAMES, **settings: object) -> Plan:
    plans: list[Plan] = []
    how = Settings(**{"replications": 24, "workers": 1, **settings})  # type: ignore[arg-type]
    Batch(load_all(names), folder, how).run(plans.append)
    return plans[0]


def digest(folder: Path) -> str:
    return sim.open_results(folder).digest()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("reference")
    run_batch(folder)
    return digest(folder)


@pytest.mark.parametrize(
    "how",
    [
        {"workers": 2},
        {"chunk": 1},
        {"chunk": 7},
        {"workers": 2, "chunk": 5},
        {"names": NAMES[::-1]},
    ],
    ids=str,
)
def test_results_do_not_depend_on_how_they_are_run(how: dict, reference: str, tmp_path: Path) -> None:
    run_batch(tmp_path, **how)
    assert digest(tmp_path) == reference


def test_another_seed_gives_other_results(reference: str, tmp_path: Path) -> None:
    run_batch(tmp_path, seed=2)
    assert digest(tmp_path) != reference


def test_scenarios_added_one_by_one_give_the_same_results(reference: str, tmp_path: Path) -> None:
    for name in NAMES:
        run_batch(tmp_path, [name])
    assert digest(tmp_path) == reference


def test_a_larger_number_adds_replications(reference: str, tmp_path: Path) -> None:
    first = run_batch(tmp_path, replications=10, chunk=4)
    second = run_batch(tmp_path, replications=24, chunk=9)
    assert (first.done, second.done) == (0, 20)
    assert sum(task.stop - task.start for task in second.tasks) == 28
    assert digest(tmp_path) == reference


def test_a_finished_batch_computes_nothing_again(tmp_path: Path) -> None:
    run_batch(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npz")}
    plan = run_batch(tmp_path)
    assert plan.tasks == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npz")} == before


def test_a_damaged_chunk_is_computed_again(reference: str, tmp_path: Path) -> None:
    run_batch(tmp_path, chunk=6)
    victim = sorted(tmp_path.rglob("*.npz"))[1]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    plan = run_batch(tmp_path, chunk=6)
    assert plan.damaged == 1
    assert sum(task.stop - task.start for task in plan.tasks) == 6
    assert digest(tmp_path) == reference


def test_half_written_files_are_not_taken_for_chunks(reference: str, tmp_path: Path) -> None:
    run_batch(tmp_path)
    folder = Store(tmp_path).scenarios()[0].folder / "chunks"
    (folder / ".00000024-00000030-abc.npz.17.tmp").write_bytes(b"half")
    (folder / "00000024-00000030.npz").write_bytes(b"half")
    assert digest(tmp_path) == reference


def _start(folder: Path, replications: int = 4000) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sim", "run", "baseline", "-n", str(replications), "--workers", "2"]
    return subprocess.Popen(
        [*command, "--out", str(folder), "--no-report"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _wait_for_chunks(folder: Path, process: subprocess.Popen[bytes], count: int = 2) -> None:
    deadline = time.monotonic() + 120
    while len(list(folder.rglob("*.npz"))) < count:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _descendants(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _await_death(pids: list[int]) -> None:
    import psutil

    deadline = time.monotonic() + 30
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def test_kill_and_resume_give_the_same_results(tmp_path: Path) -> None:
    with _start(tmp_path / "killed") as process:
        _wait_for_chunks(tmp_path / "killed", process)
        workers = _descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    _await_death(workers)
    saved = sum(chunk.stop - chunk.start for chunk in Store(tmp_path / "killed").scenarios()[0].chunks())
    assert 0 < saved < 4000
    plan = run_batch(tmp_path / "killed", ["baseline"], replications=saved + 30)
    assert plan.done == saved
    run_batch(tmp_path / "whole", ["baseline"], replications=saved + 30)
    assert digest(tmp_path / "killed") == digest(tmp_path / "whole")


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path: Path) -> None:
    with _start(tmp_path) as process:
        _wait_for_chunks(tmp_path, process)
        os.kill(process.pid, signal.SIGINT)
        text = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 130
    assert "the same command goes on" in " ".join(text.split())
    assert "Traceback" not in text
    assert "leaked" not in text
    assert sim.open_results(tmp_path).saved[0].completed.sum() > 0


def test_a_running_batch_can_be_read(tmp_path: Path) -> None:
    with _start(tmp_path) as process:
        _wait_for_chunks(tmp_path, process)
        table = sim.open_results(tmp_path).milestones()
        process.kill()
    assert (table["replications"] > 0).all()


def test_a_replication_that_raises_is_a_record_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replicate = chunks.replicate
    seen: list[int] = []

    def fail_at_third(*args: object) -> object:
        seen.append(1)
        if len(seen) == 3:
            raise ZeroDivisionError("a bug")
        return replicate(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(chunks, "replicate", fail_at_third)
    batch = Batch(load_all(["baseline"]), tmp_path, Settings(replications=6, workers=1))
    assert batch.run() == 1
    results = sim.open_results(tmp_path)
    failures = results.failures()
    assert failures[["scenario", "replication"]].to_numpy().tolist() == [["baseline", 2]]
    assert "ZeroDivisionError: a bug" in failures["error"][0]
    assert "fail_at_third" in failures["traceback"][0]
    assert results.saved[0].completed.tolist() == [True, True, False, True, True, True]
    assert (results.milestones()["replications"] == 5).all()


def test_another_seed_is_refused_with_a_way_out(tmp_path: Path) -> None:
    run_batch(tmp_path, replications=2)
    with pytest.raises(ResultsError, match=r"seed was 1, is 2(.|\n)*--out(.|\n)*--fresh"):
        run_batch(tmp_path, replications=2, seed=2)


def test_a_changed_scenario_is_refused_and_the_change_named(tmp_path: Path) -> None:
    run_batch(tmp_path, ["baseline"], replications=2)
    changed = load_all(["baseline"], {"delays.luna-26.months": "12"})
    with pytest.raises(ResultsError, match=r"scenario baseline: delays\.luna-26"):
        Batch(changed, tmp_path, Settings(replications=2, workers=1)).run()


def test_a_changed_question_is_no_change(tmp_path: Path) -> None:
    run_batch(tmp_path, ["baseline"], replications=2)
    reworded = load_all(["baseline"], {"question": "And now?"})
    Batch(reworded, tmp_path, Settings(replications=3, workers=1)).run()
    assert sim.open_results(tmp_path).saved[0].completed.sum() == 3


@pytest.mark.parametrize("what", ["model code", "shipped data", "numpy version"])
def test_results_of_another_version_are_refused(tmp_path: Path, what: str) -> None:
    run_batch(tmp_path, replications=2)
    path = tmp_path / "batch.json"
    batch = json.loads(path.read_text())
    batch["fingerprint"][what] = "something else"
    path.write_text(json.dumps(batch))
    with pytest.raises(ResultsError, match=f"{what} was something"):
        run_batch(tmp_path, replications=4)


def test_the_fingerprint_covers_the_models_own_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from sim.batch import provenance

    before = provenance.code_digest()
    copy, package = tmp_path / "sim", Path(sim.__file__).parent
    for room in ("nature", "evidence", "scenario", "model"):
        for path in [package / "terms.py", *(package / room).rglob("*.py")]:
            target = copy / path.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    monkeypatch.setattr(provenance, "_PACKAGE", copy)
    provenance.code_digest.cache_clear()
    assert provenance.code_digest() == before
    (copy / "model" / "mission.py").write_text("# changed")
    provenance.code_digest.cache_clear()
    assert provenance.code_digest() != before
    provenance.code_digest.cache_clear()


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    with run.locked(tmp_path), pytest.raises(ResultsError, match="another run is writing"):
        run_batch(tmp_path, replications=2)


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ResultsError, match="cannot write"):
        run_batch(tmp_path / "file", replications=2)


def test_a_folder_without_results_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results folder"):
        sim.open_results(tmp_path)


def test_results_of_a_newer_format_are_refused(tmp_path: Path) -> None:
    run_batch(tmp_path, replications=2)
    path = tmp_path / "batch.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(ResultsError, match="format 99"):
        sim.open_results(tmp_path)


def test_gaps_are_what_no_chunk_holds() -> None:
    chunks_there = [ChunkFile(Path(), 2, 5, ""), ChunkFile(Path(), 7, 9, "")]
    assert list(gaps(chunks_there, 12)) == [(0, 2), (5, 7), (9, 12)]
    assert list(gaps(chunks_there, 8)) == [(0, 2), (5, 7)]
    assert list(gaps([], 3)) == [(0, 3)]


def test_tasks_of_all_scenarios_advance_together() -> None:
    tasks = [Task(0, 0, 5), Task(0, 5, 10), Task(1, 0, 5), Task(1, 5, 10)]
    assert [(t.start, t.scenario) for t in run.interleaved(tasks)] == [(0, 0), (0, 1), (5, 0), (5, 1)]


@pytest.mark.parametrize("record", ["dates", "series", "paths", "spans"])
def test_what_is_recorded_is_chosen(record: str, tmp_path: Path) -> None:
    run_batch(tmp_path, ["baseline"], replications=3, record=record)
    with np.load(next(tmp_path.rglob("*.npz"))) as file:
        names = set(file.files)
    assert ("series" in names) == (record != "dates")
    assert ("span_start" in names) == (record == "spans")
    assert ("path_start" in names) == (record in ("paths", "spans"))
    assert sim.open_results(tmp_path).milestones()["replications"].eq(3).all()


def test_dates_are_the_same_whatever_is_recorded(tmp_path: Path) -> None:
    dates = []
    for record in ("dates", "series", "paths", "spans"):
        run_batch(tmp_path / record, ["baseline"], replications=5, record=record)
        dates.append(sim.open_results(tmp_path / record).saved[0].read("milestone_day"))
    for other in dates[1:]:
        np.testing.assert_array_equal(dates[0], other)


def test_a_trace_is_the_same_future_as_in_the_batch(tmp_path: Path) -> None:
    results = sim.run("baseline", n=5, out=tmp_path, workers=1, progress=False)
    launches = results.saved[0].dates("launch_day")[3]
    traced = sim.trace("baseline", 3).missions()["launch"]
    days = (traced - traced.iloc[0].__class__(0)).dt.total_seconds() / 86400
    np.testing.assert_allclose(days, launches, atol=1 / 86400)


def test_saved_spans_tile_each_missions_time(tmp_path: Path) -> None:
    results = sim.run("baseline", n=3, out=tmp_path, workers=1, record="spans", progress=False)
    saved = results.saved[0]
    chunk = saved.chunks[0]
    start, end = chunk.read("span_start"), chunk.read("span_end")
    owner, replication = chunk.read("span_owner"), chunk.read("span_replication")
    same = (owner[1:] == owner[:-1]) & (replication[1:] == replication[:-1])
    np.testing.assert_array_equal(start[1:][same], end[:-1][same])
    assert (start[np.r_[True, ~same]] == 0).all()


def test_paths_add_up_to_the_milestones(tmp_path: Path) -> None:
    results = sim.run("baseline", n=4, out=tmp_path, workers=1, record="spans", progress=False)
    chunk = results.saved[0].chunks[0]
    days = chunk.read("path_end") - chunk.read("path_start")
    reached = chunk.read("milestone_day")
    total = np.zeros_like(reached)
    np.add.at(total, (chunk.read("path_replication"), chunk.read("path_owner")), days)
    np.testing.assert_allclose(total, np.nan_to_num(reached), atol=1e-6)


@pytest.mark.parametrize("way", ["script", "pipe"])
def test_a_script_needs_no_guard(tmp_path: Path, way: str) -> None:
    """Workers do not import the script that starts them, and so do not start workers of their own."""
    code = "import sim\nprint(len(sim.run('baseline', n=40, workers=2, record='dates', progress=False)))\n"
    script = tmp_path / "unguarded.py"
    script.write_text(code)
    command = [sys.executable, str(script)] if way == "script" else [sys.executable, "-"]
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parent.parent)}
    result = subprocess.run(command, input=code, capture_output=True, text=True, timeout=120, env=place)
    assert (result.stdout, result.stderr) == ("1\n", "")


def test_settings_reach_the_scenario(tmp_path: Path) -> None:
    late = sim.run("baseline", n=4, settings={"delays.luna-26.months": 24}, workers=1, progress=False)
    usual = sim.run("baseline", n=4, workers=1, progress=False)
    column = usual.saved[0].ids("missions").index("luna-26")
    assert (
        late.saved[0].dates("launch_day")[:, column] > usual.saved[0].dates("launch_day")[:, column]
    ).all()
