"""GraphicsMagick: the `command` operation, and pictures for those who ask for it by name."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.command import OPTIONS
from connector.sandbox.engines.magick.tool import GRAPHICS_MAGICK, GRAPHICSMAGICK
from connector.sandbox.engines.pillow import LOOKS, QUALITY

_INPUTS = (
    "avif", "bmp", "cur", "dcx", "fits", "gif", "heic", "heif", "jng", "jpeg", "jpg", "miff", "mng", "pam", "pbm", "pcx",
    "pgm", "pict", "png", "pnm", "ppm", "ras", "sgi", "sun", "tga", "tif", "tiff", "viff", "wbmp", "webp", "xbm", "xpm",
)  # fmt: skip
_WRITTEN = ("bmp", "gif", "pbm", "pcx", "pgm", "png", "pnm", "ppm", "sgi", "tga", "tif", "tiff", "xbm")


class GraphicsMagick(Engine):
    """ImageMagick's elder, quicker relative."""

    name = "graphicsmagick"
    label = "GraphicsMagick"
    install = GRAPHICSMAGICK.install
    conversions = (
        Conversion((), (), "command", (Option("command", "enum", "gm", ("gm",)), *OPTIONS), joins=True, rank=60),
        Conversion(_INPUTS, ("jpeg", "jpg", "webp"), options=(*LOOKS, QUALITY), rank=60),
        Conversion(_INPUTS, _WRITTEN, options=LOOKS, rank=60),
    )

    def version(self) -> str | None:
        """What GraphicsMagick says about itself, e.g. "1.3.40"."""
        return GRAPHICSMAGICK.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.magick import commands, pictures

        return commands.graphicsmagick(work) if work.operation == "command" else pictures.convert(work, GRAPHICS_MAGICK)
