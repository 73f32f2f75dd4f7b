"""The listener for the browser's answer: what it takes, what it refuses, and that it goes away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import requests

from connector.api.clock import Clock
from connector.connection.loopback import PATH, Listener, redirect_uri
from connector.errors import ConnectionInvalid, InputError
from tests.support.clock import FakeClock


class HeldClock(Clock):
    """Does not let the waiter look before the test is ready."""

    def __init__(self) -> None:
        self.asleep = threading.Event()
        self.ready = threading.Event()

    def sleep(self, seconds: float) -> None:
        self.asleep.set()
        self.ready.wait(seconds if self.ready.is_set() else 20)


class Waiting:
    """A listener that waits in a thread for the state "good"."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.clock = HeldClock()
        self.listener = Listener(0, self.clock)
        self.answer: Future[str] = pool.submit(self.listener.wait, lambda state: state == "good")
        assert self.clock.asleep.wait(20)

    def get(self, target: str, **headers: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.listener.port}{target}", headers=headers, timeout=10)

    def end(self) -> str:
        self.clock.ready.set()
        return self.answer.result(20)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    with ThreadPoolExecutor(1) as pool:
        held = Waiting(pool)
        with held.listener:
            yield held
            if not held.answer.done():
                held.get(f"{PATH}?state=good")
                held.end()


def test_the_answer_is_taken_and_the_person_told(waiting: Waiting) -> None:
    page = waiting.get(f"{PATH}?code=c0de&state=good")
    assert page.status_code == 200
    assert "close this page" in page.text
    assert waiting.end() == "code=c0de&state=good"


def test_the_page_is_not_kept_and_tells_nobody_where_it_was(waiting: Waiting) -> None:
    headers = waiting.get(f"{PATH}?code=c0de&state=good").headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize("query", ["?code=1", "?code=1&state=bad", "?state=", "", "?state=bad&state=good"])
@pytest.mark.row("T13")
def test_an_answer_with_another_state_is_refused_and_the_right_one_waited_for(waiting: Waiting, query: str) -> None:
    assert waiting.get(PATH + query).status_code == 400
    assert waiting.get(f"{PATH}?code=2&state=good").status_code == 200
    assert waiting.end() == "code=2&state=good"


@pytest.mark.parametrize("path", ["/", "/callback/", "/favicon.ico", "/callback/../x"])
@pytest.mark.row("T13")
def test_other_paths_hold_nothing(waiting: Waiting, path: str) -> None:
    assert waiting.get(f"{path}?code=1&state=good").status_code == 404


@pytest.mark.parametrize("host", ["evil.test", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
@pytest.mark.row("T13")
def test_another_host_is_refused(waiting: Waiting, host: str) -> None:
    assert waiting.get(f"{PATH}?code=1&state=good", Host=host).status_code == 421


@pytest.mark.row("T13")
def test_a_second_answer_is_refused(waiting: Waiting) -> None:
    waiting.get(f"{PATH}?code=first&state=good")
    assert waiting.get(f"{PATH}?code=second&state=good").status_code == 409
    assert waiting.end() == "code=first&state=good"


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS"])
def test_other_methods_are_refused(waiting: Waiting, method: str) -> None:
    url = f"http://127.0.0.1:{waiting.listener.port}{PATH}?code=1&state=good"
    assert requests.request(method, url, timeout=10).status_code == 501


@pytest.mark.row("T13")
def test_a_query_of_a_megabyte_is_refused(waiting: Waiting) -> None:
    with socket.create_connection(("127.0.0.1", waiting.listener.port), timeout=10) as line:
        line.sendall(f"GET {PATH}?state=good&code={'x' * 70_000}".encode())
        assert b" 414 " in line.recv(100)


def test_a_connection_that_says_nothing_does_not_hold_up_the_answer(waiting: Waiting) -> None:
    with socket.create_connection(("127.0.0.1", waiting.listener.port)):
        assert waiting.get(f"{PATH}?code=1&state=good").status_code == 200
        assert waiting.end()


@pytest.mark.row("T13")
def test_nobody_comes_within_five_minutes() -> None:
    clock = FakeClock()
    with Listener(0, clock) as listener, pytest.raises(ConnectionInvalid, match="within 5 minutes"):
        listener.wait(lambda _: True)
    assert sum(clock.slept) == pytest.approx(300, abs=1)


@pytest.mark.row("T13")
def test_it_listens_on_this_machine_only(waiting: Waiting) -> None:
    assert waiting.listener._server.server_address[0] == "127.0.0.1"


@pytest.mark.row("T13")
def test_the_port_is_closed_afterwards() -> None:
    with Listener(0, FakeClock()) as listener, pytest.raises(ConnectionInvalid):
        listener.wait(lambda _: True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", listener.port))


def test_a_port_that_is_taken_is_named_with_the_ways_out() -> None:
    with Listener(0) as first, pytest.raises(InputError, match=str(first.port)) as caught:
        Listener(first.port)
    assert "--port" in caught.value.hint
    assert "--no-browser" in caught.value.hint


def test_the_redirect_uri_names_the_address_and_not_localhost() -> None:
    assert redirect_uri() == "http://127.0.0.1:8785/callback"
