"""The browser's debugging protocol over two pipes: no port that a page or a neighbour could reach."""

from __future__ import annotations

import json
import os
import select
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
Predicate = Callable[[Message], bool]


class ProtocolError(Exception):
    """The browser refused a command. `str(error)` is its reason."""


class Ended(Exception):
    """The browser is gone."""


class Expired(Exception):
    """The deadline passed while waiting."""


@dataclass
class Protocol:
    """Commands out, answers and events in; one thread, every wait bounded by `deadline` (a `time.monotonic()`)."""

    reading: int
    writing: int
    deadline: float
    on_event: Callable[[Message], None]
    session: str | None = None
    _buffer: bytearray = field(default_factory=bytearray)
    _messages: deque[Message] = field(default_factory=deque)
    _number: int = 0

    def call(self, method: str, **parameters: object) -> Message:
        """Send a command and wait for its answer. Raises ProtocolError, Ended or Expired."""
        number = self.send(method, **parameters)
        answer = self.wait(lambda message: message.get("id") == number)
        if "error" in answer:
            raise ProtocolError(str(answer["error"].get("message", "")))
        result: Message = answer.get("result", {})
        return result

    def send(self, method: str, **parameters: object) -> int:
        """Send a command without waiting; its number is in the answer."""
        self._number += 1
        message: Message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            try:
                data = data[os.write(self.writing, data) :]
            except BrokenPipeError as error:
                raise Ended from error
        return self._number

    def wait(self, wanted: Predicate, until: float | None = None) -> Message:
        """The next message that is wanted; every event on the way goes to `on_event`. `until` may shorten the deadline."""
        end = min(self.deadline, until or self.deadline)
        while True:
            while self._messages:
                message = self._messages.popleft()
                if "method" in message:
                    self.on_event(message)
                if wanted(message):
                    return message
            self._receive(end)

    def pause(self, seconds: float) -> None:
        """Let the browser work for a while, and take note of its events."""
        try:
            self.wait(lambda _: False, time.monotonic() + seconds)
        except Expired:
            if time.monotonic() >= self.deadline:
                raise

    def _receive(self, end: float) -> None:
        ready, _, _ = select.select([self.reading], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise Expired
        data = os.read(self.reading, 1 << 20)
        if not data:
            raise Ended
        self._buffer += data
        *whole, rest = bytes(self._buffer).split(b"\0") if b"\0" in data else [bytes(self._buffer)]
        self._messages.extend(json.loads(part) for part in whole if part)
        self._buffer = bytearray(rest)
