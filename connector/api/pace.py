"""Watches how fast a transfer goes, so that one that crawls comes to an end."""

from __future__ import annotations

from connector.api.clock import Clock, Deadline
from connector.api.policy import SLOWEST, SLOWEST_WINDOW, longest_transfer
from connector.errors import TransferError


class Pace:
    """One transfer with all its tries. `what` names it in sentences; `size` is in bytes, 0 where it is not known yet."""

    def __init__(self, what: str, size: int, clock: Clock) -> None:
        self.size = size
        self._what = what[0].upper() + what[1:]
        self._clock = clock
        self._begun = clock.monotonic()
        self._furthest = 0
        self.begin_try()

    def begin_try(self) -> None:
        """The connection is made again; what has moved before does not count for the rate."""
        self._window, self._moved = Deadline(SLOWEST_WINDOW, self._clock), 0

    def moved(self, count: int, done: int) -> None:
        """So many bytes more have moved, `done` in all. Raises TransferError if it goes too slowly."""
        self._moved += count
        self._furthest = max(self._furthest, done)
        if self._window.left() <= 0:
            if self._moved < SLOWEST * SLOWEST_WINDOW:
                raise self._error(f"moved slower than {SLOWEST:,} bytes a second")
            self.begin_try()
        self.check()

    def check(self) -> None:
        """Raises TransferError if it has taken too long in all. Where the size is not known, what has moved counts."""
        limit = longest_transfer(max(self.size, self._furthest))
        if self._clock.monotonic() - self._begun > limit:
            raise self._error(f"took longer than {limit:.0f} seconds")

    def _error(self, how: str) -> TransferError:
        return TransferError(f"{self._what} {how}, and was given up. Try again later.")
