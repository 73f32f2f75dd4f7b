"""What is known without the service: well-known formats, engines and options as of one day.

Old by nature and not complete: it fills lists when the service cannot be reached, and refuses nothing. Sources:
CloudConvert's API documentation and its official clients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from connector.catalogue.model import Operation, Option
from connector.catalogue.snapshot.formats import GROUP_OF, PAIRS
from connector.catalogue.snapshot.options import OPTIONS, Options

DATE = "2026-11-22"
"""The day on which it was put together."""

__all__ = ["DATE", "rows", "with_range"]


@dataclass(frozen=True)
class _Pair:
    operation: str
    engine: str
    input_format: str | None
    output_format: str | None


@cache
def rows() -> tuple[Operation, ...]:
    """Every known way to do something; of several for one pair the service's first choice first."""
    return tuple(
        Operation(
            pair.operation,
            pair.input_format,
            pair.output_format,
            pair.engine,
            group=GROUP_OF.get(pair.input_format or pair.output_format or "", ""),
            options=_options(pair),
        )
        for pair in dict.fromkeys(_pairs())
    )


def with_range(option: Option) -> Option:
    """The option with the range that is documented for its name, if it is a number and has none of its own."""
    known = _ranges().get(option.name)
    if known is None or option.type not in ("integer", "float") or (option.minimum, option.maximum) != (None, None):
        return option
    return replace(option, minimum=known[0], maximum=known[1], assumed_range=True)


@cache
def _ranges() -> dict[str, tuple[float | None, float | None]]:
    options = [option for rule in OPTIONS for option in rule.options]
    return {
        option.name: (option.minimum, option.maximum)
        for option in options
        if (option.minimum, option.maximum) != (None, None)
    }


def _pairs() -> Iterator[_Pair]:
    for rule in PAIRS:
        for source, target in product(rule.inputs or (None,), rule.outputs or (None,)):
            if source != target or rule.to_itself:
                yield _Pair(rule.operation, rule.engine, source, target)


def _options(pair: _Pair) -> tuple[Option, ...]:
    rules = _rules(pair.operation, pair.engine)
    return tuple(o for rule in rules if rule.has(pair.input_format, pair.output_format) for o in rule.options)


@cache
def _rules(operation: str, engine: str) -> tuple[Options, ...]:
    return tuple(rule for rule in OPTIONS if rule.belongs_to(operation, engine))
