"""The elements at the station, one by one: how they come up, wear, fail and are lost."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, inf, nan
from typing import Protocol

import simpy

from sim.model.clock import RANK_ELEMENTS, Clock
from sim.nature.calendar import DAYS_PER_YEAR
from sim.scenario.station_rows import ElementRow, UnitRow
from sim.terms import Fate


class Unit:
    """One element at the station.

    Attributes:
        number: its turn among all elements of the campaign.
        came: the day of its commissioning [d].
        ended: the day on which it was lost for good, or wore out [d].
        up: True while it works.
        outages: how often it went down.
        era: counts its ups and downs, so that an alarm of an earlier one is known to be stale.
        starved_since: since when its load is not served in full [d]; nan while it is.
        cold_since: the same of what keeps it alive [d].
        landings: landings at the station before it came, for the dust.
    """

    up = False
    outages = 0
    era = 0
    ended = nan
    starved_since = nan
    cold_since = nan
    fate = Fate.DOWN

    def __init__(self, row: UnitRow, kind: ElementRow, mission: int, came: float) -> None:
        self.number = row.turn
        self.row = row
        self.kind = kind
        self.mission = mission
        self.came = came
        self.landings = 0

    @property
    def gone(self) -> bool:
        """True once it is lost for good."""
        return self.fate in (Fate.WORN_OUT, Fate.FROZEN, Fate.NEVER_WORKED, Fate.BROKEN)

    @property
    def able(self) -> bool:
        """True while it works and has its power."""
        return self.up and self.starved_since != self.starved_since

    def condition(self, day: float, landings: int) -> float:
        """Share of its output that age and dust have left it [-].

        Age counts in whole years, as they are at the last anniversary of the data date.
        """
        kind = self.kind
        share = 1.0
        if kind.decline_per_year:
            anniversary = floor(day / DAYS_PER_YEAR) * DAYS_PER_YEAR
            age = floor((anniversary - self.came) / DAYS_PER_YEAR)
            share *= (1 - kind.decline_per_year) ** max(0, age)
        if kind.dust_loss_per_landing:
            share *= (1 - kind.dust_loss_per_landing) ** (landings - self.landings)
        return share


class Owner(Protocol):
    """Who is told what happens to an element."""

    def unit_up(self, unit: Unit) -> None:
        """It works from now on."""

    def unit_down(self, unit: Unit) -> None:
        """It works no longer."""

    def unit_failed(self, unit: Unit) -> None:
        """It waits for repair."""


class Lives:
    """Lets elements live: start-up, failures, the end of their lives."""

    def __init__(self, clock: Clock, values: list[float], horizon: float, owner: Owner) -> None:
        self._clock = clock
        self._values = values
        self._horizon = horizon
        self._owner = owner

    def begin(self, unit: Unit) -> None:
        """An element has been commissioned; it may be that it never works."""
        values, kind = self._values, unit.kind
        end = unit.came + values[unit.row.life] * DAYS_PER_YEAR
        if end <= self._clock.now:
            unit.fate, unit.ended = Fate.WORN_OUT, end
            return
        if values[unit.row.works] > kind.works_probability:
            unit.fate, unit.ended = Fate.NEVER_WORKED, self._clock.now
            return
        self._at(end, unit, lambda: self.lose(unit, Fate.WORN_OUT), any_era=True)
        self.start(unit, unit.came)

    def start(self, unit: Unit, day: float) -> None:
        """Start an element up, counted from a day."""
        ready = day + self._values[unit.row.start_up]
        if ready <= self._clock.now:
            self._come_up(unit)
        else:
            self._at(ready, unit, lambda: self._come_up(unit))

    def fail(self, unit: Unit) -> None:
        """An element goes down, until it is repaired."""
        if unit.up:
            self._go_down(unit)
            unit.outages += 1
            self._owner.unit_failed(unit)

    def lose(self, unit: Unit, fate: Fate) -> None:
        """An element is gone for good."""
        if not unit.gone:
            if unit.up:
                self._go_down(unit)
            unit.era += 1
            unit.fate, unit.ended = fate, self._clock.now

    def _come_up(self, unit: Unit) -> None:
        unit.up, unit.fate = True, Fate.WORKING
        unit.era += 1
        if unit.outages < len(unit.row.failures):
            years = self._values[unit.row.failures[unit.outages]]
            self._at(self._clock.now + years * DAYS_PER_YEAR, unit, lambda: self.fail(unit))
        self._owner.unit_up(unit)

    def _go_down(self, unit: Unit) -> None:
        unit.up, unit.fate = False, Fate.DOWN
        unit.era += 1
        self._owner.unit_down(unit)

    def _at(self, day: float, unit: Unit, what: Callable[[], None], any_era: bool = False) -> None:
        """Do something on a day, unless the element has gone up or down meanwhile."""
        if day >= self._horizon or day == inf:
            return
        era = unit.era

        def due(_: simpy.Event) -> None:
            if any_era or unit.era == era:
                what()

        self._clock.at(day, RANK_ELEMENTS).callbacks.append(due)
