"""The Range header: which bytes of a file are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*")


class Unsatisfiable(Exception):
    """None of the bytes asked for exist (416)."""


def wanted(headers: Mapping[str, str], size: int, etag: str, modified: str) -> tuple[int, int] | None:
    """First byte and one past the last one; None for the whole file.

    A header that is no single range of bytes counts as absent, as does one whose If-Range names another version.
    """
    found = _ONE_RANGE.fullmatch(headers.get("range", ""))
    if not found or found.groups() == ("", "") or headers.get("if-range", etag) not in (etag, modified):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end
