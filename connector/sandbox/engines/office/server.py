"""A LibreOffice that stays up: started with the driver in one isolation, and given one document after another."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source
from connector.sandbox.engines.isolation import isolated
from connector.sandbox.engines.kept import Crashed, Kept
from connector.sandbox.engines.office import soffice

_DRIVER = Path(__file__).with_name("driver.py")
_SYSTEM_PYTHON = Path("/usr/bin/python3")
_INTERFACES = (Path("/usr/lib/python3/dist-packages/uno.py"), Path("/usr/lib64/python3/dist-packages/uno.py"))
# All documents of one life together; each call has a deadline of its own.
_CPU_SECONDS = 4 * 3600


def python() -> Path | None:
    """The Python that can talk to LibreOffice: the one that it brings, else the system's with python3-uno."""
    office = soffice.find()
    own = office.resolve().with_name("python") if office else None
    if own and own.is_file() and os.access(own, os.X_OK):
        return own
    return _SYSTEM_PYTHON if any(file.exists() for file in _INTERFACES) and _SYSTEM_PYTHON.exists() else None


def convert(source: Source, wanted: str, export: str, opened_by: str | None, out: Path, deadline: float) -> list[Path]:
    """The files that came out, moved into the empty folder `out`, in the order of their names. Raises EngineError."""
    try:
        return _KEPT.call(lambda server: server.convert(source, wanted, export, opened_by, out, deadline), deadline)
    except Crashed:
        raise EngineError(
            "CONVERSION_FAILED",
            f"LibreOffice broke down over {source.name}: it is damaged or too large; save it anew and try again.",
        ) from None


@dataclass
class Server:
    """A running LibreOffice. `folder` is all that it can write, and with the system's files all that it sees."""

    running: programs.Running
    folder: Path

    @classmethod
    def start(cls, folder: Path, stack: ExitStack, deadline: float) -> Server:
        """Start it and wait until it answers."""
        office, interpreter = soffice.find(), python()
        if office is None or interpreter is None:
            raise EngineError("ENGINE_NOT_INSTALLED", f"LibreOffice is not installed: run {soffice.INSTALL}")
        words = [str(interpreter), "-E", str(_DRIVER), str(office), *soffice.arguments(folder)]
        running = programs.start(
            isolated(words, folder=folder, reads=[_DRIVER, office.resolve().parent]),
            folder=folder,
            limits=programs.limits(memory=soffice.MEMORY, file_size=8 * programs.GIGABYTE, cpu_seconds=_CPU_SECONDS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stack.callback(_close, running)
        server = cls(running, folder)
        server._answer(deadline)
        return server

    def convert(
        self, source: Source, wanted: str, export: str, opened_by: str | None, out: Path, deadline: float
    ) -> list[Path]:
        """One document, which lies in the folder only for as long as it takes."""
        exchange = Path(tempfile.mkdtemp(prefix="exchange-", dir=self.folder))
        try:
            copy, made = exchange / source.path.name, exchange / "made"
            made.mkdir()
            shutil.copyfile(source.path, copy)
            target = made / f"{source.path.stem}.{wanted}"
            name, saving, data = _filter(export)
            opening, reading, _ = _filter(opened_by or "")
            self._ask(
                {
                    "source": str(copy),
                    "target": str(target),
                    "opening": _named(opening, reading),
                    "saving": _named(name, saving),
                    "data": data,
                },
                source,
                deadline,
            )
            return _taken(made, out)
        finally:
            shutil.rmtree(exchange, ignore_errors=True)

    def _ask(self, request: dict[str, Any], source: Source, deadline: float) -> None:
        assert self.running.process.stdin  # noqa: S101 - it was started so
        try:
            self.running.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.running.process.stdin.flush()
        except OSError as error:
            raise Crashed(str(error)) from error
        answer = self._answer(deadline)
        if "error" in answer:
            raise _failure(str(answer["error"]), source)

    def _answer(self, deadline: float) -> dict[str, Any]:
        assert self.running.process.stdout  # noqa: S101
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.running.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise EngineError(
                    "TIMEOUT",
                    "LibreOffice did not finish in the time the task allows; raise the task's timeout or convert a smaller file.",
                )
            part = os.read(self.running.process.stdout.fileno(), 65536)
            if not part:
                raise Crashed("LibreOffice is gone")
            line += part
        answer: dict[str, Any] = json.loads(line)
        return answer


_KEPT = Kept(Server.start)


def _close(running: programs.Running) -> None:
    running.end()
    for stream in (running.process.stdin, running.process.stdout):
        if stream:
            # What was not yet sent has no reader any more.
            with contextlib.suppress(OSError):
                stream.close()


def _filter(written: str) -> tuple[str, str, dict[str, Any]]:
    """`name:options` or `name:{json}`, as the command line takes it: the name, the plain options, the typed ones."""
    name, _, options = written.partition(":")
    if not options.startswith("{"):
        return name, options, {}
    return name, "", {key: _typed(one["type"], one["value"]) for key, one in json.loads(options).items()}


def _typed(kind: str, value: str) -> object:
    if kind == "boolean":
        return value == "true"
    return int(value) if kind == "long" else value


def _named(name: str, options: str) -> dict[str, str]:
    return {key: value for key, value in (("FilterName", name), ("FilterOptions", options)) if value}


def _taken(made: Path, out: Path) -> list[Path]:
    """Plain files only: what a document made LibreOffice write is a stranger's."""
    out.mkdir(parents=True, exist_ok=True)
    found = sorted(file for file in made.iterdir() if file.is_file() and not file.is_symlink() and file.stat().st_size)
    return [Path(shutil.move(file, out / file.name)) for file in found]


def _failure(said: str, source: Source) -> EngineError:
    if "could not be loaded" in said or "loadComponentFromURL" in said or "Unsupported URL" in said:
        return EngineError(
            "OPEN_FAILED", f"LibreOffice cannot open {source.name}: it is damaged or is not a {source.format} file."
        )
    return soffice.nothing_made(source)
