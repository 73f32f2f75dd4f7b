"""librsvg: SVG to pictures, PDF and PostScript, quickly and without loading anything from outside."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Result, Work
from connector.sandbox.engines.drawings.librsvg import RSVG, VECTORS
from connector.sandbox.engines.drawings.rendering import PICTURE, QUALITY
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY

_INPUTS = ("svg", "svgz")


class Librsvg(Engine):
    """Draws as browsers do, without scripts and animations."""

    name = "rsvg"
    stands_for = ("inkscape", "imagemagick", "graphicsmagick")
    label = "librsvg"
    install = RSVG.install
    conversions = (
        Conversion(_INPUTS, VECTORS, rank=25),
        Conversion(_INPUTS, LOSSY, options=(*PICTURE, QUALITY), rank=25),
        Conversion(_INPUTS, tuple(name for name in LOSSLESS if name not in VECTORS), options=PICTURE, rank=25),
    )

    def version(self) -> str | None:
        """What it says about itself, e.g. "2.54.7"."""
        return RSVG.version()

    def run(self, work: Work) -> Result:
        """Draw one drawing."""
        from connector.sandbox.engines.drawings import librsvg

        return librsvg.convert(work)
