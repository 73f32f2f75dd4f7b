"""Multipart forms, read as they come: small fields into memory, the file straight to the disk."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from connector.sandbox import naming
from connector.sandbox.problems import ApiError

WRITE_SIZE = 1024 * 1024
_MAX_FIELDS_SIZE = 256 * 1024
_MOST_PIECES = 256  # however small they come


class Form:
    """A form on its way in. `open_draft` gives the path for the file, from the fields that came before it."""

    def __init__(self, boundary: str, open_draft: Callable[[dict[str, str]], Path], max_size: int) -> None:
        self.fields: dict[str, str] = {}
        self.file_name = ""
        self._open_draft = open_draft
        self._max_size = max_size
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._part: dict[str, str] = {}
        self._value = bytearray()
        self._fields_size = 0
        self._file: BinaryIO | None = None
        self._draft: Path | None = None
        self._pieces: list[memoryview] = []
        self._waiting = 0
        self._digest = hashlib.md5(usedforsecurity=False)
        self._size = 0
        self._in_file = False
        self._complete = False
        self._parser = MultipartParser(
            boundary.encode("latin-1", "replace"),
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._data_begins,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
                "on_end": self._ends,
            },
        )

    @property
    def draft(self) -> Path:
        """The written file. Raises ApiError where the form held none, or was cut."""
        if self._draft is None or not self._complete:
            raise ApiError(400, "INVALID_REQUEST", "The upload is incomplete: the last part must be the file.")
        return self._draft

    @property
    def md5(self) -> str:
        """The MD5 of the written file, in hexadecimal."""
        return self._digest.hexdigest()

    def feed(self, data: bytes) -> list[memoryview]:
        """Take the next bytes; what is to be written to the disk now, if it is enough to be worth it."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise ApiError(400, "INVALID_REQUEST", "The upload is no valid multipart form.") from error
        return self.take() if self._waiting >= WRITE_SIZE or len(self._pieces) >= _MOST_PIECES else []

    def take(self) -> list[memoryview]:
        """Everything that is not written yet, in the pieces in which it came."""
        pieces, self._pieces, self._waiting = self._pieces, [], 0
        return pieces

    def write(self, pieces: list[memoryview]) -> None:
        """Write to the disk."""
        if self._file:
            for piece in pieces:
                self._file.write(piece)
                self._digest.update(piece)

    def close(self) -> None:
        """Finish the file."""
        if self._file:
            self._file.close()

    def discard(self) -> None:
        """Remove what was not taken over."""
        with suppress(OSError):
            self.close()
        if self._draft:
            self._draft.unlink(missing_ok=True)

    def _part_begins(self) -> None:
        self._part, self._value, self._in_file = {}, bytearray(), False
        if self._draft:
            raise ApiError(400, "INVALID_REQUEST", "The file must be the last part of the form, and the only file.")

    def _header_ends(self) -> None:
        name = self._header_name.decode("latin-1").lower()
        if name == "content-disposition":
            self._part = naming.parameters(naming.decode(bytes(self._header_value))) | {
                "": naming.decode(bytes(self._header_value))
            }
        self._header_name, self._header_value = bytearray(), bytearray()

    def _data_begins(self) -> None:
        """A part with a file name, or named `file`, is the file, whatever else it is called."""
        name = naming.of_disposition(self._part.get("", ""))
        if name is None and self._part.get("name") != "file":
            return
        self._in_file = True
        self.file_name = name or "file"
        self._draft = self._open_draft(self.fields)
        self._file = self._draft.open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._size += end - start
            self._pieces.append(memoryview(data)[start:end])
            self._waiting += end - start
        else:
            self._fields_size += end - start
            self._value += data[start:end]
        if self._fields_size > _MAX_FIELDS_SIZE or self._size > self._max_size:
            raise ApiError(
                413,
                "PAYLOAD_TOO_LARGE",
                f"The file is larger than the {self._max_size:,} bytes that the sandbox takes.",
            )

    def _part_ends(self) -> None:
        if not self._in_file:
            self.fields[self._part.get("name", "")] = naming.decode(bytes(self._value))

    def _ends(self) -> None:
        self._complete = True


async def receive(stream: AsyncIterator[bytes], form: Form) -> None:
    """Read the whole form, writing the file in other threads. Raises ApiError, or OSError as the disk does."""
    async for chunk in stream:
        if ready := form.feed(chunk):
            await asyncio.to_thread(form.write, ready)
    await asyncio.to_thread(form.write, form.take())
    form.close()
