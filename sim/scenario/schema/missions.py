"""Missions: what is planned, what is known of the past, and what happens on loss."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.nature.distributions import Distribution
from sim.scenario.schema.crew import Crew
from sim.scenario.schema.fields import (
    ONE_OR_LIST,
    Count,
    Day,
    Duration,
    Flag,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Record,
    Ref,
    Shorthand,
    Text,
)
from sim.scenario.schema.planned import Planned
from sim.scenario.schema.reference import OrReference

MissionId = Annotated[str, Ref("missions")]


class Announcement(Record):
    """What was said on a day about the launch date."""

    announced: Day
    """Day of the statement."""
    planned: Planned
    """Launch date given then: 2027, 2027-02, 2027-02-15, or a range such as 2033..2035."""
    at: Day | None = None
    """The day that stands for the statement where the middle of the range does not."""
    by: Text
    """Who said it."""

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.at is not None and not self.planned.first <= self.at <= self.planned.last:
            raise PydanticCustomError("at", "`at` must lie within `planned`")
        return self


class Actual(Record):
    """What happened."""

    launch: Day
    """Day of launch."""
    landing: Day | None = None
    """Day of landing, or of arrival in orbit."""
    outcome: Literal["success", "launch-failure", "landing-failure"]
    """How it ended."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.landing is not None and self.landing < self.launch:
            raise PydanticCustomError("order", "`landing` must not be before `launch`")
        return self


class Link(Record):
    """A predecessor of a mission."""

    mission: MissionId | None = None
    """The mission waited for."""
    any: Annotated[tuple[MissionId, ...], Field(min_length=1)] | None = None
    """Any one of these missions will do."""
    need: Literal["success", "departure"] = "success"
    """`success`: accomplished. `departure`: launched or given up, whatever came of it."""
    lag_days: NotNegative = 0.0
    """How long after it the mission may be launched at the earliest [d]."""
    preferred_until: Day | None = None
    """A preferred link: waited for only until this day, and not needed if it fails."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.mission is None) == (self.any is None):
            raise PydanticCustomError("link", "give either `mission` or `any`")
        return self


def _link(value: object) -> object:
    return {"mission": value} if isinstance(value, str) else value


Predecessor = Annotated[Link, Shorthand(_link, ("string",))]


class OnLoss(Record):
    """What is done after a lost flight."""

    policy: Literal["rebuild", "spare", "descope"]
    """`rebuild` the flight unit, fly a `spare` while there is one (then rebuild), or go on without."""
    max_attempts: PositiveCount = 2
    """Attempts in all, the first included; `descope` ignores it."""
    rebuild_days: Duration | None = None
    """From the loss to a new flight unit [d]."""
    spares: PositiveCount = 1
    """Spare flight units in store."""
    spare_days: Duration = Distribution(fixed=180.0)
    """From the loss to a spare made ready [d]."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        rebuilds = self.policy == "rebuild" or (
            self.policy == "spare" and self.max_attempts > 1 + self.spares
        )
        if rebuilds and self.rebuild_days is None:
            raise PydanticCustomError("on_loss", "`rebuild_days` is needed with this policy")
        return self


class Mission(Record):
    """A mission, flown or planned."""

    name: str
    """Name in tables and plots."""
    programme: Annotated[str, Ref("programmes")]
    """Whose mission it is."""
    kind: tuple[Text, ...] = ()
    """What it is, in words."""
    destination: Annotated[str, Ref("destinations")]
    """Where it goes."""
    vehicle: Annotated[str, Ref("vehicles")]
    """What launches it."""
    pad: Annotated[str, Ref("pads")] | None = None
    """Where it is launched; by default the first pad of the vehicle."""
    flights: PositiveCount = 1
    """Launches that one attempt needs; they leave one after the other."""
    longest_gap_days: Positive = 60.0
    """With several flights: how long one can wait in space for the next [d]. The first leaves only when
    the window of the next comes soon enough."""
    family: Annotated[str, Ref("families")] | None = None
    """What lands; none for an orbiter, a relay or a test flight."""
    announcements: tuple[Announcement, ...] = ()
    """What was said about the launch date; the last one on or before the data date is the plan."""
    planned: Planned | None = None
    """Launch date of a mission that nobody has announced."""
    planned_at: Day | None = None
    """The day within `planned` that stands for it; by default the middle."""
    actual: Actual | None = None
    """What happened. On or before the data date it is history, after it it is not known yet."""
    slip: Annotated[str, Ref("slip_classes"), OrReference] | None = None
    """Slip class, or `{reference_class: name}`; by default the programme's."""
    after: tuple[Predecessor, ...] = ()
    """Predecessors: missions that must be accomplished before the launch."""
    gate: Annotated[str, Ref("gates")] | None = None
    """Gate that must hold when the mission commits to launch."""
    fallback: MissionId | None = None
    """Takes over when this mission can no longer succeed."""
    standby: Flag = False
    """True: flies only as somebody's fallback."""
    lead_days: Duration | None = None
    """For a standby mission: from being called to being ready [d]. For another: from the data date to being
    ready as planned, instead of the middle of what was announced."""
    priority: Annotated[int, Field(ge=0, strict=True)] = 50
    """Who goes first when two missions want the same thing: the lower number."""
    cancellation_probability: Probability = 0.0
    """Probability that the mission is given up when its hardware is due [-]."""
    transit_days: Duration | None = None
    """From launch to landing [d]; by default the destination's."""
    commissioning_days: Duration = Distribution(fixed=0.0)
    """From landing until its elements work [d]."""
    elements: dict[Annotated[str, Ref("elements")], Count] = {}
    """What it brings: element and number; 0 takes away what a parent named."""
    landed_mass_kg: NotNegative = 0.0
    """Mass that it lands [kg]."""
    cargo: dict[Annotated[str, Ref("commodities")], NotNegative] = {}
    """What it adds to the stores of the station, in units of each commodity."""
    on_loss: OnLoss = OnLoss(policy="descope")
    """What is done after a loss."""
    crew: Crew | None = None
    """The people on board."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.standby and self.lead_days is None:
            raise PydanticCustomError("standby", "a standby mission needs `lead_days`")
        if not (self.announcements or self.planned or self.actual or self.standby):
            raise PydanticCustomError(
                "no_date", "give `announcements`, `planned`, `actual`, or `standby: true`"
            )
        if self.crew is not None and self.family is None:
            raise PydanticCustomError("crew", "a crewed mission lands: name its `family`")
        return self


class Delay(Record):
    """What a scenario adds to a mission's hardware date. Name exactly one unit."""

    days: Duration | None = None
    """Delay [d]."""
    months: Duration | None = None
    """Delay [months of 30.4375 d]."""
    years: Duration | None = None
    """Delay [years of 365.25 d]."""

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if sum(value is not None for value in (self.days, self.months, self.years)) != 1:
            raise PydanticCustomError("delay", "give exactly one of `days`, `months`, `years`")
        return self


Results = Annotated[tuple[Literal["success", "failure"], ...], ONE_OR_LIST]


class Forced(Record):
    """Outcomes that replace the draw, not the logic. A list goes through the attempts in order."""

    launch: Results = ()
    """Outcome of the launch, of the first attempt or of each."""
    landing: Results = ()
    """Outcome of the landing, of the first attempt or of each."""
    cancelled: Flag | None = None
    """True: given up when its hardware is due; false: never."""
    slip: Literal["none"] | None = None
    """`none`: the plan does not slip. Shocks and the scenario's own delays still count."""
