"""`sandbox engines`: which converters are there, which are missing, and what each of them brings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from connector.cli.embedded import require_sandbox
from connector.cli.output import print_json, wants_json

if TYPE_CHECKING:
    from rich.table import Table

    from connector.sandbox.engines.inventory import Entry, Inventory

_SHOWN = 12


@click.command("engines")
@click.option("--json", "as_json", is_flag=True, help="For machines: all formats, too.")
@click.option("--all", "every", is_flag=True, help="Show all formats, however many.")
def command(as_json: bool, every: bool) -> None:
    """List the converters of the sandbox: those that are there, those that are missing, and how to install them."""
    require_sandbox()
    from connector.sandbox.engines.inventory import inventory

    found = inventory()
    print_json(asdict(found)) if wants_json(as_json) else _show(found, every)


def _show(found: Inventory, every: bool) -> None:
    from rich.console import Console

    from connector.sandbox.engines.inventory import ISOLATION

    console = Console()
    there = [entry for entry in found.engines if entry.version]
    missing = [entry for entry in found.engines if not entry.version]
    console.print(_table("Installed", "Version", there, every))
    if missing:
        console.print(_table("Missing", "Install it with", missing, every))
    console.print(f"{found.pairs} pairs of formats can be converted here.", highlight=False)
    console.print(ISOLATION[found.isolation], highlight=False, markup=False)


def _table(title: str, second: str, entries: list[Entry], every: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title, second, "Converts", "to", "and does", box=None, pad_edge=False, header_style="bold")
    table.columns[2].ratio = table.columns[3].ratio = 1
    for entry in entries:
        words = (
            entry.label,
            entry.version or entry.install,
            _formats(entry.inputs, every),
            _formats(entry.outputs, every),
            ", ".join(entry.operations),
        )
        table.add_row(*(Text(word, overflow="fold") for word in words))
    table.add_row()
    return table


def _formats(names: tuple[str, ...], every: bool) -> str:
    if every or len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
