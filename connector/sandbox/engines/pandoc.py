"""Pandoc: documents as text with structure, among the markup, office and e-book formats that it reads and writes well."""

from __future__ import annotations

import html
import json
import re
import time
import zipfile
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import Conversion, Engine, EngineError, OutputFile, Result, Source, Work
from connector.sandbox.engines.office import documents, scripts

READERS = {
    # Markdown as people write it: lists and headings need no empty line before them, raw code of other formats is text.
    "md": "markdown+lists_without_preceding_blankline+autolink_bare_uris-blank_before_header-raw_attribute-raw_tex",
    "txt": "html",
    "html": "html",
    "htm": "html",
    "rst": "rst",
    "tex": "latex",
    "docx": "docx",
    "docm": "docx",
    "dotx": "docx",
    "odt": "odt",
    "rtf": "rtf",
    "epub": "epub",
    "fb2": "fb2",
    "pptx": "pptx",
    "org": "org",
    "textile": "textile",
    "ipynb": "ipynb",
    "csv": "csv",
    "tsv": "tsv",
    "adoc": "asciidoc",
}
WRITERS = {
    "md": "gfm+yaml_metadata_block",
    "txt": "plain",
    "html": "html",
    "htm": "html",
    "rst": "rst",
    "tex": "latex",
    "docx": "docx",
    "odt": "odt",
    "rtf": "rtf",
    "epub": "epub",
    "fb2": "fb2",
    "pptx": "pptx",
    "org": "org",
    "ipynb": "ipynb",
    "typ": "typst",
    "adoc": "asciidoc",
}
# Formats that are one text file: pictures inside the input have no place in them.
_WITHOUT_PICTURES = {"md", "rst", "tex", "org", "ipynb", "typ", "adoc"}
# What must be done to a document for certain outputs, by the name of the script.
_SCRIPTS = {"ipynb": ("own_content", "title_as_heading"), "pptx": ("without_divisions",)}
_SAME_FORMAT = {"htm": "html", "docm": "docx", "dotx": "docx"}
VERSION = r"pandoc\S* ([\d.]+)"
_UNREADABLE = {44, 63, 64, 91, 92, 93, 94, 99}
_OUT_OF_MEMORY = {251, -9, 137}


class Pandoc(Engine):
    """Text documents among themselves. Keeps headings, lists, tables, notes and pictures; drops page layout."""

    name = "pandoc"
    stands_for = ("libreoffice", "office", "calibre")
    label = "Pandoc"
    install = 'pip install "cloudconvert-connector[markup]"'
    conversions = tuple(
        Conversion(
            (given,), tuple(wanted for wanted in WRITERS if wanted not in (given, _SAME_FORMAT.get(given))), rank=50
        )
        for given in READERS
    )

    def version(self) -> str | None:
        """What pandoc says about itself, e.g. "3.9"."""
        return programs.version(find(), "--version", VERSION)

    def run(self, work: Work) -> Result:
        """Convert one document into one file."""
        wanted = work.output_format or ""
        arguments = [
            *reading(work.source, work.folder),
            "--to",
            WRITERS[wanted],
            "--output",
            work.output(),
            *_title(work),
        ]
        if wanted in ("html", "htm"):
            arguments.append("--embed-resources")
        arguments += [scripts.argument(work.folder, name) for name in _SCRIPTS.get(wanted, ())]
        convert(arguments, work, time.monotonic() + work.timeout)
        if wanted in _WITHOUT_PICTURES and _has_pictures(work.source.path):
            work.warn(
                f"The pictures of {work.source.name} are left out: a {wanted} file holds text only. Choose html, docx, odt or epub to keep them."
            )
        return Result([OutputFile(work.output())])


def find() -> Path | None:
    """The pandoc of the wheel, else the one on PATH."""
    return programs.in_wheel("pypandoc", "files/pandoc*") or programs.on_path("pandoc")


def reading(source: Source, folder: Path) -> list[str | Path]:
    """The arguments that make pandoc read this input. Plain text is first written as paragraphs into `folder`."""
    documents.check(source)
    path = source.path
    if source.format == "txt":
        path = folder / "text.html"
        path.write_text(_paragraphs(documents.read_text(source.path)), "utf-8")
    return [path, "--from", READERS[source.format]]


def convert(arguments: list[str | Path], work: Work, deadline: float) -> None:
    """Run pandoc without access to files and network other than those named. Raises EngineError with the reason."""
    path = find()
    if path is None:
        raise EngineError("ENGINE_NOT_INSTALLED", f"Pandoc is not installed: run {Pandoc.install}")
    program = programs.Program(path, "Pandoc", memory=programs.GIGABYTE)
    limited = ["--sandbox", "--standalone", "--wrap=preserve", "+RTS", "-M512M", "-RTS"]
    done = program.run([*arguments, *limited], folder=work.folder, deadline=deadline, reads=[work.source.path])
    if done.code:
        raise _failure(done, work.source)
    missing = set(
        re.findall(r"Could not (?:fetch resource|load include file) (\S+?):?(?: |$)", done.stderr, re.MULTILINE)
    )
    if missing:
        work.warn(
            f"{len(missing)} linked file(s) could not be loaded, because conversions run without network: put them inside {work.source.name}."
        )


def _failure(done: programs.Finished, source: Source) -> EngineError:
    if done.code in _OUT_OF_MEMORY or "heap" in done.stderr.lower():
        return EngineError(
            "LIMIT_EXCEEDED", f"{source.name} needs more memory than a conversion may use: split it into smaller files."
        )
    code = "OPEN_FAILED" if done.code in _UNREADABLE else "CONVERSION_FAILED"
    return EngineError(code, f"Pandoc could not convert {source.name}: {_reason(done)}.")


def _reason(done: programs.Finished) -> str:
    """Its error is the first line after the warnings; a trace of the program's own may follow."""
    lines = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith(("[", " "))]
    return programs.shortened(lines[0].removeprefix("pandoc: ")) if lines else done.complaint()


def _has_pictures(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(
            name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".emf", ".wmf"))
            for name in archive.namelist()
        )


def _title(work: Work) -> list[str | Path]:
    """A title for formats that demand one, used only where the document has none."""
    title = Path(work.source.name).stem
    if work.output_format in ("html", "htm"):
        return [f"--variable=pagetitle:{title}"]
    if work.output_format in ("epub", "fb2"):
        defaults = work.folder / "title.yaml"
        defaults.write_text(json.dumps({"title": title}), "utf-8")
        return [f"--metadata-file={defaults}"]
    return []


def _paragraphs(text: str) -> str:
    """Plain text as HTML: paragraphs at empty lines, every line end and every space kept."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").strip("\n"))
    return "".join(f"<p>{'<br>'.join(map(_line, block.split(chr(10))))}</p>\n" for block in blocks)


def _line(line: str) -> str:
    kept = line.expandtabs(4).rstrip()
    return re.sub(
        r"^ | (?= )",
        "\N{NO-BREAK SPACE}",
        html.escape("".join(sign for sign in kept if sign.isprintable()), quote=False),
    )
