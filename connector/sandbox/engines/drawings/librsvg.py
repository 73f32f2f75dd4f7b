"""librsvg's program: SVG to pictures, PDF and PostScript. It loads no file but those in the drawing's own folder."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Result, Work
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.common.tool import Tool, filled
from connector.sandbox.engines.drawings.rendering import DENSITY, damaged, density_for, finished, plain_svg, size_of

RSVG = Tool("librsvg", ("rsvg-convert",), "apt-get install librsvg2-bin", pattern=r"rsvg-convert (?:version )?([\d.]+)")
VECTORS = ("pdf", "ps", "eps")


def convert(work: Work) -> Result:
    """One drawing into one file."""
    drawing = _Drawing(work, plain_svg(work), time.monotonic() + work.timeout)
    if work.output_format in VECTORS:
        path = work.output()
        drawing.write(path, work.output_format, [])
        return one_file(path)
    natural, picture = work.folder / "natural.png", work.folder / "picture.png"
    drawing.write(natural, "png", _density(DENSITY))
    density = density_for(dict(work.options), size_of(natural))
    if density != DENSITY:
        drawing.write(picture, "png", [*_density(DENSITY), "--zoom", f"{density / DENSITY:.6f}"])
    return finished(work, picture if density != DENSITY else natural)


@dataclass
class _Drawing:
    work: Work
    svg: Path
    deadline: float

    def write(self, path: Path, kind: str, arguments: list[str]) -> None:
        done = RSVG.run(
            self.work,
            [*arguments, "--format", kind, "--keep-aspect-ratio", "--output", path, self.svg],
            reads=[],
            deadline=self.deadline,
        )
        if done.code or not filled(path):
            raise _failure(done, self.work)


def _density(value: float) -> list[str]:
    return ["--dpi-x", f"{value:g}", "--dpi-y", f"{value:g}"]


def _failure(done: programs.Finished, work: Work) -> EngineError:
    if re.search(r"dimensions|too large|size limit|no dimensions|out of memory|nomem", done.stderr, re.IGNORECASE):
        return EngineError(
            "LIMIT_EXCEEDED",
            f"{work.source.name} is too large to be drawn: ask for a smaller width, height or density.",
        )
    if re.search(r"XML|parse|not an? SVG|Error reading", done.stderr, re.IGNORECASE):
        return damaged(work.source)
    return RSVG.failure(done, work.source)
