"""Fields of a form as Zapier's input fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

LEFT_OUT = ("wait_limit", "webhook_name")
"""What a person does not set on Zapier: it is called back when a job has ended, and names its webhooks itself."""

UPLOAD = "upload"
_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "any": "json"}
_AS_TEXT = {"pairs": 'As JSON, e.g. {"width": 320}.', "multiselect": "Separated by commas."}
_SOURCES = {"url": "CloudConvert downloads it", UPLOAD: "Upload it through Zapier"}


def input_fields(fields: Sequence[Any]) -> list[Json]:
    """The fields of a form; a file has some more beside it, which say how it gets to CloudConvert."""
    return [one for field in fields if field["name"] not in LEFT_OUT for one in _grouped(field, fields)]


def groups(made: Sequence[Json], fields: Sequence[Any]) -> list[Json]:
    """The headings that the input fields stand under."""
    used = {one.get("group") for one in made}
    sections = dict.fromkeys(field["section"] for field in fields if "section" in field)
    return [{"key": _key(label), "label": label} for label in sections if _key(label) in used]


def list_key(field: Any) -> str | None:
    """The key of the hidden trigger that fills the field's drop-down list; None where there is no such list."""
    if "list" not in field or field["list"]["source"] == "options":
        return None
    source, operation = str(field["list"]["source"]), field["list"]["operation"]
    return f"{source}_of_{_key(operation)}" if operation else source


def _grouped(field: Any, among: Sequence[Any]) -> list[Json]:
    group = {"group": _key(field["section"])} if "section" in field else {}
    return [{**one, **group} for one in _fields(field, among)]


def _fields(field: Any, among: Sequence[Any]) -> list[Json]:
    match field["kind"]:
        case "file":
            return [*_file(field, field["name"]), _headers(field, field["name"])]
        case "files":
            inner, key = {"label": "File", "required": True}, f"{field['name']}_file"
            return [_rows(field, [*_file(inner, key), _headers_as_text(inner, key)])]
        case "array":
            return [_rows(field, [one for inner in field["fields"] for one in _inside(inner, field)])]
        case "pairs":
            return [{**plain(field, among), "dict": True}]
        case _:
            return [{**plain(field, among), **_dynamic(field)}]


def _rows(field: Any, children: list[Json]) -> Json:
    """A field of rows. It has no help of its own, so the first field of a row says it."""
    made = plain(field)
    help_text = " ".join(part for part in (made.pop("helpText", ""), children[0].get("helpText", "")) if part)
    return {**made, "children": [{**children[0], "helpText": help_text}, *children[1:]]}


def plain(field: Any, among: Sequence[Any] = ()) -> Json:
    """A field by itself, as it also stands in the dialog of a connection. It may depend on those that it is `among`."""
    made: Json = {"key": field["name"], "label": field["label"] + (f" ({field['unit']})" if field.get("unit") else "")}
    made |= {"type": _type(field)} if field["kind"] not in ("files", "array", "pairs") else {}
    made |= {"required": True} if field.get("required") else {}
    help_text = _help(field, among)
    made |= {"helpText": help_text} if help_text else {}
    made |= {"placeholder": field["example"]} if isinstance(field.get("example"), str) else {}
    if field["kind"] == "multiselect":
        made["list"] = True  # for which Zapier knows no default; the run time does
    if "options" in field:
        made["choices"] = {one["value"]: one["label"] for one in field["options"]}
    if isinstance(field.get("default"), str | int):
        made["default"] = _text(field["default"])
    return made


def _type(field: Any) -> str:
    text = "password" if field.get("secret") else "text" if field.get("multiline") else "string"
    return _TYPES.get(field["kind"], text)


def _help(field: Any, among: Sequence[Any]) -> str:
    return " ".join(part for part in (field.get("help", ""), _condition(field, among)) if part)


def _condition(field: Any, among: Sequence[Any]) -> str:
    """For what the field is, in the words of the field that decides it."""
    if "shown_when" not in field:
        return ""
    deciding = next(other for other in among if other["name"] == field["shown_when"]["field"])
    labels = [one["label"] for one in deciding["options"] if one["value"] in field["shown_when"]["values"]]
    return f"Only for {deciding['label']}: {', '.join(labels)}."


def _dynamic(field: Any) -> Json:
    key = list_key(field)
    return {"dynamic": f"{key}.id.name"} if key else {}


def _file(field: Any, key: str) -> list[Json]:
    """A file, how it gets to CloudConvert, and its name."""
    source = "CloudConvert downloads what has a web address. Upload what only Zapier can reach."
    name = "With its extension, which tells the format. Without it the address or its server says the name."
    return [
        {**plain({**field, "name": key, "kind": "file"}), "type": "file"},
        {
            "key": f"{key}_source",
            "label": f"{field['label']}: how it gets there",
            "type": "string",
            "choices": _SOURCES,
            "default": "url",
            "helpText": source,
        },
        {"key": f"{key}_name", "label": f"{field['label']}: name", "type": "string", "helpText": name},
    ]


def _headers(field: Any, key: str) -> Json:
    help_text = "Sent when the file is downloaded from its address, e.g. Authorization."
    return {"key": f"{key}_headers", "label": f"{field['label']}: headers", "dict": True, "helpText": help_text}


def _headers_as_text(field: Any, key: str) -> Json:
    made = _headers(field, key)
    del made["dict"]
    return {**made, "type": "text", "helpText": f'{made["helpText"]} As JSON, e.g. {{"Authorization": "Basic ..."}}.'}


def _inside(field: Any, row: Any) -> list[Json]:
    """A field of a row. Lists and mappings are written as text: a row has no place for them."""
    key = f"{row['name']}_{field['name']}"
    if field["kind"] == "file":
        return [*_file(field, key), _headers_as_text(field, key)]
    as_text = _AS_TEXT.get(field["kind"])
    if as_text is None:
        return [{**plain(field, row["fields"]), "key": key}]
    made = plain({**field, "kind": "text"}, row["fields"])
    return [{**made, "key": key, "helpText": f"{made.get('helpText', '')} {as_text}".strip()}]


def _text(default: Any) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _key(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
