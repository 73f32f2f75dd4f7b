"""FFmpeg itself: finding it, running it on one input, and saying in one sentence why it failed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.media.arguments import INPUT_GUARD
from connector.sandbox.engines.media.probe import Media, parse

INSTALL = 'pip install "cloudconvert-connector[media]"'
_UNREADABLE = re.compile(
    r"Invalid data found|moov atom not found|Format not on whitelist|could not find codec parameters|matches no streams|does not contain any stream|not on the whitelist",
    re.IGNORECASE,
)
_WRONG_CHOICE = re.compile(
    r"not currently supported in container|could not find tag for codec|Could not write header|is not supported by the \w+ encoder"
    r"|encoder setup failed|codec not supported|Subtitle encoding currently only possible|doesn't support|Undefined constant or missing|incompatible",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^(?:\[[^\]]*@[^\]]*\] )*\[(?:error|fatal)\] (.*)", re.MULTILINE)
_SAYS_NOTHING = (
    "Conversion failed!",
    "Error opening output",
    "Error opening input",
    "Task finished with error",
    "Terminating thread",
    "Nothing was written",
)


def find() -> Path | None:
    """The FFmpeg of the wheel, else the one on PATH."""
    return programs.in_wheel("imageio_ffmpeg", "binaries/ffmpeg-*") or programs.on_path("ffmpeg")


@dataclass
class Ffmpeg:
    """FFmpeg for one piece of work; all its calls share the work's deadline."""

    work: Work
    program: programs.Program
    deadline: float

    @classmethod
    def of(cls, work: Work) -> Ffmpeg:
        """Raises EngineError ENGINE_NOT_INSTALLED."""
        path = find()
        if path is None:
            raise EngineError("ENGINE_NOT_INSTALLED", f"FFmpeg is not installed: run {INSTALL}")
        return cls(
            work, programs.Program(path, "FFmpeg", memory=4 * programs.GIGABYTE), time.monotonic() + work.timeout
        )

    def run(
        self,
        before: Sequence[str],
        after: Sequence[str | Path],
        also: Sequence[Path] = (),
        before_each: Sequence[str] = (),
    ) -> programs.Finished:
        """`before` stands in front of the guarded input, `after` behind it, output included; `also` are further inputs."""
        further = [
            part for path in also for part in (*before_each, "-protocol_whitelist", "file,pipe", "-i", str(path))
        ]
        common = ["-hide_banner", "-nostdin", "-y", "-nostats", "-loglevel", "level+warning"]
        source = self.work.source.path
        arguments: list[str | Path] = [*common, *before, *INPUT_GUARD, "-i", source, *further, *after]
        done = self.program.run(arguments, folder=self.work.folder, deadline=self.deadline, reads=[source])
        if done.code:
            raise failure(done, self.work.source)
        return done

    def probe(self) -> Media:
        """The facts of the input. Raises EngineError OPEN_FAILED where FFmpeg cannot read it."""
        arguments: list[str | Path] = ["-hide_banner", "-nostdin", *INPUT_GUARD, "-i", self.work.source.path]
        done = self.program.run(
            arguments, folder=self.work.folder, deadline=self.deadline, reads=[self.work.source.path]
        )
        if "Input #0" not in done.stderr:
            raise EngineError(
                "OPEN_FAILED",
                f"{self.work.source.name} cannot be read as {self.work.source.format}: {done.complaint()}.",
            )
        return parse(done.stderr)


def failure(done: programs.Finished, source: Source) -> EngineError:
    """The error that FFmpeg's words mean."""
    # With -loglevel level+warning the first error is the cause; without it, the last line that says something.
    marked = _ERROR.findall(done.stderr)
    plain = [re.sub(r"^\[[^\]]*\] ", "", line) for line in reversed(done.stderr.splitlines())]
    said = [line.strip() for line in marked or plain if line.strip() and not line.startswith(_SAYS_NOTHING)]
    reason = programs.shortened(said[0]) if said else done.complaint()
    if "Unable to locate subtitle stream" in done.stderr:
        return EngineError(
            "INVALID_OPTION",
            f"{source.name} holds no subtitles to draw: choose another subtitles_mode, or give a file.",
        )
    if "Cannot allocate memory" in done.stderr or "malloc of size" in done.stderr:
        return EngineError(
            "LIMIT_EXCEEDED", f"{source.name} needs more memory than a conversion may use: ask for a smaller picture."
        )
    if re.search(r"No space left on device|File too large", done.stderr):
        return EngineError(
            "OUT_OF_SPACE" if "No space" in done.stderr else "LIMIT_EXCEEDED",
            f"There is no room for what {source.name} becomes: convert a shorter part.",
        )
    if _WRONG_CHOICE.search(done.stderr):
        return EngineError(
            "INVALID_OPTION",
            f"{source.name} does not fit these codec options ({reason}): choose another codec or leave the option out.",
        )
    if _UNREADABLE.search(done.stderr):
        return EngineError(
            "OPEN_FAILED",
            f"{source.name} cannot be converted: it is damaged, or has no sound or picture to take ({reason}).",
        )
    return EngineError("CONVERSION_FAILED", f"FFmpeg could not convert {source.name}: {reason}.")
