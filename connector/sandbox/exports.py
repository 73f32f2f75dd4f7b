"""Export tasks: files that are made ready for download, or go to other storage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connector.sandbox import naming, remote
from connector.sandbox.engines.base import EngineError
from connector.sandbox.files import Files
from connector.sandbox.imports import not_available
from connector.sandbox.processing import Outcome
from connector.sandbox.records import File, Task
from connector.sandbox.threads import in_thread

ARCHIVE_NAME = "files.zip"


class Exports:
    """Runs export/url and the exports to other storage that there are; the rest is refused with a reason."""

    def __init__(self, files: Files, *, allow_private: bool) -> None:
        """`allow_private` lets storage be at a private, loopback or link-local address."""
        self._files = files
        self._allow_private = allow_private

    async def run(self, task: Task, inputs: Sequence[Task]) -> Outcome:
        """Give the task the files of its inputs, in their order. Raises EngineError for what the person must know."""
        if task.operation != "export/url" and task.operation not in remote.EXPORTS:
            raise not_available(task.operation, "export/url")
        found = [(one, file) for one in inputs for file in one.files]
        if not found:
            raise EngineError("CONVERSION_FAILED", "The input tasks gave no file to export.")
        if task.operation in remote.EXPORTS:
            sources = [(self._files.path(owner.id, file.number), file) for owner, file in found]
            return await remote.send_out(task, sources, self._files, allow_private=self._allow_private)
        if task.payload.get("archive_multiple_files") and len(found) > 1:
            return Outcome((await in_thread(lambda: self._archive(task, found)),))
        return Outcome(tuple(self._share(task, owner, file, number) for number, (owner, file) in enumerate(found, 1)))

    def _share(self, task: Task, owner: Task, file: File, number: int) -> File:
        self._files.share(self._files.path(owner.id, file.number), self._files.path(task.id, number))
        return File(number, file.name, file.size)

    def _archive(self, task: Task, found: Sequence[tuple[Task, File]]) -> File:
        import zipfile

        draft = self._files.draft(task.id)
        names = naming.distinct([file.name for _, file in found])
        try:
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, (owner, file) in zip(names, found, strict=True):
                    entry = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])  # noqa: DTZ005 - ZIP holds local time
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    with (
                        self._files.path(owner.id, file.number).open("rb") as source,
                        archive.open(entry, "w", force_zip64=file.size > 2**31) as target,
                    ):
                        while chunk := source.read(1024 * 1024):
                            target.write(chunk)
            return File(1, ARCHIVE_NAME, self._files.keep(draft, task.id, 1))
        finally:
            draft.unlink(missing_ok=True)
