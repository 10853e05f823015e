"""The whole scenario: all tables together."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.conditions import Condition, Milestone, PhaseTrack
from sim.scenario.schema.elements import Commodity, CommonCause, Element
from sim.scenario.schema.fields import (
    ID_PATTERN,
    SOURCE_KEY_PATTERN,
    Day,
    Flag,
    NotNegative,
    Positive,
    PositiveCount,
    Record,
    Ref,
    Shorthand,
    Source,
    Text,
)
from sim.scenario.schema.fleet import (
    Destination,
    Family,
    Pad,
    Programme,
    SlipClass,
    Vehicle,
    Window,
)
from sim.scenario.schema.missions import Delay, Forced, Mission
from sim.scenario.schema.station import Station

Id = Annotated[str, Field(pattern=ID_PATTERN)]
Idealisation = Literal[
    "slips",
    "cancellations",
    "launch-failures",
    "landing-failures",
    "scrubs",
    "windows",
    "gates",
    "durations",
    "element-failures",
    "crew-risks",
]


class Scenario(Record):
    """One scenario, resolved: no parent, no sweep, no template, no pattern is left."""

    title: Text
    """Name in tables and plots."""
    question: Text
    """The question that the scenario answers."""
    data_date: Day
    """What is known is known up to this day; the simulation starts here."""
    horizon: Day
    """The simulation ends here; what has not happened by then is censored."""
    idealise: tuple[Idealisation, ...] = ()
    """What is taken to go as planned: `slips`, `cancellations`, `launch-failures`,
    `landing-failures`, `scrubs`, `windows` (always open), `gates` (always hold),
    `durations` (transit, commissioning, stays and lives take their median), `element-failures`,
    `crew-risks` (nobody falls ill or is lost)."""
    sources: dict[Annotated[str, Field(pattern=SOURCE_KEY_PATTERN)], Source] = {}
    """The sources that `source` and `basis` refer to."""
    slip_classes: dict[Id, SlipClass] = {}
    """How plans of an agency or a kind of mission slip."""
    programmes: dict[Id, Programme] = {}
    """Agencies' programmes."""
    vehicles: dict[Id, Vehicle] = {}
    """Launch vehicles."""
    pads: dict[Id, Pad] = {}
    """Launch pads."""
    families: dict[Id, Family] = {}
    """Lander families."""
    windows: dict[Id, Window] = {}
    """Launch windows."""
    destinations: dict[Id, Destination] = {}
    """Where missions go."""
    commodities: dict[Id, Commodity] = {}
    """What the station keeps in store."""
    common_causes: dict[Id, CommonCause] = {}
    """What makes elements fail together."""
    elements: dict[Id, Element] = {}
    """Kinds of elements that missions bring."""
    station: Station
    """The site of the station."""
    missions: dict[Id, Mission] = {}
    """The manifest: every mission, flown and planned."""
    gates: dict[Id, Condition] = {}
    """Named conditions."""
    phases: dict[Id, PhaseTrack] = {}
    """Tracks of phases that the station goes through."""
    milestones: dict[Id, Milestone] = {}
    """Dates that people ask for."""
    delays: dict[Annotated[str, Ref("missions")], Delay] = {}
    """The shortest way to vary a slip: what is added to a mission's hardware date."""
    force: dict[Annotated[str, Ref("missions")], Forced] = {}
    """Outcomes that are set instead of drawn."""


class SweepAxis(Record):
    """Several keys that take the same value together."""

    keys: tuple[Text, ...] = ()
    """Dotted keys that all take the value; none means that the label itself is the key."""
    values: Annotated[tuple[Any, ...], Field(min_length=1)]
    """The values, one scenario each."""


def _values(value: object) -> object:
    return {"values": value} if isinstance(value, (list, tuple)) else value


class Pattern(Record):
    """Missions that follow one another, made from one description."""

    first: Day
    """Planned launch of the first."""
    every_days: Positive
    """From one planned launch to the next [d]."""
    count: PositiveCount | None = None
    """How many; or give `until`."""
    until: Day | None = None
    """No planned launch after this day; or give `count`."""
    in_order: Flag = False
    """True: each waits until the one before has departed or was given up."""
    lag_days: NotNegative = 0.0
    """With `in_order`: at least so long after the departure of the one before [d]."""
    mission: dict[str, Any]
    """The mission; `{n}` in a text stands for its number."""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.count is None) == (self.until is None):
            raise PydanticCustomError("pattern", "give either `count` or `until`")
        if self.until is not None and self.until < self.first:
            raise PydanticCustomError("pattern", "`until` must not be before `first`")
        return self


class FileKeys(Record):
    """Keys of a file that are gone once it is resolved."""

    extends: Text | None = None
    """The parent: a scenario file in the same folder or below, or the name of a shipped one. Mappings
    merge, lists replace."""
    sweep: dict[str, Annotated[SweepAxis, Shorthand(_values, ("array",))]] = {}
    """A grid: dotted key (or a label with `keys` and `values`) to a list of values. Every combination
    becomes a scenario of its own."""
    templates: dict[Id, dict[str, Any]] = {}
    """Parts of missions that missions can build on with `template`."""
    patterns: dict[Id, Pattern] = {}
    """Missions that follow one another: `name` makes `name-1`, `name-2` and so on."""
