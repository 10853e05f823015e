"""How long it takes from nothing to the first plot: clone, install, run, draw."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import sim
results = sim.demo()
sim.plots.probability_by_date(results, "crewed-landing").savefig("first.png")
"""


def first_plot() -> Iterator[str]:
    """Wall seconds of each step in a fresh clone and a fresh environment; pip may have a cache."""
    with tempfile.TemporaryDirectory(prefix="ilrs-first-") as name:
        folder = Path(name)
        python = folder / "venv" / "bin" / "python"
        clone = folder / "clone"
        steps = {
            "git clone": ["git", "clone", "--quiet", str(ROOT), str(clone)],
            "python -m venv": [sys.executable, "-m", "venv", str(folder / "venv")],
            "pip install": [str(python), "-m", "pip", "install", "--quiet", "-e", str(clone)],
            "five lines to a plot": [str(python), "-c", SCRIPT],
            "the same again": [str(python), "-c", SCRIPT],
        }
        place = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        place["ILRS_CACHE"] = str(folder / "cache")
        place["PIP_CACHE_DIR"] = os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache" / "pip"))
        yield f"first plot: wall seconds; load {os.getloadavg()[0]:.1f} at the start"
        total = 0.0
        for title, command in steps.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, env=place, capture_output=True, check=True)
            took = time.perf_counter() - started
            total += took if title != "the same again" else 0.0
            yield f"  {title:20s} {took:6.1f}"
        yield f"  {'to the first plot':20s} {total:6.1f}"
