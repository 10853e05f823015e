"""The keys of a scenario file, from its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sim.scenario.schema.fields import Record
from sim.scenario.schema.json_schema import scenario_schema
from sim.scenario.shape import shape_of
from tools.reference.markdown import anchor, code, page, table

Json = dict[str, Any]
EVERYWHERE = ("source", "basis", "note")
GONE_ONCE_RESOLVED = ("extends", "sweep", "patterns", "templates")
MOST_PLACES = 4
_REF = "#/$defs/"
_HEAD = ("key", "value", "default", "meaning")
_PLAIN = {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`"}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def keys_page() -> str:
    """Write the page of the keys."""
    schema = scenario_schema()
    top = schema["properties"]
    lines = [
        "# Scenario keys",
        "",
        "Every key that a scenario file may hold, read from the schema. Dates are written as `2027-02-15`. "
        "Where a *number or distribution* may stand, see [distributions](#key-Distribution). `ilrs schema` "
        "prints the same as a JSON schema, for editors.",
        "",
        "## In every mapping",
        "",
        *table(_HEAD, rows_of({key: top[key] for key in EVERYWHERE})),
        "## At the top of a file",
        "",
        *table(_HEAD, rows_of({key: top[key] for key in top if key not in EVERYWHERE})),
    ]
    for name, places in stands_at(schema).items():
        lines += record(name, schema["$defs"][name], places)
    return page(lines)


def record(name: str, schema: Json, places: list[str]) -> list[str]:
    """Write the section of one kind of mapping."""
    form = object_in(schema)
    short = [kind_of(item) for item in schema.get("anyOf", []) if item is not form]
    lines = [anchor(f"key-{name}"), f"## {in_words(name)}", "", form.get("description", "")]
    if short:
        lines += ["", f"Short form: {' or '.join(short)}."]
    more = " and more" if len(places) == MOST_PLACES else ""
    lines += ["", f"Stands at {', '.join(map(code, places))}{more}.", ""]
    if name == "Template":
        return [*lines, "The keys of a [mission](#key-Mission), any of them.", ""]
    own = {key: value for key, value in form["properties"].items() if key not in EVERYWHERE}
    return [*lines, *table(_HEAD, rows_of(own, tables_of(name)))]


def tables_of(name: str) -> dict[str, str]:
    """The tables whose entries the keys of a mapping must name."""
    models = {model.__name__: model for model in Record.__subclasses__()}
    model = models.get(name)
    fields = model.model_fields if model else {}
    shapes = {key: shape_of(info.annotation, *info.metadata) for key, info in fields.items()}
    lists = {key: shape.child(0) or shape for key, shape in shapes.items()}
    found = {key: shapes[key].ref or lists[key].ref for key in shapes}
    return {key: ref.table for key, ref in found.items() if ref}


def rows_of(
    properties: Json, tables: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str, str, str]]:
    """Give a row for each key."""
    for key, schema in properties.items():
        kind = kind_of(schema)
        if key in tables:
            kind = f"{kind.removesuffix('text')}id of `{tables[key]}`"
        default = schema.get("default")
        shown = (
            "" if default is None else code(str(default).lower() if default in (True, False) else default)
        )
        yield code(key), kind, shown, schema.get("description", "")


def kind_of(schema: Json) -> str:
    """Say what may stand at a key.

    >>> kind_of({"type": "number", "minimum": 0, "maximum": 1})
    'number ≥ 0, ≤ 1'
    >>> kind_of({"anyOf": [{"type": "string"}, {"type": "null"}]})
    'text'
    """
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        words = "number or distribution" if name == "Distribution" else in_words(name).lower()
        return f"[{words}](#key-{name})"
    if "anyOf" in schema:
        forms = [kind_of(form) for form in schema["anyOf"] if form.get("type") != "null"]
        return " or ".join(dict.fromkeys(forms))
    if "enum" in schema or "const" in schema:
        return ", ".join(code(value) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return _list(schema)
    if schema.get("type") == "object":
        return _mapping(schema)
    return _single(schema)


def _single(schema: Json) -> str:
    if schema.get("format") == "date":
        return "date"
    kinds = schema.get("type", "anything")
    if kinds == ["string", "integer"]:
        return "date, month, year or a range of them"
    words = _PLAIN.get(kinds, str(kinds))
    bounds = [
        f"{sign} {schema[key]:g}" for key, sign in _BOUNDS.items() if key in schema and words != "text"
    ]
    return f"{words} {', '.join(bounds)}" if bounds else words


def _list(schema: Json) -> str:
    if "prefixItems" in schema:
        return f"list: {', '.join(kind_of(item) for item in schema['prefixItems'])}"
    items = kind_of(schema["items"]) if schema.get("items") else "values"
    return f"list of {items}"


def _mapping(schema: Json) -> str:
    if "properties" in schema:
        inner = ", ".join(f"{key}: {kind_of(value)}" for key, value in schema["properties"].items())
        return f"{{{inner}}}"
    entries = [*schema.get("patternProperties", {}).values()] or [schema.get("additionalProperties")]
    named = "id" if "patternProperties" in schema else "name"
    return f"{named} → {kind_of(entries[0])}" if isinstance(entries[0], dict) else "mapping"


def stands_at(schema: Json) -> dict[str, list[str]]:
    """Where each kind of mapping stands, in the order in which a reader of a file meets them."""
    top = schema["properties"]
    keys = [*(key for key in top if key not in GONE_ONCE_RESOLVED), *GONE_ONCE_RESOLVED]
    found: dict[str, list[str]] = {}
    waiting = [(place, name) for key in keys for place, name in _named(key, top[key])]
    while waiting:
        place, name = waiting.pop(0)
        if not is_mapping(schema["$defs"][name]):
            continue
        if name in found:
            _note_place(found[name], place)
            continue
        found[name] = [place]
        below = "DISTRIBUTION" if name == "Distribution" else place
        for key, part in object_in(schema["$defs"][name])["properties"].items():
            waiting += _named(f"{below}.{key}", part)
    return found


def _named(place: str, schema: Json) -> Iterator[tuple[str, str]]:
    """The kinds of mappings that stand at a place, in a list or table there, or in one of its forms."""
    if "$ref" in schema:
        yield place, schema["$ref"].removeprefix(_REF)
    for form in schema.get("anyOf", []):
        yield from _named(place, form)
    for key, entry in schema.get("properties", {}).items():
        yield from _named(f"{place}.{key}", entry)
    tables = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    for entry in tables:
        if isinstance(entry, dict):
            yield from _named(f"{place}.NAME", entry)
    if isinstance(schema.get("items"), dict):
        yield from _named(place, schema["items"])


def _note_place(places: list[str], place: str) -> None:
    if len(places) < MOST_PLACES and not place.startswith("templates"):
        places.append(place)


def is_mapping(schema: Json) -> bool:
    """Whether a definition is a mapping in one of its forms; a list of two dates is none."""
    return any("properties" in form for form in schema.get("anyOf", [schema]))


def object_in(schema: Json) -> Json:
    """The mapping among the forms of a definition."""
    return next(form for form in schema.get("anyOf", [schema]) if "properties" in form)


def in_words(name: str) -> str:
    """Write the name of a record as words.

    >>> in_words("OnLoss"), in_words("Mission")
    ('On loss', 'Mission')
    """
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return spaced.capitalize()
