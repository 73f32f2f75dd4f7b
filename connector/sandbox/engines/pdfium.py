"""PDF to pictures, to text and to thumbnails."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.geometry import SIZE_OPTIONS
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY

_PASSWORD = Option("password", "string")
_IMAGE = (*SIZE_OPTIONS, Option("pixel_density", "integer", default=150, minimum=10, maximum=2400), PAGES, _PASSWORD)
_COUNT = Option("count", "integer", default=1, minimum=1, maximum=100)


class Pdfium(Engine):
    """PDFium draws pages as Chromium does. It is not thread-safe: one call at a time in a process."""

    name = "pdfium"
    stands_for = ("mutool", "mupdf", "poppler", "imagemagick", "graphicsmagick")
    label = "PDFium"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (
        Conversion(("pdf",), LOSSY, options=(*_IMAGE, Option("quality", "integer", minimum=1, maximum=100)), rank=20),
        Conversion(("pdf",), LOSSLESS, options=_IMAGE, rank=20),
        Conversion(("pdf",), ("txt",), options=(PAGES, _PASSWORD), rank=30),
        Conversion(("pdf",), ("png", "jpg", "webp"), "thumbnail", (*SIZE_OPTIONS, _COUNT), rank=20),
    )

    def version(self) -> str | None:
        """The version of the installed wheel."""
        try:
            return package_version("pypdfium2")
        except PackageNotFoundError:
            return None

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.pdf import rendering

        if work.operation == "thumbnail":
            return rendering.thumbnails(work)
        return rendering.to_text(work) if work.output_format == "txt" else rendering.to_images(work)
