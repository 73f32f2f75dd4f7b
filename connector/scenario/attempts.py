"""Carries one step out: exactly once at CloudConvert, however often it has to be tried or the process is killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connector.api.clock import Clock
from connector.api.endpoints import may_exist
from connector.api.policy import Policy, backoff
from connector.connection import Connection
from connector.errors import (
    ConnectorError,
    ConversionFailed,
    InputError,
    NotFound,
    TemporaryError,
)
from connector.module import Module
from connector.runtime import Items, Options, Progress, Record, Silent, execute
from connector.runtime.progress import Noting
from connector.runtime.repeating import can_be_found, is_harmless, makes_job
from connector.scenario.entries import Entry, Run
from connector.scenario.scenario import Step

Connect = Callable[[str | None], Connection]
"""Gives the connection of that name; for None the one that is used where nobody names any."""

Execute = Callable[[Connection, type[Module], Mapping[str, Any], Options], "Record | Items"]

Report = Callable[[Step, int, str], None]
"""Is told what happens: the step, the item's position (-1 where it is not repeated), and a word or two about it."""

_DELAYS = Policy(attempts=0, retry=frozenset(), base=2.0, cap=60.0)
_LONGEST_DELAY = 3600.0  # seconds; whoever asks for more is not waited for


def execute_module(
    connection: Connection, module: type[Module], form: Mapping[str, Any], options: Options
) -> Record | Items:
    """Run the module; what a run does unless something else takes its place."""
    return execute(connection.api, module.recipe, form, options, module.Output)


def say_nothing(step: Step, item: int, what: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Conduct:
    """How a run is made: the connections, where files go, time, and who is told."""

    connect: Connect
    output_dir: Path | None = None
    progress: Progress = field(default_factory=Silent)
    clock: Clock = field(default_factory=Clock)
    report: Report = say_nothing
    execute: Execute = execute_module


@dataclass(frozen=True)
class Work:
    """One thing to do: the module of a step with its filled-in form, for one item (-1 where it is not repeated)."""

    step: Step
    item: int
    module: type[Module]
    form: Mapping[str, Any]
    output_dir: Path | None

    @property
    def makes_job(self) -> bool:
        """Whether it creates a job, which can be found again."""
        return makes_job(self.module.recipe)

    @property
    def can_be_found(self) -> bool:
        """Whether its job can be found by a tag, even if its id was never told."""
        return can_be_found(self.module.recipe, self.form)

    @property
    def is_harmless(self) -> bool:
        """Whether doing it twice changes nothing."""
        return is_harmless(self.module.recipe, self.form)


def carry_out(work: Work, run: Run, conduct: Conduct) -> Mapping[str, Any]:
    """The outputs; tried again as the step's `on_error` says. Raises ConnectorError."""
    attempt = 0
    while True:
        try:
            return _attempt(work, run, conduct)
        except TemporaryError as error:
            attempt += 1
            delay = _delay(work.step, attempt, error, conduct.clock)
            if delay is None or not _may_repeat(work, run):
                raise
            conduct.report(work.step, work.item, f"trying again in {delay:.0f} s: {error.message}")
            conduct.clock.sleep(delay)


def _delay(step: Step, attempt: int, error: TemporaryError, clock: Clock) -> float | None:
    """Seconds until the next try, None where there is none."""
    if step.on_error != "retry" or attempt > step.retries:
        return None
    if error.retry_after is None:
        return backoff(_DELAYS, attempt, clock.random())
    return error.retry_after if error.retry_after <= _LONGEST_DELAY else None


def _may_repeat(work: Work, run: Run) -> bool:
    known = run.entry(work.step.id, work.item)
    return known is None or work.can_be_found or known.job_id is not None


def _attempt(work: Work, run: Run, conduct: Conduct) -> Mapping[str, Any]:
    known = run.entry(work.step.id, work.item)
    if known and not (work.can_be_found or known.job_id):
        raise _unknown_outcome(work)
    connection = conduct.connect(work.step.connection or run.connection or None)
    options = _options(work, run, conduct, known)
    try:
        return _whole(conduct.execute(connection, work.module, work.form, options))
    except ConnectorError as error:
        if not _stays_open(work, run, error):
            run.forget(work.step.id, work.item)
        if known and isinstance(error, NotFound):
            return _attempt(work, run, conduct)  # the job was deleted since, with all it had made
        raise


def _options(work: Work, run: Run, conduct: Conduct, known: Entry | None) -> Options:
    # Noted before anything is sent: from here on a crash leaves a trace.
    tag = known.tag if known else None if work.is_harmless else run.begin(work.step.id, work.item)
    job_id = known.job_id if known else None
    return Options(
        output_dir=work.output_dir,
        overwrite=work.step.overwrite,
        progress=_noting(work, run, conduct),
        tag=tag,
        adopt=known is not None and job_id is None,
        job_id=job_id,
    )


def _noting(work: Work, run: Run, conduct: Conduct) -> Progress:
    """Writes the job's id into the ledger as soon as there is one."""
    if not work.makes_job:
        return conduct.progress
    return Noting(conduct.progress, lambda job_id: run.created(work.step.id, work.item, job_id))


def _whole(result: Record | Items) -> Mapping[str, Any]:
    return {"items": list(result)} if isinstance(result, Items) else result


def _stays_open(work: Work, run: Run, error: ConnectorError) -> bool:
    """Whether something may be at CloudConvert that the next try has to take up, or must not do again."""
    entry = run.entry(work.step.id, work.item)
    if work.can_be_found or (entry and entry.job_id):
        return not isinstance(error, ConversionFailed | NotFound)
    return may_exist(error)


def _unknown_outcome(work: Work) -> InputError:
    return InputError(
        f"The run was cut off while {work.module.name()} was carried out, and whether it was cannot be known.",
        hint="Look at CloudConvert's dashboard, then begin anew: without --resume, or with --fresh for a scenario.",
    )
