"""Jobs, tasks and files as the server keeps them. Times are seconds since 1970; None where it has not happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["waiting", "processing", "finished", "error"]


@dataclass(frozen=True)
class File:
    """A task's file. `number` counts from 1 and names it on disk; `name` is only shown to people. `size` in bytes.

    `md5` (hexadecimal) is known for what was imported.
    """

    number: int
    name: str
    size: int
    md5: str | None = None


@dataclass(frozen=True)
class Task:
    """One task. `inputs` are ids of tasks; `extra` holds what `result` has besides files (metadata, output)."""

    id: str
    operation: str
    created_at: float
    job_id: str | None = None
    name: str | None = None
    status: Status = "waiting"
    code: str | None = None
    message: str | None = None
    credits: int | None = None
    engine: str | None = None
    engine_version: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    ignore_error: bool = False
    inputs: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    started_at: float | None = None
    ended_at: float | None = None
    copy_of: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("finished", "error")

    @property
    def transfers(self) -> bool:
        """Whether it brings files in or out, instead of working on them."""
        return self.operation.startswith(("import/", "export/"))


@dataclass(frozen=True)
class Job:
    """A job with its tasks, in the order in which they were given.

    `root` is where its creator reaches this server, `access_token` the id of the key or sign-in that made it.
    """

    id: str
    created_at: float
    tag: str | None = None
    status: Status = "waiting"
    webhook_url: str | None = None
    tasks: tuple[Task, ...] = ()
    started_at: float | None = None
    ended_at: float | None = None
    root: str | None = None
    access_token: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("finished", "error")
