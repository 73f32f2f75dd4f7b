"""Tables: csv, tsv, json and xlsx among each other, for machines without LibreOffice."""

from __future__ import annotations

import platform

from connector.sandbox.engines.base import Conversion, Engine, Result, Work
from connector.sandbox.engines.common.outputs import one_file


class Sheets(Engine):
    """Values only, of the first sheet; formulas, formats and further sheets need LibreOffice, which wins where it is."""

    name = "sheets"
    stands_for = ("office", "libreoffice")
    label = "Tables (Python)"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (Conversion(("csv", "tsv", "json", "xlsx"), ("csv", "tsv", "json", "xlsx", "html"), rank=70),)

    def version(self) -> str | None:
        """Python's version: the standard library does it."""
        return platform.python_version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.tables.reading import read_rows
        from connector.sandbox.engines.tables.writing import write_rows

        write_rows(read_rows(work.source), work.output(), work.output_format or "csv")
        return one_file(work.output())
