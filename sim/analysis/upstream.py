"""Which missions a milestone can depend on: named, as predecessors, or by what they bring."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import Condition, Mission, Scenario

_POWER = ("source", "storage")


def upstream(scenario: Scenario, milestone: str) -> set[str]:
    """Collect the missions that a milestone waits for, directly or through others.

    These are the missions that its condition names or whose elements it counts, their predecessors and
    fallbacks, and those on which their gates depend. Missions that only share a pad, a vehicle or a lander
    family with one of them are not among them.
    """
    found: set[str] = set()
    waiting = list(_asked_for(scenario, scenario.milestones[milestone].condition))
    while waiting:
        name = waiting.pop()
        if name in found or name not in scenario.missions:
            continue
        found.add(name)
        waiting += _needed_by(scenario, scenario.missions[name])
    return found


def _needed_by(scenario: Scenario, mission: Mission) -> Iterator[str]:
    for link in mission.after:
        yield from (link.mission,) if link.mission is not None else link.any or ()
    if mission.fallback is not None:
        yield mission.fallback
    if mission.gate is not None:
        yield from _asked_for(scenario, scenario.gates[mission.gate])


def _asked_for(scenario: Scenario, condition: Condition) -> Iterator[str]:
    """The missions of a condition."""
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _asked_for(scenario, part)
    if condition.gate is not None:
        yield from _asked_for(scenario, scenario.gates[condition.gate])
    for name in (condition.mission, condition.landed):
        if name is not None:
            yield name
    if condition.elements is not None:
        yield from _bringing(scenario, (condition.elements.role,))
    if condition.installed_power_kw or condition.continuous_power_kw or condition.firm_power_kw:
        yield from _bringing(scenario, _POWER)
    if condition.crew or condition.crew_visits:
        yield from (name for name, row in scenario.missions.items() if row.crew is not None)


def _bringing(scenario: Scenario, roles: tuple[str, ...]) -> Iterator[str]:
    """The missions that bring elements of some roles."""
    for name, mission in scenario.missions.items():
        if any(count and scenario.elements[kind].role in roles for kind, count in mission.elements.items()):
            yield name
