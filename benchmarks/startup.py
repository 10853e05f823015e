"""What the command line costs before it does anything."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

AIM_SECONDS = 0.5


def startup(rounds: int = 7) -> Iterator[str]:
    """CPU time of light verbs, beside an interpreter that does nothing."""
    nothing = _cpu_seconds(["-c", "pass"], rounds)
    yield f"startup: CPU seconds, best of {rounds}; the bare interpreter takes {nothing:.2f}"
    for verb in (["--help"], ["check", "baseline", "--no-smoke"], ["list"]):
        needed = _cpu_seconds(["-m", "sim", *verb], rounds)
        aim = "" if verb == ["list"] else f" (aim: under {AIM_SECONDS})"
        yield f"  ilrs {' '.join(verb):26s} {needed:.2f}{aim}"


def _cpu_seconds(arguments: list[str], rounds: int) -> float:
    return min(_once(arguments) for _ in range(rounds))


def _once(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
