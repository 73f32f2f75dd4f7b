"""Text recognition on the pages of a PDF, and in pictures."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
from pikepdf import Page, Pdf, Rectangle

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.geometry import LARGEST_AREA
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.ocr.tool import Reader
from connector.sandbox.engines.pdf.opening import opened, save
from connector.sandbox.engines.pdf.rendering import document
from connector.sandbox.engines.raster.frames import Reel, turned
from connector.sandbox.engines.raster.modes import adapted
from connector.sandbox.engines.raster.opening import opened as opened_picture

_DENSITY = 300
_LEAST_DENSITY = 70
_LONGEST_SIDE = 16_000
"""Pixels: Tesseract refuses pictures of more than 32,767."""


def recognise(work: Work) -> Result:
    """The `pdf/ocr` operation: every page keeps its looks and gets its text behind them."""
    reader = Reader.of(work)
    path, read, skipped = output_path(work), 0, 0
    with opened(work.source) as pdf, document(work.source) as seen:
        for number, page in enumerate(pdf.pages, start=1):
            if _has_text(seen[number - 1]):
                skipped += 1
                continue
            _recognise_page(work, reader, page, seen[number - 1], number)
            read += 1
        save(pdf, path)
    if skipped:
        rest = "nothing was left to recognise" if not read else "those were left as they are"
        work.warn(f"{skipped} of {read + skipped} pages of {work.source.name} have text already; {rest}.")
    return one_file(path)


def text(work: Work) -> Result:
    """The text in a picture, a form feed between two pages of it."""
    reader, parts = Reader.of(work), []
    with opened_picture(work.source) as image:
        reel = Reel(image, work.source.name)
        for number, frame in enumerate(reel.frames(None if reel.is_pages else 1), start=1):
            picture = work.folder / f"page-{number}.png"
            adapted(turned(frame), ("L", "RGB")).save(picture)
            parts.append(reader.text(picture))
    work.output().write_text("\f".join(parts), "utf-8")
    return one_file(work.output())


def _has_text(page: pypdfium2.PdfPage) -> bool:
    return bool(str(page.get_textpage().get_text_range()).strip())


def _recognise_page(work: Work, reader: Reader, page: Page, seen: pypdfium2.PdfPage, number: int) -> None:
    picture = work.folder / f"page-{number}.png"
    density = _drawn(seen, picture)
    if work.options.get("auto_orient") and (turn := reader.turn(picture)):
        page.rotate(turn, relative=True)
        seen.set_rotation((seen.get_rotation() + turn) % 360)
        density = _drawn(seen, picture)
    _lay(page, reader.layer(picture, density))


def _drawn(page: pypdfium2.PdfPage, picture: Path) -> int:
    """Write the page as a picture; its dots per inch, fewer for enormous pages."""
    width, height = page.get_size()
    most = min(_LONGEST_SIDE / max(width, height, 1), (LARGEST_AREA / max(1.0, width * height)) ** 0.5) * 72
    density = max(1, int(min(_DENSITY, most)))
    page.render(scale=density / 72, may_draw_forms=True).to_pil().convert("L").save(picture)
    return max(density, _LEAST_DENSITY)


def _lay(page: Page, layer: Path) -> None:
    """Put the layer behind the page, exactly over what is seen of it."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    area = Rectangle(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    with Pdf.open(io.BytesIO(layer.read_bytes())) as text_only:
        page.add_underlay(text_only.pages[0], area)
