"""Hosts that are not there, not who they say they are, or behind a proxy that will not: a sentence that names the host."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.errors import ConnectionInvalid, ConnectorError, NetworkError
from tests.support.clock import FakeClock
from tests.support.commands import Command
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.tls import tls_server

pytestmark = pytest.mark.row("F16")

KEY = "key-of-nobody-0123456789"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture
def seen_by(command: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[ConnectorError, str]]:
    """The error of a call to a base URL, and what the command writes about the same."""

    def look(base_url: str, **options: Any) -> tuple[ConnectorError, str]:
        with (
            Connection.api_key(KEY, base_url=base_url, clock=FakeClock(), **options) as connection,
            pytest.raises(ConnectorError) as caught,
        ):
            connection.api.me()
        monkeypatch.setattr("connector.api.session.CALL_DEADLINE", 0.0)  # one try; the real clock would wait
        monkeypatch.setenv("CLOUDCONVERT_API_KEY", KEY)
        monkeypatch.setenv("CLOUDCONVERT_BASE_URL", base_url)
        monkeypatch.setattr("connector.api.clock.Clock.sleep", lambda *_: None)
        done = command("run", "GetMyInfo")
        assert done.code == caught.value.exit_code
        assert "Traceback" not in done.err
        assert KEY not in done.err
        return caught.value, done.err

    return look


def test_a_name_that_nobody_knows(seen_by: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error, shown = seen_by("https://api.no-such-host.example")
    assert type(error) is NetworkError
    assert "api.no-such-host.example cannot be reached" in shown


def test_a_port_that_nobody_listens_on(seen_by: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error, shown = seen_by(f"http://127.0.0.1:{port}")
    assert type(error) is NetworkError
    assert f"127.0.0.1:{port} cannot be reached" in shown


@pytest.mark.parametrize(
    ("days", "name"), [(-1, "IP:127.0.0.1"), (1, "DNS:other.example")], ids=["expired", "wrong host"]
)
def test_a_certificate_that_is_not_good(
    days: int, name: str, seen_by: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server(tmp_path, days=days, name=name) as (url, certificate):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        error, shown = seen_by(url)
    assert type(error) is NetworkError
    assert f"The certificate of {url.removeprefix('https://')} is not trusted" in shown


def test_the_same_server_with_a_good_certificate_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tls_server(tmp_path) as (url, certificate), Connection.api_key(KEY, base_url=url) as connection:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert connection.api.me() == {"id": "1"}


def test_a_proxy_that_wants_a_sign_in(server: ScriptedServer, seen_by: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server.route("CONNECT ", Reply(407, b"", [("Proxy-Authenticate", "Basic")]))
    monkeypatch.setenv("HTTPS_PROXY", server.url.replace("://", "://jane:pl4nted-password@"))
    error, shown = seen_by("https://api.example")
    assert isinstance(error, NetworkError | ConnectionInvalid)
    assert "The proxy on the way to api.example does not let the request through" in shown
    assert "pl4nted-password" not in shown + str(error.to_dict())
