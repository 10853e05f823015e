"""Missions, their slips and their links as rows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date

from sim.nature.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR, day_of
from sim.nature.distributions import Distribution
from sim.scenario.campaign import NONE, AttemptRow, FlightRow, HistoryRow, LinkRow, MissionRow
from sim.scenario.compile.conditions import NodeList
from sim.scenario.compile.manifest import Entry
from sim.scenario.compile.slots import SlotList
from sim.scenario.compile.station import UnitList, crew_row, median
from sim.scenario.compile.windows import Goal, WindowList
from sim.scenario.schema import Mission, Scenario
from sim.scenario.station_rows import Slot
from sim.terms import ForcedOutcome, Status

_UNIT_DAYS = {"days": 1.0, "months": DAYS_PER_MONTH, "years": DAYS_PER_YEAR}
_OUTCOMES = {
    "success": Status.SUCCESS,
    "launch-failure": Status.LAUNCH_FAILURE,
    "landing-failure": Status.LANDING_FAILURE,
}


class MissionCompiler:
    """Turns the entries of a manifest into mission rows."""

    def __init__(
        self,
        scenario: Scenario,
        entries: list[Entry],
        links: tuple[LinkRow, ...],
        slots: SlotList,
        nodes: NodeList,
        windows: WindowList,
    ) -> None:
        self._scenario = scenario
        self._waits = Counter(link.mission for link in links)
        self._followers: dict[int, list[int]] = defaultdict(list)
        for number, link in enumerate(links):
            for member in link.members:
                self._followers[member].append(number)
        self._slots = slots
        self._nodes = nodes
        self._windows = windows
        self._ids = {entry.id: number for number, entry in enumerate(entries)}
        self._numbers = {
            table: {key: number for number, key in enumerate(getattr(scenario, table))}
            for table in ("programmes", "vehicles", "families", "pads", "elements", "commodities")
        }
        self._ranks = _ranks(entries)
        in_turn = sorted(entries, key=lambda entry: self._ranks[entry.id])
        self._units = UnitList(scenario, self._numbers["elements"], slots, in_turn)

    def row(self, entry: Entry) -> MissionRow:
        """Compile one mission."""
        mission, stream = entry.mission, f"mission/{entry.id}"
        destination = self._scenario.destinations[mission.destination]
        pad = mission.pad or self._scenario.vehicles[mission.vehicle].pads[0]
        delay, unit = self._delay(entry.id)
        lead = mission.lead_days
        return MissionRow(
            id=entry.id,
            name=mission.name,
            rank=self._ranks[entry.id],
            programme=self._numbers["programmes"][mission.programme],
            vehicle=self._numbers["vehicles"][mission.vehicle],
            pad=self._numbers["pads"][pad],
            family=self._numbers["families"].get(mission.family or "", NONE),
            at_station=destination.is_station,
            planned_day=self._planned_day(entry),
            lead=self._slots.variate(f"{stream}/lead", 0, lead or self._planned_lead(entry)),
            cancellation=self._slots.uniform(f"{stream}/cancellation"),
            cancellation_probability=self._cancellation(entry),
            delay=delay,
            delay_unit_days=unit,
            gate=self._nodes.commitment(mission),
            fallback=self._ids.get(mission.fallback or "", NONE),
            is_standby=mission.standby and entry.history is None,
            attempts=tuple(self._attempt(entry, number) for number in range(entry.attempts)),
            elements=self._units.rows(entry),
            landed_mass_kg=mission.landed_mass_kg,
            cargo=tuple((self._numbers["commodities"][key], n) for key, n in mission.cargo.items()),
            landing_windows=self._windows.open(destination.landing_windows),
            crew=crew_row(entry.id, mission.crew, self._scenario, self._slots, self._windows),
            history=self._history(entry),
            links=self._waits[self._ids[entry.id]],
            followers=tuple(self._followers[self._ids[entry.id]]),
            groundings=self._groundings(mission),
        )

    def _groundings(self, mission: Mission) -> tuple[int, ...]:
        vehicle = self._numbers["vehicles"][mission.vehicle]
        if mission.family is None:
            return (vehicle,)
        family = len(self._scenario.vehicles) + self._numbers["families"][mission.family]
        if mission.crew is None:
            return vehicle, family
        people = len(self._scenario.vehicles) + len(self._scenario.families)
        return vehicle, family, people + self._numbers["programmes"][mission.programme]

    def _planned_day(self, entry: Entry) -> float:
        day = entry.history.launch if entry.history else entry.planned
        return math.nan if day is None else day_of(day, self._scenario.data_date)

    def _planned_lead(self, entry: Entry) -> Distribution:
        return Distribution(fixed=max(0.0, self._planned_day(entry)) if entry.planned else 0.0)

    def _delay(self, name: str) -> tuple[Slot, float]:
        delay = self._scenario.delays.get(name)
        if delay is None:
            return self._slots.constant(0.0), 1.0
        unit = next(unit for unit in _UNIT_DAYS if getattr(delay, unit) is not None)
        slot = self._slots.variate(f"mission/{name}/delay", 0, getattr(delay, unit), epistemic=True)
        return slot, _UNIT_DAYS[unit]

    def _cancellation(self, entry: Entry) -> float:
        forced = self._scenario.force.get(entry.id)
        if forced is not None and forced.cancelled is not None:
            return float(forced.cancelled)
        idealised = "cancellations" in self._scenario.idealise
        return 0.0 if idealised else entry.mission.cancellation_probability

    def _attempt(self, entry: Entry, number: int) -> AttemptRow:
        mission, stream = entry.mission, f"mission/{entry.id}"
        preparation, from_spare = self._preparation(mission, stream, number)
        destination = self._scenario.destinations[mission.destination]
        transit = mission.transit_days or destination.transit_days
        goal = Goal(
            destination.windows, destination.landing_windows, median(transit), destination.loiter_days
        )
        windows = self._windows.of_flights(
            goal, mission.flights, self._soonest_next(mission), mission.longest_gap_days
        )
        return AttemptRow(
            preparation=preparation,
            from_spare=from_spare,
            flights=tuple(
                self._flight(entry, f"{stream}/flight-{flight}", number, row)
                for flight, row in enumerate(windows, start=1)
            ),
            transit=self._duration(f"{stream}/transit", number, transit),
            landing=self._slots.uniform(f"{stream}/landing", number),
            cause_found=self._slots.uniform(f"{stream}/landing-cause-found", number),
            forced_landing=self._forced(entry.id, "landing", number),
            commissioning=self._duration(f"{stream}/commissioning", number, mission.commissioning_days),
        )

    def _preparation(self, mission: Mission, stream: str, number: int) -> tuple[Slot, bool]:
        """What it takes before an attempt: nothing, a spare made ready, or a unit built anew."""
        policy = mission.on_loss
        if number == 0:
            return self._slots.constant(0.0), False
        if policy.policy == "spare" and number <= policy.spares:
            return self._slots.variate(f"{stream}/spare", number, policy.spare_days), True
        assert policy.rebuild_days is not None
        return self._slots.variate(f"{stream}/rebuild", number, policy.rebuild_days), False

    def _soonest_next(self, mission: Mission) -> float:
        """How soon one flight can follow another [d]: a single pad must be made ready between them."""
        pad = self._scenario.pads[mission.pad or self._scenario.vehicles[mission.vehicle].pads[0]]
        return pad.turnaround_days if pad.count == 1 else 0.0

    def _flight(self, entry: Entry, stream: str, number: int, windows: int) -> FlightRow:
        return FlightRow(
            launch=self._slots.uniform(f"{stream}/launch", number),
            scrub=self._slots.uniform(f"{stream}/scrub", number),
            cause_found=self._slots.uniform(f"{stream}/launch-cause-found", number),
            forced=self._forced(entry.id, "launch", number),
            windows=windows,
        )

    def _duration(self, stream: str, number: int, duration: Distribution) -> Slot:
        if "durations" in self._scenario.idealise:
            return self._slots.constant(median(duration))
        return self._slots.variate(stream, number, duration)

    def _forced(self, name: str, event: str, number: int) -> ForcedOutcome:
        forced = self._scenario.force.get(name)
        results = getattr(forced, event) if forced is not None else ()
        if number < len(results):
            return ForcedOutcome.SUCCESS if results[number] == "success" else ForcedOutcome.FAILURE
        idealised = f"{event}-failures" in self._scenario.idealise
        return ForcedOutcome.SUCCESS if idealised else ForcedOutcome.DRAWN

    def _history(self, entry: Entry) -> HistoryRow | None:
        if entry.history is None:
            return None
        launch = day_of(entry.history.launch, self._scenario.data_date)
        landing = entry.history.landing
        landing_day = day_of(landing, self._scenario.data_date) if landing else launch
        return HistoryRow(launch, landing_day, _OUTCOMES[entry.history.outcome])


def _ranks(entries: list[Entry]) -> dict[str, int]:
    """Order missions by priority, planned date and id: who goes first when two want the same."""
    ordered = sorted(
        entries, key=lambda entry: (entry.mission.priority, entry.planned or date.max, entry.id)
    )
    return {entry.id: rank for rank, entry in enumerate(ordered)}


def link_rows(scenario: Scenario, entries: list[Entry], missions: dict[str, int]) -> tuple[LinkRow, ...]:
    """Compile the predecessors; links to missions that nobody knows of yet are dropped."""
    rows: list[LinkRow] = []
    for entry in entries:
        for link in entry.mission.after if entry.history is None else ():
            names = (link.mission,) if link.mission is not None else link.any or ()
            members = tuple(missions[name] for name in names if name in missions)
            until = link.preferred_until
            if members:
                rows.append(
                    LinkRow(
                        mission=missions[entry.id],
                        members=members,
                        by_departure=link.need == "departure",
                        lag_days=link.lag_days,
                        preferred_until=day_of(until, scenario.data_date) if until else math.inf,
                    )
                )
    return tuple(rows)
