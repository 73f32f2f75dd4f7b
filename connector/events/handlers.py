"""What can be done with an event: append it to a file, give it to a command, print it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from connector.errors import ConnectorError, InputError
from connector.events.event import Event

COMMAND_LIMIT = 600.0
"""Seconds that a command may take for one event."""

_JSON = json.JSONEncoder(default=str)
_TAIL = 1 << 20  # bytes at the end of the file in which events are looked for; far more than one batch


def line(event: Event) -> bytes:
    """The event's outputs as one line of JSON, in ASCII: safe for every reader, also with odd names in it."""
    # A plain dict is written as it lies; a record would first make records of all that is in it.
    return _JSON.encode(dict(event.outputs())).encode() + b"\n"


class Append:
    """Appends each event as one line of JSON to a file, on the disk before it counts as handed on.

    With `once`, an event that stands near the end of the file already is not appended again: that is what remains when
    the process was killed between the writing and the marking. A line that was cut off is taken away.
    """

    def __init__(self, path: Path, *, once: bool = True) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise InputError(
                f"The events cannot be appended to {path}: {error.strerror}.", fields={"append": str(error.strerror)}
            ) from error
        self._written = self._mend() if once else set()

    def __call__(self, event: Event) -> None:
        self.many([event])

    def many(self, events: Sequence[Event]) -> None:
        """Append these events with one write; none of them when the disk is full."""
        text = b"".join(line(event) for event in events if event.id not in self._written)
        size = os.fstat(self._file).st_size
        try:
            _write_all(self._file, text)
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, size)
            raise ConnectorError(f"The events cannot be appended to {self._path}: {error.strerror}.") from error
        # Only the last handover before the start is in doubt: from here on the journal knows what was handed on.
        self._written -= {event.id for event in events}

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _mend(self) -> set[str]:
        """The ids at the end of the file, which then ends with a whole line."""
        size = os.fstat(self._file).st_size
        tail = os.pread(self._file, _TAIL, max(0, size - _TAIL))
        *whole, rest = tail.split(b"\n")
        if rest.startswith(b'{"id": '):
            os.ftruncate(self._file, size - len(rest))
        elif rest:
            _write_all(self._file, b"\n")
        return {found for found in map(_id_in, whole) if found}


class Command:
    """Runs a command for each event, without a shell: the event's outputs as JSON on its standard input.

    It is done when the command ends with code 0; otherwise, or after ten minutes, it counts as failed.
    """

    def __init__(self, command: str) -> None:
        try:
            self._words = shlex.split(command)
        except ValueError as error:
            raise InputError(f"The command cannot be read: {error}.", fields={"exec": str(error)}) from error
        if not self._words:
            raise InputError("The command is empty.", fields={"exec": "is empty"})

    def __call__(self, event: Event) -> None:
        try:
            # A session of its own: Ctrl-C ends the listener after this event, not this event.
            process = subprocess.Popen(self._words, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - the person's own command
        except OSError as error:
            raise ConnectorError(f"The command {self._words[0]} cannot be run: {error.strerror}.") from error
        with process:
            try:
                process.communicate(line(event), timeout=COMMAND_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise ConnectorError(f"The command {self._words[0]} took longer than ten minutes.") from None
        if process.returncode:
            raise ConnectorError(f"The command {self._words[0]} ended with code {process.returncode}.")


class Print:
    """Writes each event as one line of JSON to a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        self._stream.write(line(event))
        self._stream.flush()


def _id_in(text: bytes) -> str | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) else None


def _write_all(file: int, text: bytes) -> None:
    while text:
        text = text[os.write(file, text) :]
