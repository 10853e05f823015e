"""One digest for each shipped scenario, over everything that ten replications record.

``shipped_digests.json`` changes only on purpose: ``python -m tests.shipped_digests`` writes it anew, and
a line in ``CHANGELOG.md`` under "Changes that alter results" says what and why.
"""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path

import numpy as np

import sim
from sim.batch.store import Store

REPLICATIONS = 10
FILE = Path(__file__).with_suffix(".json")
_NO_RESULT = ("failures",)


def digests(names: list[str], folder: Path) -> dict[str, str]:
    """Run scenarios with monthly series and critical paths; digest every stored array of each member."""
    sim.run(names, n=REPLICATIONS, record="paths", out=folder, progress=False)
    return {stored.name: _digest(stored.folder) for stored in Store(folder).scenarios()}


def _digest(folder: Path) -> str:
    digest = sha256()
    chunks = sorted(folder.rglob("*.npz"))
    assert chunks, f"no chunks in {folder}"
    for chunk in chunks:
        with np.load(chunk) as arrays:
            for name in sorted(set(arrays.files).difference(_NO_RESULT)):
                digest.update(name.encode() + str(arrays[name].dtype).encode() + arrays[name].tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        computed = digests(sim.shipped_scenarios(), Path(scratch) / "results")
    FILE.write_text(json.dumps(computed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
