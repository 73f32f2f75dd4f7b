"""Pictures to PDF: one page per frame or page, as large as the picture is at its density."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.geometry import Sizing
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.pdf.xobjects import as_jpeg, image_xobject, jpeg_xobject
from connector.sandbox.engines.raster.convert import changed, writer_for
from connector.sandbox.engines.raster.frames import Reel
from connector.sandbox.engines.raster.modes import adapted, to_srgb
from connector.sandbox.engines.raster.opening import opened

_DENSITY = 72.0
_LONGEST_SIDE = 14_400
"""Points: readers do not show longer pages."""


def to_pdf(work: Work) -> Result:
    """Convert a picture. A JPEG that needs no change is taken over as it is; `quality` encodes as JPEG."""
    with opened(work.source) as image, Pdf.new() as pdf:
        writer = writer_for(work, image)
        density = writer.extras.dpi or (_DENSITY, _DENSITY)
        for stream, size in _streams(work, pdf, image, writer.quality):
            _add_page(pdf, stream, size, density)
        _describe(pdf, image, strip=bool(work.options.get("strip")))
        pdf.save(work.output(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return one_file(work.output())


def _streams(work: Work, pdf: Pdf, image: Image.Image, quality: int | None) -> Iterator[tuple[Stream, tuple[int, int]]]:
    if quality is None and _as_it_is(work, image):
        yield jpeg_xobject(pdf, work.source.path.read_bytes(), image.mode, image.size), image.size
        return
    for frame in changed(work, Reel(image, work.source.name).frames()):
        yield _stream(pdf, to_srgb(frame, frame.info.get("icc_profile")), quality or _matching(image)), frame.size


def _stream(pdf: Pdf, frame: Image.Image, quality: int | None) -> Stream:
    if quality is None:
        return image_xobject(pdf, frame)
    flat = adapted(frame, ("L", "RGB"))
    return jpeg_xobject(pdf, as_jpeg(flat, quality), flat.mode, flat.size)


def _matching(image: Image.Image) -> int | None:
    # A turned or scaled photo was lossy before: without loss it would only grow.
    return 90 if image.format in ("JPEG", "MPO", "WEBP", "AVIF") and not image.has_transparency_data else None


def _as_it_is(work: Work, image: Image.Image) -> bool:
    plain = image.format == "JPEG" and image.mode in ("L", "RGB") and not Sizing.of(work.options).wanted
    upright = image.getexif().get(0x0112, 1) == 1 or not work.options.get("auto_orient", True)
    # The file would bring its EXIF with it, and its colour profile would be lost.
    return plain and upright and not work.options.get("strip") and not image.info.get("icc_profile")


def _add_page(pdf: Pdf, stream: Stream, size: tuple[int, int], density: tuple[float, float]) -> None:
    width, height = size[0] * 72 / density[0], size[1] * 72 / density[1]
    shrink = min(1.0, _LONGEST_SIDE / max(width, height))
    page = pdf.add_blank_page(page_size=(max(3.0, width * shrink), max(3.0, height * shrink)))
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(stream)))
    box = page.mediabox
    page.obj.Contents = pdf.make_stream(f"q {float(box[2]):.4f} 0 0 {float(box[3]):.4f} 0 0 cm /Im0 Do Q".encode())


def _describe(pdf: Pdf, image: Image.Image, *, strip: bool) -> None:
    if strip:
        return
    exif = image.getexif()
    for tag, name in ((0x010E, Name.Title), (0x013B, Name.Author)):
        if text := str(exif.get(tag, "")).strip("\0 "):
            pdf.docinfo[name] = text
