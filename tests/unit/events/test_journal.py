from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path

import pytest

from connector.errors import ConnectorError, TemporaryError
from connector.events import Event, Handover, Journal
from connector.events.journal import KEPT
from tests.support.clock import FakeClock
from tests.support.webhook_sender import as_body, document, job

Arrive = Callable[..., bool]


@pytest.mark.row("W4")
def test_what_came_before_is_known_also_after_a_restart(journal: Journal, arrive: Arrive) -> None:
    assert [arrive(document("created")), arrive(document("created"))] == [True, False]
    with Journal(journal.path, clock=journal.clock) as again:
        stored = again.store("1", ("job.created", "job-1", ""), b"{}")
        assert stored.result() is False


@pytest.mark.parametrize("about", [document("created", "job-2"), document("finished")])
def test_another_job_or_event_is_news(arrive: Arrive, about: dict[str, object]) -> None:
    arrive(document("created"))
    assert arrive(about)


def test_another_webhook_is_news(arrive: Arrive) -> None:
    arrive(document("created"))
    assert arrive(document("created"), source="2")


def test_twenty_at_once_are_one(arrive: Arrive, handover: Handover, handed: list[Event]) -> None:
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda _: arrive(document("finished")), range(20)))
    assert results.count(True) == 1
    assert (handover.drain(), len(handed)) == (1, 1)


def test_repetitions_are_remembered_for_seven_days(journal: Journal, clock: FakeClock, arrive: Arrive) -> None:
    arrive(document("finished"))
    journal.drop("deliveries", 1)
    clock.now += KEPT - 1
    journal.sweep()
    assert not arrive(document("finished"))
    clock.now += 2
    journal.sweep()
    assert arrive(document("finished"))


def test_what_is_waiting_is_never_swept(journal: Journal, clock: FakeClock, arrive: Arrive) -> None:
    arrive(document("finished"))
    clock.now += 2 * KEPT
    journal.sweep()
    assert len(journal.deliveries(10)) == 1


@pytest.mark.parametrize("order", list(permutations(["waiting", "processing", "finished"])))
@pytest.mark.row("W6")
def test_a_state_never_goes_back(journal: Journal, order: tuple[str, ...]) -> None:
    for status in order:
        journal.record([job(status=status)])
    assert journal.status("job-1") == "finished"


@pytest.mark.parametrize("order", list(permutations(["waiting", "finished", "error"])))
@pytest.mark.row("W6")
def test_contradicting_ends_come_to_the_same_in_every_order(journal: Journal, order: tuple[str, ...]) -> None:
    for status in order:
        journal.record([job(status=status)])
    assert journal.status("job-1") == "error"


@pytest.mark.parametrize("status", [None, "brewing", {"a": 1}, "\ud800", 7])
def test_an_odd_state_is_not_the_end(journal: Journal, status: object) -> None:
    journal.record([job(status=status)])  # type: ignore[arg-type]
    assert journal.unfinished() == {"job-1"}


def test_facts_outlast_a_restart(journal: Journal) -> None:
    journal.keep("cursor", {"deepest": "é"})
    with Journal(journal.path) as again:
        assert (again.fact("cursor"), again.fact("other")) == ({"deepest": "é"}, None)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Journal(tmp_path / "state" / "events.sqlite") as journal:
            journal.keep("secret", "x")
            files = list(journal.path.parent.iterdir())
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_a_damaged_file_is_a_sentence_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"this is no database, but quite long" * 40)
    with pytest.raises(ConnectorError, match="is damaged"):
        Journal(path)
    assert path.read_bytes().startswith(b"this is no database")


def test_a_newer_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConnectorError, match="newer version"):
        Journal(path)


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="cannot be used"):
        Journal(tmp_path)


def test_documents_are_let_go_once_all_their_events_are_handed_on(
    journal: Journal, arrive: Arrive, handover: Handover
) -> None:
    arrive(document("finished"))
    handover.drain()
    with sqlite3.connect(journal.path) as connection:
        (size,) = connection.execute("SELECT sum(length(body)) FROM deliveries").fetchone()
    connection.close()
    assert size == 0


def test_a_writer_that_fails_tells_everyone_who_waits(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(journal.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    journal._database._durable.execute("PRAGMA busy_timeout = 10")  # the patience of ten seconds is too long here
    stored = [journal.store("1", ("job.created", f"job-{n}", ""), as_body({})) for n in range(3)]
    errors = [one.exception(timeout=5) for one in stored]
    connection.close()
    assert all(isinstance(error, TemporaryError) for error in errors)
    assert journal.store("1", ("job.created", "job-0", ""), b"{}").result() is True
