"""What to do when a request did not go well: a table and pure functions. No I/O here.

Sources of the numbers: full jitter and the token bucket as in AWS's standard retry mode; attempts per kind of call so
that nothing that costs credits is ever sent blindly twice.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum


class Outcome(Enum):
    """How a request ended, as far as retrying cares."""

    NOT_SENT = "the connection could not be made, so the server has seen nothing"
    NO_ANSWER = "it was sent, but no (whole) answer came"
    THROTTLED = "429, or 503 with a delay: refused before anything was done"
    FAILED = "408, 500, 502, 503, 504: something went wrong there"


MAYBE_DONE = frozenset({Outcome.NO_ANSWER, Outcome.FAILED})
"""After these nobody knows whether the request was carried out."""


@dataclass(frozen=True)
class Policy:
    """How often a kind of call is tried, and after which outcomes. Delays are in seconds."""

    attempts: int
    retry: frozenset[Outcome]
    base: float = 0.5
    cap: float = 20.0


SAFE = Policy(5, frozenset(Outcome))
"""Reads, deletes and cancels: doing them twice does no harm."""

CREATE = Policy(3, frozenset({Outcome.NOT_SENT, Outcome.THROTTLED}))
"""What makes a job or task: sent again only if it was surely not executed."""

ONCE = Policy(1, frozenset())
"""Calls whose retrying is decided by somebody else."""

LONGEST_RETRY_AFTER = 60.0
"""A longer delay asked for by the server is handed to the caller instead of slept through, in seconds."""

SLOWEST, SLOWEST_WINDOW = 1000, 30.0
"""A transfer that moves fewer bytes a second than this, over so many seconds, is given up."""

GRACE, SLOWEST_AVERAGE = 60.0, 50_000
"""A whole transfer may take so many seconds, and one more for each so many bytes, all its tries together."""


def policy_of(method: str, path: str) -> Policy:
    """How a request that nobody watches over is repeated: freely, unless doing it twice would make something twice."""
    return SAFE if method in ("GET", "DELETE") or is_cancel(method, path) else CREATE


def is_cancel(method: str, path: str) -> bool:
    """Whether the request cancels a task: the one POST that makes nothing."""
    return method == "POST" and path.endswith("/cancel")


def was_done_before(method: str, path: str, status: int, earlier: Collection[Outcome]) -> bool:
    """Whether a refusal only shows that an earlier try, whose answer was lost, has worked.

    What was to be deleted is gone; what was to be cancelled has ended.
    """
    if MAYBE_DONE.isdisjoint(earlier):
        return False
    return status in (404, 410) if method == "DELETE" else is_cancel(method, path) and status in (400, 422)


def longest_transfer(size: int) -> float:
    """Seconds that the transfer of so many bytes may take."""
    return GRACE + size / SLOWEST_AVERAGE


def outcome_of(status: int, *, has_retry_after: bool) -> Outcome | None:
    """What a status means for retrying; None where the answer is final."""
    if status == 429 or (status == 503 and has_retry_after):
        return Outcome.THROTTLED
    return Outcome.FAILED if status in (408, 500, 502, 503, 504) else None


def backoff(policy: Policy, attempt: int, chance: float) -> float:
    """Seconds before the attempt after `attempt` (from 1): full jitter over a doubling ceiling."""
    return float(chance * min(policy.cap, policy.base * 2 ** (attempt - 1)))


def delay_before_next(
    policy: Policy, attempt: int, outcome: Outcome, retry_after: float | None, chance: float
) -> float | None:
    """Seconds to wait before trying again, or None to give up."""
    if attempt >= policy.attempts or outcome not in policy.retry:
        return None
    if retry_after is None:
        return backoff(policy, attempt, chance)
    return retry_after if retry_after <= LONGEST_RETRY_AFTER else None


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Seconds asked for by a Retry-After header: a number (also decimal) or an HTTP date; of several, the longest.

    None for what is absent, malformed, zero, negative or past: then the normal backoff decides. (urllib3 raises
    InvalidHeader for the malformed ones, right out of its retry logic.)
    """
    delays = [_one_retry_after(part.strip(), now) for part in _parts(value or "")]
    positive = [delay for delay in delays if delay is not None and delay > 0]
    return max(positive, default=None)


def _parts(value: str) -> list[str]:
    """Repeated headers come joined by commas; so do the two halves of an HTTP date."""
    return [value] if _date(value, 0) is not None else value.split(",")


def _one_retry_after(text: str, now: float) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return _date(text, now)
    return seconds if math.isfinite(seconds) else None


def _date(text: str, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    # RFC 9110 dates are in GMT, but "-0000" parses as naive.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.timestamp() - now


class Bucket:
    """Keeps a dead service cheap: every retry takes tokens, every success gives some back. Shared by all threads.

    A retry after silence costs twice as much: it has taken the service a whole timeout. And retries take turns, at most
    20 a second: full jitter alone lets those of many threads come together.
    """

    def __init__(self, capacity: int = 500, cost: int = 5, gap: float = 0.05) -> None:
        self._capacity = capacity
        self._tokens = capacity
        self._cost = cost
        self._gap = gap
        self._turn = float("-inf")
        self._lock = threading.Lock()

    def take(self, outcome: Outcome) -> bool:
        """Whether a retry after this outcome may be made."""
        cost = self._cost * (2 if outcome is Outcome.NO_ANSWER else 1)
        with self._lock:
            if self._tokens < cost:
                return False
            self._tokens -= cost
            return True

    def turn(self, now: float) -> float:
        """Seconds until it is this retry's turn; `now` is the monotonic clock's."""
        with self._lock:
            self._turn = max(now, self._turn + self._gap)
            return self._turn - now

    def give_back(self) -> None:
        """A request went well."""
        with self._lock:
            self._tokens = min(self._capacity, self._tokens + 1)
