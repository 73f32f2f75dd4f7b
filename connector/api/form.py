"""A form with a file as its last part, sent as it is read: nothing is copied but the first and the last block."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Protocol

from urllib3.filepost import encode_multipart_formdata

from connector.errors import InputError

Report = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""


class Stream(Protocol):
    """Whatever can be read."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Form:
    """What requests takes for a body: `read`, and `len` in bytes.

    Args:
        parameters: names and values, before the file.
        file: the file's name and media type.
        stream: its content from where it stands, of which `size` bytes are sent.
        report: is told how much of the file was read.

    """

    def __init__(
        self,
        parameters: Sequence[tuple[str, str]],
        file: tuple[str, str],
        stream: Stream,
        size: int,
        report: Report | None = None,
    ) -> None:
        name, kind = file
        framed, self.content_type = encode_multipart_formdata([*parameters, ("file", (name, b"", kind))])
        end = len(f"\r\n--{self.content_type.partition('boundary=')[2]}--\r\n")
        self.len = len(framed) + size
        self._name = name
        self._size = self._left = size
        self._stream = stream
        self._head, self._tail = io.BytesIO(framed[:-end]), io.BytesIO(framed[-end:])
        self._report = report

    def read(self, size: int = 1 << 18) -> bytes:
        """The next bytes, as many as asked for while there are any. Raises InputError for a file that became shorter."""
        block = self._head.read(size)
        while self._left and len(block) < size:
            part = self._stream.read(min(size - len(block), self._left))
            if not part:
                raise InputError(f"The file {self._name!r} became shorter while it was sent.")
            self._left -= len(part)
            block = block + part if block else part
        if self._report:
            self._report(self._size - self._left, self._size)
        return block if len(block) == size else block + self._tail.read(size - len(block))
