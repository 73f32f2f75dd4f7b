"""The two credentials: an API key, and OAuth2."""

from __future__ import annotations

import json
from typing import Any

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE, ApiKeyConnection, Place
from connector.platforms.javascript.declarations import form_data
from connector.platforms.n8n.parameters import parameter
from connector.platforms.platform import Service
from connector.service import SANDBOX, SCOPES

API_KEY = "cloudConvertConnectorApi"
OAUTH2 = "cloudConvertConnectorOAuth2Api"

_LEFT_OUT = ("proxy",)  # n8n's own setting
_BASE_URL = "={{$credentials.environment === 'custom' ? $credentials.base_url : $credentials.environment === 'sandbox' ? '%s' : '%s'}}/v2"


def api_key(service: Service) -> str:
    """The credential with a key, which n8n tests by asking whose it is."""
    test = {"request": {"baseURL": _BASE_URL % (SANDBOX, service.base_url), "url": "/users/me"}}
    signed = {"type": "generic", "properties": {"headers": {"Authorization": "=Bearer {{$credentials.api_key}}"}}}
    return _class(
        "CloudConvertConnectorApi",
        name=API_KEY,
        displayName="CloudConvert API (Connector)",
        documentationUrl=KEYS_PAGE,
        properties=[_asked(field) for field in form_data(ApiKeyConnection) if field["name"] not in _LEFT_OUT],
        authenticate=signed,
        test=test,
    )


def oauth2(service: Service) -> str:
    """The credential that signs in; n8n asks for the client's ID and secret, and refreshes by itself."""
    fixed = {
        "grantType": "authorizationCode",
        "scope": " ".join(scope for scope in SCOPES if scope != "user.write"),
        "authQueryParameters": "",
        "authentication": "body",
    }
    hidden = [{"displayName": name, "name": name, "type": "hidden", "default": value} for name, value in fixed.items()]
    ends = [
        {"displayName": "Authorization URL", "name": "authUrl", "type": "string", "default": service.authorize_url},
        {"displayName": "Access Token URL", "name": "accessTokenUrl", "type": "string", "default": service.token_url},
    ]
    places = [_asked(field) for field in form_data(Place) if field["name"] not in _LEFT_OUT]
    return _class(
        "CloudConvertConnectorOAuth2Api",
        name=OAUTH2,
        extends=["oAuth2Api"],
        displayName="CloudConvert OAuth2 API (Connector)",
        documentationUrl=CLIENTS_PAGE,
        properties=[*hidden, *places, *ends],
    )


def _asked(field: Any) -> dict[str, Any]:
    made = parameter(field)
    if "shown_when" in field:
        made["displayOptions"] = {"show": {field["shown_when"]["field"]: field["shown_when"]["values"]}}
    return made


def _class(class_name: str, /, **parts: Any) -> str:
    fields = "\n".join(f"  {key} = {_indented(value)};" for key, value in parts.items())
    return f"'use strict';\n\nclass {class_name} {{\n{fields}\n}}\n\nmodule.exports = {{ {class_name} }};\n"


def _indented(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n  ")
