"""What Ghostscript does: PDF/A, PostScript to PDF and back, and smaller PDF files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from connector.sandbox.engines.base import EngineError, OutputFile, Result, Source, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.common.tool import filled
from connector.sandbox.engines.office import documents
from connector.sandbox.engines.postscript.interpreter import Interpreter

# The profile becomes the output intent, by which readers know the colours that the numbers mean.
_INTENT = """\
[/_objdef {profile} /type /stream /OBJ pdfmark
[{profile} << /N 3 >> /PUT pdfmark
[{profile} (%(icc)s) (r) file /PUT pdfmark
[/_objdef {intent} /type /dict /OBJ pdfmark
[{intent} << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC 61966-2-1)
  /DestOutputProfile {profile} >> /PUT pdfmark
[{Catalog} << /OutputIntents [ {intent} ] >> /PUT pdfmark
"""
_RGB = ("-sColorConversionStrategy=RGB", "-sProcessColorModel=DeviceRGB")
_UNCHANGED = tuple(
    word
    for kind in ("Color", "Gray", "Mono")
    for word in (
        f"-dDownsample{kind}Images=false",
        *(() if kind == "Mono" else (f"-dAutoFilter{kind}Images=false", f"-d{kind}ImageFilter=/FlateEncode")),
    )
)
PROFILES: dict[str, tuple[str, ...]] = {
    "web": ("-dPDFSETTINGS=/ebook", *_RGB),
    "print": ("-dPDFSETTINGS=/printer", "-sColorConversionStrategy=CMYK", "-sProcessColorModel=DeviceCMYK"),
    "archive": _UNCHANGED,
    "max": ("-dPDFSETTINGS=/screen", *_RGB),
}


def archive(work: Work) -> Result:
    """The `pdf/a` operation. Raises EngineError where the result would only claim to be PDF/A."""
    from connector.sandbox.engines.pdf.archival import shortcomings
    from connector.sandbox.engines.pdf.opening import opened

    with opened(work.source):
        pass
    level, path = str(work.options.get("conformance_level") or "3b"), output_path(work)
    arguments = [f"-dPDFA={level[0]}", "-dPDFACompatibilityPolicy=1", *_RGB]
    if level == "1b":
        arguments.append("-dCompatibilityLevel=1.4")
    definition, icc = _definition(work.folder)
    done = Interpreter.of(work).run("pdfwrite", arguments, [definition, work.source.path], path, also=[icc])
    missing = shortcomings(path, level)
    if missing:
        raise EngineError("CONVERSION_FAILED", f"{work.source.name} cannot become PDF/A-{level}: {'; '.join(missing)}.")
    if "not permitted in PDF/A" in done.stderr + done.stdout:
        work.warn(f"Parts of {work.source.name} that PDF/A-{level} does not allow were left out.")
    return one_file(path)


def _definition(folder: Path) -> tuple[Path, Path]:
    """The PostScript that writes the output intent, and the profile that it reads."""
    from connector.sandbox.engines.pdf.srgb import profile

    icc, definition = folder / "srgb.icc", folder / "pdfa.ps"
    icc.write_bytes(profile())
    definition.write_text(_INTENT % {"icc": _quoted(icc)}, "utf-8")
    return definition, icc


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def optimize(work: Work) -> Result:
    """The `optimize` operation. The original comes back where nothing was gained."""
    from connector.sandbox.engines.pdf.opening import opened

    with opened(work.source):
        pass
    path = output_path(work)
    profile = PROFILES[str(work.options.get("profile") or "web")]
    Interpreter.of(work).run("pdfwrite", ["-dDetectDuplicateImages=true", *profile], [work.source.path], path)
    if path.stat().st_size >= work.source.path.stat().st_size:
        shutil.copyfile(work.source.path, path)
    return one_file(path)


def from_postscript(work: Work) -> Result:
    """PostScript to PDF, and by way of it to text and pictures."""
    from connector.sandbox.engines.pdf import rendering

    documents.check(work.source)
    pdf = work.folder / ("output-1.pdf" if work.output_format == "pdf" else "pages.pdf")
    crop = ["-dEPSCrop"] if work.source.format == "eps" else []
    Interpreter.of(work).run("pdfwrite", crop, [work.source.path], pdf)
    pages = replace(work, sources=(Source(pdf, work.source.name, "pdf"),))
    with rendering.document(pages.source):
        pass
    if work.output_format == "pdf":
        return one_file(pdf)
    return rendering.to_text(pages) if work.output_format == "txt" else rendering.to_images(pages)


def to_postscript(work: Work) -> Result:
    """PDF to PostScript: one file of all pages, or one EPS for each."""
    from connector.sandbox.engines.pdf.opening import opened

    password = work.options.get("password")
    with opened(work.source, password) as pdf:
        numbers = page_numbers(work.options.get("pages"), len(pdf.pages))
    arguments = [f"-sPageList={','.join(map(str, numbers))}"] if work.options.get("pages") else []
    if password:
        arguments.append(f"-sPDFPassword={password}")
    return _written(work, arguments, work.source.path)


def picture_to_postscript(work: Work) -> Result:
    """A picture to PostScript, by way of a PDF that has its size."""
    from connector.sandbox.engines.pdf.from_images import to_pdf

    pdf = to_pdf(replace(work, output_format="pdf")).files[0].path
    return _written(work, [], pdf)


def _written(work: Work, arguments: list[str], pdf: Path) -> Result:
    device = "eps2write" if work.output_format == "eps" else "ps2write"
    pattern = "output-%d.eps" if work.output_format == "eps" else f"output-1.{work.output_format}"
    Interpreter.of(work).run(device, arguments, [pdf], work.folder / pattern)
    numbered = (work.output(number) for number in range(1, 100_000))
    files = []
    for path in numbered:
        if not filled(path):
            break
        files.append(OutputFile(path))
    return Result(files)
