"""One rotating refresh token and many processes; processes that die at the worst moment."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.connection.connection import Connection
from connector.connection.record import SavedConnection
from connector.connection.store import Store
from connector.errors import ConnectionInvalid
from tests.support import processes
from tests.support.connections import overdue
from tests.support.token_server import TokenServer

REFRESH = "POST /oauth/token"


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


@pytest.fixture
def saved(tokens: TokenServer, folder: Path) -> SavedConnection:
    """A sign-in whose access token is over, while its refresh token is good once."""
    return overdue(tokens, folder, now=time.time())[0]


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize(
    ("count", "threads"),
    [
        *[(20, 1)] * (100 if os.environ.get("CONNECTOR_TESTS_SOAK") else 10),
        (20, 8),
        (80, 1),
    ],
)
@pytest.mark.row("T2", "T3")
def test_many_processes_cause_one_refresh(tokens: TokenServer, folder: Path, count: int, threads: int) -> None:
    assert processes.result("use", folder, count, threads) == count
    assert (tokens.refreshes, tokens.reuses, len(tokens.asked(REFRESH))) == (1, 0, 1)
    assert len(tokens.asked("GET /v2/users/me")) == count * threads


@pytest.mark.usefixtures("saved")
@pytest.mark.row("T2")
def test_many_processes_whose_token_was_revoked_cause_one_refresh(tokens: TokenServer, folder: Path) -> None:
    processes.result("use", folder, 1, 1)
    tokens.revoke_access()
    assert processes.result("use", folder, 20, 1) == 20
    assert (tokens.refreshes, tokens.reuses) == (2, 0)


@pytest.mark.parametrize("times", [500])
@pytest.mark.row("T4")
def test_death_while_saving_never_leaves_a_broken_store(folder: Path, times: int) -> None:
    assert processes.result("save_and_die", folder, times) == 0
    strays = list(folder.glob(".*.tmp"))
    assert strays  # some did die in the middle
    for stray in strays:
        os.utime(stray, (1000, 1000))
    Store(folder).names()
    assert list(folder.glob(".*.tmp")) == []


@pytest.mark.row("T5")
def test_the_death_of_the_lock_holder_frees_the_lock(saved: SavedConnection, folder: Path) -> None:
    holder = processes.start("hold_lock", folder)
    assert holder.stdout
    assert holder.stdin
    assert holder.stdout.readline() == b'"held"\n'
    holder.kill()
    holder.communicate()
    with Store(folder).alone(saved.id, 1):
        pass


@pytest.mark.row("T6")
def test_death_after_the_rotation_and_before_the_save_ends_in_connect_again(
    tokens: TokenServer, saved: SavedConnection, folder: Path
) -> None:
    tokens.hold = threading.Event()
    victim = processes.start("use_alone", folder)
    assert tokens.rotated.wait(20)
    victim.kill()
    victim.communicate()
    tokens.hold.set()
    with Connection.from_record(saved, Store(folder)) as connection:
        for _ in range(2):
            with pytest.raises(ConnectionInvalid, match="no longer good"):
                connection.api.me()
    assert len(tokens.asked(REFRESH)) == 2
