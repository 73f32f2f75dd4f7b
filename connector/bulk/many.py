"""One module over many inputs, several at once, on this machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from connector import modules
from connector.api.session import LARGEST_POOL
from connector.bulk.attempts import Attempt
from connector.bulk.entry import LeaseLost
from connector.bulk.inputs import label_of
from connector.bulk.keeping import Keeper, Unkept, kept
from connector.bulk.run import Run
from connector.bulk.threads import in_order
from connector.bulk.work import FATAL, Work, unexpected
from connector.connection import Connection
from connector.errors import ConnectorError, InputError
from connector.runtime import Progress, Record, Silent

if TYPE_CHECKING:
    from connector.bulk.ledger import Ledger

log = logging.getLogger("connector.bulk")

WORKERS = 8
"""Inputs at a time, where nobody says otherwise."""

RETRIES = 3
"""How often an input is tried again after an error that may pass."""


@dataclass(frozen=True)
class Outcome:
    """What came of one input: a `result`, or an `error`.

    `position` counts from 0 in the order of the inputs, `label` is what a person calls the input. `skipped` tells that
    an earlier run had done it. `credits` is what its job cost, where that is known.
    """

    position: int
    label: str
    result: Record | None = None
    error: ConnectorError | None = None
    skipped: bool = False
    credits: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a result."""
        return self.error is None


class Watcher(Protocol):
    """Is told how a whole run goes on, from several threads at once."""

    def began(self, position: int, label: str) -> Progress:
        """An input is being worked on; what is given here is told the rest about it."""

    def ended(self, outcome: Outcome) -> None:
        """Nothing more will happen to that input."""


class Unwatched:
    """Nobody looks."""

    def began(self, position: int, label: str) -> Progress:  # noqa: ARG002
        """Say nothing."""
        return Silent()

    def ended(self, outcome: Outcome) -> None:
        """Say nothing."""


def run_many(
    module: str,
    connection: Connection,
    forms: Iterable[Mapping[str, Any]],
    /,
    *,
    workers: int = WORKERS,
    ledger: str | PathLike[str] | Ledger | None = None,
    output_dir: str | PathLike[str] | None = None,
    overwrite: bool = False,
    retries: int = RETRIES,
    progress: Watcher | None = None,
) -> Iterator[Outcome]:
    """Run a module once for every form, several at a time, and give what came of each, in the order of the forms.

    An input that fails does not stop the others: its outcome says why. What every other input would meet as well ends
    the run: a refused key, no credits left, a full disk. After a 429 all workers pause together. Whoever leaves early
    waits for what is being worked on.

    Args:
        module: its name, e.g. "ConvertFile".
        connection: who signs in, and where; shared by all workers.
        forms: the filled-in forms; asked for as there is room, so that a generator may make any number of them.
        workers: how many are worked on at a time, 1 to 64.
        ledger: a file (or the URL of a database) that remembers. A second run with it skips what is done, gives its
            outputs from there, and takes up jobs that were in flight instead of making others. It outlasts the death
            of this process, though not a power cut in the same second.
        output_dir: the folder into which files are downloaded; without it they come as bytes in `files[].data`.
        overwrite: replace files of the same name there, instead of adding a number.
        retries: how often an input is tried again after an error that may pass.
        progress: is told what happens.

    Raises InputError for what is wrong with the run as a whole, before anything is sent; ConnectionInvalid,
    CreditsExceeded or OutOfSpace when they come.

    """
    if not 1 <= workers <= LARGEST_POOL:
        problem = f"must be from 1 to {LARGEST_POOL}"
        raise InputError(f"The number of workers {problem}, not {workers}.", fields={"workers": problem})
    run = _run_of(modules.find(module).name(), connection, output_dir, overwrite)
    many = _Many(connection, run, retries, progress or Unwatched())
    # Without a folder results hold whole files: then only few may wait for their turn.
    ahead = workers * (4 if output_dir is None else 64)
    return many.outcomes(forms, ledger, workers, ahead)


def _run_of(module: str, connection: Connection, folder: str | PathLike[str] | None, overwrite: bool) -> Run:
    """The same for the same module, host and folder."""
    place = str(Path(folder).absolute()) if folder is not None else None
    about = json.dumps([connection.base_url, place])
    run_id = f"{module}-{hashlib.sha256(about.encode()).hexdigest()[:12]}"
    return Run(run_id, module, output_dir=place, overwrite=overwrite)


class _Many:
    """What all inputs of one call have in common."""

    def __init__(self, connection: Connection, run: Run, retries: int, watcher: Watcher) -> None:
        self._api = connection.api
        self._run = run
        self._module = modules.find(run.module)
        self._retries = retries
        self._watcher = watcher
        self._keeper: Keeper = Unkept()
        self._fatal: ConnectorError | None = None

    def outcomes(
        self, forms: Iterable[Mapping[str, Any]], ledger: str | PathLike[str] | Ledger | None, workers: int, ahead: int
    ) -> Iterator[Outcome]:
        with kept(ledger, self._run) if ledger is not None else contextlib.nullcontext(self._keeper) as self._keeper:
            yield from in_order(self._one, forms, workers=workers, ahead=ahead)

    def _one(self, position: int, form: Mapping[str, Any]) -> Outcome:
        if self._fatal:
            raise self._fatal
        label = label_of(self._module, form)
        try:
            outcome = self._outcome(position, label, self._module.fill(form))
        except FATAL as error:
            self._fatal = error
            raise
        except ConnectorError as error:
            outcome = Outcome(position, label, error=error)
        except Exception as error:
            log.debug("An unexpected error.", exc_info=error)
            outcome = Outcome(position, label, error=ConnectorError(unexpected(error)))
        self._watcher.ended(outcome)
        return outcome

    def _outcome(self, position: int, label: str, form: Mapping[str, Any]) -> Outcome:
        while True:
            entry = self._keeper.claim(form, label, position)
            if entry.is_done:
                return Outcome(position, label, Record(entry.outputs or {}), skipped=True, credits=entry.credits)
            folder = Path(self._run.output_dir) if self._run.output_dir else None
            work = Work(self._module, form, folder, self._run.overwrite, self._watcher.began(position, label))
            with contextlib.suppress(LeaseLost):
                result, spent = Attempt(self._api, work, entry, self._keeper.notes, self._retries).run()
                return Outcome(position, label, result, credits=spent)
