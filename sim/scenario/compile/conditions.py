"""Conditions as a network of nodes, equal ones shared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.nature.calendar import day_of
from sim.scenario.campaign import NONE, GatePartRow, MilestoneRow, NodeRow, QuantityMap, TrackRow
from sim.scenario.schema import Condition, Mission, Scenario
from sim.terms import ROLES, BoardLevel, NodeKind

NEVER = float("inf")

_LEVELS = {
    "installed_power_kw": BoardLevel.INSTALLED_KW,
    "continuous_power_kw": BoardLevel.CONTINUOUS_KW,
    "firm_power_kw": BoardLevel.FIRM_KW,
    "landed_mass_kg": BoardLevel.LANDED_MASS_KG,
    "crew": BoardLevel.CREW,
    "crew_visits": BoardLevel.CREW_VISITS,
    "free_berths": BoardLevel.FREE_BERTHS,
}

_Key = tuple[NodeKind, int, float, tuple[int, ...]]


class NodeList:
    """Builds the condition network."""

    def __init__(self, scenario: Scenario, missions: dict[str, int], families: dict[str, int]) -> None:
        self._scenario = scenario
        self._missions = missions
        self._families = families
        self._nodes: dict[_Key, int] = {}
        self._names: dict[int, str] = {}
        first = BoardLevel.FIRST_ROLE + len(ROLES)
        accomplished = first + len(families)
        landed = accomplished + len(missions)
        stocks = landed + len(missions)
        count = stocks + 2 * len(scenario.commodities)
        self.quantities = QuantityMap(first, accomplished, landed, stocks, count)
        self._commodities = list(scenario.commodities)

    def node(self, condition: Condition) -> int:
        """Give the node of a condition, made with all below it if it is new."""
        inner = self._bare(condition)
        if condition.for_days is None:
            return inner
        return self._add(NodeKind.HOLD, NONE, condition.for_days, (inner,))

    def gate(self, name: str | None) -> int:
        """Give the node of a named gate; `NONE` if there is none, or gates are idealised."""
        if name is None or "gates" in self._scenario.idealise:
            return NONE
        node = self.node(self._scenario.gates[name])
        self._names.setdefault(node, name)
        return node

    def commitment(self, mission: Mission) -> int:
        """Give the node that must hold when a mission commits: its gate, room and stores for its crew."""
        gate = self.gate(mission.gate)
        if mission.crew is None or "gates" in self._scenario.idealise:
            return gate
        needs = [gate] if gate != NONE else []
        if mission.crew.needs_berths:
            needs.append(self._level(BoardLevel.FREE_BERTHS, mission.crew.size))
        if mission.crew.contingency_days:
            stay = float(mission.crew.stay_days.quantile(np.array([0.5]))[0])
            days = stay + mission.crew.contingency_days
            needs += self._stores_for(mission.crew.size * days)
        if len(needs) < 2:
            return needs[0] if needs else NONE
        node = self._add(NodeKind.COUNT, NONE, len(needs), tuple(needs))
        self._names.setdefault(node, f"{mission.gate or 'crew'}, berths and stores")
        return node

    def gate_parts(self) -> tuple[GatePartRow, ...]:
        """List the conditions of each gate, one row each."""
        parts = []
        for name, gate in self._scenario.gates.items():
            for part in gate.all or (gate,):
                parts.append((name, self.node(part)))
        texts = self.names()
        return tuple(GatePartRow(name, texts[node], node) for name, node in parts)

    def _stores_for(self, person_days: float) -> list[int]:
        """Give the nodes of the vital commodities, enough for so many person-days."""
        return [
            self._level(self._stock(name), person_days * row.per_crew_day * (1 - row.recovery))
            for name, row in self._scenario.commodities.items()
            if row.vital
        ]

    def _stock(self, commodity: str) -> int:
        return self.quantities.stocks + 2 * self._commodities.index(commodity)

    def finish(
        self, milestones: tuple[MilestoneRow, ...], tracks: tuple[TrackRow, ...]
    ) -> tuple[NodeRow, ...]:
        """Give the finished network, wired to what hangs on it."""
        parents: dict[int, list[int]] = {number: [] for number in self._nodes.values()}
        for key, number in self._nodes.items():
            for child in key[3]:
                parents[child].append(number)
        return tuple(
            NodeRow(
                kind=kind,
                quantity=quantity,
                threshold=threshold,
                children=children,
                parents=tuple(parents[number]),
                milestones=tuple(n for n, row in enumerate(milestones) if row.node == number),
                tracks=tuple(n for n, row in enumerate(tracks) if number in row.nodes),
            )
            for (kind, quantity, threshold, children), number in self._nodes.items()
        )

    def names(self) -> tuple[str, ...]:
        """Say what each node stands for: the gate, or the quantity and its threshold."""
        return tuple(self._names.get(number) or self._text(*key) for key, number in self._nodes.items())

    def _text(self, kind: NodeKind, quantity: int, threshold: float, children: tuple[int, ...]) -> str:
        if kind is NodeKind.COUNT:
            return f"{threshold:g} of {len(children)} conditions"
        if kind is NodeKind.HOLD:
            child = next(key for key, number in self._nodes.items() if number == children[0])
            return f"{self._text(*child)} for {threshold:g} days"
        if kind is NodeKind.DATE:
            return f"day {threshold:g}"
        if quantity >= self.quantities.stocks and (quantity - self.quantities.stocks) % 2:
            return f"{self._label(quantity)} of at most {-threshold:g}"
        return f"{self._label(quantity)} of at least {threshold:g}"

    def _label(self, quantity: int) -> str:
        for name, level in _LEVELS.items():
            if level == quantity:
                return name.replace("_power_kw", " power [kW]").replace("_", " ")
        for first, names, text in (
            (self.quantities.stocks, _in_twos(self._commodities), "{}"),
            (self.quantities.landed, list(self._missions), "landing of {}"),
            (self.quantities.accomplished, list(self._missions), "mission {}"),
            (self.quantities.families, list(self._families), "landings in a row of {}"),
            (BoardLevel.FIRST_ROLE, ROLES, "number of {} elements"),
        ):
            if quantity >= first:
                return text.format(names[quantity - first])
        return ""

    def watchers(self) -> tuple[tuple[int, ...], ...]:
        """Give the level nodes that look at each quantity."""
        watching: list[list[int]] = [[] for _ in range(self.quantities.count)]
        for (kind, quantity, _, _), number in self._nodes.items():
            if kind is NodeKind.LEVEL:
                watching[quantity].append(number)
        return tuple(tuple(numbers) for numbers in watching)

    def _bare(self, condition: Condition) -> int:
        for name, quantity in _LEVELS.items():
            threshold = getattr(condition, name)
            if threshold is not None:
                return self._level(quantity, threshold)
        if condition.all is not None:
            return self._count(condition.all, len(condition.all))
        if condition.any is not None:
            return self._count(condition.any, condition.count or 1)
        if condition.gate is not None:
            return self.node(self._scenario.gates[condition.gate])
        return self._about_rows(condition)

    def _about_rows(self, condition: Condition) -> int:
        if condition.mission is not None:
            return self._of_mission(self.quantities.accomplished, condition.mission)
        if condition.landed is not None:
            return self._of_mission(self.quantities.landed, condition.landed)
        if condition.elements is not None:
            role = BoardLevel.FIRST_ROLE + ROLES.index(condition.elements.role)
            return self._level(role, condition.elements.count)
        if condition.landings_in_a_row is not None:
            family = self._families[condition.landings_in_a_row.family]
            return self._level(self.quantities.families + family, condition.landings_in_a_row.count)
        if condition.stock is not None:
            stock, quantity = condition.stock, self._stock(condition.stock.commodity)
            if stock.at_least is not None:
                return self._level(quantity, stock.at_least)
            assert stock.at_most is not None
            return self._level(quantity + 1, -stock.at_most)
        assert condition.date is not None
        day = day_of(condition.date, self._scenario.data_date)
        return self._add(NodeKind.DATE, NONE, day, ())

    def _of_mission(self, first: int, mission: str) -> int:
        """A mission that is not known at the data date is never accomplished."""
        if mission not in self._missions:
            return self._level(BoardLevel.CREW, NEVER)
        return self._level(first + self._missions[mission], 1)

    def _count(self, parts: tuple[Condition, ...], need: int) -> int:
        return self._add(NodeKind.COUNT, NONE, need, tuple(self.node(part) for part in parts))

    def _level(self, quantity: int, threshold: float) -> int:
        return self._add(NodeKind.LEVEL, quantity, threshold, ())

    def _add(self, kind: NodeKind, quantity: int, threshold: float, children: tuple[int, ...]) -> int:
        key = (kind, int(quantity), float(threshold), children)
        return self._nodes.setdefault(key, len(self._nodes))


def _in_twos(names: Iterable[str]) -> list[str]:
    """Labels of a store and of the lack of it."""
    return [f"{name} in store" for name in names for _ in range(2)]
