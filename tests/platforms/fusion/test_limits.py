"""Where the platform ends: waits that pass, jobs that fail, more files than it can take, and errors of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.cli.manifests import service_at
from connector.platforms import find
from tests.platforms.fusion.machine import Machine, PlatformError
from tests.support.scripted_server import Reply, Request, ScriptedServer
from tests.support.world import World

JSON = [("Content-Type", "application/json")]
FORM: dict[str, Any] = {
    "import": {"input_file": "url", "input_file_url": "https://example.com/a.png"},
    "options": {"output_format": "jpg"},
    "export": {"download": True, "wait_limit": 20},
}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        running.route("POST /v2/jobs", Reply(201, {"data": job("waiting")}, JSON))
        yield running


@pytest.fixture(params=[False, True], ids=["repeat first", "valid first"])
def scripted(server: ScriptedServer, request: pytest.FixtureRequest) -> Machine:
    files = find("fusion").files(service_at(server.url))
    machine = Machine(files, {"api_key": "key"}, valid_first=request.param)
    machine.clock.share = 0
    return machine


def job(status: str, *tasks: dict[str, Any]) -> dict[str, Any]:
    return {"id": "job-1", "status": status, "tasks": list(tasks)}


def shown(job_: dict[str, Any]) -> Reply:
    return Reply(200, {"data": job_}, JSON)


def failing(name: str, operation: str, code: str, message: str) -> dict[str, Any]:
    return {"name": name, "operation": operation, "status": "error", "code": code, "message": message}


def test_a_wait_that_passes_names_the_job_and_what_to_do(server: ScriptedServer, scripted: Machine) -> None:
    server.route("GET /v2/jobs/job-1", lambda _: shown(job("processing")))
    with pytest.raises(PlatformError, match=r"job job-1 has not ended in time.*Wait for a Job"):
        scripted.run("ConvertFile", FORM)
    assert len(server.requests) == 1 + 11  # a look at once, and one every two seconds for twenty


def test_a_frozen_clock_still_ends_with_the_platforms_own_sentence(server: ScriptedServer, scripted: Machine) -> None:
    server.route("GET /v2/jobs/job-1", lambda _: shown(job("processing")))
    moment = scripted.clock.now()
    scripted.clock.now = lambda: moment  # type: ignore[method-assign]
    with pytest.raises(PlatformError, match="Maximum number of repeats exceeded"):
        scripted.run("ConvertFile", FORM)


def test_a_failed_job_tells_the_root_cause(server: ScriptedServer, scripted: Machine) -> None:
    follower = failing("export", "export/url", "INPUT_TASK_FAILED", "Input task has failed")
    cause = failing("convert", "convert", "CONVERSION_FAILED", "The file is damaged")
    server.route("GET /v2/jobs/job-1", shown(job("error", follower, cause)))
    with pytest.raises(
        PlatformError, match=r"task convert \(convert\) failed: The file is damaged \[CONVERSION_FAILED\]"
    ):
        scripted.run("ConvertFile", FORM)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, "InvalidAccessTokenError", "Connect again"),
        (402, "OutOfSpaceError", "no credits"),
        (403, "InvalidConfigurationError", "lacks a scope"),
        (422, "DataError", "The url is wrong"),
        (429, "RateLimitError", "no more jobs"),
        (503, "ConnectionError", "Try again later"),
    ],
)
def test_an_error_of_the_service_is_one_of_the_platforms(
    server: ScriptedServer, scripted: Machine, status: int, kind: str, said: str
) -> None:
    body = {"message": "No.", "code": "X", "errors": {"tasks.import-1.url": ["The url is wrong."]}}
    server.routes.clear()
    server.route("POST /v2/jobs", Reply(status, body, JSON))
    with pytest.raises(PlatformError, match=said) as caught:
        scripted.run("ConvertFile", FORM)
    assert caught.value.kind == kind


def test_a_form_that_takes_a_moment_is_waited_for(server: ScriptedServer, scripted: Machine) -> None:
    upload = {"name": "import-1", "id": "task-1", "operation": "import/upload", "status": "waiting"}
    ready = {**upload, "result": {"form": {"url": f"{server.url}/upload", "parameters": {"key": 1}}}}
    server.routes.clear()
    server.route("POST /v2/jobs", Reply(201, {"data": job("waiting", {**upload, "result": None})}, JSON))
    server.route("GET /v2/jobs/job-1", shown(job("waiting", {**upload, "result": None})), shown(job("waiting", ready)))
    server.route("POST /upload", Reply(201))
    file = {"input_file": "upload", "input_file_name": "a.png", "input_file_data": b"png"}
    scripted.run("ConvertFile", {**FORM, "import": file, "export": {}})
    sent: Request = server.requests[-1]
    assert sent.form() == {"key": (None, b"1"), "file": ("a.png", b"png")}
    assert "Authorization" not in sent.headers


def test_every_file_of_a_long_list_is_handed_on_and_the_first_with_their_content(
    server: ScriptedServer, scripted: Machine
) -> None:
    files = [{"filename": f"{n}.png", "size": 1, "url": f"{server.url}/file"} for n in range(25)]
    export = {"operation": "export/url", "status": "finished", "result": {"files": files}}
    server.route("GET /v2/jobs/job-1", shown(job("finished", export)))
    server.route("GET /file", lambda _: Reply(200, b"x"))
    result = scripted.run("ConvertFile", FORM)[0]
    assert [file["filename"] for file in result["files"]] == [file["filename"] for file in files]
    assert sum("data" in file for file in result["files"]) == 20
    assert not any(b"Bearer" in str(one.headers).encode() for one in server.requests if one.path == "/file")


def test_a_task_without_files_cannot_be_downloaded(machine: Machine, world: World) -> None:
    task = world._waiting_task()
    with pytest.raises(PlatformError, match="wait for it first"):
        machine.run("DownloadFile", {"task_id": task})


def test_a_persons_own_request_cannot_leave_the_host(machine: Machine) -> None:
    seen: list[str] = []
    machine.http.hooks["response"].append(lambda answer, **_: seen.append(answer.request.url))
    for path in ("/@evil.example/x", "//evil.example/x", "/.evil.example/"):
        with pytest.raises(PlatformError):
            machine.run("MakeAPICall", {"url": path, "headers": [{"name": "Authorization", "value": "mine"}]})
    assert all(url.startswith(machine.base["baseUrl"].removesuffix("v2")) for url in seen)
    assert len(seen) == 3
