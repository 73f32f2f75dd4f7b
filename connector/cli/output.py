"""What a command prints: one JSON document for machines, a readable table for a person at a terminal."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable, Mapping
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


def print_items_as_json(items: Iterable[Mapping[str, Any]]) -> None:
    """A list as one JSON document, written while it arrives, so that a long one takes no memory."""
    separator = "["
    for item in items:
        click.echo(separator + "\n" + json.dumps(item, ensure_ascii=False, default=_plain), nl=False)
        separator = ","
    click.echo("[]" if separator == "[" else "\n]")


def print_items(items: Iterable[Mapping[str, Any]]) -> None:
    """A list as a table: the plain outputs of each item that have a value somewhere."""
    from rich.console import Console
    from rich.table import Table

    rows = [{name: value for name, value in item.items() if not isinstance(value, dict | list)} for item in items]
    columns = [name for name in (rows[0] if rows else {}) if any(row[name] is not None for row in rows)]
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_cell("" if row[name] is None else row[name]) for name in columns))
    Console().print(table if rows else "Nothing was found.")


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
