"""What the columns of a result mean, as plain data beside the chunks."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.model.spans import Cause
from sim.model.station import SERIES
from sim.nature.calendar import date_of
from sim.scenario.campaign import Campaign, MissionRow, Status
from sim.scenario.load import Resolved
from sim.scenario.schema import Condition, Milestone, Scenario


def describe(resolved: Resolved, campaign: Campaign) -> dict[str, Any]:
    """Describe a scenario so that its results can be read without the engine."""
    scenario = resolved.scenario
    return {
        "name": campaign.name,
        "title": scenario.title,
        "question": scenario.question,
        "digest": resolved.digest(),
        "data_date": scenario.data_date.isoformat(),
        "horizon": scenario.horizon.isoformat(),
        "months": [month.isoformat() for month in campaign.months],
        "missions": [_mission(row, scenario, campaign.data_date) for row in campaign.missions],
        "programmes": {key: row.name for key, row in scenario.programmes.items()},
        "milestones": [
            {"id": key, "title": row.title, "planned": _planned(row, scenario, campaign)}
            for key, row in scenario.milestones.items()
        ],
        "tracks": [
            {"id": row.id, "title": row.title, "phases": row.phases, "titles": row.titles}
            for row in campaign.tracks
        ],
        "series": list(SERIES),
        "statuses": [status.name.lower().replace("_", "-") for status in Status],
        "causes": [cause.label for cause in Cause],
        "rows": {
            "gate": list(campaign.node_names),
            "vehicle": [row.name for row in campaign.vehicles],
            "grounded": [
                *(row.name for row in campaign.vehicles),
                *(row.name for row in campaign.families),
            ],
            "pad": [row.name for row in campaign.pads],
            "window": [row.name for row in campaign.windows],
            "programme": [row.name for row in campaign.programmes],
        },
        "unknown_missions": list(campaign.unknown_missions),
        "effective": resolved.effective(),
    }


def _mission(row: MissionRow, scenario: Scenario, data_date: date) -> dict[str, Any]:
    mission = scenario.missions[row.id]
    known = row.planned_day == row.planned_day
    return {
        "id": row.id,
        "name": row.name,
        "programme": mission.programme,
        "planned": date_of(row.planned_day, data_date).isoformat() if known else None,
        "history": row.history is not None,
        "crewed": row.crew is not None,
        "rank": row.rank,
    }


def _planned(milestone: Milestone, scenario: Scenario, campaign: Campaign) -> str | None:
    """The date that was given for a milestone: by its definition, or by the mission that it is."""
    if milestone.definition is not None:
        planned = milestone.definitions[milestone.definition].planned
        return planned.isoformat() if planned else None
    mission = _single_mission(milestone.condition)
    row = next((row for row in campaign.missions if row.id == mission), None)
    return None if row is None else _mission(row, scenario, campaign.data_date)["planned"]


def _single_mission(condition: Condition) -> str | None:
    return condition.landed or condition.mission
