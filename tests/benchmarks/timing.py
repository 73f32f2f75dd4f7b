"""Contenders timed in turn, so that whatever else the machine does meets all of them."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Samples:
    """The seconds that each contender took, round by round."""

    seconds: Mapping[str, Sequence[float]]

    def median(self, name: str) -> float:
        """The contender's median in seconds."""
        return statistics.median(self.seconds[name])

    def ratio(self, one: str, other: str) -> float:
        """How many times longer `one` takes: the median over the rounds, since each round has its own weather."""
        return statistics.median(a / b for a, b in zip(self.seconds[one], self.seconds[other], strict=True))

    def more(self, one: str, other: str) -> float:
        """How many seconds longer `one` takes: the median over the rounds."""
        return statistics.median(a - b for a, b in zip(self.seconds[one], self.seconds[other], strict=True))

    def milliseconds(self) -> dict[str, float]:
        """Every contender's median, for the report."""
        return {f"{name}_ms": round(self.median(name) * 1000, 3) for name in self.seconds}


def side_by_side(rounds: int, /, *, warm: int = 1, **contenders: Work) -> Samples:
    """Each contender once a round, in an order that turns; the first `warm` rounds do not count.

    A contender that returns a float has measured its seconds itself, e.g. in another process.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    gc.collect()
    gc.freeze()  # what the suite itself holds is not searched for garbage again and again while somebody is timed
    try:
        for number in range(-warm, rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                took = timed(contenders[name])
                if number >= 0:
                    seconds[name].append(took)
    finally:
        gc.unfreeze()
    return Samples(seconds)


def timed(work: Work, clock: Callable[[], float] = time.perf_counter) -> float:
    """The seconds that it took, or that it says it took."""
    began = clock()
    told = work()
    return told if isinstance(told, float) else clock() - began


def slope(costs: Mapping[int, float]) -> float:
    """The exponent by which cost grows over the last step: 1 is linear, 2 quadratic, 0 does not grow.

    The earlier steps are mostly fixed cost, and would hide what grows.
    """
    *_, (before, cheap), (after, dear) = sorted(costs.items())
    return math.log(dear / cheap) / math.log(after / before)
