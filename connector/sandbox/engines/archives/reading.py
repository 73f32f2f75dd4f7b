"""Unpacking archives of strangers into numbered files, so that no name in them can choose where it is written."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import stat
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, cast

from connector.sandbox.engines.archives.limits import LONGEST_READ, MOST_MEMBERS, Budget, member_path, refuse_link
from connector.sandbox.engines.base import EngineError, Source

_CHUNK = 1024 * 1024
_LARGEST_DIRECTORY = 1024 * MOST_MEMBERS
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    LookupError,
    struct.error,
)


@dataclass(frozen=True)
class Member:
    """One file or folder: its path inside the archive, and where its content lies now."""

    path: str
    file: Path


@dataclass
class Shelf:
    """Where the members of one archive are put."""

    source: Source
    folder: Path
    budget: Budget
    members: list[Member] = field(default_factory=list)

    def add_folder(self, written: str) -> None:
        """Keep a folder, which may be empty."""
        self._place(written).mkdir()

    def add_file(self, written: str, content: IO[bytes], modified: float, mode: int) -> None:
        """Keep a file's content, and when it was changed and whether it is executable."""
        target = self.open_file(written)
        with target:
            while chunk := content.read(_CHUNK):
                self.budget.add_bytes(len(chunk))
                target.write(chunk)
        self.date(self.members[-1], modified, mode)

    def open_file(self, written: str) -> BinaryIO:
        """A new file to write a member's content into."""
        return self._place(written).open("xb")

    def date(self, member: Member, modified: float, mode: int) -> None:
        """Set time and permissions of a member."""
        member.file.chmod((mode & 0o777) | (0o700 if member.file.is_dir() else 0o600))
        with suppress(OSError, OverflowError, ValueError):
            os.utime(member.file, (modified, modified))

    def _place(self, written: str) -> Path:
        place = self.folder / f"{len(self.members):06d}"
        self.members.append(Member(member_path(written, self.source.name), place))
        return place


def unpack(source: Source, folder: Path) -> list[Member]:
    """The members of an archive in order. Raises EngineError OPEN_FAILED, INVALID_PASSWORD or LIMIT_EXCEEDED."""
    folder.mkdir()
    shelf = Shelf(source, folder, Budget(source.name, source.path.stat().st_size))
    with _opening(source):
        _READERS[source.format](shelf)
    return shelf.members


def locked(source: Source) -> EngineError:
    """The error for encrypted archives."""
    return EngineError(
        "INVALID_PASSWORD", f'The archive "{source.name}" is protected with a password. Pack it again without one.'
    )


def _read_zip(shelf: Shelf) -> None:
    _check_directory(shelf)
    with zipfile.ZipFile(shelf.source.path) as archive:
        for info in archive.infolist():
            shelf.budget.add_member(info.file_size)
            if info.flag_bits & 1:
                raise locked(shelf.source)
        # Before anything is unpacked: many members may share the same bytes.
        shelf.budget.check(sum(info.file_size for info in archive.infolist()))
        for info in archive.infolist():
            _take_zipped(shelf, archive, info)


def _take_zipped(shelf: Shelf, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refuse_link(shelf.source.name)
    if info.is_dir():
        shelf.add_folder(info.filename)
        return
    with archive.open(info) as content:
        shelf.add_file(info.filename, content, _zip_time(info), info.external_attr >> 16 or 0o644)


def _zip_time(info: zipfile.ZipInfo) -> float:
    with suppress(ValueError, OverflowError):
        return time.mktime((*info.date_time, 0, 0, -1))
    return 0.0


def _check_directory(shelf: Shelf) -> None:
    """Refuse a zip with too many members before its table of contents is read into memory."""
    with shelf.source.path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and len(tail) >= end + 16:
        count, length = struct.unpack("<HI", tail[end + 10 : end + 16])
        if count > MOST_MEMBERS or length > _LARGEST_DIRECTORY:
            raise shelf.budget.too_many()


def _read_tar(open_stream: Callable[[Path], IO[bytes]]) -> Callable[[Shelf], None]:
    def read(shelf: Shelf) -> None:
        with (
            open_stream(shelf.source.path) as stream,
            tarfile.open(fileobj=_Careful(stream, shelf.budget), mode="r:") as archive,
        ):
            for info in archive:
                _take_tarred(shelf, archive, info)

    return read


def _take_tarred(shelf: Shelf, archive: tarfile.TarFile, info: tarfile.TarInfo) -> None:
    shelf.budget.add_member(info.size)
    # Members are not looked at twice; kept, they would fill the memory.
    archive.members = []  # type: ignore[attr-defined]
    if info.isdir():
        shelf.add_folder(info.name)
        return
    content = archive.extractfile(info) if info.isreg() else None
    if content is None:
        raise refuse_link(shelf.source.name)
    shelf.add_file(info.name, content, info.mtime, info.mode)


class _Careful:
    """The unpacked stream of a tar. Headers may declare any length, and tarfile would read it at once."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream = stream
        self._budget = Budget(budget.name, budget.packed)
        self.name, self.mode, self.close = budget.name, "rb", stream.close

    def read(self, size: int = -1) -> bytes:
        """At most `LONGEST_READ` bytes."""
        if size < 0 or size > LONGEST_READ:
            raise self._budget.refused("has an enormous header")
        data = self._stream.read(size)
        self._budget.add_bytes(len(data))
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go on at `offset`."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the next read begins."""
        return self._stream.tell()

    def write(self, _data: bytes) -> int:
        """Only there because tarfile's type asks for it."""
        raise OSError("read only")


def _read_7z(shelf: Shelf) -> None:
    from connector.sandbox.engines.archives.seven import read_7z

    read_7z(shelf)


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _gzip(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb"))


def _bzip2(path: Path) -> IO[bytes]:
    return bz2.open(path, "rb")


def _xz(path: Path) -> IO[bytes]:
    return lzma.open(path, "rb")


_READERS: dict[str, Callable[[Shelf], None]] = {
    "zip": _read_zip,
    "jar": _read_zip,
    "7z": _read_7z,
    "tar": _read_tar(_plain),
    **dict.fromkeys(("tar.gz", "tgz"), _read_tar(_gzip)),
    **dict.fromkeys(("tar.bz2", "tar.bz", "tbz2", "tbz"), _read_tar(_bzip2)),
    **dict.fromkeys(("tar.xz", "txz"), _read_tar(_xz)),
}


@contextmanager
def _opening(source: Source) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if "password" in str(error).lower():
            raise locked(source) from error
        raise EngineError(
            "OPEN_FAILED", f'The archive "{source.name}" uses a compression that is not supported. Pack it again.'
        ) from error
    except MemoryError as error:
        raise EngineError(
            "LIMIT_EXCEEDED",
            f'The archive "{source.name}" needs too much memory to unpack. Split it into smaller ones.',
        ) from error
    except _DAMAGE as error:
        # A wrong offset in the archive becomes an impossible seek; other errors of the system are not the archive's.
        if getattr(error, "errno", None) not in (None, errno.EINVAL):
            raise
        raise EngineError(
            "OPEN_FAILED", f'The archive "{source.name}" is damaged or not what its name says. Pack it again and retry.'
        ) from error
