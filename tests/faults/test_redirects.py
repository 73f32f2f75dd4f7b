"""Redirects: refused where they could carry a secret or reach into a network; the target hears nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.api.auth import Bearer
from connector.api.download import download_to
from connector.api.endpoints import Api
from connector.api.session import Session
from connector.api.upload import upload
from connector.errors import ConnectorError, ProtocolError
from connector.files import LocalFile
from connector.modules import all_modules
from connector.runtime import execute
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer

pytestmark = pytest.mark.row("F17")

KEY = "pl4nted-key-0123456789"
OWN = "pl4nted-header-of-a-person"


class Target(ScriptedServer):
    """Answers everything, so that whatever comes is on record."""

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(200, b'{"data": {"id": "1"}}')

    def heard(self) -> str:
        return "\n".join(f"{one.method} {one.path} {one.query} {one.headers} {one.body!r}" for one in self.requests)


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as running:
        yield running


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(Bearer(KEY), clock=FakeClock())
    yield made
    made.close()


def to(url: str, status: int = 302) -> Reply:
    return Reply(status, b"", [("Location", url), ("Set-Cookie", "session=pl4nted-cookie; Path=/")])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_call_follows_and_the_target_hears_nothing(
    status: int, session: Session, server: ScriptedServer, target: Target
) -> None:
    api = Api(session, server.url)
    for what in ("GET /v2/users/me", "POST /v2/jobs", "DELETE /v2/jobs/1", "GET /v2/own", "POST /store"):
        server.route(what, to(f"{target.url}/v2/users/me", status))
    own = all_modules()["MakeAPICall"]
    form = own.fill({"url": "/v2/own", "method": "GET", "headers": {"X-Own": OWN}})
    for call in (
        api.me,
        lambda: api.create_job({"tag": "t", "tasks": {}}, None),
        lambda: api.request("DELETE", "/jobs/1"),
        lambda: execute(api, own.recipe, form),
    ):
        with pytest.raises(ProtocolError):
            call()
    task = {"id": "t", "result": {"form": {"url": f"{server.url}/store", "parameters": {}}}}
    upload(api, task, LocalFile("a.txt", data=b"x"))  # a store may say where the file is; nobody goes there
    assert target.requests == []


def test_a_file_is_fetched_elsewhere_without_key_cookie_or_own_headers(
    session: Session, server: ScriptedServer, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login jane password pl4nted-netrc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.route("GET /f", to(f"{target.url}/g"))
    assert download_to(session, f"{server.url}/f", tmp_path, "f.bin").read_bytes() == b'{"data": {"id": "1"}}'
    assert target.asked("GET /g")
    for secret in ("pl4nted", "Authorization", "Cookie"):
        assert secret not in target.heard()


REFUSED = ["http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "ftp://127.0.0.1/f", "file:///etc/passwd"]


@pytest.mark.parametrize("url", REFUSED)
def test_no_file_is_fetched_from_where_clouds_keep_their_secrets(
    url: str, session: Session, server: ScriptedServer, tmp_path: Path
) -> None:
    server.route("GET /f", to(url))
    with pytest.raises(ConnectorError):  # and the guard of all tests sees to it that no connection is tried
        download_to(session, f"{server.url}/f", tmp_path, "f.bin")
    assert list(tmp_path.iterdir()) == []


def test_a_loop_ends(session: Session, server: ScriptedServer, tmp_path: Path) -> None:
    asked: list[Any] = []

    def round_and_round(request: Request) -> Reply:
        asked.append(request)
        return to(f"{server.url}/f") if len(asked) < 32 else Reply(200, b"at last")

    server.route("GET /f", round_and_round)
    with pytest.raises(ProtocolError, match="redirects a download more than 3 times"):
        download_to(session, f"{server.url}/f", tmp_path, "f.bin")
    assert len(asked) == 4


@pytest.mark.parametrize("url", ["http://storage.example/f", "http://127.0.0.1/f"])
def test_an_https_service_that_offers_its_files_in_the_open_is_refused(url: str, tmp_path: Path) -> None:
    session = Session(Bearer(KEY), https_only=True, clock=FakeClock())
    with pytest.raises(ProtocolError, match="not https"):
        download_to(session, url, tmp_path, "f.bin")
    session.close()
