"""The board that everybody reads: levels, conditions on them, and who waits for what.

A condition network is kept up to date change by change: a level that passes a threshold flips its node,
which tells its parents. A node that holds remembers which mission made it hold, and since when, so that
waits and milestones can be explained.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.model.clock import RANK_BOARD, Clock
from sim.scenario.campaign import NONE, Campaign
from sim.terms import NodeKind


class Board:
    """Levels of the campaign and the conditions on them.

    Attributes:
        holds: whether each node holds.
        by: which mission made each node hold.
        since: when that mission did it [d].
        reached: milestone -> (day, mission, since), once reached.
        phases: track -> list of (day, phase), in order.
        first_held: node -> the day on which it first held [d].
        flips: of the nodes of the station's functions, the days on which each began or ceased to hold.
    """

    def __init__(self, clock: Clock, campaign: Campaign) -> None:
        self.clock = clock
        self.nodes = campaign.nodes
        self.levels = [0.0] * campaign.quantities.count
        self.holds = [False] * len(self.nodes)
        self.by = [NONE] * len(self.nodes)
        self.since = [0.0] * len(self.nodes)
        self.reached: dict[int, tuple[float, int, float]] = {}
        self.phases: list[list[tuple[float, int]]] = [[(0.0, 0)] for _ in campaign.tracks]
        self.first_held: dict[int, float] = {}
        self.flips: dict[int, list[tuple[float, bool]]] = {
            function.node: [] for function in campaign.station.functions
        }
        self._tracks = campaign.tracks
        self._satisfied = [0] * len(self.nodes)
        self._base_since = [0.0] * len(self.nodes)
        self._waiting: dict[int, list[tuple[int, simpy.Event]]] = {}
        self._watchers = campaign.watchers
        for number, node in enumerate(self.nodes):
            if node.kind is NodeKind.DATE:
                clock.process(self._await_date(number, node.threshold))

    def set(self, quantity: int, level: float, by: int) -> None:
        """Change a level; `by` is the mission that did it."""
        self.levels[quantity] = level
        for number in self._watchers[quantity]:
            met = level >= self.nodes[number].threshold
            if met != self.holds[number]:
                self._flip(number, met, by, self.clock.now)

    def add(self, quantity: int, change: float, by: int) -> None:
        """Raise or lower a level."""
        self.set(quantity, self.levels[quantity] + change, by)

    def thresholds(self, quantity: int) -> frozenset[float]:
        """Levels of a quantity that conditions ask for."""
        return frozenset(self.nodes[number].threshold for number in self._watchers[quantity])

    def wait_for(self, node: int, rank: int) -> simpy.Event:
        """Give an event that is triggered, in the turn of a rank, when a node comes to hold."""
        event = simpy.Event(self.clock)
        self._waiting.setdefault(node, []).append((rank, event))
        return event

    def lacking(self, node: int) -> list[int]:
        """Find the single conditions for want of which a node does not hold."""
        if self.holds[node]:
            return []
        children = self.nodes[node].children
        below = [number for child in children for number in self.lacking(child)]
        return below or [node]

    def dismiss(self) -> None:
        """Let go of everybody who still waits."""
        self._waiting.clear()

    # Processes

    def _await_date(self, number: int, day: float) -> Generator[simpy.Event, None, None]:
        yield self.clock.at(day, RANK_BOARD)
        self._flip(number, True, NONE, max(day, 0.0))

    def _hold(self, number: int, days: float, by: int) -> Generator[simpy.Event, None, None]:
        """Wait until a node has held for so many days; forget it if it stopped holding meanwhile."""
        started = self._base_since[number]
        yield self.clock.at(self.clock.now + days, RANK_BOARD)
        child = self.nodes[number].children[0]
        held = self.holds[child] and self._base_since[number] == started
        if held and not self.holds[number]:
            self._flip(number, True, by, self.since[child])

    # What a change sets off

    def _flip(self, number: int, holds: bool, by: int, since: float) -> None:
        node = self.nodes[number]
        self.holds[number] = holds
        if holds:
            self.by[number] = by
            self.since[number] = since
            self.first_held.setdefault(number, self.clock.now)
        if number in self.flips:
            self.flips[number].append((self.clock.now, holds))
        for parent in node.parents:
            self._tell(parent, holds, by, since)
        for track in node.tracks:
            self._update_phase(track)
        if holds:
            self._announce(number)

    def _tell(self, number: int, holds: bool, by: int, since: float) -> None:
        """Tell a node that one of its children flipped."""
        node = self.nodes[number]
        if node.kind is NodeKind.COUNT:
            self._satisfied[number] += 1 if holds else -1
            met = self._satisfied[number] >= node.threshold
            if met != self.holds[number]:
                self._flip(number, met, by, since)
        elif holds:
            self._base_since[number] = self.clock.now
            self.clock.process(self._hold(number, node.threshold, by))
        elif self.holds[number]:
            self._flip(number, False, by, since)

    def _announce(self, number: int) -> None:
        for milestone in self.nodes[number].milestones:
            reached = (self.clock.now, self.by[number], self.since[number])
            self.reached.setdefault(milestone, reached)
        for rank, event in self._waiting.pop(number, ()):
            self.clock.ring(event, rank)

    def _update_phase(self, number: int) -> None:
        track = self._tracks[number]
        current = 0
        for phase, node in enumerate(track.nodes):
            if node == NONE or self.holds[node]:
                current = phase
        history = self.phases[number]
        if history[-1][1] != current:
            if history[-1][0] == self.clock.now:
                history.pop()
            if not history or history[-1][1] != current:
                history.append((self.clock.now, current))
