"""The container of old Internet Explorers (eot): a head with what the font says about itself, then the font."""

from __future__ import annotations

import struct

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.fonts.tables import Font, damaged, plain, read_plain

_VERSION = 0x00020001
_MAGIC = 0x504C
_COMPRESSED, _XORED = 0x4, 0x10000000
_KEY = 0x50
# Family, style, version and full name, by their numbers in the font's table of names.
_NAMES = (1, 2, 5, 4)


def eot(font: Font) -> bytes:
    """The font as an eot file, without restrictions to certain websites."""
    data, os2, head = plain(font), font.tables.get(b"OS/2", b"").ljust(86, b"\0"), font.tables[b"head"]
    weight, license_ = struct.unpack_from(">H", os2, 4)[0], struct.unpack_from(">H", os2, 8)[0]
    italic = struct.unpack_from(">H", os2, 62)[0] & 1
    parts = [
        struct.pack("<III", len(data), _VERSION, 0),
        os2[32:42],
        struct.pack("<BBIHH", 1, italic, weight, license_, _MAGIC),
        struct.pack("<4I", *struct.unpack_from(">4I", os2, 42)),
        struct.pack("<2I", *struct.unpack_from(">2I", os2, 78)),
        struct.pack("<I", struct.unpack_from(">I", head, 8)[0]),
        bytes(16),
        *(struct.pack("<HH", 0, len(name)) + name for name in (_name(font, number) for number in _NAMES)),
        struct.pack("<HH", 0, 0),
        data,
    ]
    body = b"".join(parts)
    return struct.pack("<I", len(body) + 4) + body


def read_eot(data: bytes, name: str) -> Font:
    """The font in an eot file. Raises EngineError OPEN_FAILED."""
    try:
        size, length, _, flags = struct.unpack_from("<4I", data)
        magic = struct.unpack_from("<H", data, 34)[0]
    except struct.error as error:
        raise damaged(name) from error
    if magic != _MAGIC or size != len(data) or not 0 < length < size:
        raise damaged(name)
    if flags & _COMPRESSED:
        raise EngineError(
            "OPEN_FAILED", f"{name} is packed in a way that only old Windows unpacks: give the original font."
        )
    font = data[-length:]
    return read_plain(bytes(byte ^ _KEY for byte in font) if flags & _XORED else font, name)


def _name(font: Font, number: int) -> bytes:
    """The English name of that number in UTF-16, low byte first."""
    table = font.tables.get(b"name", b"")
    try:
        _, count, start = struct.unpack_from(">3H", table)
        for index in range(count):
            platform, encoding, language, kind, length, offset = struct.unpack_from(">6H", table, 6 + 12 * index)
            if (platform, encoding, language, kind) == (3, 1, 0x409, number):
                text = table[start + offset : start + offset + length]
                return text.decode("utf-16-be", "replace").encode("utf-16-le")
    except struct.error:
        pass
    return b""
