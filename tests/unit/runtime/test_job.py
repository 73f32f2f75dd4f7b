"""A job from its form to its files: created once, uploaded, awaited, downloaded; every error names the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.errors import (
    ConnectorError,
    ConversionFailed,
    CreditsExceeded,
    InputError,
    NotFound,
    ProtocolError,
    TransferError,
    WaitExceeded,
)
from connector.files import LocalFile, RemoteFile
from connector.recipe import Job, Task
from connector.runtime import Options, Silent, execute
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error

RECIPE = Job(Task("convert", output_format="output_format"))
REMOTE = {"input_file": RemoteFile("https://example.com/a.png"), "output_format": "jpg"}
UPLOAD = {"input_file": LocalFile("a.png", data=b"PNG"), "output_format": "jpg"}
DOWNLOAD = {"download": True, "wait_limit": 180}
POST, GET, DELETE, STORE = "POST /v2/jobs", "GET /v2/jobs/job-1", "DELETE /v2/jobs/job-1", "POST /store"


class Service:
    """One job as the service shows it: made by the request, finished after the upload."""

    def __init__(self, server: ScriptedServer) -> None:
        self.url = server.url
        self.status = "finished"
        self.tasks: dict[str, dict[str, Any]] = {}
        self.files: list[Any] = [{"filename": "a.jpg", "size": 4, "url": f"{server.url}/a.jpg"}]
        server.route(POST, self.create)
        server.route(GET, lambda request: data(self.job(self.status)))
        server.route(DELETE, Reply(204))
        server.route(STORE, Reply(201))
        server.route("GET /a.jpg", Reply(200, b"JPEG"))

    def create(self, request: Request) -> Reply:
        self.tasks = request.json()["tasks"]
        self.tag = request.json()["tag"]
        return data(self.job("waiting"), 201)

    def job(self, status: str) -> dict[str, Any]:
        return {"id": "job-1", "tag": self.tag, "status": status, "tasks": [self.task(n, status) for n in self.tasks]}

    def task(self, name: str, status: str) -> dict[str, Any]:
        operation = self.tasks[name]["operation"]
        shown: dict[str, Any] = {"id": f"id-{name}", "name": name, "operation": operation, "status": status}
        if operation == "import/upload" and status == "waiting":
            shown["result"] = {"form": {"url": f"{self.url}/store", "parameters": {}}}
        if operation == "export/url" and status == "finished":
            shown |= {"result": {"files": self.files}, "ended_at": "2026-11-22T08:00:00+00:00"}
        if status == "error":
            shown |= {"code": "CONVERSION_FAILED" if name == "convert" else "INPUT_TASK_FAILED", "message": "No"}
        return shown


@pytest.fixture
def service(server: ScriptedServer) -> Service:
    return Service(server)


def run(api: Api, form: dict[str, Any], options: Options | None = None) -> Any:
    return execute(api, RECIPE, form, options)


def failure(api: Api, form: dict[str, Any], options: Options | None = None) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        run(api, form, options)
    assert caught.value.job_id == "job-1"
    return caught.value


def test_without_download_the_job_is_given_at_once(api: Api, service: Service, server: ScriptedServer) -> None:
    job = run(api, REMOTE)
    assert (job.id, job.status, job.tag) == ("job-1", "waiting", service.tag)
    assert server.asked(GET) == []


def test_a_file_is_uploaded_converted_and_saved(
    api: Api, service: Service, server: ScriptedServer, tmp_path: Path
) -> None:
    run(api, {**UPLOAD, **DOWNLOAD}, Options(tmp_path))
    assert server.asked(STORE)[0].form()["file"] == ("a.png", b"PNG")
    assert (tmp_path / "a.jpg").read_bytes() == b"JPEG"
    assert len(server.asked(POST)) == 1


def test_the_key_goes_to_the_api_only(api: Api, service: Service, server: ScriptedServer, tmp_path: Path) -> None:
    run(api, {**UPLOAD, **DOWNLOAD}, Options(tmp_path))
    for request in server.requests:
        assert ("Authorization" in request.headers) == request.path.startswith("/v2/")


class Watcher(Silent):
    def __init__(self) -> None:
        self.seen: list[tuple[Any, ...]] = []

    def job_created(self, job_id: str) -> None:
        self.seen.append(("created", job_id))

    def uploading(self, name: str, done: int, total: int) -> None:
        self.seen.append(("uploading", name, done, total))

    def downloading(self, name: str, done: int, total: int) -> None:
        self.seen.append(("downloading", name, done, total))


def test_a_watcher_hears_of_every_step(api: Api, service: Service, tmp_path: Path) -> None:
    watcher = Watcher()
    run(api, {**UPLOAD, **DOWNLOAD}, Options(tmp_path, progress=watcher))
    assert watcher.seen[0] == ("created", "job-1")
    assert ("uploading", "a.png", 3, 3) in watcher.seen
    assert watcher.seen[-1] == ("downloading", "a.jpg", 4, 4)


def test_files_of_the_same_name_both_arrive(api: Api, service: Service, tmp_path: Path) -> None:
    service.files *= 2
    run(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).jpg", "a.jpg"]


@pytest.mark.parametrize("name", ["../../evil.sh", "..\\evil.sh", "/etc/evil.sh"])
def test_a_hostile_name_of_the_server_stays_in_the_folder(
    name: str, api: Api, service: Service, tmp_path: Path
) -> None:
    service.files[0]["filename"] = name
    run(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path / "out"))
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.sh")] == ["out/evil.sh"]


def test_a_failed_job_is_a_conversion_that_failed(api: Api, service: Service) -> None:
    service.status = "error"
    caught = failure(api, {**REMOTE, **DOWNLOAD})
    assert isinstance(caught, ConversionFailed)
    assert (caught.task, caught.code) == ("convert", "CONVERSION_FAILED")


def test_a_job_that_takes_too_long_is_left_alone(api: Api, service: Service, server: ScriptedServer) -> None:
    service.status = "processing"
    assert isinstance(failure(api, {**REMOTE, **DOWNLOAD}), WaitExceeded)
    assert (len(server.asked(POST)), server.asked(DELETE)) == (1, [])


def test_a_job_that_never_gets_its_file_is_taken_away(api: Api, service: Service, server: ScriptedServer) -> None:
    server.route(STORE, error(403))
    assert isinstance(failure(api, UPLOAD), TransferError)
    assert len(server.asked(DELETE)) == 1


def test_a_file_that_went_away_is_an_input_error(
    api: Api, service: Service, server: ScriptedServer, tmp_path: Path
) -> None:
    gone = LocalFile("gone.png", path=tmp_path / "gone.png")
    assert isinstance(failure(api, {**UPLOAD, "input_file": gone}), InputError)
    assert len(server.asked(DELETE)) == 1


def test_a_form_that_comes_a_moment_later_is_asked_for(api: Api, service: Service, server: ScriptedServer) -> None:
    task = {"id": "id-import-1", "name": "import-1", "operation": "import/upload", "status": "waiting"}
    server.route(POST, data({"id": "job-1", "status": "waiting", "tasks": [task]}, 201))
    server.route("GET /v2/tasks/id-import-1", data({**task, "result": {"form": {"url": f"{server.url}/store"}}}))
    run(api, UPLOAD)
    assert len(server.asked(STORE)) == 1


@pytest.mark.parametrize("tasks", [None, [], [{"id": "x", "name": "other"}], [{"name": "import-1"}]], ids=str)
def test_a_job_without_the_task_for_our_file_breaks_the_contract(tasks: Any, api: Api, server: ScriptedServer) -> None:
    server.route(POST, data({"id": "job-1", "status": "waiting", "tasks": tasks}, 201))
    assert isinstance(failure(api, UPLOAD), ProtocolError)
    assert len(server.asked(DELETE)) == 1


@pytest.mark.parametrize(
    "file", [{}, {"filename": "a.jpg"}, {"filename": "a.jpg", "url": None}, {"filename": "a", "url": "x"}], ids=str
)
def test_a_file_without_an_address_breaks_the_contract(file: Any, api: Api, service: Service, tmp_path: Path) -> None:
    service.files = [file]
    assert isinstance(failure(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path)), ProtocolError)


def test_a_file_without_a_name_gets_one(api: Api, service: Service, tmp_path: Path) -> None:
    service.files[0]["filename"] = None
    run(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("size", [5, 3])
def test_a_file_of_another_size_is_not_kept(size: int, api: Api, service: Service, tmp_path: Path) -> None:
    service.files[0]["size"] = size
    assert isinstance(failure(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path)), TransferError)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_expired_names_its_job(api: Api, service: Service, server: ScriptedServer) -> None:
    server.route("GET /a.jpg", error(404))
    assert isinstance(failure(api, {**REMOTE, **DOWNLOAD}), NotFound)


def test_a_job_can_be_taken_up_by_its_id(api: Api, service: Service, server: ScriptedServer, tmp_path: Path) -> None:
    run(api, REMOTE)
    run(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path, job_id="job-1"))
    assert len(server.asked(POST)) == 1
    assert (tmp_path / "a.jpg").read_bytes() == b"JPEG"


def test_without_credits_it_says_how_many_are_left(api: Api, server: ScriptedServer) -> None:
    server.route(POST, error(402, "Your account has run out of credits", "CREDITS_EXCEEDED"))
    server.route("GET /v2/users/me", data({"id": 1, "credits": 0}))
    with pytest.raises(CreditsExceeded) as caught:
        execute(api, RECIPE, REMOTE)
    assert caught.value.hint.startswith("It has 0 left.")


def moved(server: ScriptedServer, service: Service, *, found: bool) -> None:
    """The file's address is no longer good; the next look at the job shows another one."""
    looks: list[Request] = []

    def show(request: Request) -> Reply:
        looks.append(request)
        name = "old" if len(looks) == 1 or not found else "new"
        service.files = [{"filename": "a.jpg", "size": 4, "url": f"{server.url}/{name}.jpg"}]
        return data(service.job("finished"))

    server.route(GET, show)
    server.route("GET /old.jpg", error(403))
    server.route("GET /new.jpg", Reply(200, b"JPEG"))


def test_an_address_that_is_no_longer_good_is_asked_for_again(
    api: Api, service: Service, server: ScriptedServer, tmp_path: Path
) -> None:
    moved(server, service, found=True)
    run(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path))
    assert (tmp_path / "a.jpg").read_bytes() == b"JPEG"
    assert len(server.asked("GET /old.jpg")) == 1


def test_an_address_that_stays_the_same_is_asked_for_once(
    api: Api, service: Service, server: ScriptedServer, tmp_path: Path
) -> None:
    moved(server, service, found=False)
    assert isinstance(failure(api, {**REMOTE, **DOWNLOAD}, Options(tmp_path)), NotFound)
    assert (len(server.asked(GET)), len(server.asked("GET /old.jpg"))) == (2, 1)
