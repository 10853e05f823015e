"""What happens at the station in one future, row by row: the table of `station_of_future`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.plots.choose import choose_missions

if TYPE_CHECKING:
    from sim.analysis.future import Future

COLUMNS = ["part", "name", "kind", "start", "end", "value"]
_MISSION_EVENTS = ("landed", "launch failure", "landing failure", "cancelled", "crew lost")
_DEATH = "dies of cold"
_STAND_DOWN = re.compile(r"(\d+) days$")


def station_of_future_table(future: Future) -> pd.DataFrame:
    """What happens at the station in a traced replication.

    Returns:
        Columns ``part`` (``mission``, ``element``, ``phase``), ``name`` of the mission, the element or
        the track, ``kind`` (``planned``, an event such as ``landed``, ``stand-down``, ``working``,
        ``dies of cold``, or the title of a phase), ``start``, ``end``, ``value`` (how many elements
        work). Of a pattern of missions only the first is there.
    """
    rows = [*_missions(future), *_elements(future), *_phases(future)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _missions(future: Future) -> list[list[Any]]:
    """Planned launches, events and stand-downs of the missions that bring something to the station."""
    about = {row["id"]: row for row in future.meta["missions"]}
    chosen = choose_missions(future.meta["missions"], history=False)
    events = future.events()
    rows: list[list[Any]] = []
    for mission, name, planned in zip(chosen["mission"], chosen["name"], chosen["planned"], strict=True):
        if not about[mission]["at_station"]:
            continue
        rows.append(["mission", name, "planned", planned, planned, 1.0])
        own = events[events["mission"] == mission]
        for date, what, detail in zip(own["date"], own["what"], own["detail"], strict=True):
            if what in _MISSION_EVENTS:
                rows.append(["mission", name, what, date, date, 1.0])
            days = _STAND_DOWN.search(detail) if what == "stand-down begins" else None
            if days:
                end = min(date + pd.Timedelta(days=int(days[1])), pd.Timestamp(future.meta["horizon"]))
                rows.append(["mission", name, "stand-down", date, end, 1.0])
    return rows


def _elements(future: Future) -> list[list[Any]]:
    """When how many elements of each kind work, and which die of cold."""
    horizon = pd.Timestamp(future.meta["horizon"])
    rows: list[list[Any]] = []
    for name, steps in future.station.working().groupby("element", sort=False):
        ends = [*steps["date"].iloc[1:], horizon]
        rows += [
            ["element", name, "working", start, end, float(count)]
            for start, end, count in zip(steps["date"], ends, steps["working"], strict=True)
            if count > 0 and end > start
        ]
    known = {row[1] for row in rows}
    events = future.events()
    deaths = events[(events["what"] == _DEATH) & events["detail"].isin(known)]
    rows += [
        ["element", name, _DEATH, date, date, 1.0]
        for name, date in zip(deaths["detail"], deaths["date"], strict=True)
    ]
    return rows


def _phases(future: Future) -> list[list[Any]]:
    phases = future.station.phases()
    return [
        ["phase", row["track"], row["title"], row["start"], row["end"], 1.0]
        for row in phases.to_dict("records")
    ]
