"""Connections by name, from the store."""

from __future__ import annotations

import pytest

from connector import Connection
from connector.connection.record import SavedConnection, Secrets
from connector.connection.store import Store
from connector.errors import ConnectionInvalid, InputError
from tests.support.connections import KEY, with_key
from tests.support.scripted_server import ScriptedServer, data


def test_a_name_gives_its_connection(store: Store, server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1}))
    store.save(with_key("other"))
    store.save(with_key("work", environment="custom", base_url=server.url))
    with Connection.named("work", store=store) as connection:
        connection.api.me()
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_no_name_gives_the_default(store: Store) -> None:
    store.save(with_key("a", region="us-east"))
    store.save(with_key("b"))
    assert Connection.named(store=store).base_url == "https://us-east.api.cloudconvert.com"


def test_without_a_default_the_ways_to_one_are_named(store: Store) -> None:
    with pytest.raises(ConnectionInvalid, match="default") as caught:
        Connection.named(store=store)
    assert "cloudconvert-connector connect" in caught.value.hint


def test_an_unknown_name_is_said_to_be_unknown(store: Store) -> None:
    with pytest.raises(InputError, match="no connection 'nobody'"):
        Connection.named("nobody", store=store)


def test_the_users_store_is_the_one_that_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(with_key())
    monkeypatch.setenv("CLOUDCONVERT_CONFIG_DIR", str(store.folder))
    assert Connection.named("work").base_url == "https://api.cloudconvert.com"


def test_a_record_brings_its_hosts_and_proxy(store: Store) -> None:
    secrets = Secrets(KEY, proxy="http://127.0.0.1:9")
    connection = Connection.from_record(SavedConnection("work", "api-key", environment="sandbox", secrets=secrets))
    assert connection.sync_url == "https://sync.api.sandbox.cloudconvert.com"
    assert connection.api.session.http.proxies["https"] == "http://127.0.0.1:9"


def test_a_sign_in_without_a_token_must_be_made_again(store: Store) -> None:
    with pytest.raises(ConnectionInvalid, match="no longer good"):
        Connection.from_record(SavedConnection("work", "oauth2", secrets=Secrets()), store)
