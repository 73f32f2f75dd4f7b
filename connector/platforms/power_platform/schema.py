"""Schemas in the dialect of OpenAPI 2.0, with the platform's own keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connector.fields import Dynamic
from connector.platforms.power_platform.words import description, title

Json = dict[str, Any]
Lists = Callable[[Dynamic], Json]
"""The keys that give a drop-down list its entries; none where a list would not help."""

_UNKNOWN = ("minItems", "x-advanced", "x-choices", "x-list")
_TAKEN_AS_THEY_ARE = frozenset({"default", "example", "enum"})


def converted(schema: Any, lists: Lists) -> Any:
    """The schema. A value that may be null says so with `x-nullable`; a schema's title becomes its summary."""
    if isinstance(schema, list):
        return [converted(one, lists) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {key: _inner(key, value, lists) for key, value in schema.items() if key not in (*_UNKNOWN, "nullable")}
    return _named(made) | ({"x-nullable": True} if schema.get("nullable") else {}) | _marked(schema, lists)


def _inner(key: str, value: Any, lists: Lists) -> Any:
    if key == "properties":
        return {name: _property(name, inner, lists) for name, inner in value.items()}
    return value if key in _TAKEN_AS_THEY_ARE else converted(value, lists)


def _property(name: str, schema: Any, lists: Lists) -> Any:
    made = converted(schema, lists)
    return made if "$ref" in made else {"x-ms-summary": title(name.replace("_", " "))} | made


def _named(made: Json) -> Json:
    if isinstance(made.get("title"), str):
        made["x-ms-summary"] = title(made.pop("title"))
    if isinstance(made.get("description"), str):
        made["description"] = description(made["description"])
    return made


def _marked(schema: Mapping[str, Any], lists: Lists) -> Json:
    made: Json = {"x-ms-visibility": "advanced"} if schema.get("x-advanced") else {}
    choices = schema.get("x-choices")
    if choices:
        made["x-ms-enum-values"] = [{"value": value, "displayName": label} for value, label in choices.items()]
    return made | (lists(schema["x-list"]) if "x-list" in schema else {})


def internal(value: str) -> Json:
    """What the platform sends without showing it."""
    return {"type": "string", "default": value, "x-ms-visibility": "internal"}
