"""Rows out of csv, tsv and json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from connector.sandbox.engines.base import EngineError, Source
from connector.sandbox.engines.tables.cells import Cell, Row, checked
from connector.sandbox.engines.tables.workbook import read_xlsx

_SAMPLE = 64 * 1024
_LONGEST_CELL = 10_000_000


def read_rows(source: Source) -> list[Row]:
    """All rows, the first with the names of the columns. Raises EngineError OPEN_FAILED or LIMIT_EXCEEDED."""
    try:
        return checked(_READERS[source.format](source.path), source.name)
    except (ValueError, TypeError, LookupError, csv.Error, RecursionError) as error:
        raise EngineError(
            "OPEN_FAILED",
            f'"{source.name}" cannot be read as {source.format}: it is damaged or of another kind. Export it again.',
        ) from error


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if b"\0" in data[:_SAMPLE] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("binary")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("undecodable")


def _separated(delimiter: str | None) -> Callable[[Path], list[Row]]:
    def read(path: Path) -> list[Row]:
        content = _decoded(path)
        csv.field_size_limit(_LONGEST_CELL)
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter or _guessed(content))
        return [list(row) for row in rows]

    return read


def _guessed(content: str) -> str:
    """The delimiter that the first line uses most, outside of quotes."""
    first = content[:_SAMPLE].split("\n", 1)[0]
    unquoted = "".join(first.split('"')[::2])
    return max(",;\t|", key=unquoted.count)


def _read_json(path: Path) -> list[Row]:
    data = json.loads(_decoded(path))
    items = data if isinstance(data, list) else [data]
    if items and all(isinstance(item, list) for item in items):
        return [[_cell(value) for value in item] for item in items]
    if not all(isinstance(item, dict) for item in items):
        return [["value"], *([_cell(item)] for item in items)]
    names = list(dict.fromkeys(key for item in items for key in item))
    return [list(names), *([_cell(item.get(name)) for name in names] for item in items)]


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return json.dumps(value, ensure_ascii=False)


_READERS: dict[str, Callable[[Path], list[Row]]] = {
    "csv": _separated(None),
    "tsv": _separated("\t"),
    "json": _read_json,
    "xlsx": read_xlsx,
}


def unique_names(cells: Iterable[str]) -> list[str]:
    """Names of columns, each once and none empty."""
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = cell or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return names
