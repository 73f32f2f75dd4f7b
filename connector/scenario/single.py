"""One module as a run of its own: noted before anything is sent, so that a run that was cut off makes no second job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from connector.api.endpoints import may_exist
from connector.errors import ConnectorError, InputError
from connector.module import Module
from connector.recipe import CustomJob, Job
from connector.redact import redact_data
from connector.runtime import Options, Progress
from connector.runtime.job_request import job_request
from connector.scenario.attempts import Conduct, Connect, Work, carry_out, execute_module
from connector.scenario.entries import LedgerUnusable, Run
from connector.scenario.ledger import Ledger, state_dir
from connector.scenario.scenario import Step

_NOT_REPEATED = -1


def run_once(
    module: type[Module],
    form: Mapping[str, Any],
    connect: Connect,
    options: Options,
    *,
    connection: str | None = None,
    resume: str | None = None,
) -> Mapping[str, Any]:
    """The outputs of a module that makes a job.

    `form` is filled in. `connection` is the name of the connection, None for the default one; `resume` the id of a run
    to take up, with the same form and connection: the job that it made, if it made one, is found by its id or tag.
    Raises ConnectorError; the hint says how to take the run up where that makes sense.
    """
    step = Step(module.name(), module.name(), 0, overwrite=options.overwrite)
    work = Work(step, _NOT_REPEATED, module, form, options.output_dir)
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(Ledger(state_dir()))
            run = stack.enter_context(_begin(ledger, work, connection, resume, options.progress))
        except LedgerUnusable as error:
            if resume is not None:
                raise
            options.progress.warning(f"{error.message} This run could not be taken up if it were cut off.")
        else:
            return _noted(work, run, connect, options)
    return execute_module(connect(connection), module, form, options)  # type: ignore[return-value]


def _noted(work: Work, run: Run, connect: Connect, options: Options) -> Mapping[str, Any]:
    try:
        outputs = carry_out(work, run, Conduct(connect, options.output_dir, options.progress))
    except ConnectorError as error:
        _end(run, work.step, error)
        raise
    except KeyboardInterrupt:
        options.progress.warning(f"What was begun goes on at CloudConvert. {_how_to_resume(run)}")
        raise
    run.finished()
    return outputs


def _begin(ledger: Ledger, work: Work, connection: str | None, resume: str | None, progress: Progress) -> Run:
    digest = _digest(work)
    if resume is None:
        _mention_earlier(ledger, digest, progress)
        return ledger.start(digest=digest, name=work.step.id, connection=connection or "", inputs={})
    run = ledger.resume(resume, digest)
    if connection not in (None, run.connection):
        run.__exit__(None, None, None)
        problem = "is not the one that the run was begun with"
        raise InputError(f"The connection {connection!r} {problem}.", fields={"--connection": problem})
    return run


def _mention_earlier(ledger: Ledger, digest: str, progress: Progress) -> None:
    """Once: whoever runs the same again and again does so on purpose."""
    if earlier := ledger.cut_off(digest, {}):
        progress.warning(
            f"An earlier run of the same form was cut off; --resume {earlier} takes its job up instead of making another."
        )
        ledger.pass_over(earlier)


def _end(run: Run, step: Step, error: ConnectorError) -> None:
    """Keep the run if a job is, or may be, at CloudConvert, for which it makes sense to come back."""
    entry = None if isinstance(error, LedgerUnusable) else run.entry(step.id, _NOT_REPEATED)
    if entry and not isinstance(error, InputError) and (entry.job_id or may_exist(error)):
        run.failed()
        error.hint = " ".join(filter(None, (error.hint, _how_to_resume(run))))
    elif not isinstance(error, LedgerUnusable):
        run.finished()


def _how_to_resume(run: Run) -> str:
    return f"The same command with --resume {run.id} takes the job up."


def _digest(work: Work) -> str:
    """Changes with whatever changes the job; holds nothing secret, not even as a hash."""
    recipe = work.module.recipe
    assert isinstance(recipe, Job | CustomJob)  # noqa: S101 - others make no job
    request = job_request(recipe, work.form, "-")
    files = {name: file.name for name, file in request.uploads.items()}
    text = json.dumps([work.step.module, redact_data(request.body), files], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
