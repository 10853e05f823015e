"""The station in simple form: commissioned elements, their power and their loads.

Power is what declared lit and dark factors say, not yet an energy balance. Installed power is the rated
power of the sources. Continuous power is what all elements carry in light and through the longest
darkness, firm power the same with the largest single source out (N-1). Storage gives its energy evenly
over the longest darkness.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.model.board import Board
from sim.model.clock import RANK_ELEMENTS, Clock
from sim.nature.calendar import DAYS_PER_YEAR
from sim.scenario.campaign import Campaign, ElementRow, Quantity, StationRow


class Station:
    """What stands at the station.

    Attributes:
        sources, stores, consumers: the elements that are up and give, keep or take power.
        crew: people at the station.
        changes: day and level of each of `SERIES` after each change.
    """

    def __init__(self, clock: Clock, campaign: Campaign, board: Board) -> None:
        self.clock = clock
        self.board = board
        self.row = campaign.station
        self.rows = campaign.elements
        self.horizon = campaign.horizon_days
        self.sources: list[ElementRow] = []
        self.stores: list[ElementRow] = []
        self.consumers: list[ElementRow] = []
        self.crew = 0
        self.landed_mass_kg = 0.0
        self.changes: list[tuple[float, ...]] = []
        self._power = (0.0, 0.0, 0.0)
        self._element_load_kw = 0.0

    def commission(self, number: int, life_years: float, mission: int, day: float) -> None:
        """Put an element to work from now to the end of its life, counted from a day."""
        end = day + life_years * DAYS_PER_YEAR
        if end <= self.clock.now:
            return
        element = self.rows[number]
        self._change(element, +1, mission)
        if end < self.horizon:
            alarm = self.clock.at(end, RANK_ELEMENTS)
            alarm.callbacks.append(lambda _: self._change(element, -1, mission))

    def land_mass(self, mass_kg: float, mission: int) -> None:
        """Count what a mission landed."""
        self.landed_mass_kg += mass_kg
        self.board.set(Quantity.LANDED_MASS_KG, self.landed_mass_kg, mission)
        self.note()

    def crew_arrives(self, size: int, mission: int) -> None:
        """People come."""
        self.crew += size
        self.board.add(Quantity.CREW_VISITS, 1, mission)
        self._crew_changed(mission)

    def crew_leaves(self, size: int, mission: int) -> None:
        """People go."""
        self.crew -= size
        self._crew_changed(mission)

    def note(self) -> None:
        """Write down the level of every series."""
        load_kw = self._element_load_kw + self.crew * self.row.crew_load_kw
        self.changes.append((self.clock.now, *self._power, load_kw, self.crew, self.landed_mass_kg))

    def _crew_changed(self, mission: int) -> None:
        self.board.set(Quantity.CREW, self.crew, mission)
        self.note()

    def _change(self, element: ElementRow, change: int, mission: int) -> None:
        """An element comes up (+1) or goes down (-1)."""
        if element.capacity_kw:
            _put(self.sources, element, change)
        if element.usable_kwh:
            _put(self.stores, element, change)
        if element.load_lit_kw or element.load_dark_kw:
            _put(self.consumers, element, change)
            self._element_load_kw = load_kw(self.consumers, self.row)
        if element.capacity_kw or element.usable_kwh:
            self._power = power_kw(self.sources, self.stores, self.row)
            for quantity, level in zip(POWER_LEVELS, self._power, strict=True):
                self.board.set(quantity, level, mission)
        self.board.add(Quantity.FIRST_ROLE + element.role, change, mission)
        self.note()


POWER_LEVELS = (Quantity.INSTALLED_KW, Quantity.CONTINUOUS_KW, Quantity.FIRM_KW)
SERIES = (
    "installed_power_kw",
    "continuous_power_kw",
    "firm_power_kw",
    "load_kw",
    "crew_at_station",
    "landed_mass_kg",
)
CREW = SERIES.index("crew_at_station")


def power_kw(
    sources: list[ElementRow], stores: list[ElementRow], station: StationRow
) -> tuple[float, float, float]:
    """Work out installed, continuous and firm power [kW]."""
    hours = station.longest_darkness_hours
    stored = sum(min(store.usable_kwh / hours, store.discharge_kw) for store in stores)
    lit = sum(source.lit_kw for source in sources)
    dark = sum(source.dark_kw for source in sources) + stored
    firm = min((min(lit - source.lit_kw, dark - source.dark_kw) for source in sources), default=0.0)
    return sum(source.capacity_kw for source in sources), min(lit, dark), max(firm, 0.0)


def _put(elements: list[ElementRow], element: ElementRow, change: int) -> None:
    if change > 0:
        elements.append(element)
    else:
        elements.remove(element)


def load_kw(elements: Iterable[ElementRow], station: StationRow) -> float:
    """Mean load of a set of elements, over light and darkness [kW]."""
    lit, dark = station.lit_share, 1 - station.lit_share
    return sum(element.load_lit_kw * lit + element.load_dark_kw * dark for element in elements)
