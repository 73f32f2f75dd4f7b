"""Waiting: one blocking call where there is a sync host, otherwise growing steps; never a storm, never without end."""

from __future__ import annotations

from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.errors import ConnectorError, NotFound, WaitExceeded
from connector.runtime.progress import Silent
from connector.runtime.wait import has_ended, wait_until_ended
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error

GET, BLOCK = "GET /v2/jobs/j", "GET /sync/v2/jobs/j"


def job(status: str | None) -> Reply:
    return data({"id": "j", "status": status})


class Watcher(Silent):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def waiting(self, status: str) -> None:
        self.seen.append(status)


@pytest.fixture
def blocking(api: Api, server: ScriptedServer) -> Api:
    return Api(api.session, api.base_url, f"{server.url}/sync")


def wait(api: Api, limit: float = 180.0, watcher: Silent | None = None) -> Any:
    return wait_until_ended(api, "/jobs/j", limit, watcher or Silent())


def exceeded(api: Api, limit: float = 180.0) -> WaitExceeded:
    with pytest.raises(WaitExceeded) as caught:
        wait(api, limit)
    return caught.value


@pytest.mark.parametrize(
    ("status", "over"), [("finished", True), ("error", True), ("waiting", False), ("queued", False), (None, False)]
)
@pytest.mark.row("F13")
def test_only_two_states_are_the_end(status: str | None, over: bool) -> None:
    assert has_ended({"status": status}) is over


def test_steps_grow_up_to_ten_seconds(api: Api, server: ScriptedServer, clock: FakeClock) -> None:
    server.route(GET, *[job("processing")] * 9, job("finished"))
    assert wait(api)["status"] == "finished"
    assert [round(step, 2) for step in clock.slept] == [1.0, 1.5, 2.25, 3.38, 5.06, 7.59, 10.0, 10.0, 10.0]


@pytest.mark.parametrize(("chance", "first"), [(0.0, 0.75), (1.0, 1.25)])
def test_steps_are_jittered(chance: float, first: float, api: Api, server: ScriptedServer, clock: FakeClock) -> None:
    clock.chance = chance
    server.route(GET, job("waiting"), job("finished"))
    wait(api)
    assert clock.slept == [first]


@pytest.mark.parametrize("status", ["processing", None, "queued", "new-status"])
@pytest.mark.row("F14")
def test_a_job_that_never_ends_is_left_at_the_limit(
    status: str | None, api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(GET, job(status))
    caught = exceeded(api)
    assert (caught.job_id, sum(clock.slept)) == ("j", 180.0)
    assert "The job j has not ended within 180 seconds" in str(caught)
    assert len(server.requests) < 30


@pytest.mark.parametrize("limit", [1.0, 2.0, 30.0])
def test_a_job_that_ends_in_the_last_moment_is_seen(
    limit: float, api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    end = clock.now + limit
    server.route(GET, lambda request: job("finished" if clock.now >= end else "processing"))
    assert wait(api, limit)["status"] == "finished"


def test_the_states_on_the_way_are_told(api: Api, server: ScriptedServer) -> None:
    watcher = Watcher()
    server.route(GET, job("waiting"), job(None), job("processing"), job("error"))
    wait(api, watcher=watcher)
    assert watcher.seen == ["waiting", "None", "processing"]


def test_a_sync_host_is_asked_once(blocking: Api, server: ScriptedServer, clock: FakeClock) -> None:
    server.route(BLOCK, job("finished"))
    assert wait(blocking)["status"] == "finished"
    assert (len(server.requests), clock.slept) == (1, [])


@pytest.mark.parametrize("fault", ["close", "reset"])
def test_a_wait_that_breaks_is_taken_up_again(fault: Any, blocking: Api, server: ScriptedServer) -> None:
    server.route(BLOCK, Reply(fault=fault), Reply(fault=fault), job("finished"))
    assert wait(blocking)["status"] == "finished"
    assert server.asked(GET) == []


@pytest.mark.parametrize("fault", ["close", "reset"])
@pytest.mark.row("F14")
def test_a_wait_that_always_breaks_is_no_storm(fault: Any, blocking: Api, server: ScriptedServer) -> None:
    server.route(BLOCK, Reply(fault=fault))
    assert exceeded(blocking).job_id == "j"
    assert len(server.requests) < 30


@pytest.mark.parametrize("reply", [error(503), error(429), error(500)], ids=lambda reply: str(reply.status))
def test_a_sync_host_in_trouble_is_left_for_polling(reply: Reply, blocking: Api, server: ScriptedServer) -> None:
    server.route(BLOCK, reply)
    server.route(GET, job("processing"), job("finished"))
    assert wait(blocking)["status"] == "finished"
    assert (len(server.asked(BLOCK)), len(server.asked(GET))) == (1, 2)


def test_a_sync_host_that_is_not_there_is_left_for_polling(api: Api, server: ScriptedServer) -> None:
    server.route(GET, job("finished"))
    assert wait(Api(api.session, api.base_url, "http://127.0.0.1:1"))["status"] == "finished"


def test_a_sync_host_that_does_not_block_is_no_storm(blocking: Api, server: ScriptedServer) -> None:
    server.route(BLOCK, job("processing"))
    exceeded(blocking)
    assert len(server.requests) < 30


@pytest.mark.parametrize("kind", ["polling", "blocking"])
def test_a_job_that_is_gone_is_not_waited_for(kind: str, api: Api, blocking: Api, server: ScriptedServer) -> None:
    with pytest.raises(NotFound):
        wait(api if kind == "polling" else blocking)
    assert len(server.requests) == 1


def test_trouble_while_polling_is_handed_on(api: Api, server: ScriptedServer) -> None:
    server.route(GET, job("processing"), error(503))
    with pytest.raises(ConnectorError, match="status 503"):
        wait(api)


def test_a_task_that_never_ends_is_named_as_one(api: Api, server: ScriptedServer) -> None:
    def task(_: Request) -> Reply:
        return data({"id": "t", "status": "waiting"})

    server.route("GET /v2/tasks/t", task)
    with pytest.raises(WaitExceeded, match="The task t has not ended") as caught:
        wait_until_ended(api, "/tasks/t", 5.0, Silent())
    assert (caught.value.job_id, caught.value.task_id) == (None, "t")
