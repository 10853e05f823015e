"""Is there enough power? Indices of adequacy by class of loads, and the balance of energy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.estimates import mean, share
from sim.analysis.periods import HOURS_PER_YEAR, By, Period, columns_of, periods, rate, table_of
from sim.analysis.saved import SavedScenario

ANY = "any"
_INDICES = ("lolp", "lolh", "eue_kwh", "neue", "lolf")
_LONGEST = ("longest_h", "longest_h_se", "longest_h_max")


def adequacy(scenarios: Sequence[SavedScenario], by: By = None, track: str = "station") -> pd.DataFrame:
    """Indices of adequacy, class of loads by class of loads, and for any of them.

    Columns: ``lolp`` is the share of replications with a shortfall in the period (of those that were in
    it), ``lolh`` the hours with a shortfall a year [h/yr], ``eue_kwh`` the energy not served a year
    [kWh/yr], ``neue`` that energy as a share of what all loads wanted [-], ``lolf`` the shortfalls that
    begin a year [1/yr]; each with its standard error (``_se``). ``years`` is the mean time in the period
    [yr]. Over the whole time there are also ``longest_h``, the mean of the longest shortfall of each
    replication [h], 0 for one without, and ``longest_h_max``, the longest of all.

    Rates are ratios of means: by phase, all hours of shortfall over all years in that phase.
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        for period in periods(saved, _needed(saved), by, track):
            about = {"scenario": saved.name, **period.about}
            for name in (*saved.meta["load_classes"], ANY):
                longest = _longest(saved, name) if by is None else {}
                rows.append({**about, "load_class": name, **_indices(saved, period, name), **longest})
    indices = [text for name in _INDICES for text in (name, f"{name}_se")]
    columns = ["load_class", "replications", "years", *indices, *(_LONGEST if by is None else ())]
    return table_of(rows, by, columns)


def energy(scenarios: Sequence[SavedScenario], by: By = None, track: str = "station") -> pd.DataFrame:
    """The balance of energy.

    Over the whole time a row for each part of ``generated = served + stored + lost + curtailed``, and for
    what was not served: ``kwh``, the mean over the replications, with its standard error, and ``share``
    of what was generated. By year or phase a row for each flow, with ``kwh`` a year [kWh/yr].
    """
    rows: list[dict[str, Any]] = []
    for saved in scenarios:
        rows += _balance(saved) if by is None else _flows(saved, by, track)
    if by is None:
        return table_of(rows, by, ["part", "kwh", "kwh_se", "share"])
    return table_of(rows, by, ["part", "years", "kwh", "kwh_se"])


def series_of(name: str) -> dict[str, str]:
    """Name the monthly series of a class of loads: hours, power not served, beginnings."""
    stem = name.replace("-", "_")
    return {
        "share": f"short_{stem}_share",
        "kw": f"unserved_{stem}_kw",
        "count": f"shortfalls_{stem}_count",
    }


def _needed(saved: SavedScenario) -> list[str]:
    classes = saved.meta["load_classes"]
    names = [name for item in classes for name in series_of(item).values()]
    rest = series_of(ANY)
    return [*names, rest["share"], rest["count"], "load_kw"]


def _indices(saved: SavedScenario, period: Period, name: str) -> dict[str, Any]:
    there, series = period.entered(), series_of(name)
    years = period.hours[there] / HOURS_PER_YEAR
    short, begun = period.sums[series["share"]][there], period.sums[series["count"]][there]
    unserved = _unserved(saved, period, name)[there]
    return {
        "replications": int(there.sum()),
        "years": float(years.mean()) if len(years) else 0.0,
        **columns_of("lolp", share(int((short > 0).sum()), len(short))),
        **columns_of("lolh", rate(short, years)),
        **columns_of("eue_kwh", rate(unserved, years)),
        **columns_of("neue", rate(unserved, period.sums["load_kw"][there])),
        **columns_of("lolf", rate(begun, years)),
    }


def _unserved(saved: SavedScenario, period: Period, name: str) -> Any:
    classes = saved.meta["load_classes"] if name == ANY else [name]
    return np.sum([period.sums[series_of(item)["kw"]] for item in classes], axis=0)


def _longest(saved: SavedScenario, name: str) -> dict[str, float]:
    """The longest shortfall of each replication, over the whole time."""
    longest = saved.values("longest_shortfall_h")
    own = longest.max(axis=1, initial=0) if name == ANY else longest[:, _number(saved, name)]
    if name == ANY or not len(own):
        return {}  # a shortfall of any class may be longer than that of each
    return {**columns_of("longest_h", mean(own)), "longest_h_max": float(own.max())}


def _number(saved: SavedScenario, name: str) -> int:
    return int(saved.meta["load_classes"].index(name))


def _balance(saved: SavedScenario) -> list[dict[str, Any]]:
    values = saved.values("energy_kwh")
    generated = float(values[:, 0].sum())
    return [
        {
            "scenario": saved.name,
            "part": part,
            **columns_of("kwh", mean(values[:, number])),
            "share": float(values[:, number].sum()) / generated if generated else np.nan,
        }
        for number, part in enumerate(saved.meta["energy"])
    ]


def _flows(saved: SavedScenario, by: By, track: str) -> list[dict[str, Any]]:
    classes = [series_of(name)["kw"] for name in saved.meta["load_classes"]]
    plain = [*saved.meta["generations"], "load", "served", "curtailed", "lost"]
    rows = []
    for period in periods(saved, [*(f"{name}_kw" for name in plain), *classes], by, track):
        years = period.hours / HOURS_PER_YEAR
        parts = {name: period.sums[f"{name}_kw"] for name in plain}
        parts["not-served"] = np.sum([period.sums[name] for name in classes], axis=0)
        about = {"scenario": saved.name, **period.about}
        length = {"years": float(years[period.entered()].mean()) if period.entered().any() else 0.0}
        rows += [
            {**about, "part": part, **length, **columns_of("kwh", rate(amounts, years))}
            for part, amounts in parts.items()
        ]
    return rows
