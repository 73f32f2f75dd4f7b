"""The sRGB colour profile, built from its definition (IEC 61966-2-1).

Version 2 of the profile format, which is the one that PDF/A-1 admits.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime

_DESCRIPTION = b"sRGB (IEC 61966-2-1)"
_COPYRIGHT = b"No copyright, use freely"
_WHITE = (0.9642, 1.0, 0.8249)
# Red, green and blue, adapted to the profile space's own white (D50).
_COLUMNS = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_CURVE_POINTS = 1024


def profile(made: datetime | None = None) -> bytes:
    """The profile as a file. `made` is the date inside, by default today."""
    tags = {
        b"desc": _description(),
        b"cprt": b"text\0\0\0\0" + _COPYRIGHT + b"\0",
        b"wtpt": _xyz(_WHITE),
        **{name: _xyz(column) for name, column in _COLUMNS.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve()),
    }
    table, body = _laid_out(tags)
    return _header(128 + len(table) + len(body), made or datetime.now(UTC)) + table + body


def _header(size: int, made: datetime) -> bytes:
    parts = [
        struct.pack(">I4x4s4s4s4s", size, b"\x02\x40\0\0", b"mntr", b"RGB ", b"XYZ "),
        struct.pack(">6H", made.year, made.month, made.day, made.hour, made.minute, made.second),
        b"acsp".ljust(28, b"\0"),
        *(_fixed(value) for value in _WHITE),
    ]
    # The rendering intent, which is all zeros, lies between the signature and the white.
    return b"".join(parts).ljust(128, b"\0")


def _laid_out(tags: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """The table of tags and what it points to; equal contents lie there once."""
    start, body, places = 128 + 4 + 12 * len(tags), b"", dict[bytes, int]()
    for content in tags.values():
        if content not in places:
            places[content] = start + len(body)
            body += content.ljust(-(-len(content) // 4) * 4, b"\0")
    entries = [struct.pack(">4sII", name, places[content], len(content)) for name, content in tags.items()]
    return struct.pack(">I", len(tags)) + b"".join(entries), body


def _description() -> bytes:
    text = _DESCRIPTION + b"\0"
    # Without its Unicode and Macintosh forms, whose room must be there all the same.
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _curve() -> bytes:
    values = (round(_linear(point / (_CURVE_POINTS - 1)) * 65535) for point in range(_CURVE_POINTS))
    return b"curv\0\0\0\0" + struct.pack(f">I{_CURVE_POINTS}H", _CURVE_POINTS, *values)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
