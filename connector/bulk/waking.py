"""Events make bulk runs quicker: what a webhook says of a job has its item looked at, without waiting for the next look."""

from __future__ import annotations

from connector.bulk.ledger import Ledger
from connector.events.event import Event


class Waking:
    """A handler of events, for `connector.events.Receiver` or `poll`. It believes nothing: the worker asks for the job."""

    def __init__(self, ledger: Ledger) -> None:
        self._schedule = ledger.schedule

    def __call__(self, event: Event) -> None:
        if event.task is None and event.kind != "created":
            self._schedule.wake(event.job_id)
