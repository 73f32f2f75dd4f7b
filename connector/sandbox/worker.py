"""The child side: a process that runs one engine call after another. It is not the server, and may die at any time.

It reads one JSON line for each call from a socket and answers with one line. When the server goes away, so does it.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import resource
import signal
import socket
import tempfile
import threading
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from connector.sandbox.engines import load
from connector.sandbox.engines.base import Engine, EngineError, Result, Source, Work

# RLIMIT_DATA counts memory that is written to; RLIMIT_AS would also count what pandoc and browsers only reserve.
LIMITS = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 16 * 1024**3, resource.RLIMIT_DATA: 4 * 1024**3}


def main(descriptor: int) -> None:
    """Serve calls from the socket of that number until it is closed."""
    channel = socket.socket(fileno=descriptor)
    channel.set_inheritable(False)
    _limit()
    calls: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, calls), daemon=True).start()
    while True:
        answer = json.dumps(_answer(json.loads(calls.get())))
        channel.sendall(answer.encode() + b"\n")


def _listen(channel: socket.socket, calls: queue.SimpleQueue[str]) -> None:
    """Hand on the calls. When the server is gone, end this process group at once, whatever the main thread does."""
    try:
        with channel.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                calls.put(line)
    finally:
        # Also after an error: a server that dies before it has read an answer resets the connection.
        os.killpg(0, signal.SIGKILL)


def _limit() -> None:
    for kind, value in LIMITS.items():
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _answer(call: dict[str, Any]) -> dict[str, object]:
    """Run the call; what comes of it, or the error, as data."""
    try:
        return _run(call)
    except EngineError as error:
        return {"code": error.code, "message": error.message}
    except MemoryError:
        return {
            "code": "LIMIT_EXCEEDED",
            "message": "The conversion needs more memory than the sandbox gives it; use a smaller file.",
        }
    except OSError as error:
        return _of_os_error(error)
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, the server must hear of it
        return _crash(error)


def _run(call: dict[str, Any]) -> dict[str, object]:
    engine = _engine(call.pop("engine"))
    temporary = call.pop("temporary")
    sources = tuple(Source(Path(one["path"]), one["name"], one["format"]) for one in call.pop("sources"))
    work = Work(sources=sources, folder=Path(call.pop("folder")), **call)
    os.environ["TMPDIR"] = tempfile.tempdir = temporary
    os.chdir(work.folder)
    try:
        return _described(engine.run(work), work)
    finally:
        os.chdir("/")


def _described(result: Result, work: Work) -> dict[str, object]:
    files = [{"path": str(file.path), "name": file.name} for file in result.files]
    return {"files": files, "metadata": result.metadata, "output": result.output, "warnings": work.warnings}


@cache
def _engine(address: str) -> Engine:
    return load(address)


def _of_os_error(error: OSError) -> dict[str, object]:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return {"code": "OUT_OF_SPACE", "message": "The disk of the sandbox is full; make room and try again."}
    if error.errno == errno.EFBIG:
        return {"code": "LIMIT_EXCEEDED", "message": "The output is larger than the sandbox allows."}
    return _crash(error)


def _crash(error: Exception) -> dict[str, object]:
    return {"crash": "".join(traceback.format_exception(error))}
