"""The power supply in time: it lets the balance flow, and wakes when light or storage change something."""

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
        self, clock: Clock, balance: Balance, sky: SkyRow, on_change: Callable[[Flow], None]
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
        self.flow = balance.flow(self.lit())
        self.stretches = [Stretch(clock.now, self.flow, balance.stored_kwh)]

    def lit(self) -> bool:
        """True while the site is lit."""
        if not self._watched_light:
            self._next_edge = bisect_right(self._edges, self.clock.now)
        return self._next_edge % 2 == 1

    def settle(self) -> None:
        """Bring the stored energy up to now; whoever changes the balance calls this first."""
        now = self.clock.now
        if now > self._since:
            self.balance.advance(self.flow, now - self._since)
            self._since = now

    def refresh(self) -> None:
        """See what flows now; whoever has changed the balance calls this afterwards."""
        flow = self.balance.flow(self.lit())
        if flow is not self.flow:
            self.flow = flow
            self.stretches.append(Stretch(self.clock.now, flow, self.balance.stored_kwh))
            self._on_change(flow)
        self._storage_watch += 1
        if flow.stored:
            self._watch_storage(flow)
        if not self._watched_light and self.balance.depends_on_light():
            self._watch_light()

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
        if self.balance.depends_on_light():
            self._watch_light()
        else:
            self._watched_light = False
        self.settle()
        self.refresh()
