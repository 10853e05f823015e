"""What the station did in time, in one traced replication: power, stores, people, light."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.model.series import flow_table, production
from sim.model.station import Station
from sim.model.world import World
from sim.scenario.campaign import Floats

FLOW_COLUMNS = ("curtailed_kw", "lost_kw", "stored_kwh", "stored_kw")


class Detail(NamedTuple):
    """The histories of one replication; days count from the data date.

    Attributes:
        flow_days: from each of these days on another flow goes on [d], shape (flows,).
        generated, served, unserved: by kind of generation and class of loads [kW], shape (flows, kinds).
        flows: the other columns of each flow, those of `FLOW_COLUMNS`, shape (flows, columns).
        standings: day, installed, continuous and firm power, people, landed mass, shape (changes, 6).
        stores: day, level and rate of each commodity, shape (changes, 3).
        lit, in_view: spells of light, and of the Earth in the sky [d], shape (spells, 2).
        phases: of each track, the day and number of each phase that came into force, shape (changes, 2).
    """

    flow_days: Floats
    generated: Floats
    served: Floats
    unserved: Floats
    flows: Floats
    standings: Floats
    stores: tuple[Floats, ...]
    lit: Floats
    in_view: Floats
    phases: tuple[Floats, ...]


def detail_of(world: World) -> Detail:
    """Read the histories off the world."""
    station, horizon = world.station, world.campaign.horizon_days
    stretches = station.supply.stretches
    flows = [stretch.flow for stretch in stretches]
    rest = [(item.flow.curtailed, item.flow.lost, item.stored_kwh, item.flow.stored) for item in stretches]
    return Detail(
        flow_days=np.array([stretch.day for stretch in stretches]),
        generated=np.array([flow.generated for flow in flows]),
        served=np.array([flow.served for flow in flows]),
        unserved=np.array([flow.unserved for flow in flows]),
        flows=np.array(rest),
        standings=np.array([row[:6] for row in station.standings], dtype=float),
        stores=tuple(store_history(station, number) for number in range(len(station.stores))),
        lit=spells(station.sky.dawns, station.sky.dusks, horizon),
        in_view=spells(station.sky.rises, station.sky.sets, horizon),
        phases=tuple(np.array(history, dtype=float) for history in world.board.phases),
    )


def store_history(station: Station, number: int) -> Floats:
    """Day, level and rate of a commodity, with what is made of it, shape (changes, 3)."""
    history = np.array(station.stores[number].history, dtype=float)
    table = flow_table(station)
    made = np.array([dict(flow.made).get(number, 0.0) for flow in table.flows])[table.numbers]
    if number in station.products or not made.any():
        return history
    days = np.union1d(history[:, 0], table.days)
    last = np.searchsorted(history[:, 0], days, side="right") - 1
    kept = history[last, 1] + history[last, 2] * (days - history[last, 0])
    rates = history[last, 2] + made[np.searchsorted(table.days, days, side="right") - 1]
    return np.stack([days, kept + production(station, table, days)[0][number], rates], axis=1)


def spells(starts: Sequence[float], ends: Sequence[float], horizon: float) -> Floats:
    """Cut spells to the time that is simulated [d], shape (spells, 2)."""
    both = np.clip(np.array([starts, ends], dtype=float).T.reshape(-1, 2), 0.0, horizon)
    return np.asarray(both[both[:, 1] > both[:, 0]])
