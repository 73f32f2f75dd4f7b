"""Everything that changes PDF files as PDF files."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.common.stamp import PDF_WATERMARK_OPTIONS
from connector.sandbox.engines.pdf.profiles import COLOUR_SPACES, MODIFY, PRINT, PROFILES

PDF = ("pdf",)
_PASSWORD = Option("password", "string")

_OPTIMIZE = (
    Option("profile", "enum", default="web", possible_values=tuple(PROFILES)),
    Option("quality", "integer", minimum=1, maximum=100),
    Option("colorspace", "enum", possible_values=COLOUR_SPACES),
    Option("flatten_signatures", "boolean", default=False),
)
_ENCRYPT = (
    Option("set_password", "string"),
    Option("set_owner_password", "string"),
    Option("allow_extract", "boolean", default=False),
    Option("allow_accessibility", "boolean", default=True),
    Option("allow_modify", "enum", default="all", possible_values=MODIFY),
    Option("allow_print", "enum", default="full", possible_values=PRINT),
)


class Qpdf(Engine):
    """pikepdf, which is qpdf as a library, with Pillow for the pictures inside."""

    name = "qpdf"
    stands_for = ("3heights", "pdftools", "pdftk", "exiftool")
    label = "qpdf (pikepdf)"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (
        Conversion(PDF, PDF, options=(PAGES, _PASSWORD), rank=20),
        Conversion(PDF, PDF, "merge", joins=True, rank=20),
        Conversion(PDF, (), "optimize", _OPTIMIZE, rank=20),
        Conversion(PDF, (), "watermark", PDF_WATERMARK_OPTIONS, rank=20),
        Conversion(PDF, (), "metadata", rank=40, credits=0),
        Conversion(PDF, (), "metadata/write", (Option("metadata", "dictionary"),), rank=20),
        Conversion(PDF, (), "pdf/encrypt", _ENCRYPT, rank=20),
        Conversion(PDF, (), "pdf/decrypt", (_PASSWORD,), rank=20),
        Conversion(PDF, (), "pdf/split-pages", rank=20),
        Conversion(PDF, (), "pdf/extract-pages", (PAGES,), rank=20),
        Conversion(PDF, (), "pdf/rotate-pages", (PAGES, Option("rotation", "string", default="+90")), rank=20),
    )

    def version(self) -> str | None:
        """The version of the installed pikepdf wheel."""
        try:
            return package_version("pikepdf")
        except PackageNotFoundError:
            return None

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.pdf import facts, optimize, pages, protection, watermark

        rooms = {
            "convert": pages.extract,
            "merge": pages.merge,
            "optimize": optimize.optimize,
            "watermark": watermark.watermark,
            "metadata": facts.metadata,
            "metadata/write": facts.write_metadata,
            "pdf/encrypt": protection.encrypt,
            "pdf/decrypt": protection.decrypt,
            "pdf/split-pages": pages.split,
            "pdf/extract-pages": pages.extract,
            "pdf/rotate-pages": pages.rotate,
        }
        return rooms[work.operation](work)
