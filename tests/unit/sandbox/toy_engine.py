"""A small real engine for the tests of the server: it works on text, and misbehaves when asked to."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from connector.sandbox.engines.base import Conversion, Engine, EngineError, Option, OutputFile, Result, Work

OPTIONS = (
    Option("repeat", "integer", 1, minimum=1, maximum=9),
    Option("color", "enum", possible_values=("red", "blue")),
    Option("loud", "boolean", False),
    Option("ratio", "float"),
    Option("extra", "dictionary"),
    Option("pidfile", "string"),
    Option("port", "integer"),
)
MISBEHAVIOURS = ("crash", "die", "hang", "outside", "link", "hungry", "refuse", "environment", "call")


class Toy(Engine):
    """Writes text in capitals, line by line, or joined."""

    name = "toy"
    label = "Toy"
    install = "pip install toy"
    stands_for = ("playthings",)
    conversions = (
        Conversion(("toy", "txt"), ("up", *MISBEHAVIOURS), options=OPTIONS),
        Conversion(("toy",), ("line",), rank=20),
        Conversion(("up",), ("up",), operation="merge", joins=True, credits=2),
        Conversion((), (), operation="metadata", credits=0),
        Conversion((), ("call",), operation="capture-website", options=OPTIONS, network=True),
    )

    def version(self) -> str | None:
        return "1.5"

    def run(self, work: Work) -> Result:
        return getattr(self, f"_{work.operation.replace('-', '_')}")(work)

    def _convert(self, work: Work) -> Result:
        if work.output_format in MISBEHAVIOURS:
            return getattr(self, f"_{work.output_format}")(work)
        text = work.source.path.read_text()
        parts = text.splitlines() if work.output_format == "line" else [text.upper() * int(str(work.options["repeat"]))]
        return Result([self._write(work, number, part) for number, part in enumerate(parts, 1)])

    def _capture_website(self, work: Work) -> Result:
        return self._call(work)

    def _merge(self, work: Work) -> Result:
        return Result([self._write(work, 1, "+".join(source.path.read_text() for source in work.sources))])

    def _metadata(self, work: Work) -> Result:
        return Result(metadata={"Length": work.source.path.stat().st_size})

    def _write(self, work: Work, number: int, text: str) -> OutputFile:
        path = work.output(number)
        path.write_text(text)
        return OutputFile(path)

    def _crash(self, work: Work) -> Result:
        raise RuntimeError("a toy broke")

    def _die(self, work: Work) -> Result:
        os._exit(3)

    def _hang(self, work: Work) -> Result:
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        pidfile = Path(str(work.options.get("pidfile") or work.folder / "pid"))
        pidfile.write_text(f"{os.getpid()} {child.pid}")
        time.sleep(600)
        return Result()

    def _outside(self, work: Work) -> Result:
        return Result([OutputFile(work.source.path)])

    def _link(self, work: Work) -> Result:
        work.output().symlink_to("/etc/hostname")
        return Result([OutputFile(work.output())])

    def _hungry(self, work: Work) -> Result:
        return Result([self._write(work, 1, "x" * (6 * 1024**3))])

    def _environment(self, work: Work) -> Result:
        return Result([self._write(work, 1, json.dumps({**os.environ, "cwd": str(Path.cwd())}))])

    def _call(self, work: Work) -> Result:
        try:
            socket.create_connection(("127.0.0.1", int(str(work.options["port"]))), 5).close()
        except OSError as error:
            return Result([self._write(work, 1, str(error))])
        return Result([self._write(work, 1, "connected")])

    def _refuse(self, work: Work) -> Result:
        raise EngineError("OPEN_FAILED", "The toy is glued shut.")


class Absent(Engine):
    """An engine that is not installed; it would be first choice for what the toy can do, too."""

    name = "absent"
    label = "Absentia"
    install = "apt-get install absentia"
    conversions = (Conversion(("toy",), ("gone", "up"), rank=1),)

    def version(self) -> str | None:
        return None

    def run(self, work: Work) -> Result:
        raise AssertionError("never called")
