"""What the server's answers mean: data, or an error with a sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector import strictjson
from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    CreditsExceeded,
    InputError,
    LimitReached,
    NotFound,
    ProtocolError,
    RateLimited,
    TemporaryError,
)
from connector.redact import redact

LARGEST = 10 * 1024 * 1024
"""Bytes of a decoded JSON answer. The whole list of operations is 0.4 MB; more is a mistake or an attack."""


@dataclass(frozen=True)
class Answer:
    """A complete answer: `what` names the request in sentences, e.g. "GET /users/me"."""

    what: str
    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def request_id(self) -> str | None:
        """The id under which CloudConvert's support finds the request, where it sent one."""
        found = self.headers.get("X-Request-Id")
        return _said(found)[:100] if found else None

    def json(self) -> Any:
        """The parsed body. Raises ProtocolError if it is no JSON."""
        try:
            return strictjson.parse(self.body)
        except ValueError:
            raise self.broken("is not JSON") from None

    def document(self) -> dict[str, Any]:
        """The whole answer: `data`, and for a list also `links` and `meta`."""
        document = self.json()
        if not isinstance(document, dict) or "data" not in document:
            raise self.broken("has no data")
        return document

    def data(self) -> Any:
        """What the API wraps in `data`; None for an answer without a body (204)."""
        return None if self.status == 204 else self.document()["data"]

    def broken(self, how: str) -> ProtocolError:
        """The error for an answer that is not what the API promises."""
        return ProtocolError(
            f"The answer of {self.host} to {self.what} (status {self.status}) {how}.",
            hint="Check that the base URL is CloudConvert's API, or a sandbox; a proxy in between may answer instead.",
            detail=_said(self.body[:_BEFORE_THE_CUT].decode("utf-8", "replace")),
            request_id=self.request_id,
        )


def error_of(answer: Answer, retry_after: float | None = None) -> ConnectorError:
    """The error that an answer with status 300 or more stands for."""
    try:
        body = answer.json()
    except ProtocolError as broken:
        if answer.status in (400, 422):
            return broken
        body = {}
    body = body if isinstance(body, dict) else {}
    message = _said(body.get("message")).rstrip(".")
    return _by_status(answer, body, message, retry_after)


_BEFORE_THE_CUT = 10_000


def _said(text: object) -> str:
    """What a server says, short and without the secrets that it may repeat. Cut last: half a secret is not known as one."""
    return redact(str(text or "")[:_BEFORE_THE_CUT])[:300]


def _by_status(answer: Answer, body: Mapping[str, Any], message: str, retry_after: float | None) -> ConnectorError:
    code = _said(body.get("code"))
    detail = f"{answer.status} {code} on {answer.what}".replace("  ", " ")
    request_id = answer.request_id
    match answer.status:
        case 401:
            return ConnectionInvalid(
                f"{answer.host} does not accept the API key{f' ({message})' if message else ''}.",
                hint="Check the key and the environment: a key of the sandbox does not work on the live host, nor the other way round.",
                detail=detail,
                request_id=request_id,
            )
        case 403:
            return ConnectionInvalid(
                f"The API key may not do this ({message or answer.what}).",
                hint="Give the key the missing scope in CloudConvert's dashboard (Authorization, API Keys), then try again.",
                detail=detail,
                request_id=request_id,
            )
        case 402:
            return CreditsExceeded(
                f"The account has no credits left ({message or 'CREDITS_EXCEEDED'}).",
                hint="Buy credits or wait for the next day's free ones.",
                detail=detail,
            )
        case 404 | 410:
            return _not_found(answer, message, detail)
        case 400 | 422:
            return _refused(message, body, detail)
        case 413:
            return LimitReached(
                f"{answer.host} takes no file of this size ({message or 'payload too large'}).", detail=detail
            )
        case 429:
            return RateLimited(
                f"CloudConvert takes no more requests at the moment ({message or 'rate limit'}).",
                retry_after=retry_after,
                hint=f"Try again in {retry_after:.0f} seconds." if retry_after else "Try again in a minute.",
                detail=detail,
            )
        case status if status >= 500 or status == 408:
            return TemporaryError(
                f"{answer.host} has a problem (status {status} on {answer.what}). Try again later.",
                retry_after=retry_after,
                detail=detail,
                request_id=request_id,
            )
    return answer.broken(f"was not expected{f' ({message})' if message else ''}")


def _not_found(answer: Answer, message: str, detail: str) -> NotFound:
    return NotFound(
        f"{answer.host} knows nothing under {answer.what.partition(' ')[2]}{f' ({message})' if message else ''}.",
        hint="Check the ID. Jobs, tasks and their files are deleted 24 hours after they ended.",
        detail=detail,
        request_id=answer.request_id,
    )


def _refused(message: str, body: Mapping[str, Any], detail: str) -> InputError:
    errors = body.get("errors")
    fields = {}
    if isinstance(errors, dict):
        fields = {
            _said(name): _said(texts[0] if isinstance(texts, list) and texts else texts)
            for name, texts in errors.items()
        }
    reasons = "; ".join(f"{name}: {text}" for name, text in fields.items())[:300]
    return InputError(
        f"CloudConvert refused the request: {(reasons or message or 'the given data was invalid').rstrip('.')}.",
        fields=fields,
        detail=detail,
    )
