"""Fields as n8n's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

RESERVED = ("authentication", "resource", "operation", "parallel")
"""Names that the node itself uses; a field of that name has an underscore behind it, as form.js knows."""

_TYPES = {"integer": "number", "boolean": "boolean", "any": "json"}


def parameter_name(name: str) -> str:
    """The parameter of a field."""
    return f"{name}_" if name in RESERVED else name


def parameters(fields: Sequence[Any], show: Json) -> list[Json]:
    """A form's parameters for the operations of `show`: what must be filled in on top, the rest under Additional Fields."""
    files = [one for field in fields if field["kind"] in ("file", "files") for one in _file(field, show)]
    rest = [field for field in fields if field["kind"] not in ("file", "files")]
    top = [
        field
        for field in rest
        if field.get("required") or field["name"] in ("download", "limit") or field["kind"] == "array"
    ]
    more = [parameter(field) for field in rest if field not in top]
    shown = [{**parameter(field), "displayOptions": {"show": show}} for field in top]
    return [*files, *shown, *([_additional(more, show)] if more else [])]


def _additional(more: list[Json], show: Json) -> Json:
    return {
        "displayName": "Additional Fields",
        "name": "additionalFields",
        "type": "collection",
        "placeholder": "Add Field",
        "default": {},
        "displayOptions": {"show": show},
        "options": more,
    }


def parameter(field: Any) -> Json:
    """One field."""
    made: Json = {"displayName": field["label"], "name": parameter_name(field["name"]), "type": "string", "default": ""}
    if field.get("required"):
        made["required"] = True
    if field.get("help"):
        made["description"] = field["help"]
    if isinstance(field.get("example"), str):
        made["placeholder"] = field["example"]
    return made | _typed(field)


def _typed(field: Any) -> Json:
    match field["kind"]:
        case "select" | "multiselect" if "options" in field:
            return _choice(field)
        case "select" if "list" in field and "options" not in field:
            return _dynamic(field)
        case "pairs":
            return pairs(field)
        case "array":
            return _array(field)
        case "integer":
            limits = {
                name: field[key] for name, key in (("minValue", "minimum"), ("maxValue", "maximum")) if key in field
            }
            return {"type": "number", "default": field.get("default", field.get("minimum", 0)), "typeOptions": limits}
        case "boolean":
            return {"type": "boolean", "default": field.get("default", False)}
        case _:
            options: Json = {"rows": 4} if field.get("multiline") else {"password": True} if field.get("secret") else {}
            return {"type": _TYPES.get(field["kind"], "string")} | ({"typeOptions": options} if options else {})


def _choice(field: Any) -> Json:
    options = [
        {"name": one["label"], "value": one["value"], **({"description": one["help"]} if one["help"] else {})}
        for one in field["options"]
    ]
    if field["kind"] == "multiselect":
        return {"type": "multiOptions", "options": options, "default": field.get("default", field.get("example", []))}
    return {"type": "options", "options": options, "default": field.get("default", options[0]["value"])}


def _dynamic(field: Any) -> Json:
    depends = [parameter_name(name) for name in field["list"]["depends_on"]]
    options: Json = {"loadOptionsMethod": field["list"]["source"]}
    return {
        "displayName": f"{field['label']} Name or ID",
        "type": "options",
        "typeOptions": options | ({"loadOptionsDependsOn": depends} if depends else {}),
        "description": f"{field.get('help', '')} Choose from the list, or specify an ID using an expression.".strip(),
    }


def pairs(field: Any) -> Json:
    """Names and values, row by row."""
    name: Json = {"displayName": field.get("name_label", "Name"), "name": "name", "type": "string", "default": ""}
    values = [
        name | (_dynamic({**field, "label": name["displayName"]}) if "list" in field else {}),
        {"displayName": field.get("value_label", "Value"), "name": "value", "type": "string", "default": ""},
    ]
    return {
        "type": "fixedCollection",
        "default": {},
        "placeholder": field.get("add_label", "Add an item"),
        "typeOptions": {"multipleValues": True},
        "options": [{"name": "pair", "displayName": "Entry", "values": values}],
    }


def _array(field: Any) -> Json:
    values = [one for inner in field["fields"] for one in _inside(inner)]
    return {
        "type": "fixedCollection",
        "default": {},
        "placeholder": field.get("add_label", "Add an item"),
        "typeOptions": {"multipleValues": True},
        "options": [{"name": "item", "displayName": "Item", "values": values}],
    }


def _inside(field: Any) -> list[Json]:
    """Fields of an item. Lists inside of lists are written as text: n8n's panel has no place for them."""
    if field["kind"] == "file":
        return _row(f"{field['name']}_")
    made = {**parameter(field), "name": field["name"]}
    if field["kind"] == "pairs":
        made |= {"type": "json", "default": "{}", "options": None, "typeOptions": None, "placeholder": None}
    elif "list" in field or (field["kind"] == "multiselect" and "options" not in field):
        made |= {"displayName": field["label"], "type": "string", "default": "", "typeOptions": None}
    elif field["kind"] == "select" and not field.get("required"):
        made |= {"options": [{"name": "Not Set", "value": ""}, *made["options"]], "default": ""}
    if "shown_when" in field:
        made["displayOptions"] = {"show": {field["shown_when"]["field"]: field["shown_when"]["values"]}}
    return [{key: value for key, value in made.items() if value is not None}]


_BINARY: Json = {"name": "Binary Data", "value": "binary", "description": "A file that an earlier node gave"}
_URL: Json = {"name": "URL", "value": "url", "description": "CloudConvert downloads the file itself"}


def _row(prefix: str) -> list[Json]:
    source = {
        "displayName": "Source",
        "name": f"{prefix}source",
        "type": "options",
        "default": "binary",
        "options": [_BINARY, _URL],
    }
    binary = {"displayName": "Input Binary Field", "name": f"{prefix}binary", "type": "string", "default": "data"}
    url = {"displayName": "URL", "name": f"{prefix}url", "type": "string", "default": ""}
    headers = {"displayName": "Headers", "name": f"{prefix}headers", "type": "json", "default": "{}"}
    of = f"{prefix}source"
    return [source, _only(binary, of, "binary"), _only(url, of, "url"), _only(headers, of, "url")]


def _only(made: Json, source: str, value: str, show: Json | None = None) -> Json:
    return {**made, "displayOptions": {"show": {**(show or {}), source: [value]}}}


def _file(field: Any, show: Json) -> list[Json]:
    """Where a file, or a list of them, comes from, and what is asked for each answer."""
    name, of, many = field["name"], f"{field['name']}_source", field["kind"] == "files"
    none: list[Json] = [] if field.get("required") else [{"name": "None", "value": "none"}]
    lists: list[Json] = [
        {"name": "Binary Data of All Items", "value": "all", "description": "One job with every file of every item"},
        {"name": "List", "value": "list", "description": "Binary data and URLs, one by one"},
    ]
    choices: list[Json] = [*none, _BINARY, *(lists if many else [_URL])]
    source = {
        "displayName": f"{field['label']} Source",
        "name": of,
        "type": "options",
        "default": choices[0]["value"],
        "options": choices,
        "description": field.get("help", ""),
        "displayOptions": {"show": show},
    }
    help_ = "Several names are separated by commas" if many else "The name of the field that holds the file"
    binary = {
        "displayName": "Input Binary Field",
        "name": f"{name}_binary",
        "type": "string",
        "default": "data",
        "description": help_,
    }
    if many:
        rows: Json = {
            "displayName": "Files",
            "name": f"{name}_list",
            "type": "fixedCollection",
            "default": {},
            "placeholder": "Add a file",
        }
        rows |= {
            "typeOptions": {"multipleValues": True},
            "options": [{"name": "item", "displayName": "File", "values": _row("")}],
        }
        return [source, _only(binary, of, "binary", show), _only(rows, of, "list", show)]
    url = {"displayName": "URL", "name": f"{name}_url", "type": "string", "default": "", "required": True}
    headers: Json = {"displayName": "Headers", "name": f"{name}_headers"} | pairs(
        {"name_label": "Key", "add_label": "Add a header"}
    )
    return [source, _only(binary, of, "binary", show), _only(url, of, "url", show), _only(headers, of, "url", show)]
