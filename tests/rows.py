"""The rows of the reliability plan, and where the tests are that hold each to its bar: `python -m tests.rows` lists them.

A row's tests carry its id: `@pytest.mark.row("F5")`, or for a whole file `pytestmark = pytest.mark.row("F5")`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent

FAMILIES = {
    "L": ("load", 8),
    "F": ("faults", 20),
    "T": ("faults", 15),
    "W": ("faults", 11),
    "B": ("fuzz", 12),
}
"""Load, faults, tokens and storage, webhooks, bad inputs: the folder of each, and how many rows it has."""

ROWS = [f"{letter}{number}" for letter, (_, count) in FAMILIES.items() for number in range(1, count + 1)]


def carried(source: str) -> Iterator[tuple[str, int]]:
    """The ids that are marked in a test file, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.row":
            yield from ((str(ast.literal_eval(argument)), node.lineno) for argument in node.args)


@cache
def found() -> dict[str, list[str]]:
    """For each id the places that carry it, as `file:line`."""
    places: dict[str, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for row, line in carried(file.read_text()):
            places.setdefault(row, []).append(f"{file.relative_to(TESTS)}:{line}")
    return places


if __name__ == "__main__":
    known = found()
    for row in ROWS:
        print(row.ljust(4), ", ".join(known.get(row, ["(none)"])))  # noqa: T201
