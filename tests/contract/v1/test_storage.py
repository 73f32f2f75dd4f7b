"""Downloads when v2's storage misbehaves: resumed, refused or broken off, but never wrong."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.support.scripted_server import Reply, ScriptedServer, data, ranged
from tests.support.v1 import V1, until

CONTENT = bytes(range(256)) * 4000


@pytest.fixture
def output(front: V1, service: ScriptedServer) -> str:
    """The download URL of a finished process, whose file the service has under /file."""
    file = {"filename": "Ümlaut.bin", "size": len(CONTENT), "url": f"{service.url}/file"}
    tasks: list[dict[str, Any]] = [
        {
            "name": "import-1",
            "operation": "import/raw",
            "status": "finished",
            "result": {"files": [{"filename": "a.txt"}]},
        },
        {"name": "convert", "operation": "convert", "status": "finished", "result": {"files": [file]}},
        {"name": "export", "operation": "export/url", "status": "finished", "result": {"files": [file]}},
        {"name": "export-zip", "operation": "export/url", "status": "finished", "result": {"files": [file]}},
    ]
    job = {"id": "j-1", "status": "finished", "tasks": tasks}
    service.route("POST /v2/jobs", data(job, 201))
    service.route("GET /v2/jobs/j-1", data(job))
    service.route("DELETE /v2/jobs/j-1", Reply(204))
    given = {"input": "raw", "file": "x", "filename": "a.txt", "outputformat": "bin"}
    return str(front.start(front.create("txt", "bin"), **given)["output"]["url"])


def test_a_connection_that_breaks_is_resumed(front: V1, service: ScriptedServer, output: str) -> None:
    whole = ranged(CONTENT)
    cut = Reply(200, CONTENT, [("ETag", '"v1"')], sends=300_000)
    service.route("GET /file", cut, whole)
    answer = front.ask("GET", output)
    assert answer.content == CONTENT
    assert [request.headers.get("Range") for request in service.asked("GET /file")] == [None, "bytes=300000-"]
    assert (
        answer.headers["Content-Disposition"] == "attachment; filename=\"_mlaut.bin\"; filename*=UTF-8''%C3%9Cmlaut.bin"
    )


def test_a_storage_that_cannot_resume_breaks_the_download_off(front: V1, service: ScriptedServer, output: str) -> None:
    service.route("GET /file", Reply(200, CONTENT, sends=300_000), Reply(200, CONTENT[::-1]))
    with pytest.raises(requests.RequestException):
        front.ask("GET", output)
    assert service.asked("DELETE /v2/jobs/j-1") == []


def test_a_file_that_has_expired_is_404(front: V1, service: ScriptedServer, output: str) -> None:
    service.route("GET /file", Reply(403))
    answer = front.ask("GET", output)
    assert (answer.status_code, "does not have the file any more" in answer.json()["error"]) == (404, True)


def test_the_job_is_deleted_after_the_first_whole_download(front: V1, service: ScriptedServer, output: str) -> None:
    service.route("GET /file", ranged(CONTENT))
    assert front.ask("GET", output).content == CONTENT
    until(lambda: service.asked("DELETE /v2/jobs/j-1"))
    assert all("Authorization" not in request.headers for request in service.asked("GET /file"))
