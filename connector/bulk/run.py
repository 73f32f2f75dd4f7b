"""A bulk run: what its inputs have in common, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WINDOW = 1000
"""Items of a run that may be in flight at once, so that each is fetched long before its download links expire."""


@dataclass(frozen=True)
class Run:
    """What the inputs of a run have in common: the module, its fields that are the same for all, where files go."""

    id: str
    module: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    output_dir: str | None = None
    overwrite: bool = False
    window: int = WINDOW


@dataclass(frozen=True)
class Input:
    """One input of a run. `key` is what makes it the same one when it is handed in again."""

    key: str
    label: str
    form: Mapping[str, Any]


@dataclass(frozen=True)
class Counts:
    """How far a run is."""

    waiting: int = 0
    open: int = 0
    done: int = 0
    failed: int = 0
    credits: float = 0.0

    @property
    def total(self) -> int:
        """All of its items."""
        return self.waiting + self.open + self.done + self.failed

    @property
    def ended(self) -> int:
        """Those about which nothing more will happen."""
        return self.done + self.failed
