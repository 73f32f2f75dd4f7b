"""One run in the ledger: which steps were begun, which jobs they made, and what came out."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from connector.errors import ConnectorError
from connector.scenario.keeping import decode, encode

STATE_VARIABLE = "CLOUDCONVERT_STATE_DIR"


class LedgerUnusable(ConnectorError):
    """What was done cannot be noted any more; nothing further may be begun."""


@dataclass(frozen=True)
class Entry:
    """What is known of one step, or of one item of a repeated step.

    `state`: begun (the request with `tag` may have been sent), created (`job_id` is the job) or done (`outputs`).
    """

    state: str
    tag: str | None = None
    job_id: str | None = None
    outputs: Any = None


class Run:
    """One run, from start to end held by one process. Use it as a context manager."""

    def __init__(
        self,
        run_id: str,
        connection: str,
        inputs: Mapping[str, Any],
        database: sqlite3.Connection,
        files: Path,
        lock: FileLock,
    ) -> None:
        self.id = run_id
        self.connection = connection
        self.inputs = inputs
        self._database = database
        self._files = files
        self._lock = lock

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def entry(self, step: str, item: int) -> Entry | None:
        """What is known of a step (`item` is -1) or of an item of it; None where it was not begun."""
        question = "SELECT * FROM units WHERE run = ? AND step = ? AND item = ?"
        with told_in_sentences(self._files):
            row = self._database.execute(question, (self.id, step, item)).fetchone()
            if row is None:
                return None
            outputs = decode(row["outputs"], self._files) if row["outputs"] else None
        return Entry(row["state"], row["tag"], row["job_id"], outputs)

    def begin(self, step: str, item: int) -> str:
        """Note that something is about to be sent, and give the unique tag to send with it."""
        tag = f"connector-{self.id}-{uuid.uuid4().hex[:16]}"
        self._write("INSERT OR REPLACE INTO units VALUES (?, ?, ?, 'begun', ?, NULL, NULL)", self.id, step, item, tag)
        return tag

    def created(self, step: str, item: int, job_id: str) -> None:
        """Note the job that was made."""
        change = "UPDATE units SET state = 'created', job_id = ? WHERE run = ? AND step = ? AND item = ?"
        self._write(change, job_id, self.id, step, item)

    def done(self, step: str, item: int, outputs: Any) -> None:
        """Note the outputs; the step will not be run again."""
        with told_in_sentences(self._files):
            kept = encode(outputs, self._files)
        self._write(
            "INSERT INTO units VALUES (?, ?, ?, 'done', NULL, NULL, ?)"
            " ON CONFLICT DO UPDATE SET state = 'done', outputs = excluded.outputs",
            self.id, step, item, kept,
        )  # fmt: skip

    def forget(self, step: str, item: int) -> None:
        """Note that what was begun has come to nothing, so that it is to be done anew."""
        self._write("DELETE FROM units WHERE run = ? AND step = ? AND item = ?", self.id, step, item)

    def failed(self) -> None:
        """The run ended with an error; it can still be taken up."""
        self._write("UPDATE runs SET state = 'failed' WHERE id = ?", self.id)

    def finished(self) -> None:
        """The run has ended; what was kept for a resume is deleted."""
        self._write("UPDATE runs SET state = 'finished', inputs = '{}' WHERE id = ?", self.id)
        self._write("DELETE FROM units WHERE run = ?", self.id)
        shutil.rmtree(self._files, ignore_errors=True)

    def _write(self, statement: str, *values: Any) -> None:
        with told_in_sentences(self._files):
            self._database.execute(statement, values)


@contextlib.contextmanager
def told_in_sentences(folder: Path) -> Iterator[None]:
    """Trouble with the disk or the database, as a person can understand it."""
    try:
        yield
    except (OSError, NotImplementedError, sqlite3.Error, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerUnusable(
            f"The state of the run cannot be kept in {folder}: {reason}.",
            hint=f"Choose another folder with --state or {STATE_VARIABLE}.",
        ) from error
