"""The rate limit on creating jobs and tasks."""

from __future__ import annotations

import math
from collections.abc import Callable

from connector.sandbox.problems import ApiError

WINDOW_SECONDS = 60.0


class RateLimit:
    """At most `most` creations in a minute, counted from the first of them; None for no limit."""

    def __init__(self, most: int | None, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._since = 0.0
        self._taken = 0

    def take(self) -> dict[str, str]:
        """Count one creation; the headers that tell of it. Raises ApiError 429 when there were enough."""
        if self._most is None:
            return {}
        now = self._clock()
        if not 0 <= now - self._since < WINDOW_SECONDS:
            self._since, self._taken = now, 0
        if self._taken >= self._most:
            wait = math.ceil(self._since + WINDOW_SECONDS - now)
            headers = {**self._headers(), "Retry-After": str(max(1, wait))}
            raise ApiError(429, "TOO_MANY_REQUESTS", "Too Many Attempts.", headers=headers)
        self._taken += 1
        return self._headers()

    def _headers(self) -> dict[str, str]:
        most = self._most or 0
        return {"X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(most - self._taken)}
