"""Every module as data that a program in another language can read: form, outputs and recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from connector.fields import Dynamic, Field, FormatSelect
from connector.forms import Fields
from connector.module import Module, Search, Trigger
from connector.modules import all_modules
from connector.platforms.platform import Service
from connector.recipe import Call, Job, Recipe
from connector.service import SANDBOX

Json = dict[str, Any]

_ALWAYS = ("label", "help", "required", "advanced", "secret", "absent", "given", "example")
_OF_A_KIND = ("minimum", "maximum", "max_length", "unit", "multiline", "text_values", "name_label", "value_label")
_MORE = ("add_label",)


def declarations(service: Service) -> Json:
    """`service` (its addresses by environment) and `modules`, in the registry's order."""
    places = {
        "live": {"base_url": service.base_url, "sync_url": service.sync_url},
        "sandbox": {"base_url": SANDBOX, "sync_url": SANDBOX.replace("://", "://sync.")},
    }
    return {"service": places, "modules": [module_data(module) for module in all_modules().values()]}


def module_data(module: type[Module]) -> Json:
    """One module: name, label, group, kind (action, search or trigger), summary, scopes, fields, outputs and recipe."""
    return {
        "name": module.name(),
        "label": module.label,
        "group": module.group,
        "kind": "trigger" if issubclass(module, Trigger) else "search" if issubclass(module, Search) else "action",
        "summary": module.summary(),
        "scopes": list(module.scopes),
        "recipe": _recipe(module.recipe),
        "fields": form_data(module.Input),
        "outputs": [_output(name, field) for name, field in module.Output.all().items()],
    }


def form_data(form: type[Fields]) -> list[Json]:
    """The fields of a form in the order of a dialog, each with the heading it stands under."""
    return [
        {**field_data(name, field), **({"section": section.label} if section.label else {})}
        for section in form.sections()
        for name, field in section.fields.items()
    ]


def field_data(name: str, field: Field) -> Json:
    """A field with what a dialog shows and what a check needs; what it does not have is left out."""
    made: Json = {"name": name, "kind": field.kind}
    if isinstance(field, FormatSelect):
        made["format"] = True
    made |= {key: value for key in (*_ALWAYS, *_OF_A_KIND, *_MORE) if _says(value := getattr(field, key, None))}
    if field.default is not None:
        made["default"] = field.default
    if isinstance(field.options, Dynamic):
        made["list"] = asdict(field.options)
    elif field.options is not None:
        made["options"] = [asdict(choice) for choice in field.options]
    if field.shown_when:
        made["shown_when"] = {"field": field.shown_when[0], "values": list(field.shown_when[1])}
    if field.nested():
        made["fields"] = [field_data(key, inner) for key, inner in field.nested().items()]
    return made


def _says(value: object) -> bool:
    return value is not None and value != "" and value is not False


def _output(name: str, field: Field) -> Json:
    return {**field_data(name, field), "source": field.source or name}


def _recipe(recipe: Recipe) -> Json:
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(recipe).__name__).lower()
    return {"kind": kind, **_plain(recipe)}


def _plain(recipe: Recipe) -> Mapping[str, Any]:
    made = asdict(recipe)
    if isinstance(recipe, Job):
        made["task"]["name"] = recipe.task.name
    if isinstance(recipe, Call):
        made = {key: value for key, value in made.items() if value}
    return made
