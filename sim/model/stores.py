"""The stores of the station: levels that move linearly, and the instants at which one runs low."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nextafter
from typing import NamedTuple

import simpy

from sim.model.board import Board
from sim.model.clock import RANK_STORES, Clock
from sim.scenario.campaign import NONE
from sim.scenario.station_rows import CommodityRow


class Level(NamedTuple):
    """From a day on [d] a level [unit] moves at a rate [unit/d]."""

    day: float
    level: float
    rate: float


class Store:
    """One commodity in store.

    `on_low` is told when a crew has to leave for want of it, `on_enough` when what is made here suffices
    for a repair that takes one of the amounts `repairs`.

    Attributes:
        history: its levels and rates so far, in order.
    """

    def __init__(
        self,
        clock: Clock,
        board: Board,
        row: CommodityRow,
        quantity: int,
        on_low: Callable[[CommodityRow], None],
        repairs: frozenset[float] = frozenset(),
        on_enough: Callable[[], None] = lambda: None,
    ) -> None:
        self.row = row
        self._clock = clock
        self._board = board
        self._quantity = quantity
        self._on_low = on_low
        self._repairs = repairs
        self._on_enough = on_enough
        self._production = 0.0
        self._crew = 0
        self._watch = 0
        self._thresholds: frozenset[float] = board.thresholds(quantity) | {
            -t for t in board.thresholds(quantity + 1)
        }
        self.history = [Level(clock.now, row.initial, 0.0)]
        self._show(row.initial, NONE)

    @property
    def level(self) -> float:
        """What is in store now [unit]."""
        day, level, rate = self.history[-1]
        return max(0.0, level + rate * (self._clock.now - day))

    def add(self, amount: float, by: int) -> None:
        """A mission brings some, or a repair takes some (a negative amount) [unit]."""
        self._go_on(self.level + amount, by)

    def set_crew(self, size: int, by: int) -> None:
        """So many people use it from now on."""
        level = self.level
        self._crew = size
        self._go_on(level, by)

    def set_production(self, per_day: float) -> None:
        """So much is made from now on [unit/d]."""
        if per_day != self._production:
            level = self.level
            self._production = per_day
            self._go_on(level, NONE)

    def _go_on(self, level: float, by: int) -> None:
        """From now on the level moves at the rate of what is made and used."""
        rate = self._production - self._crew * self.row.per_crew_day
        if level <= 0 and rate < 0:
            level, rate = 0.0, 0.0
        self.history.append(Level(self._clock.now, level, rate))
        self._watch += 1
        if self._thresholds or self._crew or self._repairs:
            self._show(level, by)
            self._warn(level, rate)
            self._watch_next(level, rate, by)

    def _show(self, level: float, by: int) -> None:
        self._board.set(self._quantity, level, by)
        self._board.set(self._quantity + 1, -level, by)

    def _reserve(self) -> float:
        """The level at which a crew has to leave [unit]; negative if there is none."""
        return self.row.return_reserve_days * self.row.per_crew_day * self._crew if self.row.vital else -1.0

    def _warn(self, level: float, rate: float) -> None:
        used = self._crew * self.row.per_crew_day > self._production
        if self.row.vital and used and level <= self._reserve() and rate <= 0:
            self._on_low(self.row)

    def _watch_next(self, level: float, rate: float, by: int) -> None:
        """Wake when the level reaches the next threshold on its way."""
        if not rate:
            return
        marks = {*self._thresholds, *self._repairs, 0.0, self._reserve()}
        ahead = [mark for mark in marks if (mark > level if rate > 0 else 0 <= mark < level)]
        if not ahead:
            return
        watch = self._watch
        mark = min(ahead) if rate > 0 else max(ahead)

        def reached(_: simpy.Event) -> None:
            if watch == self._watch:
                self._pass(mark, rate, by)

        day = self._clock.now + (mark - level) / rate
        self._clock.at(day, RANK_STORES).callbacks.append(reached)

    def _pass(self, mark: float, rate: float, by: int) -> None:
        """A threshold is passed: just below it on the way down, just above it on the way up."""
        self._go_on(mark, by)
        beyond = max(0.0, nextafter(mark, inf if rate > 0 else -inf))
        self._board.set(self._quantity + (1 if rate > 0 else 0), -beyond if rate > 0 else beyond, by)
        if rate > 0 and mark in self._repairs:
            self._on_enough()
