"""Smaller PNG and JPG files."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.raster.extras import Extras
from connector.sandbox.engines.raster.frames import Reel
from connector.sandbox.engines.raster.opening import opened

_JPEG_QUALITY = 75
_COLOURS = 256
_WORTH_IT = 0.995
"""Coding a JPEG anew costs a little quality every time: a few bytes are not worth that."""


def optimize(work: Work) -> Result:
    """Try the known ways and keep the smallest file; the original where none is smaller."""
    given = work.options.get("quality")
    quality = int(str(given)) if given is not None else None
    original = work.source.path.read_bytes()
    with opened(work.source) as image:
        attempts = _jpeg(image, quality) if image.format in ("JPEG", "MPO") else _png(image, quality, work.source.name)
        best = min(attempts, key=len, default=original)
    output_path(work).write_bytes(best if len(best) < len(original) * _WORTH_IT else original)
    return one_file(output_path(work))


def _jpeg(image: Image.Image, quality: int | None) -> Iterator[bytes]:
    extras = Extras.of(image)
    always = {
        "optimize": True,
        "progressive": True,
        "exif": extras.exif,
        "icc_profile": extras.icc,
        "dpi": extras.dpi or (0, 0),
    }
    yield _encoded(image, "JPEG", quality=quality or _JPEG_QUALITY, **always)
    if image.format == "JPEG":
        yield _encoded(image, "JPEG", quality="keep", **always)


def _png(image: Image.Image, quality: int | None, name: str) -> Iterator[bytes]:
    if image.format != "PNG" or Reel(image, name).count > 1:
        return
    extras = Extras.of(image)
    always = {"optimize": True, "exif": extras.exif, "icc_profile": extras.icc}
    if extras.dpi:
        always["dpi"] = extras.dpi
    yield _encoded(image, "PNG", **always)
    if quality != 100 and image.mode in ("RGB", "RGBA", "P", "LA"):
        fewer = _fewer_colours(image, max(2, _COLOURS * (quality or 100) // 100), asked=quality is not None)
        if fewer is not None:
            yield _encoded(fewer, "PNG", **always)


def _fewer_colours(image: Image.Image, colours: int, *, asked: bool) -> Image.Image | None:
    """At most that many colours. Soft transparency loses visibly, so it is only touched where a quality was asked for."""
    if not image.has_transparency_data:
        return image.convert("RGB").quantize(colours, Image.Quantize.MEDIANCUT)
    alpha = image.convert("RGBA").getchannel("A")
    if sum(alpha.histogram()[1:255]):
        return image.convert("RGBA").quantize(colours, Image.Quantize.FASTOCTREE) if asked else None
    indexed = image.convert("RGBA").convert("RGB").quantize(min(colours, 255), Image.Quantize.MEDIANCUT)
    # PNG cuts the list of transparent colours off at the end of the palette.
    indexed.putpalette(((indexed.getpalette() or []) + [0] * 768)[:768])
    indexed.paste(255, mask=alpha.point(lambda value: 255 - value))
    indexed.info["transparency"] = 255
    return indexed


def _encoded(image: Image.Image, plugin: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, plugin, **options)
    return buffer.getvalue()
