"""Rows into csv, tsv, json and html."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable
from pathlib import Path

from connector.sandbox.engines.tables.cells import Row, text
from connector.sandbox.engines.tables.reading import unique_names
from connector.sandbox.engines.tables.workbook import write_xlsx


def write_rows(rows: list[Row], path: Path, output_format: str) -> None:
    """Write all rows; json and html take the first as the names of the columns."""
    _WRITERS[output_format](rows, path)


def _separated(delimiter: str) -> Callable[[list[Row], Path], None]:
    def write(rows: list[Row], path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([text(cell) for cell in row] for row in rows)

    return write


def _write_json(rows: list[Row], path: Path) -> None:
    names = unique_names(text(cell) for cell in rows[0]) if rows else []
    items = [dict(zip(names, [*row, *[None] * len(names)], strict=False)) for row in rows[1:]]
    path.write_text(json.dumps(items, ensure_ascii=False, indent=1), "utf-8")


def _write_html(rows: list[Row], path: Path) -> None:
    lines = ["<!DOCTYPE html>", '<html><head><meta charset="utf-8"><title>Table</title></head><body><table>']
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        lines.append("<tr>" + "".join(f"<{tag}>{html.escape(text(cell))}</{tag}>" for cell in row) + "</tr>")
    path.write_text("\n".join([*lines, "</table></body></html>", ""]), "utf-8")


_WRITERS: dict[str, Callable[[list[Row], Path], None]] = {
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "json": _write_json,
    "html": _write_html,
    "xlsx": write_xlsx,
}
