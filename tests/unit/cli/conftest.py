"""The command in this process, with a folder of its own for saved connections, and servers to connect to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.connection.store import Store
from tests.support.commands import Command
from tests.support.scripted_server import ScriptedServer, data
from tests.support.token_server import TokenServer


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the command uses: empty."""
    monkeypatch.setenv("CLOUDCONVERT_CONFIG_DIR", str(tmp_path / "config"))
    return Store(tmp_path / "config")


@pytest.fixture
def command(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Calls the command."""
    return Command(monkeypatch, capsys)


@pytest.fixture
def service(server: ScriptedServer) -> ScriptedServer:
    """A server that accepts every key, and allows everything that can be tested."""
    server.route("GET /v2/users/me", data({"id": 1, "email": "me@example.test", "credits": 5}))
    server.route("GET /v2/jobs", data([]))
    server.route("GET /v2/users/me/webhooks", data([]))
    return server


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    """An OAuth2 server with an API behind it."""
    with TokenServer() as running:
        yield running
