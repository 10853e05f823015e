"""The power supply in time: it lets the balance flow, and wakes when light or storage change something.

While light and darkness differ in nothing but the powers themselves (no storage moves, nobody is short) no
event is spent on them: the powers take turns, and are written down when something else happens.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import chain
from math import inf
from typing import NamedTuple

import simpy

from sim.model.clock import RANK_LIGHT, RANK_STORAGE, Clock
from sim.model.power import Balance, Flow
from sim.scenario.station_rows import SkyRow


class Stretch(NamedTuple):
    """From a day on [d] a flow goes on, with so much energy stored at its start [kWh]."""

    day: float
    flow: Flow
    stored_kwh: float


class Supply:
    """The balance of a station, kept up to date.

    Attributes:
        stretches: all flows so far, in order.
        forfeited_kwh: energy that went with storages that failed or wore out.
    """

    def __init__(
        self,
        clock: Clock,
        balance: Balance,
        sky: SkyRow,
        on_change: Callable[[Flow], None],
        follows_products: bool,
    ) -> None:
        self.clock = clock
        self.balance = balance
        self.forfeited_kwh = 0.0
        self._on_change = on_change
        self._edges = (*chain.from_iterable(zip(sky.dawns, sky.dusks, strict=True)), inf)
        self._next_edge = bisect_right(self._edges, clock.now)
        self._since = clock.now
        self._watched_light = False
        self._storage_watch = 0
        self._follows_products = follows_products
        self._taking_turns: Flow | None = None
        self.flow = balance.flow(self.lit)
        self.stretches = [Stretch(clock.now, self.flow, balance.stored_kwh)]

    @property
    def lit(self) -> bool:
        """True while the site is lit, as of the last settlement."""
        return self._next_edge % 2 == 1

    def settle(self) -> None:
        """Bring light and stored energy up to now; whoever changes the balance calls this first."""
        now = self.clock.now
        if now > self._since:
            self.balance.advance(self.flow, now - self._since)
            self._since = now
        if not self._watched_light:
            self._catch_up(bisect_right(self._edges, now))

    def refresh(self) -> None:
        """See what flows now; whoever has changed the balance calls this afterwards."""
        flow = self.balance.flow(self.lit)
        if flow is not self.flow:
            self.flow = flow
            self.stretches.append(Stretch(self.clock.now, flow, self.balance.stored_kwh))
            self._on_change(flow)
        self._taking_turns = None
        self._storage_watch += 1
        if flow.stored:
            self._watch_storage(flow)
        if not self._watched_light and self.balance.depends_on_light():
            other = self.balance.flow(not self.lit)
            if self._is_quiet(flow, other):
                self._taking_turns = other
            else:
                self._watch_light()

    def _is_quiet(self, flow: Flow, other: Flow) -> bool:
        """True if light and darkness differ in powers only."""
        return (
            flow.stored == other.stored == 0
            and flow.starved == other.starved
            and flow.unserved == other.unserved
            and (flow.made == other.made or not self._follows_products)
        )

    def _catch_up(self, edge: int) -> None:
        """Write down the turns that light and darkness have taken meanwhile."""
        if self._taking_turns is not None:
            for day in self._edges[self._next_edge : edge]:
                self.flow, self._taking_turns = self._taking_turns, self.flow
                self.stretches.append(Stretch(day, self.flow, self.balance.stored_kwh))
        self._next_edge = edge

    def _watch_storage(self, flow: Flow) -> None:
        watch = self._storage_watch

        def full_or_empty(_: simpy.Event) -> None:
            if watch == self._storage_watch:
                self.settle()
                self.balance.fill_or_empty(flow)
                self.refresh()

        day = self.clock.now + self.balance.days_until_change(flow)
        self.clock.at(day, RANK_STORAGE).callbacks.append(full_or_empty)

    def _watch_light(self) -> None:
        edge = self._edges[self._next_edge]
        if edge < inf:
            self._watched_light = True
            self.clock.at(edge, RANK_LIGHT).callbacks.append(self._light_changes)

    def _light_changes(self, _: simpy.Event) -> None:
        self._next_edge += 1
        self._watched_light = False
        self.settle()
        self.refresh()
