"""Reads back, from the files that platforms install, what each field of a module takes."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.cli.manifests import FOLDER, service_at
from connector.fields import Dynamic, Field
from connector.module import Module
from connector.platforms.fusion.limits import LONGEST_WAIT
from connector.recipe import Job, Webhook
from tests.platforms.fusion.machine import Machine

Json = dict[str, Any]
_PLAIN = ("text", "select", "integer", "boolean", "url")


@dataclass(frozen=True)
class Rule:
    """What a field with one value takes. None means that there is no such limit."""

    required: bool = False
    choices: tuple[str, ...] | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    default: Any = None


Rules = dict[str, Rule]


def declared(fields: Mapping[str, Field]) -> Rules:
    """The rules of the declaration itself, by dotted names."""
    made: Rules = {}
    for name, field in fields.items():
        made |= {f"{name}.{inner}": rule for inner, rule in declared(field.nested()).items()}
        if field.kind in _PLAIN:
            choices = None if isinstance(field.options, Dynamic) or field.options is None else field.options
            limits = {key: getattr(field, key, None) for key in ("minimum", "maximum", "max_length")}
            values = tuple(choice.value for choice in choices) if choices else None
            made[name] = Rule(field.required, values, default=field.default, **limits)
    return made


@functools.cache
def _machine() -> Machine:
    from connector.platforms import find

    return Machine(find("fusion").files(service_at()), {})


def fusion_form(module: type[Module]) -> list[Json]:
    """The parameters of an emitted module of Fusion and Make."""
    machine = _machine()
    if isinstance(module.recipe, Webhook):  # asked when the webhook is made
        (webhook,) = machine.manifest["components"]["webhook"]
        asked: list[Json] = machine.code("webhook", webhook, "params")
    else:
        asked = machine.code("module", module.name(), "mappableParams")
    return [one for section in asked for one in (section["spec"] if section["type"] == "collection" else [section])]


def _fusion(module: type[Module]) -> Rules:
    return dict(_of_parameters(fusion_form(module), set(declared(module.Input.all()))))


def _of_parameters(parameters: list[Json], known: set[str], above: str = "") -> Iterator[tuple[str, Rule]]:
    for one in parameters:
        name = above + one["name"]
        options = one["options"] if isinstance(one.get("options"), list) else []
        for option in options:
            yield from _of_parameters(option.get("nested", []), known, above)
        if one["type"] == "array" and isinstance(one["spec"], list):
            yield from _of_parameters(one["spec"], known, f"{name}.")
        elif name in known:
            limits = one.get("validate", {})
            values = tuple(option["value"] for option in options) or None
            rule = Rule(False, values, limits.get("min"), limits.get("max"), None, one.get("default"))
            is_number = one["type"] == "integer"
            # A check box is drawn only for what is required.
            required = bool(one.get("required")) and not (one["type"] == "boolean" and "default" in one)
            length = None if is_number else limits.get("max")
            yield name, Rule(required, values, rule.minimum, rule.maximum if is_number else None, length, rule.default)


def fusion_fields(module: type[Module]) -> dict[str, Field]:
    """The fields that the app asks; the platform itself asks what a webhook is called."""
    fields = module.Input.all()
    return {name: fields[name] for name in module.recipe.fields()} if isinstance(module.recipe, Webhook) else fields


def levelled_for_fusion(module: type[Module]) -> Rules:
    """What the platform forces: a scenario ends before the longest wait, and a list that it loads has no length."""
    fields = fusion_fields(module)
    rules = declared(fields)
    for name, field in fields.items():
        if name == "wait_limit":
            rules[name] = replace(rules[name], maximum=LONGEST_WAIT, default=min(field.default, LONGEST_WAIT))
        if isinstance(field.options, Dynamic) and field.kind == "select":
            rules[name] = replace(rules[name], max_length=None)
    return rules


def package_form(package: str, module: type[Module]) -> list[Json]:
    """The fields in a package for n8n or Node-RED, as it is committed."""
    document = json.loads((FOLDER / package / "lib" / "declarations.json").read_text())
    fields: list[Json] = next(one["fields"] for one in document["modules"] if one["name"] == module.name())
    return fields


def _package(package: str, module: type[Module]) -> Rules:
    return dict(_of_declarations(package_form(package, module)))


def _of_declarations(fields: list[Json], above: str = "") -> Iterator[tuple[str, Rule]]:
    for one in fields:
        name = above + one["name"]
        yield from _of_declarations(one.get("fields", []), f"{name}.")
        if one["kind"] in _PLAIN:
            values = tuple(choice["value"] for choice in one["options"]) if "options" in one else None
            limits = {key: one.get(key) for key in ("minimum", "maximum", "max_length", "default")}
            yield name, Rule(one.get("required", False), values, **limits)


@functools.cache
def _document(path: str) -> Json:
    document: Json = json.loads((FOLDER / path).read_text())
    return document


def _operation(path: str, name: str) -> Json:
    items = _document(path)["paths"].values()
    found: Json = next(
        it for item in items for it in item.values() if isinstance(it, dict) and it.get("operationId") == name
    )
    return found


def _openapi(module: type[Module]) -> Rules:
    assert isinstance(module.recipe, Job)
    body = _operation("openapi/openapi.json", module.name())["requestBody"]["content"]["application/json"]["schema"]
    return _of_schema(body, module.recipe)


def _power_platform(module: type[Module]) -> Rules:
    assert isinstance(module.recipe, Job)
    (body,) = (
        one
        for one in _operation("power-platform/api-key/apiDefinition.swagger.json", module.name())["parameters"]
        if one["in"] == "body"
    )
    return _of_schema(body["schema"]["properties"]["tasks"]["properties"][module.recipe.task.name], module.recipe)


def _of_schema(schema: Json, recipe: Job) -> Rules:
    """A task's schema, by the names of our fields."""
    made: Rules = {}
    for parameter, name in recipe.task.parameters.items():
        one = schema["properties"].get(parameter, {})
        limits = {"minimum": one.get("minimum"), "maximum": one.get("maximum"), "max_length": one.get("maxLength")}
        choices = tuple(one["enum"]) if "enum" in one else None
        made[name] = Rule(parameter in schema.get("required", []), choices, default=one.get("default"), **limits)
    return made


READERS: Mapping[str, Callable[[type[Module]], Rules]] = {
    "fusion": _fusion,
    "n8n": lambda module: _package("n8n", module),
    "node-red": lambda module: _package("node-red", module),
    "openapi": _openapi,
    "power-platform": _power_platform,
}
"""The rules of a module's fields as a platform has them; documents have those of a task only."""

DOCUMENTS = ("openapi", "power-platform")


def form_of(parameters: list[Json], bundle: Mapping[str, Any]) -> Json:
    """The form that a filled-in form of Fusion and Make means."""
    made: Json = {}
    for one in parameters:
        name = one["name"]
        if name not in bundle:
            continue
        value = bundle[name]
        options = one["options"] if isinstance(one.get("options"), list) else []
        nested = next((option.get("nested", []) for option in options if option["value"] == value), [])
        if {option["value"] for option in options} == {"upload", "url"}:
            made[name] = _file_of(name, value, bundle)
            continue
        made |= form_of(nested, bundle)
        if name.startswith("use_"):
            continue
        items = one["type"] == "array" and isinstance(one["spec"], list)
        made[name] = [_item_of(one["spec"], item) for item in value] if items else value
    return made


def _file_of(name: str, source: str, bundle: Mapping[str, Any]) -> Any:
    if source == "upload":
        return {"name": bundle[f"{name}_name"], "data": bundle[f"{name}_data"]}
    headers = {"headers": bundle[f"{name}_headers"]} if f"{name}_headers" in bundle else {}
    return {"url": bundle[f"{name}_url"], **headers}


def _item_of(parameters: list[Json], item: Mapping[str, Any]) -> Any:
    made = form_of(parameters, item)
    return made["file"] if set(made) == {"file"} else made
