"""Pictures: among each other, to PDF, smaller, as thumbnails, stamped, and what they say about themselves."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.geometry import SIZE_OPTIONS
from connector.sandbox.engines.common.stamp import WATERMARK_OPTIONS
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY

INPUTS = (
    "apng", "avif", "bmp", "cur", "dds", "dib", "gif", "icns", "ico", "jfif", "jp2", "jpeg", "jpg", "pbm",
    "pcx", "pgm", "png", "pnm", "ppm", "psd", "qoi", "sgi", "tga", "tif", "tiff", "webp", "xbm", "xpm",
)  # fmt: skip

QUALITY = Option("quality", "integer", minimum=1, maximum=100)
LOOKS = (
    *SIZE_OPTIONS,
    Option("strip", "boolean", default=False),
    Option("auto_orient", "boolean", default=True),
    Option("pixel_density", "integer", minimum=1, maximum=4800),
)
STAMPABLE = ("avif", "bmp", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp")


class Pillow(Engine):
    """Pillow reads and writes them all in this process; nothing else is started."""

    name = "pillow"
    stands_for = ("imagemagick", "graphicsmagick", "exiftool")
    label = "Pillow"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (
        Conversion(INPUTS, LOSSY, options=(*LOOKS, QUALITY), rank=20),
        Conversion(INPUTS, LOSSLESS, options=LOOKS, rank=20),
        Conversion(INPUTS, ("pdf",), options=(*LOOKS, QUALITY), rank=20),
        Conversion(("png", "jpg", "jpeg"), (), "optimize", (QUALITY,), rank=20),
        Conversion(
            INPUTS,
            ("png", "jpg", "webp"),
            "thumbnail",
            (*SIZE_OPTIONS, Option("count", "integer", 1, minimum=1, maximum=100)),
            rank=20,
        ),
        Conversion(STAMPABLE, (), "watermark", WATERMARK_OPTIONS, rank=20),
        Conversion(INPUTS, (), "metadata", rank=40, credits=0),
    )

    def version(self) -> str | None:
        """The version of the installed wheel."""
        try:
            return package_version("pillow")
        except PackageNotFoundError:
            return None

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.pdf.from_images import to_pdf
        from connector.sandbox.engines.raster.convert import convert, thumbnail
        from connector.sandbox.engines.raster.facts import metadata
        from connector.sandbox.engines.raster.optimize import optimize
        from connector.sandbox.engines.raster.watermark import watermark

        if work.operation == "convert":
            return to_pdf(work) if work.output_format == "pdf" else convert(work)
        rooms = {"optimize": optimize, "thumbnail": thumbnail, "watermark": watermark, "metadata": metadata}
        return rooms[work.operation](work)
