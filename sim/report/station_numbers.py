"""The tables of the station in a report: adequacy and people, scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from sim.analysis.estimates import Estimate
from sim.analysis.results import Results
from sim.plots.words import percent, scenario_labels
from sim.report.numbers import SCENARIOS_SIDE_BY_SIDE, Row, Table, parts

Lines = list[str]
"""The lines of a cell."""

_CLASSES = {
    "crew-safety": "Crew safety",
    "keep-alive": "Keeping alive",
    "operations": "Operations",
    "science": "Science",
    "isru": "Resource use",
    "any": "Any of these",
}


def adequacy_tables(results: Results) -> list[Table[Lines]]:
    """Is there enough power, for which class of loads? Empty if no monthly series were recorded."""
    if results.batch["record"] == "dates":
        return []
    known = results.adequacy().to_dict("records")
    cells = {(str(row["load_class"]), str(row["scenario"])): _adequacy(row) for row in known}
    titles = {name: _CLASSES.get(name, name) for name in dict.fromkeys(row["load_class"] for row in known)}
    return _side_by_side(results, titles, cells)


def crew_tables(results: Results) -> list[Table[Lines]]:
    """What of people at the station?"""
    cells: dict[tuple[str, str], Lines] = {}
    ends = results.stays()
    for row in results.crew().to_dict("records"):
        name = str(row["scenario"])
        cells["days", name] = [_with_error(row, "crew_days"), f"{_with_error(row, 'visits')} visits"]
        cells["tended", name] = [_percent(row["tended"], row["tended_se"])]
        cells["dose", name] = _dose(row)
        cells["lost", name] = [
            f"{100 * row['lost']:.1f} %" if isfinite(row["lost"]) else "no flight",
            f"{100 * row['lost_low']:.1f} … {100 * row['lost_high']:.1f} %",
        ]
        cells["any", name] = [
            percent(row["any_lost"]),
            f"{100 * row['any_lost_low']:.0f} … {100 * row['any_lost_high']:.0f} %",
        ]
        own = ends[(ends["scenario"] == name) & (ends["end"] != "planned")]
        early = own.groupby("end")["stays"].sum()
        cells["early", name] = [f"{end}: {count:.2f}" for end, count in early.items()] or ["none"]
    titles = {
        "days": "Person-days at the station, and visits",
        "tended": "Share of the time with people there",
        "early": "Stays that end early, in each replication, by cause",
        "dose": "Dose of a person in a mission",
        "lost": "Loss of crew, by crewed flight",
        "any": "Replications with a loss of crew",
    }
    return _side_by_side(results, titles, cells)


def _adequacy(row: Mapping[Any, Any]) -> Lines:
    hours = Estimate(row["lolh"], row["lolh_se"])
    energy = Estimate(row["eue_kwh"], row["eue_kwh_se"])
    return [f"{_plus_minus(hours)} h", f"{_plus_minus(energy)} kWh", _percent(row["lolp"], row["lolp_se"])]


def _dose(row: Mapping[Any, Any]) -> Lines:
    if not isfinite(row["dose_p50"]):
        return ["no flight"]
    return [f"P50 {row['dose_p50']:.0f} mSv", f"P90 {row['dose_p90']:.0f} mSv"]


def _with_error(row: Mapping[Any, Any], name: str) -> str:
    return _plus_minus(Estimate(row[name], row[f"{name}_se"]))


def _plus_minus(estimate: Estimate) -> str:
    """Write an estimate; an exact nothing without its error.

    >>> _plus_minus(Estimate(0.0, 0.0)), _plus_minus(Estimate(23.4, 1.26))
    ('0', '23.4 ± 1.3')
    """
    if estimate.value == 0 and not estimate.standard_error > 0:
        return "0"
    return str(estimate).replace("+-", "±")


def _percent(value: float, error: float) -> str:
    return "n/a" if not isfinite(value) else f"{100 * value:.1f} ± {100 * error:.1f} %"


def _side_by_side(
    results: Results, titles: Mapping[str, str], cells: Mapping[tuple[str, str], Lines]
) -> list[Table[Lines]]:
    labels = scenario_labels(results.saved)
    return [
        Table(
            columns=[labels[name] for name in part],
            rows=[
                Row(title, "", [cells.get((key, name)) for name in part]) for key, title in titles.items()
            ],
        )
        for part in parts(results.scenarios, SCENARIOS_SIDE_BY_SIDE)
    ]
