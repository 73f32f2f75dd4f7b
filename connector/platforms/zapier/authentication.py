"""The two ways to sign in, each for an app of its own."""

from __future__ import annotations

from typing import Any

from connector.dialog import ApiKeyConnection, Place
from connector.platforms.javascript.declarations import form_data
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.platforms.zapier.fields import plain
from connector.service import LIVE

Json = dict[str, Any]

_LEFT_OUT = ("proxy",)  # Zapier's servers have none
_OF_THE_CLIENT = ("environment", "base_url", "sync_url")  # an OAuth client belongs to one server


def authentications(service: Service) -> dict[str, Json]:
    """The `authentication` of each app by the name of its folder; index.js adds the test and the label."""
    asked = [field for field in form_data(ApiKeyConnection) if field["name"] not in _LEFT_OUT]
    regions = [field for field in form_data(Place) if field["name"] not in (*_LEFT_OUT, *_OF_THE_CLIENT)]
    always = [{key: value for key, value in field.items() if key != "shown_when"} for field in regions]
    return {
        "api-key": {"type": "custom", "customConfig": {}, "fields": [plain(field, asked) for field in asked]},
        "oauth2": {
            "type": "oauth2",
            "oauth2Config": _oauth2(service),
            "fields": [plain(field) for field in always] if service.base_url == LIVE else [],
        },
    }


def _oauth2(service: Service) -> Json:
    return {
        "authorizeUrl": {
            "method": "GET",
            "url": service.authorize_url,
            "params": {
                "response_type": "code",
                "client_id": "{{process.env.CLIENT_ID}}",
                "redirect_uri": "{{bundle.inputData.redirect_uri}}",
                "state": "{{bundle.inputData.state}}",
                "scope": " ".join(SCOPES_ASKED),
            },
        },
        "getAccessToken": _tokens(
            service,
            grant_type="authorization_code",
            code="{{bundle.inputData.code}}",
            redirect_uri="{{bundle.inputData.redirect_uri}}",
            code_verifier="{{bundle.inputData.code_verifier}}",
        ),
        "refreshAccessToken": _tokens(
            service,
            grant_type="refresh_token",
            refresh_token="{{bundle.authData.refresh_token}}",  # noqa: S106 - filled in by Zapier
        ),
        "scope": " ".join(SCOPES_ASKED),
        "enablePkce": True,
        "autoRefresh": True,
    }


def _tokens(service: Service, **grant: str) -> Json:
    client = {"client_id": "{{process.env.CLIENT_ID}}", "client_secret": "{{process.env.CLIENT_SECRET}}"}
    return {
        "method": "POST",
        "url": service.token_url,
        "headers": {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"},
        "body": {**grant, **client},
    }
