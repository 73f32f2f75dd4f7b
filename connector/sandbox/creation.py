"""From checked requests to tasks."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from connector.sandbox import validate
from connector.sandbox.files import Files
from connector.sandbox.records import Job, Task
from connector.sandbox.service import Service
from connector.sandbox.validate import Draft

logger = logging.getLogger("connector.sandbox")


def start_job(service: Service, body: Mapping[str, Any], root: str, holder: str | None) -> Job:
    """Check the body of a request, and start its job. Raises ApiError.

    `root` is where the client reaches the server, `holder` the id of its key or sign-in.
    """
    draft = validate.job(body, service.operations, lambda task_id: service.store.task(task_id) is not None)
    service.account.require_credits()
    now, job_id = service.clock(), str(uuid.uuid4())
    ids = {name: str(uuid.uuid4()) for name in draft.tasks}
    tasks = [make_task(one, ids[name], now, names=ids, job_id=job_id, name=name) for name, one in draft.tasks.items()]
    keep_content(service.files, zip(tasks, draft.tasks.values(), strict=True))
    job = Job(job_id, now, draft.tag, webhook_url=draft.webhook_url, root=root, access_token=holder)
    service.conductor.add(tasks, job)
    return replace(job, tasks=tuple(tasks))


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
