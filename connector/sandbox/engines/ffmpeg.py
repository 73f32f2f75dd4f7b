"""FFmpeg: audio and video among themselves, thumbnails, facts, and the `command` operation."""

from __future__ import annotations

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import Engine, EngineError, OutputFile, Result, Work
from connector.sandbox.engines.media import arguments, commands, formats, frames, probe, subtitles, tool, watermark


class FFmpeg(Engine):
    """Audio and video. The program is called, never linked: its builds are under the GPL."""

    name = "ffmpeg"
    stands_for = ("exiftool",)
    label = "FFmpeg"
    install = tool.INSTALL
    conversions = formats.conversions()

    def version(self) -> str | None:
        """What FFmpeg says about itself, e.g. "7.1"."""
        return programs.version(tool.find(), "-version", r"ffmpeg version n?([\d.]+)")

    def run(self, work: Work) -> Result:
        """Do the operation that the work names."""
        ffmpeg = tool.Ffmpeg.of(work)
        if work.operation == "command":
            return commands.run(ffmpeg)
        if work.operation == "metadata":
            return Result(metadata=probe.metadata(work.source, ffmpeg.probe()))
        if work.operation == "watermark":
            return watermark.watermark(ffmpeg)
        if work.operation == "thumbnail":
            return frames.thumbnails(ffmpeg)
        return frames.moving_picture(ffmpeg) if work.output_format == "gif" else _convert(ffmpeg)


def _convert(ffmpeg: tool.Ffmpeg) -> Result:
    work = ffmpeg.work
    texts, trim = subtitles.files(work), arguments.trimming(work.options)
    # What is drawn into the picture is read by a filter, not as an input.
    tracks = texts if work.options.get("subtitles_mode") == "soft" else []
    done = ffmpeg.run(trim, [*arguments.encoding(work, texts), work.output()], also=tracks, before_each=trim)
    if not work.output().exists() or "Output file is empty" in done.stderr:
        raise EngineError("INVALID_OPTION", f"Nothing of {work.source.name} is left: trim_start lies behind its end.")
    return Result([OutputFile(work.output())])
