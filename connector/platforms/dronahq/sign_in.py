"""How the connector signs in: the facts of DronaHQ's dialog, and both ways as records of the shape that it stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.dialog import ApiKeyConnection
from connector.modules.get_my_info import GetMyInfo
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service

Json = dict[str, Any]

NAME = "CloudConvert"
DESCRIPTION = "Converts files, captures websites, and shows jobs."
ACCOUNT_NAME = "^[A-Za-z][A-Za-z0-9_]*$"
"""What DronaHQ takes as the name of an environment or account."""

CALLBACK_PATH = "/oauth_callback"
CLOUD_CALLBACK = f"https://studio.dronahq.com{CALLBACK_PATH}"
"""Where DronaHQ's cloud takes the browser back; an installation of one's own has the path on its own host."""

_SETTINGS = (
    "callback_url client_id client_secret scope authorization_configuration access_token_configuration"
    " refresh_token_configuration test_configuration token_exchange_configuration"
)
"""What the stored settings have besides the fields, whether it is used or not."""


def address_of_test(service: Service) -> str:
    """What the test of a new connector calls: GET, with the scope user.read."""
    return f"{service.base_url}/v2{GetMyInfo.recipe.path}"


def by_oauth(service: Service) -> Json:
    """The connector with OAuth2; client ID and secret are typed in."""
    client = {"client_id": "{{auth.client_id}}", "client_secret": "{{auth.client_secret}}"}
    place = {"redirect_uri": "{{auth.callback_url}}"}
    code = {"grant_type": "authorization_code", "code": "{{response.code}}", **place, "state": "{{response.state}}"}
    refresh = {"grant_type": "refresh_token", "refresh_token": "{{oauth.refresh_token}}"}
    asked = {"response_type": "code", "client_id": client["client_id"], **place, "state": "", "scope": "{{auth.scope}}"}
    settings = {
        "fields": None,
        "callback_url": CLOUD_CALLBACK,
        "scope": " ".join(SCOPES_ASKED),
        "refresh_token_consent": True,
        "authorization_configuration": _call("GET", service.authorize_url, parameters=asked),
        "access_token_configuration": _call("POST", service.token_url, body={**client, **code}),
        "refresh_token_configuration": _call("POST", service.token_url, body={**client, **refresh}),
    }
    return _connector("oauth_v2", settings, service)


def by_key(service: Service) -> Json:
    """The connector with an API key in a header."""
    key = ApiKeyConnection.all()["api_key"]
    field = {
        "field_label": key.label,
        "field_key": "Authorization",
        "field_type": "Password",
        "field_required": key.required,
        "field_description": f"The word Bearer, a blank, and the key. {key.help}",
        "field_placeholder": "Bearer ...",
        "field_default_value": "",
        "field_target": "Header",
    }
    return _connector("api_key", {"fields": [field], "refresh_token_consent": False}, service)


def _connector(scheme: str, settings: Json, service: Service) -> Json:
    settings |= {"test_configuration": _call("GET", address_of_test(service))}
    return {
        "cat_name": NAME,
        "cat_desc": DESCRIPTION,
        "cat_icon": None,
        "cat_auth_scheme": scheme,
        "cat_auth_scheme_settings": {**dict.fromkeys(_SETTINGS.split()), **settings},
        "dynamic_variables": None,
    }


def _call(
    method: str, url: str, parameters: Mapping[str, str] | None = None, body: Mapping[str, str] | None = None
) -> Json:
    return {
        "request_method": method,
        "request_endpoint": url,
        "content_type": "application/x-www-form-urlencoded" if body else None,
        "request_parameters": _pairs(parameters or {}),
        "request_headers": [],
        "request_body": _pairs(body or {}),
        "dynamic_variables": None,
    }


def _pairs(values: Mapping[str, str]) -> list[Json]:
    return [{"key": key, "value": value, "is_default_key": True} for key, value in values.items()]
