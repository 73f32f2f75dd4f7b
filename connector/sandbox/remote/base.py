"""What every storage is: a place to send files to, and mostly one to find them in and fetch them from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from connector.sandbox.engines.base import EngineError
from connector.sandbox.flow import Flow, Received
from connector.sandbox.remote.places import places

MOST_FILES = 1000
"""How many files one import takes."""


class Remote(ABC):
    """One storage, as a task's payload names it. Used in one thread; every method raises EngineError.

    `operation` is the task's, for the error code. `allow_private` lets it be at a private address.
    """

    package: ClassVar[str | None] = None
    """The library that it needs, of the extra `storage`."""

    def __init__(self, operation: str, payload: Mapping[str, object], flow: Flow, *, allow_private: bool) -> None:
        self.operation = operation
        self.payload = payload
        self.flow = flow
        self.allow_private = allow_private
        self._kept = ExitStack()

    @abstractmethod
    def open(self) -> None:
        """Connect; what must be let go is put on `_kept`."""

    def close(self) -> None:
        """Let everything go that `open` took, also where that failed half way."""
        self._kept.close()

    @abstractmethod
    def targets(self, names: Sequence[str]) -> list[str]:
        """Where files of these names go."""

    @abstractmethod
    def send(self, source: Path, place: str) -> None:
        """Bring one file there."""

    def text(self, name: str, default: str = "") -> str:
        """A field of the payload; the default where it is not filled in."""
        value = self.payload.get(name)
        return default if value in (None, "") else str(value)

    def failed(self, sentence: str) -> EngineError:
        """The error for a storage that refuses or does not answer."""
        return EngineError("UPLOAD_FAILED" if self.operation.startswith("export/") else "DOWNLOAD_FAILED", sentence)

    def nothing(self, place: str) -> EngineError:
        """The error for a file or folder that is not there."""
        return self.failed(f'There is nothing at "{place[:200]}"; check the name.')


class Store(Remote):
    """A storage with files and folders, or with names that begin alike."""

    one: ClassVar[str]
    """The field of the payload that names one file."""
    folder: ClassVar[str]
    """The field that names a folder, or what the names of files begin with."""

    @abstractmethod
    def listed(self, folder: str) -> list[str]:
        """The places of the files in a folder, in order of their names; at most one more than `MOST_FILES`."""

    @abstractmethod
    def fetch(self, place: str, target: Path) -> Received:
        """Bring one file here."""

    @abstractmethod
    def inside(self, folder: str, name: str) -> str:
        """The place of a file of that name in a folder."""

    def targets(self, names: Sequence[str]) -> list[str]:
        """By the field for one file, else in the folder, else by the name alone."""
        return places(self.text(self.one), self.text(self.folder), names, self.inside)
