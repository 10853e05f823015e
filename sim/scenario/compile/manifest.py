"""Which missions a campaign has, seen from its data date: history, plans, and what is not known yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.scenario.schema import Mission, Scenario
from sim.scenario.schema.missions import Actual, Announcement


@dataclass(frozen=True)
class Entry:
    """A mission as it stands at the data date.

    Attributes:
        planned: the launch date of the plan in force; none for history and standbys.
        history: what happened, if it happened by the data date.
    """

    id: str
    mission: Mission
    planned: date | None
    history: Actual | None

    @property
    def attempts(self) -> int:
        """How often the mission can still be tried."""
        if self.history is not None:
            return 0
        policy = self.mission.on_loss
        return 1 if policy.policy == "descope" else policy.max_attempts


def manifest(scenario: Scenario) -> tuple[list[Entry], tuple[str, ...]]:
    """List the missions of the campaign, and the ids of those that nobody had announced yet."""
    entries: list[Entry] = []
    unknown: list[str] = []
    for name, mission in scenario.missions.items():
        history = _history(mission, scenario.data_date)
        planned = None if history or mission.standby else planned_date(mission, scenario.data_date)
        if history or mission.standby or planned:
            entries.append(Entry(name, mission, planned, history))
        else:
            unknown.append(name)
    return entries, tuple(unknown)


def planned_date(mission: Mission, data_date: date) -> date | None:
    """Give the launch date of the plan in force: the last announcement on or before the data date.

    The middle of the announced interval stands for it, or of what is left of it at the data date.
    """
    said = announcement_in_force(mission, data_date)
    if said is not None:
        return said.at or said.planned.middle(not_before=data_date)
    if mission.planned is not None:
        return mission.planned_at or mission.planned.middle(not_before=data_date)
    return None


def announcement_in_force(mission: Mission, data_date: date) -> Announcement | None:
    """Give the last announcement on or before the data date, if there was one."""
    said = [item for item in mission.announcements if item.announced <= data_date]
    return said[-1] if said else None


def _history(mission: Mission, data_date: date) -> Actual | None:
    if mission.actual is not None and mission.actual.launch <= data_date:
        return mission.actual
    return None
