"""Fields as the platform's parameters: one function for each kind of field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from connector.fields import Array, Boolean, Choice, Dynamic, Field, File, Files, FormatSelect, Integer, Pairs, Text
from connector.platforms.fusion.limits import LONGEST_WAIT, MOST

Parameter = dict[str, Any]

RPCS = {
    "input_formats": "listInputFormats",
    "output_formats": "listOutputFormats",
    "engines": "listEngines",
    "operations": "listOperations",
    "options": "listOptions",
    "jobs": "listJobs",
    "tasks": "listTasks",
}
"""The RPC behind each list that comes from the API."""


def parameters(fields: Mapping[str, Field]) -> list[Parameter]:
    """Fields that stand together. One that is asked only for some choices of a select field is nested under these."""
    made: list[Parameter] = []
    for name, field in fields.items():
        if field.shown_when is None:
            nested = {other: it for other, it in fields.items() if it.shown_when and it.shown_when[0] == name}
            made += _with_nested(_asked(name, field), nested)
    return made


def _with_nested(made: list[Parameter], nested: Mapping[str, Field]) -> list[Parameter]:
    for option in made[0].get("options", []) if nested else []:
        shown = {name: field for name, field in nested.items() if option["value"] in (field.shown_when or ("", ()))[1]}
        inside = [one for name, field in shown.items() for one in _asked(name, field)]
        if inside:
            option["nested"] = inside
    return made


def _asked(name: str, field: Field) -> list[Parameter]:
    """The parameter; where leaving it empty is a choice of its own, below that choice."""
    one = parameter(name, field)
    if field.absent is None or not isinstance(field, FormatSelect):
        return [one]
    options = [{"label": field.given, "value": "yes", "nested": [one]}, {"label": field.absent, "value": "no"}]
    return [
        {"name": f"use_{name}", "type": "select", "label": field.question, "default": "yes", "options": options}
        | ({"advanced": True} if field.advanced else {})
    ]


def parameter(name: str, field: Field) -> Parameter:
    """One field."""
    common: Parameter = {"name": name, "type": "text", "label": _label(field)}
    if field.help:
        common["help"] = _help(field)
    if field.required:
        common["required"] = True
    if field.default is not None and field.kind != "pairs":
        common["default"] = field.default
    if field.advanced:
        common["advanced"] = True
    if not field.mappable:
        common["mappable"] = False
    return common | _KINDS[field.kind](name, field)


def _label(field: Field) -> str:
    unit = getattr(field, "unit", "")
    return f"{field.label} ({unit})" if unit else field.label


def _help(field: Field) -> str:
    """The help, with what each choice is for."""
    choices = [] if isinstance(field.options, Dynamic) else [c for c in field.options or [] if c.help]
    return "\n".join([field.help, *["" for _ in choices[:1]], *[f"- **{c.label}**: {c.help}" for c in choices]])


def _text(_: str, field: Text) -> Parameter:
    made: Parameter = {"type": "password"} if field.secret else {}
    made |= {"multiline": True} if field.multiline else {}
    return made | ({"validate": {"max": field.max_length}} if field.max_length else {})


def _integer(name: str, field: Integer) -> Parameter:
    highest = LONGEST_WAIT if name == "wait_limit" else field.maximum
    bounds = {key: bound for key, bound in (("min", field.minimum), ("max", highest)) if bound is not None}
    made: Parameter = {"type": "integer"} | ({"validate": bounds} if bounds else {})
    return made | ({"default": min(field.default, LONGEST_WAIT)} if name == "wait_limit" else {})


def _boolean(_: str, field: Boolean) -> Parameter:
    # Required draws one check box; otherwise there are three buttons, the third for "neither".
    return {"type": "boolean"} | ({"required": True} if field.default is not None else {})


def _select(_: str, field: Field) -> Parameter:
    made: Parameter = {"type": "select", "options": _options(field)}
    # An id usually comes from an earlier module: the field opens ready for mapping.
    is_id = isinstance(field.options, Dynamic) and field.options.source in ("jobs", "tasks")
    return made | ({"mode": "edit"} if is_id else {})


def _options(field: Field) -> Any:
    if isinstance(field.options, Dynamic):
        fixed = {"operation": field.options.operation} if field.options.operation else {}
        return {"store": f"rpc://{RPCS[field.options.source]}{'?' if fixed else ''}{urlencode(fixed)}"}
    return [_option(choice) for choice in field.options or []]


def _option(choice: Choice) -> Parameter:
    return {"label": choice.label, "value": choice.value}


def _multiselect(_: str, field: Field) -> Parameter:
    if field.options is None:
        return {"type": "array", "spec": {"type": "text"}}
    return {"type": "select", "multiple": True, "options": _options(field)}


def _file(name: str, _: Field) -> Parameter:
    nested = {"upload": _upload(name), "url": [parameter(f"{name}_{key}", it) for key, it in File.url_fields.items()]}
    return {
        "type": "select",
        "options": [_option(choice) | {"nested": nested[choice.value]} for choice in File.choices],
    }


def _upload(name: str) -> list[Parameter]:
    """The pair that the platform draws as one picker of a source file."""
    own = {"name": ("filename", "file:name"), "data": ("buffer", "file:data")}
    return [
        parameter(f"{name}_{key}", field) | {"type": own[key][0], "semantic": own[key][1]}
        for key, field in File.upload_fields.items()
    ]


def _files(_: str, field: Files) -> Parameter:
    item = parameter("file", File(field.item_label, required=True))
    most = min(field.maximum or MOST, MOST)
    rules = {"minItems": field.minimum, "maxItems": most}
    return {"type": "array", "spec": [item], "labels": {"add": field.add_label}, "validate": rules}


def _pairs(_: str, field: Pairs) -> Parameter:
    name: Parameter = {"name": "name", "type": "text", "label": field.name_label, "required": True}
    if isinstance(field.options, Dynamic):
        name |= {"type": "select", "options": _options(field), "editable": True}
    value = {"name": "value", "type": "text" if field.text_values else "any", "label": field.value_label}
    made: Parameter = {"type": "array", "spec": [name, value], "labels": {"add": field.add_label}}
    rows = [{"name": key, "value": item} for key, item in (field.default or {}).items()]
    return made | ({"default": rows} if rows else {})


def _array(_: str, field: Array) -> Parameter:
    rules = {"minItems": 1, "maxItems": MOST} if field.required else {"maxItems": MOST}
    return {
        "type": "array",
        "spec": parameters(field.nested()),
        "labels": {"add": field.add_label},
        "validate": rules,
    }


_KINDS: Mapping[str, Callable[[str, Any], Parameter]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "select": _select,
    "multiselect": _multiselect,
    "url": lambda *_: {"type": "url"},
    "file": _file,
    "files": _files,
    "pairs": _pairs,
    "timestamp": lambda *_: {"type": "date"},
    "any": lambda *_: {"type": "any"},
    "collection": lambda _, field: {"type": "collection", "spec": parameters(field.nested())},
    "array": _array,
}
