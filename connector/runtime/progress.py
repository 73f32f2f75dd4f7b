"""What a run tells about itself while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Receives what happens. Sizes are in bytes; `total` is 0 where it is not known."""

    def job_created(self, job_id: str) -> None:
        """The job exists at CloudConvert; from here on its id finds it again."""

    def warning(self, sentence: str) -> None:
        """Something was asked for that may not be done, e.g. an option that the service does not list."""

    def uploading(self, name: str, done: int, total: int) -> None:
        """So much of a file has been sent."""

    def waiting(self, status: str) -> None:
        """The job has this status."""

    def downloading(self, name: str, done: int, total: int) -> None:
        """So much of a file has arrived."""


class Silent:
    """Keeps it all to itself."""

    def job_created(self, job_id: str) -> None:
        """Nothing."""

    def warning(self, sentence: str) -> None:
        """Nothing."""

    def uploading(self, name: str, done: int, total: int) -> None:
        """Nothing."""

    def waiting(self, status: str) -> None:
        """Nothing."""

    def downloading(self, name: str, done: int, total: int) -> None:
        """Nothing."""


class Noting:
    """Has the job's id noted as soon as there is one, and hands everything on."""

    def __init__(self, progress: Progress, note: Callable[[str], object]) -> None:
        self._note = note
        self._job_created = progress.job_created
        self.warning = progress.warning
        self.uploading = progress.uploading
        self.waiting = progress.waiting
        self.downloading = progress.downloading

    def job_created(self, job_id: str) -> None:
        """Note it first: what is told to others may take its time."""
        self._note(job_id)
        self._job_created(job_id)
