"""Picture to picture, and picture to thumbnail."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from connector.sandbox.engines.base import OutputFile, Result, Work
from connector.sandbox.engines.common.geometry import Sizing
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.raster.extras import Extras
from connector.sandbox.engines.raster.frames import Reel, resized, turned
from connector.sandbox.engines.raster.opening import opened
from connector.sandbox.engines.raster.saving import Writer

_THUMBNAIL = Sizing(256, 256)


def convert(work: Work) -> Result:
    """The `convert` operation. Animations stay animations where the output can be one; pages become one file each."""
    with opened(work.source) as image:
        writer, reel = writer_for(work, image), Reel(image, work.source.name)
        if reel.count > 1 and not writer.target.frames:
            return _separate(work, writer, reel)
        return _together(work, writer, reel)


def thumbnail(work: Work) -> Result:
    """The `thumbnail` operation: the first `count` frames or pages, 256 pixels wide or high unless a size is given."""
    sizing = Sizing.of(work.options)
    sizing = sizing if sizing.wanted else _THUMBNAIL
    result = Result()
    with opened(work.source) as image:
        writer = Writer(work.output_format or "png")
        for number, frame in enumerate(Reel(image, work.source.name).frames(count_of(work)), start=1):
            writer.write(resized(turned(frame), sizing), work.output(number))
            result.files.append(OutputFile(work.output(number)))
    return result


def count_of(work: Work) -> int:
    """How many thumbnails are wanted, at least one."""
    return max(1, int(str(work.options.get("count") or 1)))


def writer_for(work: Work, image: Image.Image) -> Writer:
    """How the result of this work is written, with what the input carried unless `strip` is set."""
    options = work.options
    density, quality = options.get("pixel_density"), options.get("quality")
    extras = Extras.of(
        image,
        strip=bool(options.get("strip")),
        oriented=_auto_orient(work),
        density=int(str(density)) if density is not None else None,
    )
    return Writer(work.output_format or work.source.format, extras, int(str(quality)) if quality is not None else None)


def changed(work: Work, frames: Iterator[Image.Image]) -> Iterator[Image.Image]:
    """The frames turned upright and brought to size, as the options say."""
    sizing = Sizing.of(work.options)
    for frame in frames:
        yield resized(turned(frame) if _auto_orient(work) else frame, sizing)


def _auto_orient(work: Work) -> bool:
    return bool(work.options.get("auto_orient", True))


def _separate(work: Work, writer: Writer, reel: Reel) -> Result:
    if not reel.is_pages:
        work.warn(
            f'"{work.source.name}" has {reel.count} frames; {work.output_format} can hold one, so the first was taken.'
        )
    result = Result()
    for number, frame in enumerate(changed(work, reel.frames(None if reel.is_pages else 1)), start=1):
        writer.write(frame, work.output(number))
        result.files.append(OutputFile(work.output(number)))
    return result


def _together(work: Work, writer: Writer, reel: Reel) -> Result:
    path = output_path(work)
    frames = changed(work, reel.frames())
    if reel.count == 1:
        writer.write(next(frames), path)
    elif reel.is_pages and writer.target.plugin != "TIFF":
        return _separate(work, writer, reel)
    else:
        reel.check_held(Sizing.of(work.options).apply(reel.image.size).size)
        animation = None if writer.target.plugin == "TIFF" else reel.timing()
        writer.write_all(frames, path, animation)
    return one_file(path)
