"""The gateway in front of the sandbox, and whoever it calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector import Connection
from connector.hosts.v1.serving import Settings, gateway_server
from tests.conftest import RunningSandbox
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.v1 import V1

KEY = "key-of-the-tests-0123456789"


@pytest.fixture(scope="session")
def v1(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[V1]:
    """A client of a gateway that may call loopback, and tries again at once."""
    settings = Settings(tmp_path_factory.mktemp("v1") / "state", allow_private_network=True, pause=0.05)
    with sandbox.connect() as connection, gateway_server(connection, settings) as address:
        yield V1(address, sandbox.api_key)


@pytest.fixture
def listener() -> Iterator[ScriptedServer]:
    """What a callback or hook calls; it answers 200."""
    with ScriptedServer() as server:
        server.route("GET /done", Reply(200))
        server.route("POST /hook", Reply(200))
        yield server


@pytest.fixture
def service() -> Iterator[ScriptedServer]:
    """A CloudConvert that answers with a script; nothing can be said of its operations."""
    with ScriptedServer() as server:
        server.route("GET /v2/jobs", Reply(200, {"data": [], "links": {"next": None}}))
        yield server


@pytest.fixture
def front(service: ScriptedServer, tmp_path: Path) -> Iterator[V1]:
    """A client of a gateway in front of it."""
    with (
        Connection.api_key(KEY, base_url=service.url, clock=FakeClock()) as connection,
        gateway_server(connection, Settings(tmp_path / "state")) as address,
    ):
        yield V1(address, KEY)
