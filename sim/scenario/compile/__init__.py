"""From a scenario to a campaign: dates to days, ids to numbers, distributions to slots."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from sim.nature.calendar import day_of, month_starts, year_starts
from sim.scenario.campaign import (
    NONE,
    Campaign,
    ElementRow,
    Floats,
    MilestoneRow,
    StationRow,
    TrackRow,
)
from sim.scenario.compile.conditions import ROLES, NodeList
from sim.scenario.compile.fleet import fleet_rows, pad_row, programme_row
from sim.scenario.compile.manifest import manifest
from sim.scenario.compile.missions import MissionCompiler, link_rows, slip_table
from sim.scenario.compile.slots import SlotList
from sim.scenario.compile.windows import WindowList
from sim.scenario.schema import LOAD_CLASSES, Element, PhaseTrack, Scenario

__all__ = ["ROLES", "compile_campaign"]


def compile_campaign(scenario: Scenario, name: str) -> Campaign:
    """Work out everything that does not depend on luck.

    Args:
        scenario: a checked scenario.
        name: its name in results.
    """
    entries, unknown = manifest(scenario)
    missions = {entry.id: number for number, entry in enumerate(entries)}
    horizon_days = day_of(scenario.horizon, scenario.data_date)
    slots = SlotList()
    nodes = NodeList(scenario, missions, _numbered(scenario.families))
    windows = WindowList(scenario, horizon_days)
    links = link_rows(scenario, entries, missions)
    compiler = MissionCompiler(scenario, entries, links, slots, nodes, windows)
    mission_rows = tuple(compiler.row(entry) for entry in entries)
    milestones = tuple(
        MilestoneRow(key, milestone.title, nodes.node(milestone.condition))
        for key, milestone in scenario.milestones.items()
    )
    tracks = tuple(_track_row(key, track, nodes) for key, track in scenario.phases.items())
    vehicles, families, reliability = fleet_rows(scenario, entries, slots)
    months = month_starts(scenario.data_date, scenario.horizon - timedelta(days=1))
    return Campaign(
        name=name,
        title=scenario.title,
        data_date=scenario.data_date,
        horizon=scenario.horizon,
        horizon_days=horizon_days,
        month_edges=_month_edges(months, scenario.data_date, horizon_days),
        months=tuple(months),
        year_edges=tuple(
            day_of(day, scenario.data_date) for day in year_starts(scenario.data_date, scenario.horizon)
        ),
        slips=slip_table(scenario, entries, missions, slots),
        reliability=reliability,
        missions=mission_rows,
        links=links,
        programmes=tuple(
            programme_row(key, programme, scenario, entries, slots)
            for key, programme in scenario.programmes.items()
        ),
        vehicles=vehicles,
        families=families,
        pads=tuple(pad_row(key, pad, scenario) for key, pad in scenario.pads.items()),
        windows=tuple(windows.rows),
        elements=tuple(_element_row(key, item) for key, item in scenario.elements.items()),
        station=_station_row(scenario),
        quantities=nodes.quantities,
        nodes=nodes.finish(milestones, tracks),
        node_names=nodes.names(),
        watchers=nodes.watchers(),
        milestones=milestones,
        tracks=tracks,
        unknown_missions=unknown,
        slots=slots.finish(),
    )


def _numbered(table: Iterable[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(table)}


def _month_edges(months: list[date], data_date: date, horizon_days: float) -> Floats:
    starts = [max(0.0, day_of(month, data_date)) for month in months]
    return np.array([*starts, horizon_days])


def _element_row(name: str, element: Element) -> ElementRow:
    load_dark_kw = element.load_lit_kw if element.load_dark_kw is None else element.load_dark_kw
    return ElementRow(
        id=name,
        name=element.name,
        role=ROLES.index(element.role),
        capacity_kw=element.capacity_kw,
        lit_kw=element.capacity_kw * element.lit_factor,
        dark_kw=element.capacity_kw * element.dark_factor,
        usable_kwh=element.usable_kwh,
        discharge_kw=math.inf if element.discharge_kw is None else element.discharge_kw,
        load_lit_kw=element.load_lit_kw,
        load_dark_kw=load_dark_kw,
        load_class=LOAD_CLASSES.index(element.load_class),
    )


def _station_row(scenario: Scenario) -> StationRow:
    station = scenario.station
    return StationRow(
        name=station.name,
        longest_darkness_hours=station.longest_darkness_days * 24,
        lit_share=station.lit_share,
        crew_load_kw=station.crew_load_kw,
    )


def _track_row(name: str, track: PhaseTrack, nodes: NodeList) -> TrackRow:
    steps = track.steps.values()
    return TrackRow(
        id=name,
        title=track.title,
        phases=tuple(track.steps),
        titles=tuple(step.title for step in steps),
        nodes=tuple(nodes.node(step.when) if step.when else NONE for step in steps),
    )
