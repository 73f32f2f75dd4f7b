"""Fields as schemas of what is sent, in OpenAPI 3.0's dialect.

Three keys say more than the dialect can, and each document makes of them what it may: `x-advanced`, `x-choices` (the
labels of an enum, by value) and `x-list` (where the entries of a drop-down list come from, a `Dynamic`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connector.fields import Array, Dynamic, Field, File, Integer, Pairs, Text

Json = dict[str, Any]


def asked(field: Field) -> Json:
    """The schema of a field's value, with all that a person reads about it."""
    made: Json = {"title": field.label, "description": help_of(field)} | _KINDS[field.kind](field)
    if field.default is not None and not field.required:
        made["default"] = field.default
    if field.example is not None:
        made["example"] = field.example
    if field.advanced:
        made["x-advanced"] = True
    if isinstance(field.options, Dynamic):
        made["x-list"] = field.options
    return made


def help_of(field: Field) -> str:
    """What the field is for; with its unit, where it has one."""
    unit = getattr(field, "unit", "")
    return f"{field.help or field.label}{f' In {unit}.' if unit else ''}"


def object_of(properties: Mapping[str, Json], required: list[str]) -> Json:
    """The schema of an object. A list of required names may not be empty."""
    return {"type": "object", "properties": dict(properties)} | ({"required": required} if required else {})


def fields_of(fields: Mapping[str, Field]) -> Json:
    """The schema of an object with these fields."""
    return object_of(
        {name: asked(one) for name, one in fields.items()}, [n for n, one in fields.items() if one.required]
    )


def plain(node: Any) -> Any:
    """A schema without what only some documents can say."""
    if isinstance(node, list):
        return [plain(one) for one in node]
    if isinstance(node, Mapping):
        return {key: plain(inner) for key, inner in node.items() if key not in ("x-advanced", "x-choices", "x-list")}
    return node


def _text(field: Text) -> Json:
    made: Json = {"type": "string"} | ({"maxLength": field.max_length} if field.max_length else {})
    return made | ({"format": "password"} if field.secret else {})


def _integer(field: Integer) -> Json:
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    return {"type": "integer"} | {key: bound for key, bound in bounds.items() if bound is not None}


def _select(field: Text) -> Json:
    return _text(field) | _choices(field)


def _choices(field: Field) -> Json:
    if field.options is None or isinstance(field.options, Dynamic):
        return {}
    return {
        "enum": [choice.value for choice in field.options],
        "x-choices": {choice.value: choice.label for choice in field.options},
    }


def _multiselect(field: Field) -> Json:
    return {"type": "array", "items": {"type": "string"} | _choices(field)} | (
        {"minItems": 1} if field.required else {}
    )


def _pairs(field: Pairs) -> Json:
    return {"type": "object", "additionalProperties": {"type": "string"} if field.text_values else True}


def _array(field: Array) -> Json:
    return {"type": "array", "items": fields_of(field.nested())}


_KINDS: Mapping[str, Callable[[Any], Json]] = {
    "text": _text,
    "integer": _integer,
    "number": lambda _: {"type": "number"},
    "boolean": lambda _: {"type": "boolean"},
    "select": _select,
    "multiselect": _multiselect,
    "url": lambda _: {"type": "string", "format": "uri"},
    "file": lambda _: fields_of(File.url_fields),
    "files": lambda _: {"type": "array", "items": fields_of(File.url_fields)},
    "pairs": _pairs,
    "timestamp": lambda _: {"type": "string", "format": "date-time"},
    "any": lambda _: {},
    "collection": lambda field: fields_of(field.nested()),
    "array": _array,
}
