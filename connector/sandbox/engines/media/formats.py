"""What FFmpeg makes: each output format's container, the codecs that fit into it and the options that they take."""

from __future__ import annotations

from dataclasses import dataclass

from connector.sandbox.engines.base import Conversion, Option
from connector.sandbox.engines.common.command import OPTIONS
from connector.sandbox.engines.common.stamp import WATERMARK_OPTIONS

AUDIO_INPUTS = (
    "aac",
    "ac3",
    "aif",
    "aifc",
    "aiff",
    "amr",
    "au",
    "caf",
    "flac",
    "m4a",
    "m4b",
    "mp3",
    "oga",
    "ogg",
    "opus",
    "voc",
    "wav",
    "weba",
    "wma",
)
VIDEO_INPUTS = (
    *("3g2", "3gp", "3gpp", "avi", "dv", "flv", "m2ts", "m4v", "mkv", "mod", "mov", "mp4", "mpeg", "mpg", "mts"),
    *("mxf", "ogv", "rm", "swf", "ts", "vob", "webm", "wmv", "wtv"),
)

# Everything here reads one file and nothing that the file names: no playlists (hls, concat, dash ...), no devices.
SAFE_DEMUXERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,apng,asf,au,avi,caf,dv,eac3,flac,flv,gif,h263,h264,hevc,m4v,matroska,webm,mjpeg,mov,mp4,m4a,3gp,3g2,mj2,"
    "mp3,mpeg,mpegts,mpegvideo,mxf,ogg,rm,swf,voc,w64,wav,wtv,av1,ivf,obu,loas"
)


@dataclass(frozen=True)
class Container:
    """An output format. Codecs go by CloudConvert's names, the default first; `subtitles` is the codec that it carries."""

    muxer: str
    audio: tuple[str, ...]
    video: tuple[str, ...] = ()
    subtitles: str | None = None
    extra: tuple[str, ...] = ()


_FAST_START = ("-movflags", "+faststart")
_MP4 = Container(
    "mp4",
    ("aac", "aac_he_1", "aac_he_2", "mp3", "ac3", "opus"),
    ("x264", "x265", "av1", "vp9"),
    "mov_text",
    _FAST_START,
)
_MPEG_TS = Container("mpegts", ("aac", "mp3", "ac3"), ("x264", "x265", "mpeg2"))
_MPEG = Container("mpeg", ("mp2", "mp3", "ac3"), ("mpeg2", "mpeg1"))
_AIFF = Container("aiff", ("pcm_be",))
_OGA = Container("ogg", ("vorbis", "opus", "flac"))
_3GP = Container("3gp", ("aac", "amr"), ("x264", "mpeg4"))

CONTAINERS = {
    "aac": Container("adts", ("aac",)),
    "ac3": Container("ac3", ("ac3",)),
    "aif": _AIFF,
    "aiff": _AIFF,
    "amr": Container("amr", ("amr",)),
    "au": Container("au", ("pcm_be",)),
    "caf": Container("caf", ("pcm_be",)),
    "flac": Container("flac", ("flac",)),
    "m4a": Container("ipod", ("aac", "aac_he_1", "aac_he_2", "alac"), extra=_FAST_START),
    "m4b": Container("ipod", ("aac", "aac_he_1", "aac_he_2"), extra=_FAST_START),
    "mp3": Container("mp3", ("mp3",)),
    "oga": _OGA,
    "ogg": _OGA,
    "opus": Container("opus", ("opus",)),
    "voc": Container("voc", ("pcm",)),
    "wav": Container("wav", ("pcm",)),
    "weba": Container("webm", ("opus", "vorbis")),
    "wma": Container("asf", ("wma",)),
    "3g2": Container("3g2", ("aac", "amr"), ("x264", "mpeg4")),
    "3gp": _3GP,
    "avi": Container("avi", ("mp3", "ac3", "aac", "pcm"), ("x264", "mpeg4")),
    "flv": Container("flv", ("aac", "mp3"), ("x264",)),
    "m2ts": _MPEG_TS,
    "m4v": _MP4,
    "mkv": Container(
        "matroska",
        ("aac", "opus", "vorbis", "mp3", "ac3", "flac"),
        ("x264", "x265", "av1", "vp9", "vp8", "mpeg4"),
        "copy",
    ),
    "mov": Container("mov", ("aac", "mp3", "ac3", "alac", "pcm"), ("x264", "x265", "mpeg4"), "mov_text", _FAST_START),
    "mp4": _MP4,
    "mpeg": _MPEG,
    "mpg": _MPEG,
    "mts": _MPEG_TS,
    "mxf": Container("mxf", ("pcm_48k",), ("mpeg2",), extra=("-strict", "unofficial")),
    "ogv": Container("ogg", ("vorbis", "opus"), ("theora",)),
    "ts": _MPEG_TS,
    "vob": Container("vob", ("ac3", "mp2"), ("mpeg2",)),
    "webm": Container("webm", ("opus", "vorbis"), ("vp9", "vp8", "av1"), "webvtt"),
    "wmv": Container("asf", ("wma",), ("wmv",)),
}
AUDIO_OUTPUTS = tuple(name for name, container in CONTAINERS.items() if not container.video)
VIDEO_OUTPUTS = tuple(name for name, container in CONTAINERS.items() if container.video)

# Lossless and fixed-rate codecs, which take no bitrate.
WITHOUT_BITRATE = {"pcm", "pcm_be", "pcm_48k", "flac", "alac", "amr"}
# Codecs whose quality is a constant rate factor.
WITH_CRF = {"x264", "x265", "vp8", "vp9", "av1"}
WITH_X264_OPTIONS = {"x264", "x265"}

PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
_SIZE = (Option("width", "integer", minimum=2, maximum=8192), Option("height", "integer", minimum=2, maximum=8192))
_FITS = ("max", "crop", "scale")
_TRIM = (Option("trim_start", "string"), Option("trim_end", "string"))
_SAMPLE_RATES = ("8000", "11025", "12000", "16000", "22050", "24000", "32000", "44100", "48000", "96000")
_LEVELS = (
    "1",
    "1b",
    "1.1",
    "1.2",
    "1.3",
    "2.0",
    "2.1",
    "2.2",
    "3.0",
    "3.1",
    "3.2",
    "4.0",
    "4.1",
    "4.2",
    "5.0",
    "5.1",
    "5.2",
)
_X264_OPTIONS = (
    Option(
        "tune", "enum", None, ("film", "animation", "grain", "stillimage", "fastdecode", "zerolatency", "psnr", "ssim")
    ),
    Option("profile", "enum", None, ("baseline", "main", "high", "high10", "high422", "high444")),
    Option("level", "enum", None, _LEVELS),
)
_FRAMES = (
    *_SIZE,
    Option("fit", "enum", "scale", _FITS),
    Option("fps", "float", minimum=0.1, maximum=240),
    Option("aspect_ratio", "string"),
)
METADATA = Conversion((*AUDIO_INPUTS, *VIDEO_INPUTS, "gif"), (), operation="metadata", rank=60, credits=0)
THUMBNAIL = Conversion(
    (*VIDEO_INPUTS, "gif"),
    ("png", "jpg", "webp"),
    operation="thumbnail",
    options=(
        *_SIZE,
        Option("fit", "enum", "max", _FITS),
        Option("count", "integer", 1, minimum=1, maximum=100),
        Option("timestamp", "string"),
    ),
    rank=60,
)
WATERMARK = Conversion(
    tuple(name for name in VIDEO_INPUTS if name in VIDEO_OUTPUTS), (), "watermark", WATERMARK_OPTIONS, rank=60
)
COMMAND = Conversion(
    (),
    (),
    operation="command",
    options=(
        Option("command", "enum", "ffmpeg", ("ffmpeg", "ffprobe")),
        *OPTIONS,
    ),
    joins=True,
)


def conversions() -> tuple[Conversion, ...]:
    """Every pair, one declaration per output format, because its codecs decide over the options."""
    audio = (
        Conversion((*AUDIO_INPUTS, *VIDEO_INPUTS), (name,), options=_audio(CONTAINERS[name])) for name in AUDIO_OUTPUTS
    )
    video = (Conversion((*VIDEO_INPUTS, "gif"), (name,), options=_video(CONTAINERS[name])) for name in VIDEO_OUTPUTS)
    moving_picture = Conversion((*VIDEO_INPUTS, "gif"), ("gif",), options=(*_FRAMES, *_TRIM))
    return (*audio, *video, moving_picture, THUMBNAIL, METADATA, WATERMARK, COMMAND)


def _audio(container: Container, *more_codecs: str) -> tuple[Option, ...]:
    codec = Option("audio_codec", "enum", container.audio[0], (*container.audio, "copy", *more_codecs))
    bitrate = (
        ()
        if set(container.audio) <= WITHOUT_BITRATE
        else (Option("audio_bitrate", "integer", 128, minimum=8, maximum=640),)
    )
    shape = (
        ()
        if container.audio == ("amr",)
        else (
            Option("audio_channels", "integer", minimum=1, maximum=8),
            Option("sample_rate", "enum", None, _SAMPLE_RATES),
        )
    )
    return (codec, *bitrate, *shape, Option("volume", "float", 1.0, minimum=0, maximum=100), *_TRIM)


def _video(container: Container) -> tuple[Option, ...]:
    codec = Option("video_codec", "enum", container.video[0], (*container.video, "copy"))
    codecs = set(container.video)
    rate = (
        (Option("crf", "integer", minimum=0, maximum=63), Option("preset", "enum", None, PRESETS))
        if codecs & WITH_CRF
        else ()
    )
    x264 = _X264_OPTIONS if codecs & WITH_X264_OPTIONS else ()
    modes = ("none", "copy", "soft", "hard") if container.subtitles else ("none", "hard")
    subtitles = Option("subtitles_mode", "enum", "none", modes)
    return (codec, *rate, *x264, *_FRAMES, subtitles, *_audio(container, "none"))
