"""Progress bars on standard error, for a person who watches a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from connector.redact import redact
from connector.runtime import Progress, Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Bars for uploads, waiting and downloads when standard error is a terminal, else silence."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)


class Lines(Silent):
    """No bars for a file or a pipe, but warnings."""

    def warning(self, sentence: str) -> None:
        click.echo(f"Warning: {redact(sentence)}", err=True)


class _Bars:
    """One bar for each file that moves, and one that swings while the job runs."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def job_created(self, job_id: str) -> None:
        self._bars.console.print(f"Job {job_id}", style="dim", highlight=False)

    def warning(self, sentence: str) -> None:
        self._bars.console.print(f"Warning: {redact(sentence)}", style="yellow", highlight=False, markup=False)

    def uploading(self, name: str, done: int, total: int) -> None:
        self._move(f"Uploading {name}", done, total)
        if done >= total:
            self.waiting("processing")

    def waiting(self, status: str) -> None:  # noqa: ARG002
        self._move("Converting", 0, 0)

    def downloading(self, name: str, done: int, total: int) -> None:
        if "Converting" in self._tasks:
            self._bars.update(self._tasks["Converting"], visible=False)
        self._move(f"Downloading {name}", done, total)

    def _move(self, description: str, done: int, total: int) -> None:
        from rich.markup import escape

        if description not in self._tasks:
            self._tasks[description] = self._bars.add_task(escape(description), total=total or None)
        self._bars.update(self._tasks[description], completed=done, total=total or None)
