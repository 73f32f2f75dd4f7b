"""Jobs and tasks in the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace

from connector.sandbox.database import Database, matching
from connector.sandbox.records import File, Job, Task

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, tag TEXT, status TEXT NOT NULL, webhook_url TEXT, created_at REAL NOT NULL, started_at REAL, ended_at REAL,
    root TEXT, access_token TEXT
);
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, job_id TEXT REFERENCES jobs ON DELETE CASCADE, name TEXT, operation TEXT NOT NULL, status TEXT NOT NULL,
    code TEXT, message TEXT, credits INTEGER, engine TEXT, engine_version TEXT, payload TEXT NOT NULL, ignore_error INTEGER NOT NULL,
    inputs TEXT NOT NULL, files TEXT NOT NULL, extra TEXT NOT NULL, created_at REAL NOT NULL, started_at REAL, ended_at REAL, copy_of TEXT
);
CREATE TABLE IF NOT EXISTS needs (
    input_id TEXT NOT NULL, task_id TEXT NOT NULL REFERENCES tasks ON DELETE CASCADE, PRIMARY KEY (input_id, task_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS jobs_by_tag ON jobs (tag) WHERE tag IS NOT NULL;
CREATE INDEX IF NOT EXISTS tasks_by_job ON tasks (job_id);
CREATE INDEX IF NOT EXISTS tasks_by_copy ON tasks (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS open_tasks ON tasks (status) WHERE status IN ('waiting', 'processing');
CREATE INDEX IF NOT EXISTS needs_by_task ON needs (task_id);
CREATE INDEX IF NOT EXISTS ended_jobs ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS ended_tasks ON tasks (ended_at) WHERE ended_at IS NOT NULL AND job_id IS NULL;
"""
_JOB = ("id", "tag", "status", "webhook_url", "created_at", "started_at", "ended_at", "root", "access_token")
_JSON = ("payload", "inputs", "files", "extra")


class Store:
    """All jobs and tasks of one data folder."""

    def __init__(self, database: Database) -> None:
        self._db = database
        database.script(SCHEMA)
        database.require("jobs", {"root": "TEXT", "access_token": "TEXT"})

    def together(self) -> AbstractContextManager[None]:
        """All statements within become true at once, or none of them."""
        return self._db.together()

    def add(self, tasks: Sequence[Task], job: Job | None = None) -> None:
        """Add new tasks, with their job if they have one."""
        with self._db.together():
            if job:
                self._db.insert("jobs", {name: getattr(job, name) for name in _JOB})
            for task in tasks:
                self._db.insert("tasks", _row(task))
                self._db.run_many("INSERT INTO needs VALUES (?, ?)", [(needed, task.id) for needed in set(task.inputs)])

    def job(self, job_id: str) -> Job | None:
        """The job with all its tasks."""
        row = self._db.row("SELECT * FROM jobs WHERE id = ?", (job_id,))
        return replace(Job(**row), tasks=tuple(self._tasks("job_id = ? ORDER BY rowid", (job_id,)))) if row else None

    def task(self, task_id: str) -> Task | None:
        """The task of that id."""
        return next(self._tasks("id = ?", (task_id,)), None)

    def tasks(self, ids: Iterable[str]) -> dict[str, Task]:
        """Those of the tasks that exist, by id."""
        wanted = json.dumps(list(ids))
        return {task.id: task for task in self._tasks("id IN (SELECT value FROM json_each(?))", (wanted,))}

    def dependents(self, task_id: str) -> list[Task]:
        """The tasks that have this one as input."""
        return list(self._tasks("id IN (SELECT task_id FROM needs WHERE input_id = ?) ORDER BY rowid", (task_id,)))

    def freed_by(self, task_id: str) -> list[str]:
        """The ids of the tasks that have this one as input and wait for no other input any more.

        Much cheaper than looking at all inputs of a task of many, each time that one of them has finished.
        """
        rows = self._db.rows(
            "SELECT task_id FROM needs AS own JOIN tasks ON tasks.id = task_id WHERE input_id = ? AND NOT EXISTS"
            " (SELECT 1 FROM needs JOIN tasks AS input ON input.id = input_id"
            " WHERE needs.task_id = own.task_id AND input.status IN ('waiting', 'processing')) ORDER BY tasks.rowid",
            (task_id,),
        )
        return [row["task_id"] for row in rows]

    def retries(self, task_id: str) -> list[Task]:
        """The tasks that were made to retry this one."""
        return list(self._tasks("copy_of = ? ORDER BY rowid", (task_id,)))

    def open_tasks(self) -> list[Task]:
        """All tasks that have not ended, oldest first."""
        return list(self._tasks("status IN ('waiting', 'processing') ORDER BY rowid", ()))

    def task_ids(self) -> set[str]:
        """The ids of all tasks."""
        return {row["id"] for row in self._db.rows("SELECT id FROM tasks")}

    def list_jobs(
        self,
        *,
        limit: int,
        offset: int,
        status: str | None = None,
        tag: str | None = None,
        access_token: str | None = None,
        with_tasks: bool = False,
    ) -> list[Job]:
        """Jobs, newest first; only those of a status, a tag and the id of a key where given."""
        where, values = matching({"status": status, "tag": tag, "access_token": access_token})
        query = f"SELECT * FROM jobs WHERE {where} ORDER BY rowid DESC LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._db.rows(query, (*values, limit, offset))
        jobs = [Job(**row) for row in rows]
        return [self.job(job.id) or job for job in jobs] if with_tasks else jobs

    def list_tasks(
        self,
        *,
        limit: int,
        offset: int,
        job_id: str | None = None,
        status: str | None = None,
        operation: str | None = None,
    ) -> list[Task]:
        """Tasks, newest first; only those of a job, a status and an operation where given."""
        where, values = matching({"job_id": job_id, "status": status, "operation": operation})
        return list(self._tasks(f"{where} ORDER BY rowid DESC LIMIT ? OFFSET ?", (*values, limit, offset)))

    def change_task(self, task_id: str, **changes: object) -> None:
        """Set fields of a task; does nothing when it is gone."""
        self._db.update("tasks", task_id, {name: _column(name, value) for name, value in changes.items()})

    def change_job(self, job_id: str, **changes: object) -> None:
        """Set fields of a job; does nothing when it is gone."""
        self._db.update("jobs", job_id, changes)

    def begin_job(self, job_id: str, moment: float) -> None:
        """Note that the first task of a job has started."""
        self._db.run(
            "UPDATE jobs SET status = 'processing', started_at = ? WHERE id = ? AND started_at IS NULL",
            (moment, job_id),
        )

    def is_open(self, job_id: str) -> bool:
        """Whether some task of the job has not ended. Much cheaper than loading a job of many tasks."""
        found = self._db.row(
            "SELECT 1 FROM tasks WHERE job_id = ? AND status IN ('waiting', 'processing') LIMIT 1", (job_id,)
        )
        return found is not None

    def delete_job(self, job_id: str) -> None:
        """Forget a job with all its tasks."""
        self._db.run("DELETE FROM jobs WHERE id = ?", (job_id,))

    def delete_task(self, task_id: str) -> None:
        """Forget a task."""
        self._db.run("DELETE FROM tasks WHERE id = ?", (task_id,))

    def ended_before(self, moment: float) -> tuple[list[str], list[str]]:
        """The ids of the jobs, and of the tasks without a job, that ended before that moment."""
        jobs = self._db.rows("SELECT id FROM jobs WHERE ended_at < ?", (moment,))
        tasks = self._db.rows("SELECT id FROM tasks WHERE job_id IS NULL AND ended_at < ?", (moment,))
        return [row["id"] for row in jobs], [row["id"] for row in tasks]

    def _tasks(self, where: str, values: Sequence[object]) -> Iterator[Task]:
        rows = self._db.rows(f"SELECT * FROM tasks WHERE {where}", values)  # noqa: S608 - only our own words
        return (_task(row) for row in rows)


def _row(task: Task) -> dict[str, object]:
    return {name: _column(name, value) for name, value in vars(task).items()}


def _column(name: str, value: object) -> object:
    if name == "files" and isinstance(value, tuple):
        return json.dumps([asdict(file) for file in value])
    return json.dumps(value) if name in _JSON else value


def _task(row: sqlite3.Row) -> Task:
    fields = dict(row)
    fields.update({name: json.loads(fields[name]) for name in _JSON})
    fields["inputs"] = tuple(fields["inputs"])
    fields["files"] = tuple(File(**file) for file in fields["files"])
    fields["ignore_error"] = bool(fields["ignore_error"])
    return Task(**fields)
