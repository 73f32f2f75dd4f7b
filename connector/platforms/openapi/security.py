"""How a document says that one signs in, and what one may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.modules import all_modules
from connector.platforms.platform import Service
from connector.service import SCOPES

Json = dict[str, Any]

SCOPES_ASKED = tuple(scope for scope in SCOPES if any(scope in one.scopes for one in all_modules().values()))
"""All that some module needs."""


def schemes(service: Service) -> Json:
    """Both ways to sign in, in OpenAPI 3.0's words."""
    flow = {
        "authorizationUrl": service.authorize_url,
        "tokenUrl": service.token_url,
        "refreshUrl": service.token_url,
        "scopes": {scope: SCOPES[scope] for scope in SCOPES_ASKED},
    }
    return {
        "apiKey": {"type": "http", "scheme": "bearer"},
        "oauth2": {"type": "oauth2", "flows": {"authorizationCode": flow}},
    }


def required(scopes: Sequence[str]) -> list[Json]:
    """What an operation with these scopes asks for: one of both, or nothing."""
    return [{"apiKey": []}, {"oauth2": list(scopes)}] if scopes else []
