"""Slips of the planned missions as columns."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from sim.nature.calendar import DAYS_PER_YEAR, day_of
from sim.scenario.campaign import SlipTable
from sim.scenario.compile.manifest import Entry, announcement_in_force
from sim.scenario.compile.slots import SlotList
from sim.scenario.schema import Scenario
from sim.scenario.schema.fleet import SlipClass


class Growing(NamedTuple):
    """What of a lead grows, and what the data date already tells of it.

    Attributes:
        days: the part of the lead that grows [d].
        on_time_probability: that the plan is kept, given that the mission has not flown yet [-].
        ln_least_growth: smallest ln growth that is still possible; minus infinity for any [-].
        overdue_days: how far the planned date lies before the data date [d].
    """

    days: float
    on_time_probability: float
    ln_least_growth: float = -math.inf
    overdue_days: float = 0.0


def keeps_its_plan(scenario: Scenario, mission: str) -> bool:
    """Tell whether a mission is taken not to slip, alone or with all others."""
    forced = scenario.force.get(mission)
    return "slips" in scenario.idealise or (forced is not None and forced.slip == "none")


def slip_table(
    scenario: Scenario, entries: list[Entry], missions: dict[str, int], slots: SlotList
) -> SlipTable:
    """Compile the slips of the planned missions as columns."""
    rows: list[tuple[float, ...]] = []
    for entry in entries:
        if entry.planned is None or keeps_its_plan(scenario, entry.id):
            continue
        programme = scenario.programmes[entry.mission.programme]
        name = entry.mission.slip or programme.slip
        slip = scenario.slip_classes[name]
        growing = growing_lead(scenario, entry, slip)
        stream = f"mission/{entry.id}"
        rows.append(
            (
                missions[entry.id],
                growing.days,
                growing.on_time_probability,
                math.log(slip.median_growth),
                slip.median_uncertainty,
                slip.sigma,
                programme.slip_correlation,
                growing.ln_least_growth,
                growing.overdue_days,
                slots.uniform(f"{stream}/on-time"),
                slots.uniform(f"{stream}/slip"),
                slots.shared(f"programme/{entry.mission.programme}/slip"),
                slots.shared(f"slip-class/{name}/median"),
            )
        )
    columns = list(zip(*rows, strict=True)) or [()] * 13
    floats = [np.asarray(column, dtype=float) for column in columns[1:9]]
    integers = [np.asarray(columns[n], dtype=np.int64) for n in (0, 9, 10, 11, 12)]
    return SlipTable(integers[0], *floats, *integers[1:])


def growing_lead(scenario: Scenario, entry: Entry, slip: SlipClass) -> Growing:
    """Work out what of a mission's lead grows, from the data date or from the plan's announcement."""
    assert entry.planned is not None
    left = day_of(entry.planned, scenario.data_date)
    said = announcement_in_force(entry.mission, scenario.data_date)
    if slip.lead_from == "data-date" or said is None:
        return Growing(_bounded(max(0.0, left), slip), slip.on_time_probability)
    planned = said.at or said.planned.middle(not_before=said.announced)
    growing = _bounded(day_of(planned, said.announced), slip)
    least = 1 - left / growing if growing > 0 else 0.0
    ln_least = math.log(least) if least > 0 else -math.inf
    days = (said.planned.last - said.planned.first + timedelta(days=1)).days
    kept = min(1.0, max(0, (said.planned.last - scenario.data_date).days) / days)
    late = 1 - _normal_cdf((ln_least - math.log(slip.median_growth)) / max(slip.sigma, 1e-12))
    on_time = slip.on_time_probability * kept
    still = on_time + (1 - slip.on_time_probability) * late
    return Growing(growing, on_time / still if still > 0 else 0.0, ln_least, max(0.0, -left))


def _bounded(days: float, slip: SlipClass) -> float:
    cap = math.inf if slip.lead_cap_years is None else slip.lead_cap_years * DAYS_PER_YEAR
    return min(max(days, slip.lead_floor_years * DAYS_PER_YEAR), cap)


def _normal_cdf(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2
