"""From checked requests to tasks."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from connector.sandbox.files import Files
from connector.sandbox.records import Task
from connector.sandbox.validate import Draft

logger = logging.getLogger("connector.sandbox")


def make_task(
    draft: Draft,
    task_id: str,
    now: float,
    *,
    names: Mapping[str, str] | None = None,
    job_id: str | None = None,
    name: str | None = None,
) -> Task:
    """A new task. `names` maps the names of the job's tasks to their ids; other inputs are ids already."""
    known = names or {}
    return Task(
        id=task_id,
        operation=draft.operation,
        created_at=now,
        job_id=job_id,
        name=name,
        payload=draft.payload,
        ignore_error=draft.ignore_error,
        inputs=tuple(dict.fromkeys(known.get(one, one) for one in draft.inputs)),
    )


def keep_content(files: Files, made: Iterable[tuple[Task, Draft]]) -> None:
    """Write the files that came inside a request. Where the disk refuses, the task itself finds out and fails."""
    for task, draft in made:
        if draft.content is None:
            continue
        try:
            files.write(task.id, 1, draft.content)
        except OSError as error:
            logger.warning("the file of task %s could not be written: %s", task.id, error.strerror)


def copy_of(task: Task, task_id: str, now: float) -> Task:
    """A fresh task that tries the same again, on its own."""
    fresh = Task(
        id=task_id,
        operation=task.operation,
        created_at=now,
        payload=task.payload,
        ignore_error=task.ignore_error,
        inputs=task.inputs,
    )
    return replace(fresh, copy_of=task.id)
