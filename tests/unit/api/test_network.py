"""What goes wrong between us and a server: told apart, bounded, and said without secrets."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from typing import Any

import pytest
import requests
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import SSLError as Urllib3SslError

from connector.api.auth import Bearer
from connector.api.network import network_error
from connector.api.policy import CREATE, ONCE
from connector.api.session import Session
from connector.errors import (
    ConnectorError,
    InputError,
    NetworkError,
    NoAnswer,
    ProtocolError,
)
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer
from tests.unit.api.asking import GET, KEY, POST, failure, get, post


@pytest.mark.parametrize("fault", ["close", "reset", "hang"])
def test_no_answer_is_told_apart_from_not_sent(fault: Any, session: Session, server: ScriptedServer) -> None:
    server.route(GET, Reply(fault=fault))
    caught = failure(session, server, policy=ONCE, read_timeout=0.1)
    assert type(caught) is NoAnswer
    assert server.host in str(caught)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b'{"data": 1}', length=100, sends=5),
        Reply(body=b'{"data": 1}', chunked=True, sends=9),
        Reply(body=b'{"data": 1}', sends=5, fault="reset"),
        Reply(body=b'{"data": 1}', sends=5, fault="hang"),
    ],
    ids=["short", "cut chunk", "reset", "hang"],
)
@pytest.mark.row("F5")
def test_half_an_answer_is_none(reply: Reply, session: Session, server: ScriptedServer) -> None:
    server.route(GET, reply)
    assert type(failure(session, server, policy=ONCE, read_timeout=0.1)) is NoAnswer


@pytest.mark.row("F16")
def test_a_host_that_is_not_there_was_sent_nothing(session: Session) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(NetworkError, match=rf"^127\.0\.0\.1:{port} cannot be reached\.$") as caught:
            session.call("POST", f"http://127.0.0.1:{port}/v2/jobs", policy=ONCE)
    assert not isinstance(caught.value, NoAnswer)


@pytest.mark.row("F16")
def test_a_name_that_does_not_resolve_names_the_host(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NetworkError, match=r"^nowhere\.example cannot be reached\.$"):
        session.call("GET", "http://nowhere.example/v2/users/me", policy=ONCE)


def test_an_answer_that_drips_past_the_deadline_was_none(server: ScriptedServer) -> None:
    session = Session(Bearer(KEY), clock=FakeClock(tick=40.0))
    server.route(POST, Reply(201, {"data": {"id": "j", "pad": "x" * 50}}, drip=1))
    with pytest.raises(NoAnswer, match="took longer than 60 seconds"):
        post(session, server)
    assert len(server.requests) == 1
    session.close()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.row("F11")
def test_an_answer_is_bounded_also_when_it_is_compressed(
    packed: bool, session: Session, server: ScriptedServer
) -> None:
    body = b"0" * (11 << 20)
    headers = [("Content-Encoding", "gzip")] if packed else []
    server.route(GET, Reply(200, gzip.compress(body) if packed else body, headers))
    caught = failure(session, server)
    assert isinstance(caught, ProtocolError)
    assert "(status 200) is larger than 10 MB" in str(caught)
    assert len(server.requests) == 1


def test_a_compressed_answer_is_read(session: Session, server: ScriptedServer) -> None:
    server.route(GET, Reply(200, gzip.compress(b'{"data": {"id": 1}}'), [("Content-Encoding", "gzip")]))
    assert get(session, server) == {"id": 1}


@pytest.mark.parametrize("mime", ["application/json", "text/html"])
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b"{}", b"null", b'{"data": NaN}', b"[" * 100_000], ids=lambda b: ascii(b)[:12]
)
@pytest.mark.row("F11")
def test_what_is_not_the_apis_answer_is_said_to_be_broken(
    body: bytes, mime: str, session: Session, server: ScriptedServer
) -> None:
    server.route(GET, Reply(200, body, [("Content-Type", mime)]))
    caught = failure(session, server)
    assert isinstance(caught, ProtocolError)
    assert "GET /users/me (status 200)" in str(caught)


def test_a_body_that_json_cannot_hold_is_an_input_error(session: Session, server: ScriptedServer) -> None:
    with pytest.raises(InputError, match="cannot be sent"):
        session.call("POST", f"{server.url}/v2/jobs", json={"x": float("nan")}, policy=CREATE)
    assert server.requests == []


def test_a_header_with_a_line_break_is_an_input_error(session: Session, server: ScriptedServer) -> None:
    with pytest.raises(InputError, match="cannot be sent"):
        get(session, server, headers={"X": "a\r\nY: b"})


def tls_error(reason: Exception) -> requests.exceptions.SSLError:
    pool = HTTPSConnectionPool("api.example")
    return requests.exceptions.SSLError(MaxRetryError(pool, "/", Urllib3SslError(reason)))


@pytest.mark.parametrize("why", ["certificate has expired", "Hostname mismatch", "self-signed certificate"])
@pytest.mark.row("F16")
def test_a_certificate_that_is_not_trusted_is_named(why: str) -> None:
    certificate = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] {why}")
    caught = network_error(tls_error(certificate), "api.example", "GET /jobs")
    assert type(caught) is NetworkError
    assert str(caught) == "The certificate of api.example is not trusted."


@pytest.mark.parametrize("kind", [ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLError])
def test_any_other_break_of_tls_may_come_after_the_request_was_sent(kind: type[ssl.SSLError]) -> None:
    caught = network_error(tls_error(kind(8, "EOF occurred in violation of protocol")), "api.example", "POST /jobs")
    assert type(caught) is NoAnswer
    assert "certificate" not in str(caught)


def test_a_server_without_tls_is_no_question_of_certificates(session: Session) -> None:
    def speak_plainly() -> None:
        with listener.accept()[0] as client:
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.recv(1 << 16)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v2/users/me"
        threading.Thread(target=speak_plainly).start()
        with pytest.raises(NetworkError) as caught:
            session.call("GET", url, policy=ONCE)
    assert "certificate" not in str(caught.value)


@pytest.mark.row("F16")
def test_a_proxy_that_refuses_is_named(server: ScriptedServer, clock: FakeClock) -> None:
    session = Session(Bearer(KEY), proxies={"https": server.url}, clock=clock)
    with pytest.raises(NetworkError, match=r"The proxy on the way to api\.example") as caught:
        session.call("GET", "https://api.example/v2/users/me", policy=ONCE)
    assert not isinstance(caught.value, NoAnswer)
    session.close()


def test_a_broken_proxy_address_does_not_show_its_password(clock: FakeClock) -> None:
    session = Session(Bearer(KEY), proxies={"http": "http://jane:pl4nted-pw@127.0.0.1:99999"}, clock=clock)
    with pytest.raises(ConnectorError) as caught:
        session.call("GET", "http://api.example/v2/users/me", policy=ONCE)
    assert "pl4nted-pw" not in str(caught.value.to_dict())
    session.close()
