"""How much memory a large batch takes, over the whole process tree."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import psutil

AIM_BYTES = 2**30


def peak_memory(replications: int = 20_000) -> Iterator[str]:
    """Peak of a run of many replications with its report, against one of few."""
    yield "memory: peak over the whole process tree, report included"
    for count in (200, replications):
        peak = _peak(count)
        aim = "" if count == 200 else f" (aim: under {AIM_BYTES / 2**20:.0f} MiB)"
        yield f"  {count:6d} replications {peak / 2**20:6.0f} MiB{aim}"


def _peak(replications: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim", "run", "baseline", "-n", str(replications)]
        process = subprocess.Popen([*command, "--out", folder], stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(0.05)
    return peak


def _resident(pid: int) -> int:
    """Proportional memory of a process and its children: what they share counts once."""
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            memory = process.memory_full_info()
            total += getattr(memory, "pss", memory.rss)
    except psutil.NoSuchProcess:
        pass
    return total
