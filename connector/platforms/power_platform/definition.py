"""The definition of the connector: OpenAPI 2.0 with the platform's keys."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from connector.dialog import ApiKeyConnection
from connector.fields import Dynamic
from connector.modules.get_my_info import GetMyInfo
from connector.platforms.openapi.operations import Parameter
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.platforms.power_platform.lists import in_query
from connector.platforms.power_platform.operations import ROOT, Action, actions
from connector.platforms.power_platform.schema import Json, converted
from connector.platforms.power_platform.trigger import PATH, trigger
from connector.platforms.power_platform.words import description, summary
from connector.service import CONTACT, SCOPES
from connector.version import __version__

ABOUT = (
    "Converts, merges, optimizes, archives and captures files, shows jobs and tasks, and tells when a job has ended."
)
_METADATA = {
    "Website": "https://cloudconvert.com",
    "Privacy policy": "https://cloudconvert.com/privacy",
    "Categories": "Content and Files;Productivity",
}


def definition(service: Service, sign_in: str) -> Json:
    """The document, for signing in with `api-key` or `oauth2`."""
    address = urlsplit(service.base_url)
    paths: Json = {}
    for action in actions():
        paths.setdefault(action.path, {})[action.operation.method.lower()] = _operation(action)
    paths.setdefault(f"{ROOT}{PATH}", {}).update(trigger())
    return {
        "swagger": "2.0",
        "info": {"title": "CloudConvert", "description": ABOUT, "version": __version__, "contact": CONTACT},
        "host": address.netloc,
        "basePath": address.path or "/",
        "schemes": [address.scheme],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": _definitions(),
        "securityDefinitions": {name: it for name, it in _schemes(service).items() if name == sign_in},
        "security": [{sign_in: list(SCOPES_ASKED) if sign_in == "oauth2" else []}],
        "tags": [{"name": group} for group in dict.fromkeys(one.operation.group for one in actions())],
        "x-ms-connector-metadata": [{"propertyName": it, "propertyValue": value} for it, value in _METADATA.items()],
        "x-ms-capabilities": {"testConnection": {"operationId": GetMyInfo.name()}},
    }


def _schemes(service: Service) -> Json:
    """Both ways to sign in. A policy puts the word Bearer before the key."""
    key = ApiKeyConnection.all()["api_key"]
    oauth = {
        "type": "oauth2",
        "flow": "accessCode",
        "authorizationUrl": service.authorize_url,
        "tokenUrl": service.token_url,
        "scopes": {scope: SCOPES[scope] for scope in SCOPES_ASKED},
    }
    return {
        "api-key": {"type": "apiKey", "name": "Authorization", "in": "header", "description": key.help},
        "oauth2": oauth,
    }


def _definitions() -> Json:
    things = {one.operation.thing: one.operation.answer for one in actions() if one.operation.answer}
    return {name: converted(answer, lambda _: {}) for name, answer in things.items()}


def _operation(action: Action) -> Json:
    one = action.operation
    body = [{"name": "body", "in": "body", "required": True, "schema": action.body}] if action.body else []
    made: Json = {
        "operationId": one.name,
        "summary": summary(one.label),
        "description": description(one.help),
        "tags": [one.group],
        "parameters": [*(_parameter(it, action) for it in one.parameters), *body],
        "responses": _responses(action),
    }
    return made | ({"x-ms-visibility": action.visibility} if action.visibility else {})


def _parameter(one: Parameter, action: Action) -> Json:
    names = {_field(it): it.name for it in action.operation.parameters}
    said = converted(one.schema, partial(_list, names=names))
    said.pop("example", None)
    made: Json = {"name": one.name, "in": one.place, "required": one.required or one.constant} | said
    made |= {"x-ms-visibility": "internal"} if one.constant else {}
    return made | ({"x-ms-url-encoding": "single"} if one.place == "path" else {})


def _field(parameter: Parameter) -> str:
    return parameter.name.removeprefix("filter[").removesuffix("]")


def _list(options: Dynamic, names: dict[str, str]) -> Json:
    return in_query(options, names)


def _responses(action: Action) -> Json:
    one = action.operation
    schema: dict[str, Any] = {"schema": {"$ref": f"#/definitions/{one.thing}"}} if one.answer else {}
    first, *rest = one.statuses
    done = {str(first): {"description": "What was asked for."} | schema}
    # One answer only may have a schema.
    return {
        **done,
        **{str(it): {"description": "It is done."} for it in rest},
        "default": {"description": "It was refused."},
    }
