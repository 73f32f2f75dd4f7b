"""One HTTP session: it signs, retries by the policy, keeps its deadlines and bounds what it reads."""

from __future__ import annotations

import logging
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from connector.api import session as session_module
from connector.api.auth import Bearer
from connector.api.policy import SAFE, Bucket
from connector.api.session import Session
from connector.errors import (
    ConnectionInvalid,
    NoAnswer,
    ProtocolError,
    RateLimited,
    TemporaryError,
)
from connector.redact import guard_logging
from connector.version import __version__
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.unit.api.asking import GET, KEY, POST, failure, get, post

FINE = data({"id": 1})


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
