"""`bulk`: one module over many thousand inputs, noted in a ledger and done by workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from connector import modules
from connector.bulk.inputs import key_of, label_of
from connector.bulk.run import WINDOW, Counts, Input, Run
from connector.cli.bulk_ledger import chosen_run, json_option, ledger_option, opened, run_argument
from connector.cli.bulk_report import report, watched
from connector.cli.bulk_worker import command as worker
from connector.cli.filling import (
    form_for,
    form_from,
    form_of,
    inputs_of,
    require_sound,
    with_download,
    with_whole_paths,
)
from connector.cli.output import print_items, print_items_as_json, print_json, wants_json
from connector.errors import InputError
from connector.recipe import CustomJob, Job
from connector.redact import redact

if TYPE_CHECKING:
    from connector.bulk.ledger import Ledger
    from connector.module import Module


@click.group("bulk")
def command() -> None:
    """Run a module over many thousand files: noted in a ledger, done by workers, whatever dies meanwhile."""


@command.command("submit")
@click.argument("module")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option(
    "-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A field that is the same for all."
)
@click.option(
    "--input", "form_file", type=click.File("rb"), metavar="FORM.json", help="Such fields as JSON; -p wins over it."
)
@click.option(
    "--files-from", type=click.File("r"), metavar="LIST", help="More files, one a line ('-' reads standard input)."
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Have the files downloaded into this folder, which all workers must see. Without it results are URLs.",
)
@click.option("--overwrite", is_flag=True, help="Replace files of the same name there, instead of adding a number.")
@click.option("--name", metavar="RUN", help="A name for the run; without it, one made from module and fields.")
@click.option(
    "--window", default=WINDOW, show_default=True, type=click.IntRange(min=1), help="Files in flight at the same time."
)
@click.option("--wait", is_flag=True, help="Watch the workers until all is done, and report.")
@ledger_option
@json_option
def submit(
    module: str,
    files: Sequence[str],
    parameters: Sequence[str],
    form_file: IO[bytes] | None,
    files_from: IO[str] | None,
    output_dir: Path | None,
    overwrite: bool,
    name: str | None,
    window: int,
    wait: bool,
    ledger: str | None,
    as_json: bool,
) -> int:
    """Note a run of MODULE for each FILE (or URL), for workers to do. Files that are noted already are not noted twice.

    \b
    cloudconvert-connector bulk submit ConvertFile *.docx -p output_format=pdf --output-dir out
    """  # noqa: D301 - the backspace tells click not to wrap the example
    declared = modules.find(module)
    if not isinstance(declared.recipe, Job | CustomJob):
        raise InputError(
            f"{declared.name()} makes no job, so it cannot be run in bulk.", fields={"module": "makes no job"}
        )
    shared, folder = with_download(declared, {**form_from(form_file), **form_of(declared, parameters)}, output_dir)
    shared = with_whole_paths(declared, shared)
    place = str(folder.absolute()) if folder else None
    run = Run(name or _name_of(declared, shared, place), declared.name(), shared, place, overwrite, window)
    left_out: list[str] = []
    with opened(ledger) as kept:
        added = _submitted(kept, run, declared, inputs_of(files, files_from), left_out)
        for sentence in left_out:
            click.echo(redact(f"Left out: {sentence}"), err=True)
        if wait:
            return watched(kept, run.id, as_json=as_json) or (2 if left_out else 0)
        _print_submitted(run.id, added, kept.counts(run.id), as_json=as_json)
    return 2 if left_out else 0


def _name_of(module: type[Module], shared: Mapping[str, Any], place: str | None) -> str:
    about = json.dumps([shared, place], sort_keys=True, default=str)
    return f"{module.name()}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"


def _submitted(ledger: Ledger, run: Run, module: type[Module], words: Iterator[str], left_out: list[str]) -> int:
    first = next(words, None)
    if first is None:
        raise InputError("There is no input.", fields={"FILE": "is required"}, hint="Name the files after the module.")
    require_sound(module, run.parameters, first)
    ledger.start(run)
    if ledger.run(run.id) != run:
        problem = "is the name of a run with other fields"
        raise InputError(f"{run.id!r} {problem}.", fields={"--name": problem}, hint="Choose another name.")
    return ledger.add(run.id, _inputs(module, run.parameters, _with_first(first, words), left_out))


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _inputs(
    module: type[Module], shared: Mapping[str, Any], words: Iterable[str], left_out: list[str]
) -> Iterator[Input]:
    for word in words:
        form = with_whole_paths(module, form_for(module, shared, word))
        try:
            filled = module.fill(form)
            own = {name: value for name, value in form.items() if name not in shared}
            yield Input(key_of(filled), label_of(module, filled), own)
        except InputError as error:
            left_out.append(error.message)


def _print_submitted(run_id: str, added: int, counts: Counts, *, as_json: bool) -> None:
    if wants_json(as_json):
        print_json({"run": run_id, "added": added, "total": counts.total})
        return
    click.echo(f"{added:,} noted in the run {run_id}, which has {counts.total:,} now.")
    click.echo("Workers do it: cloudconvert-connector bulk worker")


@command.command("status")
@run_argument
@click.option("--watch", is_flag=True, help="Watch until all is done, and report.")
@ledger_option
@json_option
def status(run_id: str | None, watch: bool, ledger: str | None, as_json: bool) -> int:
    """Say how far RUN is; without RUN, the newest one. With --watch, exit code 1 if anything has failed."""
    with opened(ledger) as kept:
        chosen = chosen_run(kept, run_id)
        if watch:
            return watched(kept, chosen, as_json=as_json)
        report(kept, chosen, as_json=as_json)
    return 0


@command.command("results")
@run_argument
@click.option("--failed", is_flag=True, help="Only what failed.")
@ledger_option
@json_option
def results(run_id: str | None, failed: bool, ledger: str | None, as_json: bool) -> None:
    """Print what came of each file of RUN, in the order in which they were submitted; without RUN, of the newest one."""
    with opened(ledger) as kept:
        chosen = chosen_run(kept, run_id)
        found = kept.results(chosen, ["failed"] if failed else ["done", "failed"])
        if wants_json(as_json):
            print_items_as_json(found)
        else:
            print_items(map(_row, found))


def _row(result: Mapping[str, Any]) -> dict[str, Any]:
    outputs, error = result.get("outputs") or {}, result.get("error") or {}
    files = [file.get("path") or file.get("url") for file in outputs.get("files") or []]
    came = error.get("message") or ", ".join(filter(None, files))
    return {"input": result["input"], "state": result["state"], "credits": result["credits"], "result": redact(came)}


@command.command("retry")
@run_argument
@ledger_option
@json_option
def retry(run_id: str | None, ledger: str | None, as_json: bool) -> None:
    """Let workers try again what has failed in RUN; without RUN, in the newest one."""
    with opened(ledger) as kept:
        chosen = chosen_run(kept, run_id)
        number = kept.retry(chosen)
    if wants_json(as_json):
        print_json({"run": chosen, "tried_again": number})
    else:
        click.echo(f"{number:,} of the run {chosen} will be tried again.")


command.add_command(worker)
