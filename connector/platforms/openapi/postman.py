"""The Postman collection, format 2.1: the same operations as requests with their examples filled in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from connector.dialog import ApiKeyConnection
from connector.platforms.openapi.document import ABOUT, operations
from connector.platforms.openapi.operations import Operation, Parameter
from connector.platforms.platform import Service
from connector.version import __version__

Json = dict[str, Any]

FILE = "cloudconvert.postman_collection.json"
_FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_BASE = "baseUrl"
_KEY = "apiKey"


def collection(service: Service) -> Json:
    """The collection. The key is a variable that a person fills in; it is sent with every request."""
    groups = dict.fromkeys(one.group for one in operations())
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, service.base_url)),
            "name": "CloudConvert",
            "description": ABOUT,
            "version": __version__,
            "schema": _FORMAT,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": f"{{{{{_KEY}}}}}", "type": "string"}]},
        "variable": [
            {"key": _BASE, "value": f"{service.base_url}/v2", "type": "string"},
            {"key": _KEY, "value": "", "type": "string", "description": ApiKeyConnection.all()["api_key"].help},
        ],
        "item": [{"name": group, "item": list(_requests(group))} for group in groups],
    }


def _requests(group: str) -> Iterator[Json]:
    for one in operations():
        if one.group == group:
            # A request has one body: of an operation with several examples there are several requests.
            for label, body in one.examples.values() or [(one.label, None)]:
                yield {"name": _name(one, label), "request": _request(one, body), "response": []}


def _name(one: Operation, label: str) -> str:
    return label if label == one.label else f"{one.label}: {label}"


def _request(one: Operation, body: Json | None) -> Json:
    made: Json = {"method": one.method, "header": [], "url": _url(one), "description": one.help}
    if not one.scopes:
        made["auth"] = {"type": "noauth"}
    if body is None:
        return made
    made["header"] = [{"key": "Content-Type", "value": "application/json"}]
    raw = json.dumps(body, indent=2, ensure_ascii=False)
    return made | {"body": {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}}


def _url(one: Operation) -> Json:
    path = [f":{part[1:-1]}" if part.startswith("{") else part for part in one.path.strip("/").split("/")]
    query = [
        _value(it) | {"disabled": not (it.required or it.constant)} for it in one.parameters if it.place == "query"
    ]
    return {
        "raw": f"{{{{{_BASE}}}}}/{'/'.join(path)}",
        "host": [f"{{{{{_BASE}}}}}"],
        "path": path,
        "query": query,
        "variable": [_value(it) for it in one.parameters if it.place == "path"],
    }


def _value(one: Parameter) -> Json:
    value = one.schema.get("default", one.schema.get("example", ""))
    return {"key": one.name, "value": str(value), "description": one.schema["description"]}
