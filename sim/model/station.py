"""The station: its elements, its power, its stores and its people, and what the board shows of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isnan, nan
from typing import NamedTuple

import simpy

from sim.model.board import Board
from sim.model.clock import RANK_CREW, RANK_ELEMENTS, Clock
from sim.model.cold import Cold
from sim.model.inventory import awaited_products, loads_of, repairs_that_take, stored_together
from sim.model.power import Balance, Flow, Load, Source, firm_power_kw
from sim.model.repair import CREW, ROVER, Worker, Workshop
from sim.model.sky import darkest_ahead, sky_number
from sim.model.stores import Store
from sim.model.supply import Supply
from sim.model.units import Lives, Unit
from sim.nature.calendar import DAYS_PER_YEAR
from sim.scenario.campaign import NONE, Campaign
from sim.scenario.station_rows import CommodityRow, CrewRow, SkyRow, UnitRow
from sim.terms import BoardLevel, Fate, LoadClass, Role

CREW_SAFETY = LoadClass.CREW_SAFETY
OPERATIONS = LoadClass.OPERATIONS
RELAY = Role.RELAY
SCIENCE = Role.SCIENCE
CREW_LOAD = -2
EXTRA_LOAD = -1
POWER_LEVELS = (BoardLevel.INSTALLED_KW, BoardLevel.CONTINUOUS_KW, BoardLevel.FIRM_KW)

Tell = Callable[[str, int, str], None]


class Standing(NamedTuple):
    """From a day on [d]: powers [kW], people, mass [kg] and numbers of working elements."""

    day: float
    installed_kw: float
    continuous_kw: float
    firm_kw: float
    crew: int
    landed_mass_kg: float
    relays: int
    science: int
    astronomy: int


class Party(NamedTuple):
    """A crew at the station, and how to send it home."""

    mission: int
    crew: CrewRow
    send_home: Callable[[str], None]


class Station:
    """What stands at the station.

    Attributes:
        units: all elements that came, by number.
        parties: the crews at the station, in the order in which they came.
        standings: what changed when, beside powers and stores.
        products: commodities whose production the stores follow.
        last_delivery: the day on which something landed last [d].
    """

    def __init__(
        self, clock: Clock, campaign: Campaign, board: Board, values: list[float], tell: Tell
    ) -> None:
        self.clock = clock
        self.board = board
        self.row = campaign.station
        self.kinds = campaign.elements
        self.tell = tell
        self.units: dict[int, Unit] = {}
        self.parties: list[Party] = []
        self.landed_mass_kg = 0.0
        self.landings = 0
        self.last_delivery = nan
        self.standings: list[Standing] = []
        self.sky: SkyRow = self.row.skies[sky_number(campaign, values)]
        self._values = values
        self._sources: dict[int, Unit] = {}
        self._storages: dict[int, Unit] = {}
        self._rovers: dict[int, Unit] = {}
        self._crew_loads: list[Load] = []
        self._power = (0.0, 0.0, 0.0)
        self._berths = 0
        self._coming: dict[int, int] = {}
        self._counts = {"relays": 0, "science": 0, "astronomy": 0}
        self._crew_short_since = nan
        self.products = awaited_products(campaign)
        balance = Balance(self.row.distribution_efficiency, self.row.storage_serves)
        self._extra_load_kw = self.row.extra_load_kw
        self.supply = Supply(clock, balance, self.sky, self._flow_changed, bool(self.products))
        stocks = campaign.quantities.stocks
        self.stores = [
            Store(
                clock, board, row, stocks + 2 * n, self._runs_low,
                repairs_that_take(campaign, n), lambda: self.workshop.call(),
            )
            for n, row in enumerate(self.row.commodities)
        ]  # fmt: skip
        self.lives = Lives(clock, values, campaign.horizon_days, self)
        self.workshop = Workshop(clock, values, self.stores, self)
        self.cold = Cold(clock, self.units, self.lives, self.workshop.call, tell)
        self._strike(campaign.horizon_days)
        self._grow_old(campaign.horizon_days)
        self._flow_changed(self.supply.flow)
        self.note()

    # What missions do

    def commission(self, row: UnitRow, mission: int, day: float) -> None:
        """Put an element to work, commissioned on a day."""
        unit = Unit(row, self.kinds[row.element], mission, day)
        unit.landings = self.landings
        self.units[unit.number] = unit
        self.lives.begin(unit)
        if unit.fate is Fate.NEVER_WORKED:
            self.tell("never works", mission, unit.kind.name)

    def land(self, mass_kg: float, cargo: tuple[tuple[int, float], ...], mission: int) -> None:
        """A mission lands: mass, stores, replacements, and the dust that it raises."""
        self.landings += 1
        self.last_delivery = self.clock.now
        self.landed_mass_kg += mass_kg
        self.board.set(BoardLevel.LANDED_MASS_KG, self.landed_mass_kg, mission)
        for number, amount in cargo:
            self.stores[number].add(amount, mission)
        if any(unit.kind.dust_loss_per_landing for unit in self._sources.values()):
            self._sources_changed(mission)
        self.workshop.delivery()
        self.workshop.call()
        self.note()

    def expect(self, mission: int, crew: CrewRow) -> None:
        """People are on their way: their berths are taken."""
        if crew.needs_berths:
            self._coming[mission] = crew.size
            self._berths_changed(mission)

    def expect_no_more(self, mission: int) -> None:
        """People on their way will not come."""
        if self._coming.pop(mission, 0):
            self._berths_changed(mission)

    def arrive(self, party: Party) -> None:
        """People come."""
        self._coming.pop(party.mission, None)
        self.parties.append(party)
        self.board.add(BoardLevel.CREW_VISITS, 1, party.mission)
        self._crew_changed(party.mission)

    def leave(self, mission: int) -> None:
        """People go."""
        self.parties = [party for party in self.parties if party.mission != mission]
        self._crew_changed(mission)

    @property
    def crew(self) -> int:
        """People at the station."""
        return sum(party.crew.size for party in self.parties)

    # What elements and workers tell

    def unit_up(self, unit: Unit) -> None:
        """An element works from now on."""
        self.tell("works", unit.mission, unit.kind.name)
        self._working(unit, +1)

    def unit_down(self, unit: Unit) -> None:
        """An element works no longer."""
        unit.starved_since = unit.cold_since = nan
        self.tell("stops working", unit.mission, unit.kind.name)
        self._working(unit, -1)

    def unit_failed(self, unit: Unit) -> None:
        """An element waits for repair; one that nobody can repair is lost."""
        failure = unit.kind.failure
        if failure is not None and failure.repairers:
            self.workshop.take_in(unit)
        else:
            self.lives.lose(unit, Fate.BROKEN)

    def repaired(self, unit: Unit) -> None:
        """An element can start up again."""
        self.tell("repaired", unit.mission, unit.kind.name)
        self.lives.start(unit, self.clock.now)

    def workers(self) -> list[Worker]:
        """Rovers that are up and powered, and crews at the station, in order."""
        rovers = [Worker(ROVER, number) for number, unit in sorted(self._rovers.items()) if unit.able]
        return rovers + [Worker(CREW, party.mission) for party in self.parties]

    def note(self) -> None:
        """Write down how things stand."""
        self.standings.append(
            Standing(self.clock.now, *self._power, self.crew, self.landed_mass_kg, **self._counts)
        )

    def dismantle(self) -> None:
        """Break the circles of references."""
        vars(self).clear()

    # What a change sets off

    def _working(self, unit: Unit, change: int) -> None:
        kind, mission = unit.kind, unit.mission
        self.board.add(BoardLevel.FIRST_ROLE + kind.role, change, mission)
        if kind.berths:
            self._berths += change * kind.berths
            self._berths_changed(mission)
        self._counts["relays"] += change * (kind.role == RELAY)
        self._counts["science"] += change * (kind.role == SCIENCE)
        self._counts["astronomy"] += change * kind.astronomy
        if kind.capacity_kw:
            _put(self._sources, unit, change)
            self._sources_changed(mission)
        if kind.usable_kwh:
            _put(self._storages, unit, change)
            self._storages_changed(mission)
        self._loads_changed(unit, change)
        if kind.services:
            _put(self._rovers, unit, change)
            self.workshop.call()
        self.note()

    def _sources_changed(self, mission: int) -> None:
        now, landings = self.clock.now, self.landings
        sources = []
        for unit in self._sources.values():
            share, kind = unit.condition(now, landings), unit.kind
            sources.append(Source(kind.generation, kind.lit_kw * share, kind.dark_kw * share))
        self.supply.settle()
        self.supply.balance.set_sources(sources)
        self.supply.refresh()
        self._show_power(mission)

    def _storages_changed(self, mission: int) -> None:
        storage = stored_together(self._storages.values(), self.clock.now)
        self.supply.settle()
        self.supply.forfeited_kwh += self.supply.balance.set_storage(storage)
        self.supply.refresh()
        self._show_power(mission)

    def _loads_changed(self, unit: Unit, change: int) -> None:
        loads = loads_of(unit)
        if loads:
            self._swap_loads(loads if change < 0 else [], loads if change > 0 else [])

    def _swap_loads(self, old: list[Load], new: list[Load]) -> None:
        self.supply.settle()
        for load in old:
            self.supply.balance.remove(load)
        for load in new:
            self.supply.balance.add(load)
        self.supply.refresh()

    def _show_power(self, mission: int) -> None:
        balance = self.supply.balance
        installed = sum(unit.kind.capacity_kw for unit in self._sources.values())
        carried = firm_power_kw(
            balance.sources, balance.storage, balance.efficiency, darkest_ahead(self.sky, self.clock.now)
        )
        self._power = (installed, *carried)
        for quantity, level in zip(POWER_LEVELS, self._power, strict=True):
            self.board.set(quantity, level, mission)
        if self._extra_load_kw and self._power[1] > 0:
            extra, self._extra_load_kw = self._extra_load_kw, 0.0
            self._swap_loads([], [Load(OPERATIONS, EXTRA_LOAD, extra, extra)])

    def _crew_changed(self, mission: int) -> None:
        size, kw = self.crew, self.crew * self.row.crew_load_kw
        self.board.set(BoardLevel.CREW, size, mission)
        old, self._crew_loads = self._crew_loads, [Load(CREW_SAFETY, CREW_LOAD, kw, kw)] if kw else []
        if old != self._crew_loads:
            self._swap_loads(old, self._crew_loads)
        for store in self.stores:
            store.set_crew(size, mission)
        self._berths_changed(mission)
        self._watch_crew_safety(self.supply.flow)
        self.workshop.call()
        self.note()

    def _berths_changed(self, mission: int) -> None:
        housed = sum(party.crew.size for party in self.parties if party.crew.needs_berths)
        self.board.set(BoardLevel.FREE_BERTHS, self._berths - housed - sum(self._coming.values()), mission)
        if self._berths < housed:
            self.clock.at(self.clock.now, RANK_CREW).callbacks.append(self._send_the_unhoused_home)

    def _send_the_unhoused_home(self, _: simpy.Event) -> None:
        """Who came first goes first, until everyone who stays has a berth."""
        housed = [party for party in self.parties if party.crew.needs_berths]
        people = sum(party.crew.size for party in housed)
        for party in housed:
            if people <= self._berths:
                break
            people -= party.crew.size
            party.send_home("habitat")

    def _flow_changed(self, flow: Flow) -> None:
        if self.products:
            made = dict(flow.made)
            for number in self.products:
                self.stores[number].set_production(made.get(number, 0.0))
        self._watch_crew_safety(flow)
        self.cold.update(flow.starved)

    def _watch_crew_safety(self, flow: Flow) -> None:
        """People leave when the power for their safety is short for too long."""
        short = flow.unserved[CREW_SAFETY] > 0 and bool(self.parties)
        if short and isnan(self._crew_short_since):
            since = self._crew_short_since = self.clock.now
            days = self.row.crew_safety_tolerance_days
            self._send_home_after(days, "power", lambda: self._crew_short_since == since)
        elif not short:
            self._crew_short_since = nan

    def _runs_low(self, row: CommodityRow) -> None:
        if self.parties:
            self._send_home_after(0.0, "consumables", lambda: True)

    def _send_home_after(self, days: float, why: str, still: Callable[[], bool]) -> None:
        """Send all crews home after so many days, if the reason still holds then."""

        def send(_: simpy.Event) -> None:
            if still():
                for party in list(self.parties):
                    party.send_home(why)

        self.clock.at(self.clock.now + days, RANK_CREW).callbacks.append(send)

    # What time does

    def _strike(self, horizon: float) -> None:
        """Lay out the common causes of failures."""
        for number, row in enumerate(self.row.common_causes):
            day = 0.0
            for gap in row.gaps:
                day += self._values[gap] * DAYS_PER_YEAR
                if day < horizon:
                    alarm = self.clock.at(day, RANK_ELEMENTS)
                    alarm.callbacks.append(partial(self._fail_together, number))

    def _fail_together(self, cause: int, _: simpy.Event) -> None:
        self.tell("common cause", NONE, self.row.common_causes[cause].name)
        for unit in [self.units[number] for number in sorted(self.units)]:
            if cause in unit.kind.common_causes:
                self.lives.fail(unit)

    def _grow_old(self, horizon: float) -> None:
        """Once a year elements are a year older, and another darkness may be the longest ahead."""

        def anniversary(_: simpy.Event) -> None:
            if self._sources or self._storages:
                self._storages_changed(NONE)
                self._sources_changed(NONE)
                self.note()
            self._grow_old(horizon)

        if self.clock.now + DAYS_PER_YEAR < horizon:
            self.clock.at(self.clock.now + DAYS_PER_YEAR, RANK_ELEMENTS).callbacks.append(anniversary)


def _put(units: dict[int, Unit], unit: Unit, change: int) -> None:
    if change > 0:
        units[unit.number] = unit
    else:
        del units[unit.number]
