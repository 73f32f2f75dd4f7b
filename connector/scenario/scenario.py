"""What a scenario is: inputs, and steps that run modules one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from connector.fields import Field
from connector.scenario.document import Document

OnError = Literal["stop", "continue", "retry"]

RETRIES = 3
"""How often a step is tried again where its file does not say it."""


@dataclass(frozen=True)
class Step:
    """One module with its parameters. Texts in `parameters`, `for_each`, `when` and `output_dir` may hold expressions.

    `number` is its place among the steps, from 0. `for_each` and `when` are None where they were left out.
    """

    id: str
    module: str
    number: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    connection: str | None = None
    for_each: Any = None
    when: Any = None
    on_error: OnError = "stop"
    retries: int = RETRIES
    output_dir: str | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Scenario:
    """A scenario file that was read. `inputs` are fields of the vocabulary, by name."""

    name: str
    document: Document
    inputs: Mapping[str, Field] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    @property
    def path(self) -> Path:
        """Its file."""
        return self.document.path

    @property
    def digest(self) -> str:
        """Changes with every letter of the file."""
        return self.document.digest
