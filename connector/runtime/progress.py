"""What a run tells about itself while it goes on."""

from __future__ import annotations

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
