"""`run --each`: many files with one command, real conversions, exit codes and documents that scripts rely on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunningSandbox
from tests.support.commands import Command
from tests.support.samples import put, sample
from tests.support.terminal import Terminal
from tests.support.waiting_service import elsewhere

JPG = ("-p", "output_format=jpg", "--output-dir", "out")


@pytest.fixture
def command(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Calls the command in an empty folder, with the sandbox in the environment."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capsys)


def test_all_are_converted_in_order(command: Command) -> None:
    names = put("a.png", "b.png", "c.png")
    outcome = command("run", "ConvertFile", "--each", *names, *JPG)
    assert outcome.code == 0
    assert [(one["input"], one["ok"]) for one in outcome.document] == [(name, True) for name in names]
    assert sorted(path.name for path in Path("out").glob("*.jpg")) == ["a.jpg", "b.jpg", "c.jpg"]
    assert "3 done, 3 credits." in outcome.err


def test_words_may_stand_in_any_order(command: Command) -> None:
    assert command("run", *JPG, "--workers", "2", "ConvertFile", *put("a.png"), "--each").code == 0


def test_a_second_run_skips_what_is_done(command: Command) -> None:
    command("run", "ConvertFile", "--each", *put("a.png"), *JPG)
    outcome = command("run", "ConvertFile", "--each", *put("b.png"), "a.png", *JPG)
    assert [one["skipped"] for one in outcome.document] == [False, True]
    assert "1 done, 1 done before, 1 credits." in outcome.err


def test_failures_are_summed_up_and_decide_the_exit_code(command: Command) -> None:
    Path("broken.png").write_bytes(b"no picture")
    outcome = command("run", "ConvertFile", "--each", *put("a.png"), "broken.png", *JPG)
    assert outcome.code == 5
    assert [one["ok"] for one in outcome.document] == [True, False]
    assert outcome.document[1]["error"]["type"] == "ConversionFailed"
    assert "1 done, 1 failed, 1 credits.\n  broken.png: The task 'convert' (convert) failed" in outcome.err
    mixed = command("run", "ConvertFile", "--each", "broken.png", "none.png", *JPG)
    assert mixed.code == 1


def test_what_is_wrong_with_all_is_said_once(command: Command) -> None:
    outcome = command("run", "ConvertFile", "--each", *put("a.png", "b.png"), "-p", "output_fromat=jpg")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("output_fromat") == 1


def test_a_list_of_files_can_be_read(command: Command) -> None:
    Path("list").write_text("\n".join(put("a.png", "b c.png")) + "\n")
    outcome = command("run", "ConvertFile", "--each", "--files-from", "list", *JPG)
    assert [one["input"] for one in outcome.document] == ["a.png", "b c.png"]


def test_a_dry_run_shows_every_request(command: Command) -> None:
    outcome = command("run", "ConvertFile", "--each", *put("a.png", "b.png"), *JPG, "--dry-run")
    assert [one["path"] for one in outcome.document] == ["/v2/jobs"] * 2
    assert not Path("out").exists()


def test_other_values_than_files_can_be_gone_through(command: Command) -> None:
    outcome = command("run", "GetJob", "--each", "job-a", "job-b")
    assert outcome.code == 6
    assert [one["input"] for one in outcome.document] == ["job-a", "job-b"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["a.png"], "'a.png' is one word too many."),
        (["--workers", "3"], "need --each"),
        (["--each"], "There is no input."),
    ],
)
def test_words_that_do_not_fit_are_explained(words: list[str], sentence: str, command: Command) -> None:
    outcome = command("run", "ConvertFile", *words, "-p", "output_format=jpg")
    assert outcome.code == 2
    assert sentence in outcome.err


def test_a_person_sees_the_whole_and_each(sandbox: RunningSandbox, tmp_path: Path) -> None:
    for n in range(6):
        (tmp_path / f"picture-{n}.png").write_bytes(sample("png"))
    files = [str(path) for path in sorted(tmp_path.glob("*.png"))]
    words = ["run", "ConvertFile", "--each", *files, "-p", "output_format=jpg", "--output-dir", str(tmp_path / "out")]
    with Terminal(*words, environment=sandbox.environment() | {"COLUMNS": "120"}) as terminal:
        assert terminal.end() == 0
    assert "6 of 6" in terminal.shown
    assert "picture-0.png" in terminal.shown
    assert "6 done, 6 credits." in terminal.shown


@pytest.mark.slow
def test_killed_or_stopped_and_started_again_it_makes_no_second_job(tmp_path: Path) -> None:
    with elsewhere(delay=0.4) as service:
        command = [sys.executable, "-m", "connector.cli", "run", "ConvertFile", "--each"]
        command += [f"https://example.com/{n}.png" for n in range(24)]
        command += ["-p", "output_format=jpg", "--output-dir", str(tmp_path / "out")]
        for how, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
            began = service.stats()["created"]
            with subprocess.Popen(
                command, cwd=ROOT, env=os.environ | service.environment(), stdout=subprocess.DEVNULL
            ) as process:
                while service.stats()["created"] < began + 5:
                    time.sleep(0.02)
                process.send_signal(how)
                assert process.wait(timeout=30) == code
        last = subprocess.run(
            command, cwd=ROOT, env=os.environ | service.environment(), capture_output=True, timeout=60
        )
        assert last.returncode == 0, last.stderr
        assert [one["ok"] for one in json.loads(last.stdout)] == [True] * 24
        assert (service.stats()["created"], service.stats()["surplus"]) == (24, 0)
