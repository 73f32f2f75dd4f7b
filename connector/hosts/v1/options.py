"""`converteroptions` of v1 and their counterparts in v2. No I/O here.

Source of the names: the v1 guide, the list in a client of that time, and payloads of public programs. A name that is in
neither table is the same in both versions, or unknown to both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

RENAMED = {
    "page_range": "pages",
    "input_password": "password",
    "embed_font": "embed_fonts",
    "embed_image": "embed_images",
    "strip_metatags": "strip",
    "density": "pixel_density",
    "video_crf": "crf",
    "video_fps": "fps",
    "video_ratio": "aspect_ratio",
    "video_profile": "profile",
    "video_profile_level": "level",
    "trim_from": "trim_start",
    "trim_to": "trim_end",
    "javascript_delay": "wait_time",
}
"""Options that only have another name."""

WITHOUT = {
    "audio_frequency": "",
    "audio_normalize": "",
    "audio_qscale": "use audio_bitrate",
    "authors": "use a job with metadata/write",
    "autocad_version": "",
    "command": "use a job with the operation command",
    "disable_javascript": "",
    "grayscale": "",
    "mergelayers": "",
    "no_images": "",
    "outputprofile": "",
    "resizeenlarge": "pictures are made larger only with resizemode scale",
    "rotate": "",
    "simple_html": "",
    "space_as_offset": "",
    "templating": "",
    "title": "use a job with metadata/write",
    "use_chrome": "web pages are always rendered by Chrome",
    "video_bitrate": "use video_crf",
    "video_qscale": "use video_crf",
}
"""Options that v2 does not have, and what to use instead where there is something."""

_FITS = {"maximum": "max", "max": "max", "scale": "scale", "crop": "crop"}
_CODECS = {
    "video_codec": {"h264": "x264", "h265": "x265", "hevc": "x265", "x264": "x264", "x265": "x265"}
    | {same: same for same in ("copy", "vp8", "vp9", "av1")},
    "audio_codec": {same: same for same in ("copy", "none", "aac", "aac_he_1", "aac_he_2", "opus", "vorbis")},
}
_SIZE = re.compile(r"\s*(\d*)\s*[xX*]\s*(\d*)\s*")

Found = Iterator[tuple[str, Any]]


def options_of(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The options by their v2 names, and for each that is lost its v1 name and a sentence.

    Null and empty values count as not given. Values keep their type; the service's own list decides about that.
    """
    options: dict[str, Any] = {}
    lost: dict[str, str] = {}
    for name, value in given.items():
        if value in (None, ""):
            continue
        try:
            options.update(_counterparts(name, value))
        except ValueError as error:
            lost[name] = str(error)
    return options, lost


def v1_name(v2_name: str, given: Mapping[str, Any]) -> str:
    """The name under which an option was given that has this name in v2."""
    for name, value in given.items():
        if value not in (None, "") and v2_name in dict(_tolerant(name, value)):
            return name
    return v2_name


def _tolerant(name: str, value: Any) -> Found:
    try:
        yield from _counterparts(name, value)
    except ValueError:
        return


def _counterparts(name: str, value: Any) -> Found:
    """Raises ValueError with a sentence where there are none."""
    if name in WITHOUT:
        instead = f": {WITHOUT[name]}" if WITHOUT[name] else ""
        raise ValueError(f"The option {name!r} has no counterpart in API v2 and is left out{instead}.")
    if name in _SPECIAL:
        yield from _SPECIAL[name](name, value)
    else:
        yield RENAMED.get(name, name), value


def _size(name: str, value: Any) -> Found:
    found = _SIZE.fullmatch(str(value))
    if not found or not (found[1] or found[2]):
        raise ValueError(f"The option {name!r} must be a size such as 640x480; it is left out.")
    for side, number in zip(("width", "height"), found.groups(), strict=True):
        if number:
            yield side, int(number)


def _fit(name: str, value: Any) -> Found:
    if str(value).lower() not in _FITS:
        raise ValueError(f"The option {name!r} must be one of maximum, scale, crop; it is left out.")
    yield "fit", _FITS[str(value).lower()]


def _codec(name: str, value: Any) -> Found:
    codec = _CODECS[name].get(str(value).lower())
    if codec is None:
        raise ValueError(f"The option {name!r} cannot be {value} in API v2 and is left out: the output format decides.")
    yield name, codec


def _moment(name: str, value: Any) -> Found:
    """Seconds become hh:mm:ss, which is what v2 takes."""
    text = str(value)
    if text.isascii() and text.isdigit():
        seconds = int(text)
        text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    yield RENAMED[name], text


_SPECIAL: Mapping[str, Callable[[str, Any], Found]] = {
    "resize": _size,
    "video_resolution": _size,
    "resizemode": _fit,
    "video_codec": _codec,
    "audio_codec": _codec,
    "trim_from": _moment,
    "trim_to": _moment,
}
