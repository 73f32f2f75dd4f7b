"""A module's declaration as plain data, for `modules --json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from connector.fields import Dynamic, Field, File
from connector.forms import Fields
from connector.module import Module


def describe(module: type[Module]) -> dict[str, Any]:
    """Everything that a dialog or a mapper needs to know about a module."""
    return {
        "name": module.name(),
        "label": module.label,
        "summary": module.summary(),
        "group": module.group,
        "scopes": list(module.scopes),
        "form": [{"section": section.label, "fields": _fields(section.fields)} for section in module.Input.sections()],
        "outputs": _outputs(module.Output),
    }


def _outputs(outputs: type[Fields]) -> list[dict[str, Any]]:
    return _fields(outputs.all())


def _fields(fields: Any) -> list[dict[str, Any]]:
    return [_field(name, field) for name, field in fields.items()]


def _field(name: str, field: Field) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": name,
        "type": field.kind,
        "label": field.label,
        "help": field.help,
        "required": field.required,
    }
    extras = {
        "default": field.default,
        "advanced": field.advanced,
        "secret": field.secret,
        "absent": field.absent,
        "example": field.example,
        "shown_when": field.shown_when,
        "fields": _fields(field.nested()),
        "url_fields": _fields(File.url_fields) if field.kind in ("file", "files") else None,
        "options": _options(field),
        **{key: getattr(field, key, None) for key in ("minimum", "maximum", "max_length", "unit", "add_label")},
    }
    return about | {key: value for key, value in extras.items() if value not in (None, "", [], False)}


def _options(field: Field) -> Any:
    if isinstance(field.options, Dynamic):
        return {"from": {key: value for key, value in asdict(field.options).items() if value}}
    return [asdict(choice) for choice in field.options] if field.options else None
