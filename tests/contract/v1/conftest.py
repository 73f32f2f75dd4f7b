"""The gateway in front of the sandbox, and whoever it calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.hosts.v1.serving import Settings, gateway_server
from tests.conftest import RunningSandbox
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.v1 import V1


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
