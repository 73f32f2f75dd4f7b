"""What a worker does with an item that is due: one step, and never a wait. Whoever is next goes on from the ledger."""

from __future__ import annotations

import functools
import logging
from pathlib import Path

from connector import modules
from connector.api.clock import Deadline
from connector.api.endpoints import Api
from connector.api.gate import Gate
from connector.api.policy import backoff
from connector.bulk.attempts import DELAYS
from connector.bulk.entry import Entry, LeaseLost
from connector.bulk.ledger import Ledger
from connector.bulk.run import Run
from connector.bulk.work import FATAL, LOST, Work, as_data, credits_of, stays, unexpected
from connector.connection import Connection
from connector.errors import ConnectorError, NotFound, RateLimited, TemporaryError
from connector.runtime.wait import has_ended

log = logging.getLogger("connector.bulk")

RETRIES = 5
"""How many errors that may pass an item may meet."""

_LOOKS = (1.0, 1.5, 30.0)  # seconds to the first look at a job, growth, longest
_FATAL_PAUSE = 60.0  # seconds after which it is tried whether the key, the credits or the disk are good again


class Visits:
    """Looks at items of a ledger. Can be shared by threads; the connection must be nobody else's."""

    def __init__(self, ledger: Ledger, connection: Connection) -> None:
        self._ledger = ledger
        self._rows = ledger.rows
        self._api = connection.api
        self._api.session.gate = _PassOn(self._api.session.clock)
        self._run = functools.cache(ledger.run)

    def visit(self, item: int) -> None:
        """Take the item a step further: make its job, look whether that has ended, fetch its files."""
        if self._ledger.schedule.paused()[0]:
            self._ledger.schedule.give_back([item])
            return
        entry = self._rows.take(item)
        if entry is None or not entry.holder:
            return  # it has ended, or somebody else is at it: the message came twice
        try:
            _Visit(self._api, self._ledger, entry, self._run(entry.run)).go()
        except LeaseLost as lost:
            log.warning("%s", lost)


class _PassOn(Gate):
    """Tells the others of a pause instead of waiting for its end, which would hold a slot."""

    def close(self, seconds: float) -> None:
        raise RateLimited("CloudConvert takes no more requests at the moment.", retry_after=seconds)

    def enter(self, deadline: Deadline) -> None:
        """Nobody waits here."""


class _Visit:
    def __init__(self, api: Api, ledger: Ledger, entry: Entry, run: Run) -> None:
        self._api = api
        self._ledger = ledger
        self._rows = ledger.rows
        self._entry = entry
        self._run = run
        self._work: Work | None = None

    def go(self) -> None:
        try:
            self._step()
        except LeaseLost:
            raise
        except ConnectorError as error:
            self._after(error)
        except Exception as error:
            log.debug("An unexpected error.", exc_info=error)
            self._after(TemporaryError(unexpected(error)))

    def _step(self) -> None:
        work = self._work = self._filled_in()
        work.require_safe(self._entry)
        job = work.begin(self._api, self._entry, self._made)
        if not has_ended(job):
            first, growth, longest = _LOOKS
            return self._release(min(longest, first * growth ** min(self._entry.tries - 1, 20)))
        outputs = work.outputs(self._api, job, self._entry)
        self._rows.finish(self._entry, as_data(outputs), credits_of(job))
        return work.tidy(self._entry)

    def _filled_in(self) -> Work:
        module = modules.find(self._run.module)
        form = module.fill({**self._run.parameters, **(self._entry.form or {})})
        return Work(module, form, Path(self._run.output_dir) if self._run.output_dir else None, self._run.overwrite)

    def _made(self, job_id: str) -> None:
        if job_id != self._entry.job_id:
            self._entry = self._rows.made(self._entry, job_id)

    def _release(self, seconds: float, *, asked: bool = True, failed: bool = False) -> None:
        self._rows.release(self._entry, due=self._ledger.clock.time() + seconds, asked=asked, failed=failed)

    def _after(self, error: ConnectorError) -> None:
        """What an error means for the item, and for everybody."""
        log.info("%s: %s", self._entry.label, error)
        if isinstance(error, (RateLimited, *FATAL)):
            self._pause(error)
        elif isinstance(error, NotFound) and self._entry.job_id and self._entry.lost < LOST:
            if self._work:
                self._work.clear(self._entry)
            self._entry = self._rows.afresh(self._entry)  # the job was deleted since, with all it had made
            self._release(0.0, asked=False)
        elif isinstance(error, TemporaryError) and self._entry.failures < RETRIES:
            delay = backoff(DELAYS, self._entry.failures + 1, self._ledger.clock.random())
            self._release(error.retry_after or delay, failed=True)
        else:
            self._rows.fail(self._entry, error.to_dict(), taken_up=stays(error))

    def _pause(self, error: ConnectorError) -> None:
        """The item is not to blame, and nothing was made: it comes again after the pause."""
        seconds = (error.retry_after or 1.0) if isinstance(error, RateLimited) else _FATAL_PAUSE
        self._ledger.schedule.pause(seconds, str(error))
        self._release(seconds, asked=self._entry.asked)
