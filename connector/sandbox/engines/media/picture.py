"""From the options of a task to FFmpeg's arguments for the picture: codec, quality, size, frame rate, shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connector.sandbox.engines.base import EngineError, Work
from connector.sandbox.engines.media.formats import PRESETS, WITH_CRF, WITH_X264_OPTIONS, Container

Options = Mapping[str, object]

# Most codecs demand even numbers.
EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
_VIDEO_ENCODERS = {
    "copy": ("copy",),
    "x264": ("libx264",),
    "x265": ("libx265",),
    "vp8": ("libvpx", "-b:v", "2M", "-auto-alt-ref", "0"),
    "vp9": ("libvpx-vp9", "-b:v", "0", "-row-mt", "1"),
    "av1": ("libsvtav1",),
    "mpeg1": ("mpeg1video", "-q:v", "3"),
    "mpeg2": ("mpeg2video", "-q:v", "3"),
    "mpeg4": ("mpeg4", "-q:v", "3"),
    "wmv": ("wmv2", "-q:v", "3"),
    "theora": ("libtheora", "-q:v", "7"),
}
_VPX_SPEED = dict(zip(PRESETS, (8, 7, 6, 5, 5, 4, 2, 1, 0), strict=True))
_SVT_SPEED = dict(zip(PRESETS, (12, 11, 10, 9, 9, 8, 6, 5, 4), strict=True))
_CHANGES_PICTURE = ("width", "height", "fps", "aspect_ratio", "crf", "preset", "tune", "profile", "level")
_X265_PROFILES = ("main",)


def video_arguments(container: Container, work: Work, drawn: Sequence[str] = ()) -> list[str]:
    """Codec and filters, `drawn` after the others. Raises EngineError INVALID_OPTION for what does not go together."""
    options = work.options
    codec = _codec(container, options)
    if codec == "copy":
        nothing_to_change(options, "video_codec", _CHANGES_PICTURE)
        if drawn:
            raise EngineError(
                "INVALID_OPTION", "Nothing can be drawn into a picture that is copied: leave out video_codec copy."
            )
        return ["-c:v", "copy"]
    return [*codec_arguments(container, work), "-vf", ",".join([*picture_filters(options, even=True), *drawn])]


def codec_arguments(container: Container, work: Work) -> list[str]:
    """The encoder with its quality; filters are not among them."""
    codec = _codec(container, work.options)
    return [
        "-c:v",
        *_VIDEO_ENCODERS[codec],
        *_pixels(codec, work.options),
        *_quality(codec, work),
        *_tag(codec, container),
    ]


def _codec(container: Container, options: Options) -> str:
    return str(options.get("video_codec") or container.video[0])


def picture_filters(options: Options, *, even: bool) -> list[str]:
    """The filters for size, frame rate and aspect ratio. `even` rounds sizes to even numbers, which most codecs demand."""
    filters = [f"fps={options['fps']}"] if options.get("fps") else []
    filters += _resize(options, even=even)
    ratio = options.get("aspect_ratio")
    if ratio:
        if not re.fullmatch(r"[1-9]\d{0,4}(\.\d+)?[:/][1-9]\d{0,4}", str(ratio)):
            raise EngineError(
                "INVALID_OPTION", f"aspect_ratio is {ratio!r}: write it as width:height, for example 16:9."
            )
        filters.append(f"setdar={str(ratio).replace(':', '/')}")
    return filters


def _resize(options: Options, *, even: bool) -> list[str]:
    step = 2 if even else 1
    width, height = (_rounded(options.get(name), step) for name in ("width", "height"))
    if not width and not height:
        return [EVEN] if even else []
    if not width or not height:
        return [f"scale={_limited(width, 'iw', step, options)}:{_limited(height, 'ih', step, options)}", "setsar=1"]
    if options.get("fit") == "max":
        return [
            f"scale=min({width}\\,iw):min({height}\\,ih):force_original_aspect_ratio=decrease:force_divisible_by={step}",
            "setsar=1",
        ]
    if options.get("fit") == "crop":
        return [f"scale={width}:{height}:force_original_aspect_ratio=increase", f"crop={width}:{height}", "setsar=1"]
    return [f"scale={width}:{height}", "setsar=1"]


def _limited(size: int, original: str, step: int, options: Options) -> str:
    """One side: the given one (with fit max never more than it was), or the one that follows from the other."""
    if not size:
        return f"-{step}"
    return f"trunc(min({size}\\,{original})/{step})*{step}" if options.get("fit") == "max" else str(size)


def _rounded(value: object, step: int) -> int:
    return max(step, value // step * step) if isinstance(value, int) and value else 0


def _pixels(codec: str, options: Options) -> list[str]:
    deep = {"high10": "yuv420p10le", "high422": "yuv422p", "high444": "yuv444p"}
    wanted = deep.get(str(options.get("profile")), "yuv420p") if codec == "x264" else "yuv420p"
    return ["-pix_fmt", wanted]


def _quality(codec: str, work: Work) -> list[str]:
    options = work.options
    if codec not in WITH_CRF:
        _warn_ignored(work, codec, ("crf", "preset", "tune", "profile", "level"))
        return []
    if codec not in WITH_X264_OPTIONS:
        _warn_ignored(work, codec, ("tune", "profile", "level"))
        return [*_crf(codec, options), *_speed(codec, options)]
    arguments = [*_crf(codec, options), *_speed(codec, options)]
    for name, argument in (("tune", "-tune"), ("profile", "-profile:v"), ("level", "-level")):
        if options.get(name):
            arguments += [argument, str(options[name])]
    if codec == "x265":
        _check_x265(options)
        arguments += [
            "-x265-params",
            ":".join(["log-level=error", *([f"level-idc={options['level']}"] if options.get("level") else [])]),
        ]
    return arguments


def _check_x265(options: Options) -> None:
    if options.get("profile") and options["profile"] not in _X265_PROFILES:
        raise EngineError(
            "INVALID_OPTION",
            f"profile {options['profile']} does not exist for x265: choose main or the video_codec x264.",
        )
    if options.get("tune") in ("film", "stillimage"):
        raise EngineError(
            "INVALID_OPTION",
            f"tune {options['tune']} does not exist for x265: choose another one or the video_codec x264.",
        )


def _crf(codec: str, options: Options) -> list[str]:
    value = options.get("crf")
    if value is None:
        return ["-crf", {"vp8": "10", "vp9": "32", "av1": "35", "x265": "28"}.get(codec, "23")]
    if codec in WITH_X264_OPTIONS and isinstance(value, int) and value > 51:
        raise EngineError("INVALID_OPTION", f"crf is {value}: {codec} takes 0 (best) to 51 (smallest).")
    return ["-crf", str(max(4, value) if codec == "vp8" and isinstance(value, int) else value)]


def _speed(codec: str, options: Options) -> list[str]:
    preset = str(options.get("preset") or "medium")
    if codec == "av1":
        return ["-preset", str(_SVT_SPEED[preset])]
    if codec in WITH_X264_OPTIONS:
        return ["-preset", preset]
    speed = _VPX_SPEED[preset]
    return ["-deadline", "realtime" if speed > 5 else "good", "-cpu-used", str(speed)]


def _tag(codec: str, container: Container) -> list[str]:
    """Apple's players open HEVC only under this tag."""
    return ["-tag:v", "hvc1"] if codec == "x265" and container.muxer in ("mp4", "mov") else []


def nothing_to_change(options: Options, codec: str, names: tuple[str, ...]) -> None:
    """Refuse options that would change a stream which is copied."""
    given = [name for name in names if options.get(name) is not None]
    if given:
        raise EngineError(
            "INVALID_OPTION",
            f"{', '.join(given)} cannot change what is copied: leave out {codec} copy or these options.",
        )


def _warn_ignored(work: Work, codec: str, names: tuple[str, ...]) -> None:
    given = [name for name in names if work.options.get(name) is not None]
    if given:
        work.warn(f"{', '.join(given)} has no meaning for the codec {codec} and was not used.")
