from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.database import Database
from connector.sandbox.records import Job, Task
from connector.sandbox.store import Store

OLD_JOBS = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, tag TEXT, status TEXT NOT NULL, webhook_url TEXT, created_at REAL NOT NULL, started_at REAL, ended_at REAL
);
INSERT INTO jobs VALUES ('old', NULL, 'waiting', NULL, 1.0, NULL, NULL);
"""


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    made = Database(folder / "x.sqlite")
    made.script("CREATE TABLE numbers (id INTEGER PRIMARY KEY, value INTEGER UNIQUE)")
    yield made
    made.close()


def values(database: Database) -> list[int]:
    return [row["value"] for row in database.rows("SELECT value FROM numbers ORDER BY id")]


def fail_within(database: Database) -> None:
    with database.together():
        database.insert("numbers", {"value": 1})
        with database.together():
            database.insert("numbers", {"value": 2})
        database.insert("numbers", {"value": 2})


def test_what_belongs_together_fails_together_also_when_nested(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        fail_within(database)
    assert values(database) == []
    with database.together():
        database.insert("numbers", {"value": 3})
    assert values(database) == [3]


def test_a_file_of_an_earlier_version_gets_the_new_columns(database: Database) -> None:
    database.script(OLD_JOBS)
    for _ in range(2):
        assert Store(database).job("old") == Job("old", 1.0)


def test_ten_thousand_jobs_are_listed_once_each_and_soon(database: Database) -> None:
    store = Store(database)
    with database.together():
        for number in range(10_000):
            job = Job(f"j{number}", 1.0, tag=f"t{number % 100}", status="finished")
            store.add(
                [
                    Task(f"a{number}", "import/raw", 1.0, job_id=job.id),
                    Task(f"b{number}", "convert", 1.0, job_id=job.id),
                ],
                job,
            )
    seen = [job.id for page in range(100) for job in store.list_jobs(limit=100, offset=100 * page)]
    assert seen == [f"j{number}" for number in reversed(range(10_000))]
    plan = str(
        [
            tuple(row)
            for row in database.rows("EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE tag = 't1' ORDER BY rowid DESC")
        ]
    )
    assert "jobs_by_tag" in plan
