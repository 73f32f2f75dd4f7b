"""From the options of a task to FFmpeg's arguments: times, sound and subtitles. Nothing here runs anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from connector.sandbox.engines.base import EngineError, Work
from connector.sandbox.engines.media import subtitles
from connector.sandbox.engines.media.formats import CONTAINERS, SAFE_DEMUXERS, WITHOUT_BITRATE, Container
from connector.sandbox.engines.media.picture import Options, nothing_to_change, video_arguments

# Before every input: no network protocols, no playlists that name other files.
INPUT_GUARD = ("-protocol_whitelist", "file,pipe", "-format_whitelist", SAFE_DEMUXERS)

_AUDIO_ENCODERS = {
    "copy": ("copy",),
    "aac": ("aac",),
    "aac_he_1": ("aac",),
    "aac_he_2": ("aac",),
    "ac3": ("ac3",),
    "alac": ("alac",),
    "amr": ("libopencore_amrnb", "-ar", "8000", "-ac", "1", "-b:a", "12.2k"),
    "flac": ("flac",),
    "mp2": ("mp2",),
    "mp3": ("libmp3lame",),
    "opus": ("libopus",),
    "pcm": ("pcm_s16le",),
    "pcm_48k": ("pcm_s16le", "-ar", "48000"),
    "pcm_be": ("pcm_s16be",),
    "vorbis": ("libvorbis",),
    "wma": ("wmav2",),
}
# These encoders know these bitrates (kbit/s) and no others.
_BITRATES = {
    "mp2": (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    "ac3": (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640),
}


def trimming(options: Options) -> list[str]:
    """`-ss` and `-to` before the input. Raises EngineError INVALID_OPTION for what is not a time."""
    start, end = (seconds(options, name) for name in ("trim_start", "trim_end"))
    if start is not None and end is not None and end <= start:
        raise EngineError("INVALID_OPTION", "trim_end must be later than trim_start.")
    return [*(["-ss", f"{start}"] if start else []), *(["-to", f"{end}"] if end is not None else [])]


def seconds(options: Options, name: str) -> float | None:
    """A position given as HH:MM:SS, MM:SS or seconds, with decimals if wanted."""
    given = str(options.get(name) or "").strip()
    if not given:
        return None
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d+)?", given):
        raise EngineError("INVALID_OPTION", f"{name} is {given!r}: write a time as HH:MM:SS, for example 00:01:30.")
    value = 0.0
    for part in given.split(":"):
        value = value * 60 + float(part)
    return value


def encoding(work: Work, texts: Sequence[Path] = ()) -> list[str]:
    """Everything between the inputs and the output file for a conversion to audio or video; `texts` are subtitles."""
    container = CONTAINERS[work.output_format or ""]
    silent = work.options.get("audio_codec") == "none"
    audio = ["-an"] if silent else ["-map", "0:a:0?", *_audio(container, work)]
    return [*_video(container, work, list(texts)), *audio, "-dn", "-f", container.muxer, *container.extra]


def _video(container: Container, work: Work, texts: list[Path]) -> list[str]:
    if not container.video:
        return ["-vn", "-sn"]
    drawn = subtitles.drawing(work, texts, seconds(work.options, "trim_start") or 0.0)
    picture = ["-map", "0:V:0?", *video_arguments(container, work, drawn)]
    return [*picture, *subtitles.track_arguments(container, work, len(texts))]


def _audio(container: Container, work: Work) -> list[str]:
    options = work.options
    codec = str(options.get("audio_codec") or container.audio[0])
    if codec == "copy":
        nothing_to_change(options, "audio_codec", ("audio_channels", "sample_rate"))
        if options.get("volume", 1.0) != 1.0:
            raise EngineError(
                "INVALID_OPTION", "volume cannot change sound that is copied: leave out audio_codec copy or volume."
            )
        return ["-c:a", "copy"]
    if codec.startswith("aac_he"):
        work.warn(f"{codec} is not part of free FFmpeg builds; plain aac was used instead.")
    arguments = ["-c:a", *_AUDIO_ENCODERS[codec], *_bitrate(codec, options)]
    for option, argument in (("audio_channels", "-ac"), ("sample_rate", "-ar")):
        if options.get(option):
            arguments += [argument, str(options[option])]
    filters = [f"volume={options['volume']}"] if options.get("volume", 1.0) != 1.0 else []
    if codec == "vorbis" and not options.get("sample_rate"):
        # At the sample rates of telephones it refuses ordinary bitrates.
        filters.append("aformat=sample_rates=44100|48000")
    return [*arguments, "-af", ",".join(filters)] if filters else arguments


def _bitrate(codec: str, options: Options) -> list[str]:
    wanted = options.get("audio_bitrate")
    if codec in WITHOUT_BITRATE or not isinstance(wanted, int):
        return []
    return ["-b:a", f"{min(_BITRATES.get(codec, (wanted,)), key=lambda known: abs(known - wanted))}k"]
