"""What travels with the pixels: EXIF, colour profile, XMP and the density."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import ExifTags, Image

from connector.sandbox.engines.raster.targets import Target

_ORIENTATION = 0x0112
_DENSITY = (0x011A, 0x011B)
_SUB_FOLDERS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
# A TIFF keeps how its pixels are stored among the same tags; those must not follow into another file.
_STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 301, 317, 320, 322, 323, 324, 325, 330}
    | {338, 339, 347, 512, 513, 514, 529, 530, 531, 532, 700, 33723, 34377, 34675}
)


@dataclass(frozen=True)
class Extras:
    """Empty values are left out of the file. `dpi` is horizontal and vertical."""

    exif: bytes = b""
    icc: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None

    @classmethod
    def of(
        cls, image: Image.Image, *, strip: bool = False, oriented: bool = False, density: int | None = None
    ) -> Extras:
        """Those of `image`; with `strip` only its density, with `oriented` without the note that it must be turned."""
        dpi = (density, density) if density else _density(image.info)
        if strip:
            return cls(dpi=dpi)
        xmp = image.info.get("xmp")
        # Its XMP repeats the orientation: after turning the pixels it would turn them again.
        keep_xmp = isinstance(xmp, bytes) and not (oriented and b"tiff:Orientation" in xmp)
        return cls(_exif(image, oriented, density), image.info.get("icc_profile"), xmp if keep_xmp else None, dpi)

    def save_options(self, target: Target) -> dict[str, object]:
        """Pillow's save options, for as much of it as the format carries."""
        values = {"exif": self.exif, "icc_profile": self.icc, "xmp": self.xmp, "dpi": self.dpi}
        names = {"exif": "exif", "icc_profile": "icc", "xmp": "xmp", "dpi": "dpi"}
        return {key: value for key, value in values.items() if value and names[key] in target.carries}


def _density(info: Mapping[str | tuple[int, int], object]) -> tuple[float, float] | None:
    dpi = info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return None
    x, y = float(dpi[0]), float(dpi[1])
    return (x, y) if all(math.isfinite(value) and 1 <= value <= 65_000 for value in (x, y)) else None


def _exif(image: Image.Image, oriented: bool, density: int | None) -> bytes:
    clean = Image.Exif()
    original = image.getexif()
    for tag, value in original.items():
        if tag not in _STRUCTURE and tag not in _SUB_FOLDERS and not (oriented and tag == _ORIENTATION):
            clean[tag] = value
    for folder in _SUB_FOLDERS:
        if values := original.get_ifd(folder):
            clean[folder] = dict(values)
    if density:
        clean.update({tag: density for tag in _DENSITY if tag in clean})
    return clean.tobytes() if len(clean) else b""
