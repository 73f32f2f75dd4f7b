"""A SQLite file for several threads and processes, with group commit for what must outlast a power cut."""

from __future__ import annotations

import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from connector.errors import ConnectorError, OutOfSpace, TemporaryError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_LARGEST_GROUP = 500
_PATIENCE = 10.0  # seconds that another process may hold the file


class Database:
    """The file at `path`, made with mode 0600 and this schema. Raises ConnectorError where it cannot be used."""

    def __init__(self, path: Path, schema: str, version: int) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._sentences():
            _make_private(path)
            self._quick = _open(path, "NORMAL")
            self._durable = _open(path, "FULL")
            self._set_up(schema, version)
        self._works: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_groups, name="events-journal", daemon=True)
        self._writer.start()

    def _set_up(self, schema: str, version: int) -> None:
        (found,) = self._durable.execute("PRAGMA user_version").fetchone()
        if found > version:
            raise ConnectorError(
                f"The journal {self.path} was written by a newer version of the connector.",
                hint="Update the connector, or choose another folder for its state.",
            )
        self._durable.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {int(version)}; COMMIT;")

    def write(self, work: Work[T]) -> T:
        """Do this in one transaction. Outlasts the death of the process, but perhaps not a power cut."""
        with self._lock, self._sentences():
            return _transaction(self._quick, work)

    def write_durably(self, work: Work[T]) -> Future[T]:
        """Do this in a transaction shared with whoever else is waiting; once done, it outlasts a power cut.

        One fsync serves the whole group, so that many writers cost hardly more than one.
        """
        future: Future[T] = Future()
        self._works.put((work, future))
        return future

    def read(self, work: Work[T]) -> T:
        """Do this without a transaction."""
        with self._lock, self._sentences():
            return work(self._quick)

    def close(self) -> None:
        """Finish what was handed in, and close the file."""
        self._works.put(None)
        self._writer.join()
        with self._lock:
            self._quick.close()
            self._durable.close()

    def _write_groups(self) -> None:
        while (first := self._works.get()) is not None:
            group = [first]
            while len(group) < _LARGEST_GROUP:
                try:
                    another = self._works.get_nowait()
                except queue.Empty:
                    break
                if another is None:
                    self._works.put(None)
                    break
                group.append(another)
            self._write_group([one for one in group if one[1].set_running_or_notify_cancel()])

    def _write_group(self, group: list[tuple[Work[Any], Future[Any]]]) -> None:
        try:
            with self._lock, self._sentences():
                results = _transaction(self._durable, lambda connection: [work(connection) for work, _ in group])
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            for _, future in group:
                future.set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            future.set_result(result)

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Errors of SQLite and of the file system, as sentences."""
        try:
            yield
        except sqlite3.Error as error:
            raise _sentence(error, self.path) from error
        except OSError as error:
            raise ConnectorError(
                f"The journal {self.path} cannot be used: {error.strerror or error}.",
                hint="Choose another folder for the state.",
            ) from error


def _transaction(connection: sqlite3.Connection, work: Work[T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _open(path: Path, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return connection


def _make_private(path: Path) -> None:
    """Only the owner may read it, whatever the umask; SQLite gives its side files the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(file, 0o600)
    finally:
        os.close(file)


def _sentence(error: sqlite3.Error, path: Path) -> ConnectorError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    detail = f"{type(error).__name__}: {error}"
    if code == sqlite3.SQLITE_FULL:
        return OutOfSpace(f"The disk with the journal {path} is full.", hint="Make room, then try again.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TemporaryError(f"Another process holds the journal {path}. Try again later.", detail=detail)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return ConnectorError(
            f"The journal {path} is damaged, or no journal at all.",
            hint="Move it away; a new one is made, which does not know the events of before.",
            detail=detail,
        )
    return ConnectorError(f"The journal {path} cannot be used: {error}.", detail=detail)
