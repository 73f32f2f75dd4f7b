"""Waiting for a job: one blocking call where there is a sync host, otherwise polling with growing steps."""

from __future__ import annotations

from connector.api.clock import Deadline
from connector.api.endpoints import Api, Object
from connector.api.session import NoAnswer
from connector.errors import TemporaryError, WaitExceeded
from connector.runtime.progress import Progress

_PATIENCE = 60.0  # seconds that one blocking call may be silent; networks cut idle connections sooner or later
_STEPS = (1.0, 1.5, 10.0)  # first step, growth, longest step of polling


def has_ended(job: Object) -> bool:
    """Whether nothing more will happen. A status that is unknown, or null, is not the end."""
    return job.get("status") in ("finished", "error")


def wait_for_job(api: Api, job_id: str, limit: float, progress: Progress) -> Object:
    """The ended job. Raises WaitExceeded, with the job's id, after `limit` seconds; the job goes on."""
    clock = api.session.clock
    deadline = Deadline(limit, clock)
    step = _STEPS[0]
    blocking = api.sync_url is not None
    while deadline.left() > 0:
        job = _block(api, job_id, deadline) if blocking else api.job(job_id)
        if isinstance(job, TemporaryError):
            blocking = isinstance(job, NoAnswer)  # a broken wait is taken up again; a host that is not there is not
            continue
        if has_ended(job):
            return job
        progress.waiting(str(job.get("status")))
        pause = step * (0.75 + clock.random() / 2)
        clock.sleep(max(0.0, min(pause, deadline.left())))
        step = min(step * _STEPS[1], _STEPS[2])
    raise WaitExceeded(
        f"The job {job_id} has not ended within {limit:.0f} seconds; it goes on at CloudConvert.",
        hint="Wait longer with wait_limit, or take the job up again by its ID.",
        job_id=job_id,
    )


def _block(api: Api, job_id: str, deadline: Deadline) -> Object | TemporaryError:
    try:
        return api.job_when_ended(job_id, max(0.1, min(_PATIENCE, deadline.left())))
    except TemporaryError as error:
        return error
