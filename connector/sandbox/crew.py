"""Who the conductor works with: those who do the work of a task, and those who hear of what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connector.sandbox.exports import Exports
from connector.sandbox.imports import Imports
from connector.sandbox.processing import Processing
from connector.sandbox.records import Job


@dataclass(frozen=True)
class Crew:
    """Who does the work of a task."""

    imports: Imports
    exports: Exports
    processing: Processing


@dataclass(frozen=True)
class Listeners:
    """Who hears of what happens.

    `tell` and `spend` in the same moment as it is recorded: events of jobs, and spent credits. `show` right after it:
    an event, the job's id or None, and the task's id where it is about a task.
    """

    tell: Callable[[str, Job], None]
    spend: Callable[[int], None]
    show: Callable[[str, str | None, str | None], None]
