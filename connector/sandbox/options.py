"""A task's options: coerced to the types that the conversion declares, checked, unknown ones reported."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from connector.sandbox.engines.base import Conversion, EngineError, Option

PLAIN_FIELDS = frozenset(
    {
        "operation",
        "name",
        "input",
        "input_format",
        "output_format",
        "engine",
        "engine_version",
        "filename",
        "timeout",
        "ignore_error",
    }
)
"""What every task may have besides options."""

MAX_TIMEOUT = 18_000
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


def settle(payload: Mapping[str, object], conversion: Conversion, engine: str) -> tuple[dict[str, object], list[str]]:
    """The option values for an engine, defaults filled in, and a sentence for each option that it does not know.

    Raises EngineError INVALID_OPTION for a value that an option cannot have.
    """
    declared = {option.name: option for option in conversion.options}
    given = {name: value for name, value in payload.items() if value is not None}
    values = {option.name: option.default for option in conversion.options if option.default is not None}
    values.update({name: coerce(declared[name], value) for name, value in given.items() if name in declared})
    unknown = [name for name in given if name not in declared and name not in PLAIN_FIELDS]
    return values, [f"The option {name} is not known to {engine} here and was ignored." for name in unknown]


def coerce(option: Option, value: object) -> object:
    """The value as the option's type; text from forms is understood. Raises EngineError INVALID_OPTION."""
    try:
        converted = _CONVERT[option.type](value)
    except (TypeError, ValueError, OverflowError):
        raise _refused(option, value) from None
    allowed = not option.possible_values or str(converted) in option.possible_values
    if not allowed or not _in_range(option, converted):
        raise _refused(option, value)
    return converted


def timeout(value: object) -> float:
    """How long the task may take, in seconds; the service's 5 hours unless a shorter time is given."""
    if value is None or value == "":
        return MAX_TIMEOUT
    return min(float(str(coerce(Option("timeout", "float", minimum=0.001), value))), MAX_TIMEOUT)


def _boolean(value: object) -> bool:
    text = str(value).strip().lower()
    if text not in _TRUE + _FALSE:
        raise ValueError
    return text in _TRUE


def _integer(value: object) -> int:
    number = _float(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _string(value: object) -> str:
    if isinstance(value, list):
        return ",".join(_string(one) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    return str(value)


def _dictionary(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return value


_CONVERT: dict[str, Callable[[object], object]] = {
    "boolean": _boolean,
    "integer": _integer,
    "float": _float,
    "string": _string,
    "enum": _string,
    "dictionary": _dictionary,
}


def _in_range(option: Option, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return (option.minimum is None or value >= option.minimum) and (option.maximum is None or value <= option.maximum)


def _refused(option: Option, value: object) -> EngineError:
    shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
    return EngineError("INVALID_OPTION", f"The option {option.name} cannot be {shown}; it takes {_allowed(option)}.")


def _allowed(option: Option) -> str:
    if option.possible_values:
        return f"one of: {', '.join(option.possible_values)}"
    words = {
        "integer": "a whole number",
        "float": "a number",
        "boolean": "true or false",
        "dictionary": "an object of names and values",
    }
    return words.get(option.type, "a text") + _bounds(option)


def _bounds(option: Option) -> str:
    if option.minimum is not None and option.maximum is not None:
        return f" from {option.minimum:g} to {option.maximum:g}"
    least = f" of at least {option.minimum:g}" if option.minimum is not None else ""
    return f" of at most {option.maximum:g}" if option.maximum is not None else least
