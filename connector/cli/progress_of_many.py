"""Progress of many inputs at once, on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.cli.progress import Lines
from connector.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bars
    from rich.progress import ProgressColumn, TaskID

    from connector.bulk import Outcome, Watcher
    from connector.bulk.run import Counts
    from connector.runtime import Progress


def _columns() -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    texts = (TextColumn("{task.description}"), TextColumn("{task.fields[count]}"))
    return texts[0], BarColumn(), texts[1], TimeElapsedColumn(), TimeRemainingColumn()


@contextmanager
def shown_progress_of_many(total: int | None) -> Iterator[Watcher]:
    """A bar for the whole and a line for each input that is being worked on."""
    if not sys.stderr.isatty():
        yield _LinesOfMany()
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(*_columns(), console=Console(stderr=True), transient=True) as bars:
        yield _BarsOfMany(bars, total)


class _LinesOfMany:
    """No bars for a file or a pipe, but warnings."""

    def began(self, position: int, label: str) -> Progress:  # noqa: ARG002
        return Lines()

    def ended(self, outcome: Outcome) -> None:
        """Nothing: the summary says it."""


class _BarsOfMany:
    """One bar for the whole, and a line for each input that is being worked on, as far as there is room."""

    def __init__(self, bars: Bars, total: int | None) -> None:
        self._bars = bars
        self._total = total
        self._ended = self._failed = 0
        self._whole = bars.add_task("[bold]All[/bold]", total=total, count="")
        self._lines: dict[int, TaskID] = {}

    def began(self, position: int, label: str) -> Progress:
        room = len(self._lines) < max(3, self._bars.console.height - 8)
        line = self._bars.add_task(_line("Starting", label), total=None, visible=room, count="")
        self._lines[position] = line
        return _Line(self._bars, line, label)

    def ended(self, outcome: Outcome) -> None:
        line = self._lines.pop(outcome.position, None)
        if line is not None:
            self._bars.remove_task(line)
        self._failed += outcome.error is not None
        self._ended += 1
        of_all = f" of {self._total:,}" if self._total else ""
        failed = f", [red]{self._failed:,} failed[/red]" if self._failed else ""
        self._bars.update(self._whole, completed=self._ended, count=f"{self._ended:,}{of_all}{failed}")


class _Line:
    """What one of many inputs is at."""

    def __init__(self, bars: Bars, line: TaskID, label: str) -> None:
        self._bars = bars
        self._line = line
        self._label = label

    def job_created(self, job_id: str) -> None:
        """Nothing that a person could use among many."""

    def warning(self, sentence: str) -> None:
        self._bars.console.print(redact(f"Warning: {sentence}"), style="yellow", highlight=False, markup=False)

    def uploading(self, name: str, done: int, total: int) -> None:  # noqa: ARG002
        self._say("Uploading" if done < total else "Converting", done, total)

    def waiting(self, status: str) -> None:  # noqa: ARG002
        self._say("Converting")

    def downloading(self, name: str, done: int, total: int) -> None:  # noqa: ARG002
        self._say("Downloading", done, total)

    def _say(self, what: str, done: int = 0, total: int = 0) -> None:
        moved = f"{done / total:.0%}" if 0 < done < total else ""
        self._bars.update(self._line, description=_line(what, self._label), count=moved)


def _line(what: str, label: str) -> str:
    from rich.markup import escape

    return f"{what} {escape(_short(label))}"


def _short(label: str, longest: int = 40) -> str:
    """The end of a path tells more than its beginning."""
    return label if len(label) <= longest else f"…{label[1 - longest :]}"


@contextmanager
def shown_counts() -> Iterator[Callable[[Counts, tuple[float, str]], None]]:
    """A bar for a run that others work on; is told how far it is, and how long and why its workers pause."""
    if not sys.stderr.isatty():
        yield lambda counts, paused: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(*_columns(), console=Console(stderr=True), transient=True) as bars:
        whole = bars.add_task("[bold]All[/bold]", total=None, count="")

        def show(counts: Counts, paused: tuple[float, str]) -> None:
            failed = f", [red]{counts.failed:,} failed[/red]" if counts.failed else ""
            flying = f", {counts.open:,} in flight" if counts.open else ""
            pause = f", [yellow]paused for {paused[0]:.0f} s[/yellow]" if paused[0] else ""
            text = f"{counts.ended:,} of {counts.total:,}{flying}{failed}{pause}"
            bars.update(whole, completed=counts.ended, total=counts.total, count=text)

        yield show
