"""Typst: PDF from documents that Pandoc reads, needing nothing but Python packages. Text and structure, not the layout."""

from __future__ import annotations

import importlib.metadata
import time

from connector.sandbox.engines import pandoc, programs
from connector.sandbox.engines.base import Conversion, Engine, EngineError, OutputFile, Result, Work
from connector.sandbox.engines.office import paper, scripts

# The formats whose own layout people expect to see again: LibreOffice or Chromium come before this engine there.
_LAID_OUT = ("docx", "docm", "dotx", "odt", "rtf", "html", "htm", "pptx", "csv", "tsv", "txt")
_TEXT = tuple(given for given in pandoc.READERS if given not in _LAID_OUT)
_MARGIN = 25.0
# Our own, not Pandoc's default: that one lets the document's metadata name further Typst code. $...$ is filled in by Pandoc.
_TEMPLATE = """\
#set page(width: %(width).2fmm, height: %(height).2fmm, margin: (%(margins)s), numbering: "1")
#set par(justify: true)
#set table(inset: 6pt, stroke: none)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): set block(breakable: true)
#let horizontalrule = align(center, line(length: 50%%))
$highlighting-definitions$
$if(title)$
#align(center)[#text(size: 1.6em, weight: "bold")[$title$]]
$endif$
$if(subtitle)$
#align(center)[#text(size: 1.2em)[$subtitle$]]
$endif$
$for(author)$
#align(center)[$author$]
$endfor$
$if(date)$
#align(center)[$date$]
$endif$

$body$
"""


class Typst(Engine):
    """Documents to PDF by way of Typst markup."""

    name = "typst"
    stands_for = ("libreoffice", "office", "chrome", "calibre")
    label = "Typst"
    install = 'pip install "cloudconvert-connector[markup]"'
    conversions = (
        Conversion(_TEXT, ("pdf",), options=paper.OPTIONS, rank=45),
        Conversion(_LAID_OUT, ("pdf",), options=paper.OPTIONS, rank=70),
    )

    def version(self) -> str | None:
        """The version of the typst package; None also where Pandoc is missing or too old to write Typst."""
        known = programs.version(pandoc.find(), "--version", pandoc.VERSION)
        if known is None or int(known.split(".")[0]) < 3:
            return None
        try:
            return importlib.metadata.version("typst")
        except importlib.metadata.PackageNotFoundError:
            return None

    def run(self, work: Work) -> Result:
        """Write Typst markup with Pandoc, then compile it with the work folder as the only readable place."""
        deadline = time.monotonic() + work.timeout
        page = paper.page(work.options, _MARGIN)
        markup = work.folder / "document.typ"
        pictures = [scripts.argument(work.folder, "own_content"), "--extract-media=."]
        pandoc.convert(
            [
                *pandoc.reading(work.source, work.folder),
                "--to",
                "typst",
                "--output",
                markup,
                *pictures,
                _template(work, page),
            ],
            work,
            deadline,
        )
        _compile(work)
        if work.source.format in _LAID_OUT:
            work.warn(
                f"The text of {work.source.name} was laid out anew; install LibreOffice (soffice) or Chromium to keep its own layout."
            )
        return Result([OutputFile(work.output())])


def _template(work: Work, page: paper.Page) -> str:
    margins = ", ".join(f"{side}: {page.margins[side]:.2f}mm" for side in paper.SIDES)
    file = work.folder / "template.typst"
    file.write_text(_TEMPLATE % {"width": page.width, "height": page.height, "margins": margins}, "utf-8")
    return f"--template={file}"


def _compile(work: Work) -> None:
    import typst

    packages = work.folder / "packages"
    try:
        typst.compile(
            str(work.folder / "document.typ"),
            output=str(work.output()),
            root=str(work.folder),
            package_path=str(packages),
            package_cache_path=str(packages),
        )
    except typst.TypstError as error:
        raise EngineError(
            "CONVERSION_FAILED", f"Typst could not lay out {work.source.name}: {programs.shortened(str(error))}."
        ) from error
