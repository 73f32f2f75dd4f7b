"""What a file field holds once it is filled in: a file of one's own to upload, or the address of one."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from connector.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class LocalFile:
    """A file to upload: from a path, from bytes, or from an open binary stream. `name` is what CloudConvert will call it."""

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    stream: IO[bytes] | None = field(default=None, repr=False)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """A seekable stream at the file's beginning, for as long as the context lasts.

        A stream of unknown length is copied to a temporary file first: the upload form needs a length, and memory must
        stay flat. Raises InputError if the file cannot be read any more.
        """
        if self.path is not None:
            try:
                opened = self.path.open("rb")
            except OSError as error:
                raise InputError(f"The file {self.path} cannot be read: {error.strerror}.") from error
            with opened:
                yield opened
        elif self.data is not None:
            yield io.BytesIO(self.data)
        else:
            with _rewindable(self.name, self.stream) as stream:
                yield stream

    @staticmethod
    def length(stream: IO[bytes]) -> int:
        """Bytes from the stream's beginning to its end; leaves it at the beginning."""
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        return size


@contextmanager
def _rewindable(name: str, stream: IO[bytes] | None) -> Iterator[IO[bytes]]:
    if stream is None:
        raise InputError("The file to upload has no content: give a path, bytes or an open stream.")
    try:
        seekable = hasattr(stream, "seekable") and stream.seekable()
        if seekable:
            stream.seek(0)
    except ValueError as error:  # what a closed stream answers
        raise InputError(f"The file {name!r} cannot be read: {str(error).rstrip('.')}.") from error
    with nullcontext(stream) if seekable else _copied(stream) as ready:
        yield ready


@contextmanager
def _copied(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.seek(0)
        yield copy


@dataclass(frozen=True)
class RemoteFile:
    """A file that CloudConvert fetches itself. `headers` go with that request only and may hold secrets."""

    url: str = field(repr=False)  # may be signed
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    name: str | None = None


InputFile = LocalFile | RemoteFile
