"""A connection with an API key: what it takes, what it sends, and that it keeps the key to itself."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from connector import Connection
from connector.connection.connection import BASE_URL_VARIABLE, KEY_VARIABLE, SYNC_URL_VARIABLE
from connector.errors import ConnectionInvalid, InputError
from connector.service import LIVE
from tests.support.scripted_server import ScriptedServer, data, error

KEY = "eyJ0eXAiOiJKV1QifQ.pl4nted-key." + "x" * 900


def test_a_key_signs_the_requests(server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1}))
    with Connection.api_key(f"  {KEY}\n", base_url=f"{server.url}/v2/") as connection:
        assert connection.api.me() == {"id": 1}
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_the_live_hosts_are_the_default() -> None:
    connection = Connection.api_key(KEY)
    assert (connection.base_url, connection.sync_url) == (LIVE, "https://sync.api.cloudconvert.com")


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "schlüssel", "a\0b", "a\x7fb"], ids=ascii)
def test_what_cannot_be_a_key_is_refused(key: str) -> None:
    with pytest.raises(ConnectionInvalid, match="This is no API key"):
        Connection.api_key(key)


def test_a_key_that_is_no_text_is_refused() -> None:
    key: Any = 12345678
    with pytest.raises(InputError, match="must be text"):
        Connection.api_key(key)


def test_the_environment_describes_a_connection() -> None:
    variables = {KEY_VARIABLE: KEY, BASE_URL_VARIABLE: "http://127.0.0.1:1/v2", SYNC_URL_VARIABLE: "http://127.0.0.1:2"}
    connection = Connection.from_environment(variables)
    assert (connection.base_url, connection.sync_url) == ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_empty_variables_count_as_unset() -> None:
    connection = Connection.from_environment({KEY_VARIABLE: KEY, BASE_URL_VARIABLE: "", SYNC_URL_VARIABLE: ""})
    assert connection.base_url == LIVE


@pytest.mark.parametrize("variables", [{}, {KEY_VARIABLE: ""}])
def test_without_a_key_the_ways_to_get_one_are_named(variables: dict[str, str]) -> None:
    with pytest.raises(ConnectionInvalid) as caught:
        Connection.from_environment(variables)
    assert KEY_VARIABLE in caught.value.hint
    assert "--sandbox" in caught.value.hint


def test_it_can_be_used_again_after_it_was_closed(server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1}))
    connection = Connection.api_key(KEY, base_url=server.url)
    connection.close()
    for _ in range(2):
        with connection:
            assert connection.api.me() == {"id": 1}


def test_many_threads_can_share_it(server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1}))
    answers: list[Any] = []
    with Connection.api_key(KEY, base_url=server.url) as connection:
        threads = [threading.Thread(target=lambda: answers.append(connection.api.me())) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [{"id": 1}] * 10


def test_the_key_shows_nowhere(server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.route("GET /v2/users/me", error(401, f"Unknown key {KEY}", "UNAUTHENTICATED"))
    with Connection.api_key(KEY, base_url=server.url) as connection, pytest.raises(ConnectionInvalid) as caught:
        connection.api.me()
    seen = f"{connection!r} {connection} {connection.api!r} {caught.value} {caught.value.to_dict()} {caplog.text}"
    assert "pl4nted-key" not in seen
    assert repr(connection) == f"Connection(base_url='{server.url}')"


def test_a_broken_proxy_shows_no_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    proxies = {"http": "http://jane:pl4nted-pw@127.0.0.1:99999"}
    connection = Connection.api_key(KEY, base_url="http://127.0.0.1:1", proxies=proxies)
    with connection, pytest.raises(InputError) as caught:
        connection.api.me()
    assert "pl4nted-pw" not in f"{connection!r} {caught.value} {caught.value.to_dict()} {caplog.text}"


def test_it_knows_the_key_that_it_signs_with() -> None:
    with Connection.api_key("key-0123456789", base_url="http://127.0.0.1:9") as connection:
        assert connection.is_signed_with("key-0123456789")
        assert not any(map(connection.is_signed_with, ["", "key-012345678", "key-0123456789 ", "schlüssel"]))
