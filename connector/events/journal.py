"""The journal: what arrived, what was handed on, how far each job is. Outlasts restarts.

A delivery (the document as it came) is stored before anything is done. Later it is opened into the events that it
stands for, and each event is handed on and then marked. Whoever is killed between storing and handing on loses and
doubles nothing; only an event whose handler was running when the process died is handed on once more, because nobody
can know how far the handler came (and, after a power cut, the events of the last moments).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from connector.api.clock import Clock
from connector.events.database import Database
from connector.events.event import Event, events_of

KEPT = 7 * 24 * 3600.0
"""Seconds for which an event is remembered, so that its repetitions are known as such."""

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, name TEXT NOT NULL, job_id TEXT NOT NULL, task_id TEXT NOT NULL,
    body BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, received_at REAL NOT NULL,
    UNIQUE (source, name, job_id, task_id));
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, name TEXT NOT NULL, job_id TEXT NOT NULL, task_id TEXT NOT NULL,
    delivery INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, received_at REAL NOT NULL,
    UNIQUE (source, name, job_id, task_id));
CREATE TABLE IF NOT EXISTS jobs (job_id TEXT PRIMARY KEY, status TEXT NOT NULL, ended_at TEXT NOT NULL, seen_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (number) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS events_waiting ON events (number) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS events_of_a_delivery ON events (delivery);
"""
_RANK = {"waiting": 1, "queued": 1, "processing": 2, "finished": 3, "error": 3, "deleted": 3}
FINAL = tuple(status for status, rank in _RANK.items() if rank == 3)
"""The states after which nothing more happens to a job."""

Table = Literal["deliveries", "events"]


@dataclass(frozen=True)
class Delivery:
    """A document that waits to be opened. `source` is the webhook's id, or another name for where it came from."""

    number: int
    source: str
    body: bytes
    attempts: int
    received_at: float


@dataclass(frozen=True)
class Waiting:
    """An event that waits to be handed on."""

    number: int
    event: Event
    attempts: int
    received_at: float


class Journal:
    """The journal in the file at `path`. Can be shared by threads, and by processes.

    Raises ConnectorError where the file cannot be used.
    """

    def __init__(self, path: str | PathLike[str], *, clock: Clock | None = None) -> None:
        self.path = Path(path)
        self.clock = clock or Clock()
        self._database = Database(self.path, _SCHEMA, _VERSION)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def store(self, source: str, key: tuple[str, str, str], body: bytes) -> Future[bool]:
        """Keep a delivery; done once it outlasts a power cut. False if it was here before."""
        row = (source, *key, body, self.clock.time(), self.clock.time())
        return self._database.write_durably(
            lambda connection: (
                connection.execute(
                    "INSERT OR IGNORE INTO deliveries (source, name, job_id, task_id, body, due, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    row,
                ).rowcount
                == 1
            )
        )

    def deliveries(self, limit: int) -> list[Delivery]:
        """The deliveries that are due to be opened, in order of arrival."""
        rows = self._due("SELECT number, source, body, attempts, received_at FROM deliveries", limit)
        return [Delivery(*row) for row in rows]

    def open(self, delivery: Delivery, document: Mapping[str, Any], events: Iterable[Event]) -> None:
        """Replace a delivery by these events of its document, which will be handed on, and note the job's state."""
        now = self.clock.time()
        rows = [(delivery.source, *event.key, delivery.number, now, delivery.received_at) for event in events]
        body = json.dumps(document).encode() if rows else b""

        def work(connection: sqlite3.Connection) -> None:
            if (document.get("job") or {}).get("status") is not None:
                _record(connection, document["job"], now)
            connection.executemany(
                "INSERT OR IGNORE INTO events (source, name, job_id, task_id, delivery, due, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            connection.execute(
                "UPDATE deliveries SET state = 'opened', body = ? WHERE number = ?", (body, delivery.number)
            )

        self._database.write(work)

    def waiting(self, limit: int) -> list[Waiting]:
        """The events that are due to be handed on, in order of arrival."""
        rows = self._due("SELECT number, name, task_id, attempts, received_at, delivery FROM events", limit)
        wanted = sorted({row[-1] for row in rows})
        bodies = self._database.read(
            lambda connection: connection.execute(
                "SELECT number, body FROM deliveries WHERE number IN (SELECT value FROM json_each(?))",
                (json.dumps(wanted),),
            ).fetchall()
        )
        known = {(number, event.name, event.task_id or ""): event for number, body in bodies for event in _events(body)}
        return [Waiting(row[0], known[row[-1], row[1], row[2]], row[3], row[4]) for row in rows]

    def handed(self, numbers: Collection[int]) -> None:
        """These events were handed on; documents that nobody waits for any more are let go."""

        def work(connection: sqlite3.Connection) -> None:
            given = (json.dumps(list(numbers)),)
            connection.execute(
                "UPDATE events SET state = 'handed' WHERE number IN (SELECT value FROM json_each(?))", given
            )
            connection.execute(
                "UPDATE deliveries SET body = x'' WHERE number IN (SELECT delivery FROM events WHERE number IN (SELECT value FROM json_each(?)))"
                " AND NOT EXISTS (SELECT 1 FROM events WHERE delivery = deliveries.number AND state = 'waiting')",
                given,
            )

        self._database.write(work)

    def later(self, table: Table, number: int, delay: float) -> None:
        """It did not work out: try again in `delay` seconds."""
        self._change(table, "attempts = attempts + 1, due = ?", (self.clock.time() + delay, number))

    def drop(self, table: Table, number: int) -> None:
        """Nothing will be done about it; its repetitions are still known."""
        self._change(table, "state = 'dropped'", (number,))

    def _change(self, table: Table, what: str, values: tuple[float, ...]) -> None:
        query = f"UPDATE {table} SET {what} WHERE number = ?"  # noqa: S608 - both are words of this file
        self._database.write(lambda connection: connection.execute(query, values))

    def _due(self, select: str, limit: int) -> list[tuple[Any, ...]]:
        query = f"{select} WHERE state = 'waiting' AND due <= ? ORDER BY number LIMIT ?"
        return self._database.read(lambda connection: connection.execute(query, (self.clock.time(), limit)).fetchall())

    def status(self, job_id: str) -> str | None:
        """The furthest state that the job is known to have reached, None where nothing is known."""
        return self.statuses([job_id]).get(job_id) or None

    def statuses(self, job_ids: Collection[str]) -> dict[str, str]:
        """The same for several jobs; those that are not known are missing, an empty text is a state that is not known."""
        given = (json.dumps(list(job_ids)),)
        query = "SELECT job_id, status FROM jobs WHERE job_id IN (SELECT value FROM json_each(?))"
        return dict(self._database.read(lambda connection: connection.execute(query, given).fetchall()))

    def unfinished(self) -> set[str]:
        """The known jobs that have not ended."""
        given = (json.dumps(FINAL),)
        query = "SELECT job_id FROM jobs WHERE status NOT IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._database.read(lambda connection: connection.execute(query, given).fetchall())}

    def record(self, jobs: Iterable[Mapping[str, Any]]) -> None:
        """Note how far these jobs are. What is known never goes back."""
        given, now = list(jobs), self.clock.time()

        def work(connection: sqlite3.Connection) -> None:
            for job in given:
                _record(connection, job, now)

        self._database.write(work)

    def fact(self, name: str) -> Any:
        """Something kept under this name, None if there is nothing."""
        row = self._database.read(
            lambda connection: connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        )
        return None if row is None else json.loads(row[0])

    def keep(self, name: str, value: Any) -> None:
        """Keep something that JSON can hold under this name; it outlasts a power cut."""
        text = json.dumps(value)
        self._database.write_durably(
            lambda connection: connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, text))
        ).result()

    def sweep(self) -> None:
        """Forget what is older than KEPT and was dealt with."""
        before = (self.clock.time() - KEPT,)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM events WHERE state != 'waiting' AND received_at < ?", before)
            connection.execute(
                "DELETE FROM deliveries WHERE state != 'waiting' AND received_at < ?"
                " AND NOT EXISTS (SELECT 1 FROM events WHERE delivery = deliveries.number)",
                before,
            )
            connection.execute("DELETE FROM jobs WHERE seen_at < ?", before)

        self._database.write(work)


def _record(connection: sqlite3.Connection, job: Mapping[str, Any], now: float) -> None:
    """The furthest of the known and the new state, by an order that is total: so the order of arrival does not matter."""
    job_id, new = str(job["id"]), (_plain(job.get("status")), _plain(job.get("ended_at")))
    known = connection.execute("SELECT status, ended_at FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
    status, ended_at = max(new, known or new, key=_progress)
    connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?)", (job_id, status, ended_at, now))


def _progress(state: tuple[str, str]) -> tuple[int, str, bool]:
    status, ended_at = state
    return _RANK.get(status, 0), ended_at, status == "error"


def _plain(value: object) -> str:
    """A short text that SQLite can hold, whatever the document says."""
    return "" if value is None else str(value)[:40].encode("ascii", "replace").decode()


def _events(body: bytes) -> list[Event]:
    return events_of(json.loads(body)) if body else []
