"""The `command` operation with FFmpeg: a person's own arguments, held to /input/ and /output/."""

from __future__ import annotations

import re
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Result, Source, Work
from connector.sandbox.engines.common import command
from connector.sandbox.engines.media.formats import SAFE_DEMUXERS
from connector.sandbox.engines.media.tool import Ffmpeg, failure

# Single pictures and raw samples are read too: people build videos out of numbered pictures.
_DEMUXERS = f"{SAFE_DEMUXERS},image2,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,rawvideo,s16le,s16be,u8,f32le,srt,webvtt,ass,lavfi"
_PROTOCOL = re.compile(
    r"(?i)(^|[=,;|\[\s'\"])(async|cache|concat|concatf|crypto|data|fd|file|ftp|gophers?|hls|https?|ipfs|ipns|md5|mms\w|pipe|rtmp\w*|rtp|sftp|srtp?|subfile|tcp|tee|tls|udp\w*|unix|zmq):"
)
_REFUSED_OPTIONS = (
    "protocol_whitelist",
    "format_whitelist",
    "protocol_blacklist",
    "report",
    "init_hw_device",
    "sdp_file",
)
_REFUSED_FORMATS = {
    "concat",
    "hls",
    "dash",
    "tee",
    "rtp",
    "rtsp",
    "sdp",
    "fbdev",
    "v4l2",
    "video4linux2",
    "x11grab",
    "kmsgrab",
    "alsa",
    "oss",
    "pulse",
    "jack",
    "imf",
}


def run(ffmpeg: Ffmpeg) -> Result:
    """Check and run the arguments. `capture_output` puts what the program prints into the result."""
    work = ffmpeg.work
    program = _ffprobe(ffmpeg) if work.options.get("command") == "ffprobe" else ffmpeg.program
    words = command.words(str(work.options.get("arguments") or ""), "ffmpeg", "ffprobe")
    (work.folder / "output").mkdir()
    arguments = _guarded(words, work, probing=program is not ffmpeg.program)
    done = program.run(
        arguments, folder=work.folder, deadline=ffmpeg.deadline, reads=[source.path for source in work.sources]
    )
    capture = bool(work.options.get("capture_output"))
    only_asked = capture and "At least one output file must be specified" in done.stderr
    if done.code and not only_asked:
        raise failure(done, work.sources[0] if work.sources else Source(Path(), "The command", ""))
    return command.result(work, done)


def _ffprobe(ffmpeg: Ffmpeg) -> programs.Program:
    path = programs.on_path("ffprobe")
    if path is None:
        raise EngineError(
            "ENGINE_NOT_INSTALLED",
            "ffprobe is not installed, and the Python package brings only ffmpeg: run apt-get install ffmpeg",
        )
    return programs.Program(path, "ffprobe", memory=ffmpeg.program.memory)


def _guarded(words: list[str], work: Work, *, probing: bool) -> list[str | Path]:
    """The arguments with real paths, and with the guards in front of every input."""
    guard = ["-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXERS]
    arguments: list[str | Path] = ["-hide_banner", *guard] if probing else ["-hide_banner", "-nostdin", "-y"]
    for before, word in zip(["", *words], words, strict=False):
        _check(before, word, probing=probing)
        if word == "-i" and not probing:
            arguments += guard
        arguments.append(_real(before, word, work, probing=probing))
    return arguments


def _check(before: str, word: str, *, probing: bool) -> None:
    option = word.lstrip("-").partition(":")[0] if word.startswith("-") else ""
    if option in _REFUSED_OPTIONS or word.startswith("-/") or (probing and option == "o"):
        raise command.refused(f"{word} may not be used here")
    if before == "-f" and _REFUSED_FORMATS & set(word.lower().split(",")):
        raise command.refused(f"the format {word} may not be used here")
    if before == "-i" and not word.startswith("/input/") and not re.fullmatch(r"\w+(=[^/\\]*)?(,[^/\\]*)?", word):
        raise command.refused("an input must lie under /input/")


def _real(before: str, word: str, work: Work, *, probing: bool) -> str | Path:
    if command.is_ours(word):
        if word.startswith("/output/"):
            return command.real_output(word, work)
        # Anywhere else FFmpeg might take the file for an output and overwrite it.
        if before != "-i" and not probing:
            raise command.refused(f"{word} may stand only behind -i")
        return command.real_input(word, work)
    if command.leads_outside(word) or _PROTOCOL.search(re.sub(r"[\\'\"]", "", word)):
        raise command.refused(f"{word[:80]!r} names a file or address outside of /input/ and /output/")
    return word
