"""The OpenAPI 3.0.0 document, for "Import API"."""

from __future__ import annotations

from typing import Any

from connector.platforms.dronahq.actions import ACTIONS, Action
from connector.platforms.dronahq.answer import sample
from connector.platforms.dronahq.request import Request, Variable, request_of
from connector.platforms.openapi.answer import ERROR, schema
from connector.platforms.openapi.security import required, schemes
from connector.platforms.platform import Service
from connector.version import __version__

Json = dict[str, Any]


def imported_actions() -> list[Action]:
    """The actions that the document holds: it can have one for each method and path, the first one here."""
    first: dict[tuple[str, str], Action] = {}
    for action in ACTIONS:
        request = request_of(action)
        first.setdefault((request.method, request.path), action)
    return list(first.values())


def imported_name(request: Request) -> str:
    """What DronaHQ calls an action after the import: path and method, not the operationId."""
    parts = request.path.replace("{", "").replace("}", "").strip("/").split("/")
    return "_".join([*parts, request.method.lower()])


def openapi(service: Service) -> Json:
    """The document. `{{Variable}}` in the example of a body is how DronaHQ writes a variable."""
    paths: Json = {}
    for action in imported_actions():
        request = request_of(action)
        paths.setdefault(request.path, {})[request.method.lower()] = _operation(action, request)
    return {
        "openapi": "3.0.0",
        "info": {
            "title": "CloudConvert",
            "description": "File conversion: the actions of DronaHQ's CloudConvert connector.",
            "version": __version__,
        },
        "servers": [{"url": f"{service.base_url}/v2"}],
        "paths": paths,
        "components": {"schemas": {"Error": ERROR}, "securitySchemes": schemes(service)},
    }


def _operation(action: Action, request: Request) -> Json:
    made: Json = {
        "operationId": action.name,
        # The list of the import shows the summary only, and names the action by its path.
        "summary": f"{action.name}: {action.module.summary()}",
        "tags": [action.module.group],
        "security": required(action.module.scopes),
        "parameters": [_parameter(one) for one in request.variables if one.place != "body"]
        + [_constant(name, value) for name, value in request.constants.items()],
        "responses": _responses(action, request),
    }
    return made | ({"requestBody": _body(request)} if request.body else {})


def _parameter(variable: Variable) -> Json:
    choices = [choice.value for choice in variable.choices]
    made: Json = {
        "name": variable.name,
        "in": "path" if variable.place == "param" else "query",
        "required": variable.mandatory,
        "description": f"{variable.label}. {variable.help}",
        "schema": {"type": "string"} | ({"enum": choices} if choices else {}),
    }
    return made | ({"example": variable.example} if variable.mandatory else {"allowEmptyValue": True})


def _constant(name: str, value: str) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": True,
        "description": "Always the same; leave it as it is.",
        "schema": {"type": "string", "enum": [value], "default": value},
        "example": value,
    }


def _body(request: Request) -> Json:
    return {
        "required": True,
        "content": {"application/json": {"schema": _described(request.body, request), "example": request.body}},
    }


def _described(value: Any, request: Request) -> Json:
    """The schema of a body: its own shape, with the variables described where they stand."""
    if isinstance(value, dict):
        properties = {key: _described(inner, request) for key, inner in value.items()}
        return {"type": "object", "properties": properties, "required": list(value)}
    if isinstance(value, list):
        return {"type": "array", "items": {"type": "string"}}
    asked = next((one for one in request.variables if value == f"{{{{{one.name}}}}}"), None)
    return {"type": "string"} | ({"description": f"{asked.label}. {asked.help}"} if asked else {})


def _responses(action: Action, request: Request) -> Json:
    answer = {"schema": schema(action.module), "example": sample(action.module)}
    error = {"schema": {"$ref": "#/components/schemas/Error"}}
    return {
        "201" if request.method == "POST" else "200": {
            "description": "What was asked for.",
            "content": {"application/json": answer},
        },
        "default": {"description": "Why it was refused.", "content": {"application/json": error}},
    }
