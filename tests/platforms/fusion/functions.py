"""The built-in functions that the emitted app uses; any other name is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from tests.platforms.fusion.iml import UNDEFINED, ImlError, Undefined, as_text, member, same, truth


def _empty(value: Any) -> bool:
    return value is None or isinstance(value, Undefined) or value == ""


def _list(value: Any, function: str) -> list[Any]:
    if not isinstance(value, list):
        raise ImlError(f"{function}() needs a list, not {str(value)[:60]!r}.")
    return value


def _text(value: Any, function: str) -> str:
    if not isinstance(value, str):
        raise ImlError(f"{function}() needs text, not {str(value)[:60]!r}.")
    return value


def _path(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = member(value, key)
    return value


def _map(array: Any, key: str, by: str | None = None, wanted: Any = None) -> list[Any]:
    items = _list(array, "map")
    if by is not None:
        allowed = as_text(wanted).split(",")
        items = [item for item in items if as_text(_path(item, by)) in allowed]
    return [_path(item, key) for item in items]


def _to_collection(array: Any, name: str, value: str) -> dict[str, Any]:
    rows = _list(array, "toCollection")
    return {as_text(member(row, name)): member(row, value) for row in rows}


def _flatten(array: Any) -> list[Any]:
    flat: list[Any] = []
    for item in _list(array, "flatten"):
        flat += _flatten(item) if isinstance(item, list) else [item]
    return flat


def _distinct(array: Any, key: str) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in _list(array, "distinct"):
        seen.setdefault(as_text(_path(item, key)), item)
    return list(seen.values())


def _sort(array: Any, order: str, key: str) -> list[Any]:
    ordered = sorted(_list(array, "sort"), key=lambda item: as_text(_path(item, key)))
    return {"asc": ordered, "desc": ordered[::-1]}[order]


def _slice(array: Any, start: int, end: int | None = None) -> list[Any]:
    return _list(array, "slice")[start:end]


def _contains(where: Any, what: Any) -> bool:
    return any(same(item, what) for item in where) if isinstance(where, list) else _text(what, "contains") in where


def _get(value: Any, path: str) -> Any:
    return _path(value, path)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "if": lambda condition, then, otherwise=UNDEFINED: then if truth(condition) else otherwise,
    "ifempty": lambda value, otherwise: otherwise if _empty(value) else value,
    "get": _get,
    "first": lambda array: (_list(array, "first") or [UNDEFINED])[0],
    "map": _map,
    "join": lambda array, by: by.join(as_text(item) for item in _list(array, "join")),
    "length": lambda value: len(value if isinstance(value, str) else _list(value, "length")),
    "contains": _contains,
    "min": min,
    "toCollection": _to_collection,
    "toArray": lambda value: [{"key": key, "value": item} for key, item in (value or {}).items()],
    "omit": lambda value, *keys: {key: item for key, item in value.items() if key not in keys},
    "flatten": _flatten,
    "remove": lambda array, *values: [item for item in _list(array, "remove") if item not in values],
    "distinct": _distinct,
    "sort": _sort,
    "slice": _slice,
    "add": lambda array, *values: [*_list(array, "add"), *values],
    "merge": lambda *arrays: [item for array in arrays for item in _list(array, "merge")],
    "split": lambda text, by: _text(text, "split").split(by),
    "lower": lambda text: _text(text, "lower").lower(),
    "trim": lambda text: _text(text, "trim").strip(),
    "substring": lambda text, start, end: _text(text, "substring")[start:end],
    "encodeURL": lambda text: quote(_text(text, "encodeURL"), safe="!'()*~"),
    "addSeconds": lambda moment, seconds: moment + timedelta(seconds=seconds),
    "addMinutes": lambda moment, minutes: moment + timedelta(minutes=minutes),
}
