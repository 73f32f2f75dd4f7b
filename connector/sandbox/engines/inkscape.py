"""Inkscape: drawings among themselves, to PDF and to pictures; the pages of a PDF as drawings."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.drawings.inkscape import INKSCAPE, VECTORS
from connector.sandbox.engines.drawings.rendering import PICTURE, QUALITY
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY

_PATHS = (Option("text_to_path", "boolean", default=False),)
_PIXELS = tuple(name for name in LOSSLESS if name not in VECTORS)
_METAFILES = ("emf", "wmf")
# LibreOffice reads metafiles better, librsvg and PDFium are quicker at pictures.
_RANK, _LATER = 35, 45


class Inkscape(Engine):
    """What must stay a drawing goes through it."""

    name = "inkscape"
    stands_for = ("mupdf", "mutool")
    label = "Inkscape"
    install = INKSCAPE.install
    conversions = (
        Conversion(("svg", "svgz"), VECTORS, options=_PATHS, rank=_RANK),
        Conversion(("svg", "svgz"), LOSSY, options=(*PICTURE, QUALITY), rank=_RANK),
        Conversion(("svg", "svgz"), _PIXELS, options=PICTURE, rank=_RANK),
        Conversion(_METAFILES, VECTORS, options=_PATHS, rank=_LATER),
        Conversion(_METAFILES, LOSSY, options=(*PICTURE, QUALITY), rank=_LATER),
        Conversion(_METAFILES, _PIXELS, options=PICTURE, rank=_LATER),
        Conversion(("ai",), VECTORS, options=(*_PATHS, PAGES), rank=_RANK),
        Conversion(("ai",), LOSSY, options=(*PICTURE, QUALITY, PAGES), rank=_RANK),
        Conversion(("ai",), _PIXELS, options=(*PICTURE, PAGES), rank=_RANK),
        Conversion(("pdf",), ("emf", "svg", "wmf"), options=(*_PATHS, PAGES), rank=_RANK),
    )

    def version(self) -> str | None:
        """What Inkscape says about itself, e.g. "1.2.2"."""
        return INKSCAPE.version()

    def run(self, work: Work) -> Result:
        """Convert one drawing."""
        from connector.sandbox.engines.drawings import inkscape

        return inkscape.convert(work)
