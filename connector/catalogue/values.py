"""One option's value: brought to the declared type, or the words for what it must be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from connector.catalogue.model import Option
from connector.fields import Boolean, Integer, Pairs
from connector.fields.base import json_or_text

_WORDS = {"integer": "a whole number", "float": "a number", "boolean": "yes or no", "dictionary": "names with values"}
_MOST_WORDS = 40  # of a list in a sentence


def coerce(option: Option, value: Any) -> Any:
    """The value as the option's type: platforms send numbers and booleans as text. Raises ValueError if it is none."""
    convert = _CONVERT.get(option.type)
    if convert is None:
        return value
    try:
        return convert(option, value)
    except (ma.ValidationError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def in_range(option: Option, value: Any) -> bool:
    """Whether a coerced value lies between the option's minimum and maximum."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return (option.minimum is None or value >= option.minimum) and (option.maximum is None or value <= option.maximum)


def allowed(option: Option) -> str:
    """What the option takes, to follow "must be"."""
    if option.possible_values:
        return f"one of {listed(map(_word, option.possible_values))}"
    return _WORDS.get(option.type, "text") + _bounds(option)


def listed(names: Any) -> str:
    """Names one after the other; of very many the first ones."""
    every = list(names)
    shown = ", ".join(every[:_MOST_WORDS])
    return f"{shown} and {len(every) - _MOST_WORDS} more" if len(every) > _MOST_WORDS else shown


def _bounds(option: Option) -> str:
    if option.minimum is not None and option.maximum is not None:
        return f" from {option.minimum:g} to {option.maximum:g}"
    least = f" of at least {option.minimum:g}" if option.minimum is not None else ""
    return f" of at most {option.maximum:g}" if option.maximum is not None else least


def _integer(_: Option, value: Any) -> int:
    return int(Integer("").deserialize(value))


def _boolean(_: Option, value: Any) -> bool:
    return bool(Boolean("").deserialize(value))


def _float(_: Option, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    # A whole number stays one, so that 1 goes out as 1 and not as 1.0.
    return int(number) if number.is_integer() and "." not in str(value) else number


def _string(_: Option, value: Any) -> Any:
    if isinstance(value, list):
        return [_string(_, item) for item in value]  # e.g. names of import tasks
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _enum(option: Option, value: Any) -> Any:
    """The allowed value that is meant, whatever its capitals; a list is taken item by item."""
    if not option.possible_values:
        return _string(option, value)
    if isinstance(value, list):
        return [_enum(option, item) for item in value]
    by_word = {_word(one): one for one in option.possible_values}
    if _word(value) in by_word:
        return by_word[_word(value)]
    close = [one for word, one in by_word.items() if word.lower() == _word(value).strip().lower()]
    if len(close) != 1:
        raise ValueError
    return close[0]


def _dictionary(_: Option, value: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = Pairs("").deserialize(json_or_text(value) if isinstance(value, str) else value)
    return found


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_CONVERT: dict[str, Callable[[Option, Any], Any]] = {
    "integer": _integer,
    "boolean": _boolean,
    "float": _float,
    "string": _string,
    "enum": _enum,
    "dictionary": _dictionary,
}
