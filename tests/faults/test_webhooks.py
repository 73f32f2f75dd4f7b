"""Webhooks against forgers, repetitions, crashes and slow senders: with real listeners, sockets and kills."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.listener import Listener, listening
from tests.support.scripted_server import Reply, Request, error
from tests.support.webhook_sender import HEADER, as_body, document, job, post, signature
from tests.support.webhook_service import WebhookService

SECRET = "signing-secret-of-the-tests-1"  # of the first webhook that the service makes


@pytest.fixture
def service() -> Iterator[WebhookService]:
    with WebhookService() as running:
        yield running


@pytest.fixture
def listener(service: WebhookService, tmp_path: Path) -> Iterator[Listener]:
    yield from listening(service, tmp_path)


class Shared:
    """One listener for all tests that neither end it nor count its webhooks; each job is used by one test."""

    def __init__(self, service: WebhookService, listener: Listener) -> None:
        self.service, self.listener = service, listener
        self._numbers = itertools.count()

    def knows(self, *job_ids: str) -> None:
        self.service.put(*(job(job_id) for job_id in job_ids))

    def settled(self) -> list[str]:
        """The ids that arrived, once an event that is sent now has: whatever came before it has been dealt with."""
        marker = f"job-marker-{next(self._numbers)}"
        self.knows(marker)
        assert tell(self.listener, "finished", marker) == 200
        wait_until(lambda: f"job.finished:{marker}" in self.listener.ids())
        return self.listener.ids()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with WebhookService() as service:
        for listener in listening(service, tmp_path_factory.mktemp("shared")):
            yield Shared(service, listener)


def tell(listener: Listener, kind: str, job_id: str = "job-1", secret: str = SECRET) -> int:
    return post(listener.url, document(kind, job_id), secret)


@pytest.mark.row("W1", "W4")
def test_a_true_event_is_accepted_once(shared: Shared) -> None:
    shared.knows("job-true")
    assert {tell(shared.listener, "finished", "job-true") for _ in range(100)} == {200}
    assert shared.settled().count("job.finished:job-true") == 1


@pytest.mark.row("W5")
def test_twenty_at_once_are_one(shared: Shared) -> None:
    shared.knows("job-parallel")
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: tell(shared.listener, "finished", "job-parallel"), range(20))) == {200}
    assert shared.settled().count("job.finished:job-parallel") == 1


BODY = as_body(document("finished", "job-forged"))
FORGED: dict[str, dict[str, str | bytes]] = {
    "none": {},
    "empty": {HEADER: ""},
    "wrong": {HEADER: "0" * 64},
    "of another body": {HEADER: signature(BODY + b" ", SECRET)},
    "upper case": {HEADER: signature(BODY, SECRET).upper()},
    "not ASCII": {HEADER: b"\xc3\xa9" * 32},
    "one megabyte": {HEADER: "a" * (1 << 20)},
}


@pytest.mark.row("W2")
def test_forgeries_do_nothing(shared: Shared) -> None:
    shared.knows("job-forged")
    for headers in FORGED.values():
        with contextlib.suppress(requests.ConnectionError):  # a server may hang up on a header of a megabyte
            answer = requests.post(shared.listener.url, data=BODY, headers=headers, timeout=10)
            assert answer.status_code in (400, 401, 431)
    assert tell(shared.listener, "finished", "job-forged", secret="another webhook's secret") == 401
    assert "job.finished:job-forged" not in shared.settled()
    assert shared.service.asked("GET /v2/jobs/job-forged") == []


@pytest.mark.row("W2")
def test_a_header_that_comes_twice_is_refused_even_if_one_is_right(shared: Shared) -> None:
    shared.knows("job-twice")
    body = as_body(document("finished", "job-twice"))
    parts = urlsplit(shared.listener.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.putrequest("POST", parts.path)
    for name, value in ((HEADER, signature(body, SECRET)), (HEADER, "0" * 64), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders(body)
    assert connection.getresponse().status == 401
    connection.close()
    assert "job.finished:job-twice" not in shared.settled()


@pytest.mark.row("W7")
def test_a_foreign_job_is_dropped_and_logged(shared: Shared) -> None:
    assert tell(shared.listener, "finished", "job-foreign") == 200
    assert "job.finished:job-foreign" not in shared.settled()
    assert "job.finished of job job-foreign is dropped" in (shared.listener.file.parent / "stderr").read_text()


@pytest.mark.parametrize("order", list(permutations(["created", "finished", "failed"])))
@pytest.mark.row("W6")
def test_in_every_order_only_what_is_true_arrives_with_the_final_state(order: tuple[str, ...], shared: Shared) -> None:
    name = f"job-{'-'.join(order)}"
    shared.service.put(job(name, "error"))
    assert [tell(shared.listener, kind, name) for kind in order] == [200] * 3
    true = [f"job.{kind}:{name}" for kind in order if kind != "finished"]
    assert [one for one in shared.settled() if one.endswith(name)] == true
    lines = [json.loads(line) for line in shared.listener.file.read_bytes().splitlines()]
    assert {line["status"] for line in lines if line["job_id"] == name} == {"error"}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["none", "half", "no UTF-8", "deep"])
@pytest.mark.row("W9")
def test_a_body_that_is_no_document_is_refused(body: bytes, shared: Shared) -> None:
    assert post(shared.listener.url, body, SECRET) == 400


@pytest.mark.row("W9")
def test_a_body_in_chunks_is_taken_and_one_that_is_too_large_is_not(shared: Shared) -> None:
    shared.knows("job-chunked")
    body = as_body(document("finished", "job-chunked"))
    pieces = (body[start : start + 10] for start in range(0, len(body), 10))
    answer = requests.post(shared.listener.url, data=pieces, headers={HEADER: signature(body, SECRET)}, timeout=10)
    assert answer.status_code == 200
    with contextlib.suppress(requests.ConnectionError):  # hung up on before all of it was sent
        assert post(shared.listener.url, b" " * ((1 << 20) + 1), SECRET) == 413
    assert shared.settled().count("job.finished:job-chunked") == 1


@pytest.mark.row("W9")
def test_a_hundred_slow_senders_slow_nobody_else(shared: Shared) -> None:
    parts = urlsplit(shared.listener.url)
    head = f"POST / HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 1000\r\n".encode()
    with contextlib.ExitStack() as stack:
        address = (parts.hostname, parts.port)
        slow = [stack.enter_context(contextlib.closing(socket.create_connection(address))) for _ in range(100)]
        for number, one in enumerate(slow):
            one.sendall(head if number % 2 else head + b"\r\n{")  # half of them not even with whole headers
        times = []
        for number in range(20):
            begun = time.monotonic()
            assert tell(shared.listener, "finished", f"job-quick-{number}") == 200
            times.append(time.monotonic() - begun)
            slow[number].sendall(b"x")
    assert sorted(times)[-2] < 0.2


@pytest.mark.row("W4")
def test_a_replay_after_a_restart_is_known(service: WebhookService, listener: Listener, tmp_path: Path) -> None:
    service.put(job())
    tell(listener, "finished")
    listener.wait_for(1)
    listener.stop(signal.SIGKILL)
    for again in listening(service, tmp_path):
        assert [tell(again, "finished") for _ in range(20)] == [200] * 20
        service.put(job("job-2"))
        tell(again, "finished", "job-2")
        assert again.wait_for(2) == ["job.finished:job-1", "job.finished:job-2"]


def send_until_taken(current: list[Listener], job_id: str) -> None:
    """As the service does: what is not answered with 2xx is sent again."""
    for _ in range(500):
        with contextlib.suppress(requests.RequestException):
            if tell(current[-1], "finished", job_id) == 200:
                return
        time.sleep(0.02)
    raise AssertionError(f"{job_id} was never taken")


@pytest.mark.row("W8")
def test_killed_in_the_middle_again_and_again_every_event_is_handed_on_once(
    service: WebhookService, tmp_path: Path
) -> None:
    names = [f"job-{number}" for number in range(120)]
    service.put(*(job(name) for name in names))
    current, chance = [Listener(service, tmp_path)], random.Random(7)
    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(send_until_taken, current, name) for name in names]
        for _ in range(3):
            time.sleep(0.1 + chance.random() / 5)
            current[-1].stop(signal.SIGKILL)
            current.append(Listener(service, tmp_path))
        for one in sending:
            one.result()
    ids = current[-1].wait_for(len(names))
    current[-1].stop()
    assert sorted(ids) == sorted(f"job.finished:{name}" for name in names)
    assert len(service.webhooks) == 0


@pytest.mark.row("W8")
def test_a_handler_that_crashes_loses_nothing(service: WebhookService, tmp_path: Path) -> None:
    script = tmp_path / "handler.py"
    script.write_text(
        "import json, os, sys\nevent = json.load(sys.stdin)\nopen('seen', 'a').write(event['id'] + '\\n')\n"
        "if open('seen').read().count('\\n') == 1: os.abort()\n"
    )
    service.put(job())
    for listener in listening(service, tmp_path, "--exec", f"env -C {tmp_path} {sys.executable} {script}"):
        assert tell(listener, "finished") == 200
        seen = wait_for_lines(tmp_path / "seen", 2)
    assert seen == ["job.finished:job-1"] * 2


def wait_for_lines(path: Path, count: int) -> list[str]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        lines = path.read_text().splitlines() if path.exists() else []
        if len(lines) >= count:
            return lines
        time.sleep(0.02)
    raise AssertionError(f"{path} never had {count} lines")


@pytest.mark.row("W8")
def test_a_slow_handler_holds_up_no_answer_and_ends_before_the_listener(
    service: WebhookService, tmp_path: Path
) -> None:
    service.put(job(), job("job-2"))
    command = f"sh -c 'echo start >> {tmp_path}/log; sleep 1; echo end >> {tmp_path}/log'"
    for listener in listening(service, tmp_path, "--exec", command):
        tell(listener, "finished")
        wait_for_lines(tmp_path / "log", 1)
        begun = time.monotonic()
        assert tell(listener, "finished", "job-2") == 200
        assert time.monotonic() - begun < 0.9
        assert listener.stop() == 0
    assert (tmp_path / "log").read_text().split() == ["start", "end"]  # the second one waits in the journal


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_webhook_is_there_while_it_listens_and_gone_after(
    how: int, service: WebhookService, listener: Listener
) -> None:
    assert [str(one["id"]) for one in service.webhooks.values()] == [listener.ready["webhook_id"]]
    assert listener.stop(how) == 0
    assert service.webhooks == {}


@pytest.mark.row("W11")
def test_after_a_kill_the_next_listener_takes_the_webhook_over(
    service: WebhookService, listener: Listener, tmp_path: Path
) -> None:
    listener.stop(signal.SIGKILL)
    assert len(service.webhooks) == 1
    for again in listening(service, tmp_path):
        assert again.ready["webhook_id"] == listener.ready["webhook_id"]
    assert service.webhooks == {}


@pytest.mark.row("W11")
def test_a_listener_that_cannot_attach_says_so_and_leaves_nothing(service: WebhookService, tmp_path: Path) -> None:
    service.route("POST /v2/webhooks", error(403, "Invalid scope(s) provided."))
    listener = Listener(service, tmp_path)
    assert (listener.ready, listener.wait()) == ({}, 3)
    assert "may not do this" in (tmp_path / "stderr").read_text()


@pytest.mark.row("W11")
def test_a_creation_whose_answer_is_lost_leaves_one_webhook(service: WebhookService, tmp_path: Path) -> None:
    def made_but_lost(request: Request) -> Reply:
        service.attach(**request.json())
        return Reply(fault="reset")

    service.route("POST /v2/webhooks", made_but_lost)
    for listener in listening(service, tmp_path):
        assert (listener.ready["webhook_id"], len(service.webhooks)) == ("1", 1)
    assert service.webhooks == {}


@pytest.mark.row("W11")
def test_killed_while_it_attaches_there_is_no_orphan_in_the_end(service: WebhookService, tmp_path: Path) -> None:
    asked = threading.Event()

    def made_then_killed(request: Request) -> Reply:
        service.attach(**request.json())
        asked.set()
        return Reply(fault="hang")

    service.route("POST /v2/webhooks", made_then_killed)
    first = Listener(service, tmp_path, waits=False)
    assert asked.wait(20)
    first.stop(signal.SIGKILL)
    service.routes.clear()
    for _ in listening(service, tmp_path, "--url", "http://127.0.0.1:9/another"):
        assert [one["url"] for one in service.webhooks.values()] == ["http://127.0.0.1:9/another"]
    assert service.webhooks == {}


def test_two_listeners_do_not_share_a_state(service: WebhookService, listener: Listener, tmp_path: Path) -> None:
    second = Listener(service, tmp_path)
    assert (second.ready, second.wait()) == ({}, 2)
    assert "Another listener uses the state" in (tmp_path / "stderr").read_text()
    assert len(service.webhooks) == 1


def test_polling_goes_on_where_it_was_killed(service: WebhookService, tmp_path: Path) -> None:
    service.put(job("job-old"), job("job-slow", "processing"))
    first = Listener(service, tmp_path, "--poll", "1", "--event", "finished")
    assert first.ready == {"polling": 1.0}
    wait_until(lambda: len(service.asked("GET /v2/jobs")) >= 1)
    now = datetime.now(UTC).isoformat()
    service.put(job("job-1", ended_at=now))
    assert first.wait_for(1) == ["job.finished:job-1"]
    first.stop(signal.SIGKILL)
    service.put(job("job-2", ended_at=now), job("job-slow", ended_at=now))
    for again in listening(service, tmp_path, "--poll", "1", "--event", "finished"):
        assert sorted(again.wait_for(3)) == ["job.finished:job-1", "job.finished:job-2", "job.finished:job-slow"]
        assert again.stop() == 0


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
