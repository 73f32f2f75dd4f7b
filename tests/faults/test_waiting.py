"""Waiting for a job: to the limit and not beyond, through a token's end and jumps of the clock, and why it failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.api.endpoints import Api
from connector.connection.store import Store
from connector.errors import ConversionFailed, WaitExceeded
from connector.modules import all_modules
from connector.runtime import execute
from tests.support.clock import FakeClock
from tests.support.connections import signed_in
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error
from tests.support.token_server import TokenServer

REFRESH = "POST /oauth/token"
GET, BLOCK = "GET /v2/jobs/job-1", "GET /sync/v2/jobs/job-1"


def job(status: str, **more: Any) -> Reply:
    return data({"id": "job-1", "status": status, "tasks": [], **more})


def wait(api: Api, **form: Any) -> Any:
    module = all_modules()["WaitForJob"]
    return execute(api, module.recipe, module.fill({"job_id": "job-1", **form}), outputs=module.Output)


@pytest.mark.row("F14")
@pytest.mark.parametrize("blocking", [False, True])
@pytest.mark.parametrize("chance", [0.0, 0.3, 0.99])
def test_by_default_a_stuck_job_is_left_after_three_minutes(
    blocking: bool, chance: float, api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    clock.chance, began = chance, clock.now

    def silent(request: Request) -> Reply:
        clock.now += 60  # the longest that one blocking call may be silent
        return Reply(fault="close")

    server.route(GET, job("processing"))
    server.route(BLOCK, silent)
    there = Api(api.session, api.base_url, f"{server.url}/sync" if blocking else None)
    with pytest.raises(WaitExceeded) as caught:
        wait(there)
    assert abs(clock.now - began - 180) <= 5
    assert caught.value.job_id == "job-1"
    assert "it goes on at CloudConvert" in str(caught.value)
    assert len(server.requests) < 40


def failed(name: str, code: str, message: str, ended_at: str) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "operation": "convert", "status": "error", "code": code,
            "message": message, "ended_at": ended_at}  # fmt: skip


@pytest.mark.row("F15")
@pytest.mark.parametrize("position", range(6))
def test_of_six_failed_tasks_the_one_that_is_to_blame_is_named(position: int, api: Api, server: ScriptedServer) -> None:
    tasks = [
        failed(f"follower-{n}", "INPUT_TASK_FAILED", "Input task failed", "2026-01-01T00:00:00Z") for n in range(5)
    ]
    tasks.insert(position, failed("convert-1", "INVALID_FILE", "The file is broken", "2026-01-01T00:00:09Z"))
    body = {"id": "job-1", "tag": "t", "status": "error", "tasks": tasks}
    server.route("POST /v2/jobs", Reply(201, {"data": {**body, "status": "waiting"}}))
    server.route(GET, data(body))
    module = all_modules()["ConvertFile"]
    form = {"input_file": "https://example.com/a.png", "output_format": "jpg", "download": True}
    with pytest.raises(ConversionFailed) as caught:
        execute(api, module.recipe, module.fill(form))
    assert str(caught.value) == "The task 'convert-1' (convert) failed: The file is broken [INVALID_FILE]."
    assert (caught.value.code, caught.value.job_id) == ("INVALID_FILE", "job-1")


class Signed:
    """A connection whose token is good for an hour, and jobs that end after so many looks at them."""

    def __init__(self, tokens: TokenServer, folder: Path) -> None:
        self.tokens, self.clock, self.looks = tokens, FakeClock(), 0
        store = Store(folder, clock=self.clock)
        saved = store.save(signed_in(tokens, now=self.clock.now))
        self.connection = Connection.from_record(saved, store, clock=self.clock)
        self.ends_after, self.jump = 20, 0.0
        tokens.route(GET, self.answer)

    def answer(self, request: Request) -> Reply:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens.valid:
            return error(401, "Unauthenticated.")
        self.looks += 1
        self.clock.now += self.jump if self.looks == 3 else 0
        return job("finished" if self.looks >= self.ends_after else "processing")


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    with TokenServer() as tokens:
        made = Signed(tokens, tmp_path / "config")
        yield made
        made.connection.close()


@pytest.mark.row("T1")
def test_a_token_that_runs_out_while_a_job_runs_is_renewed_once(signed: Signed) -> None:
    signed.clock.now += 3200  # 400 s are left, of which the wait takes up more than the margin leaves
    signed.ends_after = 30
    assert wait(signed.connection.api, wait_limit=600)["status"] == "finished"
    assert (len(signed.tokens.asked(REFRESH)), signed.tokens.refreshes, signed.tokens.reuses) == (1, 1, 0)


@pytest.mark.row("T1", "F19")
def test_a_token_that_is_revoked_while_a_job_runs_is_renewed_once(signed: Signed) -> None:
    looks: list[int] = []

    def revoking(request: Request) -> Reply:
        looks.append(1)
        if len(looks) == 5:
            signed.tokens.revoke_access()
        return signed.answer(request)

    signed.tokens.route(GET, revoking)
    assert wait(signed.connection.api, wait_limit=600)["status"] == "finished"
    assert (signed.tokens.refreshes, signed.tokens.reuses) == (1, 0)
    assert len(looks) == 20 + 1  # one look was refused and made once more


@pytest.mark.row("F20")
@pytest.mark.parametrize("jump", [-3600.0, 3600.0, 10 * 365 * 86400.0], ids=["-1 h", "+1 h", "+10 y"])
def test_a_wall_clock_that_jumps_ends_no_wait_and_starts_no_loop(
    jump: float, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, offset = signed.clock.now, [0.0]
    monkeypatch.setattr(signed.clock, "time", lambda: signed.clock.now + offset[0])

    def jumping(request: Request) -> Reply:
        offset[0] = jump if signed.looks >= 2 else 0.0
        return signed.answer(request)

    signed.tokens.route(GET, jumping)
    assert wait(signed.connection.api, wait_limit=600)["status"] == "finished"
    assert signed.clock.now - began < 200  # by the monotonic clock, which nobody can set
    assert signed.tokens.refreshes <= 1
    assert len(signed.tokens.requests) <= 25


@pytest.mark.row("F20")
@pytest.mark.parametrize("jump", [-3600.0, 3600.0, 10 * 365 * 86400.0], ids=["-1 h", "+1 h", "+10 y"])
def test_a_wall_clock_that_jumps_does_not_move_the_limit(
    jump: float, api: Api, server: ScriptedServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.now
    monkeypatch.setattr(clock, "time", lambda: clock.now + (jump if clock.now > began + 30 else 0.0))
    server.route(GET, job("processing"))
    with pytest.raises(WaitExceeded):
        wait(api)
    assert abs(clock.now - began - 180) <= 5
