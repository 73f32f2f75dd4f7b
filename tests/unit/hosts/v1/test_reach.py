"""Addresses of strangers: which are reached, and that a name cannot mean another address a moment later."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connector.errors import InputError
from connector.hosts.v1.reach import Reach, is_public
from tests.support.scripted_server import Reply, ScriptedServer


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "224.0.0.1",
        "0.0.0.0",
    ],
)
def test_what_leads_inside_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_a_private_address_is_not_called(server: ScriptedServer, host: str) -> None:
    url = f"http://{host}:{server.host.rpartition(':')[2]}/cb"
    with pytest.raises(InputError, match="is a private address"):
        Reach(allow_private=False).call(url)
    assert server.requests == []


def test_a_name_that_changes_its_meaning_is_caught_when_it_is_called(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.host.rpartition(":")[2])
    answers = iter(["8.8.8.8", "127.0.0.1"])

    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    reach, url = Reach(allow_private=False), f"http://rebinding.example:{port}/cb"
    reach.check(url, "callback")
    with pytest.raises(InputError, match="is a private address"):
        reach.call(url)
    assert server.requests == []


def test_redirects_are_not_followed_and_no_credentials_are_sent(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.route("GET /cb", Reply(302, b"", [("Location", f"{server.url}/elsewhere")]))
    assert Reach(allow_private=True).call(f"{server.url}/cb") == 302
    assert [request.path for request in server.requests] == ["/cb"]
    assert "Authorization" not in server.requests[0].headers


def test_a_checked_address_is_called_and_gets_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.2 stands for the open internet: it is another address than the one that we call from."""
    monkeypatch.setattr("connector.hosts.v1.reach.is_public", lambda _: True)
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.headers["Host"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.2", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        host = f"127.0.0.2:{server.server_port}"
        assert Reach(allow_private=False).call(f"http://{host}/hook", "{}") == 204
        server.shutdown()
        thread.join()
    assert got == [(host, b"{}")]


def test_a_public_address_of_this_very_machine_is_not_called(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.hosts.v1.reach.is_public", lambda _: True)
    with pytest.raises(InputError, match="is a private address"):
        Reach(allow_private=False).call(f"{server.url}/cb")
    assert server.requests == []
