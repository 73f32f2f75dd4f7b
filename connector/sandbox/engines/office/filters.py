"""Which of LibreOffice's programs opens a format, and which export filter each of them has for an output format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from connector.sandbox.engines.base import EngineError

Program = Literal["writer", "calc", "impress", "draw"]

INPUTS: dict[Program, tuple[str, ...]] = {
    "writer": (
        *("doc", "docm", "docx", "dot", "dotx", "odt", "ott", "fodt", "rtf", "txt", "html", "htm"),
        *("abw", "zabw", "hwp", "lwp", "pages", "sdw", "wpd", "wps"),
    ),
    "calc": ("csv", "tsv", "ods", "ots", "fods", "xls", "xlsx", "xlsm", "xlsb", "et", "numbers", "sdc"),
    "impress": ("odp", "otp", "fodp", "pot", "potx", "pps", "ppsx", "ppt", "pptm", "pptx", "dps", "key"),
    "draw": ("odg", "otg", "fodg", "cdr", "cgm", "dxf", "emf", "pub", "sda", "svg", "svgz", "vsd", "vsdx", "wmf"),
}
EXPORTS: dict[Program, dict[str, str]] = {
    "writer": {
        "doc": "MS Word 97",
        "docx": "MS Word 2007 XML",
        "fodt": "OpenDocument Text Flat XML",
        "html": "HTML (StarWriter):EmbedImages",
        "odt": "writer8",
        "pdf": "writer_pdf_Export",
        "rtf": "Rich Text Format",
        "txt": "Text (encoded):UTF8",
    },
    "calc": {
        "csv": "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        "fods": "OpenDocument Spreadsheet Flat XML",
        "html": "HTML (StarCalc):EmbedImages",
        "ods": "calc8",
        "pdf": "calc_pdf_Export",
        "xls": "MS Excel 97",
        "xlsx": "Calc MS Excel 2007 XML",
    },
    "impress": {
        "fodp": "OpenDocument Presentation Flat XML",
        "html": "XHTML Impress File",
        "odp": "impress8",
        "pdf": "impress_pdf_Export",
        "ppt": "MS PowerPoint 97",
        "pptx": "Impress MS PowerPoint 2007 XML",
    },
    "draw": {
        "emf": "draw_emf_Export",
        "eps": "draw_eps_Export",
        "odg": "draw8",
        "pdf": "draw_pdf_Export",
        "svg": "draw_svg_Export",
        "wmf": "draw_wmf_Export",
    },
}
# A PDF is opened as a text of frames, or as slides, by what it shall become.
FROM_PDF: dict[Program, tuple[str, ...]] = {"writer": ("doc", "docx", "odt", "rtf"), "impress": ("odp", "ppt", "pptx")}
_PDF_IMPORT = {"writer": "writer_pdf_import", "impress": "impress_pdf_import"}
# Without these HTML and text would open in a program that cannot save as Word.
_IMPORTS = {"html": "HTML (StarWriter)", "htm": "HTML (StarWriter)", "txt": "Text (encoded):UTF8"}
_SEPARATORS = {"csv": ",;|", "tsv": "\t"}
_PDF_A_2B = 2


def program_for(given: str, wanted: str) -> Program:
    """Which program opens `given` to make `wanted`."""
    if given == "pdf":
        return next(program for program, outputs in FROM_PDF.items() if wanted in outputs)
    return next(program for program, inputs in INPUTS.items() if given in inputs)


def import_filter(given: str, program: Program, text: str = "") -> str | None:
    """The filter that opens the format; None where LibreOffice finds out best. `text` is the content of a csv or tsv."""
    if given == "pdf":
        return _PDF_IMPORT[program]
    if given in _SEPARATORS:
        return f"Text - txt - csv (StarCalc):{ord(_separator(text, _SEPARATORS[given]))},34,76,1"
    return _IMPORTS.get(given)


def export_filter(program: Program, wanted: str, options: Mapping[str, object]) -> str:
    """The filter that writes the format, with the options of a PDF."""
    name = EXPORTS[program][wanted]
    settings = pdf_settings(program, options) if wanted == "pdf" else {}
    return f"{name}:{json.dumps(settings)}" if settings else name


def pdf_settings(program: Program, options: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """LibreOffice's PDF export properties for the options of a task."""
    values: dict[str, object] = {"ExportBookmarks": bool(options.get("bookmarks"))}
    if options.get("pages"):
        values["PageRange"] = _pages(str(options["pages"]))
    if options.get("pdf_a"):
        values["SelectPdfVersion"] = _PDF_A_2B
    if options.get("optimize_print") is False:
        values |= {"Quality": 75, "ReduceImageResolution": True, "MaxImageResolution": 150}
    if program == "writer":
        values["ExportNotesInMargin"] = bool(options.get("include_markup"))
    if program == "impress":
        notes = options.get("output_type") == "notes"
        values |= {
            "ExportHiddenSlides": bool(options.get("hidden_slides")),
            "ExportNotesPages": notes,
            "ExportOnlyNotesPages": notes,
        }
    return {name: {"type": _type(value), "value": str(value).lower()} for name, value in values.items()}


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "long" if isinstance(value, int) else "string"


def _pages(written: str) -> str:
    """`1-3,5,8-` as it is, less the spaces; anything else is refused, because LibreOffice would print everything."""
    pages = written.replace(" ", "")
    parts = pages.split(",")
    if not all(part and part != "-" and part.replace("-", "", 1).isdigit() for part in parts):
        raise EngineError(
            "INVALID_OPTION",
            f"The pages {written[:80]!r} cannot be read: write them like 1-3,5,8- (the first page is 1).",
        )
    return pages


def _separator(text: str, candidates: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(candidates, key=first.count)
