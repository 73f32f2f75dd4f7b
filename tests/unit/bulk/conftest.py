"""A service whose jobs only take their time, a connection to it, and ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector import Connection
from connector.bulk.ledger import Ledger
from connector.bulk.tables import metadata
from tests.support.clock import FakeClock
from tests.support.servers import POSTGRES_BIN, postgres
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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL for the whole run."""
    pytest.importorskip("psycopg", reason='PostgreSQL needs: pip install "psycopg[binary]"')
    if POSTGRES_BIN is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty ledger can be."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    url: str = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    metadata.drop_all(engine)
    engine.dispose()
    return url


@pytest.fixture
def ledger(place: str, clock: FakeClock) -> Iterator[Ledger]:
    """An empty ledger whose time stands still."""
    with Ledger(place, clock=clock) as opened:
        yield opened
