from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from connector.events import Event, Journal, Receiver
from connector.events import receiver as module
from tests.support.webhook_sender import HEADER, SECRET, acall, as_body, call, document, job, signature

NAME = HEADER.lower().encode()


class Noted:
    """A handler that takes note, for which tests can wait."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify()

    def wait(self, count: int) -> list[str]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.events) >= count, timeout=10)
        return [event.id for event in self.events]


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def receiver(journal: Journal, noted: Noted) -> Iterator[Receiver]:
    running = Receiver({"1": SECRET}, journal, noted, api=None)
    yield running
    running.close()


def test_a_signed_event_is_stored_answered_and_handed_on(receiver: Receiver, noted: Noted) -> None:
    assert call(receiver, document("finished")) == 200
    assert noted.wait(1) == ["job.finished:job-1"]


def test_a_repetition_is_answered_alike_and_handed_on_once(receiver: Receiver, noted: Noted) -> None:
    assert {call(receiver, document("finished")) for _ in range(20)} == {200}
    call(receiver, document("finished", "job-2"))
    assert noted.wait(2) == ["job.finished:job-1", "job.finished:job-2"]


def test_it_is_stored_before_it_is_answered(receiver: Receiver, journal: Journal) -> None:
    receiver.close()  # nobody hands on
    call(receiver, document("finished"))
    with Journal(journal.path, clock=journal.clock) as again:
        assert len(again.deliveries(9)) == 1


def test_a_body_in_pieces_is_put_together(receiver: Receiver) -> None:
    assert call(receiver, document("finished"), chunks=50) == 200


BODY = as_body(document("finished"))
GOOD = signature(BODY).encode()
FORGED: dict[str, list[tuple[bytes, bytes]]] = {
    "no header": [],
    "an empty one": [(NAME, b"")],
    "another body's": [(NAME, signature(b"{}").encode())],
    "another secret's": [(NAME, signature(BODY, "another").encode())],
    "upper case": [(NAME, GOOD.upper())],
    "no text": [(NAME, b"\xff" * 64)],
    "one megabyte": [(NAME, b"a" * (1 << 20))],
    "two of them": [(NAME, GOOD), (NAME, b"0" * 64)],
    "the same twice": [(NAME, GOOD), (NAME, GOOD)],
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_forgery_is_refused_and_nothing_is_stored(
    headers: list[tuple[bytes, bytes]], receiver: Receiver, journal: Journal
) -> None:
    assert call(receiver, BODY, headers=headers) == 401
    assert journal.deliveries(9) == []


def test_all_forgeries_are_answered_alike(receiver: Receiver) -> None:
    async def answers() -> list[Any]:
        return [await whole(receiver, BODY, headers) for headers in FORGED.values()]

    first, *others = asyncio.run(answers())
    assert all(other == first for other in others)


async def whole(app: Any, body: bytes, headers: list[tuple[bytes, bytes]]) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "http", "method": "POST", "headers": headers}, receive, send)
    return sent


def test_each_webhook_has_a_secret_of_its_own(journal: Journal, noted: Noted) -> None:
    receiver = Receiver({"1": SECRET}, journal, noted, api=None)
    receiver.admit("2", "another-secret")
    assert [call(receiver, document("finished"), secret=one) for one in (SECRET, "another-secret", "third")] == [
        200,
        200,
        401,
    ]
    assert noted.wait(2) == ["job.finished:job-1"] * 2  # two webhooks, two events
    receiver.close()


def test_without_any_secret_the_sender_is_to_come_again(journal: Journal, noted: Noted) -> None:
    assert call(Receiver({}, journal, noted, api=None), document("finished")) == 503


NO_DOCUMENTS = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"event": "\xff"}',
    "UTF-16": '{"event": "job.finished"}'.encode("utf-16"),
    "NaN": b'{"event": "job.finished", "job": NaN}',
    "a list": b"[]",
    "very deep": b"[" * 100_000,
    "very long number": b"9" * 10_000,
    "no job": b'{"event": "job.finished"}',
    "a path for an id": json.dumps({"event": "job.finished", "job": {"id": "../users/me"}}).encode(),
}


@pytest.mark.parametrize("body", NO_DOCUMENTS.values(), ids=NO_DOCUMENTS)
def test_what_is_signed_but_no_document_is_refused(body: bytes, receiver: Receiver, journal: Journal) -> None:
    assert call(receiver, body) == 400
    assert journal.deliveries(9) == []


def test_an_unknown_event_is_accepted_and_ignored(receiver: Receiver, journal: Journal) -> None:
    # A refusal may disable the webhook, or count as its failure.
    assert call(receiver, {"event": "job.archived", "job": job()}) == 200
    assert journal.deliveries(9) == []


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_a_body_may_have_one_megabyte(more: int, status: int, receiver: Receiver) -> None:
    about = json.dumps(document("finished")).encode()
    assert call(receiver, about + b" " * (module.LARGEST - len(about) + more), chunks=17) == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_answered(method: str, receiver: Receiver) -> None:
    assert call(receiver, document("finished"), method=method) == 405


def test_a_body_that_does_not_come_is_not_awaited_for_ever(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BODY_SECONDS", 0.01)

    async def silent() -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await receiver({"type": "http", "method": "POST", "headers": []}, asyncio.Event().wait, send)
        return int(sent[0]["status"])

    assert asyncio.run(silent()) == 408


def test_a_journal_that_cannot_store_makes_the_sender_come_again(
    receiver: Receiver, journal: Journal, monkeypatch: pytest.MonkeyPatch, noted: Noted
) -> None:
    monkeypatch.setattr(module, "_STORE_SECONDS", 0.01)
    with journal._database._lock:  # somebody holds the file
        assert call(receiver, document("finished")) == 503
    monkeypatch.undo()
    assert call(receiver, document("finished")) == 200
    assert noted.wait(1) == ["job.finished:job-1"]


def test_the_slowest_handler_holds_up_no_answer(journal: Journal) -> None:
    go_on = threading.Event()
    receiver = Receiver(SECRET, journal, lambda _: go_on.wait(30), api=None)

    async def many() -> list[int]:
        async with asyncio.timeout(2):
            return [await acall(receiver, document("finished", f"job-{n}")) for n in range(50)]

    assert set(asyncio.run(many())) == {200}
    go_on.set()
    receiver.close()


def test_it_lives_as_long_as_the_server_it_is_mounted_in(journal: Journal, noted: Noted) -> None:
    journal.store("1", ("job.finished", "job-1", ""), BODY).result()
    receiver = Receiver(SECRET, journal, noted, api=None)
    incoming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    outgoing: list[Any] = []

    async def receive() -> Any:
        if len(incoming) == 1:
            await asyncio.to_thread(noted.wait, 1)
        return incoming.pop(0)

    async def send(message: Any) -> None:
        outgoing.append(message["type"])

    asyncio.run(receiver({"type": "lifespan"}, receive, send))
    assert outgoing == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_it_can_be_mounted_in_another_application(receiver: Receiver, noted: Noted) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    async def mounted() -> int:
        app = Starlette(routes=[Mount("/hooks", app=receiver)])

        async def inside(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "path": "/hooks/cloudconvert", "root_path": "", "query_string": b""}, receive, send)

        return await acall(inside, document("finished"))

    assert asyncio.run(mounted()) == 200
    assert noted.wait(1) == ["job.finished:job-1"]


def test_a_sender_that_hangs_up_in_the_middle_gets_no_answer_and_leaves_nothing(
    receiver: Receiver, journal: Journal
) -> None:
    incoming = [{"type": "http.request", "body": BODY[:9], "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(receiver({"type": "http", "method": "POST", "headers": []}, receive, send))
    assert sent == []
    receiver.close()
    assert journal.deliveries(9) == []


def test_what_it_does_not_speak_is_refused(receiver: Receiver) -> None:
    async def nothing(*_: Any) -> Any: ...

    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(receiver({"type": "websocket"}, nothing, nothing))
