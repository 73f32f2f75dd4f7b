"""One input from its claim to its end, in the thread that waits for it: tried again where an error may pass."""

from __future__ import annotations

from dataclasses import replace

from connector.api.clock import Deadline
from connector.api.endpoints import Api
from connector.api.policy import Policy, backoff
from connector.bulk.entry import Entry, LeaseLost
from connector.bulk.work import FATAL, LOST, Notes, Work, as_data, credits_of, stays
from connector.errors import ConnectorError, NotFound, RateLimited, TemporaryError, WaitExceeded
from connector.runtime import Record

DELAYS = Policy(attempts=0, retry=frozenset(), base=2.0, cap=60.0)
_LONGEST = 3600.0  # seconds; whoever asks for more patience does not get it


class Attempt:
    """One input on its way."""

    def __init__(self, api: Api, work: Work, entry: Entry, notes: Notes, retries: int) -> None:
        self._api = api
        self._clock = api.session.clock
        self._work = work
        self._entry = entry
        self._notes = notes
        self._retries = retries
        self._failures = 0
        self._limited: Deadline | None = None

    def run(self) -> tuple[Record, float]:
        """The outputs and what they cost, noted as done. Raises ConnectorError, noted as well."""
        while True:
            try:
                self._work.require_safe(self._entry)
                outputs, spent = self._once()
            except LeaseLost:
                raise
            except ConnectorError as error:
                self._after(error)
            else:
                self._notes.finish(self._entry, as_data(outputs), spent)
                self._work.tidy(self._entry)
                return outputs, spent

    def _once(self) -> tuple[Record, float]:
        if not self._work.makes_job:
            return self._work.execute(self._api), 0.0
        job = self._work.begin(self._api, self._entry, self._made)
        if self._work.is_awaited:
            job = self._work.wait(self._api, job)
        return self._work.outputs(self._api, job, self._entry), credits_of(job)

    def _made(self, job_id: str) -> None:
        if job_id != self._entry.job_id:
            self._entry = self._notes.made(self._entry, job_id)

    def _after(self, error: ConnectorError) -> None:
        """Get ready for the next try, or note that there is none and raise the error."""
        if isinstance(error, FATAL):
            self._notes.release(self._entry)
            raise error
        if isinstance(error, NotFound) and self._entry.job_id and self._entry.lost < LOST:
            self._work.clear(self._entry)
            self._entry = self._notes.afresh(self._entry)  # the job was deleted since, with all it had made
            return
        delay = self._delay(error)
        if delay is None:
            self._notes.fail(self._entry, error.to_dict(), taken_up=stays(error))
            raise error
        if stays(error) and not isinstance(error, RateLimited):
            self._entry = replace(self._entry, asked=True)
        self._clock.sleep(delay)

    def _delay(self, error: ConnectorError) -> float | None:
        """Seconds until the next try; None where there is none. Being told to slow down is no failure of the input."""
        if not isinstance(error, TemporaryError) or isinstance(error, WaitExceeded):
            return None
        if isinstance(error, RateLimited):
            self._limited = self._limited or Deadline(_LONGEST, self._clock)
            delay = error.retry_after or backoff(DELAYS, 1, self._clock.random())
            return delay if delay <= self._limited.left() else None
        self._failures += 1
        if self._failures > self._retries:
            return None
        return min(_LONGEST, error.retry_after or backoff(DELAYS, self._failures, self._clock.random()))
