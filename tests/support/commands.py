"""Running the connector's command inside a test, and what it did."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from connector.cli import main


class Outcome:
    """What a command did: its exit code, and what it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


class Command:
    """Calls the command in this process. Standard input holds `stdin`, and is no terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, stdin: str = "") -> Outcome:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as end:
            main(list(words))
        code = end.value.code
        return Outcome(code if isinstance(code, int) else -1, *self._capsys.readouterr())
