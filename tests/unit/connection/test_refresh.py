"""Keeping a token good: when it is renewed, how often, and what happens when that does not work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connector.connection.connection import Connection
from connector.connection.record import SavedConnection
from connector.connection.refresh import COOL_DOWN, TokenKeeper
from connector.connection.store import Store
from connector.connection.token import Token
from connector.errors import ConnectionInvalid, ProtocolError, TemporaryError
from tests.support.clock import FakeClock
from tests.support.connections import signed_in
from tests.support.scripted_server import Reply
from tests.support.token_server import TokenServer

TOKEN = "POST /oauth/token"


@pytest.fixture
def saved(tokens: TokenServer, store: Store, clock: FakeClock) -> SavedConnection:
    """A sign-in of this moment, good for an hour."""
    return store.save(signed_in(tokens, now=clock.now))


@pytest.fixture
def keeper(saved: SavedConnection, store: Store, clock: FakeClock) -> TokenKeeper:
    return TokenKeeper(saved, store, clock)


def stored(store: Store) -> Token:
    token = store.get("work").secrets.token
    assert token
    return token


def test_a_good_token_costs_no_file_no_lock_and_no_request(
    keeper: TokenKeeper, store: Store, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "by_id", None)
    monkeypatch.setattr(Store, "alone", None)
    keeper._lock.acquire()
    assert keeper.current() in tokens.valid
    assert tokens.requests == []


def test_a_token_near_its_end_is_renewed_once_and_saved(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    before = keeper.current()
    clock.now += 3600 - 100
    renewed = keeper.current()
    assert renewed != before
    assert keeper.current() == renewed == stored(store).access
    assert (tokens.refreshes, stored(store).expires_at) == (1, clock.now + 3600)


def test_a_token_that_another_process_renewed_is_taken_up(
    keeper: TokenKeeper, saved: SavedConnection, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    clock.now += 3600
    other = TokenKeeper(saved, Store(store.folder), clock).current()
    assert keeper.current() == other
    assert tokens.refreshes == 1


def test_threads_share_one_refresh(keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer) -> None:
    clock.now += 4000
    with ThreadPoolExecutor(16) as pool:
        given = set(pool.map(lambda _: keeper.current(), range(64)))
    assert len(given) == tokens.refreshes == 1
    assert tokens.reuses == 0


def test_while_another_one_renews_a_token_that_still_works_is_used(
    keeper: TokenKeeper, saved: SavedConnection, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    before = keeper.current()
    clock.now += 3600 - 100
    with store.alone(saved.id, 1):
        assert keeper.current() == before
    assert tokens.requests == []


@pytest.mark.parametrize("rotates", [True, False])
@pytest.mark.row("T7")
def test_the_refresh_token_is_rotated_or_kept(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer, rotates: bool
) -> None:
    tokens.rotates = rotates
    first = stored(store).refresh
    for _ in range(3):
        clock.now += 4000
        keeper.current()
    assert (stored(store).refresh == first) is not rotates
    assert (tokens.refreshes, tokens.reuses) == (3, 0)


@pytest.mark.parametrize("expires_in", [None, "3600", 0, -1, "soon"])
@pytest.mark.row("T7")
def test_whatever_lifetime_comes_no_loop_follows(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer, expires_in: Any
) -> None:
    clock.now += 4000
    tokens.expires_in = expires_in
    assert {keeper.current() for _ in range(5)} <= tokens.valid
    assert tokens.refreshes == 1


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, 10 * 365 * 86400.0])
@pytest.mark.row("F20")
def test_a_clock_that_jumps_causes_no_loop(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer, jump: float
) -> None:
    clock.now += jump
    assert {keeper.current() for _ in range(5)} <= tokens.valid
    assert tokens.refreshes <= 1


def test_a_refused_refresh_is_final_for_everybody(
    keeper: TokenKeeper, saved: SavedConnection, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    clock.now += 4000
    tokens.route(TOKEN, Reply(400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."}))
    for _ in range(3):
        with pytest.raises(ConnectionInvalid, match="The refresh token is invalid") as caught:
            keeper.current()
        clock.now += 1000
    with pytest.raises(ConnectionInvalid):
        TokenKeeper(saved, Store(store.folder), clock).current()
    assert "connect --name work" in caught.value.hint
    assert len(tokens.asked(TOKEN)) == 1


@pytest.mark.parametrize("answer", [{"error": "invalid_request"}, {"code": "INVALID_DATA", "message": "No."}])
@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_every_refusal_of_the_server_is_final(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer, status: int, answer: dict[str, str]
) -> None:
    clock.now += 4000
    tokens.route(TOKEN, Reply(status, answer))
    with pytest.raises(ConnectionInvalid):
        keeper.current()
    trouble = store.get("work").trouble
    assert trouble
    assert trouble.final


@pytest.mark.parametrize(
    ("reply", "requests"),
    [
        (Reply(500, {}), 3),
        (Reply(503, {}), 3),
        (Reply(429, {}, [("Retry-After", "1")]), 3),
        (Reply(429, {}, [("Retry-After", "120")]), 1),
        (Reply(200, b"<html>Sign in to this network</html>"), 1),
        (Reply(200, {"data": {}}), 1),
        (Reply(400, b"<html>Bad gateway</html>"), 1),
        (Reply(400, {"error": "temporarily_unavailable"}), 1),
        (Reply(404, {"message": "Not found"}), 1),
        (Reply(302, b"", [("Location", "http://127.0.0.1:9/")]), 1),
        (Reply(502, {}), 1),
        (Reply(fault="close"), 1),
        (Reply(fault="reset"), 1),
        (Reply(200, b'{"access_token": "x', length=900, sends=10, fault="close"), 1),
    ],
)
@pytest.mark.row("T8")
def test_what_may_pass_is_temporary_and_the_saved_token_stays(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer, reply: Reply, requests: int
) -> None:
    before = stored(store)
    clock.now += 4000
    tokens.route(TOKEN, reply)
    with pytest.raises(TemporaryError):
        keeper.current()
    assert len(tokens.asked(TOKEN)) == requests
    assert stored(store) == before


@pytest.mark.row("T8")
def test_for_half_a_minute_after_a_failure_nobody_asks_again(
    keeper: TokenKeeper, saved: SavedConnection, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    clock.now += 4000
    tokens.route(TOKEN, Reply(200, b"<html>"), tokens._token)
    for other in (keeper, keeper, TokenKeeper(saved, Store(store.folder), clock)):
        with pytest.raises(TemporaryError):
            other.current()
    assert len(tokens.asked(TOKEN)) == 1
    clock.now += COOL_DOWN + 1
    assert keeper.current() in tokens.valid
    assert store.get("work").trouble is None


def test_a_token_that_still_works_outlasts_a_failed_refresh(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer
) -> None:
    before = keeper.current()
    clock.now += 3600 - 200
    tokens.route(TOKEN, Reply(200, b"<html>"))
    assert [keeper.current() for _ in range(5)] == [before] * 5
    assert len(tokens.asked(TOKEN)) == 1
    clock.now += COOL_DOWN + 1
    assert keeper.current() == before
    assert len(tokens.asked(TOKEN)) == 2


def test_after_a_lost_answer_the_working_token_is_not_put_at_risk(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer
) -> None:
    before = keeper.current()
    tokens.route(TOKEN, Reply(fault="close"))
    clock.now += 3600 - 250
    for _ in range(6):
        assert keeper.current() == before
        clock.now += COOL_DOWN + 1
    assert len(tokens.asked(TOKEN)) == 1


@pytest.mark.row("T6")
def test_a_refresh_whose_answer_was_lost_is_tried_once_more_and_then_over(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer
) -> None:
    def rotate_and_hang_up(request: Any) -> Reply:
        tokens._token(request)
        return Reply(fault="close")

    tokens.route(TOKEN, rotate_and_hang_up, tokens._token)
    clock.now += 4000
    for expected in (TemporaryError, TemporaryError, ConnectionInvalid, ConnectionInvalid):
        with pytest.raises(expected):
            keeper.current()
        clock.now += COOL_DOWN * 0.7
    assert len(tokens.asked(TOKEN)) == 2


@pytest.mark.row("T9")
def test_a_removed_connection_stays_removed(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    def remove_meanwhile(request: Any) -> Reply:
        store.remove("work")
        return tokens._token(request)

    tokens.route(TOKEN, remove_meanwhile)
    clock.now += 4000
    for _ in range(2):
        with pytest.raises(ConnectionInvalid, match="was removed"):
            keeper.current()
        clock.now += 4000
    assert store.names() == []


def test_a_new_name_does_not_disturb_a_running_program(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    store.rename("work", "home")
    clock.now += 4000
    assert keeper.current() in tokens.valid
    assert keeper.name == "home"


def test_a_new_sign_in_is_taken_up_by_a_running_program(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer
) -> None:
    clock.now += 4000
    tokens.route(TOKEN, Reply(400, {"error": "invalid_grant"}))
    with pytest.raises(ConnectionInvalid):
        keeper.current()
    store.save(signed_in(tokens, now=clock.now), overwrite=True)
    assert keeper.current() in tokens.valid


def test_without_a_refresh_token_its_end_is_the_end(tokens: TokenServer, store: Store, clock: FakeClock) -> None:
    keeper = TokenKeeper(store.save(signed_in(tokens, now=clock.now, refresh_token=None)), store, clock)
    clock.now += 4000
    with pytest.raises(ConnectionInvalid, match="no refresh token"):
        keeper.current()
    assert tokens.requests == []


def test_a_token_that_cannot_be_sent_is_refused(keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer) -> None:
    clock.now += 4000
    tokens.route(TOKEN, Reply(200, {"access_token": "x", "token_type": "mac"}))
    with pytest.raises(ProtocolError):
        keeper.current()


@pytest.mark.row("T10")
def test_a_disk_that_is_full_leaves_the_old_token_and_a_working_process(
    keeper: TokenKeeper, store: Store, clock: FakeClock, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connector.connection import safefile
    from connector.errors import OutOfSpace

    before = stored(store)
    clock.now += 4000
    monkeypatch.setattr(safefile, "_write_new", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OutOfSpace):
        keeper.current()
    assert stored(store) == before
    assert keeper.current() in tokens.valid


@pytest.mark.row("T15")
def test_no_secret_is_logged_on_the_way(
    saved: SavedConnection, store: Store, clock: FakeClock, tokens: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    clock.now += 4000
    with Connection.from_record(saved, store, clock=clock) as connection:
        connection.api.me()
    token = stored(store)
    for secret in (token.access, str(token.refresh), saved.secrets.client_secret):
        assert secret not in caplog.text
    assert "was renewed" in caplog.text


def test_threads_do_not_wait_for_a_refresh_that_hangs(
    keeper: TokenKeeper, clock: FakeClock, tokens: TokenServer
) -> None:
    tokens.hold = threading.Event()
    before = keeper.current()
    clock.now += 3600 - 100
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(keeper.current)
        assert tokens.rotated.wait(10)
        assert keeper.current() == before
        tokens.hold.set()
        assert first.result() != before
