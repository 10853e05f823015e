"""Small campaigns for tests: a scenario with sensible defaults, and an easy way to read its outcomes.

The data date is the first of January 2030, so that days of 2030 are days of the model. By default nothing
slips, nothing fails, vehicles are in store and pads are many: a test says only what it is about. There is
a programme ``agency``, a vehicle ``rocket``, a ``pad``, a family ``lander`` and, each ten days away, the
destinations ``orbit``, ``moon`` and ``station``; people stay there without power.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.replicate import Outcome, replicate
from sim.model.spans import PathPiece
from sim.model.variates import Variates
from sim.model.world import Record
from sim.nature.luck import Luck
from sim.scenario.campaign import Campaign, Draw
from sim.scenario.compile import compile_campaign
from sim.scenario.load import Resolved
from sim.scenario.problems import Origin
from sim.scenario.schema import Scenario
from sim.scenario.tree import plant
from sim.scenario.validate import validate
from sim.terms import Cause, Status

DATA_DATE = date(2030, 1, 1)
HORIZON = date(2040, 1, 1)
HORIZON_DAYS = 3652.0
TRANSIT = 10.0
Address = str | tuple[str, int]
STANDBY = {"standby": True, "lead_days": 40}
EVERYTHING = Record(series=True, spans=True, log=True)

SURE = {"prior": {"a": 1.0, "b": 1.0}, "fix_effectiveness": 0.0, "learning": 0.0, "stand_down_days": 0.0}
ANOTHER = {"name": "Another", "pads": ["pad"], "production_per_year": 0, "stock": 9, **SURE}
"""A second vehicle."""
OTHER_PAD = {"name": "Other pad", "turnaround_days": 0, "count": 9}
_DEFAULTS: dict[str, Any] = {
    "title": "Test",
    "question": "Does it?",
    "data_date": DATA_DATE.isoformat(),
    "horizon": HORIZON.isoformat(),
    "idealise": ["launch-failures", "landing-failures"],
    "slip_classes": {"kept": {"on_time_probability": 1.0, "median_growth": 1.0, "sigma": 0.0}},
    "programmes": {"agency": {"name": "Agency", "slip": "kept", "slip_correlation": 0.0}},
    "vehicles": {
        "rocket": {"name": "Rocket", "pads": ["pad"], "production_per_year": 0, "stock": 60, **SURE}
    },
    "pads": {"pad": {"name": "Pad", "turnaround_days": 0, "count": 60}},
    "families": {"lander": {"name": "Lander", "programme": "agency", **SURE}},
    "destinations": {
        "orbit": {"name": "Orbit", "transit_days": TRANSIT},
        "moon": {"name": "Moon", "transit_days": TRANSIT},
        "station": {"name": "Station", "transit_days": TRANSIT, "is_station": True},
    },
    "station": {
        "name": "Site",
        "light": {"first_dawn": DATA_DATE.isoformat(), "period_days": 20, "lit_days": 15},
        "crew_load_kw": 3.0,
        "crew_safety_tolerance_hours": 1e9,
    },
}


def day(number: int) -> str:
    """Write the date of a day of the model."""
    return (DATA_DATE + timedelta(days=number)).isoformat()


def mission(planned: int | None = 100, **more: Any) -> dict[str, Any]:
    """Describe a mission to orbit that is planned for a day of the model."""
    entry: dict[str, Any] = {
        "name": "Mission",
        "programme": "agency",
        "destination": "orbit",
        "vehicle": "rocket",
    }
    if planned is not None:
        entry["planned"] = day(planned)
    return entry | more


def flown(launch: int, outcome: str = "success", landing: int | None = None, **more: Any) -> dict[str, Any]:
    """Describe a mission of the past."""
    actual = {"launch": day(launch), "outcome": outcome}
    return mission(None, actual=actual if landing is None else actual | {"landing": day(landing)}, **more)


def rebuild(days: float, attempts: int = 2) -> dict[str, Any]:
    """Describe the policy of building a new unit after a loss."""
    return {"policy": "rebuild", "rebuild_days": days, "max_attempts": attempts}


def programme(**more: Any) -> dict[str, Any]:
    """Describe a programme whose missions do not slip together."""
    return {"name": "P", "slip": "kept", "slip_correlation": 0.0, **more}


def milestones(**conditions: Any) -> dict[str, Any]:
    """Describe milestones by their conditions, each called like its id, with dashes for underscores."""
    return {name.replace("_", "-"): {"title": name, "when": when} for name, when in conditions.items()}


def one_pad(turnaround: float, **more: Any) -> dict[str, Any]:
    """Leave one launch at a time to the pad."""
    return {"pad": {"count": 1, "turnaround_days": turnaround, **more}}


def merged(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """Lay plain data over plain data: mappings merge, everything else replaces."""
    result = copy.deepcopy(dict(parent))
    for key, value in child.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result


def scenario_data(missions: Mapping[str, Any], **tables: Any) -> dict[str, Any]:
    """Lay missions and other tables over the defaults, as plain data."""
    return merged(_DEFAULTS, {"missions": missions, **tables})


def checked(data: Mapping[str, Any]) -> Scenario:
    """Validate plain data as a scenario file would be."""
    return validate(plant(dict(data), Origin("test.yaml", 1, 1)))[0]


def resolved(missions: Mapping[str, Any], called: str = "by-hand", **tables: Any) -> Resolved:
    """Make a scenario that can be run, of missions and of what differs from the defaults."""
    tree = plant(scenario_data(missions, **tables), Origin("test.yaml", 1, 1))
    return Resolved(called, *validate(tree))


def campaign_of(missions: Mapping[str, Any], **tables: Any) -> Campaign:
    """Make a campaign of missions and of what differs from the defaults."""
    return compile_campaign(checked(scenario_data(missions, **tables)), "test")


@dataclass(frozen=True)
class Future:
    """One replication, read by the ids of missions and milestones."""

    campaign: Campaign
    outcome: Outcome

    def number(self, name: str) -> int:
        return [row.id for row in self.campaign.missions].index(name)

    def status(self, name: str) -> Status:
        return Status(int(self.outcome.status[self.number(name)]))

    def launch(self, name: str) -> float:
        return float(self.outcome.launch_day[self.number(name)])

    def arrival(self, name: str) -> float:
        return float(self.outcome.arrival_day[self.number(name)])

    def end(self, name: str) -> float:
        return float(self.outcome.end_day[self.number(name)])

    def attempts(self, name: str) -> int:
        return int(self.outcome.attempts[self.number(name)])

    def launches(self) -> dict[str, float]:
        """Last lift-off of every mission."""
        return {row.id: self.launch(row.id) for row in self.campaign.missions}

    def spans(self, name: str) -> list[tuple[str, float, float]]:
        """Cause, start and end of every span of a mission."""
        assert self.outcome.spans is not None
        return [(s.cause.label, s.start, s.end) for s in self.outcome.spans[self.number(name)]]

    def days_of(self, name: str, cause: Cause) -> float:
        """Days that a mission spent on a cause."""
        return sum(end - start for label, start, end in self.spans(name) if label == cause.label)

    def milestone(self, name: str) -> float:
        return float(self.outcome.milestone_day[self._milestone(name)])

    def path(self, name: str) -> list[tuple[str, str, float, float]]:
        """Mission, cause, start and end of each piece of the critical path to a milestone."""
        return [
            (self.campaign.missions[p.mission].id if p.mission >= 0 else "", p.cause.label, p.start, p.end)
            for p in self.pieces(name)
        ]

    def pieces(self, name: str) -> list[PathPiece]:
        assert self.outcome.paths is not None
        return self.outcome.paths[self._milestone(name)]

    def phase_days(self, track: str) -> dict[str, float]:
        """First entry into each phase of a track."""
        number = [row.id for row in self.campaign.tracks].index(track)
        phases = self.campaign.tracks[number].phases
        return dict(zip(phases, self.outcome.phase_day[number].tolist(), strict=True))

    def log(self, what: str | None = None) -> list[tuple[float, str, str]]:
        """Day, event and mission of everything that happened, or of one kind of event."""
        return [
            (item.day, item.what, self.campaign.missions[item.mission].id if item.mission >= 0 else "")
            for item in self.outcome.log or []
            if what is None or item.what == what
        ]

    def lift_offs(self) -> list[tuple[str, float]]:
        """Mission and day of every lift-off of every attempt, in order."""
        launched = ("launched", "launch failure")
        return [(name, day) for day, what, name in self.log() if what in launched]

    def _milestone(self, name: str) -> int:
        return [row.id for row in self.campaign.milestones].index(name)


def futures(campaign: Campaign, count: int, seed: int = 1, record: Record = EVERYTHING) -> Iterator[Future]:
    """Run the first replications of a campaign."""
    variates = Variates(campaign, Luck(seed, first=0, count=count))
    for replication in range(count):
        yield Future(campaign, replicate(campaign, variates.hand(replication), record))


def future_of(missions: Mapping[str, Any], *, luck: Mapping[Address, float] = {}, **tables: Any) -> Future:
    """Run the first replication of a campaign of missions, with some of its luck set by hand.

    Args:
        missions: the missions.
        luck: stream, or stream and index, and the value there: a uniform, or the finished value of a
            distribution.
        tables: what differs from the defaults.
    """
    campaign = campaign_of(missions, **tables)
    hand = Variates(campaign, Luck(1)).hand(0)
    addresses = {
        (slot.stream, slot.index): n for n, slot in enumerate(campaign.slots) if isinstance(slot, Draw)
    }
    for address, value in luck.items():
        hand.values[addresses[(address, 0) if isinstance(address, str) else address]] = value
    return Future(campaign, replicate(campaign, hand, EVERYTHING))


def uniforms(stream: str, count: int, index: int = 0, seed: int = 1) -> NDArray[np.float64]:
    """The luck of the first replications at an address."""
    return Luck(seed, first=0, count=count).uniforms(stream, index)
