"""Calibre: electronic books among themselves, and documents to books and back."""

from __future__ import annotations

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import Conversion, Engine, EngineError, OutputFile, Result, Work
from connector.sandbox.engines.common.tool import Tool, filled
from connector.sandbox.engines.office import documents

EBOOK_CONVERT = Tool(
    "Calibre",
    ("ebook-convert",),
    "apt-get install calibre",
    pattern=r"calibre ([\d.]+)",
    # Its PDF engine reserves far more addresses than it uses.
    memory=0,
    file_size=2 * programs.GIGABYTE,
)
_BOOKS = (
    *(
        "azw",
        "azw3",
        "azw4",
        "cbc",
        "cbr",
        "cbz",
        "chm",
        "epub",
        "fb2",
        "htmlz",
        "lit",
        "lrf",
        "mobi",
        "pdb",
        "pml",
        "prc",
    ),
    *("rb", "snb", "tcr", "txtz"),
)
_DOCUMENTS = ("docx", "htm", "html", "odt", "pdf", "rtf", "txt")
_WRITTEN_BOOKS = ("azw3", "epub", "fb2", "htmlz", "lit", "lrf", "mobi", "pdb", "rb", "snb", "tcr", "txtz")
_WRITTEN_DOCUMENTS = ("docx", "pdf", "rtf", "txt")
_QUIET = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}


class Calibre(Engine):
    """Reads books without copy protection only."""

    name = "calibre"
    label = "Calibre"
    install = EBOOK_CONVERT.install
    conversions = (
        Conversion(_BOOKS, (*_WRITTEN_BOOKS, *_WRITTEN_DOCUMENTS), rank=40),
        Conversion(_DOCUMENTS, _WRITTEN_BOOKS, rank=60),
    )

    def version(self) -> str | None:
        """What Calibre says about itself, e.g. "6.13.0"."""
        return EBOOK_CONVERT.version()

    def run(self, work: Work) -> Result:
        """Convert one book."""
        documents.check(work.source)
        settings = {"CALIBRE_CONFIG_DIRECTORY": str(work.folder / "settings"), "CALIBRE_TEMP_DIR": str(work.folder)}
        done = EBOOK_CONVERT.run(work, [work.source.path, work.output()], environment={**_QUIET, **settings})
        if done.code or not filled(work.output()):
            if "DRM" in done.stderr + done.stdout:
                raise EngineError("OPEN_FAILED", f"{work.source.name} is protected against copying and cannot be read.")
            raise EBOOK_CONVERT.failure(done, work.source)
        return Result([OutputFile(work.output())])
