"""`run`: a module, its form from the command line or a JSON file, its outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import click

from connector import modules
from connector.api.session import LARGEST_POOL
from connector.bulk.many import WORKERS
from connector.cli.chosen import chosen_connection, chosen_connections
from connector.cli.each import LEDGER, Many, run_each
from connector.cli.filling import form_from, form_of, inputs_of, with_download
from connector.cli.output import print_items, print_items_as_json, print_json, print_outputs, wants_json
from connector.cli.progress import shown_progress
from connector.errors import InputError
from connector.module import Module
from connector.recipe import CustomJob, Job
from connector.redact import redact_data
from connector.runtime import Items, Options, execute, preview


@click.command("run")
@click.argument("module")
@click.argument("files", nargs=-1, metavar="[FILE...]")
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
@click.option("--each", is_flag=True, help="Run it once for each FILE (or URL), several at a time.")
@click.option(
    "--files-from",
    type=click.File("r"),
    metavar="LIST",
    help="With --each: more of them, one a line ('-' reads standard input).",
)
@click.option(
    "--workers", type=click.IntRange(1, LARGEST_POOL), help=f"With --each: how many at a time; {WORKERS} by default."
)
@click.option(
    "--ledger",
    metavar="FILE",
    help=f"With --each: remembers what is done, so that a second run skips it; by default {LEDGER} in the output folder.",
)
@click.option("--resume", metavar="RUN_ID", help="Take up a run that was cut off, with the job that it made.")
@click.option("--dry-run", is_flag=True, help="Check the form and print the request, but send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outputs as JSON, also on a terminal.")
def command(
    module: str,
    files: Sequence[str],
    parameters: Sequence[str],
    form_file: IO[bytes] | None,
    connection_name: str | None,
    sandbox: bool,
    output_dir: Path | None,
    overwrite: bool,
    each: bool,
    files_from: IO[str] | None,
    workers: int | None,
    ledger: str | None,
    resume: str | None,
    dry_run: bool,
    as_json: bool,
) -> int | None:
    """Run MODULE and print its outputs.

    \b
    cloudconvert-connector run ConvertFile --sandbox -p input_file=photo.png -p output_format=jpg --output-dir out
    cloudconvert-connector run ConvertFile --each *.docx -p output_format=pdf --output-dir out
    """  # noqa: D301 - the backspace tells click not to wrap the example
    declared = modules.find(module)
    form = {**form_from(form_file), **form_of(declared, parameters)}
    form, folder = with_download(declared, form, output_dir)
    makes_job = isinstance(declared.recipe, Job | CustomJob)
    if resume is not None:
        _require_resumable(makes_job=makes_job, sandbox=sandbox, each=each)
    if each:
        inputs = inputs_of(files, files_from) if files_from else files
        if sandbox and ledger:
            problem = "excludes --sandbox, whose jobs are gone with it"
            raise InputError(f"--ledger {problem}.", fields={"--ledger": problem})
        kept = None if sandbox else ledger or (folder / LEDGER if folder else None)
        many = Many(declared, form, inputs, folder, overwrite, workers or WORKERS, kept)
        return _run_each(many, sandbox=sandbox, connection_name=connection_name, dry_run=dry_run, as_json=as_json)
    _require_no_each(files, files_from, workers, ledger)
    filled = declared.fill(form)  # a mistake in the form is worth more than a mistake in the connection
    if dry_run:
        print_json(_preview(declared, form))
        return 0
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
    return 0


def _run_each(many: Many, *, sandbox: bool, connection_name: str | None, dry_run: bool, as_json: bool) -> int:
    if dry_run:
        print_items_as_json(_preview(many.module, form) for form in many.forms())
        return 0
    with chosen_connection(sandbox=sandbox, name=connection_name) as signed_in:
        return run_each(many, signed_in, as_json=as_json)


def _preview(module: type[Module], form: Mapping[str, Any]) -> dict[str, Any]:
    previewed: dict[str, Any] = redact_data(preview(module.recipe, module.fill(form)))  # type: ignore[assignment]
    return previewed


def _require_no_each(files: Sequence[str], *others: object) -> None:
    """What only makes sense for many inputs is no more than a typing error without --each."""
    if files:
        raise InputError(
            f"{files[0][:60]!r} is one word too many.",
            fields={"FILE": "needs --each"},
            hint="To run a module for many files add --each; a single one goes into a field, e.g. -p input_file=FILE.",
        )
    if any(other is not None for other in others):
        raise InputError("--files-from, --workers and --ledger need --each.", fields={"--each": "is missing"})


def _require_resumable(*, makes_job: bool, sandbox: bool, each: bool) -> None:
    if each:
        problem = "is for one input: with --each the ledger takes up what was cut off"
    elif sandbox:
        problem = "has no use with --sandbox: its jobs are gone with it"
    elif not makes_job:
        problem = "is for modules that make a job"
    else:
        return
    raise InputError(f"--resume {problem}.", fields={"--resume": problem})


def _print(outputs: Any, as_json: bool) -> None:
    """Inside the connection: the items of a list are fetched while they are printed."""
    machine = wants_json(as_json)
    if isinstance(outputs, Items):
        (print_items_as_json if machine else print_items)(outputs)
    else:
        (print_json if machine else print_outputs)(outputs)
