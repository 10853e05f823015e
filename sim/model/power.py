"""The power balance: exact, piecewise linear, with no time step.

Between changes (of light, of an element, of a crew, a storage full or empty) all powers are constant and
the stored energy moves linearly, so that the next instant at which something changes is computed.

On the bus, in kW: ``efficiency * generated + discharged = served + charged + curtailed``. Over any time,
in kWh: ``generated = served + stored + lost + curtailed``, where the losses are those of the distribution,
of the storage both ways, and what a storage held when it went.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from sim.scenario.campaign import NONE
from sim.terms import GENERATIONS, LOAD_CLASSES

HOURS = 24.0
_SHORT_KW = 1e-9


class Source(NamedTuple):
    """What a source gives at the moment, in light and in darkness [kW]."""

    generation: int
    lit_kw: float
    dark_kw: float


class Load(NamedTuple):
    """What an element takes, in light and in darkness [kW]; within a class the lower owner goes first."""

    load_class: int
    owner: int
    lit_kw: float
    dark_kw: float
    makes: int = NONE
    kwh_per_unit: float = 1.0


class _Kind(NamedTuple):
    """Loads that differ in their owner only."""

    load_class: int
    lit_kw: float
    dark_kw: float
    makes: int
    kwh_per_unit: float


@dataclass(slots=True)
class Storage:
    """All storages together: capacity [kWh], limits [kW], efficiency of one way [-]."""

    capacity_kwh: float = 0.0
    charge_kw: float = 0.0
    discharge_kw: float = 0.0
    efficiency: float = 1.0


class Flow(NamedTuple):
    """Powers that stay as they are until the next change [kW].

    Attributes:
        generated: by kind of generation, whether used or not.
        served, unserved: by class of loads.
        stored: change of the stored energy.
        lost: in distribution and storage.
        curtailed: generated and not wanted.
        starved: owners of loads that are not served in full.
        made: commodity number to the amount made a day [unit/d].
    """

    generated: tuple[float, ...]
    served: tuple[float, ...]
    unserved: tuple[float, ...]
    stored: float
    lost: float
    curtailed: float
    starved: frozenset[int]
    made: tuple[tuple[int, float], ...]


class Balance:
    """Sources, loads and storage of a station, and the energy that is stored.

    Attributes:
        efficiency: share of the generated power that reaches loads and storage [-].
        storage_serves: the lowest class of loads that the storage serves.
        stored_kwh: energy in the storage.
    """

    def __init__(self, efficiency: float = 1.0, storage_serves: int = len(LOAD_CLASSES) - 1) -> None:
        self.efficiency = efficiency
        self.storage_serves = storage_serves
        self.sources: list[Source] = []
        self.storage = Storage()
        self.stored_kwh = 0.0
        self._loads: list[Load] = []
        self._kinds: Counter[_Kind] = Counter()
        self._flows: dict[tuple[bool, bool, bool], Flow] = {}
        self._depends_on_light: bool | None = False

    def set_sources(self, sources: list[Source]) -> None:
        """Say what generates from now on."""
        self.sources = sources
        self._changed()

    def set_storage(self, storage: Storage) -> float:
        """Say what stores from now on.

        All storages share one state of charge, so that what goes takes its part along, and what comes is
        empty.

        Returns:
            The energy that went [kWh].
        """
        before, held = self.storage.capacity_kwh, self.stored_kwh
        if storage.capacity_kwh < before:
            self.stored_kwh *= storage.capacity_kwh / before
        self.storage = storage
        self._changed()
        return held - self.stored_kwh

    def add(self, load: Load) -> None:
        """A load comes."""
        insort(self._loads, load)
        self._kinds[_kind(load)] += 1
        self._changed()

    def remove(self, load: Load) -> None:
        """A load goes."""
        del self._loads[bisect_left(self._loads, load)]
        kind = _kind(load)
        self._kinds[kind] -= 1
        if not self._kinds[kind]:
            del self._kinds[kind]
        self._changed()

    def flow(self, lit: bool) -> Flow:
        """The powers of the moment."""
        stored = self.stored_kwh
        key = (lit, stored < self.storage.capacity_kwh, stored > 0)
        flow = self._flows.get(key)
        if flow is None:
            flow = self._flows[key] = self._dispatched(*key)
        return flow

    def days_until_change(self, flow: Flow) -> float:
        """How long until the storage is full or empty [d]."""
        if flow.stored > 0:
            return (self.storage.capacity_kwh - self.stored_kwh) / (flow.stored * HOURS)
        if flow.stored < 0:
            return self.stored_kwh / (-flow.stored * HOURS)
        return inf

    def advance(self, flow: Flow, days: float) -> None:
        """Let a flow go on for so many days; at most until the storage is full or empty."""
        if flow.stored:
            stored = self.stored_kwh + flow.stored * HOURS * days
            if days >= self.days_until_change(flow):
                stored = self.storage.capacity_kwh if flow.stored > 0 else 0.0
            self.stored_kwh = stored

    def fill_or_empty(self, flow: Flow) -> None:
        """The instant has come at which a flow has filled or emptied the storage."""
        self.stored_kwh = self.storage.capacity_kwh if flow.stored > 0 else 0.0

    def depends_on_light(self) -> bool:
        """True if the light changes any power."""
        if self._depends_on_light is None:
            self._depends_on_light = any(source.lit_kw != source.dark_kw for source in self.sources) or any(
                kind.lit_kw != kind.dark_kw for kind in self._kinds
            )
        return self._depends_on_light

    def _changed(self) -> None:
        self._flows.clear()
        self._depends_on_light = None

    def _dispatched(self, lit: bool, can_charge: bool, can_discharge: bool) -> Flow:
        """Serve the loads class by class, then charge; what is left over is curtailed."""
        generated = [0.0] * len(GENERATIONS)
        for source in self.sources:
            generated[source.generation] += source.lit_kw if lit else source.dark_kw
        total = sum(generated)
        bus = total * self.efficiency
        demand = self._demand(lit)
        wanted = sum(demand[: self.storage_serves + 1])
        discharged = 0.0
        if can_discharge and wanted > bus:
            discharged = min(wanted - bus, self.storage.discharge_kw)
        supply = self._shared_out(lit, demand, bus + discharged)
        charged = min(supply.left, self.storage.charge_kw) if can_charge else 0.0
        one_way = self.storage.efficiency
        return Flow(
            generated=tuple(generated),
            served=supply.served,
            unserved=supply.unserved,
            stored=charged * one_way - discharged / one_way,
            lost=total - bus + charged * (1 - one_way) + discharged * (1 / one_way - 1),
            curtailed=supply.left - charged,
            starved=supply.starved,
            made=supply.made,
        )

    def _demand(self, lit: bool) -> list[float]:
        """Loads by class [kW]."""
        demand = [0.0] * len(LOAD_CLASSES)
        for kind, count in sorted(self._kinds.items()):
            demand[kind.load_class] += count * (kind.lit_kw if lit else kind.dark_kw)
        return demand

    def _shared_out(self, lit: bool, demand: list[float], available: float) -> _Supply:
        left = available - sum(demand)
        if left >= -_SHORT_KW:
            return _Supply(tuple(demand), _NONE_UNSERVED, frozenset(), self._made(lit), max(left, 0.0))
        return _in_turn(self._loads, lit, available)

    def _made(self, lit: bool) -> tuple[tuple[int, float], ...]:
        """What all loads make when they are served in full [unit/d]."""
        made: dict[int, float] = {}
        for kind, count in sorted(self._kinds.items()):
            if kind.makes != NONE:
                kw = count * (kind.lit_kw if lit else kind.dark_kw)
                made[kind.makes] = made.get(kind.makes, 0.0) + kw * HOURS / kind.kwh_per_unit
        return tuple(sorted(made.items()))


class _Supply(NamedTuple):
    """What the loads get, and the power that is left [kW]."""

    served: tuple[float, ...]
    unserved: tuple[float, ...]
    starved: frozenset[int]
    made: tuple[tuple[int, float], ...]
    left: float


_NONE_UNSERVED = (0.0,) * len(LOAD_CLASSES)


def _kind(load: Load) -> _Kind:
    return _Kind(load.load_class, load.lit_kw, load.dark_kw, load.makes, load.kwh_per_unit)


def _in_turn(loads: Iterable[Load], lit: bool, available: float) -> _Supply:
    """Give too little power to the loads one after the other, the last one in part."""
    served, unserved = [0.0] * len(LOAD_CLASSES), [0.0] * len(LOAD_CLASSES)
    starved: list[int] = []
    made: dict[int, float] = {}
    for load in loads:
        kw = load.lit_kw if lit else load.dark_kw
        given = min(kw, available)
        if kw - given <= _SHORT_KW:
            given = kw
        else:
            unserved[load.load_class] += kw - given
            starved.append(load.owner)
        served[load.load_class] += given
        available = max(0.0, available - given)
        if load.makes != NONE:
            made[load.makes] = made.get(load.makes, 0.0) + given * HOURS / load.kwh_per_unit
    return _Supply(
        tuple(served), tuple(unserved), frozenset(starved), tuple(sorted(made.items())), available
    )


def firm_power_kw(
    sources: Sequence[Source], storage: Storage, efficiency: float, dark_hours: float
) -> tuple[float, float]:
    """Work out the power that can be carried through light and the longest darkness [kW].

    The storage gives its energy evenly over the darkness, at most its discharge power. Where it is never
    dark, light alone counts.

    Returns:
        With all sources, and with the one out whose loss hurts most (N-1).
    """
    lit = efficiency * sum(source.lit_kw for source in sources)
    worst_lit = lit - efficiency * max((source.lit_kw for source in sources), default=0.0)
    if not dark_hours:
        return lit, max(0.0, worst_lit)
    from_storage = min(storage.capacity_kwh * storage.efficiency / dark_hours, storage.discharge_kw)
    dark = efficiency * sum(source.dark_kw for source in sources) + from_storage
    worst_dark = dark - efficiency * max((source.dark_kw for source in sources), default=0.0)
    return min(lit, dark), max(0.0, min(worst_lit, worst_dark))
