"""From what changed when to series over months and totals over the whole time.

Levels change in steps, stored amounts move linearly between changes: both are integrated exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.inventory import SURVIVAL
from sim.model.power import HOURS, Flow
from sim.model.station import SCIENCE, Station
from sim.model.stores import Store
from sim.scenario.campaign import Campaign, Floats
from sim.scenario.station_rows import SkyRow
from sim.terms import GENERATIONS, LOAD_CLASSES

Integers = NDArray[np.int64]

_STANDING = (
    "installed_power_kw",
    "continuous_power_kw",
    "firm_power_kw",
    "crew_at_station",
    "landed_mass_kg",
)
_CLASSES = [name.replace("-", "_") for name in LOAD_CLASSES]
_FLOWS = (
    *(f"{name}_kw" for name in GENERATIONS),
    "load_kw",
    "served_kw",
    "curtailed_kw",
    "lost_kw",
    *(f"unserved_{name}_kw" for name in _CLASSES),
    *(f"short_{name}_share" for name in _CLASSES),
    "short_any_share",
)
_SPELLS = (*(f"shortfalls_{name}_count" for name in _CLASSES), "shortfalls_any_count")
_OUTPUT = ("science_elements", "astronomy_share", "attended_share", "stored_kwh")


def series_names(campaign: Campaign) -> tuple[str, ...]:
    """Name the monthly series of a campaign, in order; the last word of each is its unit."""
    commodities = campaign.station.commodities
    made = (f"made_{row.id}_{row.unit}/d" for row in commodities)
    stocks = (f"stock_{row.id}_{row.unit}" for row in commodities)
    return (*_STANDING, *_FLOWS, *made, *_SPELLS, *_OUTPUT, *stocks)


class FlowTable(NamedTuple):
    """The distinct flows, the days on which each stretch begins [d], and which flow each has."""

    days: Floats
    flows: list[Flow]
    numbers: Integers
    stored_kwh: Floats


def monthly_series(station: Station, table: FlowTable, campaign: Campaign) -> Floats:
    """Mean of each series over each month, of a count its sum, shape (series, months)."""
    edges = campaign.month_edges
    standing = np.array(station.standings, dtype=float)
    days, flows, numbers, stored = table
    rates = np.array([flow.stored * HOURS for flow in flows])[numbers]
    made = production(station, table, edges)[1]
    made[list(station.products)] = 0.0  # their stores hold it already
    stocks = np.array([_mean_amounts(*_columns(store), edges) for store in station.stores])
    stocks = stocks.reshape(made.shape)
    rows = [
        monthly_means(standing[:, 0], standing[:, 1:6], edges),
        monthly_means(days, flow_levels(flows)[numbers], edges),
        monthly_means(days, made_levels(flows, len(station.stores))[numbers], edges),
        _beginnings(table, edges),
        _output(station, standing, days, flows, numbers, edges),
        _mean_amounts(days, stored, rates, edges),
        stocks + made,
    ]
    return np.concatenate([np.atleast_2d(row) for row in rows])


def production(station: Station, table: FlowTable, edges: Floats) -> tuple[Floats, Floats]:
    """What was made of each commodity up to each edge, and its mean between edges [unit].

    Returns:
        Shapes (commodities, edges) and (commodities, edges - 1).
    """
    days, flows, numbers, _ = table
    totals = np.zeros((len(station.stores), len(edges)))
    means = np.zeros((len(station.stores), len(edges) - 1))
    for number in sorted({number for flow in flows for number, _ in flow.made}):
        rates = np.array([dict(flow.made).get(number, 0.0) for flow in flows])[numbers]
        until = np.concatenate([[0.0], np.cumsum(rates[:-1] * np.diff(days))])
        totals[number] = integrals(days, rates[:, None], edges)[:, 0]
        if len(edges) > 1:
            means[number] = _mean_amounts(days, until, rates, edges)
    return totals, means


def _columns(store: Store) -> tuple[Floats, Floats, Floats]:
    days, levels, rates = np.array(store.history, dtype=float).T
    return days, levels, rates


def flow_table(station: Station) -> FlowTable:
    """Lay out the flows of a replication."""
    days, flows, stored = zip(*station.supply.stretches, strict=True)
    known = {id(flow): flow for flow in flows}
    places = {key: number for number, key in enumerate(known)}
    numbers = np.array([places[id(flow)] for flow in flows])
    return FlowTable(np.array(days), list(known.values()), numbers, np.array(stored))


def flow_levels(flows: Sequence[Flow]) -> Floats:
    """The powers of each flow in the order of `_FLOWS`, shape (flows, columns)."""
    generated = np.array([flow.generated for flow in flows])
    served = np.array([flow.served for flow in flows])
    unserved = np.array([flow.unserved for flow in flows])
    rest = np.array([(flow.curtailed, flow.lost) for flow in flows])
    total = served.sum(axis=1, keepdims=True)
    load = total + unserved.sum(axis=1, keepdims=True)
    short = unserved > 0
    anything = short.any(axis=1, keepdims=True)
    return np.concatenate([generated, load, total, rest, unserved, short, anything], axis=1)


def made_levels(flows: Sequence[Flow], commodities: int) -> Floats:
    """What each flow makes of each commodity [unit/d], shape (flows, commodities)."""
    levels = np.zeros((len(flows), commodities))
    for row, flow in enumerate(flows):
        for number, per_day in flow.made:
            levels[row, number] = per_day
    return levels


def _beginnings(table: FlowTable, edges: Floats) -> Floats:
    """How many shortfalls of each class, and of any, begin in each month, shape (classes + 1, months)."""
    spells = shortfall_spells(table, float(edges[-1]))
    return np.array([np.histogram(starts, edges)[0] for starts, _ in spells], dtype=float)


def _output(
    station: Station, standing: Floats, days: Floats, flows: list[Flow], numbers: Integers, edges: Floats
) -> Floats:
    """Working science elements that have their power, share of time with astronomy, and attended."""
    units = station.units
    hungry = np.array(
        [
            (
                sum(0 <= n < SURVIVAL and units[n].kind.role == SCIENCE for n in flow.starved),
                sum(0 <= n < SURVIVAL and units[n].kind.astronomy for n in flow.starved),
            )
            for flow in flows
        ],
        dtype=float,
    )
    there = integrals(standing[:, 0], standing[:, 7:8], edges)
    science = there - integrals(days, hungry[numbers, :1], edges)
    astronomy = _share_above(standing, days, hungry[numbers, 1], edges)
    attended = attended_days(standing, station.sky, edges)
    together = np.stack([science[:, 0], astronomy, attended], axis=1)
    return (np.diff(together, axis=0) / np.diff(edges)[:, None]).T


def _share_above(standing: Floats, days: Floats, hungry: Floats, edges: Floats) -> Floats:
    """Days up to each edge with at least one powered element of astronomy [d]."""
    moments = np.union1d(standing[:, 0], days)
    there = standing[np.searchsorted(standing[:, 0], moments, side="right") - 1, 8]
    short = hungry[np.searchsorted(days, moments, side="right") - 1]
    working = (there - short > 0).astype(float)
    return integrals(moments, working[:, None], edges)[:, 0]


def attended_days(standing: Floats, sky: SkyRow, edges: Floats) -> Floats:
    """Days up to each edge on which the station is reached: by a relay, or with the Earth in view [d]."""
    moments = np.union1d(standing[:, 0], edges)
    relays = standing[np.searchsorted(standing[:, 0], moments, side="right") - 1, 6] > 0
    in_view = days_within(sky.rises, sky.sets, moments)
    gained = np.where(relays[:-1], np.diff(moments), np.diff(in_view))
    total = np.concatenate([[0.0], np.cumsum(gained)])
    return total[np.searchsorted(moments, edges)]


def days_within(starts: Sequence[float], ends: Sequence[float], moments: Floats) -> Floats:
    """Days from day 0 to each moment that lie in the intervals [d]."""
    edges = np.clip(np.array([*chain.from_iterable(zip(starts, ends, strict=True))]), 0.0, moments[-1])
    if not len(edges):
        return np.zeros_like(moments)
    inside = np.concatenate([[0.0], np.cumsum(np.diff(edges) * (np.arange(len(edges) - 1) % 2 == 0))])
    return np.asarray(np.interp(moments, edges, inside))


def _mean_amounts(days: Floats, levels: Floats, rates: Floats, edges: Floats) -> Floats:
    """Mean over each month of an amount that moves linearly between changes."""
    lengths = np.diff(days)
    parts = levels[:-1] * lengths + rates[:-1] * lengths**2 / 2
    until = np.concatenate([[0.0], np.cumsum(parts)])
    last = np.searchsorted(days, edges, side="right") - 1
    since = edges - days[last]
    total = until[last] + levels[last] * since + rates[last] * since**2 / 2
    return np.asarray(np.diff(total) / np.diff(edges))


def energy_totals(station: Station, table: FlowTable, horizon: float) -> Floats:
    """Energy generated, served, stored at the end, lost and curtailed, and not served [kWh].

    The first is the sum of the next four, to rounding.
    """
    days, flows, numbers, _ = table
    hours = np.diff(np.append(days, horizon)) * HOURS
    powers = np.array(
        [
            (sum(flow.generated), sum(flow.served), 0.0, flow.lost, flow.curtailed, sum(flow.unserved))
            for flow in flows
        ]
    )
    totals = hours @ powers[numbers]
    last = station.supply.stretches[-1]
    totals[2] = last.stored_kwh + last.flow.stored * hours[-1]
    totals[3] += station.supply.forfeited_kwh
    return np.asarray(totals)


def shortfalls(table: FlowTable, horizon: float) -> tuple[Floats, Floats]:
    """Number of shortfalls of each class of loads, and the longest of each [h], shape (classes,)."""
    spells = shortfall_spells(table, horizon)[: len(LOAD_CLASSES)]
    count = np.array([len(starts) for starts, _ in spells], dtype=float)
    longest = np.array([lengths.max(initial=0.0) * HOURS for _, lengths in spells])
    return count, longest


def shortfall_spells(table: FlowTable, horizon: float) -> list[tuple[Floats, Floats]]:
    """When shortfalls of each class, and then of any, began and how long they were [d]."""
    days, flows, numbers, _ = table
    ends = np.append(days, horizon)
    short = np.array([[*(kw > 0 for kw in flow.unserved), sum(flow.unserved) > 0] for flow in flows])
    held = np.diff(ends) > 0
    short, ends = short[numbers][held], np.append(ends[:-1][held], horizon)
    steps = np.diff(short.astype(int), axis=0, prepend=0, append=0).T
    return [(ends[step == 1], ends[step == -1] - ends[step == 1]) for step in steps]


def first_entries(history: list[tuple[float, int]], phases: int) -> Floats:
    """When each phase of a track was first entered [d]; nan for never."""
    days = np.full(phases, np.nan)
    for day, phase in reversed(history):
        days[phase] = day
    return days


def integrals(days: Floats, levels: Floats, edges: Floats) -> Floats:
    """Integrate levels that change in steps from the first day to each edge [unit * d].

    Returns:
        Shape (edges, series).
    """
    until_change = np.zeros_like(levels)
    np.cumsum(levels[:-1] * np.diff(days)[:, None], axis=0, out=until_change[1:])
    last = np.searchsorted(days, edges, side="right") - 1
    since_change: Floats = levels[last] * (edges - days[last])[:, None]
    return until_change[last] + since_change


def monthly_means(days: Floats, levels: Floats, edges: Floats) -> Floats:
    """Mean of each series over each month, shape (series, months), in the units of the levels."""
    means: Floats = np.diff(integrals(days, levels, edges), axis=0) / np.diff(edges)[:, None]
    return means.T


def monthly_phases(histories: list[list[tuple[float, int]]], edges: Floats) -> Floats:
    """Phase in force at the end of each month, shape (tracks, months)."""
    rows = []
    for history in histories:
        days = [day for day, _ in history]
        phases = np.array([phase for _, phase in history], dtype=float)
        rows.append(phases[np.searchsorted(days, edges[1:], side="left") - 1])
    return np.array(rows).reshape(len(histories), len(edges) - 1)
