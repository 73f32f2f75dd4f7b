"""What Pillow writes: for every output format the pixel modes, the extras it carries and how to save it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COLOURS = ("RGB", "RGBA")
GREYS = ("L", "LA")


@dataclass(frozen=True)
class Target:
    """One output format.

    `plugin` is Pillow's name, `modes` the pixel modes it can hold, `carries` which of exif, icc, xmp and dpi survive in
    it, `frames` whether it holds several pictures, `save` what is always passed to Pillow.
    """

    plugin: str
    modes: tuple[str, ...] = COLOURS
    carries: frozenset[str] = frozenset()
    frames: bool = False
    lossy: bool = False
    save: Mapping[str, object] = field(default_factory=dict)


def _carries(*names: str) -> frozenset[str]:
    return frozenset(names)


_ALL = _carries("exif", "icc", "xmp", "dpi")
_JPEG = Target("JPEG", ("L", "RGB", "CMYK"), _ALL, lossy=True, save={"quality": 85, "optimize": True})
_PNG = Target("PNG", ("1", "P", *GREYS, *COLOURS, "I;16"), _carries("exif", "icc", "dpi"), frames=True)
_TIFF = Target(
    "TIFF",
    ("1", "P", *GREYS, *COLOURS, "CMYK", "I;16"),
    _carries("exif", "icc", "dpi"),
    frames=True,
    save={"compression": "tiff_lzw"},
)
_BMP = Target("BMP", ("1", "P", "L", "RGB"), _carries("dpi"))
_JP2 = Target("JPEG2000", (*GREYS, *COLOURS, "I;16"), lossy=True)

TARGETS: dict[str, Target] = {
    "apng": _PNG,
    "avif": Target(
        "AVIF", carries=_carries("exif", "icc", "xmp"), frames=True, lossy=True, save={"quality": 75, "speed": 7}
    ),
    "bmp": _BMP,
    "dds": Target("DDS"),
    "dib": Target("DIB", _BMP.modes, _BMP.carries),
    "eps": Target("EPS", ("L", "RGB", "CMYK")),
    "gif": Target("GIF", ("1", "P", "L", *COLOURS), frames=True),
    "icns": Target("ICNS", ("RGBA",)),
    "ico": Target("ICO", ("RGBA",)),
    "jfif": _JPEG,
    "jp2": _JP2,
    "jpeg": _JPEG,
    "jpg": _JPEG,
    "pbm": Target("PPM", ("1",)),
    "pcx": Target("PCX", ("1", "P", "L", "RGB")),
    "pgm": Target("PPM", ("L",)),
    "png": _PNG,
    "pnm": Target("PPM", ("1", "L", "RGB")),
    "ppm": Target("PPM", ("RGB",)),
    "qoi": Target("QOI"),
    "sgi": Target("SGI", ("L", *COLOURS)),
    "tga": Target("TGA", (*GREYS, *COLOURS), save={"compression": "tga_rle"}),
    "tif": _TIFF,
    "tiff": _TIFF,
    "webp": Target("WEBP", carries=_carries("exif", "icc", "xmp"), frames=True, lossy=True, save={"quality": 80}),
    "xbm": Target("XBM", ("1",)),
}

LOSSY = tuple(name for name, target in TARGETS.items() if target.lossy)
LOSSLESS = tuple(name for name, target in TARGETS.items() if not target.lossy)


def quality_of(target: Target, quality: int | None) -> dict[str, object]:
    """Pillow's save options for a quality of 1-100; empty where none was asked for, the format's own default then."""
    if quality is None or not target.lossy:
        return {}
    if target.plugin != "JPEG2000":
        return {"quality": quality}
    if quality == 100:
        return {"irreversible": False}
    return {"irreversible": True, "quality_mode": "dB", "quality_layers": [25 + quality / 4]}
