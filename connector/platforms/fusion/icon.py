"""The app's icon: two sheets and an arrow between them, drawn point by point."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator

SIZE = 512
_PALETTE = ((184, 50, 26), (255, 255, 255), (246, 200, 186), (120, 30, 14))
_GROUND, _SHEET, _LINE, _ARROW = range(4)
_BLOCK = 65535  # the longest stored block of deflate


@functools.cache
def icon(size: int = SIZE) -> bytes:
    """A square PNG. Stored, not packed: packed bytes differ from one version of zlib to the next."""
    header = struct.pack(">IIBBBBB", size, size, 2, 3, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(_packed(y, size)) for y in range(size))
    chunks = (b"IHDR", header), (b"PLTE", bytes(sum(_PALETTE, ()))), (b"IDAT", _stored(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _packed(y: int, size: int) -> Iterator[int]:
    """The row's bytes: four points in each, the last filled up."""
    for x in range(0, size, 4):
        points = [_colour((x + place) * SIZE // size, y * SIZE // size) for place in range(4)]
        yield sum(colour << (6 - 2 * place) for place, colour in enumerate(points))


def _colour(x: int, y: int) -> int:
    if _is_arrow(x, y):
        return _ARROW
    for left, top in ((72, 96), (264, 160)):
        if 0 <= x - left < 176 and 0 <= y - top < 256:
            return _sheet(x - left, y - top)
    return _GROUND


def _sheet(x: int, y: int) -> int:
    """A sheet of paper with a folded corner and lines of text."""
    if x - y > 176 - 48:
        return _GROUND
    if x > 128 and y < 48:
        return _LINE
    is_text = y > 80 and y % 40 < 14 and 24 < x < 152
    return _LINE if is_text else _SHEET


def _is_arrow(x: int, y: int) -> bool:
    on_shaft = 168 <= x < 272 and 240 <= y < 272
    return on_shaft or (272 <= x < 336 and abs(y - 256) <= 336 - x)


def _stored(data: bytes) -> bytes:
    """A zlib stream of stored blocks."""
    blocks = [data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK)]
    last = len(blocks) - 1
    body = b"".join(
        struct.pack("<BHH", index == last, len(block), len(block) ^ 0xFFFF) + block
        for index, block in enumerate(blocks)
    )
    return b"\x78\x01" + body + struct.pack(">I", zlib.adler32(data))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
