"""The filters of expressions: what Jinja has that can be bounded, and a few for file names."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Undefined
from jinja2.filters import FILTERS

from connector.errors import InputError
from connector.scenario.limits import LARGEST, bounded_list, too_large, weigh

# Left out on purpose: what formats, fills up or repeats (format, center, indent, batch, slice, wordwrap, round, xmlattr),
# because a small argument can ask for gigabytes, and what reads attributes (attr).
_FROM_JINJA = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "title", "trim",
    "truncate", "unique", "upper", "urlencode", "wordcount",
)  # fmt: skip


def as_text(value: Any) -> Any:
    """How a value looks inside a text: nothing for None, JSON for what is neither text nor number."""
    if isinstance(value, Undefined):
        return value
    if isinstance(value, str):
        weigh(value)
        return value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return to_json(value)


def to_json(value: Any) -> str:
    """The value as JSON."""
    weigh(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        kind = "the content of a file" if isinstance(value, bytes) else f"a value of the kind {type(value).__name__}"
        raise InputError(f"{kind} cannot become text") from None


def string(value: Any) -> str:
    """The value as text."""
    return str(as_text(value))


def join(values: Iterable[Any], separator: str = "") -> str:
    """All values as one text."""
    texts = []
    size = 0
    for value in values:
        texts.append(string(value))
        size += len(texts[-1]) + len(separator)
        if size > LARGEST:
            raise too_large()
    return separator.join(texts)


def replace(value: Any, old: str, new: str) -> str:
    """The text with every `old` replaced."""
    text = string(value)
    if text.count(old) * len(new) > LARGEST:
        raise too_large()
    return text.replace(old, new)


def rounded(value: float, digits: int = 0) -> float:
    """The number with so many digits behind the point, at most 10; a whole number without any."""
    return round(value, min(digits, 10)) if digits > 0 else round(value)


def split(value: Any, separator: str | None = None) -> list[str]:
    """The parts of a text."""
    return string(value).split(separator)


def total(values: Iterable[Any]) -> float:
    """The sum of numbers."""
    numbers: list[float] = list(values)
    if not all(isinstance(number, int | float) for number in numbers):
        raise InputError("sum is for numbers")
    return sum(numbers)


def basename(value: Any) -> str:
    """The file name in a path or URL."""
    return PurePosixPath(string(value).partition("?")[0]).name


def stem(value: Any) -> str:
    """The file name without its extension."""
    return PurePosixPath(basename(value)).stem


def extension(value: Any) -> str:
    """The extension in lower case, without a dot."""
    return PurePosixPath(basename(value)).suffix[1:].lower()


_OWN: Mapping[str, Callable[..., Any]] = {
    "basename": basename,
    "extension": extension,
    "join": join,
    "replace": replace,
    "round": rounded,
    "split": split,
    "stem": stem,
    "string": string,
    "sum": total,
    "tojson": to_json,
}


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Weighs what goes in; what comes lazily is taken at once, because it could grow later."""

    @functools.wraps(function)
    def bounded(*arguments: Any, **named: Any) -> Any:
        weigh(*(value for value in (*arguments, *named.values()) if isinstance(value, str | list | tuple | dict)))
        result = function(*arguments, **named)
        return bounded_list(result) if isinstance(result, Iterator) else result

    return bounded


FILTERS_BY_NAME: Mapping[str, Callable[..., Any]] = {
    name: _bounded(function) for name, function in {**{name: FILTERS[name] for name in _FROM_JINJA}, **_OWN}.items()
}
"""Every filter that an expression may use."""
