"""Ghostscript: PDF/A, PostScript to PDF and back, and a second way to smaller PDF files."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.geometry import SIZE_OPTIONS
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.pillow import INPUTS
from connector.sandbox.engines.postscript.interpreter import GHOSTSCRIPT
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY

_POSTSCRIPT = ("eps", "ps")
_PICTURE = (*SIZE_OPTIONS, Option("pixel_density", "integer", default=150, minimum=10, maximum=2400), PAGES)
_QUALITY = Option("quality", "integer", minimum=1, maximum=100)
_OPTIMIZE = (Option("profile", "enum", default="web", possible_values=("web", "print", "archive", "max")),)
_LEVEL = (Option("conformance_level", "enum", default="3b", possible_values=("1b", "2b", "3b")),)


class Ghostscript(Engine):
    """The program is called as it was found, never linked and never shipped: it is under the AGPL."""

    name = "ghostscript"
    stands_for = ("3heights", "pdftools", "inkscape", "imagemagick", "graphicsmagick")
    label = "Ghostscript"
    install = GHOSTSCRIPT.install
    conversions = (
        Conversion(("pdf",), (), "pdf/a", _LEVEL, rank=30),
        Conversion(_POSTSCRIPT, ("pdf",), rank=30),
        Conversion(_POSTSCRIPT, ("txt",), options=(PAGES,), rank=30),
        Conversion(_POSTSCRIPT, LOSSY, options=(*_PICTURE, _QUALITY), rank=30),
        Conversion(_POSTSCRIPT, tuple(name for name in LOSSLESS if name != "eps"), options=_PICTURE, rank=30),
        Conversion(("pdf",), _POSTSCRIPT, options=(PAGES, Option("password", "string")), rank=30),
        Conversion(INPUTS, ("ps",), rank=40),
        Conversion(("pdf",), (), "optimize", _OPTIMIZE, rank=60),
    )

    def version(self) -> str | None:
        """What Ghostscript says about itself, e.g. "10.00.0"."""
        return GHOSTSCRIPT.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.postscript import jobs

        if work.operation != "convert":
            return jobs.archive(work) if work.operation == "pdf/a" else jobs.optimize(work)
        if work.source.format in _POSTSCRIPT:
            return jobs.from_postscript(work)
        return jobs.to_postscript(work) if work.source.format == "pdf" else jobs.picture_to_postscript(work)
