"""Inkscape without its window: drawings of many kinds in, drawings and pictures out."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Result, Work
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.common.tool import Tool, filled
from connector.sandbox.engines.drawings.rendering import DENSITY, damaged, density_for, finished, plain_svg

INKSCAPE = Tool(
    "Inkscape", ("inkscape",), "apt-get install inkscape", pattern=r"Inkscape ([\d.]+)", memory=4 * programs.GIGABYTE
)
DOCUMENTS = ("emf", "eps", "pdf", "ps", "svg", "svgz", "wmf")


def convert(work: Work) -> Result:
    """One drawing, or one page of a PDF, into one file."""
    drawing = _Drawing(work, _readable(work), time.monotonic() + work.timeout)
    if work.output_format in DOCUMENTS:
        drawing.export(work.output(), [f"--export-type={_kind(work)}", *_vector(work)])
        return one_file(work.output())
    natural, picture = work.folder / "natural.png", work.folder / "picture.png"
    drawing.export(natural, ["--export-type=png", f"--export-dpi={DENSITY}"])
    density = density_for(dict(work.options), _size(natural))
    if density != DENSITY:
        drawing.export(picture, ["--export-type=png", f"--export-dpi={density:.4f}"])
    return finished(work, picture if density != DENSITY else natural)


@dataclass
class _Drawing:
    work: Work
    path: Path
    deadline: float

    def export(self, path: Path, arguments: list[str]) -> None:
        page = _page(self.work)
        done = INKSCAPE.run(
            self.work,
            [*page, *arguments, f"--export-filename={path}", self.path],
            deadline=self.deadline,
            # Extensions are Python programs: none of those is started.
            environment={"INKSCAPE_PROFILE_DIR": str(self.work.folder / "profile"), "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        )
        if not filled(path):
            raise _failure(done, self.work)


def _readable(work: Work) -> Path:
    return plain_svg(work) if work.source.format in ("svg", "svgz") else work.source.path


def _kind(work: Work) -> str:
    return "svg" if work.output_format == "svgz" else str(work.output_format)


def _vector(work: Work) -> list[str]:
    arguments = ["--export-text-to-path"] if work.options.get("text_to_path") else []
    return [*arguments, "--export-plain-svg"] if work.output_format in ("svg", "svgz") else arguments


def _page(work: Work) -> list[str]:
    if work.source.format not in ("pdf", "ai"):
        return []
    from connector.sandbox.engines.pdf.opening import opened

    with opened(work.source) as pdf:
        numbers = page_numbers(work.options.get("pages") or "1", len(pdf.pages))
        rest = len(pdf.pages) - 1
    if rest and not work.options.get("pages"):
        work.warn(f"Only the first page of {work.source.name} was taken: choose another one with pages.")
    return [f"--pdf-page={numbers[0]}", "--pdf-poppler"]


def _size(png: Path) -> tuple[float, float]:
    data = png.open("rb").read(24)
    return float(int.from_bytes(data[16:20], "big")), float(int.from_bytes(data[20:24], "big"))


def _failure(done: programs.Finished, work: Work) -> EngineError:
    if re.search(r"doc not loaded|failed to load|Can't open|parser error|cannot be opened", done.stderr, re.IGNORECASE):
        return damaged(work.source)
    return INKSCAPE.failure(done, work.source)
