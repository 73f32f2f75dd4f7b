"""`scenario`: run a chain of modules from a YAML file, or check it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from connector.cli.chosen import chosen_connections
from connector.cli.output import print_json, print_outputs, wants_json
from connector.cli.progress import shown_progress
from connector.errors import InputError

if TYPE_CHECKING:
    from connector.scenario import Request, Scenario, Step

_file_argument = click.argument("file", type=click.Path(path_type=Path))
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, also on a terminal.")


@click.group("scenario")
def command() -> None:
    """Run modules one after the other, outputs of one mapped into the next."""


@command.command("check")
@_file_argument
@_json_option
def check(file: Path, as_json: bool) -> int:
    """Check FILE without running it: modules, fields, values and mapped paths. Exit code 2 if something is wrong."""
    from connector.scenario.check import check as check_scenario

    problems = check_scenario(file)
    if wants_json(as_json):
        print_json({"file": str(file), "problems": [asdict(problem) for problem in problems]})
    elif problems:
        for problem in problems:
            click.echo(f"{file}, {problem}" if problem.line else f"{file}: {problem}")
    else:
        click.echo(f"{file} is fine.")
    return 2 if problems else 0


@command.command("run")
@_file_argument
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of the scenario. Lists and mappings are JSON."
)  # fmt: skip
@click.option(
    "--connection", "connection_name", metavar="NAME", help="For the steps that name none; without it, the default one."
)
@click.option("--sandbox", is_flag=True, help="Convert on this machine, without an account.")
@click.option("--output-dir", type=click.Path(path_type=Path, file_okay=False), help="Download files into this folder.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep here what is needed to resume; by default CLOUDCONVERT_STATE_DIR or the system's place for state.",
)
@click.option("--resume", metavar="RUN_ID", help="Take up a run that was cut off or failed.")
@click.option("--fresh", is_flag=True, help="Begin anew although an earlier run was cut off.")
@_json_option
def run(
    file: Path,
    inputs: Sequence[str],
    connection_name: str | None,
    sandbox: bool,
    output_dir: Path | None,
    state: Path | None,
    resume: str | None,
    fresh: bool,
    as_json: bool,
) -> None:
    """Run the scenario in FILE and print the outputs of its steps.

    \b
    cloudconvert-connector scenario run report.yaml --sandbox --input document=report.docx --output-dir out
    """  # noqa: D301 - the backspace tells click not to wrap the example
    from connector.scenario import Request, checked

    _require_one_way(sandbox=sandbox, resume=resume, fresh=fresh, connection=connection_name)
    scenario = checked(file)
    request = Request(_values(scenario, inputs), connection_name, resume, fresh, lasting=not sandbox)
    result = _carried_out(scenario, request, state, output_dir or Path(), sandbox=sandbox)
    if wants_json(as_json):
        print_json(result)
    else:
        _print_steps(result["steps"])


def _require_one_way(*, sandbox: bool, resume: str | None, fresh: bool, connection: str | None) -> None:
    if resume is not None and (fresh or sandbox):
        other = "--fresh" if fresh else "--sandbox (its jobs are gone with it)"
        raise InputError(f"--resume and {other} exclude each other.", fields={"--resume": f"excludes {other}"})
    if sandbox and connection:
        raise InputError("--sandbox needs no --connection.", fields={"--connection": "excludes --sandbox"})


def _values(scenario: Scenario, inputs: Sequence[str]) -> dict[str, Any]:
    from connector.scenario import from_text

    values = {}
    for given in inputs:
        name, equals, text = given.partition("=")
        if not equals:
            raise InputError(
                f"--input {given[:60]!r} has no value: write --input NAME=VALUE.", fields={name: "has no value"}
            )
        values[name] = from_text(scenario.inputs, name, text)
    return values


def _carried_out(
    scenario: Scenario, request: Request, state: Path | None, folder: Path, *, sandbox: bool
) -> Mapping[str, Any]:
    from connector.scenario import Conduct, Ledger, conduct_run, state_dir

    with ExitStack() as stack:
        # What was made in the sandbox of this call cannot be taken up, so nothing is kept of it either.
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory())) if sandbox else state_dir(state)
        ledger = stack.enter_context(Ledger(kept))
        connect = stack.enter_context(chosen_connections(sandbox=sandbox))
        progress = stack.enter_context(shown_progress())
        return conduct_run(scenario, request, Conduct(connect, folder, progress, report=_report), ledger)


def _report(step: Step, item: int, what: str) -> None:
    """A line about each step, for a person who watches a terminal."""
    if not sys.stderr.isatty():
        return
    which = f" [{item + 1}]" if item >= 0 else ""
    click.echo(f"{step.id}{which} ({step.module}): {what}", err=True)


def _print_steps(steps: Mapping[str, Any]) -> None:
    for name, outputs in steps.items():
        click.secho(name, bold=True)
        for single in outputs.get("items") or [outputs]:
            shown = {key: value for key, value in single.items() if key != "skipped" or value}
            print_outputs(shown)
