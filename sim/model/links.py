"""Predecessors and fallbacks: who may go on because of whom, and who never can any more."""

from __future__ import annotations

from collections.abc import Generator
from math import inf

import simpy

from sim.model.clock import RANK_PROGRAMMES
from sim.model.world import Mission, World
from sim.scenario.campaign import NONE, LinkRow


def interrupt(mission: Mission, why: str) -> None:
    """Interrupt the life of a mission, if it is going on."""
    if mission.process is not None and mission.process.is_alive:
        mission.process.interrupt(why)


class Links:
    """The groups of predecessors of all missions.

    A group is satisfied by the first member that succeeds (or departs); it fails when no member can any
    more, which cancels the mission unless the link is only preferred.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.campaign.links
        self._open = [True] * len(self.rows)
        self._alive = [len(row.members) for row in self.rows]
        for number, row in enumerate(self.rows):
            if row.preferred_until < inf:
                world.clock.process(self._give_up_waiting(number, row))

    # Processes

    def _give_up_waiting(self, number: int, row: LinkRow) -> Generator[simpy.Event, None, None]:
        """A preferred predecessor is waited for only until a day."""
        yield self.world.clock.at(row.preferred_until, RANK_PROGRAMMES)
        self._close(number, NONE, row.preferred_until)

    def _lag(self, number: int, by: int, since: float) -> Generator[simpy.Event, None, None]:
        """A predecessor is followed only after a while."""
        yield self.world.clock.at(since + self.rows[number].lag_days, RANK_PROGRAMMES)
        self._close(number, by, since)

    # What a mission's fate sets off

    def departed(self, mission: Mission) -> None:
        """A mission was launched, or will never be."""
        history = mission.row.history
        day = self.world.clock.now if history is None else history.launch_day
        for number in mission.row.followers:
            if self.rows[number].by_departure:
                self._satisfy(number, mission.number, day)

    def settled(self, mission: Mission, success: bool, by: int) -> None:
        """A mission, and those it stands for, succeeded or never will; `by` is who decided it."""
        self.departed(mission)
        history = mission.row.history
        day = self.world.clock.now if history is None else history.landing_day
        for member in (mission, *mission.stands_for):
            for number in member.row.followers:
                if self.rows[number].by_departure:
                    continue
                if success:
                    self._satisfy(number, by, day)
                else:
                    self._lose_member(number, by)

    def _lose_member(self, number: int, by: int) -> None:
        self._alive[number] -= 1
        if not self._open[number] or self._alive[number]:
            return
        if self.rows[number].preferred_until < inf:
            self._close(number, by, self.world.clock.now)
        else:
            self._doom(self.world.missions[self.rows[number].mission], by)

    def _satisfy(self, number: int, by: int, day: float) -> None:
        """A member of a group did what was waited for, on a day that may be history."""
        if self.rows[number].lag_days > 0:
            self.world.clock.process(self._lag(number, by, day))
        else:
            self._close(number, by, self.world.clock.now)

    def _close(self, number: int, by: int, since: float) -> None:
        """A group need not be waited for any more."""
        if not self._open[number]:
            return
        self._open[number] = False
        mission = self.world.missions[self.rows[number].mission]
        mission.links_open -= 1
        mission.linked_by, mission.linked_since = by, since
        if mission.links_open == 0 and mission.links is not None:
            self.world.clock.ring(mission.links, mission.rank)

    def _doom(self, mission: Mission, by: int) -> None:
        """A mission can never fly any more."""
        mission.doomed_by = by
        interrupt(mission, "predecessor lost")
