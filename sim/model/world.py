"""Everything a replication is made of, in one place that the processes share."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from dataclasses import dataclass
from math import inf, nan
from typing import Any, NamedTuple

import simpy

from sim.model.board import Board
from sim.model.clock import RANK_MISSIONS, Clock
from sim.model.fleet import Budget, Grounding, Pad, ProductionLine, Reliability, Strike, strikes
from sim.model.sky import sky_number
from sim.model.spans import Span
from sim.model.station import Station
from sim.model.variates import Hand
from sim.scenario.campaign import NONE, Campaign, FamilyRow, MissionRow, VehicleRow, WindowRow
from sim.terms import Cause, Status, StayEnd


@dataclass(frozen=True)
class Record:
    """What to keep of a replication beside dates and statuses; spans bring the critical paths along."""

    series: bool = True
    spans: bool = False
    paths: bool = False
    log: bool = False

    @property
    def explains(self) -> bool:
        """True if critical paths are kept."""
        return self.spans or self.paths


class Happening(NamedTuple):
    """An entry of the log of a traced replication.

    Attributes:
        day: when [d].
        what: what happened, such as ``launched`` or ``landing failure``.
        mission: whose it was, or `NONE`.
        detail: more, in words.
    """

    day: float
    what: str
    mission: int
    detail: str


class Mission:
    """A mission of one replication.

    Its spans tile its time: each begins at the mark, where the one before ended.

    Attributes:
        attempt: 0 for the first try.
        attempts_flown: tries that led to a lift-off.
        cause: what it waits for now.
        pieces: the parts of its development and when they end [d].
        links_open: how many groups of predecessors it still waits for.
        links: rings when the last of them is satisfied.
        linked_by, linked_since: the predecessor that satisfied the last group, and when [d].
        doomed_by: the predecessor without which it can never fly.
        stands_for: missions whose place it has taken as their fallback.
        windows: the row of windows in which the flight being prepared may leave.
        scrubs_left: scrubs still to come in this launch; none before the first count-down.
        life, process: its generator, and the SimPy process that runs it.
        crew_lost: True once the crew of the attempt has been lost.
        crews_lost: how many crews it has lost.
        stay_end, stay_days: why its stay ended, and how long it was [d].
        dose_msv: what each of its crew took up [mSv].
        flown: True from the lift-off to the end of the attempt.
        launch_day: first lift-off of the latest attempt [d].
        crew_launch_day: lift-off of the last flight, which carries the people [d].
        arrival_day: landing, or arrival in orbit [d].
        end_day: accomplished, lost or cancelled [d].
    """

    attempt = 0
    attempts_flown = 0
    cause = Cause.DEVELOPMENT
    pieces: tuple[tuple[Cause, float], ...] = ()
    links: simpy.Event | None = None
    linked_by = NONE
    linked_since = 0.0
    doomed_by = NONE
    windows = NONE
    scrubs_left: int | None = None
    life: Generator[simpy.Event, Any, Any] | None = None
    process: simpy.Process | None = None
    crew_lost = False
    crews_lost = 0
    stay_end = StayEnd.NO_STAY
    stay_days = nan
    dose_msv = nan
    flown = False
    mark = 0.0
    launch_day = nan
    crew_launch_day = nan
    arrival_day = nan
    end_day = nan

    def __init__(self, number: int, row: MissionRow, with_spans: bool) -> None:
        self.number = number
        self.row = row
        self.rank = RANK_MISSIONS + row.rank
        self.status = Status.STANDBY if row.is_standby else Status.WAITING
        self.links_open = row.links
        self.spans: list[Span] | None = [] if with_spans else None
        self.stands_for: list[Mission] = []

    def close(self, end: float, by: int = NONE, since: float = 0.0, what: int = NONE) -> None:
        """End the span that the mission is in, at a day; an empty span is left out."""
        if end > self.mark:
            if self.spans is not None:
                span = Span(self.attempt, self.cause, self.mark, end, by, since, what)
                self.spans.append(span)
            self.mark = end


def next_opening(window: WindowRow, day: float) -> float:
    """The first day from `day` on that lies in a window [d]; infinite if there is none any more."""
    number = bisect_right(window.closes, day)
    return max(window.opens[number], day) if number < len(window.opens) else inf


class World:
    """The state of one replication."""

    def __init__(self, campaign: Campaign, hand: Hand, record: Record) -> None:
        self.campaign = campaign
        self.hand = hand
        self.clock = Clock()
        self.board = Board(self.clock, campaign)
        self.log: list[Happening] | None = [] if record.log else None
        self.station = Station(self.clock, campaign, self.board, hand.values, self.tell)
        self.windows = campaign.windows[sky_number(campaign, hand.values)]
        self.missions = [Mission(n, row, record.explains) for n, row in enumerate(campaign.missions)]
        self.pads = [Pad(self.clock, row) for row in campaign.pads]
        self.lines = [ProductionLine(self.clock, row) for row in campaign.vehicles]
        self.strikes: list[list[Strike]] = [strikes(row, hand.values) for row in campaign.programmes]
        self.budgets = [Budget(row, campaign.year_edges) for row in campaign.programmes]
        rows: list[VehicleRow | FamilyRow] = [*campaign.vehicles, *campaign.families]
        self.reliabilities = [
            Reliability(
                hand.failure_probability[n],
                hand.fix_effectiveness[n],
                hand.learning[n],
                row.cause_found_probability,
            )
            for n, row in enumerate(rows)
        ]
        self.groundings = [Grounding(row.name) for row in [*rows, *campaign.programmes]]
        self.landings_in_a_row = [row.landings_in_a_row for row in campaign.families]

    def tell(self, what: str, mission: int, detail: str = "") -> None:
        """Write an entry of the log, if there is one."""
        if self.log is not None:
            self.log.append(Happening(self.clock.now, what, mission, detail))

    def dismantle(self) -> None:
        """Break the circles of references, so that the memory is free at once."""
        self.clock._queue.clear()
        self.board.dismiss()
        self.station.dismantle()
        for mission in self.missions:
            if mission.life is not None:
                mission.life.close()
            mission.life = mission.process = mission.links = None
