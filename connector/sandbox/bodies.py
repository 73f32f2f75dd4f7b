"""Request bodies and queries: JSON or form-encoded, with limits, never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.requests import Request

from connector.sandbox.problems import ApiError

MAX_BODY = 48 * 1024 * 1024
_KEY = re.compile(r"\[([^\[\]]*)\]")
_MAX_FIELDS = 10_000
_MAX_DEPTH = 8


async def read_object(request: Request) -> dict[str, Any]:
    """The body as an object; {} without one. Raises ApiError 400 for what is no object, 413 for too much."""
    raw = await _read(request)
    if not raw.strip():
        return {}
    is_form = request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    # curl -d names JSON a form unless it is told otherwise.
    if is_form and not raw.lstrip().startswith(b"{"):
        return _form(raw)
    return _json(raw)


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Form fields as a tree: `a[b]=1` is `{"a": {"b": "1"}}`, `a[]=1&a[]=2` is `{"a": ["1", "2"]}`."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        path = [key.partition("[")[0], *_KEY.findall(key)][:_MAX_DEPTH]
        _put(tree, path, value)
    return {key: _lists(value) for key, value in tree.items()}


def query_of(request: Request) -> dict[str, str]:
    """The query's parameters; empty values mean "not given"."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise _bad("The query has too many fields.") from None
    return {key: value for key, value in pairs if value.strip()}


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ApiError(
                413,
                "PAYLOAD_TOO_LARGE",
                "The request is larger than the sandbox takes; send files by import/upload instead.",
            )
    return bytes(body)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw, parse_constant=_no_constant)
        value = _well_formed(value) if b"\\ud" in raw.lower() else value
    except (ValueError, RecursionError):
        raise _bad("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise _bad("The request body must be a JSON object.")
    return value


def _form(raw: bytes) -> dict[str, Any]:
    try:
        return nested(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise _bad("The form has too many fields.") from None


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        branch = tree.setdefault(step or str(len(tree)), {})
        tree = branch if isinstance(branch, dict) else {}
    tree[path[-1] or str(len(tree))] = value


def _lists(value: Any) -> Any:
    """Branches whose keys are 0, 1, 2 ... become lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(one) for key, one in value.items()}
    return list(inner.values()) if inner and list(inner) == [str(number) for number in range(len(inner))] else inner


def _well_formed(value: Any) -> Any:
    """The value without lone surrogates, which no file and no database can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_well_formed(one) for one in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(one) for key, one in value.items()}
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _bad(message: str) -> ApiError:
    return ApiError(400, "INVALID_REQUEST", message)
