"""Programs: where they are, which version they are, and running them without trusting the files they read.

A program gets an argument list (never a shell line), an empty environment with HOME and TMPDIR in the work folder, limits,
no network where the system lets us take it away, and a process group that ends at the deadline and with its worker.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from connector.sandbox.engines import program_versions
from connector.sandbox.engines.isolation import isolated, isolation
from connector.sandbox.engines.watch import watched

__all__ = [
    "GIGABYTE",
    "Finished",
    "Program",
    "Running",
    "clean_environment",
    "in_wheel",
    "isolation",
    "limits",
    "on_path",
    "shortened",
    "start",
    "version",
]

GIGABYTE = 1024**3
_KEPT_TEXT = 64 * 1024
_SENTENCE = 300
# Reads until the worker's end of the pipe closes, which it also does when the worker is killed.
_GUARD = ("/bin/sh", "-c", "read -r _; kill -KILL 0")


@dataclass(frozen=True)
class Program:
    """A program that was found. `memory` limits its address space in bytes, `file_size` each file that it writes."""

    path: Path
    label: str
    memory: int | None = None
    file_size: int = 8 * GIGABYTE

    def run(
        self,
        arguments: Sequence[str | Path],
        *,
        folder: Path,
        deadline: float,
        reads: Sequence[Path] = (),
        environment: dict[str, str] | None = None,
    ) -> Finished:
        """Run it to its end in `folder`, without network; `deadline` is a `time.monotonic()`, `reads` its input files.

        Raises EngineError TIMEOUT at the deadline, and LIMIT_EXCEEDED for too many processes. A failure of the program is in the returned value, not raised.
        """
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            command = isolated([str(self.path), *map(str, arguments)], folder=folder, reads=reads)
            running = start(
                command,
                folder=folder,
                limits=self._limits(deadline),
                stdout=stdout,
                stderr=stderr,
                environment=environment,
            )
            try:
                code = watched(running.process, deadline, self.label)
            finally:
                running.end()
            return Finished(code, _tail(stdout), _tail(stderr))

    def _limits(self, deadline: float) -> Callable[[], None]:
        # Seconds of all cores together: it only matters when nobody is left to end the program at its deadline.
        seconds = int(max(1.0, deadline - time.monotonic()) * (os.cpu_count() or 1)) + 5
        return limits(memory=self.memory, file_size=self.file_size, cpu_seconds=seconds)


@dataclass(frozen=True)
class Finished:
    """How a program ended: its exit code (negative: the signal) and the last 64 kB of what it printed."""

    code: int
    stdout: str
    stderr: str

    def complaint(self) -> str:
        """The last thing it said, in one line without our paths, for the sentence that the person reads."""
        if self.code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
            return "the output is larger than the sandbox allows"
        lines = [line.strip() for line in (self.stderr or self.stdout).splitlines() if line.strip()]
        said = lines[-1] if lines else f"it ended with code {self.code}"
        return shortened(said)


def shortened(said: str) -> str:
    """What a program said as a part of a sentence: without folders of this machine, without the full stop."""
    return re.sub(r"(/[^/\s'\"]+)+/(?=[^/\s'\"]+)", "", said)[:_SENTENCE].strip(". \n")


@dataclass
class Running:
    """A started program and the guard in its process group that ends the group when the worker dies."""

    process: subprocess.Popen[bytes]
    guard: subprocess.Popen[bytes]

    def end(self) -> None:
        """End the program and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for process in (self.process, self.guard):
            process.wait()
        if self.guard.stdin:
            self.guard.stdin.close()


def start(
    command: Sequence[str],
    *,
    folder: Path,
    limits: Callable[[], None] | None = None,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | int = subprocess.DEVNULL,
    stderr: IO[bytes] | int = subprocess.DEVNULL,
    environment: dict[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> Running:
    """Start `command` in `folder` as a process group of its own that does not outlive this process."""
    process = subprocess.Popen(  # noqa: S603 - an argument list, never a shell line
        command,
        cwd=folder,
        env=clean_environment(folder) | (environment or {}),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        process_group=0,
        # A worker's only other thread sleeps in a read and holds no lock that the child could wait for.
        preexec_fn=limits,  # noqa: PLW1509
        pass_fds=pass_fds,
    )
    guard = subprocess.Popen(  # noqa: S603
        _GUARD, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=process.pid
    )
    return Running(process, guard)


def limits(*, memory: int | None, file_size: int, cpu_seconds: int) -> Callable[[], None]:
    """What a program sets on itself before it starts: address space and file size in bytes, processor time."""
    import resource

    values = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: file_size, resource.RLIMIT_CPU: cpu_seconds}
    if memory:
        values[resource.RLIMIT_AS] = memory

    def apply() -> None:
        for kind, value in values.items():
            hard = resource.getrlimit(kind)[1]
            allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (allowed, allowed))

    return apply


def clean_environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but PATH: no keys, no proxies; HOME and TMPDIR are the work folder."""
    home = str(folder)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        "XDG_RUNTIME_DIR": home,
        "OMP_THREAD_LIMIT": "1",
    }


def on_path(*names: str) -> Path | None:
    """The first of `names` that is a program on PATH."""
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def in_wheel(package: str, pattern: str) -> Path | None:
    """A program inside an installed package, found without importing the package. `pattern` is a glob within it."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    files = (file for folder in folders for file in sorted(Path(folder).glob(pattern)))
    return next((file for file in files if os.access(file, os.X_OK)), None)


def version(program: Path | None, argument: str, pattern: str, accepted: Sequence[int] = (0,)) -> str | None:
    """The version that the program states about itself, remembered until the file changes; None where it does not run.

    `accepted` are the exit codes of a program that stated it.
    """
    return program_versions.known(program, lambda path: _ask(path, argument, pattern, accepted)) if program else None


def _ask(program: Path, argument: str, pattern: str, accepted: Sequence[int]) -> str | None:
    with tempfile.TemporaryDirectory() as home:
        try:
            done = subprocess.run(  # noqa: S603
                [program, argument],
                capture_output=True,
                timeout=10,
                check=False,
                env=clean_environment(Path(home)),
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    said = (done.stdout + done.stderr).decode(errors="replace")
    found = re.search(pattern, said)
    return found.group(1) if found and done.returncode in accepted else None


def _tail(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _KEPT_TEXT))
    return stream.read().decode(errors="replace")
