"""Time that stands still until somebody sleeps."""

from __future__ import annotations

from connector.api.clock import Clock


class FakeClock(Clock):
    """Sleeping moves it, and is written down in `slept`.

    `chance` is what `random` gives. `tick` is how far every look at `monotonic` moves it, in seconds: for code that
    waits for the network, not for the clock.
    """

    def __init__(self, *, now: float = 1_700_000_000.0, chance: float = 0.5, tick: float = 0.0) -> None:
        self.now = now
        self.chance = chance
        self.tick = tick
        self.slept: list[float] = []

    def monotonic(self) -> float:
        self.now += self.tick
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def random(self) -> float:
        return self.chance
