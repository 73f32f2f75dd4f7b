"""DjVuLibre: scanned documents in DjVu to PDF, to pictures and to text."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.geometry import SIZE_OPTIONS
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY
from connector.sandbox.engines.scans.reader import DDJVU

_INPUTS = ("djvu", "djv")
_PICTURE = (*SIZE_OPTIONS, Option("pixel_density", "integer", default=150, minimum=10, maximum=2400), PAGES)


class DjvuLibre(Engine):
    """Reads only: nothing writes DjVu here."""

    name = "djvulibre"
    stands_for = ("calibre", "imagemagick")
    label = "DjVuLibre"
    install = DDJVU.install
    conversions = (
        Conversion(_INPUTS, ("pdf",), options=(PAGES, Option("quality", "integer", minimum=25, maximum=100)), rank=30),
        Conversion(_INPUTS, ("txt",), options=(PAGES,), rank=30),
        Conversion(_INPUTS, LOSSY, options=(*_PICTURE, Option("quality", "integer", minimum=1, maximum=100)), rank=30),
        Conversion(_INPUTS, LOSSLESS, options=_PICTURE, rank=30),
    )

    def version(self) -> str | None:
        """What it says about itself, e.g. "3.5.28"."""
        return DDJVU.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.scans import reader

        return reader.to_text(work) if work.output_format == "txt" else reader.to_pages(work)
