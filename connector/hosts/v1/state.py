"""What the gateway remembers: processes, calls that are to be made, and hooks. One SQLite file, for its owner only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.events.database import Database
from connector.hosts.v1.process import LIFETIME, Plan, Process, plan_of_text, plan_to_text

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS processes (
    id TEXT PRIMARY KEY, host TEXT NOT NULL, created_at REAL NOT NULL, created TEXT NOT NULL,
    upload TEXT NOT NULL UNIQUE, download TEXT NOT NULL UNIQUE, phase TEXT NOT NULL, job_id TEXT, job_tag TEXT, plan TEXT,
    ending TEXT, ended_at REAL, gone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS downloads (
    process TEXT NOT NULL REFERENCES processes (id) ON DELETE CASCADE, name TEXT NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (process, name));
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, body TEXT, hook INTEGER, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL);
CREATE TABLE IF NOT EXISTS hooks (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS running ON processes (created_at) WHERE phase IN ('starting', 'started');
"""
_COLUMNS = "id, host, created_at, created, upload, download, phase, job_id, job_tag, plan, ending, ended_at, gone"


@dataclass(frozen=True)
class Call:
    """A request that is to be made: a POST with a body for a hook, else a GET."""

    id: int
    url: str
    body: str | None
    hook: int | None
    attempts: int


@dataclass(frozen=True)
class Hook:
    """Somebody who wants to know about every process. `event` is started, finished or error."""

    id: int
    url: str
    event: str


class State:
    """The file at `path`. A process that is killed at any moment leaves it whole."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self._database = Database(path, _SCHEMA, _VERSION)
        self._now = now

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add(self, process: Process) -> Process:
        """Remember a new process."""
        values = (
            process.id,
            process.host,
            process.created_at,
            json.dumps(dict(process.created)),
            process.upload,
            process.download,
            process.phase,
        )
        names = "id, host, created_at, created, upload, download, phase"
        self._write(f"INSERT INTO processes ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - fixed words
        return process

    def find(self, by: str, value: str) -> Process | None:
        """The process with this `id`, `upload` or `download` name."""
        where = {"id": "id = ?", "upload": "upload = ?", "download": "download = ?"}[by]
        found = self._select(f"WHERE {where}", (value,))
        return found[0] if found else None

    def all(self) -> list[Process]:
        """Every process, newest first."""
        return self._select("ORDER BY created_at DESC", ())

    def running(self) -> list[Process]:
        """Those that were started and have not ended, as far as is known here."""
        return self._select("WHERE phase IN ('starting', 'started') ORDER BY created_at", ())

    def begin(self, process_id: str, job_tag: str, plan: Plan) -> bool:
        """Take a process that was only created for its start; False if somebody has it already."""
        query = "UPDATE processes SET phase = 'starting', job_tag = ?, plan = ? WHERE id = ? AND phase = 'created'"
        return self._write(query, (job_tag, plan_to_text(plan), process_id)) == 1

    def back(self, process_id: str) -> None:
        """The start came to nothing: it may be tried again."""
        query = (
            "UPDATE processes SET phase = 'created', job_tag = NULL, plan = NULL WHERE id = ? AND phase = 'starting'"
        )
        self._write(query, (process_id,))

    def started(self, process_id: str, job_id: str, calls: Iterable[tuple[str, str | None, int | None]] = ()) -> None:
        """The job exists; whoever wants to know that is to be called."""

        def work(connection: sqlite3.Connection) -> None:
            query = "UPDATE processes SET phase = 'started', job_id = ? WHERE id = ? AND phase = 'starting'"
            connection.execute(query, (job_id, process_id))
            self._plan_calls(connection, calls)

        self._database.write(work)

    def end(self, process_id: str, job: Mapping[str, Any], calls: Iterable[tuple[str, str | None, int | None]]) -> None:
        """The job has ended so; whoever wants to know that is to be called. Only the first end counts."""

        def work(connection: sqlite3.Connection) -> None:
            query = "UPDATE processes SET phase = 'ended', ending = ?, ended_at = ? WHERE id = ? AND phase <> 'ended'"
            changed = connection.execute(query, (json.dumps(job, ensure_ascii=False), self._now(), process_id)).rowcount
            if changed:
                self._plan_calls(connection, calls)

        self._database.write(work)

    def downloaded(self, process_id: str, name: str) -> None:
        """One more whole download of a file."""
        query = (
            "INSERT INTO downloads (process, name, times) SELECT id, ?, 1 FROM processes WHERE id = ? "
            "ON CONFLICT (process, name) DO UPDATE SET times = times + 1"
        )
        self._write(query, (name, process_id))

    def without_files(self, process_id: str) -> bool:
        """The files are to go; False if somebody said so already."""
        return self._write("UPDATE processes SET gone = 1 WHERE id = ? AND gone = 0", (process_id,)) == 1

    def to_release(self) -> list[Process]:
        """Those whose files are to go, and are perhaps still there."""
        return self._select("WHERE gone = 1", ())

    def released(self, process_id: str) -> None:
        """The files are gone."""
        self._write("UPDATE processes SET gone = 2 WHERE id = ? AND gone = 1", (process_id,))

    def forget(self, process_id: str) -> None:
        """Forget a process."""
        self._forget("id = ?", (process_id,))

    def sweep(self) -> None:
        """Forget what has expired."""
        old = self._now() - LIFETIME
        self._forget("COALESCE(ended_at, created_at) < ? AND phase IN ('created', 'ended')", (old,))

    def hooks(self) -> list[Hook]:
        """All hooks."""
        return self._database.read(
            lambda c: [Hook(*row) for row in c.execute("SELECT id, url, event FROM hooks ORDER BY id")]
        )

    def add_hook(self, url: str, event: str) -> Hook:
        """Remember a hook."""

        def work(connection: sqlite3.Connection) -> Hook:
            row = connection.execute(
                "INSERT INTO hooks (url, event) VALUES (?, ?) RETURNING id, url, event", (url, event)
            )
            return Hook(*row.fetchone())

        return self._database.write(work)

    def delete_hook(self, hook_id: int) -> bool:
        """Forget a hook and the calls to it; False if there is none."""
        self._write("DELETE FROM calls WHERE hook = ?", (hook_id,))
        return self._write("DELETE FROM hooks WHERE id = ?", (hook_id,)) == 1

    def due(self, limit: int, busy: Iterable[int]) -> list[Call]:
        """Calls that are to be made now."""
        skip = set(busy)
        query = "SELECT id, url, body, hook, attempts FROM calls WHERE due <= ? ORDER BY due, id LIMIT ?"
        rows = self._database.read(lambda c: c.execute(query, (self._now(), limit + len(skip))).fetchall())
        return [Call(*row) for row in rows if row[0] not in skip][:limit]

    def next_due(self, busy: Iterable[int]) -> float | None:
        """When the next call is due that is not being made."""
        skip = set(busy)
        query = "SELECT id, due FROM calls ORDER BY due, id LIMIT ?"
        rows = self._database.read(lambda c: c.execute(query, (len(skip) + 1,)).fetchall())
        return next((due for call_id, due in rows if call_id not in skip), None)

    def later(self, call_id: int, pause: float) -> None:
        """The call failed and is to be made again, after so many seconds."""
        self._write("UPDATE calls SET attempts = attempts + 1, due = ? WHERE id = ?", (self._now() + pause, call_id))

    def called(self, call_id: int) -> None:
        """The call was made, or given up."""
        self._write("DELETE FROM calls WHERE id = ?", (call_id,))

    def _plan_calls(self, connection: sqlite3.Connection, calls: Iterable[tuple[str, str | None, int | None]]) -> None:
        rows = [(url, body, hook, self._now()) for url, body, hook in calls]
        connection.executemany("INSERT INTO calls (url, body, hook, due) VALUES (?, ?, ?, ?)", rows)

    def _forget(self, where: str, values: tuple[Any, ...]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            inner = f"SELECT id FROM processes WHERE {where}"  # noqa: S608 - fixed words
            connection.execute(f"DELETE FROM downloads WHERE process IN ({inner})", values)  # noqa: S608
            connection.execute(f"DELETE FROM processes WHERE {where}", values)  # noqa: S608 - fixed words

        self._database.write(work)

    def _write(self, query: str, values: tuple[Any, ...]) -> int:
        return self._database.write(lambda connection: connection.execute(query, values).rowcount)

    def _select(self, rest: str, values: tuple[Any, ...]) -> list[Process]:
        def work(connection: sqlite3.Connection) -> list[Process]:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM processes {rest}", values).fetchall()  # noqa: S608
            return [_process(row, connection.execute(_TIMES, (row[0],)).fetchall()) for row in rows]

        return self._database.read(work)


_TIMES = "SELECT name, times FROM downloads WHERE process = ?"


def _process(row: tuple[Any, ...], times: list[tuple[str, int]]) -> Process:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values["created"] = json.loads(values["created"])
    values["plan"] = plan_of_text(values["plan"]) if values["plan"] else None
    values["ending"] = json.loads(values["ending"]) if values["ending"] else None
    return Process(**values | {"gone": bool(values["gone"]), "downloads": dict(times)})
