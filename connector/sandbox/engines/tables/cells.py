"""What is in a cell, and how many of them are allowed."""

from __future__ import annotations

import re

from connector.sandbox.engines.base import EngineError

Cell = str | int | float | bool | None
Row = list[Cell]

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")


def number(cell: Cell) -> Cell:
    """Text that is plainly a number as a number; `007`, `1e5` and long digits stay text, for they may be codes."""
    if isinstance(cell, str) and _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell


def text(cell: Cell) -> str:
    """A cell as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def checked(rows: list[Row], name: str) -> list[Row]:
    """The rows. Raises EngineError LIMIT_EXCEEDED where a spreadsheet could not hold them."""
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise EngineError(
            "LIMIT_EXCEEDED",
            f'"{name}" has more rows or columns than a spreadsheet can hold. Split it into smaller files.',
        )
    return rows
