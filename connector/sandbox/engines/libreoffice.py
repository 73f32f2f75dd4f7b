"""LibreOffice: office documents to PDF, to pictures and among themselves, with their layout."""

from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import Conversion, Engine, EngineError, Option, OutputFile, Result, Source, Work
from connector.sandbox.engines.common.geometry import SIZE_OPTIONS
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.office import documents, filters, soffice

_PDF = (
    PAGES,
    Option("pdf_a", "boolean", default=False),
    Option("optimize_print", "boolean", default=True),
    Option("bookmarks", "boolean", default=False),
)
_MARKUP = (Option("include_markup", "boolean", default=False),)
_SLIDES = (
    Option("output_type", "enum", "slides", ("slides", "notes")),
    Option("hidden_slides", "boolean", default=False),
)
_OWN: dict[filters.Program, tuple[Option, ...]] = {"writer": _MARKUP, "calc": (), "impress": _SLIDES, "draw": ()}
_PICTURES = ("jpg", "png")
_PICTURE = (*SIZE_OPTIONS, Option("pixel_density", "integer", default=150, minimum=10, maximum=2400), PAGES)
# Where another engine makes the cleaner file: Pandoc writes HTML without a page's positions, Chromium shows HTML as browsers do.
_RANK, _LATER = 40, 60


def _declared() -> tuple[Conversion, ...]:
    found = []
    for program, inputs in filters.INPUTS.items():
        pages = tuple(name for name in inputs if name not in ("html", "htm", "svg", "svgz"))
        web = tuple(name for name in inputs if name not in pages)
        for given, rank in ((pages, _RANK), (web, _LATER)):
            if given:
                found += _of_program(program, given, rank)
    found += [Conversion(("pdf",), outputs, rank=_RANK) for outputs in filters.FROM_PDF.values()]
    return (*found, Conversion(filters.INPUTS["impress"], ("txt",), options=(PAGES,), rank=_RANK))


def _of_program(program: filters.Program, given: tuple[str, ...], rank: int) -> list[Conversion]:
    others = tuple(name for name in filters.EXPORTS[program] if name not in ("pdf", "html"))
    html = ("html",) if "html" in filters.EXPORTS[program] else ()
    return [
        Conversion(given, ("pdf",), options=(*_PDF, *_OWN[program]), rank=rank),
        Conversion(given, others, rank=rank),
        Conversion(given, html, rank=_LATER),
        Conversion(given, _PICTURES, options=_PICTURE, rank=rank),
    ]


class LibreOffice(Engine):
    """Writer, Calc, Impress and Draw without their windows."""

    name = "libreoffice"
    stands_for = ("office", "bcl", "pdftron-pdf2word", "pdftron-pdf2powerpoint")
    label = "LibreOffice"
    install = soffice.INSTALL
    conversions = tuple(conversion for conversion in _declared() if conversion.outputs)

    def version(self) -> str | None:
        """What LibreOffice says about itself, e.g. "7.4.7.2"."""
        return programs.version(soffice.find(), "--version", r"LibreOffice ([\d.]+)")

    def run(self, work: Work) -> Result:
        """Convert one document. Pictures and a presentation's text are taken from its PDF, page by page."""
        documents.check(work.source)
        if documents.is_encrypted(work.source.path):
            raise EngineError(
                "INVALID_PASSWORD",
                f"{work.source.name} is protected with a password: remove it in the program that made the file.",
            )
        wanted = work.output_format or ""
        program = filters.program_for(work.source.format, wanted)
        if wanted in _PICTURES or wanted not in filters.EXPORTS[program]:
            return _by_pdf(work, program)
        files = _convert(work, program, wanted)
        return Result([OutputFile(file, _name(work, file) if len(files) > 1 else None) for file in files])


def _convert(work: Work, program: filters.Program, wanted: str) -> list[Path]:
    source = _readable(work)
    text = source.path.read_text("utf-8") if source.format in ("csv", "tsv") else ""
    office = soffice.Office(work.folder, work.timeout)
    export = filters.export_filter(program, wanted, work.options)
    try:
        files = office.convert(source, wanted, export, filters.import_filter(source.format, program, text))
    except EngineError as error:
        if error.code == "CONVERSION_FAILED" and wanted == "pdf" and work.options.get("pages"):
            raise EngineError(
                "INVALID_OPTION", f"{work.source.name} has no pages {work.options['pages']}: ask for pages that it has."
            ) from error
        raise
    if wanted == "txt":
        files[0].write_bytes(files[0].read_bytes().removeprefix(codecs.BOM_UTF8))
    return files


def _readable(work: Work) -> Source:
    """Text in the one encoding that the import filters are told."""
    source = work.source
    if source.format not in ("csv", "tsv", "txt"):
        return source
    path = work.folder / f"text.{source.format}"
    path.write_text(documents.read_text(source.path), "utf-8")
    return replace(source, path=path)


def _by_pdf(work: Work, program: filters.Program) -> Result:
    from connector.sandbox.engines.pdf import rendering

    # The pages are chosen from the finished PDF, not twice.
    whole = replace(work, options={name: value for name, value in work.options.items() if name != "pages"})
    pdf = Source(_convert(whole, program, "pdf")[0], work.source.name, "pdf")
    pages = replace(work, sources=(pdf,))
    return rendering.to_text(pages) if work.output_format == "txt" else rendering.to_images(pages)


def _name(work: Work, file: Path) -> str:
    """A sheet of a workbook: `book-Sheet1.csv`, where LibreOffice called it `1-Sheet1.csv` after the neutral input name."""
    sheet = file.name.removeprefix(work.source.path.stem).lstrip("-")
    return f"{Path(work.source.name).stem}-{sheet}"
