"""Asking the token URL for a new access token, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from connector import strictjson
from connector.api.answers import Answer
from connector.api.auth import NoAuth
from connector.api.clock import Deadline
from connector.api.network import CONNECT_TIMEOUT, READ_TIMEOUT, network_error, read_bounded
from connector.api.policy import Outcome, Policy, delay_before_next, outcome_of, parse_retry_after
from connector.api.session import Session
from connector.errors import ConnectionInvalid, NetworkError, NoAnswer, TemporaryError
from connector.redact import redact

_POLICY = Policy(3, frozenset({Outcome.NOT_SENT, Outcome.THROTTLED, Outcome.FAILED}))
_LONGEST = 30.0  # seconds for all attempts together
_LARGEST = 1 << 20
_WHAT = "the request for a new token"
_TEMPORARY = frozenset({"server_error", "temporarily_unavailable", "slow_down"})


class Refused(ConnectionInvalid):
    """The server will not give a token for this, however often it is asked."""


class LostAnswer(TemporaryError):
    """It was asked, and what it did is not known: with rotation the refresh token may be used up."""


def ask(session: Session, url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a form sent to the token URL.

    Tried three times within 30 seconds, but never again once it was sent and no answer came. Raises Refused, LostAnswer
    or TemporaryError.
    """
    deadline = Deadline(_LONGEST, session.clock)
    attempt = 0
    while True:
        attempt += 1
        outcome, result = _attempt(session, url, form, deadline)
        if outcome is None and isinstance(result, Answer):
            return _understood(result)
        retry_after = None
        if isinstance(result, Answer):
            retry_after = parse_retry_after(result.headers.get("Retry-After"), session.clock.time())
        wait = None
        if outcome is not None:
            wait = delay_before_next(_POLICY, attempt, outcome, retry_after, session.clock.random())
        if wait is None or wait >= deadline.left():
            raise _given_up(outcome, result, retry_after)
        session.clock.sleep(wait)


def _attempt(
    session: Session, url: str, form: Mapping[str, str], deadline: Deadline
) -> tuple[Outcome | None, Answer | NetworkError]:
    try:
        answer = _send(session, url, form, deadline)
    except NoAnswer as error:
        return Outcome.NO_ANSWER, error
    except NetworkError as error:
        return Outcome.NOT_SENT, error
    if answer.status in (502, 504):
        return Outcome.NO_ANSWER, answer  # a gateway speaks: what the server behind it did is not known
    return outcome_of(answer.status, has_retry_after="Retry-After" in answer.headers), answer


def _send(session: Session, url: str, form: Mapping[str, str], deadline: Deadline) -> Answer:
    host = urlsplit(url).netloc
    silence = min(READ_TIMEOUT, max(deadline.left(), 0.1))
    try:
        with session.http.post(
            url, data=dict(form), auth=NoAuth(), stream=True, allow_redirects=False,
            timeout=(CONNECT_TIMEOUT, silence), headers={"Accept": "application/json"},
        ) as response:  # fmt: skip
            body = read_bounded(response, _LARGEST, deadline, _WHAT)
            return Answer(_WHAT, host, response.status_code, response.headers, body)
    except (requests.RequestException, Urllib3Error, OSError) as error:
        found = network_error(error, host, _WHAT)
        raise found if isinstance(found, NetworkError) else NetworkError(str(found), detail=found.detail) from None


def _given_up(outcome: Outcome | None, result: Answer | NetworkError, retry_after: float | None) -> TemporaryError:
    if isinstance(result, Answer):
        said = f"{result.host} has a problem with {_WHAT} (status {result.status}). Try again later."
    else:
        said = result.message
    kind = LostAnswer if outcome is Outcome.NO_ANSWER else TemporaryError
    return kind(said, retry_after=retry_after, hint=getattr(result, "hint", ""), detail=getattr(result, "detail", ""))


def _understood(answer: Answer) -> dict[str, Any]:
    try:
        document = strictjson.parse(answer.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _strange(answer, "is not JSON")
    if answer.status in (400, 401, 403, 422) and document.get("error") not in _TEMPORARY:
        raise Refused(
            _reason(answer, document), detail=f"{answer.status} {redact(str(document.get('error', '')))[:100]}"
        )
    if answer.status != 200 or not document.get("access_token"):
        raise _strange(answer, "holds no token")
    return document


def _reason(answer: Answer, document: Mapping[str, Any]) -> str:
    said = document.get("error_description") or document.get("message") or document.get("error") or "no reason given"
    return f"{answer.host} refused {_WHAT} ({redact(str(said)).rstrip('.')[:200]})."


def _strange(answer: Answer, how: str) -> TemporaryError:
    """Somebody else answers, e.g. a page that asks for a sign-in to the network: that passes."""
    return TemporaryError(
        f"The answer of {answer.host} to {_WHAT} (status {answer.status}) {how}. Try again later.",
        hint="Check the token URL, and any proxy in between.",
    )
