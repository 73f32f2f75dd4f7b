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
from connector.sandbox.engines.office import documents

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
# These writers fail on a picture that they cannot load, so such pictures become their descriptions first.
_NEEDS_EVERY_PICTURE = {"ipynb"}
_OWN_CONTENT = r"""
local readable = {png = true, jpg = true, jpeg = true, gif = true, svg = true, webp = true}
function Image(image)
  if image.src:match("^data:") then
    local kind, data = pandoc.mediabag.fetch(image.src)
    image.src = pandoc.utils.sha1(data) .. "." .. (kind:match("^image/(%a+)") or "png")
    pandoc.mediabag.insert(image.src, kind, data)
    return image
  end
  if readable[image.src:lower():match("%.(%a+)$")] and pandoc.mediabag.lookup(image.src) then return nil end
  io.stderr:write("[WARNING] Could not fetch resource ", image.src, "\n")
  return image.caption
end
function RawBlock(raw) if raw.format == "typst" then return {} end end
function RawInline(raw) if raw.format == "typst" then return {} end end
"""
# The writer of slides leaves out whole tables and headings that lie inside a division.
_LOSES_DIVISIONS = {"pptx"}
_FLAT = "function Div(division) return division.content end"
_SAME_FORMAT = {"htm": "html", "docm": "docx", "dotx": "docx"}
VERSION = r"pandoc\S* ([\d.]+)"
_UNREADABLE = {44, 63, 64, 91, 92, 93, 94, 99}
_OUT_OF_MEMORY = {251, -9, 137}


class Pandoc(Engine):
    """Text documents among themselves. Keeps headings, lists, tables, notes and pictures; drops page layout."""

    name = "pandoc"
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
        if wanted in _NEEDS_EVERY_PICTURE:
            arguments.append(only_own_content(work.folder))
        if wanted in _LOSES_DIVISIONS:
            arguments.append(_filter(work.folder, "flat", _FLAT))
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


def only_own_content(folder: Path) -> str:
    """The argument that turns pictures from outside or of unusual formats into their descriptions, and drops Typst code."""
    return _filter(folder, "content", _OWN_CONTENT)


def _filter(folder: Path, name: str, script: str) -> str:
    file = folder / f"{name}.lua"
    file.write_text(script, "utf-8")
    return f"--lua-filter={file}"


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
