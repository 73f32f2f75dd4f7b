"""Processes beside the suite: servers that say where they are, and work whose memory is measured from its start to its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Helper:
    """A module of the suite run as a program that answers each line of JSON with another; it ends with its input."""

    def __init__(self, *words: object) -> None:
        self.process = subprocess.Popen(
            list(map(str, words)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )

    @classmethod
    def module(cls, name: str, *words: object) -> Helper:
        """The module of that name below tests.benchmarks."""
        return cls(sys.executable, "-m", f"tests.benchmarks.{name}", *words)

    def read(self) -> Any:
        """The next line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended with code {self.process.wait()}")
        return json.loads(line)

    def ask(self, **question: Any) -> Any:
        """The answer to a question."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.read()

    def cpu(self) -> float:
        """The seconds of processor time that it has used, without its children."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Let it end, with everything that it started."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        self.process.stdout.close()


def serve_lines(answer: Any) -> None:
    """What the other side does: a line of JSON for each line, until there are no more."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(**json.loads(line))) + "\n")
        sys.stdout.flush()


class Peak:
    """The most memory that this process has meanwhile, on top of what it had before, as the kernel counts it."""

    def __enter__(self) -> Peak:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak of before
        self._before = _kilobytes("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        self.megabytes = round((_kilobytes("VmHWM") - self._before) / 1024, 2)


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


class CoresBusy:
    """The share of this machine's cores that was busy within, whoever used them; None where /proc does not tell."""

    share: float | None = None

    def __enter__(self) -> CoresBusy:
        self._before = self._ticks()
        return self

    def __exit__(self, *_: object) -> None:
        idle, every = (after - before for after, before in zip(self._ticks(), self._before, strict=True))
        self.share = 1 - idle / every if every else None

    @staticmethod
    def _ticks() -> tuple[int, int]:
        """Idle and all. The fields of /proc/stat are named in proc(5): the fourth is idle, the fifth iowait."""
        try:
            fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        except OSError:
            return 0, 0
        return sum(fields[3:5]), sum(fields)
