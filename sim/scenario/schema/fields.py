"""Building blocks of the schema: the base record and the types of single values.

The string under a field is its documentation, its unit and, where it is not obvious, its meaning in
the model. The same strings become the hover text of editors through ``scenario.schema.json``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.nature.distributions import Distribution

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SOURCE_KEY_PATTERN = r"^[A-Z][A-Z0-9_]*$"
BASIS_PATTERN = r"^(source|derived|recalled|judgement|assumption)( [A-Z0-9_, ]+)?: \S.*$"

Text = Annotated[str, Field(min_length=1)]
Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict()]
NotNegative = Annotated[float, Strict(), Field(ge=0)]
Positive = Annotated[float, Strict(), Field(gt=0)]
Probability = Annotated[float, Strict(), Field(ge=0, le=1)]
Count = Annotated[int, Strict(), Field(ge=0)]
PositiveCount = Annotated[int, Strict(), Field(ge=1)]
Month = Annotated[int, Strict(), Field(ge=1, le=12)]


@dataclass(frozen=True)
class Ref:
    """Says that an id must name an entry of one of the scenario's tables."""

    table: str


@dataclass(frozen=True)
class Shorthand:
    """Lets a short form stand for the full one: a text for a list of one, a number for a mapping."""

    expand: Callable[[Any], Any]
    also: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Expand before validation."""
        return core_schema.no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the short form in editors, too."""
        return {"anyOf": [{"type": kind} for kind in self.also] + [handler(schema)]}


def _list_of_one(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


ONE_OR_LIST = Shorthand(_list_of_one, ("string",))


def _parse_date(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("date", "{reason}", {"reason": str(error)}) from None
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date", "a date is needed, written as 2026-09-13")


Day = Annotated[date, BeforeValidator(_parse_date), WithJsonSchema({"type": "string", "format": "date"})]


def _not_negative(distribution: Distribution) -> Distribution:
    low, high = distribution.support()
    if low < 0:
        state = "is" if low == high else "can be"
        context = {"state": state, "low": f"{low:g}"}
        raise PydanticCustomError("negative", "must not be negative, but {state} {low}", context)
    return distribution


def _share(distribution: Distribution) -> Distribution:
    low, high = distribution.support()
    if low < 0 or high > 1:
        raise PydanticCustomError(
            "share",
            "must lie between 0 and 1, but can be {value}",
            {"value": low if low < 0 else high},
        )
    return distribution


Duration = Annotated[Distribution, AfterValidator(_not_negative)]
Share = Annotated[Distribution, AfterValidator(_share)]

SourceKeys = Annotated[tuple[Annotated[str, Ref("sources")], ...], ONE_OR_LIST]
Basis = Annotated[str, Field(pattern=BASIS_PATTERN)]


class Record(BaseModel):
    """Base of every mapping of a scenario: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    source: SourceKeys = ()
    """Where the facts of this entry come from: one key of `sources`, or a list of keys."""
    basis: dict[str, Basis] = {}
    """For single fields: `source KEY: remark`, `derived: how`, `recalled: how sure`,
    `judgement: whose`, or `assumption: why`. What is not named here rests on `source`."""
    note: str | None = None
    """A remark; has no effect."""


class Source(Record):
    """One public source."""

    site: Text
    """Publisher, site or repository."""
    title: Text
    """Title or description, in English."""
    date: Text
    """Date of the source, as far as known."""
    url: str = ""
    """Address; empty for general knowledge and judgement."""
