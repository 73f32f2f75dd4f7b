"""What the gateway takes up after it was killed, job by job, with a service that answers from a script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.hosts.v1.process import LIFETIME, Plan, Process
from connector.hosts.v1.serving import Settings, gateway_server
from connector.hosts.v1.state import State
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer, data
from tests.support.v1 import V1, until

KEY = "key-of-the-tests-0123456789"
PLAN = Plan("convert", "raw", "pdf", main="convert", exports=("export",), names=("import-1", "convert", "export"))
JOB = {
    "id": "j-1",
    "tag": "v1-tag",
    "status": "finished",
    "tasks": [{"name": name, "operation": "x", "status": "finished"} for name in PLAN.names],
}


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """A process that was being started when the gateway was killed."""
    state = State(tmp_path / "processes.sqlite", time.time)
    process = state.add(Process.new("host", time.time(), {"mode": "convert"}))
    assert state.begin(process.id, "v1-tag", PLAN)
    assert not state.begin(process.id, "another", PLAN)
    state.close()
    return process


@contextmanager
def front(server: ScriptedServer, folder: Path) -> Iterator[V1]:
    """A client of the gateway that was started again."""
    with (
        Connection.api_key(KEY, base_url=server.url, clock=FakeClock()) as connection,
        gateway_server(connection, Settings(folder)) as address,
    ):
        yield V1(address, KEY)


def jobs(*listed: dict[str, Any]) -> Any:
    """What the service lists."""
    return data(list(listed))


def test_a_job_that_was_made_is_known_again(server: ScriptedServer, tmp_path: Path, process: Process) -> None:
    other = {**JOB, "id": "other", "tasks": JOB["tasks"][:2]}  # type: ignore[index]
    server.route("GET /v2/jobs", jobs(other, JOB))
    server.route("GET /v2/jobs/j-1", data(JOB))
    with front(server, tmp_path) as v1:
        status = until(lambda: v1.ask("GET", f"/process/{process.id}?wait").json())
    assert (status["step"], server.asked("POST /v2/jobs")) == ("finished", [])


def test_a_job_that_was_not_made_is_told_and_not_made_later(
    server: ScriptedServer, tmp_path: Path, process: Process
) -> None:
    server.route("GET /v2/jobs", jobs())
    with front(server, tmp_path) as v1:
        status = v1.ask("GET", f"/process/{process.id}?wait").json()
    assert (status["step"], status["message"]) == ("error", "The gateway was stopped before the job was made.")


def test_files_that_were_to_go_go(server: ScriptedServer, tmp_path: Path, process: Process) -> None:
    server.route("DELETE /v2/jobs/j-1", Reply(204))
    state = State(tmp_path / "processes.sqlite", time.time)
    state.started(process.id, "j-1")
    state.end(process.id, JOB, ())
    assert state.without_files(process.id)
    assert not state.without_files(process.id)
    for _ in range(2):
        with front(server, tmp_path):
            until(lambda: not state.to_release())
    state.close()
    assert len(server.asked("DELETE /v2/jobs/j-1")) == 1


def test_what_has_expired_is_forgotten_and_what_runs_is_not(tmp_path: Path, process: Process) -> None:
    clock = FakeClock(now=time.time())
    state = State(tmp_path / "processes.sqlite", clock.time)
    unused = state.add(Process.new("host", clock.time(), {}))
    clock.sleep(LIFETIME - 1)
    state.sweep()
    assert state.find("id", unused.id)
    clock.sleep(2)
    state.sweep()
    assert (state.find("id", unused.id), state.find("id", process.id) is not None) == (None, True)
    state.close()
