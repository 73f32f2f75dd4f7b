from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from connector import Connection
from connector.errors import OutOfSpace
from connector.events import Event, Journal, Receiver
from connector.events import receiver as module
from tests.support.webhook_sender import HEADER, SECRET, acall, as_body, call, document, job, signature, task
from tests.support.webhook_service import WebhookService

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


def answered(
    receiver: Receiver, body: bytes, method: str = "POST", secret: str = SECRET
) -> tuple[int, dict[bytes, bytes], Any]:
    """Status, headers and document of the answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "headers": [(NAME, signature(body, secret).encode())]}
    asyncio.run(receiver(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return sent[0]["status"], dict(sent[0]["headers"]), json.loads(sent[1]["body"])


SAID = {
    200: "Stored.",
    400: "The body is not a webhook's JSON document.",
    401: "The signature is missing or does not fit.",
    405: "Only POST is answered here.",
    413: "The body is too large.",
}


@pytest.mark.parametrize(
    ("status", "body", "how"),
    [
        (200, BODY, {}),
        (400, b"{", {}),
        (401, BODY, {"secret": "another"}),
        (405, BODY, {"method": "GET"}),
        (413, b" " * (module.LARGEST + 1), {}),
    ],
    ids=SAID,
)
def test_an_answer_says_what_it_is_and_how_long(receiver: Receiver, status: int, body: bytes, how: Any) -> None:
    given, headers, document = answered(receiver, body, **how)
    assert (given, document) == (status, {"message": SAID[status]})
    length = str(len(json.dumps(document))).encode()
    more = {405: {b"allow": b"POST"}, 413: {b"connection": b"close"}}.get(status, {})
    assert headers == {b"content-type": b"application/json", b"content-length": length, **more}


def test_a_body_that_does_not_come_ends_the_connection(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BODY_SECONDS", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(5)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(receiver({"type": "http", "method": "POST", "headers": []}, receive, send))
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"]) == {"message": "The body did not come in time."}


def test_a_message_may_say_nothing_of_its_body(receiver: Receiver, journal: Journal) -> None:
    incoming = [{"type": "http.request", "more_body": True}, {"type": "http.request", "body": BODY}]
    sent: list[Any] = []

    async def receive() -> Any:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(receiver({"type": "http", "method": "POST", "headers": [(NAME, GOOD)]}, receive, send))
    assert sent[0]["status"] == 200


def test_only_the_wanted_kinds_are_handed_on(journal: Journal, noted: Noted) -> None:
    receiver = Receiver(SECRET, journal, noted, api=None, kinds=("failed",))
    for kind in ("finished", "failed"):
        assert call(receiver, document(kind)) == 200
    assert noted.wait(1) == ["job.failed:job-1"]
    receiver.close()
    assert len(noted.events) == 1


def test_with_an_api_the_job_is_fetched_before_it_is_believed(journal: Journal, noted: Noted) -> None:
    with WebhookService() as service, Connection.api_key("a-key-for-tests", base_url=service.url) as connection:
        service.put(job("job-2", tag="as it stands"))
        receiver = Receiver(SECRET, journal, noted, api=connection.api)
        for name in ("job-1", "job-2"):
            assert call(receiver, document("finished", name)) == 200
        assert noted.wait(1) == ["job.finished:job-2"]
        receiver.close()
    assert noted.events[0].job["tag"] == "as it stands"


def test_events_of_two_tasks_of_a_job_are_two(receiver: Receiver, noted: Noted) -> None:
    for name in ("one", "two", "one"):
        done = task(name, "finished")
        assert call(receiver, {"event": "task.finished", "task": done, "job": job(tasks=[done])}) == 200
    assert noted.wait(2) == ["task.finished:job-1:task-one", "task.finished:job-1:task-two"]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (b"{", "A signed webhook call cannot be read: The body is not JSON."),
        (b"[]", "A signed webhook call cannot be read: The body is no JSON object."),
        (b'{"event": "x", "y": NaN}', "A signed webhook call cannot be read: The body is not JSON."),
        ({"event": "job.archived"}, "A webhook call with an unknown event is ignored."),
    ],
    ids=["broken", "a list", "NaN", "unknown"],
)
def test_what_is_not_taken_is_noted(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, about: Any, words: str
) -> None:
    caplog.set_level("INFO", "connector.events")
    call(receiver, about)
    assert [record.getMessage() for record in caplog.records] == [words]


def test_what_could_not_be_stored_is_noted_without_its_secrets(
    receiver: Receiver, journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed: Future[None] = Future()
    failed.set_exception(OutOfSpace(f"Full, said {SECRET}."))
    monkeypatch.setattr(journal, "store", lambda *_: failed)
    assert call(receiver, document("finished")) == 503
    assert caplog.messages == ["An event could not be stored, its sender is asked to come again. Full, said ***."]
