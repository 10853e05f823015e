"""Who can make a condition hold: the missions that bring what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import Condition, Mission, Scenario

_POWER = ("installed_power_kw", "continuous_power_kw", "firm_power_kw")


def providers(condition: Condition, scenario: Scenario) -> set[str]:
    """Name the missions that add to what a condition asks for."""
    return set(_providers(condition, scenario))


def _providers(condition: Condition, scenario: Scenario) -> Iterator[str]:
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _providers(part, scenario)
    if condition.gate is not None:
        yield from _providers(scenario.gates[condition.gate], scenario)
    for named in (condition.mission, condition.landed):
        if named is not None:
            yield from _with_fallbacks(named, scenario)
    yield from (name for name, row in scenario.missions.items() if _adds(row, condition, scenario))


def _with_fallbacks(name: str, scenario: Scenario) -> Iterator[str]:
    link: str | None = name
    while link is not None:
        yield link
        link = scenario.missions[link].fallback


def _adds(mission: Mission, condition: Condition, scenario: Scenario) -> bool:
    """Tell whether a mission brings something that a single condition counts."""
    at_station = scenario.destinations[mission.destination].is_station
    kinds = [scenario.elements[name] for name, count in mission.elements.items() if count]
    if condition.elements is not None:
        return any(kind.role == condition.elements.role for kind in kinds)
    if any(getattr(condition, key) is not None for key in _POWER):
        return at_station and any(kind.role in ("source", "storage") for kind in kinds)
    if condition.landings_in_a_row is not None:
        return mission.family == condition.landings_in_a_row.family
    if condition.free_berths is not None:
        return at_station and any(kind.berths for kind in kinds)
    if condition.stock is not None and condition.stock.at_most is not None:
        return at_station and mission.crew is not None  # people use it up
    if condition.stock is not None:
        if condition.stock.at_most is not None:
            return False  # a reorder level is reached by use, not by what a mission brings
        wanted = condition.stock.commodity
        made = any(kind.produces and kind.produces.commodity == wanted for kind in kinds)
        return at_station and (made or bool(mission.cargo.get(wanted)))
    if condition.landed_mass_kg is not None:
        return at_station and mission.landed_mass_kg > 0
    people = condition.crew is not None or condition.crew_visits is not None
    return people and at_station and mission.crew is not None
