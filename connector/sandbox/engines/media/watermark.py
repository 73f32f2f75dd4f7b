"""A text or a picture stamped onto every frame of a video. The sound is taken over as it is."""

from __future__ import annotations

from connector.sandbox.engines.base import EngineError, OutputFile, Result
from connector.sandbox.engines.common.outputs import output_path
from connector.sandbox.engines.common.stamp import Stamp
from connector.sandbox.engines.media.formats import CONTAINERS
from connector.sandbox.engines.media.picture import EVEN, codec_arguments
from connector.sandbox.engines.media.tool import Ffmpeg


def watermark(tool: Ffmpeg) -> Result:
    """The `watermark` operation; the stamp is `text`, or the second source where there is one."""
    from connector.sandbox.engines.raster.watermark import layer

    work = tool.work
    stamp = Stamp.of(work.options, with_image=len(work.sources) > 1)
    if stamp.below:
        work.warn("A video has no layer below its picture; the watermark was put above it.")
    picture, path = work.folder / "stamp.png", output_path(work)
    layer(work, stamp, _size(tool)).save(picture)
    container = CONTAINERS[work.source.format]
    drawn = f"[0:V:0][1:v]overlay=0:0:format=auto,{EVEN}[stamped]"
    video = ["-filter_complex", drawn, "-map", "[stamped]", *codec_arguments(container, work)]
    rest = ["-map", "0:a?", "-c:a", "copy", *_subtitles(container.subtitles), "-dn", "-f", container.muxer]
    tool.run([], [*video, *rest, *container.extra, path], also=[picture])
    return Result([OutputFile(path)])


def _subtitles(codec: str | None) -> list[str]:
    return ["-map", "0:s?", "-c:s", codec] if codec else ["-sn"]


def _size(tool: Ffmpeg) -> tuple[int, int]:
    """Width and height as the video is seen: it may be stored lying on its side."""
    from PIL import Image

    frame = tool.work.folder / "frame.png"
    tool.run([], ["-map", "0:V:0", "-frames:v", "1", "-update", "1", "-c:v", "png", "-f", "image2", frame])
    if not frame.exists():
        raise EngineError("OPEN_FAILED", f"{tool.work.source.name} has no picture to put a watermark on.")
    with Image.open(frame) as image:
        return image.size
