"""Events as a person gets them: the sandbox calls the listener's webhook, and every event is handed on once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from connector import run
from tests.conftest import ROOT, RunningSandbox
from tests.support.samples import sample


class Listening:
    """`events listen` against a sandbox, appending to a file."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, port: int, *how: str) -> None:
        self.file = folder / "events.jsonl"
        words = [
            "events",
            "listen",
            "--port",
            str(port),
            "--state",
            str(folder / "state"),
            "--append",
            str(self.file),
            *how,
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "connector.cli", *words],
            cwd=ROOT,
            env={**os.environ, **sandbox.environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline())

    def events(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """What was handed on, once there is as much."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines = self.file.read_text().splitlines() if self.file.exists() else []
            if len(lines) >= count:
                return [json.loads(line) for line in lines]
            time.sleep(0.05)
        raise AssertionError(f"only {lines} of {count} events came")

    def stop(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        assert self.process.stdout
        self.process.stdout.close()
        self.process.wait(timeout=20)


def convert(sandbox: RunningSandbox) -> str:
    with sandbox.connect() as connection:
        job = run("ConvertFile", connection, input_file=("a.png", sample("png")), output_format="jpg", download=True)
    return str(job.job_id)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_events_come_once_with_the_listener_restarted_in_the_middle(sandbox: RunningSandbox, tmp_path: Path) -> None:
    port = free_port()
    how = ("--url", f"http://127.0.0.1:{port}/hook", "--event", "finished")
    listening = Listening(sandbox, tmp_path, port, *how)
    first = convert(sandbox)
    listening.events(4)  # the job and its three tasks
    listening.stop(signal.SIGKILL)
    listening = Listening(sandbox, tmp_path, port, *how)
    second = convert(sandbox)
    events = listening.events(8)
    listening.stop()
    assert [event["event"] for event in events].count("job.finished") == 2
    assert {event["job_id"] for event in events} == {first, second}
    assert len({(event["event"], event["job_id"], event["task_id"]) for event in events}) == len(events) == 8


def test_a_listener_takes_its_webhook_away_when_it_ends(sandbox: RunningSandbox, tmp_path: Path) -> None:
    port = free_port()
    listening = Listening(sandbox, tmp_path, port, "--url", f"http://127.0.0.1:{port}/gone", "--event", "failed")
    with sandbox.connect() as connection:
        urls = [hook.url for hook in run("ListWebhooks", connection)]
        assert f"http://127.0.0.1:{port}/gone" in urls
        listening.stop()
        assert f"http://127.0.0.1:{port}/gone" not in [hook.url for hook in run("ListWebhooks", connection)]


@pytest.mark.slow
def test_polling_gives_the_same_events(sandbox: RunningSandbox, tmp_path: Path) -> None:
    listening = Listening(sandbox, tmp_path, 0, "--poll", "1", "--event", "finished")
    job = convert(sandbox)
    events = listening.events(4)
    listening.stop()
    assert (
        sorted(event["event"] for event in events if event["job_id"] == job) == ["job.finished"] + ["task.finished"] * 3
    )
