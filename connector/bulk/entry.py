"""An input as its notes have it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.errors import TemporaryError


class LeaseLost(TemporaryError):
    """Somebody else works on the input by now."""


@dataclass(frozen=True)
class Entry:
    """An input as it stands.

    `tries` counts all of them, this one too; `failures` those that met an error that may pass. `holder` is the name under which the caller may work on it, None where somebody else does or nobody may. `asked`
    tells whether an earlier try may have made a job with this tag, `lost` how many of its jobs were deleted before
    their files were fetched. `form` holds the input's own fields where the notes keep them.
    """

    label: str
    tag: str
    holder: str | None
    id: int = 0
    run: str = ""
    form: Mapping[str, Any] | None = None
    asked: bool = False
    job_id: str | None = None
    tries: int = 1
    failures: int = 0
    lost: int = 0
    is_done: bool = False
    outputs: Mapping[str, Any] | None = None
    credits: float = 0.0


def new_tag() -> str:
    """A tag that no other job has."""
    return f"connector-{uuid.uuid4()}"
