"""The receiver of webhooks: an ASGI application that stores what is signed, answers, and only then acts."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any

from connector import strictjson
from connector.api.endpoints import Api
from connector.errors import ConnectorError, ForgedWebhook, ProtocolError
from connector.events.event import KINDS, job_of, name_of
from connector.events.handing import Handler, Handover
from connector.events.journal import Journal
from connector.events.signature import HEADER, verify
from connector.redact import redact, remember

log = logging.getLogger("connector.events")

LARGEST = 1 << 20
"""Bytes that a body may have."""

_BODY_SECONDS = 10.0
_STORE_SECONDS = 1.5  # the sender is to have its answer within two seconds
_HEADER = HEADER.lower().encode()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_ANSWERS = {
    200: "Stored.",
    400: "The body is not a webhook's JSON document.",
    401: "The signature is missing or does not fit.",
    405: "Only POST is answered here.",
    408: "The body did not come in time.",
    413: "The body is too large.",
    503: "Try again later.",
}
"""One constant answer for each status: a forger learns nothing from the differences."""


class _Gone(Exception):
    """The sender hung up."""


class Receiver:
    """Receives the events of one or several webhooks; mount it at any path of any ASGI server, or serve it alone.

    Args:
        secrets: the signing secret of each webhook by the webhook's id; a single text for just one. While there is
            none, callers are asked to come again later.
        journal: where events are stored before they are answered.
        handler: acts on an event, in a thread of the receiver's own, after the answer (see `Handover`).
        api: fetches the job of each event, so that a replayed or invented event does nothing; None believes what is
            signed.
        kinds: which events are wanted.

    Events are handed on from the first call, or from `start` or the server's start-up, until `close` or the server's
    shutdown.

    """

    def __init__(
        self,
        secrets: Mapping[str, str] | str,
        journal: Journal,
        handler: Handler,
        *,
        api: Api | None,
        kinds: Collection[str] = KINDS,
    ) -> None:
        self._secrets: dict[str, str] = {}
        for webhook_id, secret in ({"webhook": secrets} if isinstance(secrets, str) else secrets).items():
            self.admit(webhook_id, secret)
        self._journal = journal
        self._handover = Handover(journal, handler, api=api, kinds=kinds)

    def admit(self, webhook_id: str, secret: str) -> None:
        """Take this webhook's calls from now on."""
        self._secrets[webhook_id] = remember(secret)

    def start(self) -> None:
        """Begin to hand events on, also those that were waiting in the journal."""
        self._handover.start()

    def close(self) -> None:
        """Let the running handler end, and hand nothing on any more."""
        self._handover.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope: lifespan, or a request; anything else is refused."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                status = await self._answer(scope, receive)
            except _Gone:
                return
            await _respond(send, status)
        else:
            raise ValueError(f"The receiver does not speak {scope['type']}.")

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(self.close)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive) -> int:
        if scope["method"] != "POST":
            return 405
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        if not self._secrets:
            return 503
        try:
            source = self._sender(scope, body)
            document = _document(body)
        except ForgedWebhook:
            return 401
        except ProtocolError as error:
            log.warning("A signed webhook call cannot be read: %s", error)
            return 400
        return await self._store(source, document, body)

    def _sender(self, scope: Scope, body: bytes) -> str:
        """The id of the webhook whose secret fits. Raises ForgedWebhook, also for a header that comes twice."""
        given = [value for name, value in scope["headers"] if name.lower() == _HEADER]
        for webhook_id, secret in list(self._secrets.items()):
            try:
                verify(body, given[0] if len(given) == 1 else None, secret)
            except ForgedWebhook:
                continue
            return webhook_id
        raise ForgedWebhook("The signature fits none of the webhooks.")

    async def _store(self, source: str, document: Mapping[str, Any], body: bytes) -> int:
        name = name_of(document)
        if name is None:
            log.info("A webhook call with an unknown event is ignored.")
            return 200
        task_id = document["task"]["id"] if name.startswith("task.") else ""
        stored = self._journal.store(source, (name, job_of(document)["id"], task_id), body)
        try:
            # Shielded: what was begun is stored even if the sender has to come again, and is then known.
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(stored)), _STORE_SECONDS)
        except (ConnectorError, TimeoutError) as error:
            log.warning("An event could not be stored, its sender is asked to come again. %s", redact(str(error)))
            return 503
        self.start()
        self._handover.wake()
        return 200


async def _body(receive: Receive) -> bytes | None:
    """The raw body; None if it is larger than LARGEST."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST:
            return None
        more = message.get("more_body", False)
    return b"".join(chunks)


def _document(body: bytes) -> dict[str, Any]:
    """The body as a document that can be opened later. Raises ProtocolError."""
    try:
        document = strictjson.parse(body)
    except ValueError as error:
        raise ProtocolError("The body is not JSON.") from error
    if not isinstance(document, dict):
        raise ProtocolError("The body is no JSON object.")
    if name_of(document) is not None:
        job_of(document)
    return document


async def _respond(send: Send, status: int) -> None:
    body = json.dumps({"message": _ANSWERS[status]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 405:
        headers.append((b"allow", b"POST"))
    if status in (408, 413):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
