"""PDF pages as pictures and as text, by PDFium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PIL import Image

from connector.sandbox.engines.base import EngineError, OutputFile, Result, Source, Work
from connector.sandbox.engines.common.geometry import Fitted, Sizing, check_area
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.raster.convert import count_of
from connector.sandbox.engines.raster.extras import Extras
from connector.sandbox.engines.raster.saving import Writer

DENSITY = 150
_THUMBNAIL = Sizing(256, 256)
_PASSWORD, _SECURITY = "PASSWORD", "SECURITY"


@contextmanager
def document(source: Source, password: object = None) -> Iterator[pypdfium2.PdfDocument]:
    """An opened PDF with at least one page. Raises EngineError OPEN_FAILED or INVALID_PASSWORD."""
    try:
        pdf = pypdfium2.PdfDocument(source.path, password=str(password) if password else None)
    except pypdfium2.PdfiumError as error:
        raise _refused(source, error, bool(password)) from error
    try:
        if len(pdf) == 0:
            raise EngineError("OPEN_FAILED", f'"{source.name}" has no pages. Check that the file is a complete PDF.')
        pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


def to_images(work: Work) -> Result:
    """One picture per page; tif and tiff hold all pages in one file."""
    density = int(str(work.options.get("pixel_density") or DENSITY))
    quality = work.options.get("quality")
    writer = Writer(
        work.output_format or "png", Extras(dpi=_kept_density(work, density)), int(str(quality)) if quality else None
    )
    with document(work.source, work.options.get("password")) as pdf:
        numbers = page_numbers(work.options.get("pages"), len(pdf))
        pictures = (_rendered(pdf, number, Sizing.of(work.options), density, work.source) for number in numbers)
        if writer.target.plugin == "TIFF":
            writer.write_all(pictures, work.output(), None)
            return one_file(work.output())
        return _each(work, writer, pictures)


def to_text(work: Work) -> Result:
    """The text of the pages, a form feed between two of them."""
    with document(work.source, work.options.get("password")) as pdf:
        numbers = page_numbers(work.options.get("pages"), len(pdf))
        pages = [_text(pdf, number, work.source) for number in numbers]
    if not any(page.strip() for page in pages):
        work.warn(f'"{work.source.name}" contains no text, only pictures of it perhaps. Use pdf/ocr to recognise it.')
    work.output().write_text("\f".join(pages), encoding="utf-8", newline="\n")
    return one_file(work.output())


def thumbnails(work: Work) -> Result:
    """The first `count` pages, 256 points wide or high unless a size is given."""
    sizing = Sizing.of(work.options)
    with document(work.source) as pdf:
        numbers = range(1, min(count_of(work), len(pdf)) + 1)
        pictures = (
            _rendered(pdf, number, sizing if sizing.wanted else _THUMBNAIL, DENSITY, work.source) for number in numbers
        )
        return _each(work, Writer(work.output_format or "png"), pictures)


def _each(work: Work, writer: Writer, pictures: Iterator[Image.Image]) -> Result:
    result = Result()
    for number, picture in enumerate(pictures, start=1):
        writer.write(picture, work.output(number))
        result.files.append(OutputFile(work.output(number)))
    return result


def _rendered(pdf: pypdfium2.PdfDocument, number: int, sizing: Sizing, density: int, source: Source) -> Image.Image:
    page = _page(pdf, number, source)
    try:
        width, height = page.get_size()
        # A page is not made of pixels: a wished size is taken from its exact proportions, at any density.
        pixels_per_point = 1000 if sizing.wanted else density / 72
        natural = max(1, round(width * pixels_per_point)), max(1, round(height * pixels_per_point))
        fitted = sizing.apply(natural)
        check_area(fitted.size)
        picture: Image.Image = (
            page.render(scale=_scale(fitted, width, height), may_draw_forms=True).to_pil().convert("RGB")
        )
    finally:
        page.close()
    if picture.size != fitted.size:
        picture = picture.resize(fitted.size, Image.Resampling.LANCZOS)
    return picture.crop(fitted.crop) if fitted.crop else picture


def _scale(fitted: Fitted, width: float, height: float) -> float:
    return max(fitted.size[0] / max(width, 0.01), fitted.size[1] / max(height, 0.01))


def _text(pdf: pypdfium2.PdfDocument, number: int, source: Source) -> str:
    page = _page(pdf, number, source)
    try:
        text = str(page.get_textpage().get_text_range())
    finally:
        page.close()
    return text.replace("\r\n", "\n").replace("\x02", "-").rstrip() + "\n"


def _page(pdf: pypdfium2.PdfDocument, number: int, source: Source) -> pypdfium2.PdfPage:
    try:
        return pdf[number - 1]
    except pypdfium2.PdfiumError as error:
        raise EngineError("OPEN_FAILED", f'Page {number} of "{source.name}" is damaged and cannot be read.') from error


def _kept_density(work: Work, density: int) -> tuple[float, float] | None:
    return None if Sizing.of(work.options).wanted else (density, density)


def _refused(source: Source, error: pypdfium2.PdfiumError, given: bool) -> EngineError:
    if _PASSWORD in str(error).upper():
        hint = (
            "The password does not fit." if given else 'It is protected: give its "password", or use pdf/decrypt first.'
        )
        return EngineError("INVALID_PASSWORD", f'"{source.name}" cannot be opened. {hint}')
    if _SECURITY in str(error).upper():
        return EngineError(
            "OPEN_FAILED", f'"{source.name}" uses a protection that is not supported. Remove it and try again.'
        )
    return EngineError(
        "OPEN_FAILED", f'"{source.name}" is damaged or no PDF and cannot be read. Export it again and retry.'
    )
