"""The station as rows: its elements one by one, its stores, its crews, and what is expected of it."""

from __future__ import annotations

import math

import numpy as np

from sim.nature.calendar import DAYS_PER_YEAR, day_of
from sim.nature.distributions import Distribution
from sim.scenario.campaign import NONE
from sim.scenario.compile.conditions import NodeList
from sim.scenario.compile.manifest import Entry
from sim.scenario.compile.slots import SlotList, repeats
from sim.scenario.compile.windows import WindowList
from sim.scenario.schema import Element, Scenario
from sim.scenario.schema.crew import Crew
from sim.scenario.schema.elements import Failure
from sim.scenario.station_rows import (
    CommodityRow,
    CommonCauseRow,
    CrewRiskRow,
    CrewRow,
    ElementRow,
    FailureRow,
    FunctionRow,
    SkyRow,
    Slot,
    StationRow,
    UnitRow,
)
from sim.terms import GENERATIONS, LOAD_CLASSES, REPAIRERS, ROLES, STAGES


class UnitList:
    """Compiles the elements of missions one by one, each with its luck."""

    def __init__(
        self, scenario: Scenario, elements: dict[str, int], slots: SlotList, entries: list[Entry]
    ) -> None:
        """Take the entries of all missions in the order in which they go."""
        self._scenario = scenario
        units = (
            (entry.id, name, number)
            for entry in entries
            for name, count in sorted(entry.mission.elements.items())
            for number in range(count)
        )
        self._turns = {unit: turn for turn, unit in enumerate(units)}
        self._elements = elements
        self._slots = slots
        self._years = (scenario.horizon - scenario.data_date).days / DAYS_PER_YEAR

    def rows(self, entry: Entry) -> tuple[UnitRow, ...]:
        """Compile the elements of a mission; the n-th of a kind has the index n in its streams."""
        return tuple(
            self._row(f"mission/{entry.id}/{name}", name, number, self._turns[entry.id, name, number])
            for name, count in entry.mission.elements.items()
            for number in range(count)
        )

    def _row(self, stream: str, name: str, number: int, turn: int) -> UnitRow:
        element = self._scenario.elements[name]
        failures, repairs = self._failures(f"{stream}/{number + 1}", element)
        works = element.works_probability < 1 and "element-failures" not in self._scenario.idealise
        slots = self._slots
        return UnitRow(
            element=self._elements[name],
            turn=turn,
            works=slots.uniform(f"{stream}/works", number) if works else slots.constant(0.0),
            start_up=self._duration(f"{stream}/start-up", number, element.start_up_days),
            life=self._duration(f"{stream}/life", number, element.life_years),
            failures=failures,
            repairs=repairs,
        )

    def _failures(
        self, stream: str, element: Element
    ) -> tuple[tuple[Slot, ...], tuple[tuple[Slot, ...], ...]]:
        failure = element.failure
        if failure is None or "element-failures" in self._scenario.idealise:
            return (), ()
        times = repeats(failure.years, self._years)
        failures = tuple(self._slots.variate(f"{stream}/failure", n, failure.years) for n in range(times))
        outages = times + self._common(element)
        repairs = tuple(
            tuple(self._slots.variate(f"{stream}/repair-{who}", n, days) for n in range(outages))
            for who, days in in_order(failure)
        )
        return failures, repairs

    def _common(self, element: Element) -> int:
        """How often common causes can strike an element."""
        causes = (self._scenario.common_causes[name] for name in element.common_causes)
        return sum(repeats(cause.years, self._years) for cause in causes)

    def _duration(self, stream: str, number: int, duration: Distribution) -> Slot:
        if "durations" in self._scenario.idealise:
            return self._slots.constant(median(duration))
        return self._slots.variate(stream, number, duration)


def in_order(failure: Failure) -> list[tuple[str, Distribution]]:
    """List who can repair, in the order of preference, and how long it takes each."""
    return [(who, failure.repair_days[who]) for who in REPAIRERS if who in failure.repair_days]


def median(duration: Distribution) -> float:
    """The median of a distribution."""
    return float(duration.quantile(np.array([0.5]))[0])


def element_row(name: str, element: Element, scenario: Scenario) -> ElementRow:
    """Compile a kind of element."""
    dark = element.dark_factor
    if dark is None:
        dark = 0.0 if element.generation == "solar" else 1.0
    hours = element.survives_unpowered_hours
    makes = element.produces
    commodities = list(scenario.commodities)
    causes = list(scenario.common_causes)
    return ElementRow(
        id=name,
        name=element.name,
        role=ROLES.index(element.role),
        generation=GENERATIONS.index(element.generation) if element.generation else NONE,
        capacity_kw=element.capacity_kw,
        lit_kw=element.capacity_kw * element.lit_factor,
        dark_kw=element.capacity_kw * dark,
        usable_kwh=element.usable_kwh,
        charge_kw=_or_infinite(element.charge_kw),
        discharge_kw=_or_infinite(element.discharge_kw),
        efficiency=math.sqrt(element.round_trip_efficiency),
        decline_per_year=element.decline_per_year,
        dust_loss_per_landing=element.dust_loss_per_landing,
        load_lit_kw=element.load_lit_kw,
        load_dark_kw=element.load_lit_kw if element.load_dark_kw is None else element.load_dark_kw,
        load_class=LOAD_CLASSES.index(element.load_class),
        survival_kw=element.survival_kw,
        survives_unpowered_days=math.inf if hours is None else hours / 24,
        works_probability=element.works_probability,
        failure=_failure_row(element.failure, commodities),
        common_causes=tuple(causes.index(cause) for cause in element.common_causes),
        services=element.services,
        berths=element.berths,
        astronomy=element.astronomy,
        produces=(commodities.index(makes.commodity), makes.kwh_per_unit) if makes else None,
    )


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value


def _failure_row(failure: Failure | None, commodities: list[str]) -> FailureRow | None:
    if failure is None:
        return None
    return FailureRow(
        repairers=tuple(REPAIRERS.index(who) for who, _ in in_order(failure)),
        spares=tuple((commodities.index(name), amount) for name, amount in failure.spares.items()),
    )


def station_row(
    scenario: Scenario, skies: tuple[SkyRow, ...], nodes: NodeList, slots: SlotList
) -> StationRow:
    """Compile the station."""
    station, radiation = scenario.station, scenario.station.radiation
    silence = station.silence
    return StationRow(
        name=station.name,
        skies=skies,
        sky=slots.uniform("site/light", epistemic=True) if len(skies) > 1 else slots.constant(0.5),
        distribution_efficiency=station.distribution_efficiency,
        storage_serves=LOAD_CLASSES.index(station.storage_serves),
        extra_load_kw=station.extra_load_kw,
        crew_load_kw=station.crew_load_kw,
        crew_safety_tolerance_days=station.crew_safety_tolerance_hours / 24,
        surface_msv_per_day=radiation.surface_msv_per_day if radiation else 0.0,
        transit_msv_per_day=radiation.transit_msv_per_day if radiation else 0.0,
        dose_limit_msv=radiation.limit_msv if radiation else math.inf,
        silence_day=day_of(silence, scenario.data_date) if silence else math.inf,
        commodities=tuple(_commodity_row(scenario, name) for name in scenario.commodities),
        common_causes=tuple(_cause_row(scenario, name, slots) for name in scenario.common_causes),
        functions=tuple(
            FunctionRow(key, function.title, nodes.node(function.when))
            for key, function in station.functions.items()
        ),
    )


def _commodity_row(scenario: Scenario, name: str) -> CommodityRow:
    commodity = scenario.commodities[name]
    return CommodityRow(
        id=name,
        name=commodity.name,
        unit=commodity.unit,
        initial=commodity.initial,
        per_crew_day=commodity.per_crew_day * (1 - commodity.recovery),
        vital=commodity.vital,
        return_reserve_days=commodity.return_reserve_days,
    )


def _cause_row(scenario: Scenario, name: str, slots: SlotList) -> CommonCauseRow:
    cause = scenario.common_causes[name]
    if "element-failures" in scenario.idealise:
        return CommonCauseRow(cause.name, ())
    times = repeats(cause.years, (scenario.horizon - scenario.data_date).days / DAYS_PER_YEAR)
    gaps = tuple(slots.variate(f"common-cause/{name}/gap", n, cause.years) for n in range(times))
    return CommonCauseRow(cause.name, gaps)


def crew_row(
    mission: str, crew: Crew | None, scenario: Scenario, slots: SlotList, windows: WindowList
) -> CrewRow | None:
    """Compile the people of a mission."""
    if crew is None:
        return None
    stream, ideal = f"mission/{mission}", "crew-risks" in scenario.idealise
    rate = 0.0 if ideal else crew.medical_per_person_year * crew.size / DAYS_PER_YEAR
    planned = "durations" in scenario.idealise
    stay, home = (
        slots.constant(median(days)) if planned else slots.variate(f"{stream}/{name}", 0, days)
        for name, days in (("stay", crew.stay_days), ("journey-home", crew.return_days))
    )
    return CrewRow(
        size=crew.size,
        stage=STAGES.index(crew.stage),
        needs_berths=crew.needs_berths,
        stay=stay,
        journey_home=home,
        return_windows=windows.open(crew.return_windows),
        medical_rate=rate,
        medical=slots.uniform(f"{stream}/medical"),
        risk=CrewRiskRow(
            launch_abort_effectiveness=1.0 if ideal else crew.risk.launch_abort_effectiveness,
            launch_abort=slots.uniform(f"{stream}/launch-abort"),
            descent_abort_effectiveness=1.0 if ideal else crew.risk.descent_abort_effectiveness,
            descent_abort=slots.uniform(f"{stream}/descent-abort"),
            stay_per_day=0.0 if ideal else crew.risk.stay_per_day,
            stay=slots.uniform(f"{stream}/stay-hazard"),
            ascent_probability=0.0 if ideal else crew.risk.ascent,
            ascent=slots.uniform(f"{stream}/ascent"),
            journey_home_probability=0.0 if ideal else crew.risk.journey_home,
            journey_home=slots.uniform(f"{stream}/journey-home-hazard"),
        ),
    )
