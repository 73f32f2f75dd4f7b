"""Makes two recordings comparable: what the server made up anew for each run is named by the order of its appearance."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.platforms.parity.recorder import Exchange

_MADE_UP = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b1[0-9]{9}\b|127\.0\.0\.1:\d+|(?<=/webhooks/)\d+|(?<=[a-z]-)[0-9a-f]{12}(?=\")"
)


def comparable(exchanges: list[Exchange]) -> list[dict[str, Any]]:
    """Method, path, query, body or parts of each, and whether it was signed."""
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"<{len(names) + 1}>")

    return [json.loads(_MADE_UP.sub(named, json.dumps(_plain(one), default=_shown))) for one in exchanges]


def _plain(one: Exchange) -> dict[str, Any]:
    return {
        "to": one.role,
        "method": one.method,
        "path": one.path,
        "query": sorted(one.query),
        "body": one.body,
        "signed": "authorization" in one.headers,
    }


def _shown(value: bytes) -> str:
    return value.decode("latin-1")


def leaks(exchanges: list[Exchange], secrets: list[str]) -> list[str]:
    """Requests to the storage that hold a secret, anywhere."""
    foreign = [one for one in exchanges if one.role == "storage"]
    return [
        f"{one.method} {one.path}"
        for one in foreign
        if "authorization" in one.headers
        or any(secret in str([one.path, one.query, one.headers]) or secret.encode() in one.raw for secret in secrets)
    ]
