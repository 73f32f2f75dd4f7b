"""What load tests have: they are left out unless asked for, run alone, and say what they measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
_said = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.load)


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Note numbers, which stand at the end of the run: what this machine does, not only that it is enough."""

    def note(row: str, **numbers: float | str) -> None:
        shown = ", ".join(f"{name.replace('_', ' ')} {_rounded(value)}" for name, value in numbers.items())
        request.config.stash.setdefault(_said, []).append(f"{row}: {shown}")

    return note


def _rounded(value: float | str) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_said, []):
        terminalreporter.write_line(f"measured {line}")
