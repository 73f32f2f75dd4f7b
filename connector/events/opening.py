"""Opening: a stored document becomes the events that it stands for, once the API has confirmed what it tells.

A signature says who sent a document, not when: it may be a replay, and a secret may leak. So the job is fetched by its
id with one's own credential, and only that state is believed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from connector.api.endpoints import Api, Object
from connector.errors import ConnectorError, NotFound
from connector.events.event import ended_as, events_of, job_of, kind_of, tasks_of
from connector.events.journal import KEPT, Delivery, Journal
from connector.redact import redact

log = logging.getLogger("connector.events")

OWN = "own:"
"""Begins the source of a delivery that was asked for with one's own credential, and needs no check."""

_BATCH = 64
_LOOKERS = 8  # requests at a time
_EARLY_LOOKS = 5  # times that a job may not yet be in the state that its event tells
_OLDEST = 48 * 3600.0  # jobs are deleted 24 hours after they ended; an older one comes from a replay
_LONGEST_DELAY = 3600.0


class _Dropped(Exception):
    """The delivery is not to be believed; the text says why."""


class _PutOff(Exception):
    """It cannot be told yet; the text says why."""


class Opener:
    """Opens the journal's deliveries. With `api` None the signed document is believed as it is."""

    def __init__(self, journal: Journal, api: Api | None, kinds: Collection[str]) -> None:
        self._journal = journal
        self._api = api
        self._kinds = frozenset(kinds)

    def open_due(self) -> int:
        """Open some of the deliveries that are due, and give how many were looked at."""
        pairs = [(delivery, json.loads(delivery.body)) for delivery in self._journal.deliveries(_BATCH)]
        found = self._look_up({job_of(document)["id"] for delivery, document in pairs if self._doubts(delivery)})
        for delivery, document in pairs:
            self._open(delivery, document, found.get(job_of(document)["id"]) if self._doubts(delivery) else None)
        return len(pairs)

    def _doubts(self, delivery: Delivery) -> bool:
        return self._api is not None and not delivery.source.startswith(OWN)

    def _look_up(self, job_ids: Collection[str]) -> dict[str, Object | ConnectorError]:
        """For each id the job, or the error that came instead."""
        if not job_ids:
            return {}
        with ThreadPoolExecutor(min(_LOOKERS, len(job_ids))) as pool:
            return dict(zip(job_ids, pool.map(self._look, job_ids), strict=True))

    def _look(self, job_id: str) -> Object | ConnectorError:
        assert self._api is not None  # noqa: S101 - nothing is doubted without it
        try:
            return self._api.job(job_id)
        except ConnectorError as error:
            return error

    def _open(self, delivery: Delivery, document: Mapping[str, Any], found: Object | ConnectorError | None) -> None:
        title = f"{document['event']} of job {job_of(document)['id']}"
        try:
            job = self._believed(delivery, document, found)
            settled = self._settled(document, job)
            self._journal.open(delivery, settled, events_of(settled, self._kinds))
        except _PutOff as why:
            log.info("%s is put off: %s", title, why)
            self._journal.later("deliveries", delivery.number, delay_after(delivery.attempts))
        except Exception as why:  # noqa: BLE001 - one odd document must not hold up all others
            log.warning("%s is dropped: %s", title, redact(str(why)))
            self._journal.drop("deliveries", delivery.number)

    def _believed(
        self, delivery: Delivery, document: Mapping[str, Any], found: Object | ConnectorError | None
    ) -> Mapping[str, Any]:
        """The job in the state to go by. Raises _Dropped or _PutOff."""
        if found is None:
            if not delivery.source.startswith(OWN) and self._is_too_old(job_of(document)):
                raise _Dropped("its job is older than two days.")
            return job_of(document)
        if isinstance(found, NotFound):
            raise _Dropped(f"{found} It may be another account's, or invented.")
        if isinstance(found, ConnectorError):
            if self._journal.clock.time() - delivery.received_at > KEPT:
                raise _Dropped(f"{found} It is given up after seven days.")
            raise _PutOff(str(found))
        _compare(document, found, is_early=delivery.attempts < _EARLY_LOOKS)
        return found

    def _is_too_old(self, job: Mapping[str, Any]) -> bool:
        latest = max(seconds(job.get(name)) for name in ("created_at", "started_at", "ended_at"))
        return 0 < latest < self._journal.clock.time() - _OLDEST

    def _settled(self, document: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, Any]:
        """The document with the job as far as it is known: an event that comes late does not turn it back."""
        known, said = self._journal.status(job["id"]), job.get("status")
        status = known if ended_as(known) and not ended_as(said) else said
        settled = {"event": document["event"], "job": {**job, "status": status}}
        return settled if "task" not in document else {**settled, "task": _task(document, job) or document["task"]}


def _compare(document: Mapping[str, Any], job: Object, *, is_early: bool) -> None:
    """Raise _Dropped where the API contradicts the document, _PutOff where it may only be slower."""
    about = _task(document, job) if "task" in document else job
    if about is None:
        raise _Dropped("the job has no such task.")
    told, is_now = kind_of(str(document["event"])), ended_as(about.get("status"))
    if told in ("created", is_now):
        return
    if is_now is None and is_early:
        raise _PutOff("the API does not know of it yet.")
    raise _Dropped(f"for the API it is {about.get('status')}.")


def _task(document: Mapping[str, Any], job: Mapping[str, Any]) -> Object | None:
    """The document's task as the job tells of it."""
    return next((task for task in tasks_of(job) if task["id"] == document["task"]["id"]), None)


def delay_after(attempts: int) -> float:
    """Seconds before the next attempt: 1, 2, 4 ... up to an hour."""
    return float(min(_LONGEST_DELAY, 2.0 ** min(attempts, 20)))


def seconds(moment: object) -> float:
    """Seconds since 1970; 0 for what is no moment."""
    try:
        return datetime.fromisoformat(str(moment)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
