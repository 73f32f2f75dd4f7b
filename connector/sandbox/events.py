"""The events that are told about jobs, and to subscribers also about tasks."""

from __future__ import annotations

from connector.sandbox.records import Job

JOB_CREATED, JOB_FINISHED, JOB_FAILED = "job.created", "job.finished", "job.failed"
JOB_UPDATED, TASK_CREATED, TASK_UPDATED = "job.updated", "task.created", "task.updated"
EVENTS = (JOB_CREATED, JOB_FINISHED, JOB_FAILED)


def event_of(job: Job) -> str:
    """The event that an ended job's end is."""
    return JOB_FINISHED if job.status == "finished" else JOB_FAILED


def task_event_of(status: str) -> str:
    """The event that the end of a task with this status is."""
    return "task.finished" if status == "finished" else "task.failed"
