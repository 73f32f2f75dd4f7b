"""Runs an ApiCall recipe: a person's own request, which cannot leave the API's host nor change who signs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from connector.api.answers import Answer
from connector.api.endpoints import Api
from connector.errors import InputError
from connector.recipe import ApiCall
from connector.runtime.record import Record

FIXED_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "cookie",
        "upgrade",
    }
)
"""Headers that belong to the connection, not to the person."""


def run_api_call(api: Api, recipe: ApiCall, form: Mapping[str, Any]) -> Record:
    """Body (parsed where it is JSON), headers and status code of the answer. Raises InputError for a foreign address."""
    url = address(api.base_url, form[recipe.url])
    headers = form.get(recipe.headers, {})
    _refuse_fixed(headers)
    body = form.get(recipe.body)
    answer = api.own_request(
        form[recipe.method], url, query=form.get(recipe.query), headers=headers, body=body.encode() if body else None
    )
    return Record(body=_body(answer), headers=dict(answer.headers), status_code=answer.status)


def address(base_url: str, path: str) -> str:
    r"""The URL of a path at the API. Raises InputError if it would end up at another host.

    Putting the two together is not enough: "@evil.example" or ".evil.example" change the host, "//" and "\" may.
    """
    if (
        not path.startswith("/")
        or path.startswith(("//", "/\\"))
        or any(c in path for c in "\\#")
        or not _printable(path)
    ):
        raise _foreign(path)
    url = base_url + path
    expected, built = urlsplit(base_url), urlsplit(url)
    if (built.scheme, built.netloc) != (expected.scheme, expected.netloc):
        raise _foreign(path)
    return url


def _printable(text: str) -> bool:
    return all(32 < ord(c) < 127 for c in text)


def _foreign(path: str) -> InputError:
    problem = "must be a path at the API such as /v2/users/me"
    return InputError(f"MakeAPICall: URL (url) {problem}, not {path[:60]!r}.", fields={"url": problem})


def _refuse_fixed(headers: Mapping[str, str]) -> None:
    for name in headers:
        if name.strip().lower() in FIXED_HEADERS:
            problem = f"may not hold {name.strip()[:40]}: the connection sets it"
            raise InputError(f"MakeAPICall: Headers (headers) {problem}.", fields={"headers": problem})


def _body(answer: Answer) -> Any:
    if "json" not in answer.headers.get("Content-Type", ""):
        return answer.body.decode("utf-8", "replace")
    return answer.json() if answer.body else None
