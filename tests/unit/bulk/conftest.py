"""A service whose jobs only take their time, a connection to it, and a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector import Connection
from connector.bulk.ledger import Ledger
from tests.support.clock import FakeClock
from tests.support.waiting_service import WaitingService
from tests.unit.conftest import KEY


@pytest.fixture
def service() -> Iterator[WaitingService]:
    """A stand-in whose jobs take 20 ms."""
    with WaitingService(delay=0.02) as running:
        yield running


@pytest.fixture
def connection(service: WaitingService) -> Iterator[Connection]:
    """A connection to it, with a blocking host."""
    with Connection.api_key(KEY, base_url=service.url, sync_url=service.sync_url) as connected:
        yield connected


@pytest.fixture
def ledger(tmp_path: Path, clock: FakeClock) -> Iterator[Ledger]:
    """An empty ledger whose time stands still."""
    with Ledger(tmp_path / "ledger.sqlite3", clock=clock) as opened:
        yield opened
