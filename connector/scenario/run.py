"""Runs a scenario from a file: checked first, then step by step, with a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from connector.connection import Connection
from connector.errors import ConnectorError, InputError
from connector.runtime import Record
from connector.scenario.attempts import Conduct, Connect
from connector.scenario.check import checked
from connector.scenario.entries import Run
from connector.scenario.inputs import accept, without_secrets
from connector.scenario.ledger import Ledger, state_dir
from connector.scenario.runner import Runner
from connector.scenario.scenario import Scenario


@dataclass(frozen=True)
class Request:
    """What is to be run.

    `inputs`: their values by name. `connection`: the name of the connection for steps that name none; a resume uses the
    same again. `resume`: the id of a run to take up. `fresh`: begin anew although an earlier run was cut off. `lasting`: whether the run can be taken
    up at all, so that it makes sense to say how.
    """

    inputs: Mapping[str, Any] = field(default_factory=dict)
    connection: str | None = None
    resume: str | None = None
    fresh: bool = False
    lasting: bool = True


def run_scenario(
    file: str | PathLike[str],
    connect: Connection | Connect,
    inputs: Mapping[str, Any] | None = None,
    *,
    output_dir: str | PathLike[str] | None = None,
    state: str | PathLike[str] | None = None,
    resume: str | None = None,
    fresh: bool = False,
) -> Record:
    """Run the scenario in a YAML file and give `run_id`, `scenario` (its name) and `steps` (the outputs of each by id).

    Args:
        file: the scenario.
        connect: the connection of all steps, or a function that gives the connection of a name (None where the step names none).
        inputs: their values by name. Secret ones must be given again on a resume, others are known.
        output_dir: the folder for downloaded files; without it they come as bytes in `files[].data`.
        state: the folder of the ledger; by default CLOUDCONVERT_STATE_DIR, or the system's place for state.
        resume: the id of a run that was cut off or failed; finished steps are not run again, jobs are taken up.
        fresh: begin anew although an earlier run with the same inputs was cut off.

    Raises ConnectorError; the error of a step names the step and keeps its class.

    """
    with Ledger(state_dir(Path(state) if state is not None else None)) as ledger:
        request = Request(inputs or {}, resume=resume, fresh=fresh)
        conduct = Conduct(
            _only(connect) if isinstance(connect, Connection) else connect,
            Path(output_dir) if output_dir is not None else None,
        )
        return conduct_run(checked(Path(file)), request, conduct, ledger)


def conduct_run(scenario: Scenario, request: Request, conduct: Conduct, ledger: Ledger) -> Record:
    """Run a checked scenario; see `run_scenario`."""
    run, inputs = _begin(scenario, request, ledger)
    with run:
        runner = Runner(scenario, inputs, run, conduct)
        try:
            runner.go()
        except ConnectorError as error:
            run.failed()
            if request.lasting:
                error.hint = " ".join(filter(None, (error.hint, f"Take the run up again with --resume {run.id}.")))
            raise
        run.finished()
    return Record(run_id=run.id, scenario=scenario.name, steps=runner.outputs)


def _begin(scenario: Scenario, request: Request, ledger: Ledger) -> tuple[Run, dict[str, Any]]:
    if request.resume is not None:
        return _resumed(scenario, request, request.resume, ledger)
    inputs = accept(scenario.inputs, request.inputs)
    kept = without_secrets(scenario.inputs, inputs)
    earlier = None if request.fresh else ledger.cut_off(scenario.digest, kept)
    if earlier is not None:
        raise InputError(
            f"An earlier run of {scenario.name!r} with the same inputs was cut off ({earlier}).",
            fields={"--resume": "or --fresh is needed"},
            hint=f"Take it up with --resume {earlier}, or begin anew with --fresh.",
        )
    run = ledger.start(digest=scenario.digest, name=scenario.name, connection=request.connection or "", inputs=kept)
    return run, inputs


def _resumed(scenario: Scenario, request: Request, run_id: str, ledger: Ledger) -> tuple[Run, dict[str, Any]]:
    run = ledger.resume(run_id, scenario.digest)
    try:
        _require_same_connection(request, run)
        return run, _known_inputs(scenario, request, run)
    except BaseException:
        run.__exit__(None, None, None)
        raise


def _require_same_connection(request: Request, run: Run) -> None:
    if request.connection not in (None, run.connection):
        own = f"the connection {run.connection!r}" if run.connection else "no connection of its own"
        raise InputError(
            f"The run {run.id!r} was begun with {own}.",
            fields={"--connection": "is another one"},
            hint="Its jobs are there: leave --connection out to go on.",
        )


def _known_inputs(scenario: Scenario, request: Request, run: Run) -> dict[str, Any]:
    """What the run was begun with; the secret ones, which are not kept, as they are given now."""
    secret = {name: declared for name, declared in scenario.inputs.items() if declared.secret}
    others = {name: declared for name, declared in scenario.inputs.items() if name not in secret}
    given = {name: value for name, value in request.inputs.items() if name not in secret}
    again = accept({name: others[name] for name in given if name in others}, given)
    for name in again:
        if again[name] != run.inputs.get(name):
            raise InputError(
                f"The run {run.id!r} was begun with another value of the input {name!r}.",
                fields={name: "is different"},
                hint="Leave it out to go on, or begin anew with --fresh.",
            )
    return {**run.inputs, **accept(secret, {name: value for name, value in request.inputs.items() if name in secret})}


def _only(connection: Connection) -> Connect:
    def connect(name: str | None) -> Connection:
        if name is not None:
            raise InputError(f"The step asks for the connection {name!r}, but only one without a name was given.")
        return connection

    return connect
