from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from connector.errors import ConnectorError, InputError
from connector.events import Event, handlers
from connector.events.handlers import Append, Command, Print, line
from tests.support.webhook_sender import job


def event(job_id: str = "job-1", **more: object) -> Event:
    return Event("job.finished", job(job_id, **more))


def ids(path: Path) -> list[str]:
    return [json.loads(text)["id"] for text in path.read_bytes().splitlines()]


def test_each_event_is_one_line_of_ascii_json(tmp_path: Path) -> None:
    append = Append(tmp_path / "events.jsonl")
    append(event(tag="two\nlines, \u2028 ü and \ud800"))
    append(event("job-2"))
    append.close()
    assert ids(tmp_path / "events.jsonl") == ["job.finished:job-1", "job.finished:job-2"]
    assert (tmp_path / "events.jsonl").read_bytes().isascii()


def test_what_was_written_before_a_kill_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    Append(path).many([event("job-1"), event("job-2")])
    again = Append(path)
    again.many([event("job-2"), event("job-3")])
    assert ids(path) == ["job.finished:job-1", "job.finished:job-2", "job.finished:job-3"]


def test_a_replay_is_always_written(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    Append(path)(event())
    Append(path, once=False)(event())
    assert len(ids(path)) == 2


@pytest.mark.parametrize("cut", [9, 40, 200])
def test_a_line_that_was_cut_off_is_taken_away(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(event("job-1")) + line(event("job-2"))[:cut])
    Append(path)(event("job-2"))
    assert ids(path) == ["job.finished:job-1", "job.finished:job-2"]


def test_what_somebody_else_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("[]\nmy notes, without an end")
    Append(path)(event())
    assert path.read_text().startswith('[]\nmy notes, without an end\n{"id": ')


@pytest.mark.row("T10")
def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append = Append(tmp_path / "events.jsonl")
    append(event("job-1"))
    write = os.write

    def full(file: int, text: bytes) -> int:
        if len(text) > 20:
            return write(file, text[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handlers.os, "write", lambda file, text: full(file, text[:40]))
    with pytest.raises(ConnectorError, match="No space left"):
        append(event("job-2"))
    monkeypatch.undo()
    assert ids(tmp_path / "events.jsonl") == ["job.finished:job-1"]


def test_a_file_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be appended to"):
        Append(tmp_path / "missing" / "events.jsonl")


def test_a_command_gets_the_event_on_its_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Command(f"{sys.executable} -c \"import sys; open(r'{out}', 'w').write(sys.stdin.read())\"")(event())
    assert json.loads(out.read_text())["job_id"] == "job-1"


def test_no_shell_reads_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Command("echo '$(touch hacked)' ; touch hacked")(event())
    assert capfd.readouterr().out == "$(touch hacked) ; touch hacked\n"


@pytest.mark.parametrize(
    ("command", "message"), [("false", "ended with code 1"), ("/no/such/command", "cannot be run: No such file")]
)
def test_a_command_that_fails_is_an_error(command: str, message: str) -> None:
    with pytest.raises(ConnectorError, match=message):
        Command(command)(event())


def test_a_command_that_does_not_read_is_fine() -> None:
    Command("true")(event(tag="x" * 300_000))


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "COMMAND_LIMIT", 0.1)
    with pytest.raises(ConnectorError, match="took longer"):
        Command("sleep 60")(event())


@pytest.mark.parametrize("command", ["", "   ", "echo 'open"])
def test_a_command_that_cannot_be_read_is_told_at_once(command: str) -> None:
    with pytest.raises(InputError):
        Command(command)


def test_printing_writes_a_line_at_once() -> None:
    stream = io.BytesIO()
    Print(stream)(event())
    assert json.loads(stream.getvalue())["event"] == "job.finished"
