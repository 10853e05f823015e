"""From a scenario to a campaign: dates to days, ids to numbers, distributions to slots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate

import numpy as np

from sim.nature.calendar import day_of, month_starts, year_starts
from sim.scenario.campaign import NONE, Campaign, Floats, MilestoneRow, TrackRow
from sim.scenario.compile.conditions import NodeList
from sim.scenario.compile.fleet import fleet_rows, pad_row, programme_row
from sim.scenario.compile.light import skies_of
from sim.scenario.compile.manifest import manifest
from sim.scenario.compile.missions import MissionCompiler, link_rows
from sim.scenario.compile.slips import slip_table
from sim.scenario.compile.slots import SlotList
from sim.scenario.compile.station import element_row, station_row
from sim.scenario.compile.windows import WindowList
from sim.scenario.schema import PhaseTrack, Scenario

__all__ = ["compile_campaign"]


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
    skies = skies_of(scenario.station, scenario.data_date, scenario.horizon)
    windows = WindowList(scenario, skies, horizon_days)
    links = link_rows(scenario, entries, missions)
    compiler = MissionCompiler(scenario, entries, links, slots, nodes, windows)
    mission_rows = tuple(compiler.row(entry) for entry in entries)
    milestones = _milestone_rows(scenario, nodes)
    tracks = tuple(_track_row(key, track, nodes) for key, track in scenario.phases.items())
    station = station_row(scenario, skies, nodes, slots)
    gate_parts = nodes.gate_parts()
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
        year_edges=_year_edges(scenario.data_date, scenario.horizon),
        slips=slip_table(scenario, entries, missions, slots),
        reliability=reliability,
        missions=mission_rows,
        first_units=tuple(accumulate((len(row.elements) for row in mission_rows), initial=0)),
        links=links,
        programmes=tuple(
            programme_row(key, programme, scenario, entries, slots)
            for key, programme in scenario.programmes.items()
        ),
        vehicles=vehicles,
        families=families,
        pads=tuple(pad_row(key, pad, scenario) for key, pad in scenario.pads.items()),
        windows=windows.rows(),
        elements=tuple(element_row(key, item, scenario) for key, item in scenario.elements.items()),
        station=station,
        quantities=nodes.quantities,
        nodes=nodes.finish(milestones, tracks),
        node_names=nodes.names(),
        watchers=nodes.watchers(),
        milestones=milestones,
        tracks=tracks,
        gate_parts=gate_parts,
        unknown_missions=unknown,
        slots=slots.finish(),
    )


def _numbered(table: Iterable[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(table)}


def _month_edges(months: list[date], data_date: date, horizon_days: float) -> Floats:
    starts = [max(0.0, day_of(month, data_date)) for month in months]
    return np.array([*starts, horizon_days])


def _year_edges(data_date: date, horizon: date) -> tuple[float, ...]:
    return tuple(day_of(day, data_date) for day in year_starts(data_date, horizon))


def _milestone_rows(scenario: Scenario, nodes: NodeList) -> tuple[MilestoneRow, ...]:
    return tuple(
        MilestoneRow(key, milestone.title, nodes.node(milestone.condition))
        for key, milestone in scenario.milestones.items()
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
