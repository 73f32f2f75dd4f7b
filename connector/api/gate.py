"""The gate of a session: after a 429 all of its requests wait together, instead of each finding out by itself."""

from __future__ import annotations

import threading

from connector.api.clock import Clock, Deadline
from connector.errors import RateLimited


class Gate:
    """Open until somebody closes it for some seconds. Shared by threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = 0.0

    def close(self, seconds: float) -> None:
        """Let nobody through for so long; a longer pause that goes on already stays."""
        with self._lock:
            self._until = max(self._until, self._clock.monotonic() + seconds)

    def closed_for(self) -> float:
        """Seconds until it opens; 0 when it is open."""
        return max(0.0, self._until - self._clock.monotonic())

    def enter(self, deadline: Deadline) -> None:
        """Wait until it is open. Raises RateLimited where that would be after the deadline."""
        while left := self.closed_for():
            if left > deadline.left():
                raise RateLimited(
                    f"CloudConvert takes no requests for another {left:.0f} seconds.",
                    retry_after=left,
                    hint="Try again then.",
                )
            # Not all in the same moment: whoever comes first may close it again.
            self._clock.sleep(left * (1 + self._clock.random() / 10))
