"""Subtitles of a video: left out, kept, added as tracks that can be switched on, or drawn into the picture.

Files with subtitles are the sources after the first; without any, those inside the video are meant.
"""

from __future__ import annotations

from pathlib import Path

from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.media.formats import Container

_FORMATS = ("srt", "ass", "ssa", "vtt")


def files(work: Work) -> list[Path]:
    """The files with subtitles, as UTF-8 in the work folder. Raises EngineError INVALID_OPTION for other formats."""
    return [_copied(source, number, work.folder) for number, source in enumerate(work.sources[1:], start=1)]


def track_arguments(container: Container, work: Work, added: int) -> list[str]:
    """The mapping of the tracks: `added` inputs follow the video."""
    mode = str(work.options.get("subtitles_mode") or "none")
    if mode in ("none", "hard") or not container.subtitles:
        return ["-sn"]
    if mode == "soft" and added:
        tracks = [part for number in range(1, added + 1) for part in ("-map", f"{number}:s")]
        # Copying would keep a format that not every container holds.
        return [*tracks, "-c:s", "srt" if container.subtitles == "copy" else container.subtitles]
    return ["-map", "0:s?", "-c:s", container.subtitles]


def drawing(work: Work, texts: list[Path], start: float) -> list[str]:
    """The filters that draw them into the picture, whose clock was set to 0 at `start` seconds; [] where not asked for."""
    if work.options.get("subtitles_mode") != "hard":
        return []
    names = [path.name for path in texts] or [_inside(work)]
    drawn = [f"subtitles={name}" for name in names]
    return [f"setpts=PTS+{start}/TB", *drawn, "setpts=PTS-STARTPTS"] if start else drawn


def _inside(work: Work) -> str:
    """A name for the video itself that needs no quoting in a filter."""
    link = work.folder / f"video.{work.source.format}"
    if not link.is_symlink():
        link.symlink_to(work.source.path)
    return link.name


def _copied(source: Source, number: int, folder: Path) -> Path:
    from connector.sandbox.engines.office.documents import read_text

    if source.format not in _FORMATS:
        raise EngineError(
            "INVALID_OPTION", f"{source.name} holds no subtitles: give files of these formats: {', '.join(_FORMATS)}."
        )
    path = folder / f"subtitles-{number}.{source.format}"
    path.write_text(read_text(source.path), "utf-8")
    return path
