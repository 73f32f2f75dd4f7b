"""The SQLite file of a data folder, shared by everything that must survive a restart.

Statements are short, so they are made directly from the event loop. Each kind of thing brings its own schema.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Database:
    """One connection, for one thread. Raises sqlite3.Error as the disk does."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # WAL without a sync per commit survives a killed process; only a power cut may lose the last moments.
        self.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")

    @property
    def changes(self) -> int:
        """A number that is another one after every change."""
        return self._db.total_changes

    def close(self) -> None:
        """Write everything into the main file and let go of it."""
        self._db.close()

    def script(self, statements: str) -> None:
        """Run several statements, such as a schema."""
        self._db.executescript(statements)

    def require(self, table: str, columns: Mapping[str, str]) -> None:
        """Add columns (names to types) that a file written by an earlier version does not have."""
        there = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
        for name in columns.keys() - there:
            self.run(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    @contextmanager
    def together(self) -> Iterator[None]:
        """All statements within become true at once, or none of them. Within another `together` it joins that."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def run(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._db.execute(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        self._db.executemany(statement, rows)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._db.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[object] = ()) -> sqlite3.Row | None:
        """The first row of a query."""
        found: sqlite3.Row | None = self._db.execute(query, values).fetchone()
        return found

    def insert(self, table: str, row: Mapping[str, object]) -> int:
        """Add a row; gives its number."""
        holes = ", ".join("?" * len(row))
        done = self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({holes})", tuple(row.values()))  # noqa: S608
        return done.lastrowid or 0

    def update(self, table: str, row_id: object, changes: Mapping[str, object]) -> None:
        """Set columns of the row with that id; does nothing when it is gone."""
        settings = ", ".join(f"{name} = ?" for name in changes)
        self.run(f"UPDATE {table} SET {settings} WHERE id = ?", (*changes.values(), row_id))  # noqa: S608


def matching(wanted: Mapping[str, str | None]) -> tuple[str, list[str]]:
    """A condition on columns that must have these values (None or "": any), with the values."""
    given = {name: value for name, value in wanted.items() if value}
    return " AND ".join([f"{name} = ?" for name in given]) or "TRUE", list(given.values())
