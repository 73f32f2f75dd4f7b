"""The files on disk: `files/<task id>/<number>` and work folders. No name from outside ever becomes a path."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The folders of one conversion: `inputs` for its sources and for what programs keep for a moment, `outputs` within it.

    Not one more than needed: to make a folder takes the disk longer than a small conversion takes its engine.
    """

    inputs: Path
    outputs: Path


class Files:
    """All files of one data folder. Raises OSError as the disk does."""

    def __init__(self, root: Path) -> None:
        self._files = root / "files"
        self._work = root / "work"
        for folder in (self._files, self._work):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, task_id: str, number: int) -> Path:
        """Where the task's file of that number lies."""
        return self._files / task_id / str(number)

    def draft(self, task_id: str) -> Path:
        """A fresh path beside the task's files, for what is still being written."""
        folder = self._files / task_id
        folder.mkdir(exist_ok=True)
        return folder / f"draft-{secrets.token_hex(8)}"

    def keep(self, draft: Path, task_id: str, number: int) -> int:
        """Make a finished draft, or an engine's output, the task's file of that number in one step. Gives its size.

        Raises ValueError for anything but a regular file.
        """
        found = draft.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{draft.name} is no regular file")
        target = self.path(task_id, number)
        try:
            draft.replace(target)
        except FileNotFoundError:  # a first file, from an engine's folder
            target.parent.mkdir(exist_ok=True)
            draft.replace(target)
        return found.st_size

    def write(self, task_id: str, number: int, content: bytes) -> int:
        """Write a whole file; nothing half-written is left when the disk is full."""
        draft = self.draft(task_id)
        try:
            draft.write_bytes(content)
            return self.keep(draft, task_id, number)
        finally:
            draft.unlink(missing_ok=True)

    def share(self, source: Path, target: Path) -> None:
        """Make the same file appear at `target` too, without copying where the disk can."""
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def remove(self, task_id: str) -> None:
        """Remove all files of a task."""
        shutil.rmtree(self._files / task_id, ignore_errors=True)

    def remove_strangers(self, known: Collection[str]) -> None:
        """Remove what a killed server left: work folders, drafts, and files of tasks that are not known."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(exist_ok=True)
        for folder in self._files.iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
        for draft in self._files.glob("*/draft-*"):
            draft.unlink(missing_ok=True)

    def home(self, name: str) -> Path:
        """A folder that a worker process calls home."""
        folder = self._work / name
        folder.mkdir(exist_ok=True)
        return folder

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """Empty folders for one conversion, removed afterwards."""
        inputs = self._work / secrets.token_hex(8)
        space = Workspace(inputs, inputs / "out")
        try:
            for folder in (space.inputs, space.outputs):
                folder.mkdir()
            yield space
        finally:
            shutil.rmtree(inputs, ignore_errors=True)
