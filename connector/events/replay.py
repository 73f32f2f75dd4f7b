"""Recorded events, fed again: to a handler, or signed anew to a receiver."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from connector.api.auth import NoAuth
from connector.errors import ConnectorError, InputError, NetworkError
from connector.events.event import Event, events_of, job_of, name_of
from connector.events.signature import HEADER, sign
from connector.redact import redact, remember

_TIMEOUT = (10.0, 30.0)  # seconds to connect, and of silence


def recorded(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The documents in a file with one JSON document a line, with the lines' numbers.

    A document is a webhook's body, or an event's outputs as `events listen --append` writes them. Raises InputError.
    """
    try:
        lines = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", fields={"file": str(error.strerror)}) from error
    with lines:
        for number, text in enumerate(lines, 1):
            if text.strip():
                yield number, _document(path, number, text)


def _document(path: Path, number: int, text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
        if not isinstance(document, dict) or name_of(document) is None:
            raise InputError("it names no event.")
        job_of(document)
    except (ValueError, RecursionError, ConnectorError) as error:
        raise InputError(
            f"Line {number} of {path} is no recorded event: {error}", fields={"file": "is no recorded event"}
        ) from error
    return document


def events_in(document: Mapping[str, Any]) -> list[Event]:
    """The one event of a line that `--append` wrote; all events of a webhook's body."""
    if "task_id" not in document:
        return events_of(document)
    return [Event(str(document["event"]), job_of(document), document.get("task"))]


class Resend:
    """Sends the webhook's call for a document to `target`, signed with `secret`."""

    def __init__(self, target: str, secret: str) -> None:
        self._target = target
        self._secret = remember(secret)

    def __call__(self, document: Mapping[str, Any]) -> bool:
        """Whether it was sent: what was derived from a job's tasks is derived again by the receiver. Raises ConnectorError."""
        if document.get("task") is not None:
            return False
        body = json.dumps({"event": document["event"], "job": document["job"]}).encode()
        headers = {"Content-Type": "application/json", HEADER: sign(body, self._secret)}
        try:
            answer = requests.post(
                self._target, data=body, headers=headers, auth=NoAuth(), timeout=_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise NetworkError(f"{self._target} cannot be reached.", detail=redact(str(error))[:300]) from None
        if answer.status_code >= 300:
            raise ConnectorError(f"{self._target} refused the event with status {answer.status_code}.")
        return True
