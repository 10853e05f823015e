"""What a replication of the baseline costs in this version and in an earlier one, side by side."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

BEFORE_THE_STATION = "7a90ddf"
AIM = 3.0
_ROOT = Path(__file__).parent.parent
_SCRIPT = """
import time
from sim.model.replicate import replicate
from sim.model.variates import Variates
from sim.nature.luck import Luck
from sim.scenario.compile import compile_campaign
from sim.scenario.load import load_scenario

campaign = compile_campaign(load_scenario("baseline")[0].scenario, "baseline")
variates = Variates(campaign, Luck(1, 0, {count}))
for number in range(10):
    replicate(campaign, variates.hand(number))
start = time.process_time()
for number in range({count}):
    replicate(campaign, variates.hand(number))
print((time.process_time() - start) / {count})
"""


def versions(revision: str = BEFORE_THE_STATION, rounds: int = 5, count: int = 100) -> Iterator[str]:
    """CPU time of a baseline replication here and at another revision, in alternating rounds."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        _git("worktree", "add", "--detach", str(other), revision)
        try:
            pairs = [(_seconds(other, count), _seconds(_ROOT, count)) for _ in range(rounds)]
        finally:
            _git("worktree", "remove", "--force", str(other))
    before, now = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(new / old for old, new in pairs)
    yield f"versions: CPU time of a baseline replication, medians of {rounds} alternating rounds"
    yield f"  at {revision}  {before * 1e3:8.2f} ms"
    yield f"  here        {now * 1e3:8.2f} ms"
    yield f"  ratio       {ratio:8.2f} (aim: at most {AIM:g}, of the station against what was before it)"


def _seconds(folder: Path, count: int) -> float:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    script = _SCRIPT.format(count=count)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, check=True)
