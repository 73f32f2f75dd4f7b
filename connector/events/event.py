"""Events: what happened to a job, and, derived from its tasks, to each of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connector.errors import ProtocolError
from connector.runtime.failure import root_cause
from connector.runtime.outputs import file_records
from connector.runtime.record import Record

Kind = Literal["created", "finished", "failed"]
KINDS: tuple[Kind, ...] = ("created", "finished", "failed")
"""What a person can choose; each for jobs and for the tasks in them."""

_STATUS = {"finished": "finished", "failed": "error"}
_KIND = {status: kind for kind, status in _STATUS.items()}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Event:
    """One thing that happened. `name` is e.g. job.finished or task.failed; `task` is None for the events of jobs.

    `job` is the job as far as it is known now, which may be later than the event: a `job.created` that arrives last
    carries a job that has finished.
    """

    name: str
    job: Mapping[str, Any]
    task: Mapping[str, Any] | None = None

    @property
    def kind(self) -> str:
        """Created, finished or failed."""
        return kind_of(self.name)

    @property
    def job_id(self) -> str:
        """The job's id, also for the event of a task."""
        return str(self.job["id"])

    @property
    def task_id(self) -> str | None:
        """The task's id, None for the events of jobs."""
        return None if self.task is None else str(self.task["id"])

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same event when it comes again: name, job id, task id (or "")."""
        return self.name, self.job_id, self.task_id or ""

    @property
    def id(self) -> str:
        """The key as one text, by which a receiver can tell a repetition, e.g. job.finished:b2e4eb2b."""
        return ":".join(filter(None, self.key))

    @property
    def occurred_at(self) -> str | None:
        """When it happened, as the API says it (ISO 8601 with offset)."""
        moment = (self.job if self.task is None else self.task).get(
            "created_at" if self.kind == "created" else "ended_at"
        )
        return None if moment is None else str(moment)

    def outputs(self) -> Record:
        """What NewJobEvent declares, for later modules to map, with `id`, `occurred_at` and the raw `task` beside it.

        `status` is the task's for the event of a task. Holds only JSON.
        """
        about = self.task or self.job
        task = self.task or {}
        failed = (self.task or root_cause(tasks_of(self.job)) or {}) if self.kind == "failed" else {}
        files = file_records(self.task or {**self.job, "tasks": tasks_of(self.job)})
        first = files[0] if files else {}
        return Record(
            id=self.id,
            event=self.name,
            occurred_at=self.occurred_at,
            job_id=self.job_id,
            status=about.get("status"),
            tag=self.job.get("tag"),
            task_id=self.task_id,
            task_name=task.get("name"),
            operation=task.get("operation"),
            code=failed.get("code"),
            message=failed.get("message"),
            credits=task.get("credits"),
            ended_at=about.get("ended_at"),
            file_name=first.get("name"),
            url=first.get("url"),
            size=first.get("size"),
            files=files,
            job=self.job,
            task=self.task,
        )


def events_of(document: Mapping[str, Any], kinds: Collection[str] = KINDS) -> list[Event]:
    """The events that a webhook's document stands for, of the chosen kinds, in the order in which they happened.

    `job.created` brings `task.created` for each task; `job.finished` and `job.failed` bring `task.finished` or
    `task.failed` for each task that has ended. A name that is not known brings nothing. Raises ProtocolError for a
    document without a usable job.
    """
    name = name_of(document)
    if name is None:
        return []
    job = job_of(document)
    kind = kind_of(name)
    if name.startswith("task."):
        events = [Event(name, job, document["task"])]
    elif kind == "created":
        events = [Event(name, job), *(Event("task.created", job, task) for task in tasks_of(job))]
    else:
        ended = [(_KIND.get(str(task.get("status"))), task) for task in tasks_of(job)]
        events = [*(Event(f"task.{how}", job, task) for how, task in ended if how), Event(name, job)]
    return [event for event in events if event.kind in kinds]


def kind_of(name: str) -> str:
    """The kind in an event's name: `finished` of `job.finished`."""
    return name.partition(".")[2]


def name_of(document: Mapping[str, Any]) -> str | None:
    """The document's event, None if it is none that is known."""
    name = document.get("event")
    about, _, kind = name.partition(".") if isinstance(name, str) else ("", "", "")
    return str(name) if about in ("job", "task") and kind in KINDS else None


def job_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document's job, with the status that its event implies: webhooks may send null there.

    A document about a task alone stands for a job of which only the id is known. Raises ProtocolError.
    """
    name = str(document.get("event"))
    job, task = document.get("job"), document.get("task")
    if name.startswith("task."):
        if not isinstance(task, Mapping) or not usable_id(task.get("id")):
            raise ProtocolError(f"The document of {name} holds no task.")
        job = job if isinstance(job, Mapping) else {"id": task.get("job_id")}
    if not isinstance(job, Mapping) or not usable_id(job.get("id")):
        raise ProtocolError(f"The document of {name[:40]} holds no job with a usable id.")
    implied = _STATUS.get(name.removeprefix("job."))
    return {**job, "status": implied or job.get("status")}


def tasks_of(job: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The job's tasks; what is no task is left out, since the document comes from outside."""
    tasks = job.get("tasks")
    if not isinstance(tasks, Sequence):
        return []
    return [dict(task) for task in tasks if isinstance(task, Mapping) and usable_id(task.get("id"))]


def usable_id(value: object) -> bool:
    """Whether it can be the id of a job or task; ids go into the paths of requests."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def ended_as(status: object) -> str | None:
    """`finished` or `failed` for a job or task with this status, None while it has not ended."""
    return _KIND.get(str(status))


def webhook_events(kinds: Collection[str]) -> list[str]:
    """The API's events that are needed for these kinds.

    Both ends are needed for either: a job that fails has tasks that finished, and a job that finishes may have tasks
    whose failure was to be ignored.
    """
    needed = ["job.created"] if "created" in kinds else []
    return [*needed, "job.finished", "job.failed"] if {"finished", "failed"} & set(kinds) else needed
