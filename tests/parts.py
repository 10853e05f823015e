"""Simple parts that missions bring, for tests that ask when a condition holds."""

from __future__ import annotations

from typing import Any

from tests.campaigns import future_of, mission

YEAR = 365.25
PART = {"name": "Part", "life_years": 100}
ELEMENTS = {
    "relay": {**PART, "role": "relay"},
    "habitat": {**PART, "role": "habitat"},
    "short": {"name": "Short", "role": "relay", "life_years": 200 / YEAR},
    "source": {**PART, "role": "source", "generation": "fission", "capacity_kw": 10.0},
}


def bring(planned: int, *elements: str, **more: Any) -> dict[str, Any]:
    """A mission that brings elements to the station, ten days after its launch."""
    return mission(planned, destination="station", elements=dict.fromkeys(elements, 1), **more)


def brings_relay(planned: int, **more: Any) -> dict[str, Any]:
    """A mission that leaves a relay in orbit, ten days after its launch."""
    return mission(planned, elements={"relay": 1}, **more)


def crewed(planned: int, stay: float, size: int = 1, **more: Any) -> dict[str, Any]:
    crew = {"size": size, "stay_days": stay, "return_days": 5}
    return mission(planned, destination="station", family="lander", crew=crew, **more)


def reached(condition: dict[str, Any], missions: dict[str, Any], **tables: Any) -> float:
    """The day on which a condition first holds."""
    milestones = {"it": {"title": "It", "when": condition}}
    return future_of(missions, elements=ELEMENTS, milestones=milestones, **tables).milestone("it")


def role(name: str, count: int = 1) -> dict[str, Any]:
    return {"elements": {"role": name, "count": count}}
