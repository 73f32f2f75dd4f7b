"""The ledger of runs: what a scenario has done, so that a run that was cut off can be taken up without doing it twice.

SQLite in the state folder, each entry on the disk before what it announces is done; bytes of outputs in files beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from connector.errors import InputError
from connector.scenario.entries import STATE_VARIABLE, Run, told_in_sentences
from connector.scenario.keeping import decode, encode

KEPT = 7 * 24 * 3600.0
"""Seconds after which an ended run is forgotten. CloudConvert forgets its jobs after a day."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL, connection TEXT NOT NULL, inputs TEXT NOT NULL,
    state TEXT NOT NULL, started REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS units (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, step TEXT NOT NULL, item INTEGER NOT NULL,
    state TEXT NOT NULL, tag TEXT, job_id TEXT, outputs TEXT,
    PRIMARY KEY (run, step, item)
);
"""


def state_dir(folder: Path | None = None) -> Path:
    """Where the ledger is: the folder given, else CLOUDCONVERT_STATE_DIR, else the system's place for state."""
    if folder is not None:
        return folder
    if os.environ.get(STATE_VARIABLE):
        return Path(os.environ[STATE_VARIABLE])
    from platformdirs import user_state_path

    return user_state_path("cloudconvert-connector", appauthor=False)


class Ledger:
    """All runs of a state folder. Close it, or use it as a context manager."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._now = now
        with told_in_sentences(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "runs").mkdir(mode=0o700, exist_ok=True)
            self._database = _open(folder / "scenarios.sqlite3")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def start(self, *, digest: str, name: str, connection: str, inputs: Mapping[str, Any]) -> Run:
        """A new run, locked by this process."""
        run_id = uuid.uuid4().hex[:16]
        with told_in_sentences(self.folder):
            self._forget_old_ones()
            lock = self._lock(run_id)
            row = (run_id, digest, name, connection, encode(inputs, self._files(run_id)), "running", self._now())
            self._database.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return Run(run_id, connection, inputs, self._database, self._files(run_id), lock)

    def resume(self, run_id: str, digest: str) -> Run:
        """A run that has not ended well, locked by this process. Raises InputError where it cannot be taken up."""
        with told_in_sentences(self.folder):
            row = self._database.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
            problem = _why_not(row, digest)
            if problem:
                raise InputError(f"The run {run_id[:40]!r} {problem}.", fields={"--resume": problem})
            lock = self._lock(run_id)
            self._database.execute("UPDATE runs SET state = 'running' WHERE id = ?", (run_id,))
            inputs = decode(row["inputs"], self._files(run_id))
        return Run(run_id, row["connection"], inputs, self._database, self._files(run_id), lock)

    def cut_off(self, digest: str, inputs: Mapping[str, Any]) -> str | None:
        """The id of the newest run of the same scenario with the same inputs that neither ended nor goes on."""
        question = "SELECT id, inputs FROM runs WHERE digest = ? AND state = 'running' ORDER BY started DESC"
        with told_in_sentences(self.folder):
            rows = self._database.execute(question, (digest,)).fetchall()
            for row in rows:
                if row["inputs"] == encode(inputs, self._files(row["id"])) and not self._goes_on(row["id"]):
                    return str(row["id"])
        return None

    def pass_over(self, run_id: str) -> None:
        """A run that was cut off is no longer one to be mentioned; it can still be taken up."""
        with told_in_sentences(self.folder):
            self._database.execute("UPDATE runs SET state = 'failed' WHERE id = ?", (run_id,))

    def _files(self, run_id: str) -> Path:
        return self.folder / "runs" / run_id

    def _lock(self, run_id: str) -> FileLock:
        lock = FileLock(self._files(run_id).with_suffix(".lock"), mode=0o600, fallback_to_soft=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                f"The run {run_id!r} is going on in another process.", fields={"--resume": "is going on"}
            ) from None
        return lock

    def _goes_on(self, run_id: str) -> bool:
        try:
            self._lock(run_id).release()
        except InputError:
            return True
        return False

    def _forget_old_ones(self) -> None:
        old = "SELECT id FROM runs WHERE started < ?"
        for row in self._database.execute(old, (self._now() - KEPT,)).fetchall():
            if not self._goes_on(row["id"]):
                self._database.execute("DELETE FROM runs WHERE id = ?", (row["id"],))
                shutil.rmtree(self._files(row["id"]), ignore_errors=True)
                self._files(row["id"]).with_suffix(".lock").unlink(missing_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    """Every statement is a transaction of its own, and on the disk when it returns."""
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    database.executescript(_SCHEMA)
    return database


def _why_not(row: Any, digest: str) -> str:
    if row is None:
        return "is not known here; ended runs are kept for a week"
    if row["state"] == "finished":
        return "has finished; there is nothing left to do"
    return (
        ""
        if row["digest"] == digest
        else "is different from this one: another file or form, or one that was changed since"
    )
