"""A request's parameters: from the query, from a JSON or form body, or from both, as v1's clients send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from connector.errors import InputError
from connector.hosts.v1.problems import TooLarge

LARGEST = 32 * 1024 * 1024
"""Bytes of a body with parameters. v2 takes files of 10 MB as base64 or raw text; larger ones are uploaded."""

_FLAGS = ("wait", "inline", "download", "save", "email")
_NOTHING = ("", "None", "null")
_INNER = re.compile(r"\[([^\[\]]*)\]")
_MOST = 2000
_DEEPEST = 8


@dataclass(frozen=True)
class Parameters:
    """What a request says, and the files that came with it: each with its name and an open stream."""

    values: dict[str, Any]
    files: list[tuple[str, IO[bytes]]] = field(default_factory=list)


async def parameters_of(request: Request) -> Parameters:
    """The parameters; the body wins over the query. Raises InputError for a body that cannot be read, or TooLarge."""
    query = query_of(request)
    kind = request.headers.get("content-type", "").lower()
    if kind.startswith("multipart/form-data"):
        fields, files = await _multipart(request)
        return Parameters({**query, **fields}, files)
    body = await _body(request)
    if not body.strip():
        return Parameters(query)
    # curl -d calls JSON a form unless it is told otherwise.
    if kind.startswith("application/x-www-form-urlencoded") and not body.lstrip().startswith(b"{"):
        return Parameters({**query, **tree(_pairs(body.decode("utf-8", "replace")))})
    return Parameters({**query, **_json(body)})


def query_of(request: Request) -> dict[str, Any]:
    """The query's parameters. A flag may stand alone: `?wait`."""
    pairs = _pairs(request.scope["query_string"].decode("latin-1"))
    return tree((name, "true" if name in _FLAGS and value == "" else value) for name, value in pairs)


def tree(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Form fields as a tree: `a[b]=1` is `{"a": {"b": "1"}}`, and `a[]=1&a[]=2` is `{"a": ["1", "2"]}`.

    What a client wrote for nothing (an empty text, Python's None) is left out.
    """
    root: dict[str, Any] = {}
    for name, value in pairs:
        if value not in _NOTHING:
            _put(root, [name.partition("[")[0], *_INNER.findall(name)][:_DEEPEST], value)
    return {name: _with_lists(value) for name, value in root.items()}


def _put(branch: dict[str, Any], path: list[str], value: str) -> None:
    *steps, last = path
    for step in steps:
        inner = branch.setdefault(step or str(len(branch)), {})
        if not isinstance(inner, dict):
            return  # a=1&a[b]=2 contradicts itself; the first counts
        branch = inner
    branch[last or str(len(branch))] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(one) for name, one in value.items()}
    return list(inner.values()) if [*inner] == [str(number) for number in range(len(inner))] else inner


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST)
    except ValueError:
        raise InputError(f"There are more than {_MOST} parameters.") from None


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge(f"The parameters are larger than {LARGEST >> 20} MB; send large files with input upload.")
    return bytes(body)


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("The body is not valid JSON.") from None
    if value is not None and not isinstance(value, dict):
        raise InputError("The body must be a JSON object with the parameters.")
    return value or {}


async def _multipart(request: Request) -> tuple[dict[str, Any], list[tuple[str, IO[bytes]]]]:
    """The form's fields, and its files, which are written to the disk while they arrive."""
    try:
        form = await request.form(max_files=100, max_fields=_MOST)
    except HTTPException as error:
        raise InputError(f"The form cannot be read: {error.detail}") from None
    files: list[tuple[str, IO[bytes]]] = [
        (one.filename or "file", one.file) for _, one in form.multi_items() if isinstance(one, UploadFile)
    ]
    return tree((name, one) for name, one in form.multi_items() if isinstance(one, str)), files
