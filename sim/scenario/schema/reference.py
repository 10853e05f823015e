"""Reference classes in a scenario: a name that stands for the numbers fitted to the record.

Own numbers beside a class win over its numbers, so that a child can change one of them; a child that names
a class replaces the parent's numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.evidence import reference
from sim.nature.distributions import Distribution
from sim.scenario.problems import did_you_mean

KEY = "reference_class"
SLIP_NUMBERS = (
    "on_time_probability",
    "median_growth",
    "sigma",
    "median_uncertainty",
    "lead_cap_years",
    "lead_floor_years",
    "lead_from",
)


def _known(tables: tuple[str, ...]) -> Callable[[str], str]:
    def check(name: str) -> str:
        found = [item for table in tables for item in reference.names(table)]
        if name not in found:
            what = " or ".join(reference.KINDS[table] for table in tables)
            close = did_you_mean(name, found)
            hint = close or f"; there are {', '.join(found[:12])}"
            raise PydanticCustomError(
                KEY,
                "there is no reference class `{name}` of {what}{hint}",
                {"name": name, "what": what, "hint": hint},
            )
        return name

    return check


SlipReference = Annotated[str, AfterValidator(_known(("slips",)))]
SuccessReference = Annotated[str, AfterValidator(_known(("landings", "launchers")))]


def with_slip_numbers(data: Any) -> Any:
    """Fill in the numbers of the class that a slip class names."""
    return _filled(data, ("slips",), SLIP_NUMBERS)


def with_prior_numbers(data: Any) -> Any:
    """Fill in the numbers of the class that a prior names."""
    return _filled(data, ("landings", "launchers"), ("a", "b"))


def _filled(data: Any, tables: tuple[str, ...], fields: tuple[str, ...]) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get(KEY), str):
        return data
    rows = [(table, data[KEY]) for table in tables if data[KEY] in reference.names(table)]
    table, name = rows[0] if rows else (tables[0], reference.names(tables[0])[0])  # told by its own field
    return {**reference.numbers(table, name, fields), **data}


class _StandDown:
    """Lets `{reference_class: china}` stand for the distribution fitted to a class of stand-downs."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Expand before validation."""
        return core_schema.no_info_before_validator_function(_stand_down, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the class in editors, too."""
        return {"anyOf": [_BY_CLASS, handler(schema)]}


def _stand_down(data: Any) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get(KEY), str):
        return data
    own = {key: value for key, value in data.items() if key != KEY and value is not None}
    if own:
        return own
    name = _known(("stand_downs",))(data[KEY])
    return Distribution.model_validate(
        {"lognormal": reference.numbers("stand_downs", name, ("median", "sigma"))}
    )


class _SlipName:
    """Tells editors that `{reference_class: roscosmos}` may stand for the name of a slip class."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the class in editors, too."""
        return {"anyOf": [_BY_CLASS, handler(schema)]}


_BY_CLASS: JsonSchemaValue = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        KEY: {"type": "string", "description": "Name of a reference class; `ilrs calibrate` lists them."}
    },
}

StandDownClass = _StandDown()
OrReference = _SlipName()
