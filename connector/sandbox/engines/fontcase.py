"""Fonts from one container into another: ttf, otf, woff and eot. The outlines stay as they are."""

from __future__ import annotations

import platform

from connector.sandbox.engines.base import Conversion, Engine, EngineError, Result, Work
from connector.sandbox.engines.common.outputs import one_file


class FontCase(Engine):
    """Needs nothing but Python. TrueType outlines cannot become PostScript ones, nor the other way round."""

    name = "fonts"
    label = "Fonts (Python)"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (
        Conversion(("ttf",), ("woff", "eot"), rank=60),
        Conversion(("otf",), ("woff",), rank=60),
        Conversion(("woff",), ("ttf", "otf", "eot"), rank=60),
        Conversion(("eot",), ("ttf", "woff"), rank=60),
    )

    def version(self) -> str | None:
        """Python's version: the standard library does it."""
        return platform.python_version()

    def run(self, work: Work) -> Result:
        """Convert one font."""
        from connector.sandbox.engines.fonts.embedded import eot, read_eot
        from connector.sandbox.engines.fonts.tables import plain, read_plain, read_woff, woff

        readers = {"ttf": read_plain, "otf": read_plain, "woff": read_woff, "eot": read_eot}
        source, wanted = work.source, work.output_format or ""
        font = readers[source.format](source.path.read_bytes(), source.name)
        if font.is_true_type is (wanted == "otf") and wanted != "woff":
            other = "ttf" if font.is_true_type else "otf"
            raise EngineError(
                "INVALID_OPTION",
                f"The letters of {source.name} are drawn as in {other} files and cannot become {wanted}: choose {other} or woff.",
            )
        writers = {"ttf": plain, "otf": plain, "woff": woff, "eot": eot}
        work.output().write_bytes(writers[wanted](font))
        return one_file(work.output())
