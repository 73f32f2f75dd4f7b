"""What FFmpeg says about a file: read from the text of `ffmpeg -i`, because the wheel brings no ffprobe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from connector.sandbox import formats
from connector.sandbox.engines.base import Source
from connector.sandbox.engines.common.facts import file_facts

_CHANNELS = {
    "mono": 1,
    "stereo": 2,
    "2.1": 3,
    "quad": 4,
    "4.0": 4,
    "5.0": 5,
    "5.1": 6,
    "5.1(side)": 6,
    "6.1": 7,
    "7.1": 8,
}
# What people write into media files, under exiftool's names; the rest are the muxers' own notes.
_TAGS = {
    "title": "Title",
    "artist": "Artist",
    "album": "Album",
    "album_artist": "AlbumArtist",
    "comment": "Comment",
    "composer": "Composer",
    "copyright": "Copyright",
    "creation_time": "CreateDate",
    "date": "Year",
    "description": "Description",
    "encoder": "Encoder",
    "genre": "Genre",
    "publisher": "Publisher",
    "track": "TrackNumber",
}
_MIME_TYPES = {
    **dict.fromkeys(("3gp", "3gpp"), "video/3gpp"),
    **dict.fromkeys(("ts", "mts", "m2ts"), "video/mp2t"),
    **dict.fromkeys(("mod", "vob"), "video/mpeg"),
    "3g2": "video/3gpp2",
    "ac3": "audio/ac3",
    "amr": "audio/amr",
    "caf": "audio/x-caf",
    "dv": "video/x-dv",
    "m4b": "audio/mp4",
    "m4v": "video/x-m4v",
    "mxf": "application/mxf",
    "rm": "application/vnd.rn-realmedia",
    "voc": "audio/x-voc",
    "wtv": "video/x-ms-wtv",
}


@dataclass(frozen=True)
class Media:
    """The facts of a media file; None where it has no such stream or does not say. `duration` is in seconds, `bitrate` in kbit/s."""

    duration: float | None = None
    bitrate: int | None = None
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    audio_codec: str | None = None
    sample_rate: int | None = None
    channels: int | None = None
    tags: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Media:
    """Read the description of the first input."""
    length = re.search(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    video = re.search(r"Stream #0:\d+.*?: Video: (.*)", text)
    audio = re.search(r"Stream #0:\d+.*?: Audio: (.*)", text)
    return Media(
        duration=int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3]) if length else None,
        bitrate=_number(r"Duration: .*bitrate: (\d+) kb/s", text),
        tags=_tags(text),
        **(_video(video[1]) if video else {}),  # type: ignore[arg-type]
        **(_audio(audio[1]) if audio else {}),  # type: ignore[arg-type]
    )


def metadata(source: Source, media: Media) -> dict[str, object]:
    """The facts under exiftool's names."""
    facts = file_facts(
        source,
        source.format.upper(),
        source.format,
        _MIME_TYPES.get(source.format) or formats.mime_type(f"x.{source.format}"),
    )
    found = {
        "Duration": _duration(media.duration),
        "ImageWidth": media.width,
        "ImageHeight": media.height,
        "ImageSize": f"{media.width}x{media.height}" if media.width else None,
        "VideoFrameRate": media.frame_rate,
        "VideoCodec": media.video_codec,
        "AudioCodec": media.audio_codec,
        "AudioSampleRate": media.sample_rate,
        "AudioChannels": media.channels,
        "AvgBitrate": f"{media.bitrate} kbps" if media.bitrate else None,
        **media.tags,
    }
    return facts | {name: value for name, value in found.items() if value is not None}


def _video(line: str) -> dict[str, object]:
    size = re.search(r"\b(\d{1,5})x(\d{1,5})\b", line)
    rate = re.search(r" ([\d.]+) fps", line)
    return {
        "video_codec": re.split(r"[ ,]", line, maxsplit=1)[0],
        "width": int(size[1]) if size else None,
        "height": int(size[2]) if size else None,
        "frame_rate": float(rate[1]) if rate else None,
    }


def _audio(line: str) -> dict[str, object]:
    layout = re.search(r"\d+ Hz, ([^,]+)", line)
    counted = re.match(r"(\d+) channels", layout[1]) if layout else None
    channels = int(counted[1]) if counted else _CHANNELS.get(layout[1].strip()) if layout else None
    return {
        "audio_codec": re.split(r"[ ,]", line, maxsplit=1)[0],
        "sample_rate": _number(r"(\d+) Hz", line),
        "channels": channels,
    }


def _tags(text: str) -> dict[str, str]:
    """The metadata of the file as a whole: what is indented under "Metadata:" before the duration."""
    head = re.search(r"^  Metadata:\n((?: {4}.*\n)+)", text, re.MULTILINE)
    pairs = re.findall(r"^ {4}(\S[^:\n]*?) *: (.*)$", head[1], re.MULTILINE) if head else []
    known = ((_TAGS.get(name.lower()), value.strip()) for name, value in pairs)
    return {name: _date(value) if name == "CreateDate" else value for name, value in known if name}


def _date(value: str) -> str:
    """`2024-05-06T07:08:09.000000Z` as exiftool writes it: `2024:05:06 07:08:09`."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)", value)
    return f"{found[1]}:{found[2]}:{found[3]} {found[4]}" if found else value


def _number(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1]) if found else None


def _duration(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    whole = round(seconds)
    return f"{seconds:.2f} s" if seconds < 30 else f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
