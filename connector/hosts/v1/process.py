"""A process as the gateway remembers it."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Phase = Literal["created", "starting", "started", "ended"]

LIFETIME = 24 * 3600.0
"""Seconds for which a process is kept: from its creation, and again from its end. v2 keeps files as long."""

_ALPHABET = string.ascii_letters + string.digits


def secret(length: int = 24) -> str:
    """A name that nobody can guess; whoever has the URL of a process may do everything with it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class Plan:
    """What was started, as far as it must be remembered. Neither secrets of storages nor contents of files."""

    mode: str
    input: str
    output_format: str
    options: Mapping[str, Any] = field(default_factory=dict)
    filename: str | None = None
    inline: bool = False
    save: bool = False
    callback: str | None = None
    tag: str | None = None
    storage: str | None = None
    warnings: tuple[str, ...] = ()
    group: str = ""
    main: str = ""
    exports: tuple[str, ...] = ()
    uploads: Mapping[str, str] = field(default_factory=dict)
    """The import tasks that wait for a file, each with the name that was announced for it, or ""."""

    names: tuple[str, ...] = ()
    """The names of all tasks; with the job's tag they tell whether a job is this one."""


@dataclass(frozen=True)
class Process:
    """One process. `created` holds the parameters of its creation, `ending` the v2 job as it ended.

    Times are seconds since 1970.
    """

    id: str
    host: str
    created_at: float
    created: Mapping[str, str]
    upload: str
    download: str
    phase: Phase = "created"
    job_id: str | None = None
    job_tag: str | None = None
    plan: Plan | None = None
    ending: Mapping[str, Any] | None = None
    ended_at: float | None = None
    gone: bool = False
    """The files were taken away after the first download."""

    downloads: Mapping[str, int] = field(default_factory=dict)
    """How often each file was downloaded whole; "" is the output itself."""

    @classmethod
    def new(cls, host: str, now: float, created: Mapping[str, str]) -> Process:
        """A process that waits for its start."""
        return cls(secret(), host, now, created, secret(), secret())

    @property
    def url(self) -> str:
        """Protocol-relative, as v1 has it: the client adds `https:`, or `http:` where it speaks that."""
        return f"//{self.host}/process/{self.id}"

    @property
    def upload_url(self) -> str:
        """Where files are sent."""
        return f"//{self.host}/upload/~{self.upload}"

    @property
    def download_url(self) -> str:
        """Where the output is fetched."""
        return f"//{self.host}/download/~{self.download}"

    @property
    def expires_at(self) -> float:
        """When it is forgotten."""
        return (self.ended_at or self.created_at) + LIFETIME

    def at(self, host: str) -> Process:
        """The same, reached by another host name."""
        return replace(self, host=host)


def plan_to_text(plan: Plan) -> str:
    """A plan as JSON."""
    return json.dumps(asdict(plan), ensure_ascii=False)


def plan_of_text(text: str) -> Plan:
    """What `plan_to_text` was given."""
    values: dict[str, Any] = json.loads(text)
    return Plan(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})  # type: ignore[arg-type]
