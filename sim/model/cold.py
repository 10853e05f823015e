"""Cold: elements that are short of power, and die if it lasts."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import simpy

from sim.model.clock import RANK_ELEMENTS, Clock
from sim.model.inventory import SURVIVAL
from sim.model.units import Lives, Unit
from sim.terms import Fate


class Cold:
    """Follows which elements have too little power."""

    def __init__(
        self,
        clock: Clock,
        units: dict[int, Unit],
        lives: Lives,
        on_worker: Callable[[], None],
        tell: Callable[[str, int, str], None],
    ) -> None:
        self._clock = clock
        self._units = units
        self._lives = lives
        self._on_worker = on_worker
        self._tell = tell
        self._starved: frozenset[int] = frozenset()

    def update(self, starved: frozenset[int]) -> None:
        """Some elements have too little power from now on, others have enough again."""
        if starved == self._starved:
            return
        changed, self._starved = self._starved ^ starved, starved
        called = False
        for owner in sorted(owner for owner in changed if owner >= 0):
            unit = self._units[owner % SURVIVAL]
            if unit.up:
                called |= unit.kind.services
                self._feel(unit, owner >= SURVIVAL, owner in starved)
        if called:
            self._on_worker()

    def _feel(self, unit: Unit, is_survival: bool, hungry: bool) -> None:
        """An element begins or ceases to be short of its load, or of what keeps it alive."""
        since = self._clock.now if hungry else nan
        if not is_survival:
            unit.starved_since = since
        if is_survival or not unit.kind.survival_kw:
            unit.cold_since = since
            if hungry:
                self._freeze_later(unit)

    def _freeze_later(self, unit: Unit) -> None:
        """Without power an element lives only so long."""
        since, days = unit.cold_since, unit.kind.survives_unpowered_days

        def freeze(_: simpy.Event) -> None:
            if unit.cold_since == since and unit.up:
                self._tell("dies of cold", unit.mission, unit.kind.name)
                self._lives.lose(unit, Fate.FROZEN)

        if days < inf:
            self._clock.at(since + days, RANK_ELEMENTS).callbacks.append(freeze)
