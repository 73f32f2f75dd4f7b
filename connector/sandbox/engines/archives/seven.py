"""Reading and writing 7z by py7zr."""

from __future__ import annotations

import lzma
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import py7zr
import py7zr.exceptions
from py7zr.io import Py7zIO, WriterFactory

from connector.sandbox.engines.archives.limits import member_path, refuse_link
from connector.sandbox.engines.archives.reading import Member, Shelf, locked
from connector.sandbox.engines.base import EngineError

_DAMAGE = (
    py7zr.exceptions.ArchiveError,
    py7zr.exceptions.InternalError,
    lzma.LZMAError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


def read_7z(shelf: Shelf) -> None:
    """Unpack all members onto the shelf."""
    try:
        # A file object instead of a path keeps py7zr from unpacking in threads, past the budget.
        with shelf.source.path.open("rb") as stream, py7zr.SevenZipFile(stream) as archive:
            if archive.needs_password():
                raise locked(shelf.source)
            writers = _planned(shelf, archive)
            archive.extractall(path=shelf.folder, factory=writers)
            _date(shelf, archive)
    except py7zr.exceptions.PasswordRequired as error:
        raise locked(shelf.source) from error
    except _DAMAGE as error:
        raise EngineError(
            "OPEN_FAILED", f'The archive "{shelf.source.name}" is damaged or no 7z. Pack it again and retry.'
        ) from error


def write_7z(path: Path, members: Iterable[Member]) -> None:
    """Pack the members."""
    with py7zr.SevenZipFile(path, "w") as archive:
        for member in members:
            archive.write(member.file, member.path)


class _Counted(Py7zIO):
    """A file on the shelf that counts what is written into it."""

    def __init__(self, file: BinaryIO, shelf: Shelf) -> None:
        self._file = file
        self._shelf = shelf

    def write(self, s: bytes | bytearray) -> int:
        self._shelf.budget.add_bytes(len(s))
        return self._file.write(s)

    def read(self, size: int | None = None) -> bytes:
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def flush(self) -> None:
        if not self._file.closed:
            self._file.flush()

    def size(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


class _Writers(WriterFactory):
    """Hands out the planned files by the names under which py7zr asks for them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._files: dict[str, Path] = {}

    def plan(self, asked: str, file: Path) -> None:
        self._files[asked] = file

    def create(self, filename: str) -> Py7zIO:
        return _Counted(self._files[filename].open("w+b"), self._shelf)


def _planned(shelf: Shelf, archive: py7zr.SevenZipFile) -> _Writers:
    shelf.budget.check(sum(info.uncompressed or 0 for info in archive.files))
    writers, seen = _Writers(shelf), dict[str, int]()
    for info in archive.files:
        shelf.budget.add_member()
        if info.is_symlink or info.is_junction or info.is_socket:
            raise refuse_link(shelf.source.name)
        # py7zr appends _0, _1 .. to names it meets again.
        name = f"{info.filename}_{seen[info.filename]}" if info.filename in seen else info.filename
        seen[info.filename] = seen.get(info.filename, -1) + 1
        _plan(shelf, writers, info.filename, name, is_folder=info.is_directory)
    return writers


def _plan(shelf: Shelf, writers: _Writers, written: str, asked: str, *, is_folder: bool) -> None:
    if is_folder:
        shelf.add_folder(written)
        return
    member_path(asked, shelf.source.name)
    shelf.open_file(written).close()
    writers.plan((shelf.folder / asked).as_posix(), shelf.members[-1].file)


def _date(shelf: Shelf, archive: py7zr.SevenZipFile) -> None:
    for member, info in zip(shelf.members, archive.files, strict=True):
        modified = info.lastwritetime.totimestamp() if info.lastwritetime else 0.0
        mode = info.posix_mode or (0o755 if info.is_directory else 0o644)
        shelf.date(member, modified, stat.S_IMODE(mode))
