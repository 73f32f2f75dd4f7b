"""Scenario files on the spot, and runs of them in which a function stands where CloudConvert would be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from connector import Connection, Record
from connector.errors import NoAnswer
from connector.module import Module
from connector.runtime import Options
from connector.scenario import Conduct, Ledger, Request, checked, conduct_run
from tests.support.clock import FakeClock

NOWHERE = Connection.api_key("key-that-is-never-sent", base_url="http://127.0.0.1:9")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a scenario file and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "scenario.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


class Cloud:
    """Stands where modules are executed: notes what it is asked for, and answers what it was told to."""

    def __init__(self) -> None:
        self.forms: list[Mapping[str, Any]] = []
        self.options: list[Options] = []
        self.connections: list[str | None] = []
        self.answers: list[Any] = []

    def execute(self, _: Connection, module: type[Module], form: Mapping[str, Any], options: Options) -> Any:
        self.forms.append(form)
        self.options.append(options)
        answer = self.answers.pop(0) if self.answers else {}
        if options.tag and not isinstance(answer, NoAnswer):
            options.progress.job_created(options.job_id or f"job-{len(self.forms)}")
        if isinstance(answer, BaseException):
            raise answer
        return answer if not isinstance(answer, dict) else Record(answer)

    def connect(self, name: str | None) -> Connection:
        self.connections.append(name)
        return NOWHERE


@pytest.fixture
def cloud() -> Cloud:
    """What answers instead of CloudConvert."""
    return Cloud()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when somebody sleeps."""
    return FakeClock()


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    """An empty ledger."""
    with Ledger(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def play(write: Callable[[str], Path], cloud: Cloud, clock: FakeClock, ledger: Ledger) -> Callable[..., Record]:
    """Runs a scenario with `cloud` in place of CloudConvert."""

    def play(text: str, *answers: Any, resume: str | None = None, fresh: bool = False, **inputs: Any) -> Record:
        cloud.answers = list(answers)
        conduct = Conduct(cloud.connect, clock=clock, execute=cloud.execute)
        request = replace(Request(inputs), resume=resume, fresh=fresh)
        return conduct_run(checked(write(text)), request, conduct, ledger)

    return play


def job(name: str = "a.pdf", **more: Any) -> dict[str, Any]:
    """The outputs of a job with one file."""
    file = {"name": name, "size": 3, "url": f"https://storage.example/{name}", "expires_at": None}
    return {"job_id": "j1", "status": "finished", "file_name": name, "url": file["url"], "files": [{**file, **more}]}
