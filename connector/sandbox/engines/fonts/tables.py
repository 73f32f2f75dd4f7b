"""A font as its tables, and the plain container (ttf, otf) and the web container (woff) that hold them."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from connector.sandbox.engines.base import EngineError

TRUE_TYPE, POST_SCRIPT = b"\0\1\0\0", b"OTTO"
_FLAVOURS = (TRUE_TYPE, POST_SCRIPT, b"true")
_WOFF = b"wOFF"
_MOST_TABLES = 200
_LARGEST_TABLE = 100 * 1024**2
_NEEDED = {b"head", b"maxp"}


@dataclass(frozen=True)
class Font:
    """The tables by their names; `flavour` tells the kind of outlines."""

    flavour: bytes
    tables: dict[bytes, bytes]

    @property
    def is_true_type(self) -> bool:
        """Whether its outlines are TrueType's (ttf) and not PostScript's (otf)."""
        return self.flavour != POST_SCRIPT


def read_plain(data: bytes, name: str) -> Font:
    """The font in a ttf or otf file. Raises EngineError OPEN_FAILED."""
    flavour, count = data[:4], _number(data, 4, ">H", name)
    entries = (_entry(data, 12 + 16 * index, ">4sIII", name) for index in range(_counted(count, name)))
    tables = {tag: _cut(data, offset, length, name) for tag, _, offset, length in entries}
    return _checked(Font(flavour, tables), name)


def read_woff(data: bytes, name: str) -> Font:
    """The font in a woff file. Raises EngineError OPEN_FAILED."""
    if data[:4] != _WOFF:
        raise damaged(name)
    count = _counted(_number(data, 12, ">H", name), name)
    entries = (_entry(data, 44 + 20 * index, ">4sIIII", name) for index in range(count))
    tables = {
        tag: _unpacked(_cut(data, offset, packed, name), length, name) for tag, offset, packed, length, _ in entries
    }
    return _checked(Font(data[4:8], tables), name)


def plain(font: Font) -> bytes:
    """The font as a ttf or otf file."""
    tags = sorted(font.tables)
    power = 1 << (len(tags).bit_length() - 1)
    head = struct.pack(">4s4H", font.flavour, len(tags), power * 16, power.bit_length() - 1, (len(tags) - power) * 16)
    directory, body, start = b"", b"", 12 + 16 * len(tags)
    for tag in tags:
        content = font.tables[tag]
        directory += struct.pack(">4sIII", tag, _checksum(content), start + len(body), len(content))
        body += _padded(content)
    return head + directory + body


def woff(font: Font) -> bytes:
    """The font as a woff file, each table packed where that makes it smaller."""
    tags, directory, body = sorted(font.tables), b"", b""
    start, whole = 44 + 20 * len(tags), 12 + 16 * len(tags)
    for tag in tags:
        content = font.tables[tag]
        packed = min(zlib.compress(content, 9), content, key=len)
        directory += struct.pack(">4sIIII", tag, start + len(body), len(packed), len(content), _checksum(content))
        body += _padded(packed)
        whole += len(_padded(content))
    head = struct.pack(">4s4sIHHI", _WOFF, font.flavour, start + len(body), len(tags), 0, whole)
    return head + struct.pack(">HHIIIII", 1, 0, 0, 0, 0, 0, 0) + directory + body


def damaged(name: str) -> EngineError:
    """The error for files that are no font."""
    return EngineError(
        "OPEN_FAILED", f"{name} is damaged or is not a font of this kind: check the file and its format."
    )


def _checked(font: Font, name: str) -> Font:
    if font.flavour not in _FLAVOURS or not font.tables.keys() >= _NEEDED or len(font.tables[b"head"]) < 54:
        raise damaged(name)
    return font


def _counted(count: int, name: str) -> int:
    if not 0 < count <= _MOST_TABLES:
        raise damaged(name)
    return count


def _number(data: bytes, offset: int, kind: str, name: str) -> int:
    return int(_entry(data, offset, kind, name)[0])


def _entry(data: bytes, offset: int, kind: str, name: str) -> tuple:  # type: ignore[type-arg]
    try:
        return struct.unpack_from(kind, data, offset)
    except struct.error as error:
        raise damaged(name) from error


def _cut(data: bytes, offset: int, length: int, name: str) -> bytes:
    if offset + length > len(data):
        raise damaged(name)
    return data[offset : offset + length]


def _unpacked(packed: bytes, length: int, name: str) -> bytes:
    if len(packed) == length:
        return packed
    try:
        content = zlib.decompressobj().decompress(packed, min(length, _LARGEST_TABLE) + 1)
    except zlib.error as error:
        raise damaged(name) from error
    if len(content) != length:
        raise damaged(name)
    return content


def _padded(content: bytes) -> bytes:
    return content.ljust(-(-len(content) // 4) * 4, b"\0")


def _checksum(content: bytes) -> int:
    padded = _padded(content)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded))) & 0xFFFFFFFF
