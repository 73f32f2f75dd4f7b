"""What pictures say about themselves, under exiftool's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from PIL import ExifTags, Image

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.facts import file_facts
from connector.sandbox.engines.raster.frames import Reel
from connector.sandbox.engines.raster.opening import opened

_TYPES = {"JPEG2000": "JP2", "PPM": "PPM", "MPO": "JPEG", "DIB": "DIB"}
_EXTENSIONS = {"JPEG": "jpg", "TIFF": "tif"}
_RENAMED = {
    "DateTime": "ModifyDate",
    "DateTimeDigitized": "CreateDate",
    "ISOSpeedRatings": "ISO",
    "PhotographicSensitivity": "ISO",
    "ExposureBiasValue": "ExposureCompensation",
    "PixelXDimension": "ExifImageWidth",
    "PixelYDimension": "ExifImageHeight",
    "FocalLengthIn35mmFilm": "FocalLengthIn35mmFormat",
    "BodySerialNumber": "SerialNumber",
}
_SKIPPED = frozenset(
    {
        "MakerNote",
        "ExifOffset",
        "GPSInfo",
        "StripOffsets",
        "StripByteCounts",
        "TileOffsets",
        "TileByteCounts",
        "UserComment",
    }
)
_ORIENTATIONS = (
    "Horizontal (normal)", "Mirror horizontal", "Rotate 180", "Mirror vertical",
    "Mirror horizontal and rotate 270 CW", "Rotate 90 CW", "Mirror horizontal and rotate 90 CW", "Rotate 270 CW",
)  # fmt: skip
_UNITS = {1: "None", 2: "inches", 3: "cm"}


def metadata(work: Work) -> Result:
    """The `metadata` operation."""
    with opened(work.source) as image:
        kind = _TYPES.get(image.format or "", image.format or "")
        if kind == "PNG" and Reel(image, work.source.name).count > 1:
            kind = "APNG"
        mime = Image.MIME.get(image.format or "", "application/octet-stream")
        facts = file_facts(work.source, kind, _EXTENSIONS.get(kind, kind.lower()), mime)
        facts |= {"ImageWidth": image.width, "ImageHeight": image.height}
        facts |= _exif(image.getexif())
        facts |= _pixels(image, Reel(image, work.source.name).count)
    return Result(metadata=facts)


def _pixels(image: Image.Image, frames: int) -> dict[str, object]:
    width, height = image.size
    facts: dict[str, object] = {"ImageSize": f"{width}x{height}", "Megapixels": float(f"{width * height / 1e6:.3g}")}
    if frames > 1:
        facts["PageCount" if image.format == "TIFF" else "FrameCount"] = frames
    dpi = image.info.get("dpi")
    if isinstance(dpi, tuple) and all(dpi):
        facts |= {
            "XResolution": _short(float(dpi[0])),
            "YResolution": _short(float(dpi[1])),
            "ResolutionUnit": "inches",
        }
    if comment := image.info.get("comment"):
        facts["Comment"] = _text(comment)
    facts |= {
        key.title(): value
        for key, value in getattr(image, "text", {}).items()
        if isinstance(value, str) and len(value) < 2000
    }
    return facts


def _exif(exif: Image.Exif) -> dict[str, object]:
    facts = _named(exif, ExifTags.TAGS)
    facts |= _named(exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS)
    return facts | _place(exif.get_ifd(ExifTags.IFD.GPSInfo))


def _named(tags: Mapping[int, object], names: Mapping[int, str]) -> dict[str, object]:
    facts = {}
    for tag, value in tags.items():
        name = names.get(tag)
        if name is None or name in _SKIPPED:
            continue
        shown = _guarded(_SHOWN.get(name, _plain), value)
        if shown is not None:
            facts[_RENAMED.get(name, name)] = shown
    return facts


def _guarded(show: Callable[[object], object | None], value: object) -> object | None:
    """Cameras and editors write any nonsense into a tag: such a tag is left out."""
    try:
        return show(value)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return None


def _plain(value: object) -> object | None:
    if isinstance(value, bytes):
        return _text(value) if value.isascii() and b"\0" not in value.rstrip(b"\0") and len(value) < 500 else None
    if isinstance(value, str):
        return value.strip("\0 ")
    if isinstance(value, tuple):
        return " ".join(str(_plain(part)) for part in value) if len(value) < 20 else None
    return _short(float(str(value)))


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 4)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace").strip("\0 ") if isinstance(value, bytes) else str(value)


def _exposure(value: object) -> object | None:
    seconds = _plain(value)
    if isinstance(seconds, (int, float)) and 0 < seconds < 0.25:
        return f"1/{round(1 / float(str(value)))}"
    return seconds


def _orientation(value: object) -> object | None:
    return _ORIENTATIONS[value - 1] if isinstance(value, int) and 1 <= value <= 8 else None


_SHOWN: dict[str, Callable[[object], object | None]] = {
    "Orientation": _orientation,
    "ExposureTime": _exposure,
    "FocalLength": lambda value: f"{float(str(value)):.1f} mm",
    "ResolutionUnit": lambda value: _UNITS.get(value) if isinstance(value, int) else None,
}


def _place(tags: Mapping[int, object]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, reference, number in (("GPSLatitude", 1, 2), ("GPSLongitude", 3, 4)):
        shown = _guarded(_angle, tags.get(number))
        if shown is not None:
            facts[name] = f"{shown} {tags.get(reference, '')}".strip()
    return facts


def _angle(value: object) -> object | None:
    """Degrees, minutes and seconds as exiftool writes them."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(Fraction(str(part))) for part in value)
    return f"{degrees:.0f} deg {minutes:.0f}' {seconds:.2f}\""
