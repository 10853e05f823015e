"""Capacity credit: how much more load one more unit carries, at the same reliability.

``sim.studies.capacity_credit("baseline", {"missions.station-power-1.elements.reactor-40kw": 2})`` runs the
scenario with a constant load, and with what is added under more and more of it, until as many hours a year
are short of power as before. All runs have common random numbers, so that a few hundred replications do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.adequacy import ANY, series_of
from sim.analysis.display import as_html
from sim.analysis.estimates import CONFIDENCE, Estimate, Floats, z_value
from sim.analysis.periods import HOURS_PER_YEAR, By, periods
from sim.analysis.saved import SavedScenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.api import Scenario

EXTRA_LOAD = "station.extra_load_kw"
_FIRST_KW, _MOST_KW = 1.0, 4096.0
_MOST_WIDENINGS = 4


@dataclass
class CapacityCredit:
    """Effective firm capacity of what is added [kW].

    Attributes:
        added: the settings that add it.
        load_class: whose hours without enough power are held.
        load_kw: the constant load of all runs [kW].
        lolh: hours a year without it [h/yr].
        lolh_with: hours a year with it, at the same load [h/yr].
        kw: the constant load that it carries beside, at the hours without it; nan if there are none to
            hold, infinite if no load below 4096 kW is too much.
        low, high: 90 percent interval [kW].
        replications: on how many it stands.
    """

    added: Mapping[str, Any]
    load_class: str
    load_kw: float
    lolh: Estimate
    lolh_with: Estimate
    kw: float = nan
    low: float = nan
    high: float = nan
    replications: int = 0
    tried: list[tuple[float, Estimate, Estimate]] = field(default_factory=list)

    def table(self) -> pd.DataFrame:
        """The loads that were tried.

        Columns: ``extra_load_kw``, ``lolh`` with its standard error, ``difference`` from the scenario as it
        is with its paired standard error [h/yr].
        """
        import pandas as pd

        columns = ["extra_load_kw", "lolh", "lolh_se", "difference", "difference_se"]
        rows = [
            (kw, hours.value, hours.standard_error, more.value, more.standard_error)
            for kw, hours, more in sorted(self.tried, key=lambda item: item[0])
        ]
        return pd.DataFrame(rows, columns=columns)

    def as_row(self) -> dict[str, Any]:
        """What was found as plain values [kW], [h/yr]."""
        return {
            "added": dict(self.added),
            "load_class": self.load_class,
            "load_kw": self.load_kw,
            "lolh": self.lolh.value,
            "lolh_with": self.lolh_with.value,
            "credit_kw": self.kw,
            "low_kw": self.low,
            "high_kw": self.high,
            "replications": self.replications,
        }

    def __str__(self) -> str:
        added = ", ".join(f"{key}={value}" for key, value in self.added.items())
        head = (
            f"{added}\n"
            f"  hours short of power ({self.load_class}): {self.lolh} a year without it, "
            f"{self.lolh_with} with it, both with a constant load of {self.load_kw:g} kW\n"
        )
        if np.isnan(self.kw):
            return f"{head}  capacity credit: none can be given, the scenario is never short of power"
        return (
            f"{head}  capacity credit: {self.kw:.1f} kW (90 % interval {self.low:.1f} to {self.high:.1f} "
            f"kW, {self.replications} replications)"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(str(self), self.table())


@dataclass(frozen=True)
class Hours:
    """Hours short of power, and years, of each replication."""

    short: Floats
    years: Floats

    @property
    def rate(self) -> float:
        """Hours a year [h/yr]."""
        return float(self.short.sum() / self.years.sum()) if self.years.sum() else nan

    def influence(self) -> Floats:
        """What each replication adds to the rate, mean 0 [h/yr]."""
        total = self.years.mean()
        return np.asarray((self.short - self.rate * self.years) / total if total else self.short * nan)

    def estimate(self) -> Estimate:
        """The rate with its standard error."""
        return Estimate(self.rate, _error(self.influence()))


def difference(left: Hours, right: Hours) -> Estimate:
    """Difference of two rates, replication by replication."""
    return Estimate(left.rate - right.rate, _error(left.influence() - right.influence()))


def capacity_credit(
    scenario: Scenario,
    add: Mapping[str, Any],
    *,
    load_class: str = "operations",
    load_kw: float = 5.0,
    years: tuple[int, int] | None = None,
    phase: str | None = None,
    n: int = 200,
    seed: int = 1,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str | Path] = (),
    tolerance_kw: float = 0.1,
    workers: int | None = None,
    progress: bool = True,
) -> CapacityCredit:
    """Find the effective firm capacity of more units.

    Args:
        scenario: name of a shipped one, file, draft, or loaded scenario; no sweep.
        add: dotted keys and values that add the units.
        load_class: the class of loads whose hours of shortfall are held; ``any`` for all. The extra load
            is of the class ``operations``.
        load_kw: the constant load that all runs have, for without any the first kilowatt would bring the
            hours of all futures in which little works [kW].
        years: first and last calendar year that count; by default all, or those of the phase.
        phase: of the track ``station``; only the time in it counts.
        n: replications of each run.
        seed: of all runs.
        settings: dotted keys and values laid over all runs.
        overrides: scenarios whose changes are laid over it, as with ``--with``.
        tolerance_kw: how closely the load is searched [kW].
        workers: processes; by default all cores.
        progress: show a progress bar for each run.

    Raises:
        ScenarioError: the scenario or what is added is wrong.
        ValueError: it is a sweep, both years and a phase are given, or there is no such class of loads or
            phase.
    """
    if years is not None and phase is not None:
        raise ValueError("give years or a phase, not both")
    from sim.api import resolve_one, run

    base = dict(settings or {})
    resolve_one(scenario, base | dict(add), overrides)

    def hours(more: Mapping[str, Any]) -> Hours:
        with tempfile.TemporaryDirectory(prefix="ilrs-credit-") as folder:
            results = run(scenario, n, seed=seed, settings=base | dict(more), overrides=overrides,
                          out=folder, workers=workers, progress=progress)  # fmt: skip
            return hours_short(results.saved[0], load_class, years, phase)

    return credit_of(hours, add, load_class, load_kw, tolerance_kw)


def credit_of(
    hours: Callable[[Mapping[str, Any]], Hours],
    add: Mapping[str, Any],
    load_class: str,
    load_kw: float,
    tolerance_kw: float,
) -> CapacityCredit:
    """Find the credit from runs that give the hours short of power under settings."""
    without = hours({EXTRA_LOAD: load_kw})
    credit = CapacityCredit(dict(add), load_class, load_kw, without.estimate(), Estimate(nan, nan))
    credit.replications = len(without.short)

    def excess(kw: float) -> Estimate:
        found = hours(dict(add) | {EXTRA_LOAD: load_kw + kw})
        more = difference(found, without)
        credit.tried.append((kw, found.estimate(), more))
        return more

    excess(0.0)
    credit.lolh_with = credit.tried[0][1]
    if without.rate > 0:
        credit.kw = search(excess, credit.tried[0][2].value, tolerance_kw)
        widen(excess, credit)
        credit.low, credit.high = interval(credit.tried)
    return credit


def hours_short(
    saved: SavedScenario, load_class: str, years: tuple[int, int] | None, phase: str | None
) -> Hours:
    """Hours short of power and years of each replication, in the time that counts."""
    known = [*saved.meta["load_classes"], ANY]
    if load_class not in known:
        raise ValueError(f"there is no class of loads {load_class!r}; there are {', '.join(known)}")
    name = series_of(load_class)["share"]
    by: By = "year" if years else "phase" if phase else None
    found = periods(saved, [name], by)
    if years:
        found = [item for item in found if years[0] <= item.about["year"] <= years[1]]
    elif phase:
        found = [item for item in found if item.about["phase"] == phase]
    if not found:
        raise ValueError(f"there is no such time: {years or phase}")
    short = np.sum([item.sums[name] for item in found], axis=0)
    time = np.sum([np.broadcast_to(item.hours, short.shape) for item in found], axis=0)
    return Hours(short, time / HOURS_PER_YEAR)


def search(excess: Callable[[float], Estimate], at_none: float, tolerance: float) -> float:
    """Find the load at which the excess of hours is zero: doubling, then halving the bracket.

    Returns:
        The load [kW]: 0 if what is added helps nothing, infinite if no load is too much.
    """
    if at_none >= 0:
        return 0.0
    low, high = 0.0, _FIRST_KW
    below, above = at_none, excess(high).value
    while above < 0:
        low, below, high = high, above, 2 * high
        if high > _MOST_KW:
            return inf
        above = excess(high).value
    while high - low > tolerance:
        middle = _between(low, high, below, above)
        value = excess(middle).value
        if value == 0:
            return middle
        if value < 0:
            low, below = middle, value
        else:
            high, above = middle, value
    return low + (high - low) * below / (below - above)


def widen(excess: Callable[[float], Estimate], credit: CapacityCredit) -> None:
    """Try more load, a few times, until it is surely too much: the upper end of the interval."""
    most = max(kw for kw, _, _ in credit.tried)
    for _ in range(_MOST_WIDENINGS):
        if np.isfinite(interval(credit.tried)[1]) or most >= _MOST_KW:
            return
        most *= 2
        excess(most)


def _between(low: float, high: float, below: float, above: float) -> float:
    """Between the middle and where the straight line crosses, away from the ends."""
    line = low + (high - low) * below / (below - above)
    middle = (low + high) / 2
    return min(max((line + middle) / 2, low + 0.1 * (high - low)), high - 0.1 * (high - low))


def interval(tried: list[tuple[float, Estimate, Estimate]]) -> tuple[float, float]:
    """The loads at which the excess does not differ from zero, between the loads that were tried [kW]."""
    ordered = sorted(tried, key=lambda item: item[0])
    loads = np.array([kw for kw, _, _ in ordered])
    more = np.array([excess.value for _, _, excess in ordered])
    half = z_value(CONFIDENCE) * np.array([excess.standard_error for _, _, excess in ordered])
    return _crossing(loads, more + half, 0.0), _crossing(loads, more - half, inf)


def _crossing(loads: Floats, values: Floats, never: float) -> float:
    """The first load at which values reach zero, on straight lines between them."""
    above = np.flatnonzero(values >= 0)
    if not len(above):
        return inf if never else float(loads[-1])
    first = int(above[0])
    if first == 0:
        return float(loads[0])
    step = -values[first - 1] / (values[first] - values[first - 1])
    return float(loads[first - 1] + step * (loads[first] - loads[first - 1]))


def _error(influence: Floats) -> float:
    count = len(influence)
    return float(influence.std(ddof=1)) / float(np.sqrt(count)) if count > 1 else nan
