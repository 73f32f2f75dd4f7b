"""Inkscape without its window: drawings of many kinds in, drawings and pictures out."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, OutputFile, Result, Work
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.common.tool import Tool, filled
from connector.sandbox.engines.drawings.rendering import DENSITY, damaged, density_for, finished, plain_svg, size_of

INKSCAPE = Tool(
    "Inkscape", ("inkscape",), "apt-get install inkscape", pattern=r"Inkscape ([\d.]+)", memory=4 * programs.GIGABYTE
)
VECTORS = ("emf", "eps", "pdf", "ps", "svg", "wmf")
PAGED = ("ai", "pdf")
_MARKS = {"emf": (b"\x01\0\0\0",), "wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0")}


def convert(work: Work) -> Result:
    """One drawing into one file; of a PDF one file for each page."""
    drawing = _Drawing(work, _readable(work), time.monotonic() + work.timeout)
    result = Result()
    for number, page in enumerate(_pages(work), start=1):
        if work.output_format in VECTORS:
            drawing.export(work.output(number), [*page, f"--export-type={work.output_format}", *_vector(work)])
            result.files.append(OutputFile(work.output(number)))
        else:
            result.files += _picture(drawing, page).files
    return result


@dataclass
class _Drawing:
    work: Work
    path: Path
    deadline: float

    def export(self, path: Path, arguments: list[str]) -> Path:
        done = INKSCAPE.run(
            self.work,
            [*arguments, f"--export-filename={path}", self.path],
            deadline=self.deadline,
            environment={"INKSCAPE_PROFILE_DIR": str(self.work.folder / "profile"), "DISPLAY": ""},
        )
        if not filled(path):
            raise _failure(done, self.work)
        return path


def _picture(drawing: _Drawing, page: list[str]) -> Result:
    folder, options = drawing.work.folder, dict(drawing.work.options)
    png = drawing.export(folder / "natural.png", [*page, "--export-type=png", f"--export-dpi={DENSITY}"])
    density = density_for(options, size_of(png))
    if density != DENSITY:
        png = drawing.export(folder / "picture.png", [*page, "--export-type=png", f"--export-dpi={density:.4f}"])
    return finished(drawing.work, png)


def _readable(work: Work) -> Path:
    if work.source.format in ("svg", "svgz"):
        return plain_svg(work)
    mark = _MARKS.get(work.source.format)
    with work.source.path.open("rb") as file:
        if mark and not file.read(4).startswith(mark):
            raise damaged(work.source)
    return work.source.path


def _vector(work: Work) -> list[str]:
    arguments = ["--export-text-to-path"] if work.options.get("text_to_path") else []
    return [*arguments, "--export-plain-svg"] if work.output_format == "svg" else arguments


def _pages(work: Work) -> list[list[str]]:
    """The arguments for each page that is wanted of a PDF; a drawing has but one."""
    if work.source.format not in PAGED:
        return [[]]
    from connector.sandbox.engines.pdf.opening import opened

    with opened(work.source) as pdf:
        numbers = page_numbers(work.options.get("pages"), len(pdf.pages))
    return [[f"--pdf-page={number}", "--pdf-poppler"] for number in numbers]


def _failure(done: programs.Finished, work: Work) -> EngineError:
    if re.search(r"doc not loaded|failed to load|Can't open|parser error|cannot be opened", done.stderr, re.IGNORECASE):
        return damaged(work.source)
    return INKSCAPE.failure(done, work.source)
