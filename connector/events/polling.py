"""Polling: the same events from the list of jobs, for hosts that cannot be called from outside.

The cursor is not a moment but what the journal knows: the jobs that have ended, and those that are watched until they
do. So nothing depends on clocks, and a job that was created and ended between two looks is news all the same.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable, Collection, Iterable, Sequence

from connector.api.clock import Clock
from connector.api.endpoints import Api, Object
from connector.errors import NotFound, TemporaryError
from connector.events.event import KINDS, ended_as, usable_id
from connector.events.handing import Handler, Handover
from connector.events.journal import FINAL, KEPT, Journal
from connector.events.opening import OWN, seconds
from connector.redact import redact

log = logging.getLogger("connector.events")

SOURCE = f"{OWN}poll"
_News = tuple[str, Object]
_FACT = "polling"
_PAGE = 100
_SINGLY = 25  # watched jobs further down the list are asked for one by one, up to so many
_GROWTH = 1.5
_GLANCE = 1.0  # seconds between looks at `stop` and at what failed handlers are due to get again


def poll(
    api: Api,
    journal: Journal,
    handler: Handler,
    *,
    kinds: Collection[str] = KINDS,
    interval: float = 30.0,
    longest: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
) -> None:
    """Look for events every `interval` seconds, and hand each on once, until `stop` says so.

    With `longest`, the interval grows up to so many seconds while nothing happens. The first look of a journal tells
    nothing: it begins there. Raises ConnectorError where another look would not help, e.g. ConnectionInvalid.
    """
    clock = clock or api.session.clock
    poller, handover = Poller(api, journal), Handover(journal, handler, api=api, kinds=kinds, stop=stop)
    pause = interval
    while not stop():
        found, delay = _look(poller)
        pause = interval if found or longest is None else max(interval, min(longest, pause * _GROWTH))
        end = clock.monotonic() + max(pause, delay)
        handover.drain()
        while not stop() and (left := end - clock.monotonic()) > 0:
            clock.sleep(min(_GLANCE, left))
            handover.drain()


def _look(poller: Poller) -> tuple[int, float]:
    """How many news there were, and the delay that the server asks for."""
    try:
        return poller.look(), 0.0
    except TemporaryError as error:
        log.warning("%s The list of jobs is looked at again later.", redact(str(error)))
        return 0, error.retry_after or 0.0


class Poller:
    """Looks at the list of jobs and stores what is new in the journal."""

    def __init__(self, api: Api, journal: Journal) -> None:
        self._api = api
        self._journal = journal

    def look(self) -> int:
        """Store what happened since the last look, oldest first, and give how many deliveries that were.

        Goes down the list, newest first, to a whole page without news, but at least beyond the last news of the look
        before: when a job is deleted while pages are read, another slips unseen from one page to the one before it,
        and is found by going as far down once more.
        """
        cursor = self._journal.fact(_FACT)
        if cursor is None:
            return self._begin()
        news: list[_News] = []
        seen: set[str] = set()
        watched = self._journal.unfinished()
        listed = self._api.pages("/jobs", {"include": "tasks", "per_page": _PAGE})
        while page := _usable(itertools.islice(listed, _PAGE)):
            passed = cursor["deepest"] is None or cursor["deepest"] in seen
            fresh = self._news_on(page, seen)
            news[:0] = fresh
            if passed and not fresh and len(watched - seen) <= _SINGLY:
                break
        deepest = news[0][1]["id"] if news else None
        news += [one for job_id in sorted(watched - seen) for one in self._news_of_watched(job_id)]
        return self._store(news, deepest)

    def _begin(self) -> int:
        """What is there at the first look is no news; what has not ended is watched."""
        self._journal.record(_usable(self._api.pages("/jobs", {"per_page": _PAGE})))
        return self._store([], None)

    def _store(self, news: Sequence[_News], deepest: str | None) -> int:
        stored = [
            self._journal.store(SOURCE, (name, job["id"], ""), json.dumps({"event": name, "job": job}).encode())
            for name, job in news
        ]
        count = sum(one.result() for one in stored)
        self._journal.keep(_FACT, {"deepest": deepest})
        return count

    def _news_on(self, page: Sequence[Object], seen: set[str]) -> list[_News]:
        """The news on a page, oldest first. Adds the page's jobs to `seen`; a job may slip down and come again."""
        known = self._journal.statuses([job["id"] for job in page])
        unseen = [job for job in reversed(page) if job["id"] not in seen]
        seen.update(job["id"] for job in page)
        news = [one for job in unseen for one in self._news_of(job, known.get(job["id"]))]
        fresh = {job["id"] for _, job in news}
        self._journal.record(job for job in page if job["id"] in known and job["id"] not in fresh)
        return news

    def _news_of(self, job: Object, known: str | None) -> list[_News]:
        """What the job's state tells beyond the known one; None is a job that was never seen."""
        how = ended_as(job.get("status"))
        if known in FINAL or (known is None and self._is_ancient(job)):
            return []
        names = [*(["job.created"] if known is None else []), *([f"job.{how}"] if how else [])]
        if names and "tasks" not in job:
            try:
                job = self._api.job(job["id"])
            except NotFound:
                return []
        return [(name, job) for name in names]

    def _news_of_watched(self, job_id: str) -> list[_News]:
        """The same for a watched job that is further down the list, or was deleted."""
        try:
            job = self._api.job(job_id)
        except NotFound:
            self._journal.record([{"id": job_id, "status": "deleted"}])
            return []
        self._journal.record([job] if ended_as(job.get("status")) is None else [])
        return self._news_of(job, "")

    def _is_ancient(self, job: Object) -> bool:
        """Whether the journal may have known the job and forgotten it since; services of one's own may keep jobs."""
        return (
            ended_as(job.get("status")) is not None and seconds(job.get("ended_at")) < self._journal.clock.time() - KEPT
        )


def _usable(jobs: Iterable[Object]) -> list[Object]:
    return [job for job in jobs if isinstance(job, dict) and usable_id(job.get("id"))]
