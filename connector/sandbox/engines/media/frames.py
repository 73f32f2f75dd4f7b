"""Pictures out of a video: thumbnails, and the animated GIF."""

from __future__ import annotations

from connector.sandbox.engines.base import EngineError, OutputFile, Result
from connector.sandbox.engines.media.arguments import seconds, trimming
from connector.sandbox.engines.media.picture import picture_filters
from connector.sandbox.engines.media.tool import Ffmpeg

_PICTURES = {
    "jpg": ("mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"),
    "png": ("png",),
    "webp": ("libwebp", "-quality", "80"),
}
_GIF_FRAME_RATE = 15.0


def thumbnails(tool: Ffmpeg) -> Result:
    """`count` frames: from `timestamp` on, else spread evenly over the video."""
    work = tool.work
    files = []
    for number, position in enumerate(_positions(tool), 1):
        path = work.output(number)
        filters = picture_filters(work.options, even=False)
        encoder = _PICTURES[work.output_format or "png"]
        shape = ["-vf", ",".join(filters)] if filters else []
        tool.run(
            ["-ss", f"{position:.3f}"],
            ["-map", "0:V:0", "-frames:v", "1", "-update", "1", *shape, "-c:v", *encoder, "-f", "image2", path],
        )
        if not path.exists():
            raise EngineError(
                "INVALID_OPTION",
                f"{work.source.name} has no picture at {position:g} seconds: choose an earlier timestamp.",
            )
        files.append(OutputFile(path))
    return Result(files)


def _positions(tool: Ffmpeg) -> list[float]:
    duration = tool.probe().duration or 0.0
    count = int(str(tool.work.options.get("count") or 1))
    start = seconds(tool.work.options, "timestamp")
    if start is None:
        return [duration * number / (count + 1) for number in range(1, count + 1)]
    return [start + max(0.0, duration - start) * number / count for number in range(count)]


def moving_picture(tool: Ffmpeg) -> Result:
    """An animated GIF with a palette of its own, made in two passes: one pass would keep every frame in memory."""
    options = {**tool.work.options}
    options.setdefault("fps", _GIF_FRAME_RATE)
    scaled = ",".join(picture_filters(options, even=False))
    palette = tool.work.folder / "palette.png"
    trim = trimming(options)
    tool.run(
        trim,
        ["-map", "0:V:0", "-vf", f"{scaled},palettegen=stats_mode=diff", "-frames:v", "1", "-update", "1", palette],
    )
    joined = f"[0:V:0]{scaled}[frames];[frames][1:v]paletteuse=dither=sierra2_4a"
    tool.run(trim, ["-filter_complex", joined, "-loop", "0", "-f", "gif", tool.work.output()], also=[palette])
    return Result([OutputFile(tool.work.output())])
