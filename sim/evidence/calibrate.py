"""From the record to the numbers of the reference classes, and to the file that ships them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10
from pathlib import Path
from typing import Any

from sim.evidence.cases import Case, announced_cases
from sim.evidence.correlation import Correlation, fit_correlation, series
from sim.evidence.growth import (
    FixFit,
    PowerLaw,
    Slope,
    crow_amsaa,
    fit_fixes,
    logistic_slope,
)
from sim.evidence.lognormal import LognormalFit, fit_stand_downs
from sim.evidence.record import DATA, Landing, LaunchCount, Record
from sim.evidence.slips import SlipFit, fit_slips
from sim.evidence.success import BetaFit, Hierarchy, jeffreys

FILE = DATA / "calibration.json"
NEW_AGE = 1990
MATURE = 10
"""Flights from which on a launch vehicle is no new one (assumption)."""
SERIES = 3
"""Missions that make a series whose common movement is looked at."""
NEW_LAUNCHER = BetaFit(2.0, 1.0, 0, 0)
"""First and second flight of a new launcher fail with about 1/3 and 1/4 (Guikema and Pate-Cornell 2004):
Beta(2, 1), which a success turns into Beta(3, 1)."""

Families = dict[str, list[Landing]]


@dataclass(frozen=True)
class Growth:
    """What the landings say of growth with experience."""

    slope: Slope
    fixes: FixFit
    power_laws: dict[str, PowerLaw]


@dataclass(frozen=True)
class Calibration:
    """All fits, by name of the reference class.

    Attributes:
        evidence: the newest day that the record speaks of.
        landings: priors of lander families, by class.
        families: posteriors of the families that have flown.
        launchers: by vehicle, and the classes `mature` and `new-launcher`.
        robotic: the hierarchy behind the landings.
    """

    evidence: date
    slips: dict[str, SlipFit]
    correlations: dict[str, Correlation]
    landings: dict[str, BetaFit]
    families: dict[str, BetaFit]
    launchers: dict[str, BetaFit]
    stand_downs: dict[str, LognormalFit]
    growth: Growth
    robotic: Hierarchy


def calibrate(record: Record) -> Calibration:
    """Fit everything; from a record cut back to a day, what was known on that day."""
    descents = families(record.landings)
    robotic = {name: rows for name, rows in descents.items() if rows[0].kind != "crewed"}
    hierarchy = Hierarchy(tallies(robotic))
    cases = announced_cases(record)
    members: dict[str, list[str]] = {}
    for mission in sorted({row.mission for row in record.announcements}):
        members.setdefault(series(mission), []).append(mission)
    found = (
        (slug(name), fit_correlation(record.announcements, missions))
        for name, missions in members.items()
        if len(missions) >= SERIES
    )
    return Calibration(
        evidence=record.evidence,
        slips={slug(name): fit for name, fit in fit_slips(cases).items()} if enough(cases) else {},
        correlations={name: fit for name, fit in found if fit is not None},
        landings=landing_classes(descents),
        families={
            name: hierarchy.family(*tally) for name, tally in zip(robotic, tallies(robotic), strict=True)
        },
        launchers=launcher_classes(record.launches),
        stand_downs=fit_stand_downs(record.stand_downs),
        growth=fit_growth(robotic),
        robotic=hierarchy,
    )


def enough(cases: Sequence[Case]) -> bool:
    """Tell whether anything can be fitted to cases: some mission must have flown."""
    return any(case.flown for case in cases)


def slug(name: str) -> str:
    """Make a name as scenarios write it.

    >>> slug("US commercial")
    'us-commercial'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def families(landings: Iterable[Landing]) -> Families:
    """Collect the descents of each lander family, in order."""
    found: Families = {}
    for row in sorted(landings, key=lambda row: row.known):
        if row.descended and row.counts:
            found.setdefault(row.family, []).append(row)
    return found


def makers(landings: Iterable[Landing]) -> Families:
    """Collect the robotic descents by country, kind and age: what one maker's next lander is drawn from.

    Landers before and after 1990 have different makers in all but name (assumption).
    """
    found: Families = {}
    for row in sorted(landings, key=lambda row: row.known):
        if row.descended and row.counts and row.kind != "crewed":
            age = "old " if row.launched.year < NEW_AGE else ""
            found.setdefault(f"{age}{row.country} {row.kind}", []).append(row)
    return found


def tallies(found: Families) -> list[tuple[int, int]]:
    """Count successes and descents of each family."""
    return [(sum(row.success for row in rows), len(rows)) for rows in found.values()]


def landing_classes(found: Families) -> dict[str, BetaFit]:
    """Priors of a family that has not flown, by the class that it is drawn from.

    `robotic-lander-but-russia` leaves the families of one country out: the prior of its next family, where
    the scenario counts that country's own landings itself.
    """
    robotic = {name: rows for name, rows in found.items() if rows[0].kind != "crewed"}
    classes = {
        "robotic-lander": robotic,
        "state-lander": {k: v for k, v in robotic.items() if v[0].kind == "robotic state"},
        "commercial-lander": {k: v for k, v in robotic.items() if v[0].kind == "robotic commercial"},
        "crewed-lander": {k: v for k, v in found.items() if v[0].kind == "crewed"},
    }
    for country in sorted({rows[0].country for rows in robotic.values()}):
        others = {k: v for k, v in robotic.items() if v[0].country != country}
        classes[f"robotic-lander-but-{slug(country)}"] = others
    return {name: Hierarchy(tallies(members)).family() for name, members in classes.items() if members}


def launcher_classes(launches: Sequence[LaunchCount]) -> dict[str, BetaFit]:
    """Launch vehicles with their own record, and the classes for those without one."""
    own = {slug(row.vehicle): jeffreys(row.attempts - row.failures, row.attempts) for row in launches}
    single = [row for row in launches if "together" not in row.vehicle and row.attempts >= MATURE]
    mature = Hierarchy([(row.attempts - row.failures, row.attempts) for row in single]).family()
    return {"new-launcher": NEW_LAUNCHER, "mature-launcher": mature, **own}


def fit_growth(robotic: Families) -> Growth:
    """Fit growth over the robotic families."""
    sequences = [[row.success for row in rows] for rows in robotic.values()]
    laws = {}
    for name, rows in robotic.items():
        failed = [number for number, row in enumerate(rows, start=1) if not row.success]
        if len(rows) > 3 and failed and failed != [len(rows)]:
            laws[name] = crow_amsaa(failed, len(rows))
    return Growth(logistic_slope(sequences), fit_fixes(sequences), laws)


def as_data(fit: Calibration) -> dict[str, Any]:
    """Write the numbers that scenarios can name as plain data, rounded to four digits."""
    return {
        "evidence": fit.evidence.isoformat(),
        "slips": {name: slip_data(row) for name, row in fit.slips.items()},
        "landings": {name: _beta_data(row) for name, row in fit.landings.items()},
        "launchers": {name: _beta_data(row) for name, row in fit.launchers.items()},
        "stand_downs": {
            name: {
                "median": _short(row.median),
                "sigma": _short(row.sigma),
                "count": row.count,
                "censored": row.censored,
            }
            for name, row in fit.stand_downs.items()
        },
    }


def slip_data(fit: SlipFit) -> dict[str, Any]:
    """Write a slip fit with the names that a slip class of a scenario has."""
    return {
        "on_time_probability": _short(fit.on_time_probability),
        "median_growth": _short(fit.median),
        "sigma": _short(fit.sigma),
        "median_uncertainty": _short(fit.errors[1]),
        "lead_cap_years": _short(max(fit.cap, fit.floor)),
        "lead_floor_years": _short(fit.floor),
        "lead_from": "announcement",
        "missions": fit.missions,
        "flown": fit.flown,
        "announcements": fit.cases,
    }


def text_of(data: Mapping[str, Any]) -> str:
    """Write the numbers as they stand in the shipped file."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def write_calibration(fit: Calibration, path: Path = FILE) -> None:
    """Write the file that scenarios read their reference classes from."""
    path.write_text(text_of(as_data(fit)), encoding="utf-8")


def _beta_data(fit: BetaFit) -> dict[str, Any]:
    return {"a": _short(fit.a), "b": _short(fit.b), "count": fit.count, "successes": fit.successes}


def _short(value: float) -> float:
    """Round to four significant digits: more would differ between machines and mean nothing."""
    return round(value, 3 - floor(log10(abs(value)))) if value else 0.0
