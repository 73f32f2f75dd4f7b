"""What a command prints: one JSON document for machines, a readable table for a person at a terminal."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

import click


def wants_json(asked: bool) -> bool:
    """Machines read JSON: when it was asked for, and whenever standard output is no terminal."""
    return asked or not sys.stdout.isatty()


def print_json(value: Any) -> None:
    """One document on standard output, in UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def print_outputs(outputs: Mapping[str, Any]) -> None:
    """The outputs as a table; files each on a line of their own, the raw job left out."""
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in outputs.items():
        if name not in ("files", "job") and value is not None:
            table.add_row(f"[bold]{name}[/bold]", _cell(value))
    for number, file in enumerate(outputs.get("files") or [], 1):
        table.add_row(f"[bold]file {number}[/bold]", _cell(_file_line(file)))
    Console().print(table)


def _cell(value: Any) -> Any:
    from rich.text import Text

    # Text, not markup: a file may be called [bold].txt. Never wrapped inside a word: people copy URLs and paths.
    return Text(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_plain), overflow="fold"
    )


def _file_line(file: Mapping[str, Any]) -> str:
    return f"{file.get('path') or file.get('name')}  ({size_text(file.get('size'))})"


def size_text(size: Any) -> str:
    """A size as people say it."""
    if not isinstance(size, int):
        return "size unknown"
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
