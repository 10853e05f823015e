"""What the columns of a result mean, as plain data beside the chunks."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from sim.model.series import days_within, series_names
from sim.nature.calendar import date_of
from sim.scenario.assumptions import Assumption, assumptions_of
from sim.scenario.campaign import Campaign, MissionRow
from sim.scenario.load import Resolved
from sim.scenario.merge import plainly
from sim.scenario.schema import Condition, Milestone, Scenario
from sim.scenario.station_rows import UnitRow
from sim.terms import GENERATIONS, LOAD_CLASSES, ROLES, STAGES, Cause, Fate, Status, StayEnd

UNKNOWN_WORDS = {
    "success-probability": "success probability", "fix-effectiveness": "effect of fixes",
    "learning": "learning", "landing": "landings in common", "slip": "slip in common",
    "median": "median growth of leads", "light": "light at the site", "delay": "added delay",
}  # fmt: skip


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
            {
                "id": key,
                "title": row.title,
                "says": row.says,
                "headline": row.headline,
                "planned": _planned(row, scenario, campaign),
            }
            for key, row in scenario.milestones.items()
        ],
        "tracks": [
            {"id": row.id, "title": row.title, "phases": row.phases, "titles": row.titles}
            for row in campaign.tracks
        ],
        "series": list(series_names(campaign)),
        "statuses": [status.name.lower().replace("_", "-") for status in Status],
        "causes": [cause.label for cause in Cause],
        "rows": {
            "gate": list(campaign.node_names),
            "vehicle": [row.name for row in campaign.vehicles],
            "grounded": [
                *(row.name for row in campaign.vehicles),
                *(row.name for row in campaign.families),
                *(f"crews of {row.name}" for row in campaign.programmes),
            ],
            "pad": [row.name for row in campaign.pads],
            "window": [row.name for row in campaign.windows[0]],
            "programme": [row.name for row in campaign.programmes],
        },
        "fates": [fate.label for fate in Fate],
        "stay_ends": [end.label for end in StayEnd],
        "load_classes": list(LOAD_CLASSES),
        "generations": list(GENERATIONS),
        "energy": ["generated", "served", "stored", "lost", "curtailed", "not-served"],
        "elements": [_unit(row, unit, campaign) for row in campaign.missions for unit in row.elements],
        "gate_parts": [{"gate": part.gate, "title": part.title} for part in campaign.gate_parts],
        "lit_share": lit_shares(campaign),
        "functions": [{"id": row.id, "title": row.title} for row in campaign.station.functions],
        "commodities": [
            {"id": row.id, "name": row.name, "unit": row.unit} for row in campaign.station.commodities
        ],
        "unknown_missions": list(campaign.unknown_missions),
        "unknowns": unknowns(campaign, scenario),
        "epistemic_addresses": [draw.address for draw in campaign.draws(epistemic=True)],
        "assumptions": [_basis(row) for row in assumptions_of(resolved.as_written or resolved.tree)],
        "effective": resolved.effective(),
    }


def _basis(row: Assumption) -> dict[str, str]:
    """What a number rests on, in texts; where it was written is left out, since files move."""
    return {"parameter": row.parameter, "value": plainly(row.value), "unit": row.unit, "kind": row.kind,
            "basis": row.basis}  # fmt: skip


def unknowns(campaign: Campaign, scenario: Scenario) -> list[dict[str, Any]]:
    """List what is not known but could be learned: address, words, and what it belongs to.

    Vehicles and lander families with no flight ahead are left out: nothing hangs on them any more.
    """
    names = {
        **{f"vehicle/{row.id}": row.name for row in campaign.vehicles},
        **{f"family/{row.id}": row.name for row in campaign.families},
        **{f"programme/{row.id}": row.name for row in campaign.programmes},
        **{f"slip-class/{key}": f"slip class {key}" for key in scenario.slip_classes},
        **{f"mission/{row.id}": row.name for row in campaign.missions},
        "site": campaign.station.name,
    }
    flying = {row.vehicle for row in campaign.missions if row.history is None}
    landing = {row.family for row in campaign.missions if row.history is None}
    idle = {f"vehicle/{row.id}" for n, row in enumerate(campaign.vehicles) if n not in flying}
    idle |= {f"family/{row.id}" for n, row in enumerate(campaign.families) if n not in landing}
    rows = []
    for draw in campaign.draws(epistemic=True):
        owner, _, what = draw.stream.rpartition("/")
        if owner not in idle:
            title = f"{names.get(owner, owner)}: {UNKNOWN_WORDS.get(what, what)}"
            rows.append({"stream": draw.stream, "index": draw.index, "title": title})
    return rows


def lit_shares(campaign: Campaign) -> list[float]:
    """Share of each month in which the site is lit, mean over what is known of the site."""
    edges = campaign.month_edges
    skies = campaign.station.skies
    days = np.mean([days_within(sky.dawns, sky.dusks, edges) for sky in skies], axis=0)
    return [round(float(share), 4) for share in np.diff(days) / np.diff(edges)]


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
        "at_station": row.at_station,
        "stage": None if row.crew is None else STAGES[row.crew.stage],
        "rank": row.rank,
    }


def _unit(row: MissionRow, unit: UnitRow, campaign: Campaign) -> dict[str, Any]:
    kind = campaign.elements[unit.element]
    return {"mission": row.id, "element": kind.id, "name": kind.name, "role": ROLES[kind.role]}


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
