"""The JSON schema of a scenario file, made from the records, so that editors complete and check.

A file may override a part of what its parent says, so nothing is required in a mapping that merges; only
the items of lists, which replace, must be complete. What a schema cannot see, such as ids, circles and the
order of dates, is left to ``ilrs check``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from pydantic_core import to_jsonable_python

from sim.nature import distributions
from sim.scenario.schema.documentation import field_docs
from sim.scenario.schema.fields import ID_PATTERN, Record
from sim.scenario.schema.scenario import FileKeys, Scenario

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"
_DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
_DATE_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
_PLANNED_PATTERN = rf"^{_DAY}(\.\.{_DAY})?$"
_TEMPLATE = "Name of an entry of `templates` whose keys this mission takes over, unless it gives its own."


def schema_text() -> str:
    """Write the schema as it stands in ``scenario.schema.json``."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def scenario_schema() -> Json:
    """Make the JSON schema of a scenario file from the records.

    >>> "missions" in scenario_schema()["properties"]
    True
    """
    _, made = models_json_schema([(model, "validation") for model in (Scenario, FileKeys)])
    defs: Json = {name: _cleaned(schema) for name, schema in made["$defs"].items()}
    for model in _records():
        if model.__name__ in defs:
            _document(defs[model.__name__], model)
    scenario, file_keys = defs.pop("Scenario"), defs.pop("FileKeys")
    schema: Json = {
        "$schema": _DIALECT,
        "title": "ILRS-Sim scenario",
        "description": "A scenario file. Mappings merge with those of the parent, lists replace.",
        "type": "object",
        "additionalProperties": False,
        "properties": {**file_keys["properties"], **scenario["properties"]},
        "$defs": _with_templates(defs),
    }
    schema["properties"]["templates"] = _table_of("Template", schema["properties"]["templates"])
    for name in _merging(schema):
        _object_in(schema["$defs"][name]).pop("required", None)
    return schema


def _records() -> Iterator[type[BaseModel]]:
    """All records that can stand in a scenario."""
    waiting: list[type[BaseModel]] = [Record, distributions.Settings]
    while waiting:
        model = waiting.pop()
        yield model
        waiting += model.__subclasses__()


def _with_templates(defs: Json) -> Json:
    """Tell missions, which may name a template, from templates, which may not."""
    mission = defs["Mission"]
    properties = {"template": {"description": _TEMPLATE, "type": "string"}, **mission["properties"]}
    template = {**mission, "description": "What missions have in common."}
    defs["Pattern"]["properties"]["mission"] |= {"$ref": f"{_REF}Mission"}
    for key in ("type", "additionalProperties"):
        defs["Pattern"]["properties"]["mission"].pop(key, None)
    return {**defs, "Mission": {**mission, "properties": properties}, "Template": template}


def _table_of(name: str, table: Json) -> Json:
    return {**table, "patternProperties": {ID_PATTERN: {"$ref": f"{_REF}{name}"}}}


def _merging(schema: Json) -> set[str]:
    """Definitions that a child file may override in part: those reached without passing through a list."""
    found: set[str] = set()
    waiting: list[Any] = [schema["properties"], schema["$defs"]["Template"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [value for key, value in part.items() if key not in ("items", "$defs")]
            name = str(part.get("$ref", "")).removeprefix(_REF)
            if name and name not in found:
                found.add(name)
                waiting.append(schema["$defs"][name])
        elif isinstance(part, list):
            waiting += part
    return found | {"Template"}


def _document(schema: Json, model: type[BaseModel]) -> None:
    """Add the strings under the fields, and the defaults that a reader can use."""
    record = _object_in(schema)
    docs = field_docs(model)
    for name, info in model.model_fields.items():
        text = {"description": " ".join(docs[name].split())} if name in docs else {}
        default = _plain_default(info.default)
        record["properties"][name] = {
            **text,
            **record["properties"][name],
            **({} if default is None else {"default": default}),
        }


def _plain_default(default: Any) -> Any:
    """A default as a user would write it; none if there is nothing to say."""
    if isinstance(default, distributions.Distribution):
        return default.fixed
    if isinstance(default, BaseModel):
        return default.model_dump(mode="json", exclude_unset=True)
    plain = to_jsonable_python(default, fallback=lambda _: None)
    return plain if isinstance(plain, (bool, int, float, str)) else None


def _object_in(schema: Json) -> Json:
    """The mapping among the forms of a definition."""
    forms: list[Json] = schema.get("anyOf", [schema])
    return next(form for form in forms if "properties" in form)


def _cleaned(schema: Any) -> Any:
    """Take away what says nothing, and say what the short forms and dates must look like."""
    if isinstance(schema, list):
        return [_cleaned(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
    clean: Json = {
        key: _properties(value) if key == "properties" else _cleaned(value) for key, value in kept.items()
    }
    if clean.get("format") == "date":
        clean["pattern"] = _DATE_PATTERN
    if clean.get("type") == ["string", "integer"]:
        clean |= {"pattern": _PLANNED_PATTERN, "minimum": 1000, "maximum": 9999}
    if "patternProperties" in clean:
        clean["additionalProperties"] = False
    if "description" in clean:
        clean["description"] = " ".join(clean["description"].split())
    if "anyOf" in clean:
        clean["anyOf"] = _short_forms(clean["anyOf"])
    return clean


def _properties(properties: Json) -> Json:
    return {name: _cleaned(schema) for name, schema in properties.items()}


def _short_forms(forms: list[Json]) -> list[Json]:
    """A short form must meet the same demands as an item or entry of the long one."""
    if len(forms) == 2 and forms[0] in ({"type": "string"}, {"type": "number"}):
        long = forms[1]
        inner = [long.get("items", {}), *long.get("patternProperties", {}).values()]
        same = [item for item in inner if item.get("type") == forms[0]["type"]]
        return [same[0] if same else forms[0], long]
    return forms
