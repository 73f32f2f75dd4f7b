"""The rows of `GET /v2/operations`, read tolerantly: what is not understood is left out, never an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

Origin = Literal["service", "cache", "snapshot"]
T = TypeVar("T")

_TYPES = {
    "str": "string",
    "text": "string",
    "bool": "boolean",
    "int": "integer",
    "number": "float",
    "double": "float",
    "select": "enum",
    "object": "dictionary",
    "map": "dictionary",
}


@dataclass(frozen=True)
class Known(Generic[T]):
    """What is known, and how well.

    Attributes:
        items: in the service's order.
        origin: asked of the service by this process, kept from an earlier time (cache), or built in (snapshot).
        as_of: the day it was so, e.g. 2026-11-22.
        certain: true only while the service's answer is minutes old. Nothing may be refused on other ground.

    """

    items: tuple[T, ...]
    origin: Origin
    as_of: str
    certain: bool = False

    def of(self, items: Iterable[Any]) -> Known[Any]:
        """Other items drawn from these."""
        return Known(tuple(items), self.origin, self.as_of, self.certain)


@dataclass(frozen=True)
class Option:
    """One option of an operation. `type` is string, boolean, integer, float, enum or dictionary; others are not checked.

    `minimum` and `maximum` are included. `assumed_range` says that they come from the documentation, not from the service.
    """

    name: str
    type: str = ""
    default: Any = None
    possible_values: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    assumed_range: bool = False
    label: str = ""
    description: str = ""


@dataclass(frozen=True)
class EngineVersion:
    """One version of an engine that can be asked for."""

    version: str
    default: bool = False
    latest: bool = False
    deprecated: bool = False
    experimental: bool = False


@dataclass(frozen=True)
class Operation:
    """What one engine does for one pair of formats; None for an operation without one, or that takes any."""

    operation: str
    input_format: str | None = None
    output_format: str | None = None
    engine: str = ""
    credits: float | None = None
    group: str = ""
    deprecated: bool = False
    experimental: bool = False
    options: tuple[Option, ...] = ()
    engine_versions: tuple[EngineVersion, ...] = ()


def operations_of(rows: Iterable[Any]) -> tuple[Operation, ...]:
    """The well-formed rows of an answer."""
    return tuple(row for row in map(_operation, rows) if row is not None)


def _operation(row: Any) -> Operation | None:
    if not isinstance(row, Mapping) or not _text(row.get("operation")):
        return None
    source, target = row.get("input_format"), row.get("output_format")
    if not all(isinstance(name, str | None) for name in (source, target)):
        return None
    meta = row.get("meta")
    group = meta.get("group") if isinstance(meta, Mapping) else row.get("group")
    return Operation(
        row["operation"],
        source.lower() if source else None,
        target.lower() if target else None,
        engine=_text(row.get("engine")),
        credits=_number(row.get("credits")),
        group=_text(group),
        deprecated=row.get("deprecated") is True,
        experimental=row.get("experimental") is True,
        options=_options(row.get("options")),
        engine_versions=_versions(row.get("engine_versions")),
    )


def _options(value: Any) -> tuple[Option, ...]:
    """Options as a list, or as a map from names to the rest (public clients have met both)."""
    if isinstance(value, Mapping):
        value = [{"name": name, **facts} for name, facts in value.items() if isinstance(facts, Mapping)]
    rows = value if isinstance(value, list) else []
    return tuple(_option(row) for row in rows if isinstance(row, Mapping) and _text(row.get("name")))


def _option(row: Mapping[str, Any]) -> Option:
    values = _possible_values(row.get("possible_values"))
    kind = _text(row.get("type")).lower() or ("enum" if values else "")
    return Option(
        row["name"],
        _TYPES.get(kind, kind),
        row.get("default"),
        values,
        _number(row.get("minimum", row.get("min"))),
        _number(row.get("maximum", row.get("max"))),
        label=_text(row.get("label")),
        description=_text(row.get("description")),
    )


def _possible_values(value: Any) -> tuple[Any, ...]:
    """Plain values, objects with a value and a label, or a map from values to labels."""
    rows = list(value) if isinstance(value, list | Mapping) else []
    plain = [row.get("value") if isinstance(row, Mapping) else row for row in rows]
    return tuple(one for one in plain if isinstance(one, str | int | float))


def _versions(value: Any) -> tuple[EngineVersion, ...]:
    """Versions as objects or as plain texts."""
    rows = value if isinstance(value, list) else []
    objects = [{"version": row} if isinstance(row, str | int | float) else row for row in rows]
    return tuple(
        EngineVersion(
            str(row["version"]),
            **{flag: row.get(flag) is True for flag in ("default", "latest", "deprecated", "experimental")},
        )
        for row in objects
        if isinstance(row, Mapping) and row.get("version") not in (None, "")
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
