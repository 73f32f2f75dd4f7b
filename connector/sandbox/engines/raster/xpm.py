"""XPM pictures whose colours have names, as ImageMagick writes them: Pillow reads only those in figures."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import ImageColor

_MAGIC = b"/* XPM */"
_LARGEST = 64 * 1024**2
_NAMED = re.compile(rb'^(".+?[ \t]c[ \t]+)([A-Za-z][A-Za-z0-9 ]*)(")', re.MULTILINE)
_GRAY = re.compile(r"gr[ae]y(\d{1,3})")


def in_figures(path: Path) -> io.BytesIO | None:
    """The picture with its colours in figures; None for every other format, and for one that is far too large."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC or path.stat().st_size > _LARGEST:
            return None
        return io.BytesIO(_NAMED.sub(_in_figures, _MAGIC + file.read()))


def _in_figures(found: re.Match[bytes]) -> bytes:
    start, name, end = found.groups()
    return start + (_figure(name.decode()).encode() or name) + end


def _figure(name: str) -> str:
    """A colour of X11 as `#rrggbb`; "" where it is not known, or means that nothing is drawn."""
    text = name.lower().replace(" ", "")
    if gray := _GRAY.fullmatch(text):
        return "#" + f"{min(255, round(int(gray[1]) * 2.55)):02x}" * 3
    known = ImageColor.colormap.get(text)
    return "" if known is None else "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(text)[:3])
