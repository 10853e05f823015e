"""The random values of a run of replications, drawn column by column before any of them starts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign, Draw, Floats, ReliabilityTable, SlipTable

_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Hand:
    """What one replication is given.

    Attributes:
        values: the value in each slot of the campaign.
        slip_days: slip of each mission's hardware [d].
        failure_probability: of each vehicle, then of each family, at the data date [-].
        fix_effectiveness, learning: of the same rows [-].
    """

    values: list[float]
    slip_days: list[float]
    failure_probability: list[float]
    fix_effectiveness: list[float]
    learning: list[float]


class Variates:
    """All random values of a run of replications.

    Attributes:
        first: the first replication of the run.
    """

    def __init__(self, campaign: Campaign, luck: Luck) -> None:
        self.first = luck.first
        values = _slot_values(campaign, luck)
        success = _success_probability(campaign.reliability, values)
        self._values = values.T
        self._slip_days = _slip_days(campaign, values).T
        self._failure_probability = 1 - success.T
        self._fix_effectiveness = values[campaign.reliability.fix_effectiveness].T
        self._learning = values[campaign.reliability.learning].T

    def hand(self, replication: int) -> Hand:
        """Give what a replication of the run is given."""
        row = replication - self.first
        return Hand(
            self._values[row].tolist(),
            self._slip_days[row].tolist(),
            self._failure_probability[row].tolist(),
            self._fix_effectiveness[row].tolist(),
            self._learning[row].tolist(),
        )


def _slot_values(campaign: Campaign, luck: Luck) -> Floats:
    """Fill every slot: constants, uniforms and variates, shape (slots, replications)."""
    values = np.empty((len(campaign.slots), luck.count))
    variates = defaultdict(list)
    for number, slot in enumerate(campaign.slots):
        if isinstance(slot, Draw):
            values[number] = luck.uniforms(slot.stream, slot.index, slot.epistemic)
            if slot.distribution is not None:
                variates[id(slot.distribution)].append(number)
        else:
            values[number] = slot
    for numbers in variates.values():
        draw = campaign.slots[numbers[0]]
        assert isinstance(draw, Draw)
        assert draw.distribution is not None
        values[numbers] = draw.distribution.quantile(values[numbers])
    return values


def _slip_days(campaign: Campaign, values: Floats) -> Floats:
    """Slip of every mission, shape (missions, replications); zero where a plan does not slip."""
    table: SlipTable = campaign.slips
    days = np.zeros((len(campaign.missions), values.shape[1]))
    if len(table.missions):
        rho = table.correlation[:, None]
        z = np.sqrt(rho) * ndtri(values[table.programme])
        z += np.sqrt(1 - rho) * ndtri(values[table.own])
        centre = table.ln_median[:, None] + table.uncertainty[:, None] * ndtri(values[table.slip_class])
        log_growth = centre + table.sigma[:, None] * _above(table, centre, z)
        late = values[table.on_time] >= table.on_time_probability[:, None]
        slip = table.growing_days[:, None] * np.expm1(log_growth) - table.overdue_days[:, None]
        days[table.missions] = np.where(late, slip, 0.0)
    return days


def _above(table: SlipTable, centre: Floats, z: Floats) -> Floats:
    """Cut the normal values off below the growth that would have been over by the data date."""
    rows = np.isfinite(table.ln_least_growth)
    if rows.any():
        least = (table.ln_least_growth[rows, None] - centre[rows]) / np.maximum(
            table.sigma[rows, None], _TINY
        )
        below = ndtr(least)
        z[rows] = ndtri(np.minimum(below + (1 - below) * ndtr(z[rows]), 1 - _TINY))
    return z


def _success_probability(table: ReliabilityTable, values: Floats) -> Floats:
    """Success probability of vehicles, then families, shape (rows, replications)."""
    rho = table.correlation[:, None]
    z = np.sqrt(rho) * ndtri(values[table.programme])
    z += np.sqrt(1 - rho) * ndtri(values[table.own])
    return np.asarray(betaincinv(table.a[:, None], table.b[:, None], ndtr(z)))
