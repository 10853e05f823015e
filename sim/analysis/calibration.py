"""The fits as tables: what was fitted, on how much, how sure, and how well it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.display import Rendered
from sim.evidence.calibrate import Calibration, calibrate, families, slug, tallies
from sim.evidence.cases import Case, announced_cases, weights
from sim.evidence.lognormal import CLASSES, Z_90
from sim.evidence.record import Record, read_record
from sim.evidence.slips import POOL, SlipFit
from sim.evidence.success import BetaFit

LEVEL = 0.8
_SHOWN = ["reference_class", "missions", "flown", "on_time", "median", "low", "high", "inside_80"]


@dataclass(frozen=True)
class Fits(Rendered):
    """The record, and what was fitted to it."""

    record: Record
    fit: Calibration

    def __repr__(self) -> str:
        head = f"Fits to the record up to {self.fit.evidence}; see sim.analysis.calibration for the others"
        return f"{head}\n{slips(self)[_SHOWN].to_string(index=False)}"


def calibrated(record: Record | None = None) -> Fits:
    """Fit the shipped record, or another.

    Raises:
        RecordError: a table is missing or wrong.
    """
    chosen = record or read_record()
    return Fits(chosen, calibrate(chosen))


def slips(fits: Fits) -> pd.DataFrame:
    """How plans slip, by agency.

    Columns: ``reference_class``, ``missions``, ``flown``, ``announcements``, ``on_time``, ``median``
    growth with its 90 percent interval ``low`` and ``high``, ``sigma``, ``cap_years``, ``floor_years``, and
    ``inside_80``: the share of its missions inside the central 80 percent of the fit (in the sample; what
    has not flown counts by the share that would be).
    """
    cases = announced_cases(fits.record, plan_floor=False)
    rows = []
    for name, fit in fits.fit.slips.items():
        own = cases if name == POOL else [case for case in cases if slug(case.group) == name]
        low, high = np.exp(fit.mu + Z_90 * fit.errors[1] * np.array([-1, 1]))
        rows.append(
            {
                "reference_class": name,
                "missions": fit.missions,
                "flown": fit.flown,
                "announcements": fit.cases,
                "on_time": fit.on_time_probability,
                "median": fit.median,
                "low": low,
                "high": high,
                "sigma": fit.sigma,
                "cap_years": fit.cap,
                "floor_years": fit.floor,
                "inside_80": share_inside(fit, own),
            }
        )
    return pd.DataFrame(rows)


def share_inside(fit: SlipFit, cases: list[Case]) -> float:
    """Share of cases inside the central 80 percent of a fit, missions counting once [-]."""
    tail = (1 - LEVEL) / 2
    inside = []
    for case in cases:
        value = float(fit.cdf(case.lead, case.half, np.array([case.time]))[0])
        if case.flown:
            inside.append(float(tail <= value <= 1 - tail))
        else:
            inside.append(max(0.0, 1 - tail - max(value, tail)) / max(1 - value, 1e-9))
    return float(np.average(inside, weights=weights(cases))) if cases else float("nan")


def landings(fits: Fits) -> pd.DataFrame:
    """Landing success of the families that have flown, on their own and drawn towards the others, and of a
    family that has not flown, by class.

    Columns: ``name``, ``kind`` (family or class), ``descents``, ``successes``, ``own`` (Jeffreys mean),
    ``mean``, ``low``, ``high`` (90 percent), ``a``, ``b``.
    """
    found = families(fits.record.landings)
    by_name = dict(zip(found, tallies(found), strict=True))
    rows = []
    for name, fit in fits.fit.families.items():
        successes, descents = by_name[name]
        own = (successes + 0.5) / (descents + 1)
        rows.append(_success_row(name, fit, "family", own))
    rows += [_success_row(name, fit, "class", float("nan")) for name, fit in fits.fit.landings.items()]
    return pd.DataFrame(rows)


def launchers(fits: Fits) -> pd.DataFrame:
    """Launch success by vehicle (Jeffreys) and by class; columns as `landings`."""
    names = {slug(row.vehicle): row.vehicle for row in fits.record.launches}
    classes = [name for name in fits.fit.launchers if name not in names]
    order = [*(name for name in fits.fit.launchers if name in names), *classes]
    return pd.DataFrame(
        [
            _success_row(
                name, fits.fit.launchers[name], "class" if name in classes else "family", float("nan")
            )
            for name in order
        ]
    )


def _success_row(name: str, fit: BetaFit, kind: str, own: float) -> Mapping[str, object]:
    low, high = fit.interval()
    return {
        "name": name,
        "kind": kind,
        "descents": fit.count,
        "successes": fit.successes,
        "own": own,
        "mean": fit.mean,
        "low": low,
        "high": high,
        "a": fit.a,
        "b": fit.b,
    }


def stand_downs(fits: Fits) -> pd.DataFrame:
    """From a failure to the next flight, by class.

    Columns: ``reference_class``, ``what``, ``cases``, ``censored``, ``median`` with ``low`` and ``high``
    (90 percent) [d], ``sigma``, ``distance`` of the fit from the product-limit estimate and the
    ``critical`` distance beyond which it would be refused at 5 percent.
    """
    rows = []
    for name, fit in fits.fit.stand_downs.items():
        low, high = fit.interval
        rows.append(
            {
                "reference_class": name,
                "what": CLASSES[name][0],
                "cases": fit.count,
                "censored": fit.censored,
                "median": fit.median,
                "low": low,
                "high": high,
                "sigma": fit.sigma,
                "distance": fit.distance,
                "critical": fit.critical_distance,
            }
        )
    return pd.DataFrame(rows)


def growth(fits: Fits) -> pd.DataFrame:
    """What the landings say of growth with experience, and of common movement of plans.

    Columns: ``what``, ``value``, ``low``, ``high`` (90 percent), ``n``, ``no_growth``: the value that means
    none; an interval that holds it is weak evidence. A share has no such value.
    """
    found = fits.fit.growth
    slope, fixes = found.slope, found.fixes
    half = Z_90 * slope.error
    rows = [
        ("logistic slope on ln(descent number)", slope.value, slope.value - half, slope.value + half,
         slope.count, 0.0),
        ("fix effectiveness", fixes.fix_effectiveness.mean, fixes.fix_effectiveness.low,
         fixes.fix_effectiveness.high, fixes.flights, float("nan")),
        ("learning from a success", fixes.learning.mean, fixes.learning.low, fixes.learning.high,
         fixes.flights, float("nan")),
        *((f"Crow-AMSAA shape, {name}", law.shape, *law.interval, law.failures, 1.0)
          for name, law in found.power_laws.items()),
        *((f"correlation of yearly plan revisions, {name}", row.value, row.low, row.high, row.pairs, 0.0)
          for name, row in fits.fit.correlations.items()),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value", "low", "high", "n", "no_growth"])
