"""`bulk` as a person uses it on one machine: real conversions in the sandbox, no broker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunningSandbox
from tests.support.commands import Command
from tests.support.samples import put, sample
from tests.support.terminal import Terminal

SUBMIT = ("bulk", "submit", "ConvertFile", "-p", "output_format=jpg", "--output-dir", "out")


@pytest.fixture
def environment(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, str]:
    return sandbox.environment() | {"CLOUDCONVERT_LEDGER": str(tmp_path / "ledger.sqlite3"), "COLUMNS": "120"}


@pytest.fixture
def command(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Calls the command in an empty folder with a ledger of its own, and the sandbox in the environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capsys)


def work(environment: dict[str, str]) -> None:
    """A worker somewhere else on this machine."""
    words = [sys.executable, "-m", "connector.cli", "bulk", "worker", "--local", "--until-done"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_files_are_submitted_done_and_reported(command: Command, environment: dict[str, str]) -> None:
    Path("broken.png").write_bytes(b"no picture")
    submitted = command(*SUBMIT, *put("a.png", "b.png"), "broken.png")
    assert (submitted.code, submitted.document["added"], submitted.document["total"]) == (0, 3, 3)
    work(environment)
    status = command("bulk", "status")
    assert (status.code, status.document["done"], status.document["failed"]) == (0, 2, 1)
    assert status.document["credits"] == 2
    results = command("bulk", "results").document
    assert [(Path(one["input"]).name, one["state"]) for one in results] == [
        ("a.png", "done"), ("b.png", "done"), ("broken.png", "failed"),
    ]  # fmt: skip
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.jpg", "b.jpg"]

    Path("broken.png").write_bytes(sample("png"))
    assert command("bulk", "retry").document["tried_again"] == 1
    work(environment)
    assert command("bulk", "status", "--watch").code == 0
    assert Path("out/broken.jpg").exists()


def test_what_was_submitted_is_not_submitted_again(command: Command) -> None:
    names = put("a.png", "b.png")
    command(*SUBMIT, names[0])
    again = command(*SUBMIT, *names)
    assert (again.document["added"], again.document["total"]) == (1, 2)
    other = command(*SUBMIT, *names, "-p", "file_name=x.jpg")
    assert other.document["run"] != again.document["run"]


def test_a_file_that_is_not_there_is_left_out(command: Command) -> None:
    outcome = command(*SUBMIT, *put("a.png"), "none.png")
    assert (outcome.code, outcome.document["total"]) == (2, 1)
    assert "Left out: ConvertFile: Input file (input_file)" in outcome.err


def test_a_name_stands_for_one_set_of_fields(command: Command) -> None:
    put("a.png")
    assert command(*SUBMIT, "--name", "mine", "a.png").document["run"] == "mine"
    refused = command(*SUBMIT, "--name", "mine", "a.png", "-p", "file_name=x.jpg")
    assert (refused.code, "is the name of a run with other fields" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["submit", "GetMyInfo", "x"], "makes no job"),
        (["submit", "ConvertFile", "-p", "output_format=jpg"], "There is no input."),
        (["status"], "The ledger knows no run yet."),
        (["status", "nothing"], "knows no run 'nothing'"),
        (["worker", "--broker", "nonsense"], "must be an address such as redis://"),
    ],
)
def test_mistakes_are_explained(words: list[str], sentence: str, command: Command) -> None:
    outcome = command("bulk", *words)
    assert (outcome.code, sentence in outcome.err) == (2, True), outcome.err


@pytest.mark.slow
def test_a_person_sees_a_report(command: Command, environment: dict[str, str]) -> None:
    files = [str(Path(name).absolute()) for name in put("a.png", "b.png")]
    words = ["bulk", "submit", "ConvertFile", *files, "-p", "output_format=jpg", "--name", "mine", "--wait"]
    with Terminal(*words, "--output-dir", str(Path("out").absolute()), environment=environment) as terminal:
        terminal.wait_for("0 of 2")
        work(environment)
        assert terminal.end() == 0
    assert "mine: 2 done, of 2; 2 credits." in terminal.shown
