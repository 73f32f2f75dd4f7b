"""The `command` operation: a person's own FFmpeg arguments, held to /input/ and /output/.

Input files lie at `/input/{task name}/{file name}`; whatever is written to /output/ becomes a file of the task.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path, PurePosixPath

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, OutputFile, Result, Source, Work
from connector.sandbox.engines.media.formats import SAFE_DEMUXERS
from connector.sandbox.engines.media.tool import Ffmpeg, failure

_LONGEST = 20_000
# Single pictures and raw samples are read too: people build videos out of numbered pictures.
_DEMUXERS = f"{SAFE_DEMUXERS},image2,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,rawvideo,s16le,s16be,u8,f32le,srt,webvtt,ass,lavfi"
# A path that begins anywhere in an argument: behind a quote, a colon, an equals sign ... but not the / of 16/9 or iw/2.
_PATH = re.compile(r"(^|[^\w)\]}.])/(?![*\s])|(^|[^\w.])\.\.(/|$)|^~|://")
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
    words = _words(str(work.options.get("arguments") or ""))
    (work.folder / "output").mkdir()
    arguments = _guarded(words, work, probing=program is not ffmpeg.program)
    done = program.run(
        arguments, folder=work.folder, deadline=ffmpeg.deadline, reads=[source.path for source in work.sources]
    )
    capture = bool(work.options.get("capture_output"))
    only_asked = capture and "At least one output file must be specified" in done.stderr
    if done.code and not only_asked:
        raise failure(done, work.sources[0] if work.sources else Source(Path(), "The command", ""))
    files = sorted(path for path in (work.folder / "output").rglob("*") if path.is_file() and not path.is_symlink())
    if not files and not capture:
        raise EngineError(
            "CONVERSION_FAILED", "The command wrote no file: give an output path like /output/result.mp4."
        )
    text = "\n".join(filter(None, (done.stdout, done.stderr))).replace(f"{work.folder}/", "/")
    return Result([OutputFile(path, path.name) for path in files], output=text if capture else None)


def _ffprobe(ffmpeg: Ffmpeg) -> programs.Program:
    path = programs.on_path("ffprobe")
    if path is None:
        raise EngineError(
            "ENGINE_NOT_INSTALLED",
            "ffprobe is not installed, and the Python package brings only ffmpeg: run apt-get install ffmpeg",
        )
    return programs.Program(path, "ffprobe", memory=ffmpeg.program.memory)


def _words(text: str) -> list[str]:
    if len(text) > _LONGEST:
        raise _refused(f"they are longer than {_LONGEST} characters")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise _refused("a quotation mark is not closed") from error
    if not words:
        raise _refused("they are empty")
    return words[1:] if words[0] in ("ffmpeg", "ffprobe") else words


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
        raise _refused(f"{word} may not be used here")
    if before == "-f" and _REFUSED_FORMATS & set(word.lower().split(",")):
        raise _refused(f"the format {word} may not be used here")
    if before == "-i" and not word.startswith("/input/") and not re.fullmatch(r"\w+(=[^/\\]*)?(,[^/\\]*)?", word):
        raise _refused("an input must lie under /input/")


def _real(before: str, word: str, work: Work, *, probing: bool) -> str | Path:
    if re.match(r"/(input|output)/", word) and ".." not in PurePosixPath(word).parts:
        if word.startswith("/output/"):
            return _output(word, work)
        # Anywhere else FFmpeg might take the file for an output and overwrite it.
        if before != "-i" and not probing:
            raise _refused(f"{word} may stand only behind -i")
        return _input(word, work)
    plain = re.sub(r"[\\'\"]", "", word)
    if _PATH.search(plain) or _PROTOCOL.search(plain):
        raise _refused(f"{word[:80]!r} names a file or address outside of /input/ and /output/")
    return word


def _output(word: str, work: Work) -> Path:
    path = work.folder / word.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _input(word: str, work: Work) -> Path:
    """The place of an input, laid out with links the first time that its folder is named."""
    task, _, name = word.removeprefix("/input/").partition("/")
    folder = work.folder / "input" / task
    if not folder.exists():
        folder.mkdir(parents=True)
        for source in work.sources:
            owner, _, plain = source.name.rpartition("/")
            if owner in ("", task):
                (folder / PurePosixPath(plain).name).symlink_to(source.path)
    if "%" not in name and not (folder / name).is_symlink():
        known = ", ".join(sorted({source.name for source in work.sources})) or "none"
        raise _refused(f"there is no {word} (input files: {known})")
    return folder / name


def _refused(reason: str) -> EngineError:
    return EngineError("INVALID_OPTION", f"The arguments were refused: {reason}.")
