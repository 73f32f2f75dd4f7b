"""Answers that are wrong in every way: a sentence that names the endpoint, in little time and memory, and no storm."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from connector.api.auth import Bearer
from connector.api.endpoints import Api
from connector.api.session import Session
from connector.errors import ConnectorError, ProtocolError, TemporaryError
from connector.modules import all_modules
from connector.recipe import Call, Listing
from connector.runtime import Items, execute
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error
from tests.support.together import SharedClock

JSON = [("Content-Type", "application/json")]
HTML = [("Content-Type", "text/html")]
DOCUMENT = {"data": {"id": "1", "status": "finished"}}
PACKED = [*JSON, ("Content-Encoding", "gzip")]


def bomb() -> bytes:
    """A gigabyte of blanks around a document, in a megabyte."""
    block = gzip.compress(b" " * 100_000_000, 9)
    return block * 10


WRONG: dict[str, Reply] = {
    "half a document": Reply(200, b'{"data": {"id": "1"', JSON),
    "nothing": Reply(200, b"", JSON),
    "HTML that is called JSON": Reply(200, b"<html>Welcome to the hotel</html>", JSON),
    "HTML": Reply(200, b"<html>Welcome to the hotel</html>", HTML),
    "a list for an object": Reply(200, b"[1, 2, 3]", JSON),
    "no data": Reply(200, b'{"dada": {}}', JSON),
    "data is null": Reply(200, b'{"data": null}', JSON),
    "data is a list": Reply(200, b'{"data": [[[]]]}', JSON),
    "data is text": Reply(200, b'{"data": "x"}', JSON),
    "NaN": Reply(200, b'{"data": {"id": NaN}}', JSON),
    "nested 100,000 deep": Reply(200, b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", JSON),
    "10 MB nested": Reply(200, b'{"a":' * 1_700_000, JSON),
    "duplicate keys": Reply(200, b'{"data": {"id": "1"}, "data": {"id": "2"}}', JSON),
    "UTF-16": Reply(200, json.dumps(DOCUMENT).encode("utf-16"), JSON),
    "no UTF-8": Reply(200, b'{"data": {"id": "\xff\xfe"}}', JSON),
    "more than 10 MB": Reply(200, b'{"data": "' + b"x" * 11_000_000 + b'"}', JSON),
    "a gzip bomb of 1 GB": Reply(200, bomb(), PACKED),
}
READS = [
    module
    for module in all_modules().values()
    if isinstance(module.recipe, Listing) or (isinstance(module.recipe, Call) and module.recipe.method == "GET")
]


class Everything(ScriptedServer):
    """Answers every request alike."""

    answer: Reply | Callable[[Request], Reply] = Reply()

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.answer if isinstance(self.answer, Reply) else self.answer(request)


def ask(api: Api, module: Any) -> object:
    form = {**module.examples[0], **({"wait_limit": 5} if "wait_limit" in module.Input.all() else {})}
    outputs = execute(api, module.recipe, module.fill(form), outputs=module.Output)
    return list(outputs) if isinstance(outputs, Items) else outputs


@pytest.mark.row("F11")
@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_answer_is_a_broken_promise_for_every_module_that_reads(how: str) -> None:
    with Everything() as server:
        server.answer = WRONG[how]
        api = Api(Session(Bearer("a-key-for-the-tests"), clock=FakeClock()), server.url)
        for module in READS if len(WRONG[how].content()) < 1000 else READS[:1]:
            before = len(server.requests)
            tracemalloc.start()
            began = time.monotonic()
            with pytest.raises(ProtocolError) as caught:
                ask(api, module)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert time.monotonic() - began < 2 * 3  # 2 s on a machine that does nothing else
            assert peak < 50_000_000
            assert "(status 200)" in str(caught.value)
            assert server.requests[before].path.removeprefix("/v2") in str(caught.value)
        api.session.close()


@pytest.mark.row("F11")
def test_what_is_only_labelled_wrongly_or_marked_is_read(api: Api, server: ScriptedServer) -> None:
    body = json.dumps(DOCUMENT).encode()
    server.route("GET /v2/jobs/1", Reply(200, body, HTML), Reply(200, b"\xef\xbb\xbf" + body, JSON))
    assert [api.job("1")["status"] for _ in range(2)] == ["finished"] * 2


@pytest.mark.row("F11", "F13")
def test_nulls_everywhere_and_what_is_new_pass(api: Api, server: ScriptedServer) -> None:
    task = {"id": "t", "status": "polishing", "operation": "hologram", "result": None, "new": [{}], "name": None}
    thing = {"id": "1", "status": None, "tag": None, "tasks": [task, {"id": None, "operation": None}], "links": None}
    for module in READS:
        if "{job_id}" in module.recipe.path or "{task_id}" in module.recipe.path:
            server.routes.clear()
            path = "/v2/jobs/" if "job" in module.recipe.path else "/v2/tasks/"
            value = {**thing, "status": "finished" if module.recipe.until_ended else None}
            server.route(f"GET {path}{next(iter(module.examples[0].values()))}", data(value))
            assert isinstance(ask(api, module), dict)


LATE = {
    "2": 2.0, formatdate(1_700_000_002, usegmt=True): 2.0, formatdate(1_600_000_000, usegmt=True): 0.25, "0": 0.25,
    "1.5": 1.5, "-5": 0.25, "soon": 0.25, "": 0.25, "nan": 0.25, "1e400": 0.25, "2, 7": 7.0,
}  # fmt: skip


@pytest.mark.row("F8")
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "slept"), LATE.items())
def test_every_delay_that_a_service_may_ask_for(
    status: int, header: str, slept: float, api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route("GET /v2/users/me", error(status, Retry_After=header), data({"id": 1}))
    api.me()
    assert clock.slept == [slept]


@pytest.mark.row("F8")
@pytest.mark.parametrize("what", ["GET /v2/users/me", "POST /v2/jobs"])
def test_a_delay_beyond_a_minute_is_handed_on_at_once(
    what: str, api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(what, error(429, Retry_After="999999999"))
    with pytest.raises(TemporaryError) as caught:
        api.me() if what.startswith("GET") else api.create_job({"tag": "t", "tasks": {}}, lambda job: True)
    assert (caught.value.retry_after, clock.slept, len(server.requests)) == (999999999.0, [], 1)


class Outage:
    """A service that is down for its first minute; `moments` holds when it was asked."""

    def __init__(self, server: ScriptedServer, clock: SharedClock) -> None:
        self.moments: list[float] = []
        self.clock = clock
        server.route("GET /v2/users/me", self.answer)

    def answer(self, request: Request) -> Reply:
        self.moments.append(self.clock.monotonic())
        return error(503) if self.clock.monotonic() < 60 else data({"id": 1})

    def busiest_second(self) -> int:
        return max(sum(begin <= moment < begin + 1 for moment in self.moments) for begin in self.moments)


@pytest.fixture(params=range(5))
def outage(server: ScriptedServer, request: pytest.FixtureRequest) -> Outage:
    return Outage(server, SharedClock(20, seed=request.param))


@pytest.mark.row("F9")
def test_twenty_threads_ask_a_dead_service_a_hundred_times_and_never_all_at_once(
    outage: Outage, server: ScriptedServer
) -> None:
    session = Session(Bearer("a-key-for-the-tests"), clock=outage.clock)

    def ask_once(number: int) -> None:
        with pytest.raises(TemporaryError):
            session.call("GET", f"{server.url}/v2/users/me")

    outage.clock.together(ask_once)
    session.close()
    assert len(outage.moments) <= 20 * 5
    assert outage.busiest_second() <= 40


@pytest.mark.row("F9")
def test_whoever_keeps_asking_recovers_soon_after_the_service(outage: Outage, server: ScriptedServer) -> None:
    session = Session(Bearer("a-key-for-the-tests"), clock=outage.clock)
    calls: Counter[str] = Counter()
    recovered: list[float] = []

    def ask_until_it_works(number: int) -> None:
        while True:
            calls["made"] += 1
            with contextlib.suppress(ConnectorError):
                session.call("GET", f"{server.url}/v2/users/me")
                recovered.append(outage.clock.monotonic())
                return
            outage.clock.sleep(5 + outage.clock.random() * 5)

    outage.clock.together(ask_until_it_works)
    session.close()
    assert len(outage.moments) - calls["made"] <= 100  # what the bucket pays for
    assert outage.busiest_second() <= 40
    assert len(recovered) == 20
    assert max(recovered) < 60 + 20
