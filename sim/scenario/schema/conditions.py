"""Conditions on the state of the campaign: the language of gates, phases and milestones."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.fields import Day, Flag, NotNegative, Positive, PositiveCount, Record, Ref, Text
from sim.terms import RoleLabel


class RoleCount(Record):
    """A number of commissioned elements of one role."""

    role: RoleLabel
    """What the elements are for."""
    count: PositiveCount = 1
    """How many must be operational at the same time."""


class LandingsInARow(Record):
    """A number of successful landings of one family without a failure between them."""

    family: Annotated[str, Ref("families")]
    """The lander family."""
    count: PositiveCount
    """How many in a row, up to now."""


class Stock(Record):
    """An amount of a commodity in the stores of the station. Name exactly one bound."""

    commodity: Annotated[str, Ref("commodities")]
    """The commodity."""
    at_least: NotNegative | None = None
    """There is at least so much [unit]."""
    at_most: NotNegative | None = None
    """There is at most so much [unit]: the reorder level of a cargo mission."""

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise PydanticCustomError("stock", "give either `at_least` or `at_most`")
        return self


class Condition(Record):
    """Something that holds or does not hold at a moment. Name exactly one key, beside `for_days`."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    """Every one of these conditions holds."""
    any: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    """At least one of these conditions holds, or at least `count` of them."""
    count: PositiveCount | None = None
    """With `any`: how many must hold."""
    gate: Annotated[str, Ref("gates")] | None = None
    """The gate of this name holds."""
    mission: Annotated[str, Ref("missions")] | None = None
    """This mission, or its fallback, has been accomplished."""
    landed: Annotated[str, Ref("missions")] | None = None
    """This mission, or its fallback, has landed (for a crewed mission: before its stay)."""
    installed_power_kw: Positive | None = None
    """Rated power of the commissioned sources is at least this [kW]."""
    continuous_power_kw: Positive | None = None
    """Power that all commissioned elements can carry in light and through the longest darkness is at
    least this [kW]."""
    firm_power_kw: Positive | None = None
    """The same with the largest single source out (N-1) is at least this [kW]."""
    landed_mass_kg: Positive | None = None
    """Mass landed at the station is at least this [kg]."""
    crew: PositiveCount | None = None
    """At least so many people are at the station."""
    crew_visits: PositiveCount | None = None
    """At least so many crews have landed at the station so far."""
    free_berths: PositiveCount | None = None
    """The station can house so many people more."""
    stock: Stock | None = None
    """So much, or so little, of a commodity is in store at the station."""
    elements: RoleCount | None = None
    """Commissioned elements of a role at the station, in orbit for relays."""
    landings_in_a_row: LandingsInARow | None = None
    """Consecutive successful landings of a family."""
    date: Day | None = None
    """This day has come."""
    for_days: NotNegative | None = None
    """The condition has held without a break for so many days [d]."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        named = [name for name in CONDITION_KEYS if getattr(self, name) is not None]
        if len(named) != 1:
            found = " and ".join(f"`{name}`" for name in named) or "none"
            raise PydanticCustomError(
                "one_condition", "name exactly one condition here, found {found}", {"found": found}
            )
        if self.count is not None and (self.any is None or self.count > len(self.any)):
            raise PydanticCustomError(
                "count", "`count` goes with `any` and must not exceed the number of its conditions"
            )
        return self


_MODIFIERS = {"count", "for_days", *Record.model_fields}
CONDITION_KEYS = tuple(name for name in Condition.model_fields if name not in _MODIFIERS)


class Milestone(Record):
    """A date that people ask for. Reached when its condition first holds."""

    title: str
    """Name in tables and plots."""
    says: Text | None = None
    """What futures do that reach it, as in "Half of the futures `see people land on the Moon`"."""
    headline: Flag = False
    """True: the sentences after a run and at the top of the report are about it."""
    when: Condition | None = None
    """The condition; or choose one of `definitions`."""
    definition: str | None = None
    """Key of the definition in force."""
    definitions: dict[str, Definition] = {}
    """What different speakers mean by the same words."""

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if (self.when is None) == (self.definition is None):
            raise PydanticCustomError("milestone", "give either `when`, or `definition` with `definitions`")
        if self.definition is not None and self.definition not in self.definitions:
            raise PydanticCustomError(
                "definition",
                "there is no definition `{name}`; choose one of {known}",
                {"name": self.definition, "known": ", ".join(f"`{d}`" for d in self.definitions)},
            )
        return self

    @property
    def condition(self) -> Condition:
        """The condition in force."""
        if self.when is not None:
            return self.when
        assert self.definition is not None
        return self.definitions[self.definition].when


class Definition(Record):
    """One speaker's meaning of a milestone."""

    when: Condition
    """The condition."""
    planned: Day | None = None
    """The date that the speaker gave."""


class Phase(Record):
    """One step of a phase track."""

    title: str
    """Name in tables and plots."""
    when: Condition | None = None
    """The condition to be in this phase; the first phase of a track has none."""


class PhaseTrack(Record):
    """A series of phases. At any moment the last one whose condition holds is in force."""

    title: str
    """Name in tables and plots."""
    steps: Annotated[dict[str, Phase], Field(min_length=1)]
    """The phases, in order."""
