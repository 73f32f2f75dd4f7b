"""What is wrong with a scenario: every problem with its step, its field and its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.errors import InputError
from connector.scenario.document import Document, Place


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `step` is the step's id, `field` what is wrong in it; None where it concerns neither."""

    message: str
    step: str | None = None
    field: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] * bool(self.line) + [f"step {self.step!r}"] * bool(self.step)
        where += [self.field] if self.field else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class Problems:
    """Collects problems by the place in the document at which they were found."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: list[tuple[int, Problem]] = []
        for place in document.repeated:
            self.add(place, "is given twice")

    def add(self, place: Place, message: str) -> None:
        """Note a problem."""
        line = self._document.line(place)
        step, rest = self._step(place)
        problem = Problem(message, step, _dotted(rest) or None, line)
        if all(problem != known for _, known in self._found):
            self._found.append((line or 0, problem))

    def __iter__(self) -> Iterator[Problem]:
        """In the order of the file."""
        return (problem for _, problem in sorted(self._found, key=lambda entry: entry[0]))

    def __bool__(self) -> bool:
        return bool(self._found)

    def _step(self, place: Place) -> tuple[str | None, Place]:
        if len(place) < 2 or place[0] != "steps" or not isinstance(place[1], int):
            return None, place
        step = self._document.data["steps"][place[1]]
        name: Any = step.get("id") if isinstance(step, Mapping) else None
        rest = place[2:]
        return name if isinstance(name, str) else f"number {place[1] + 1}", rest[1:] if rest[:1] == (
            "parameters",
        ) and rest[1:] else rest


def _dotted(place: Place) -> str:
    """As people write it; positions in lists count from 1."""
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)


def error_for(title: str, problems: Sequence[Problem]) -> InputError:
    """The error that a scenario with problems stands for."""
    more = f" {len(problems) - 1} more problem{'s' * (len(problems) > 2)}." if len(problems) > 1 else ""
    fields = {
        ".".join(filter(None, (problem.step and f"steps.{problem.step}", problem.field))) or "file": problem.message
        for problem in problems
    }
    first = str(problems[0]).rstrip(".")
    return InputError(
        f"{title}: {first}.{more}",
        fields=fields,
        hint=f"See them all with: cloudconvert-connector scenario check {title}" if more else "",
    )
