"""Drop-down lists whose entries come from the API.

The platform shows every entry that it is given, also one that comes again and again. So a list is offered where
something narrows it: the output formats of one input format, the engines of one operation, the newest jobs and tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.fields import Dynamic
from connector.platforms.power_platform.schema import Json

CHOICES = "ListChoices"
"""The hidden operation behind the lists of formats and engines."""

_KEYS = {"output_formats": "output_format", "engines": "engine"}
_RECENT = {"jobs": "ListJobs", "tasks": "ListTasks"}


def narrowed(options: Dynamic) -> bool:
    """Whether a list of formats or engines is short and without repeats."""
    return options.source in _KEYS and bool(options.depends_on or (options.source == "engines" and options.operation))


def in_query(options: Dynamic, names: Mapping[str, str]) -> Json:
    """The list of a parameter. `names` are the parameters of the request by the field that they send."""
    if options.source in _RECENT:
        return {"x-ms-dynamic-values": _values(_RECENT[options.source], "id", {})}
    if not narrowed(options) or not set(options.depends_on) <= set(names):
        return {}
    asked: Json = {f"filter[{field}]": {"parameter": names[field]} for field in options.depends_on}
    return {"x-ms-dynamic-values": _values(CHOICES, _KEYS[options.source], _fixed(options) | asked)}


def in_body(options: Dynamic, places: Mapping[str, str]) -> Json:
    """The list of a property of the body. `places` are the properties' paths by the field that they send."""
    if not narrowed(options) or not set(options.depends_on) <= set(places):
        return {}
    fixed = {name: {"value": value} for name, value in _fixed(options).items()}
    asked = {f"filter[{field}]": {"parameterReference": f"body/{places[field]}"} for field in options.depends_on}
    key = _KEYS[options.source]
    listed = {"itemsPath": "data", "itemValuePath": key, "itemTitlePath": key}
    return {"x-ms-dynamic-list": {"operationId": CHOICES, "parameters": fixed | asked, **listed}}


def _values(operation: str, value: str, parameters: Mapping[str, Any]) -> Json:
    # A job has no name of its own; when it was made is what people know.
    label = "created_at" if operation in _RECENT.values() else value
    made = {"operationId": operation, "value-collection": "data", "value-path": value, "value-title": label}
    return made | ({"parameters": dict(parameters)} if parameters else {})


def _fixed(options: Dynamic) -> Json:
    made: Json = {"filter[operation]": options.operation} if options.operation else {}
    return made | ({"alternatives": "true"} if options.source == "engines" else {})
