"""`run`: a module, its form from the command line or a JSON file, its outputs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import click

from connector import modules
from connector.cli.chosen import chosen_connections
from connector.cli.output import print_items, print_items_as_json, print_json, print_outputs, wants_json
from connector.cli.progress import shown_progress
from connector.errors import InputError
from connector.module import Module
from connector.recipe import CustomJob, Download, Job
from connector.redact import redact_data
from connector.runtime import Items, Options, execute, preview


@click.command("run")
@click.argument("module")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A field of the module's form. Lists and mappings are JSON.",
)
@click.option(
    "--input",
    "form_file",
    type=click.File("rb"),
    metavar="FORM.json",
    help="A whole form as JSON ('-' reads standard input); -p wins over it.",
)
@click.option(
    "--connection", "connection_name", metavar="NAME", help="A saved connection; without it, the default one."
)
@click.option("--sandbox", is_flag=True, help="Convert on this machine, without an account.")
@click.option(
    "--output-dir", type=click.Path(path_type=Path, file_okay=False), help="Download the files into this folder."
)
@click.option("--overwrite", is_flag=True, help="Replace files of the same name there, instead of adding a number.")
@click.option("--resume", metavar="RUN_ID", help="Take up a run that was cut off, with the job that it made.")
@click.option("--dry-run", is_flag=True, help="Check the form and print the request, but send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outputs as JSON, also on a terminal.")
def command(
    module: str,
    parameters: Sequence[str],
    form_file: IO[bytes] | None,
    connection_name: str | None,
    sandbox: bool,
    output_dir: Path | None,
    overwrite: bool,
    resume: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Run MODULE and print its outputs.

    \b
    cloudconvert-connector run ConvertFile --sandbox -p input_file=photo.png -p output_format=jpg --output-dir out
    """  # noqa: D301 - the backspace tells click not to wrap the example
    declared = modules.find(module)
    form = {**_form_from(form_file), **_form_of(declared, parameters)}
    form, folder = _with_download(declared, form, output_dir)
    makes_job = isinstance(declared.recipe, Job | CustomJob)
    if resume is not None:
        _require_resumable(makes_job=makes_job, sandbox=sandbox)
    filled = declared.fill(form)  # a mistake in the form is worth more than a mistake in the connection
    if dry_run:
        print_json(redact_data(preview(declared.recipe, filled)))
        return
    with chosen_connections(sandbox=sandbox) as connect, shown_progress() as progress:
        options = Options(folder, overwrite, progress)
        if makes_job and not sandbox:
            from connector.scenario.single import run_once

            outputs: Any = run_once(declared, filled, connect, options, connection=connection_name, resume=resume)
        else:
            outputs = execute(connect(connection_name).api, declared.recipe, filled, options, declared.Output)
        _print(outputs, as_json)
    if sandbox and folder is None and makes_job:
        click.echo(
            "The sandbox of this call is gone now, and the job with it: add --output-dir to get the files.", err=True
        )


def _require_resumable(*, makes_job: bool, sandbox: bool) -> None:
    if sandbox or not makes_job:
        problem = (
            "has no use with --sandbox: its jobs are gone with it" if sandbox else "is for modules that make a job"
        )
        raise InputError(f"--resume {problem}.", fields={"--resume": problem})


def _print(outputs: Any, as_json: bool) -> None:
    """Inside the connection: the items of a list are fetched while they are printed."""
    machine = wants_json(as_json)
    if isinstance(outputs, Items):
        (print_items_as_json if machine else print_items)(outputs)
    else:
        (print_json if machine else print_outputs)(outputs)


def _form_from(file: IO[bytes] | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        form = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file.name} is not JSON: {error}.", fields={"--input": "is not JSON"}) from None
    if not isinstance(form, dict):
        raise InputError(
            f"{file.name} must hold one JSON object with the form's fields.", fields={"--input": "must be an object"}
        )
    return form


def _form_of(module: type[Module], parameters: Sequence[str]) -> dict[str, Any]:
    """Values as a command line means them; fields that the module does not have are left to its own complaint."""
    fields = module.Input.all()
    form = {}
    for parameter in parameters:
        name, equals, text = parameter.partition("=")
        if not equals:
            raise InputError(f"-p {parameter[:60]!r} has no value: write -p NAME=VALUE.", fields={name: "has no value"})
        form[name] = fields[name].from_text(text) if name in fields else text
    return form


def _with_download(
    module: type[Module], form: Mapping[str, Any], folder: Path | None
) -> tuple[dict[str, Any], Path | None]:
    """A folder means that the files are wanted; wanting the files without a folder means this one."""
    if isinstance(module.recipe, Download):
        return dict(form), folder or Path()
    if "download" not in module.Input.all():
        return dict(form), folder
    with contextlib.suppress(Exception):  # a wrong value is the form's own complaint
        wanted = (
            module.Input.all()["download"].deserialize(form["download"]) if "download" in form else folder is not None
        )
        return {**form, "download": wanted}, (folder or Path()) if wanted else None
    return dict(form), folder
