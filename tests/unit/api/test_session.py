"""One HTTP session: it signs, retries by the policy, keeps its deadlines and bounds what it reads."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import requests
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import SSLError as Urllib3SslError

from connector.api import session as session_module
from connector.api.policy import CREATE, ONCE, SAFE, Bucket
from connector.api.session import Bearer, Session, network_error
from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    InputError,
    NetworkError,
    NoAnswer,
    ProtocolError,
    RateLimited,
    TemporaryError,
)
from connector.redact import guard_logging
from connector.version import __version__
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer, data, error

KEY = "key-of-the-session-0123456789"
GET, POST = "GET /v2/users/me", "POST /v2/jobs"
FINE = data({"id": 1})


@pytest.fixture
def session(clock: FakeClock) -> Iterator[Session]:
    made = Session(Bearer(KEY), clock=clock)
    yield made
    made.close()


def get(session: Session, server: ScriptedServer, **options: Any) -> Any:
    return session.call("GET", f"{server.url}/v2/users/me", **options).data()


def post(session: Session, server: ScriptedServer, **options: Any) -> Any:
    return session.call("POST", f"{server.url}/v2/jobs", json={"tag": "t"}, policy=CREATE, **options).data()


def failure(session: Session, server: ScriptedServer, **options: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        get(session, server, **options)
    return caught.value


def test_a_call_is_signed_and_says_who_is_calling(session: Session, server: ScriptedServer) -> None:
    server.route(GET, FINE)
    assert get(session, server, params={"filter[tag]": "a b"}) == {"id": 1}
    sent = server.requests[0]
    assert (sent.headers["Authorization"], sent.headers["Accept"]) == (f"Bearer {KEY}", "application/json")
    assert (sent.headers["User-Agent"], sent.query) == (f"cloudconvert-connector/{__version__}", {"filter[tag]": "a b"})


def test_an_entry_in_netrc_does_not_override_the_key(
    session: Session, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.route(GET, FINE)
    get(session, server)
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.row("F17")
def test_a_redirect_is_not_followed(status: int, session: Session, server: ScriptedServer) -> None:
    server.route(GET, Reply(status, b"", [("Location", f"{server.url}/elsewhere")]))
    assert isinstance(failure(session, server), ProtocolError)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["close", "reset"])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_read_is_repeated_until_it_works(
    status: int, fault: Any, session: Session, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(GET, error(status), Reply(fault=fault), Reply(body=b'{"data":', length=100, sends=8), FINE)
    assert get(session, server) == {"id": 1}
    assert clock.slept == [0.25, 0.5, 1.0]


def test_a_read_is_given_up_after_five_attempts(session: Session, server: ScriptedServer) -> None:
    server.route(GET, error(503))
    assert type(failure(session, server)) is TemporaryError
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "reply", [error(500), error(503), error(408), Reply(fault="close"), Reply(fault="reset")], ids=str
)
def test_what_may_have_been_executed_is_not_sent_again(reply: Reply, session: Session, server: ScriptedServer) -> None:
    server.route(POST, reply)
    with pytest.raises(TemporaryError):
        post(session, server)
    assert len(server.requests) == 1


@pytest.mark.parametrize("reply", [error(429), error(503, Retry_After="1")], ids=["429", "503"])
def test_what_was_refused_beforehand_is_sent_again(reply: Reply, session: Session, server: ScriptedServer) -> None:
    server.route(POST, reply, reply, data({"id": "j"}, 201))
    assert post(session, server) == {"id": "j"}


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        (["2"], 2.0),
        ([formatdate(1_700_000_002, usegmt=True)], 2.0),
        ([formatdate(1_600_000_000, usegmt=True)], 0.25),
        (["0"], 0.25),
        (["1.5"], 1.5),
        (["-5"], 0.25),
        (["soon"], 0.25),
        ([], 0.25),
        (["2", "7"], 7.0),
    ],
    ids=str,
)
@pytest.mark.row("F8")
def test_the_server_may_say_how_long_to_wait(
    headers: list[str], slept: float, session: Session, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(GET, Reply(429, b"{}", [("Retry-After", value) for value in headers]), FINE)
    assert get(session, server) == {"id": 1}
    assert clock.slept == [slept]


@pytest.mark.row("F8")
def test_a_delay_that_is_too_long_is_handed_on_and_not_slept(
    session: Session, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(GET, error(429, Retry_After="999999999"))
    caught = failure(session, server)
    assert isinstance(caught, RateLimited)
    assert (caught.retry_after, clock.slept, len(server.requests)) == (999999999.0, [], 1)


def test_no_retry_goes_beyond_the_total_time(session: Session, server: ScriptedServer, clock: FakeClock) -> None:
    server.route(GET, error(429, Retry_After="40"))
    assert isinstance(failure(session, server), RateLimited)
    assert clock.slept == [40.0]


@pytest.mark.row("F9")
def test_an_empty_bucket_ends_the_retrying(
    session: Session, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_retries", Bucket(capacity=10, cost=5))
    server.route(GET, error(503))
    failure(session, server)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 422])
def test_a_final_answer_is_asked_for_once(status: int, session: Session, server: ScriptedServer) -> None:
    server.route(GET, error(status, "No."))
    failure(session, server)
    assert len(server.requests) == 1


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


@pytest.mark.row("T15")
def test_the_key_is_in_no_log_however_much_is_logged(
    session: Session, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    guard_logging()
    caplog.set_level(logging.DEBUG)
    server.route(GET, error(503, f"Bad key {KEY}"), Reply(fault="reset"), FINE)
    get(session, server, params={"token": KEY})
    assert "Trying again" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.row("T15")
def test_the_key_is_in_no_error(session: Session, server: ScriptedServer) -> None:
    server.route(GET, error(401, f"The key {KEY} is unknown.", "UNAUTHENTICATED"))
    caught = failure(session, server)
    assert isinstance(caught, ConnectionInvalid)
    assert KEY not in f"{caught} {caught!r} {caught.to_dict()} {session!r} {session.auth!r}"


def test_a_last_attempt_gets_only_the_time_that_is_left(server: ScriptedServer) -> None:
    session = Session(Bearer(KEY), clock=FakeClock())
    server.route(GET, Reply(fault="hang"))
    with pytest.raises(NoAnswer):
        session.call("GET", f"{server.url}/v2/users/me", policy=SAFE, total=0.0)
    assert len(server.requests) == 1
    session.close()
