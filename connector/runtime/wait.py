"""Waiting for a job or task: one blocking call where there is a sync host, otherwise polling with growing steps."""

from __future__ import annotations

from connector.api.clock import Deadline
from connector.api.endpoints import Api, Object
from connector.errors import NoAnswer, TemporaryError, WaitExceeded
from connector.runtime.progress import Progress

_PATIENCE = 60.0  # seconds that one blocking call may be silent; networks cut idle connections sooner or later
_STEPS = (1.0, 1.5, 10.0)  # first step, growth, longest step of polling


def has_ended(thing: Object) -> bool:
    """Whether nothing more will happen. A status that is unknown, or null, is not the end."""
    return thing.get("status") in ("finished", "error")


def wait_until_ended(api: Api, path: str, limit: float, progress: Progress) -> Object:
    """The ended job or task at `path` (/jobs/{id} or /tasks/{id}).

    Raises WaitExceeded, with the id, after `limit` seconds; the job goes on.
    """
    clock = api.session.clock
    deadline = Deadline(limit, clock)
    step = _STEPS[0]
    blocking = api.sync_url is not None
    while True:
        began = clock.monotonic()
        thing = _block(api, path, deadline) if blocking else api.read(path)
        if isinstance(thing, TemporaryError):
            blocking = isinstance(thing, NoAnswer)  # a broken wait is taken up again; a host that is not there is not
        elif has_ended(thing):
            return thing
        else:
            progress.waiting(str(thing.get("status")))
        if deadline.left() <= 0:
            raise exceeded(path, limit)
        # A blocking call that lasted longer than the step is taken up at once; one that breaks at once is not.
        pause = step * (0.75 + clock.random() / 2) - (clock.monotonic() - began)
        clock.sleep(max(0.0, min(pause, deadline.left())))
        step = min(step * _STEPS[1], _STEPS[2])


def _block(api: Api, path: str, deadline: Deadline) -> Object | TemporaryError:
    try:
        return api.when_ended(path, max(0.1, min(_PATIENCE, deadline.left())))
    except TemporaryError as error:
        return error


def exceeded(path: str, limit: float) -> WaitExceeded:
    """The error for a job or task that is still at work after `limit` seconds; it has the id."""
    kind, _, thing_id = path.strip("/").partition("/")
    kind = kind.removesuffix("s")
    error = WaitExceeded(
        f"The {kind} {thing_id} has not ended within {limit:.0f} seconds; it goes on at CloudConvert.",
        hint=f"Take it up again with WaitFor{kind.title()} and its ID, or give a larger wait_limit next time.",
    )
    error.job_id, error.task_id = (thing_id, None) if kind == "job" else (None, thing_id)
    return error
