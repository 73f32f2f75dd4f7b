"""What is told about jobs: the body that a webhook gets, put into the outbox for everybody who wants to hear of it."""

from __future__ import annotations

from collections.abc import Callable

from connector.sandbox.addresses import Addresses
from connector.sandbox.answers import job_answer, to_json
from connector.sandbox.outbox import Outbox
from connector.sandbox.records import Job
from connector.sandbox.signing import Signer
from connector.sandbox.webhooks import Webhooks


class Notices:
    """Tells of jobs. `home` is the root for jobs whose creator's own root is not known."""

    def __init__(
        self, webhooks: Webhooks, outbox: Outbox, signer: Signer, home: str, clock: Callable[[], float]
    ) -> None:
        self._webhooks = webhooks
        self._outbox = outbox
        self._signer = signer
        self._home = home
        self._clock = clock

    def tell(self, event: str, job: Job) -> None:
        """Queue the event for the webhooks that want it, and for the job's own URL once the job has ended."""
        webhooks = self._webhooks.wanting(event)
        own_url = job.webhook_url if job.ended else None
        if not webhooks and not own_url:
            return
        shown = job_answer(job, Addresses(job.root or self._home, self._signer))
        body, now = to_json({"event": event, "job": shown}), self._clock()
        for webhook in webhooks:
            self._outbox.put(webhook.url, event, body, now, webhook)
        if own_url:
            self._outbox.put(own_url, event, body, now)
