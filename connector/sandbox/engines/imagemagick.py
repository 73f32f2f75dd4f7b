"""ImageMagick: the `command` operation, and pictures that Pillow cannot read or write."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.command import OPTIONS
from connector.sandbox.engines.magick.formats import COMMON_LOSSLESS, LOSSLESS_BESIDES
from connector.sandbox.engines.magick.tool import CONVERT, IMAGE_MAGICK
from connector.sandbox.engines.pillow import LOOKS, QUALITY
from connector.sandbox.engines.raster.targets import LOSSY

_INPUTS = (
    "avif", "bmp", "cin", "cur", "dcx", "dds", "dpx", "fits", "gif", "hdr", "heic", "heif", "hrz", "ico", "jfif", "jng",
    "jp2", "jpeg", "jpg", "miff", "mng", "mtv", "otb", "palm", "pam", "pbm", "pct", "pcx", "pfm", "pgm", "pict", "png",
    "pnm", "ppm", "psb", "psd", "ras", "sgi", "sun", "tga", "tif", "tiff", "vicar", "viff", "wbmp", "webp", "xbm", "xcf",
    "xpm", "xwd",
)  # fmt: skip


class ImageMagick(Engine):
    """The program's own file policy stays in force; ours is added to it."""

    name = "imagemagick"
    label = "ImageMagick"
    install = CONVERT.install
    conversions = (
        Conversion(
            (), (), "command", (Option("command", "enum", "convert", ("convert", "identify")), *OPTIONS), joins=True
        ),
        Conversion(_INPUTS, (*LOSSY, "heic"), options=(*LOOKS, QUALITY), rank=50),
        Conversion(_INPUTS, (*COMMON_LOSSLESS, *LOSSLESS_BESIDES), options=LOOKS, rank=50),
    )

    def version(self) -> str | None:
        """What ImageMagick says about itself, e.g. "6.9.11-60"."""
        return CONVERT.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.magick import commands, pictures

        return commands.imagemagick(work) if work.operation == "command" else pictures.convert(work, IMAGE_MAGICK)
