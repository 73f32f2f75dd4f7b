"""What a measure gives: rows, each held against a bar."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.bench import Bench

Measure = Callable[["Bench"], Iterable["Row"]]


class LeftOut(Exception):
    """The measure cannot run here; the text says what is missing."""


@dataclass(frozen=True)
class Row:
    """One line of the table. `held` is None where nothing was promised, or where it could not be measured."""

    what: str
    measured: str
    bar: str = ""
    held: bool | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """A promise about one number, e.g. `at most 1.25 x the floor`: unit "x", than "the floor"."""

    limit: float
    unit: str
    than: str = ""
    least: bool = False

    def holds(self, value: float) -> bool:
        """Whether the number keeps the promise."""
        return value >= self.limit if self.least else value <= self.limit

    def row(self, what: str, value: float, numbers: Mapping[str, float] = {}) -> Row:
        """The line for a measured value."""
        parts = ("at least" if self.least else "at most", _number(self.limit), self.unit, self.than)
        words = " ".join(filter(None, parts))
        return Row(what, f"{_number(value)} {self.unit}".rstrip(), words, self.holds(value), dict(numbers))


def at_most(limit: float, unit: str, than: str = "") -> Bar:
    """The number may not be larger."""
    return Bar(limit, unit, than)


def at_least(limit: float, unit: str, than: str = "") -> Bar:
    """The number may not be smaller."""
    return Bar(limit, unit, than, least=True)


def exactly(what: str, fits: bool, promise: str, numbers: Mapping[str, float] = {}) -> Row:
    """A line for what is so or not, without a number that could be near."""
    return Row(what, "yes" if fits else "no", promise, fits, dict(numbers))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


_measures: dict[str, Measure] = {}


def measure(name: str) -> Callable[[Measure], Measure]:
    """Enter a function under this name, which `--only` knows."""

    def enter(function: Measure) -> Measure:
        _measures[name] = function
        return function

    return enter


@functools.cache
def all_measures() -> dict[str, Measure]:
    """Every measure by name, theme after theme."""
    from tests.benchmarks import themes

    for info in pkgutil.iter_modules(themes.__path__):
        importlib.import_module(f"{themes.__name__}.{info.name}")
    return dict(sorted(_measures.items(), key=lambda item: item[1].__module__))
