"""Results change only on purpose.

``baseline_exact.json`` holds what came of six replications of the shipped baseline and of two small
campaigns. If a change was not meant to alter results, it has a mistake. If it was::

    python -m tests.update_baseline

writes the file anew; a line in ``CHANGELOG.md`` under "Changes that alter results" says what and why.
"""

from __future__ import annotations

import json
import math

import pytest

from sim.terms import Status
from tests.update_baseline import CAMPAIGNS, FILE, REPLICATIONS, Exact, compute

SHOWN = 25
TOLERANCE = 1e-9  # days: the last bits of a logarithm differ between processors
HOW = """
If this was not meant, the change has a mistake. If it was:
    python -m tests.update_baseline
and add a line to CHANGELOG.md under "Changes that alter results"."""


def differences(kept: Exact, found: Exact) -> list[str]:
    """Say in words what differs."""
    said: list[str] = []
    for name in sorted(kept.keys() | found.keys()):
        before, after = kept.get(name, {}), found.get(name, {})
        said += [f"{name}: {key} is new" for key in after if key not in before]
        said += [f"{name}: {key} is gone" for key in before if key not in after]
        for key in before.keys() & after.keys():
            pairs = zip(before[key], after[key], strict=True)
            said += [
                f"{name}, replication {n}: {key} was {old}, is now {new}"
                for n, (old, new) in enumerate(pairs)
                if not same(old, new)
            ]
    return sorted(said, key=lambda text: "sha256" in text)


def same(old: str, new: str) -> bool:
    """Equal texts, or numbers that differ by rounding only."""
    if old == new:
        return True
    try:
        return math.isclose(float(old), float(new), rel_tol=0, abs_tol=TOLERANCE)
    except ValueError:
        return False


def message(said: list[str]) -> str:
    more = [f"... and {len(said) - SHOWN} more"] if len(said) > SHOWN else []
    return "\n".join(["the results changed:", *said[:SHOWN], *more, HOW])


def test_results_change_only_on_purpose() -> None:
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    said = differences(kept, compute())
    if said:
        pytest.fail(message(said), pytrace=False)


def test_the_file_is_about_something() -> None:
    """The small campaigns go through losses, fallbacks, cancellations, crews and milestones."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(kept) == set(CAMPAIGNS)
    statuses = {text for table in kept.values() for key in table if "status" in key for text in table[key]}
    assert statuses >= {
        Status.SUCCESS.name.lower(),
        Status.LAUNCH_FAILURE.name.lower(),
        Status.LANDING_FAILURE.name.lower(),
        Status.CANCELLED.name.lower(),
    }
    assert kept["contention"]["launch day of rescue"] != ["nan"] * REPLICATIONS
    assert "nan" not in kept["outpost"]["day of powered"][:1]
    assert any(float(days) > 0 for days in kept["outpost"]["crew-days"])


def test_a_change_is_named() -> None:
    kept = {"x": {"launch day of a": ["1.0", "2.0"], "sha256": ["p", "q"], "old": ["1"]}}
    found = {"x": {"launch day of a": ["1.0", "2.5"], "sha256": ["p", "r"], "fresh": ["1"]}}
    assert differences(kept, found) == [
        "x: fresh is new",
        "x: old is gone",
        "x, replication 1: launch day of a was 2.0, is now 2.5",
        "x, replication 1: sha256 was q, is now r",
    ]
    assert differences(kept, kept) == []
    assert same("1000.0000000001", "1000.0")
    assert not same("1000.00001", "1000.0")
    assert not same("nan", "1000.0")
    assert "python -m tests.update_baseline" in message(["something"])
    assert "and 5 more" in message(["something"] * (SHOWN + 5))
