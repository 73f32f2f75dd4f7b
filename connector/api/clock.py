"""Time and chance in one place, so that tests can hand in their own."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field


class Clock:
    """The real clock. `monotonic` never jumps, so deadlines hold when somebody sets the wall clock."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    def time(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def random(self) -> float:
        """A number from 0 up to 1."""
        return random.random()  # noqa: S311 - jitter, not cryptography


@dataclass
class Deadline:
    """A moment after which an operation must not go on."""

    seconds: float
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self._end = self.clock.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds left; negative once it has passed."""
        return self._end - self.clock.monotonic()
