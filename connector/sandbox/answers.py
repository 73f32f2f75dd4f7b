"""The JSON shapes of the API: jobs, tasks, lists and users."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from connector.sandbox.addresses import Addresses
from connector.sandbox.records import File, Job, Task
from connector.sandbox.webhooks import Webhook

USER_ID = 1
_PRIORITY = -10


def to_json(value: object) -> bytes:
    """The value as a compact JSON body."""
    return json.dumps(value, separators=(",", ":")).encode()


def timestamp(moment: float | None) -> str | None:
    """ISO 8601 with offset, in whole seconds."""
    return None if moment is None else datetime.fromtimestamp(moment, UTC).replace(microsecond=0).isoformat()


def task_answer(task: Task, addresses: Addresses) -> dict[str, object]:
    """A task as clients see it, without includes."""
    engine = {} if task.transfers else {"engine": task.engine, "engine_version": task.engine_version}
    return {
        "id": task.id,
        **({"name": task.name} if task.name else {}),
        "job_id": task.job_id,
        "status": task.status,
        "credits": task.credits,
        "code": task.code,
        "message": _message(task),
        "percent": 100,
        "operation": task.operation,
        **engine,
        "result": _result(task, addresses),
        "created_at": timestamp(task.created_at),
        "started_at": timestamp(task.started_at),
        "ended_at": timestamp(task.ended_at),
        "retry_of_task_id": task.copy_of,
        "copy_of_task_id": task.copy_of,
        "user_id": USER_ID,
        "priority": _PRIORITY,
        "host_name": "sandbox" if task.started_at else None,
        "storage": "local" if task.files else None,
        "depends_on_task_ids": list(task.inputs),
        "links": {"self": addresses.of("tasks", task.id)},
    }


def job_answer(job: Job, addresses: Addresses, *, with_tasks: bool = True) -> dict[str, object]:
    """A job as clients see it."""
    tasks = {"tasks": [task_answer(task, addresses) for task in job.tasks]} if with_tasks else {}
    return {
        "id": job.id,
        "tag": job.tag,
        "status": job.status,
        "created_at": timestamp(job.created_at),
        "started_at": timestamp(job.started_at),
        "ended_at": timestamp(job.ended_at),
        **tasks,
        "links": {"self": addresses.of("jobs", job.id)},
    }


def user_answer(created_at: float, credits: int, addresses: Addresses) -> dict[str, object]:  # noqa: A002 - the field's name
    """The only user there is."""
    return {
        "id": USER_ID,
        "username": "sandbox",
        "email": "sandbox@localhost",
        "created_at": timestamp(created_at),
        "credits": credits,
        "paying": False,
        "task_priority": None,
        "tasks_per_minute": None,
        "links": {"self": addresses.of("users", str(USER_ID))},
    }


def webhook_answer(webhook: Webhook, addresses: Addresses) -> dict[str, object]:
    """A webhook as clients see it, with its secret."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "disabled": webhook.disabled,
        "events": list(webhook.events),
        "failing": webhook.failing,
        "signing_secret": webhook.signing_secret,
        "created_at": timestamp(webhook.created_at),
        "updated_at": timestamp(webhook.updated_at),
        "links": {"self": addresses.of("webhooks", str(webhook.id))},
    }


def export_url(job: Job, addresses: Addresses) -> str | None:
    """The address of the first exported file of a job."""
    exported = (task for task in job.tasks if task.operation == "export/url" and task.files)
    return next((addresses.of_file(task, task.files[0]) for task in exported), None)


def page_answer(
    items: Sequence[object], path: str, query: str, *, page: int, per_page: int, more: bool
) -> dict[str, object]:
    """A list in the pagination envelope. `query` holds the other parameters, to be kept in the links."""

    def link(number: int) -> str:
        return f"{path}?{query}&page={number}" if query else f"{path}?page={number}"

    first = (page - 1) * per_page + 1
    return {
        "data": items,
        "links": {
            "first": link(1),
            "last": None,
            "prev": link(page - 1) if page > 1 else None,
            "next": link(page + 1) if more else None,
        },
        "meta": {
            "current_page": page,
            "from": first if items else None,
            "path": path,
            "per_page": per_page,
            "to": first + len(items) - 1 if items else None,
        },
    }


def _message(task: Task) -> str | None:
    waits = task.operation == "import/upload" and task.status == "waiting"
    return "Waiting for file upload" if waits else task.message


def _file(file: File) -> dict[str, object]:
    shown: dict[str, object] = {"filename": file.name, "size": file.size}
    return shown | {"md5": file.md5} if file.md5 else shown


def _result(task: Task, addresses: Addresses) -> dict[str, object] | None:
    if task.operation == "import/upload" and task.status == "waiting":
        return {"form": addresses.upload_form(task)}
    if task.status != "finished":
        return None
    files = [_file(file) for file in task.files]
    if task.operation == "export/url":
        for shown, file in zip(files, task.files, strict=True):
            shown["url"] = addresses.of_file(task, file)
    return {"files": files, **task.extra}
