"""Who may use the gateway: whoever sends its key, in a header or as a parameter."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from connector.connection import Connection
from connector.hosts.v1.problems import Unauthorized

_OLD_HEADER = "X-CloudConvert-ApiKey"


class Access:
    """Checks keys: against the gateway's own, where it has one, else against the connection's."""

    def __init__(self, connection: Connection, own_key: str | None = None) -> None:
        self._connection = connection
        self._own_key = own_key

    def require(self, request: Request, parameters: Mapping[str, Any]) -> None:
        """Raise Unauthorized unless the request carries the key. Blocks while an access token is renewed."""
        key = key_of(request, parameters)
        if not key:
            raise Unauthorized("No API key was sent: send it in the header Authorization, or as the parameter apikey.")
        if not self._fits(key):
            raise Unauthorized("The API key is not the one of this gateway.")

    def _fits(self, key: str) -> bool:
        if self._own_key is not None:
            return hmac.compare_digest(key.encode(), self._own_key.encode())
        return self._connection.is_signed_with(key)


def key_of(request: Request, parameters: Mapping[str, Any]) -> str:
    """The key that was sent, or an empty text."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return str(request.headers.get(_OLD_HEADER) or parameters.get("apikey") or "").strip()
