"""Outputs as XComs can carry them: JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """The value in plain mappings and lists; bytes, which MakeAPICall may answer with, in base64."""
    match value:
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case bytes():
            return base64.b64encode(value).decode()
    return value
