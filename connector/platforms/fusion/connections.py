"""The two connections: with an API key, and by signing in (OAuth2)."""

from __future__ import annotations

from typing import Any

from connector.dialog import ApiKeyConnection, Beginning, OAuth2Connection
from connector.fields import Field
from connector.forms import Fields
from connector.platforms.fusion.app import API_KEY, OAUTH, Component
from connector.platforms.fusion.iml import if_empty, whole
from connector.platforms.fusion.parameter import Parameter, parameter
from connector.platforms.fusion.request import ERRORS
from connector.platforms.platform import Service
from connector.service import SCOPES

Json = dict[str, Any]
_ACCOUNT = {"type": "email", "value": "{{body.data.email}}"}


def connections(service: Service) -> dict[str, Component]:
    """Both connections by name."""
    kinds = {choice.value: choice.label for choice in _choices(Beginning.all()["kind"])}
    key = Component(
        API_KEY,
        f"CloudConvert: {kinds['api-key']}",
        "basic",
        {"communication": _test(service), "params": _asked(ApiKeyConnection)},
    )
    oauth = Component(
        OAUTH,
        f"CloudConvert: {kinds['oauth2']}",
        "oauth",
        {
            "communication": _oauth(service),
            "params": [one for one in _asked(OAuth2Connection) if one["name"] != "scopes"],
            "scopeList": dict(SCOPES),
            "defaultScope": list(OAuth2Connection.all()["scopes"].default),
            "installSpec": [],
            "installDirectives": {},
        },
    )
    return {API_KEY: key, OAUTH: oauth}


def _choices(field: Field) -> Any:
    return field.options


def _asked(dialog: type[Fields]) -> list[Parameter]:
    """What only this way to sign in asks: the place is fixed when the files are made, the proxy is the platform's."""
    own = next(section for section in dialog.sections() if section.label == vars(dialog)["section"])
    asked = [parameter(name, field) for name, field in own.fields.items()]
    return [{key: it for key, it in one.items() if key != "mappable"} for one in asked]


def _test(service: Service) -> Json:
    return _me(service, "{{parameters.api_key}}", "request.headers.authorization")


def _me(service: Service, token: str, *secret: str) -> Json:
    return {
        "url": f"{service.base_url}/v2/users/me",
        "headers": {"authorization": f"Bearer {token}"},
        "response": {"uid": "{{body.data.id}}", "metadata": _ACCOUNT, "error": ERRORS},
        "log": {"sanitize": list(secret)},
    }


_CLIENT = {name: whole(f"parameters.{name}") for name in ("client_id", "client_secret")}

# Where a refresh finds what the person filled in is documented nowhere; published apps use both places.
_KEPT_CLIENT = {name: whole(if_empty(f"parameters.{name}", f"data.{name}")) for name in _CLIENT}
_SECRET = ["request.body", "response.body"]


def _oauth(service: Service) -> Json:
    """Authorize in the browser, exchange the code, and refresh in time. The refresh token changes every time."""
    authorize = {
        "url": service.authorize_url,
        "qs": {
            "response_type": "code",
            "client_id": _CLIENT["client_id"],
            "redirect_uri": "{{oauth.localRedirectUri}}",
            "scope": "{{join(oauth.scope, ' ')}}",
        },
        "response": {"temp": {"code": "{{query.code}}"}},
    }
    code = {"grant_type": "authorization_code", "code": "{{temp.code}}", "redirect_uri": "{{oauth.localRedirectUri}}"}
    again = {"grant_type": "refresh_token", "refresh_token": "{{data.refresh_token}}"}
    token = whole("ifempty(connection.access_token, data.access_token)")
    info = _me(service, token, "request.headers.authorization")
    due = "{{data.expires < addMinutes(now, 5)}}"
    refresh = {
        "condition": due,
        **_exchange(service, again | _KEPT_CLIENT, "ifempty(body.refresh_token, data.refresh_token)"),
    }
    return {
        "authorize": authorize,
        "token": _exchange(service, code | _CLIENT, "body.refresh_token"),
        "info": info,
        "refresh": refresh,
    }


def _exchange(service: Service, body: Json, refresh_token: str) -> Json:
    kept = {
        "access_token": "{{body.access_token}}",
        "refresh_token": whole(refresh_token),
        "expires": "{{addSeconds(now, body.expires_in)}}",
    }
    error = {
        "message": "[{{statusCode}}] The sign-in was refused: {{ifempty(body.error_description, body.message)}}",
        "type": "InvalidAccessTokenError",
    }
    return {
        "url": service.token_url,
        "method": "POST",
        "type": "urlencoded",
        "body": body,
        "response": {"data": kept, "error": error},
        "log": {"sanitize": _SECRET},
    }
