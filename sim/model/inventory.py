"""What elements add up to: their loads, their storage, what of their products is awaited."""

from __future__ import annotations

from collections.abc import Iterable

from sim.model.power import Load, Storage
from sim.model.units import Unit
from sim.scenario.campaign import NONE, Campaign
from sim.terms import LoadClass

KEEP_ALIVE = LoadClass.KEEP_ALIVE
SURVIVAL = 1 << 20  # owners from here on: what keeps the element of this number alive


def loads_of(unit: Unit) -> list[Load]:
    """What an element takes: its own load, and what keeps it alive."""
    kind = unit.kind
    loads = []
    if kind.load_lit_kw or kind.load_dark_kw:
        makes, per_unit = kind.produces or (NONE, 1.0)
        own = Load(kind.load_class, unit.number, kind.load_lit_kw, kind.load_dark_kw, makes, per_unit)
        loads.append(own)
    if kind.survival_kw:
        kw = kind.survival_kw
        loads.append(Load(KEEP_ALIVE, SURVIVAL + unit.number, kw, kw))
    return loads


def stored_together(units: Iterable[Unit], now: float) -> Storage:
    """Add up storages: energy and limits; the efficiency is the mean, weighted by the energy."""
    parts = [(unit.kind, unit.kind.usable_kwh * unit.condition(now, unit.landings)) for unit in units]
    capacity = sum(kwh for _, kwh in parts)
    if not capacity:
        return Storage()
    return Storage(
        capacity_kwh=capacity,
        charge_kw=sum(kind.charge_kw for kind, _ in parts),
        discharge_kw=sum(kind.discharge_kw for kind, _ in parts),
        efficiency=sum(kind.efficiency * kwh for kind, kwh in parts) / capacity,
    )


def repairs_that_take(campaign: Campaign, commodity: int) -> frozenset[float]:
    """Amounts of a commodity that repairs take, if it is made at the station [unit]."""
    if not any(kind.produces and kind.produces[0] == commodity for kind in campaign.elements):
        return frozenset()
    failures = (kind.failure for kind in campaign.elements if kind.failure)
    return frozenset(
        amount for failure in failures for number, amount in failure.spares if number == commodity
    )


def awaited_products(campaign: Campaign) -> tuple[int, ...]:
    """Commodities made at the station that somebody there uses or waits for; others are only counted."""
    made = {kind.produces[0] for kind in campaign.elements if kind.produces}
    spares = {number for kind in campaign.elements if kind.failure for number, _ in kind.failure.spares}
    first = campaign.quantities.stocks
    return tuple(
        number
        for number in sorted(made)
        if campaign.station.commodities[number].per_crew_day
        or number in spares
        or campaign.watchers[first + 2 * number]
        or campaign.watchers[first + 2 * number + 1]
    )
