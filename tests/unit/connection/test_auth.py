"""A token that the API does not accept: renewed and sent once more, and never a third time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.connection import Connection
from connector.connection.store import Store
from connector.errors import ConnectionInvalid, TemporaryError
from tests.support.clock import FakeClock
from tests.support.connections import signed_in
from tests.support.scripted_server import Reply, error
from tests.support.token_server import TokenServer

ME = "GET /v2/users/me"


@pytest.fixture
def connected(tokens: TokenServer, store: Store, clock: FakeClock) -> Iterator[Connection]:
    saved = store.save(signed_in(tokens, now=clock.now))
    with Connection.from_record(saved, store, clock=clock) as connection:
        yield connection


def test_a_good_token_is_simply_sent(connected: Connection, tokens: TokenServer) -> None:
    assert connected.api.me()["username"] == "tester"
    assert len(tokens.requests) == 1


def test_it_knows_the_access_token_that_it_signs_with(connected: Connection, tokens: TokenServer) -> None:
    connected.api.me()
    token = tokens.requests[0].headers["Authorization"].removeprefix("Bearer ")
    assert connected.is_signed_with(token)
    assert not connected.is_signed_with(token + "x")


def test_after_a_401_it_is_renewed_and_the_request_sent_once_more(connected: Connection, tokens: TokenServer) -> None:
    tokens.revoke_access()
    assert connected.api.me()["username"] == "tester"
    assert (tokens.refreshes, len(tokens.requests)) == (1, 3)


def test_the_second_request_is_the_same_as_the_first(connected: Connection, tokens: TokenServer) -> None:
    tokens.revoke_access()
    connected.api.request("POST", "/jobs", body={"tasks": {}, "tag": "t"})
    first, second = tokens.asked("POST /v2/jobs")
    assert first.json() == second.json() == {"tasks": {}, "tag": "t"}
    assert first.headers["Authorization"] != second.headers["Authorization"]


def test_a_second_401_is_the_end(connected: Connection, tokens: TokenServer) -> None:
    tokens.route(ME, error(401, "Unauthenticated.", "UNAUTHENTICATED"))
    with pytest.raises(ConnectionInvalid, match="not accept a new token") as caught:
        connected.api.me()
    assert "connect --name work --replace" in caught.value.hint
    assert len(tokens.requests) == 3


def test_many_refused_at_once_share_one_refresh(connected: Connection, tokens: TokenServer) -> None:
    connected.api.me()
    tokens.revoke_access()
    with ThreadPoolExecutor(10) as pool:
        names = list(pool.map(lambda _: connected.api.me()["username"], range(30)))
    assert names == ["tester"] * 30
    assert (tokens.refreshes, tokens.reuses) == (1, 0)


def test_a_refusal_when_renewing_ends_it_with_two_requests(connected: Connection, tokens: TokenServer) -> None:
    tokens.revoke_access()
    tokens.route("POST /oauth/token", Reply(400, {"error": "invalid_grant"}))
    for _ in range(2):
        with pytest.raises(ConnectionInvalid, match="no longer good"):
            connected.api.me()
    assert len(tokens.asked("POST /oauth/token")) == 1
    assert len(tokens.asked(ME)) == 2


def test_a_token_url_that_is_down_is_temporary_and_not_hammered(connected: Connection, tokens: TokenServer) -> None:
    tokens.revoke_access()
    tokens.route("POST /oauth/token", Reply(fault="close"))
    with pytest.raises(TemporaryError):
        connected.api.me()
    assert (len(tokens.asked(ME)), len(tokens.asked("POST /oauth/token"))) == (1, 1)


def test_a_403_renews_nothing(connected: Connection, tokens: TokenServer) -> None:
    tokens.route(ME, error(403, "Invalid scope(s) provided.", "FORBIDDEN"))
    with pytest.raises(ConnectionInvalid):
        connected.api.me()
    assert len(tokens.requests) == 1


def test_its_repr_shows_no_token(connected: Connection) -> None:
    assert "access-" not in repr(connected) + repr(connected._auth) + str(vars(connected._auth))
