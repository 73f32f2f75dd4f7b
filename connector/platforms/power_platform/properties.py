"""apiProperties.json: how one signs in, and the policies that change requests on their way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.dialog import ApiKeyConnection, Place
from connector.platforms.fusion.app import THEME
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.platforms.power_platform.operations import actions
from connector.platforms.power_platform.schema import Json
from connector.service import LIVE, REGIONS, SANDBOX

REDIRECT = "https://global.consent.azure-apim.net/redirect"
"""Where the platform takes the browser back, whoever signs in."""

_KEY, _SERVER = "api_key", "host"
_PARAMETER = "x-ms-apimTemplateParameter."
_OPERATIONS = "x-ms-apimTemplate-operationName"
_SECTION = "x-ms-apimTemplate-policySection"


def properties(service: Service, sign_in: str) -> Json:
    """The file, for signing in with `api-key` or `oauth2`."""
    key = sign_in == "api-key"
    asked = {_KEY: _secret()} if key else {"token": _oauth(service)}
    servers = _servers(service, with_sandbox=key)
    if servers:
        asked[_SERVER] = _server(servers)
    return {
        "properties": {
            "connectionParameters": asked,
            "iconBrandColor": THEME,
            "capabilities": [],
            "publisher": "cloudconvert-connector",
            "policyTemplateInstances": list(_policies(key=key, choose_server=bool(servers))),
        }
    }


def _servers(service: Service, *, with_sandbox: bool) -> dict[str, str]:
    """The hosts to choose from, with what they are; none where the files are made for one server."""
    if service.base_url != LIVE:
        return {}
    host = LIVE.partition("://")[2]
    regions = {f"{region}.{host}": f"Live, {place}" for region, place in REGIONS.items()}
    # The sandbox has sign-in pages of its own; with OAuth2 it needs files of its own.
    sandbox = {SANDBOX.partition("://")[2]: "CloudConvert's sandbox"} if with_sandbox else {}
    return {host: "Live"} | regions | sandbox


def _secret() -> Json:
    field = ApiKeyConnection.all()["api_key"]
    return {"type": "securestring", "uiDefinition": _shown(field.label, field.help, clear=False, place=1)}


def _server(servers: dict[str, str]) -> Json:
    field = Place.all()["environment"]
    shown = _shown("Server", field.help, clear=True, place=2)
    shown["constraints"]["allowedValues"] = [{"value": host, "text": label} for host, label in servers.items()]
    return {"type": "string", "defaultValue": next(iter(servers)), "uiDefinition": shown}


def _shown(label: str, about: str, *, clear: bool, place: int) -> Json:
    constraints: dict[str, Any] = {"required": "true", "clearText": clear, "tabIndex": place}
    return {"displayName": label, "description": about, "tooltip": about, "constraints": constraints}


def _oauth(service: Service) -> Json:
    settings = {
        "identityProvider": "oauth2",
        "clientId": "",
        # One text with blanks: however the platform joins several, CloudConvert wants blanks between them.
        "scopes": [" ".join(SCOPES_ASKED)],
        "redirectMode": "Global",
        "redirectUrl": REDIRECT,
        "properties": {"IsFirstParty": "False"},
        "customParameters": {
            "authorizationUrl": {"value": service.authorize_url},
            "tokenUrl": {"value": service.token_url},
            "refreshUrl": {"value": service.token_url},
        },
    }
    return {"type": "oauthSetting", "oAuthSettings": settings}


def _policies(*, key: bool, choose_server: bool) -> Iterator[Json]:
    if key:
        value = f"Bearer @connectionParameters('{_KEY}')"
        given = {"name": "Authorization", "value": value, "existsAction": "override"}
        yield _policy("setheader", "Send the key as a bearer token", given, section="Request")
    if choose_server:
        url = {"urlTemplate": f"https://@connectionParameters('{_SERVER}')"}
        yield _policy("dynamichosturl", "Go to the chosen server", url)
    for path, names in _led().items():
        title = f"Lead to {path}"
        yield _policy("routerequesttoendpoint", title, {"newPath": path}, names)
    for action in actions():
        if action.listed:
            given = {
                "propertyParentPath": "@body()",
                "propertySubPath": action.listed,
                "keyWithinCollectionPath": "name",
                "newPropertyPath": action.listed,
                "retainKey": "false",
            }
            name = action.operation.name
            yield _policy("convertarraytoobject", "Name the tasks", given, [name], section="Request")


def _led() -> dict[str, list[str]]:
    """The operations by the path that they are led to."""
    found: dict[str, list[str]] = {}
    for action in actions():
        if action.is_led:
            found.setdefault(action.real, []).append(action.operation.name)
    return found


def _policy(
    template: str, title: str, parameters: dict[str, str], operations: list[str] | None = None, section: str = ""
) -> Json:
    given: Json = {f"{_PARAMETER}{name}": value for name, value in parameters.items()}
    given |= {_OPERATIONS: operations} if operations else {}
    return {"templateId": template, "title": title, "parameters": given | ({_SECTION: section} if section else {})}
