"""Imports from and exports to other storage: which one, what is asked for, and what comes of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from connector.sandbox import naming
from connector.sandbox.engines.base import EngineError
from connector.sandbox.files import Files
from connector.sandbox.flow import Flow, Received
from connector.sandbox.processing import Outcome
from connector.sandbox.records import File, Task
from connector.sandbox.remote.base import MOST_FILES, Remote, Store
from connector.sandbox.remote.s3 import S3
from connector.sandbox.remote.sftp import Sftp
from connector.sandbox.remote.web import Web
from connector.sandbox.threads import in_thread

R = TypeVar("R", bound=Remote)
IMPORTS: dict[str, type[Store]] = {"import/s3": S3, "import/sftp": Sftp}
EXPORTS: dict[str, type[Remote]] = {"export/s3": S3, "export/sftp": Sftp, "export/upload": Web}
"""The operations that there are, with the storage that each is about."""
INSTALL = 'pip install "cloudconvert-connector[storage]"'


async def bring_in(task: Task, files: Files, *, allow_private: bool) -> Outcome:
    """The files that the task names become its own. Raises EngineError for what the person must know."""
    flow, drafts = Flow(), list[Path]()

    def work() -> list[tuple[str, Received]]:
        with _opened(IMPORTS[task.operation], task, flow, allow_private) as remote:
            found = _asked_for(remote)
            flow.check()
            drafts.extend(files.draft(task.id) for _ in found)
            return [(place, remote.fetch(place, draft)) for place, draft in zip(found, drafts, strict=True)]

    try:
        received = await in_thread(work)
        for number, draft in enumerate(drafts, 1):
            files.keep(draft, task.id, number)
    finally:
        flow.stop()
        for draft in drafts:
            draft.unlink(missing_ok=True)
    names = _names(task, [place for place, _ in received])
    return Outcome(
        tuple(
            File(number, name, got.size, got.md5)
            for number, (name, (_, got)) in enumerate(zip(names, received, strict=True), 1)
        )
    )


async def send_out(task: Task, sources: Sequence[tuple[Path, File]], files: Files, *, allow_private: bool) -> Outcome:
    """The sources lie in the storage that the task names, and are the task's files. Raises EngineError."""
    flow = Flow()

    def work() -> None:
        with _opened(EXPORTS[task.operation], task, flow, allow_private) as remote:
            where = remote.targets([file.name for _, file in sources])
            for (path, _), place in zip(sources, where, strict=True):
                flow.check()
                remote.send(path, place)

    try:
        await in_thread(work)
    finally:
        flow.stop()
    for number, (path, _) in enumerate(sources, 1):
        files.share(path, files.path(task.id, number))
    return Outcome(tuple(File(number, file.name, file.size) for number, (_, file) in enumerate(sources, 1)))


@contextmanager
def _opened(kind: type[R], task: Task, flow: Flow, allow_private: bool) -> Iterator[R]:
    if kind.package and importlib.util.find_spec(kind.package) is None:
        raise EngineError(
            "ENGINE_NOT_INSTALLED",
            f"{task.operation} needs {kind.package}, which is not installed here; install it with `{INSTALL}` and start the sandbox again.",
        )
    remote = kind(task.operation, task.payload, flow, allow_private=allow_private)
    try:
        remote.open()
        yield remote
    finally:
        remote.close()


def _asked_for(remote: Store) -> list[str]:
    """The places of the files to import. Raises EngineError for none and for too many."""
    one, folder = remote.text(remote.one), remote.text(remote.folder)
    if one:
        return [one]
    if not folder:
        raise EngineError(
            "INVALID_OPTION", f"{remote.operation} needs {remote.one} for one file, or {remote.folder} for several."
        )
    found = remote.listed(folder)
    if not found:
        raise remote.nothing(folder)
    if len(found) > MOST_FILES:
        raise EngineError(
            "LIMIT_EXCEEDED", f'There are more than {MOST_FILES:,} files at "{folder[:200]}"; import fewer of them.'
        )
    return found


def _names(task: Task, found: Sequence[str]) -> list[str]:
    """The names of the imported files: the person's own for a single one, else the last part of each place."""
    given = task.payload.get("filename")
    if given and len(found) == 1:
        return [naming.clean(str(given))]
    return naming.distinct([naming.clean(place) for place in found])
