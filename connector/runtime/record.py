"""Outputs: a mapping whose entries can also be read as attributes."""

from __future__ import annotations

from collections.abc import ItemsView, Mapping, ValuesView
from typing import Any


class Record(dict[str, Any]):
    """`result["job_id"]` and `result.job_id` are the same; nested mappings, also in lists, are records too.

    They become records when they are first looked at: a list of thousands of tasks is mostly passed on as it is.
    """

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if type(value) in _PLAIN:
            return value
        record = self[name] = _record(value)
        return record

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"There is no output {name!r}; there are {', '.join(self)}") from None

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default where there is none."""
        try:
            return self[name]
        except KeyError:
            return default

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        """The values."""
        self._look_at_all()
        return super().values()

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        """Names and values."""
        self._look_at_all()
        return super().items()

    def _look_at_all(self) -> None:
        for name in self:
            self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


class _Records(list[Any]):
    """A list whose mappings are records already."""


_PLAIN = frozenset({str, int, float, bool, type(None), Record, _Records})
"""Types of values that stay as they are."""


def _record(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return Record(value)
    return _Records(map(_record, value)) if isinstance(value, list) else value
