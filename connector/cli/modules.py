"""`modules`: what there is, and one module's form and outputs."""

from __future__ import annotations

import click

from connector import modules
from connector.cli.describe import describe
from connector.cli.output import print_json, wants_json
from connector.fields import Choice, Dynamic, Field
from connector.module import Module


@click.command("modules")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(name: str | None, as_json: bool) -> None:
    """List the modules, or show the form and the outputs of module NAME."""
    chosen = [modules.find(name)] if name else list(modules.all_modules().values())
    if wants_json(as_json):
        print_json(describe(chosen[0]) if name else [describe(module) for module in chosen])
    elif name:
        _show(chosen[0])
    else:
        _list(chosen)


def _list(chosen: list[type[Module]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Module", "What it does", "Group", box=None, pad_edge=False, header_style="bold")
    for module in chosen:
        table.add_row(module.name(), module.summary(), module.group)
    Console().print(table)


def _show(module: type[Module]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{module.name()}[/bold]  {module.label}\n{module.summary()}\n")
    form = Table(
        "Field",
        "",
        "What to fill in",
        box=None,
        pad_edge=False,
        header_style="bold",
        title="Form",
        title_justify="left",
    )
    for section in module.Input.sections():
        for name, field in section.fields.items():
            form.add_row(name, "required" if field.required else "", _explain(field))
    console.print(form if form.row_count else "It needs no fields.")
    outputs = Table(
        "Output", "What it is", box=None, pad_edge=False, header_style="bold", title="\nOutputs", title_justify="left"
    )
    for name, field in module.Output.all().items():
        outputs.add_row(name, _explain(field))
        for inner, nested in field.nested().items():
            outputs.add_row(f"{name}[].{inner}", _explain(nested))
    console.print(outputs)


def _explain(field: Field) -> str:
    from rich.markup import escape

    parts = [f"{field.label}." if not field.label.endswith(".") else field.label, field.help]
    if isinstance(field.options, Dynamic):
        parts.append("The choices come from CloudConvert.")
    elif field.options:
        parts.append("One of " + ", ".join(_choice(choice) for choice in field.options) + ".")
    if field.default is not None:
        parts.append(f"Default: {str(field.default).lower() if isinstance(field.default, bool) else field.default}.")
    return escape(" ".join(part for part in parts if part))


def _choice(choice: Choice) -> str:
    return f"{choice.value} ({choice.label})" if choice.label.lower() != choice.value else choice.value
