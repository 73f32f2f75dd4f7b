"""A text or a picture stamped onto PDF pages."""

from __future__ import annotations

import math
from functools import lru_cache

from pikepdf import Dictionary, Name, Page, Pdf, Stream

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.common.stamp import Stamp
from connector.sandbox.engines.pdf.lettering import is_writable, standard_font, text_form
from connector.sandbox.engines.pdf.opening import opened, save
from connector.sandbox.engines.pdf.xobjects import image_xobject
from connector.sandbox.engines.raster.watermark import stamp_picture, text_picture

_PIXELS_PER_POINT = 4.0

Area = tuple[float, float]
Drawing = tuple[Stream, Area, bool]
"""An XObject, its width and height in points, and whether it is a picture (of 1 x 1) rather than a form."""


def watermark(work: Work) -> Result:
    """Stamp the pages in `pages`, all by default. The stamp is `text`, or the second source where there is one."""
    stamp = Stamp.of(work.options, with_image=len(work.sources) > 1)
    with opened(work.source) as pdf:
        brush = _Brush(work, stamp, pdf)
        for number in sorted(set(page_numbers(work.options.get("pages"), len(pdf.pages)))):
            brush.stamp_page(pdf.pages[number - 1])
        save(pdf, output_path(work))
    return one_file(output_path(work))


class _Brush:
    """Draws one stamp on many pages; pages of the same size share it."""

    def __init__(self, work: Work, stamp: Stamp, pdf: Pdf) -> None:
        self._work, self._stamp, self._pdf = work, stamp, pdf
        self._state = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=stamp.opacity, CA=stamp.opacity))
        self._drawing = lru_cache(maxsize=50)(self._draw)

    def stamp_page(self, page: Page) -> None:
        """Add the stamp above or below what is there."""
        left, bottom, right, top = (float(value) for value in page.cropbox)
        left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
        turn = int(page.rotation) % 360
        width, height = right - left, top - bottom
        area = (height, width) if turn in (90, 270) else (width, height)
        xobject, size, is_picture = self._drawing((round(area[0], 1), round(area[1], 1)))
        x, y = self._stamp.centre(size, area)
        centre = _in_page(turn, (x, area[1] - y), (left, bottom, width, height))
        name = page.add_resource(xobject, Name.XObject, prefix="Stamp")
        state = page.add_resource(self._state, Name.ExtGState, prefix="StampState")
        matrix = _matrix(turn - self._stamp.rotation, centre, size, is_picture)
        self._add(page, f"q {state} gs {matrix} cm {name} Do Q".encode())

    def _add(self, page: Page, drawing: bytes) -> None:
        if self._stamp.below:
            page.contents_add(drawing + b"\n", prepend=True)
            return
        # The page may leave its own scale and clipping behind; a stamp must not be drawn in those.
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + drawing)

    def _draw(self, area: Area) -> Drawing:
        if len(self._work.sources) > 1:
            picture = stamp_picture(self._work.sources[1])
            return image_xobject(self._pdf, picture), self._stamp.scaled_image(picture.size, area), True
        if not is_writable(self._stamp.text):
            picture = text_picture(self._stamp, area, self._work, _PIXELS_PER_POINT)
            return (
                image_xobject(self._pdf, picture),
                (picture.width / _PIXELS_PER_POINT, picture.height / _PIXELS_PER_POINT),
                True,
            )
        font, exact = standard_font(self._stamp.font_name)
        if not exact:
            self._work.warn(f'The font "{self._stamp.font_name}" is not available in PDF files here; {font} was used.')
        form, size = text_form(self._pdf, self._stamp, font, area)
        return form, size, False


def _in_page(turn: int, point: Area, box: tuple[float, float, float, float]) -> Area:
    """A point of the page as it is seen (from its lower left corner), in the page's own coordinates."""
    x, y = point
    left, bottom, width, height = box
    return {
        0: (left + x, bottom + y),
        90: (left + width - y, bottom + x),
        180: (left + width - x, bottom + height - y),
        270: (left + y, bottom + height - x),
    }[turn]


def _matrix(degrees: float, centre: Area, size: Area, is_picture: bool) -> str:
    """The `cm` operands that turn a drawing counter-clockwise around its middle and lay that on `centre`."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, up = size[0] / 2, size[1] / 2
    x = centre[0] - across * cosine + up * sine
    y = centre[1] - across * sine - up * cosine
    width, height = size if is_picture else (1.0, 1.0)
    values = (cosine * width, sine * width, -sine * height, cosine * height, x, y)
    return " ".join(f"{value:.5f}" for value in values)
