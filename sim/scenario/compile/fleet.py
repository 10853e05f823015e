"""Programmes, vehicles, lander families and pads as rows."""

from __future__ import annotations

import math
from datetime import date

from sim.nature.calendar import DAYS_PER_YEAR, day_of
from sim.nature.distributions import Distribution
from sim.scenario.campaign import (
    NONE,
    FamilyRow,
    PadRow,
    ProgrammeRow,
    ReliabilityTable,
    ShockRow,
    VehicleRow,
)
from sim.scenario.compile.manifest import Entry
from sim.scenario.compile.reliability import (
    Experience,
    ReliabilityColumns,
    landing_experience,
    launch_experience,
)
from sim.scenario.compile.slots import SlotList, repeats
from sim.scenario.schema import Family, Pad, Programme, Scenario, Vehicle
from sim.scenario.schema.fleet import Shock
from sim.scenario.station_rows import Slot


def programme_row(
    name: str, programme: Programme, scenario: Scenario, entries: list[Entry], slots: SlotList
) -> ProgrammeRow:
    """Compile a programme."""
    own = {entry.id: row for row, entry in enumerate(entries) if entry.mission.programme == name}
    return ProgrammeRow(
        id=name,
        name=programme.name,
        launches_per_year=programme.launches_per_year or NONE,
        launched_this_year=sum(
            entry.mission.flights
            for entry in entries
            if entry.id in own and entry.history and entry.history.launch.year == scenario.data_date.year
        ),
        withdrawal_day=_last_day(scenario, programme),
        crew_loss_stand_downs=tuple(
            slots.variate(f"programme/{name}/crew-loss-stand-down", n, programme.crew_loss_stand_down_days)
            for n in range(
                sum(entry.attempts for entry in entries if entry.id in own and entry.mission.crew)
            )
        ),
        shocks=tuple(
            _shock_row(f"programme/{name}/shock/{key}", shock, scenario, own, slots)
            for key, shock in programme.shocks.items()
        ),
    )


def _last_day(scenario: Scenario, programme: Programme) -> float:
    """From when on a programme launches nothing any more: its withdrawal, or the silence of the station."""
    days = [day for day in (programme.withdrawal, scenario.station.silence) if day is not None]
    return day_of(min(days), scenario.data_date) if days else math.inf


def _shock_row(
    stream: str, shock: Shock, scenario: Scenario, own: dict[str, int], slots: SlotList
) -> ShockRow:
    gaps: tuple[Slot, ...] = ()
    first_day = 0.0
    count = 1
    if shock.on is not None:
        first_day = day_of(shock.on, scenario.data_date)
    else:
        assert shock.rate_per_year is not None
        gap = Distribution.model_validate({"exponential": {"mean": DAYS_PER_YEAR / shock.rate_per_year}})
        count = repeats(gap, (scenario.horizon - scenario.data_date).days)
        gaps = tuple(slots.variate(f"{stream}/gap", n, gap) for n in range(count))
    return ShockRow(
        title=shock.title,
        first_day=first_day,
        gaps=gaps,
        months=tuple(slots.variate(f"{stream}/months", n, shock.months) for n in range(count)),
        hit_probability=shock.hit_probability,
        hits={
            row: tuple(slots.uniform(f"{stream}/hits/{key}", n) for n in range(count))
            for key, row in own.items()
        },
    )


def vehicle_row(
    name: str, vehicle: Vehicle, scenario: Scenario, launches: int, slots: SlotList
) -> VehicleRow:
    """Compile a launch vehicle; `launches` bounds how often it can fail."""
    stream = f"vehicle/{name}/stand-down"
    return VehicleRow(
        id=name,
        name=vehicle.name,
        built_days=built_days(vehicle, scenario.data_date, scenario.horizon),
        stand_downs=tuple(slots.variate(stream, n, vehicle.stand_down_days) for n in range(launches)),
        cause_found_probability=vehicle.cause_found_probability,
    )


def built_days(vehicle: Vehicle, data_date: date, horizon: date) -> tuple[float, ...]:
    """Work out when each unit leaves the factory.

    Production runs evenly through each year at its rate; a unit is there when a whole one is made.
    """
    days = [0.0] * vehicle.stock
    made = 0.0
    for year in range(data_date.year, horizon.year + 1):
        rate = _rate_in(vehicle.production_per_year, year)
        start, end = date(year, 1, 1), date(year + 1, 1, 1)
        first = max(0.0, day_of(start, data_date))
        length = day_of(end, data_date) - first
        whole_year = (end - start).days
        while rate > 0 and (wait := (math.floor(made) + 1 - made) * whole_year / rate) <= length:
            first, length = first + wait, length - wait
            made = math.floor(made) + 1
            days.append(first)
        made += rate * length / whole_year
    return tuple(days)


def _rate_in(rates: dict[str, float], year: int) -> float:
    begun = [name for name in rates if int(name) <= year]
    return rates[max(begun)] if begun else 0.0


def family_row(name: str, family: Family, known: Experience, landings: int, slots: SlotList) -> FamilyRow:
    """Compile a lander family; `landings` bounds how often it can fail."""
    stream = f"family/{name}/stand-down"
    return FamilyRow(
        id=name,
        name=family.name,
        stand_downs=tuple(slots.variate(stream, n, family.stand_down_days) for n in range(landings)),
        cause_found_probability=family.cause_found_probability,
        landings_in_a_row=known.in_a_row,
    )


def pad_row(name: str, pad: Pad, scenario: Scenario) -> PadRow:
    """Compile a launch pad."""
    scrubs = 0.0 if "scrubs" in scenario.idealise else 1.0
    return PadRow(
        id=name,
        name=pad.name,
        count=pad.count,
        turnaround_days=pad.turnaround_days,
        scrub_probability=scrubs * pad.scrub_probability,
        scrub_days=pad.scrub_days,
        storms=storm_days(set(pad.storm_months), scenario.data_date, scenario.horizon),
        storm_scrub_probability=scrubs * pad.storm_scrub_probability,
        keeps_through_windows=pad.keeps_through_windows,
    )


def storm_days(months: set[int], data_date: date, horizon: date) -> tuple[float, ...]:
    """List the days on which the storm season begins and ends, in turn.

    >>> storm_days({6, 7}, date(2027, 1, 1), date(2028, 1, 1))
    (151.0, 212.0, 517.0, 578.0)
    """
    days: list[float] = []
    for year in range(data_date.year - 1, horizon.year + 1):
        for month in range(1, 13):
            previous = 12 if month == 1 else month - 1
            if (month in months) != (previous in months):
                days.append(day_of(date(year, month, 1), data_date))
    return tuple([-math.inf, *days] if 12 in months else days)


def fleet_rows(
    scenario: Scenario, entries: list[Entry], slots: SlotList
) -> tuple[tuple[VehicleRow, ...], tuple[FamilyRow, ...], ReliabilityTable]:
    """Compile vehicles and lander families with their success probabilities."""
    columns = ReliabilityColumns(scenario, slots)
    vehicles: list[VehicleRow] = []
    families: list[FamilyRow] = []
    for name, vehicle in scenario.vehicles.items():
        columns.add_vehicle(name, vehicle, launch_experience(name, vehicle, entries))
        flown_by = [entry for entry in entries if entry.mission.vehicle == name]
        launches = sum(entry.attempts * entry.mission.flights for entry in flown_by)
        vehicles.append(vehicle_row(name, vehicle, scenario, launches, slots))
    for name, family in scenario.families.items():
        known = landing_experience(name, family, entries)
        columns.add_family(name, family, known)
        landings = sum(entry.attempts for entry in entries if entry.mission.family == name)
        families.append(family_row(name, family, known, landings, slots))
    return tuple(vehicles), tuple(families), columns.finish()
