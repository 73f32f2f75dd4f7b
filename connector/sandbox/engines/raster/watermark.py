"""A text or a picture stamped onto pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PIL import Image

from connector.sandbox.engines.base import EngineError, Result, Source, Work
from connector.sandbox.engines.common.geometry import check_area
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.common.stamp import Stamp, turned_size
from connector.sandbox.engines.raster.convert import writer_for
from connector.sandbox.engines.raster.frames import Reel, turned
from connector.sandbox.engines.raster.lettering import font, lettered
from connector.sandbox.engines.raster.opening import opened
from connector.sandbox.engines.raster.targets import TARGETS

_HIGH_QUALITY = {"JPEG": 92, "WEBP": 90, "AVIF": 85}


def watermark(work: Work) -> Result:
    """Stamp every frame. The stamp is `text`, or the second source where there is one."""
    stamp = Stamp.of(work.options, with_image=len(work.sources) > 1)
    with opened(work.source) as image:
        reel, path = Reel(image, work.source.name), output_path(work)
        writer = writer_for(work, image)
        writer = type(writer)(writer.output_format, writer.extras, _HIGH_QUALITY.get(writer.target.plugin))
        frames = _stamped(work, stamp, reel.frames())
        if reel.count == 1 or not TARGETS[work.source.format].frames:
            writer.write(next(frames), path)
        else:
            reel.check_held(image.size)
            writer.write_all(frames, path, None if reel.is_pages else reel.timing())
    return one_file(path)


def stamp_picture(source: Source) -> Image.Image:
    """The picture to stamp with, upright, as RGBA."""
    with opened(source) as image:
        return turned(image).convert("RGBA")


def text_picture(stamp: Stamp, area: tuple[float, float], work: Work, scale: float = 1.0) -> Image.Image:
    """The stamp's text as a picture of its own; `scale` pixels to a unit of `area`."""
    probe, exact = font(stamp.font_name, 100, stamp.text)
    if not exact:
        work.warn(f'The font "{stamp.font_name}" is not installed; another one was used.')
    size = stamp.scaled_font(lettered(stamp.text, probe, stamp.colour, stamp.font_align).width / 100, area) * scale
    check_area((round(size * max(map(len, stamp.text.splitlines()))), round(size * 1.5 * len(stamp.text.splitlines()))))
    return lettered(stamp.text, font(stamp.font_name, size, stamp.text)[0], stamp.colour, stamp.font_align)


def _stamped(work: Work, stamp: Stamp, frames: Iterator[Image.Image]) -> Iterator[Image.Image]:
    @lru_cache(maxsize=4)
    def layer_of(size: tuple[int, int]) -> Image.Image:
        return layer(work, stamp, size)

    for frame in frames:
        upright = turned(frame)
        picture, above = upright.convert("RGBA"), layer_of(upright.size)
        lower, upper = (above, picture) if stamp.below else (picture, above)
        result = Image.alpha_composite(lower, upper)
        result.info = {key: value for key, value in upright.info.items() if key != "transparency"}
        yield result if upright.has_transparency_data else result.convert("RGB")


def layer(work: Work, stamp: Stamp, area: tuple[int, int]) -> Image.Image:
    """A transparent picture of the size of `area` with nothing but the stamp on it."""
    picture = _picture(work, stamp, area)
    alpha = picture.getchannel("A").point(lambda value: value * stamp.opacity)
    picture.putalpha(alpha)
    x, y = stamp.centre(picture.size, area)
    check_area(
        (round(turned_size(picture.size, stamp.rotation)[0]), round(turned_size(picture.size, stamp.rotation)[1]))
    )
    # Pillow turns counter-clockwise.
    picture = picture.rotate(-stamp.rotation, Image.Resampling.BICUBIC, expand=True) if stamp.rotation else picture
    layer = Image.new("RGBA", area, (0, 0, 0, 0))
    layer.paste(picture, (round(x - picture.width / 2), round(y - picture.height / 2)))
    return layer


def _picture(work: Work, stamp: Stamp, area: tuple[int, int]) -> Image.Image:
    if len(work.sources) < 2:
        return text_picture(stamp, area, work)
    if work.sources[1].format in ("svg", "svgz"):
        raise EngineError("OPEN_FAILED", "An SVG cannot be stamped here. Convert the watermark image to PNG first.")
    picture = stamp_picture(work.sources[1])
    width, height = stamp.scaled_image(picture.size, area)
    size = max(1, round(width)), max(1, round(height))
    check_area(size)
    return picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture
