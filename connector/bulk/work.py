"""What is done with one input: begin its job, take it up, fetch what came out. Never two jobs for one input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from connector.api.endpoints import Api, Object
from connector.bulk.entry import Entry
from connector.bulk.placing import Place
from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    CreditsExceeded,
    InputError,
    OutOfSpace,
    ProtocolError,
    TemporaryError,
)
from connector.module import Module
from connector.recipe import CustomJob, Job
from connector.redact import redact
from connector.runtime import Items, Options, Progress, Record, Silent, execute
from connector.runtime.job import begin_job, is_awaited, job_outputs, naming_the_job
from connector.runtime.progress import Noting
from connector.runtime.repeating import can_be_found, is_harmless, makes_job
from connector.runtime.wait import wait_until_ended

FATAL = (ConnectionInvalid, CreditsExceeded, OutOfSpace)
"""What one input meets, and every other will meet too."""

LOST = 3
"""How many jobs of one input may be deleted under our hands before it is given up."""


class Notes(Protocol):
    """Where it is noted how far an input is: the rows of a ledger, or nothing that lasts."""

    def made(self, entry: Entry, job_id: str) -> Entry:
        """Note the job that was made."""

    def afresh(self, entry: Entry) -> Entry:
        """Note that nothing came of the job, and that there will be another."""

    def release(self, entry: Entry) -> None:
        """Let others have it."""

    def finish(self, entry: Entry, outputs: Mapping[str, Any], spent: float = ...) -> None:
        """Note what came out."""

    def fail(self, entry: Entry, error: Mapping[str, Any], *, taken_up: bool = ...) -> None:
        """Note why nothing did."""


@dataclass(frozen=True)
class Work:
    """A module with a filled-in form, and where its files go."""

    module: type[Module]
    form: Mapping[str, Any]
    output_dir: Path | None = None
    overwrite: bool = False
    progress: Progress = field(default_factory=Silent)

    @property
    def makes_job(self) -> bool:
        """Whether there is a job that can be come back to."""
        return makes_job(self.module.recipe)

    @property
    def recipe(self) -> Job | CustomJob:
        """The job that it makes. Raises InputError for a module that makes none."""
        recipe = self.module.recipe
        if isinstance(recipe, Job | CustomJob):
            return recipe
        raise InputError(f"{self.module.name()} makes no job.", fields={"module": "makes no job"})

    @property
    def is_awaited(self) -> bool:
        """Whether it is only done when its job has ended."""
        return is_awaited(self.recipe, self.form)

    def require_safe(self, entry: Entry) -> None:
        """Raise InputError where an earlier try may have done it, and nothing can tell whether it did."""
        recipe = self.module.recipe
        if entry.asked and not (entry.job_id or can_be_found(recipe, self.form) or is_harmless(recipe, self.form)):
            raise InputError(
                f"{self.module.name()} was cut off, and whether it was carried out cannot be known.",
                hint="Look at CloudConvert's dashboard, then run it again.",
            )

    def begin(self, api: Api, entry: Entry, made: Callable[[str], object]) -> Object:
        """The job as it was made, or taken up by its id or tag, with its files sent. `made` is told the id first."""
        options = replace(
            self._options(),
            progress=Noting(self.progress, made),
            tag=entry.tag,
            adopt=entry.asked,
            job_id=entry.job_id,
        )
        return begin_job(api, self.recipe, self.form, options)

    def wait(self, api: Api, job: Object) -> Object:
        """The job when it has ended. Raises WaitExceeded after the form's `wait_limit`."""
        return wait_until_ended(api, f"/jobs/{job['id']}", float(self.form["wait_limit"]), self.progress)

    def outputs(self, api: Api, job: Object, entry: Entry) -> Record:
        """The outputs of the job as it stands; downloads its files where the form wants them."""
        place = self._place(entry)
        options = replace(self._options(), output_dir=place.open()) if place else self._options()
        try:
            with naming_the_job(str(job["id"])):
                outputs = job_outputs(api, self.recipe, self.form, options, self.module.Output, job)
        except ConnectorError:
            self.tidy(entry)
            raise
        if place:
            place.give_names(outputs)
        return outputs

    def tidy(self, entry: Entry) -> None:
        """There is nothing in the folder that would have to be known again."""
        if place := self._place(entry):
            place.forget()

    def clear(self, entry: Entry) -> None:
        """Nothing comes of the item's job: take away what it may have left in the folder."""
        if place := self._place(entry):
            place.clear()

    def _place(self, entry: Entry) -> Place | None:
        """Where nobody notes anything, nobody has to recognize the files."""
        if self.output_dir is None or not entry.id or not self.form.get("download"):
            return None
        return Place(self.output_dir, entry.tag, overwrite=self.overwrite)

    def execute(self, api: Api) -> Record:
        """What a module does that makes no job."""
        result = execute(api, self.module.recipe, self.form, self._options(), self.module.Output)
        return Record(items=list(result)) if isinstance(result, Items) else result

    def _options(self) -> Options:
        return Options(self.output_dir, self.overwrite, self.progress)


def credits_of(job: Object) -> float:
    """What the job's tasks cost."""
    return float(sum(task.get("credits") or 0 for task in job.get("tasks") or []))


def as_data(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs as a ledger keeps them: without the API's own description, which is long and may repeat secrets."""
    return {name: value for name, value in outputs.items() if name not in ("job", "task")}


def stays(error: ConnectorError) -> bool:
    """Whether there may be a job that whoever tries again has to take up."""
    return isinstance(error, TemporaryError | ProtocolError)


def unexpected(error: Exception) -> str:
    """The sentence for a mistake of ours, which is to cost one input and not the whole run."""
    return redact(f"Something unexpected happened ({type(error).__name__}: {error}).")
