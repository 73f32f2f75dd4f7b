"""An OAuth2 server, and a folder for saved connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.connection.store import Store
from tests.support.clock import FakeClock
from tests.support.token_server import TokenServer


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    """An OAuth2 server with an API behind it."""
    with TokenServer() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Store:
    """A store in a folder that is not there yet."""
    return Store(tmp_path / "config", clock=clock)
