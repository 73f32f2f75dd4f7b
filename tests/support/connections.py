"""Saved connections to servers of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.connection.record import SavedConnection, Secrets
from connector.connection.store import Store
from connector.connection.token import Token
from tests.support.clock import FakeClock
from tests.support.token_server import CLIENT_ID, CLIENT_SECRET, TokenServer

KEY = "key-of-a-saved-connection-0123456789"


def with_key(name: str = "work", **rest: Any) -> SavedConnection:
    """A connection with an API key."""
    return SavedConnection(name, "api-key", **{"secrets": Secrets(api_key=KEY), **rest})


def signed_in(server: TokenServer, name: str = "work", *, now: float, **token: Any) -> SavedConnection:
    """A connection with a token that the server has just given."""
    answer = {**server.issue(), **token}
    return SavedConnection(
        name,
        "oauth2",
        environment="custom",
        base_url=server.url,
        client_id=CLIENT_ID,
        secrets=Secrets(client_secret=CLIENT_SECRET, token=Token.from_answer(answer, now)),
    )


def overdue(server: TokenServer, folder: Path, *, now: float) -> tuple[SavedConnection, Store]:
    """The same, saved, with an access token whose hour was over long ago."""
    store = Store(folder, clock=FakeClock(now=now))
    return store.save(signed_in(server, now=now - 7200)), store
