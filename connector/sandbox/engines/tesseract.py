"""Tesseract: text recognition, in scanned PDF files and in pictures."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.ocr.tool import DEFAULT_LANGUAGE, TESSERACT
from connector.sandbox.engines.pillow import INPUTS

_LANGUAGE = Option("language", "string", default=DEFAULT_LANGUAGE)


class Tesseract(Engine):
    """Recognises the languages that are installed for it; several may be given."""

    name = "tesseract"
    label = "Tesseract"
    install = TESSERACT.install
    conversions = (
        Conversion(("pdf",), (), "pdf/ocr", (_LANGUAGE, Option("auto_orient", "boolean", default=True)), rank=40),
        Conversion(INPUTS, ("txt",), options=(_LANGUAGE,), rank=40),
    )

    def version(self) -> str | None:
        """What Tesseract says about itself, e.g. "5.3.0"."""
        return TESSERACT.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.ocr import pages

        return pages.recognise(work) if work.operation == "pdf/ocr" else pages.text(work)
