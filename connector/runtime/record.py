"""Outputs: a mapping whose entries can also be read as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Record(dict[str, Any]):
    """`result["job_id"]` and `result.job_id` are the same; nested mappings in lists are records too."""

    def __init__(self, values: Mapping[str, Any] = {}, /, **more: Any) -> None:
        super().__init__({key: _record(value) for key, value in {**values, **more}.items()})

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"There is no output {name!r}; there are {', '.join(self)}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


def _record(value: Any) -> Any:
    if isinstance(value, Record):
        return value
    if isinstance(value, Mapping):
        return Record(value)
    return [_record(item) for item in value] if isinstance(value, list) else value
