"""How a run in threads keeps its notes: in a ledger, or only as long as it lasts."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from filelock import FileLock, Timeout

from connector.bulk.entry import Entry, new_tag
from connector.bulk.inputs import key_of
from connector.bulk.work import Notes
from connector.errors import ConnectorError, InputError

if TYPE_CHECKING:
    from connector.bulk.ledger import Ledger
    from connector.bulk.run import Run

_LOOK_AGAIN = 1.0  # seconds between looks at what somebody else works on


class Keeper(Protocol):
    """Gives inputs out to the threads of a run; `notes` is where they note how far they are."""

    notes: Notes

    def claim(self, form: Mapping[str, Any], label: str, position: int) -> Entry:
        """The input as it stands: either done already, or for the caller to work on."""


class Unkept:
    """Notes that last as long as the run."""

    def __init__(self) -> None:
        self.notes: Notes = _Unwritten()

    def claim(self, form: Mapping[str, Any], label: str, position: int) -> Entry:  # noqa: ARG002
        return Entry(label=label, tag=new_tag(), holder="")


class _Unwritten:
    def made(self, entry: Entry, job_id: str) -> Entry:
        return replace(entry, job_id=job_id)

    def afresh(self, entry: Entry) -> Entry:
        return replace(entry, job_id=None, asked=False, tag=new_tag(), lost=entry.lost + 1)

    def release(self, entry: Entry) -> None: ...

    def finish(self, entry: Entry, outputs: Mapping[str, Any], spent: float = 0.0) -> None: ...

    def fail(self, entry: Entry, error: Mapping[str, Any], *, taken_up: bool = False) -> None: ...


class Kept:
    """Notes in a ledger, for one run."""

    def __init__(self, ledger: Ledger, run: Run) -> None:
        self.notes: Notes = ledger.rows
        self._ledger = ledger
        self._run = run

    def claim(self, form: Mapping[str, Any], label: str, position: int) -> Entry:
        if form.get("download") and self._run.output_dir is None:
            problem = "is needed with a ledger: what is only in memory is gone in the next run"
            raise InputError(f"A folder for the files (output_dir) {problem}.", fields={"output_dir": problem})
        key = key_of(form)
        while True:
            entry = self._ledger.rows.claim(self._run.id, key, label, position)
            if entry.holder or entry.is_done:
                return entry
            self._ledger.clock.sleep(_LOOK_AGAIN)


@contextlib.contextmanager
def kept(where: str | PathLike[str] | Ledger, run: Run) -> Iterator[Keeper]:
    """The notes of a run in a ledger, which is opened, and closed again, unless it is one already.

    Raises InputError where another process is at work on a ledger in a file.
    """
    from connector.bulk.ledger import Ledger

    with contextlib.ExitStack() as stack:
        ledger = where if isinstance(where, Ledger) else stack.enter_context(Ledger(where))
        path = ledger.database.path
        if path is not None:
            stack.enter_context(_alone(path))
        ledger.start(run)
        if path is not None:
            ledger.rows.seize(run.id)  # whoever had them has died: we are alone
        stack.enter_context(renewing(ledger))
        yield Kept(ledger, run)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    lock = FileLock(f"{path}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            f"Another process is at work with the ledger {path}.",
            fields={"ledger": "is in use"},
            hint="Wait for it, or give this run a ledger of its own.",
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def renewing(ledger: Ledger) -> Iterator[None]:
    """Hold on to what is being worked on, however long it takes, for as long as this process lives."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(ledger.rows.lease / 4):
            with contextlib.suppress(ConnectorError):  # the next time will do
                ledger.rows.renew()

    thread = threading.Thread(target=renew, name="bulk-leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
