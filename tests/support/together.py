"""One clock for several threads: time passes when all of them sleep, up to the moment at which the first one wakes."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from connector.api.clock import Clock


class SharedClock(Clock):
    """For `count` threads that are run by `together`. Begins at 0."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._awake = count
        self._now = 0.0
        self._sleepers: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._chance = random.Random(seed)
        self._turn = threading.Condition()

    def monotonic(self) -> float:
        return self._now

    def time(self) -> float:
        return 1_700_000_000.0 + self._now

    def random(self) -> float:
        return self._chance.random()

    def sleep(self, seconds: float) -> None:
        with self._turn:
            me = (self._now + seconds, next(self._numbers))
            heapq.heappush(self._sleepers, me)
            self._rest()
            while me in self._sleepers:
                self._turn.wait()

    def _rest(self) -> None:
        """One thread fewer is awake; the last one wakes the next."""
        self._awake -= 1
        if self._awake == 0 and self._sleepers:
            self._now, _ = heapq.heappop(self._sleepers)
            self._awake = 1
            self._turn.notify_all()

    def together(self, work: Callable[[int], object]) -> None:
        """Run it in all the threads at once, with the number of each."""

        def one(number: int) -> None:
            try:
                work(number)
            finally:
                with self._turn:
                    self._rest()

        with ThreadPoolExecutor(self._count) as pool:
            for done in [pool.submit(one, number) for number in range(self._count)]:
                done.result()
