"""A smoke run: a few replications, to find what can never happen before a long run is begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from sim.batch.chunks import Task, compute_chunk
from sim.model.replicate import Outcome, replicate
from sim.model.variates import Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved, resolve
from sim.scenario.merge import plainly
from sim.scenario.parents import laid_over, read_layers
from sim.scenario.problems import ScenarioError
from sim.scenario.providers import providers
from sim.scenario.schema import Condition, Scenario
from sim.scenario.schema.scenario import Idealisation
from sim.scenario.tree import Tree
from sim.terms import Status

SMOKE_REPLICATIONS = 10
MOST_VARIANTS = 8
_RECORD = Record(series=False)
_DOCUMENTATION = ("title", "question", "basis", "source", "note", "sources")


def smoke(resolved: Resolved) -> list[str]:
    """Run a scenario a few times, and once as if all went well.

    Returns:
        What fails or can never happen, in words.
    """
    campaign = compile_campaign(resolved.scenario, resolved.name)
    hand = Variates(campaign, Luck(1, 0, SMOKE_REPLICATIONS))
    tried = []
    for number in range(SMOKE_REPLICATIONS):
        try:
            tried.append(replicate(campaign, hand.hand(number), _RECORD))
        except Exception as error:
            return [f"replication {number} fails: {type(error).__name__}: {error}"]
    hopes = _Hopes(resolved.scenario, campaign, [_best_case(resolved), *tried])
    return [*hopes.missions(), *hopes.gates(), *hopes.milestones()]


def _best_case(resolved: Resolved) -> Outcome:
    """One replication in which everything goes well; only gates, links and resources are left."""
    kept = [name for name in get_args(Idealisation) if name != "gates"]
    scenario = resolved.scenario.model_copy(update={"idealise": tuple(kept)})
    campaign = compile_campaign(scenario, resolved.name)
    return replicate(campaign, Variates(campaign, Luck(1, 0, 1)).hand(0), _RECORD)


@dataclass(frozen=True)
class _Hopes:
    """What happened in at least one of some replications, and so what can; in the first all goes well."""

    scenario: Scenario
    campaign: Campaign
    outcomes: list[Outcome]

    def gates(self) -> Iterator[str]:
        """Gates with a condition that never holds."""
        held = np.isfinite(np.array([outcome.gate_part_day for outcome in self.outcomes])).any(axis=0)
        for number, part in enumerate(self.campaign.gate_parts):
            if not held[number] and part.gate in self._asked_for():
                yield f"the gate `{part.gate}` never opens: {self._why(part.gate, number)}"

    def missions(self) -> Iterator[str]:
        """Missions that never fly, and who waits for whom."""
        idle = self._idle()
        waits = self._waits(idle)
        told: set[str] = set()
        for name in idle:
            circle = _circle(name, waits)
            if circle and not told & set(circle):
                told |= set(circle)
                yield f"a deadlock: {' waits for '.join(f'`{step}`' for step in [*circle, circle[0]])}"
        reasons: dict[str, list[str]] = {}
        for name in (name for name in idle if name not in told):
            reasons.setdefault(self._reason(name, _first_of(name, waits)), []).append(name)
        for reason, names in reasons.items():
            one = len(names) == 1
            yield f"{_some(names)} never {f'flies{reason}' if one else f'fly{_plural(reason)}'}"

    def milestones(self) -> Iterator[str]:
        """Milestones that nothing reaches."""
        reached = np.isfinite(np.array([outcome.milestone_day for outcome in self.outcomes])).any(axis=0)
        for row, hit in zip(self.campaign.milestones, reached, strict=True):
            if not hit:
                yield f"the milestone `{row.id}` is never reached, not even if all goes well"

    def _idle(self) -> list[str]:
        """Missions that never lift off, and still wait at the horizon if all goes well."""
        flown = np.isfinite(np.array([outcome.launch_day for outcome in self.outcomes])).any(axis=0)
        rows = zip(self.campaign.missions, flown, self.outcomes[0].status, strict=True)
        return [row.id for row, flies, status in rows if not flies and status == Status.WAITING]

    def _asked_for(self) -> set[str]:
        """Gates that a mission, or another gate, waits for."""
        used = {mission.gate for mission in self.scenario.missions.values() if mission.gate}
        for gate in self.scenario.gates.values():
            used |= {part.gate for part in _parts(gate) if part.gate}
        return used

    def _waits(self, idle: list[str]) -> dict[str, list[str]]:
        """Which idle missions each idle one waits for: predecessors, and those that would open its gate."""
        missions = {name: self.scenario.missions[name] for name in idle}
        before = {
            name: {other for link in row.after for other in (link.mission, *(link.any or ())) if other}
            for name, row in missions.items()
        }
        openers = {name: self._openers(row.gate) if row.gate else set() for name, row in missions.items()}
        free = {name for name in idle if not (before[name] & set(idle)) | openers[name]}
        # Any opener would do, so that one which waits for nobody is what it is really about.
        return {
            name: sorted(before[name] & set(idle) | (openers[name] & free or openers[name]))
            for name in idle
        }

    def _openers(self, gate: str) -> set[str]:
        """Missions that a gate waits for: of its conditions that never hold, if none of them flies."""
        found: set[str] = set()
        idle = set(self._idle())
        for part, holds in self._conditions(gate):
            if part.gate is not None:
                found |= self._openers(part.gate)
            elif not holds and (able := providers(part, self.scenario)) <= idle:
                found |= able
        return found

    def _conditions(self, gate: str) -> Iterator[tuple[Condition, bool]]:
        """The conditions of a gate, and whether each of them holds at any time."""
        held = np.isfinite(np.array([outcome.gate_part_day for outcome in self.outcomes])).any(axis=0)
        condition = self.scenario.gates[gate]
        names = [part.gate for part in self.campaign.gate_parts]
        for number, part in enumerate(condition.all or (condition,)):
            yield part, bool(held[names.index(gate) + number])

    def _why(self, gate: str, number: int) -> str:
        first = [part.gate for part in self.campaign.gate_parts].index(gate)
        condition = self.scenario.gates[gate]
        part = (condition.all or (condition,))[number - first]
        able = providers(part, self.scenario)
        never = f"`{_said(part)}` never holds"
        if part.date is not None:
            return f"{never}; the horizon is {self.scenario.horizon}"
        if not able:
            return f"{never}; no mission brings what it asks for"
        idle = sorted(able & set(self._idle()))
        if idle:
            return (
                f"{never}; of what adds to it, {_some(idle)} never {'flies' if len(idle) == 1 else 'fly'}"
            )
        return f"{never}, though all that add to it fly ({_some(sorted(able))})"

    def _reason(self, name: str, waits: list[str]) -> str:
        mission = self.scenario.missions[name]
        row = next(row for row in self.campaign.missions if row.id == name)
        if row.planned_day >= self.campaign.horizon_days:
            return f": it is planned after the horizon ({self.scenario.horizon})"
        parts = [f"it waits for {_some(sorted(waits))}"] if waits else []
        if mission.gate is not None:
            parts.append(f"its gate is `{mission.gate}`")
        return f": {', '.join(parts)}" if parts else ", not even if all goes well"


_PLURAL = {"it waits for": "they wait for", "its gate": "their gate", "it is planned": "they are planned"}


def _plural(reason: str) -> str:
    for one, many in _PLURAL.items():
        reason = reason.replace(one, many)
    return reason


def _said(condition: Condition) -> str:
    data = condition.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return ", ".join(f"{key}: {plainly(value)}" for key, value in data.items() if key not in _DOCUMENTATION)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _parts(part)


def _circle(start: str, waits: dict[str, list[str]]) -> list[str]:
    """Find a way back to a mission along what it waits for."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for other in waits.get(way[-1], []):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _first_of(name: str, waits: dict[str, list[str]]) -> list[str]:
    """Go back along what a mission waits for, to those that wait for no other."""
    seen, way = {name}, list(waits[name])
    first = []
    while way:
        other = way.pop()
        if other not in seen:
            seen.add(other)
            way += waits[other]
            first += [] if waits[other] else [other]
    return first or waits[name]


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def idle_settings(path: Path) -> list[str]:
    """Name the settings of a file that change nothing against its parents, in a few replications.

    At most some tables' entries are tried; what cannot be left out alone is not.
    """
    own, *parents = [layer.tree for layer in read_layers(path)]
    if not parents or own.child("sweep") is not None:
        return []
    below = laid_over(reversed(parents))
    whole = _digest("whole", laid_over([below, own]))
    remarks = []
    for way in list(_entries(own))[:MOST_VARIANTS]:
        without = _digest("without", laid_over([below, _without(own, way)]))
        if without is not None and without == whole:
            place = _at(own, way).key_origin
            remarks.append(
                f"`{'.'.join(way)}` ({place.file}:{place.line}) changed nothing in "
                f"{SMOKE_REPLICATIONS} replications"
            )
    return remarks


def _entries(tree: Tree) -> Iterator[tuple[str, ...]]:
    """Entries of tables, and single values at the top."""
    for key, child in tree.mapping().items():
        if key in _DOCUMENTATION:
            continue
        if isinstance(child.value, dict):
            yield from ((key, name) for name in child.value if name not in _DOCUMENTATION)
        else:
            yield (key,)


def _without(tree: Tree, way: tuple[str, ...]) -> Tree:
    key, *rest = way
    entries = dict(tree.mapping())
    if rest:
        entries[key] = _without(entries[key], tuple(rest))
    else:
        del entries[key]
    return tree.with_value(entries)


def _at(tree: Tree, way: tuple[str, ...]) -> Tree:
    for key in way:
        tree = tree.mapping()[key]
    return tree


def _digest(name: str, tree: Tree) -> str | None:
    """SHA-256 of a few replications; none if the scenario is wrong."""
    try:
        (item,) = resolve(name, tree)
    except (ScenarioError, ValueError):
        return None
    campaign = compile_campaign(item.scenario, name)
    return compute_chunk(
        campaign, Luck(1, 0, SMOKE_REPLICATIONS), Task(0, 0, SMOKE_REPLICATIONS), Record(series=True)
    ).digest
