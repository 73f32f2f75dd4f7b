"""The events that are told about jobs."""

from __future__ import annotations

from connector.sandbox.records import Job

JOB_CREATED, JOB_FINISHED, JOB_FAILED = "job.created", "job.finished", "job.failed"
EVENTS = (JOB_CREATED, JOB_FINISHED, JOB_FAILED)


def event_of(job: Job) -> str:
    """The event that an ended job's end is."""
    return JOB_FINISHED if job.status == "finished" else JOB_FAILED
