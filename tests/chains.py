"""A chain of missions for studies of why a date is late: b waits for a, c never comes."""

from __future__ import annotations

from typing import Any

from sim.scenario.load import Resolved
from tests.campaigns import mission, resolved

MILESTONES = {
    "it": {"title": "It", "when": {"mission": "b"}},
    "never": {"title": "N", "when": {"mission": "c"}},
}
LOSABLE = {"prior": {"a": 1.0, "b": 1.0}, "fix_effectiveness": 0.0, "learning": 0.0, "stand_down_days": 40}


def chain(**changes: Any) -> dict[str, Any]:
    """a on day 100, then b after it; c is never accomplished."""
    return {
        "a": mission(100, name="A"),
        "b": mission(50, name="B", after=["a"], commissioning_days=7),
        "c": mission(20, name="C", cancellation_probability=1.0),
    } | changes


def chained(name: str, missions: dict[str, Any], **tables: Any) -> Resolved:
    """A scenario of such missions with the milestones ``it`` and ``never``."""
    return resolved(missions, name, **{"milestones": MILESTONES, **tables})
