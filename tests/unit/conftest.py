"""A scripted server, a clock that stands still, and a connection between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector import Connection
from connector.api.endpoints import Api
from tests.support.clock import FakeClock
from tests.support.scripted_server import ScriptedServer

KEY = "key-of-the-tests-0123456789"


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when somebody sleeps."""
    return FakeClock()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server without a script yet."""
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def api(server: ScriptedServer, clock: FakeClock) -> Iterator[Api]:
    """The API at the scripted server, signed in with KEY, without a sync host."""
    with Connection.api_key(KEY, base_url=server.url, clock=clock) as connection:
        yield connection.api
