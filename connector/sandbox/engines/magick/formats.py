"""The formats of both programs. Declarations read this: no library is imported here."""

from __future__ import annotations

from connector.sandbox.engines.raster.targets import LOSSLESS

# Where one of the programs' names for a format is not that of its extension.
CODERS = {"jfif": "JPEG", "jpg": "JPEG", "tif": "TIFF", "heif": "HEIC", "pct": "PICT", "ras": "SUN"}
COMMON_LOSSLESS = tuple(name for name in LOSSLESS if name not in ("apng", "dib", "eps", "icns", "qoi"))
"""What Pillow writes without loss and they do as well, themselves and without starting another program."""

LOSSLESS_BESIDES = (
    *(
        "cin",
        "dpx",
        "fits",
        "hdr",
        "jng",
        "miff",
        "mng",
        "pam",
        "pfm",
        "pict",
        "psb",
        "psd",
        "ras",
        "sun",
        "viff",
        "wbmp",
        "xpm",
        "xwd",
    ),
)
"""What only ImageMagick writes here."""
