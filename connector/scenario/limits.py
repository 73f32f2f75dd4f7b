"""What an expression may cost. A scenario may come from a stranger: it must not fill the memory or run for ever."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from connector.errors import InputError

LONGEST_EXPRESSION = 5_000
"""Letters of a text with expressions."""

LARGEST = 5_000_000
"""Letters of text plus entries of lists that an expression may handle at a time. Bytes are only handed on."""

LONGEST_RANGE = 10_000

_IN_ALL = 10 * LARGEST  # over the whole of one expression
_LARGEST_NUMBER = 4_000  # bits
_spent: ContextVar[list[int] | None] = ContextVar("spent", default=None)


@contextlib.contextmanager
def allowance() -> Iterator[None]:
    """What is weighed inside counts together."""
    token = _spent.set([0])
    try:
        yield
    finally:
        _spent.reset(token)


def weigh(*values: Any) -> int:
    """The letters and entries in the values. Raises InputError as soon as there are too many, also where they repeat."""
    total = 0
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        holds = len(value) if isinstance(value, str | list | tuple | Mapping) else 0
        total += 1 + holds * isinstance(value, str)
        if total + holds > LARGEST:
            raise too_large()
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    _spend(total)
    return total


def _spend(weight: int) -> None:
    spent = _spent.get()
    if spent is not None:
        spent[0] += weight
        if spent[0] > _IN_ALL:
            raise InputError("the expression has too much to do")


def too_large() -> InputError:
    """The error for an expression that handles too much at a time."""
    return InputError("the expression makes more than 5 MB")


def bounded_list(values: Iterable[Any]) -> list[Any]:
    """The values, as long as they do not become too many or too large together."""
    kept = []
    total = 0
    for value in values:
        kept.append(value)
        total += weigh(value)
        if total > LARGEST:
            raise too_large()
    return kept


def bounded_range(*numbers: int) -> list[int]:
    """As Python's, as a list of at most 10,000 numbers."""
    if any(isinstance(number, bool) or not isinstance(number, int) for number in numbers):
        raise InputError("range takes whole numbers")
    wanted = range(*numbers)
    if len(wanted[: LONGEST_RANGE + 1]) > LONGEST_RANGE:
        raise InputError(f"range gives at most {LONGEST_RANGE:,} numbers")
    return list(wanted)


def require_small(operator: str, left: Any, right: Any) -> None:
    """Raise InputError where the result of an operation on two values would be too large."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        _require_small_number(operator, left, right)
    elif operator == "%":
        raise InputError("the operator % is for numbers; join texts with ~")
    elif operator == "+" and weigh(left) + weigh(right) > LARGEST:
        raise too_large()
    elif operator == "*":
        times = max(value for value in (left, right, 0) if isinstance(value, int))
        if weigh(left, right) * times > LARGEST:
            raise too_large()


def _require_small_number(operator: str, left: float, right: float) -> None:
    if isinstance(left, int) and isinstance(right, int) and operator in ("*", "**"):
        bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
        if bits > _LARGEST_NUMBER:
            raise InputError("the expression makes too large a number")
