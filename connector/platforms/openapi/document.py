"""The OpenAPI 3.0.3 document."""

from __future__ import annotations

import functools
from typing import Any

from connector.platforms.openapi.answer import ERROR
from connector.platforms.openapi.asked import plain
from connector.platforms.openapi.operations import Operation, Parameter, simple_operations
from connector.platforms.openapi.security import required, schemes
from connector.platforms.openapi.tasks import created_job, created_webhook, single_tasks
from connector.platforms.platform import Service
from connector.service import CONTACT, LIVE, REGIONS, SANDBOX
from connector.version import __version__

Json = dict[str, Any]

ABOUT = (
    "Converts, merges, optimizes, archives and captures files. A job does it all in one request: CreateJob has an "
    "example for each kind. Or step by step: import a file, work on it, export it, each a task of its own."
)


@functools.cache
def operations() -> tuple[Operation, ...]:
    """Every operation, by group and in the order in which people look for them."""
    found = [*single_tasks(), created_job(), *simple_operations(), created_webhook()]
    order = list(dict.fromkeys(one.group for one in found))
    return tuple(sorted(found, key=lambda one: order.index(one.group)))


def document(service: Service) -> Json:
    """The document."""
    paths: Json = {}
    for one in operations():
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.0.3",
        "info": {"title": "CloudConvert", "description": ABOUT, "version": __version__, "contact": CONTACT},
        "servers": servers(service),
        "tags": [{"name": group} for group in dict.fromkeys(one.group for one in operations())],
        "paths": paths,
        "components": {"schemas": _things() | {"Error": ERROR}, "securitySchemes": schemes(service)},
    }


def _things() -> Json:
    return {one.thing: one.answer for one in operations() if one.answer}


def servers(service: Service) -> list[Json]:
    """The server; where it is the live one, also its regions and CloudConvert's own sandbox."""
    if service.base_url != LIVE:
        return [{"url": f"{service.base_url}/v2", "description": "The server these files were made for"}]
    regions = {LIVE.replace("://", f"://{region}."): f"Live, in {place} only" for region, place in REGIONS.items()}
    known = {LIVE: "Live", **regions, SANDBOX: "CloudConvert's sandbox: free, with keys of its own"}
    return [{"url": f"{url}/v2", "description": about} for url, about in known.items()]


def _operation(one: Operation) -> Json:
    made: Json = {
        "operationId": one.name,
        "summary": one.label,
        "description": one.help,
        "tags": [one.group],
        "security": required(one.scopes),
        "parameters": [_parameter(it) for it in one.parameters],
        "responses": _responses(one),
    }
    return made | ({"requestBody": _body(one)} if one.body else {})


def _parameter(one: Parameter) -> Json:
    said = {key: value for key, value in plain(one.schema).items() if key not in ("title", "description", "example")}
    example = {"example": one.schema["example"]} if "example" in one.schema else {}
    return {
        "name": one.name,
        "in": one.place,
        "required": one.required,
        "description": one.schema["description"],
        "schema": said,
    } | example


def _body(one: Operation) -> Json:
    content: Json = {"schema": plain(one.body)}
    if len(one.examples) == 1:
        content["example"] = next(iter(one.examples.values()))[1]
    else:
        content["examples"] = {name: {"summary": label, "value": it} for name, (label, it) in one.examples.items()}
    return {"required": True, "content": {"application/json": content}}


def _responses(one: Operation) -> Json:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answer = {"schema": {"$ref": f"#/components/schemas/{one.thing}"}, "example": one.sample}
    content = {"content": {"application/json": answer}} if one.answer else {}
    done = {"description": "What was asked for." if one.answer else "It is done."} | content
    refused = {"description": "Why it was refused.", "content": error}
    return {**{str(status): done for status in sorted(one.statuses)}, "default": refused}
