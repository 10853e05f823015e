"""Scenarios for hindcasts: the plans of the record as they stood on a data date, and nothing later.

Every mission of the record that had been announced and had not flown by the data date becomes a mission of
the real model, with the slips, losses and stand-downs that could be fitted on that day. The record tells
neither what a mission waits for nor its windows, so there are none: what the agencies' plans did not keep
is in the slips.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sim.evidence.calibrate import Calibration, calibrate, makers, slip_data, slug, tallies
from sim.evidence.cases import ON_TIME_DAYS, plans_in_force
from sim.evidence.record import Announcement, Record, known_at
from sim.evidence.slips import POOL
from sim.evidence.success import BetaFit, Hierarchy
from sim.scenario.load import Resolved
from sim.scenario.schema import Family, Mission, Pad, Programme, Scenario, Vehicle
from sim.scenario.schema.fleet import Destination, SlipClass
from sim.scenario.schema.planned import Interval
from sim.scenario.schema.reference import SLIP_NUMBERS

HORIZON = date(2051, 1, 1)
DATES = (date(2012, 1, 1), date(2016, 1, 1), date(2021, 1, 1), date(2023, 1, 1), date(2025, 1, 1))

OLD_LAUNCHER = BetaFit(19.0, 1.0, 0, 0)
"""Assumption: a launch vehicle in service fails with 2 to 8 percent; the shipped counts of launches are
totals of today and cannot be used for an earlier day."""
SERIES_CORRELATION = 0.25
"""Assumption, where no series of missions could be fitted by the data date."""
MAKERS = {
    "China": "China robotic state",
    "Roscosmos": "Russia robotic state",
    "ISRO": "India robotic state",
    "NASA": "old USA robotic state",
    "US commercial": "USA robotic commercial",
    "other commercial": "Japan robotic commercial",
}
"""Whose landings tell of the landers of an agency's group; for any other, all landings do."""


class HindcastError(ValueError):
    """No hindcast can be made from a data date; the text says why."""


def hindcast_scenario(base: Resolved, record: Record, data_date: date) -> Resolved:
    """Make the scenario of the plans of the record as they stood on a data date.

    Args:
        base: a shipped scenario, whose station and other tables stay; its missions are replaced.
        record: the whole record; only what was known on the data date is used.
        data_date: the day.

    Raises:
        HindcastError: nothing had flown by then that slips could be fitted to.
    """
    if data_date >= record.evidence:
        raise HindcastError(f"{data_date} is not past; take a day before {record.evidence}")
    known = known_at(record, data_date)
    fit = calibrate(known)
    if POOL not in fit.slips:
        raise HindcastError(f"nothing that had been announced had flown by {data_date}; take a later date")
    plans = plans_in_force(known.announcements, data_date)
    groups = sorted({row.group for row in plans.values()})
    scenario = base.scenario
    tables: Mapping[str, Any] = {
        "title": f"Seen from {data_date}",
        "question": f"When do the missions fly that were planned on {data_date}?",
        "data_date": data_date,
        "horizon": HORIZON,
        "missions": {slug(name): _mission(row, data_date) for name, row in plans.items()},
        "slip_classes": {**scenario.slip_classes, **{slug(g): _slip_class(g, fit) for g in groups}},
        "programmes": {**scenario.programmes, **{slug(g): _programme(g, fit) for g in groups}},
        "vehicles": {**scenario.vehicles, **_vehicles(groups, fit)},
        "families": {**scenario.families, **{slug(g): _family(g, known, fit) for g in groups}},
        "pads": {**scenario.pads, "record": Pad(name="Any pad", turnaround_days=0.0, count=99)},
        "destinations": {**scenario.destinations, "record": _destination()},
        "milestones": {}, "phases": {}, "delays": {}, "force": {},
    }  # fmt: skip
    made: Scenario = scenario.model_copy(update=dict(tables))
    return replace(base, name=f"{data_date:%Y-%m-%d}", scenario=made)


def landing_outlook(known: Record, group: str) -> BetaFit:
    """Give what was thought of the next landing of an agency's group: its maker among all makers."""
    found = makers(known.landings)
    hierarchy = Hierarchy(tallies(found))
    rows = found.get(MAKERS.get(group, ""), [])
    return hierarchy.family(sum(row.success for row in rows), len(rows))


def _mission(row: Announcement, data_date: date) -> Mission:
    half = timedelta(days=max(row.planned_half_width, ON_TIME_DAYS))
    last = max(row.planned + half, row.announced)
    first = max(min(row.planned - half, last), row.announced)
    ahead = max(0, (last - data_date).days)
    soonest = min(max(0, (first - data_date).days), ahead)
    lander = row.kind == "robotic lander"
    return Mission.model_validate(
        {
            "name": row.mission,
            "programme": slug(row.group),
            "destination": "record",
            "vehicle": _vehicle_of(row),
            "family": slug(row.group) if lander else None,
            "announcements": [
                {"announced": row.announced, "planned": Interval(first, last), "by": row.agency}
            ],
            "lead_days": {"uniform": {"low": float(soonest), "high": float(ahead)}},
        }
    )


def _vehicle_of(row: Announcement) -> str:
    return f"{slug(row.group)}-{'new' if row.kind == 'launch vehicle' else 'old'}"


def _slip_class(group: str, fit: Calibration) -> SlipClass:
    row = slip_data(fit.slips.get(slug(group), fit.slips[POOL]))
    return SlipClass.model_validate({name: row[name] for name in SLIP_NUMBERS})


def _programme(group: str, fit: Calibration) -> Programme:
    found = [row.value for row in fit.correlations.values()]
    correlation = max(0.0, sum(found) / len(found)) if found else SERIES_CORRELATION
    return Programme(name=group, slip=slug(group), slip_correlation=min(1.0, correlation))


def _vehicles(groups: list[str], fit: Calibration) -> dict[str, Vehicle]:
    priors = {"old": OLD_LAUNCHER, "new": fit.launchers["new-launcher"]}
    return {
        f"{slug(group)}-{kind}": Vehicle.model_validate(
            {
                "name": f"{group} launcher",
                "prior": {"a": prior.a, "b": prior.b},
                "fix_effectiveness": 0.0,
                "learning": 0.0,
                "stand_down_days": _stand_down(("launch-vehicle",), fit),
                "pads": ["record"],
                "production_per_year": 0.0,
                "stock": 999,
            }
        )
        for group in groups
        for kind, prior in priors.items()
    }


def _family(group: str, known: Record, fit: Calibration) -> Family:
    outlook, fixes = landing_outlook(known, group), fit.growth.fixes
    return Family.model_validate(
        {
            "name": f"{group} lander",
            "programme": slug(group),
            "prior": {"a": outlook.a, "b": outlook.b},
            "fix_effectiveness": {"beta": {"a": fixes.fix_effectiveness.a, "b": fixes.fix_effectiveness.b}},
            "learning": {"beta": {"a": fixes.learning.a, "b": fixes.learning.b}},
            "stand_down_days": _stand_down(("lander", "lander-1963-1976"), fit),
        }
    )


def _stand_down(names: tuple[str, ...], fit: Calibration) -> dict[str, Any]:
    """The first of some classes that could be fitted by the data date; none means no stand-down."""
    known = [fit.stand_downs[name] for name in names if name in fit.stand_downs]
    if not known:
        return {"fixed": 0.0}
    return {"lognormal": {"median": known[0].median, "sigma": known[0].sigma}}


def _destination() -> Destination:
    return Destination.model_validate({"name": "As announced", "transit_days": 5.0})
