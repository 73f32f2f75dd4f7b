"""What a converted file must be: its first bytes by format, and what can be seen, heard and read in it."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

from connector.sandbox import formats

_RIFF, _FTYP, _OLE = rb"RIFF....", rb"....ftyp", rb"\xd0\xcf\x11\xe0"
_ASF, _MPEG, _MATROSKA = rb"\x30\x26\xb2\x75", rb"\x00\x00\x01[\xba\xb3]", rb"\x1a\x45\xdf\xa3"
MAGIC: dict[str, bytes] = {
    "7z": rb"7z\xbc\xaf\x27\x1c", "aac": rb"\xff[\xf0-\xff]", "ac3": rb"\x0b\x77", "aiff": rb"FORM....AIF", "amr": rb"#!AMR", "apng": rb"\x89PNG.*acTL|\x89PNG",
    "au": rb"\.snd", "avi": _RIFF + rb"AVI ", "avif": _FTYP + rb"avi", "bmp": rb"BM", "caf": rb"caff", "cin": rb"\x80\x2a\x5f\xd7|\xd7\x5f\x2a\x80",
    "dds": rb"DDS ", "dib": rb"\x28\0\0\0|BM", "doc": _OLE, "dpx": rb"SDPX|XPDS", "emf": rb"\x01\0\0\0.{36} EMF", "eps": rb"%!PS|\xc5\xd0\xd3\xc6", "fb2": rb"<\?xml.*FictionBook",
    "fits": rb"SIMPLE", "flac": rb"fLaC", "flv": rb"FLV", "fodg": rb"<\?xml", "fodp": rb"<\?xml", "fods": rb"<\?xml", "fodt": rb"<\?xml", "gif": rb"GIF8",
    "hdr": rb"#\?RADIANCE", "heic": _FTYP, "icns": rb"icns", "ico": rb"\0\0\x01\0", "ipynb": rb"\s*\{", "jng": rb"\x8bJNG", "jp2": rb"\0\0\0\x0cjP  ", "jpg": rb"\xff\xd8\xff",
    "json": rb"\s*[\[{]", "m2ts": rb".{0,192}?\x47", "m4a": _FTYP, "m4b": _FTYP, "m4v": _FTYP, "miff": rb"id=ImageMagick", "mkv": _MATROSKA, "mng": rb"\x8aMNG", "mov": _FTYP,
    "mp3": rb"ID3|\xff[\xe0-\xff]", "mp4": _FTYP, "3gp": _FTYP, "3g2": _FTYP, "mpeg": _MPEG, "mts": rb".{0,192}?\x47", "mxf": rb"\x06\x0e\x2b\x34", "ogg": rb"OggS", "oga": rb"OggS",
    "ogv": rb"OggS", "opus": rb"OggS.*OpusHead", "pam": rb"P7", "pbm": rb"P[14]", "pcx": rb"\x0a", "pdf": rb"%PDF-", "pfm": rb"P[Ff]", "pgm": rb"P[25]", "png": rb"\x89PNG\r\n",
    "pnm": rb"P[1-7]", "ppm": rb"P[36]", "ppt": _OLE, "ps": rb"%!PS", "psb": rb"8BPS\0\x02", "psd": rb"8BPS", "qoi": rb"qoif", "ras": rb"\x59\xa6\x6a\x95", "rar": rb"Rar!", "rtf": rb"\{\\rtf",
    "sgi": rb"\x01\xda", "sun": rb"\x59\xa6\x6a\x95", "svg": rb".*<svg", "tar.bz2": rb"BZh", "tar.gz": rb"\x1f\x8b", "tar.xz": rb"\xfd7zXZ", "tiff": rb"II\*\0|MM\0\*", "ts": rb"\x47",
    "viff": rb"\xab", "vob": _MPEG, "voc": rb"Creative Voice File", "wav": _RIFF + rb"WAVE", "weba": _MATROSKA, "webm": _MATROSKA, "webp": _RIFF + rb"WEBP", "wma": _ASF, "wmf": rb"\xd7\xcd\xc6\x9a|\x01\0\x09\0",
    "wmv": _ASF, "wtv": rb"\xb7\xd8\x00\x20", "xbm": rb"#define", "xls": _OLE, "xpm": rb"/\* XPM", "mobi": rb".{60}BOOKMOBI", "azw3": rb".{60}BOOKMOBI",
    **dict.fromkeys(("docx", "epub", "odg", "odp", "ods", "odt", "pptx", "xlsx", "zip", "htmlz", "txtz"), rb"PK\x03\x04"),
}  # fmt: skip
"""A regular expression for the beginning of each format that has one; texts have none."""

WORDS = {
    "md": ("Title",),
    "docx": ("Quarterly",),
    "html": ("Title",),
    "txt": ("text",),
    "csv": ("anna", "bert"),
    "pdf": ("Page",),
}
"""Words of the samples that must still be there."""
_TEXTS = (
    "adoc",
    "csv",
    "fb2",
    "fodp",
    "fods",
    "fodt",
    "html",
    "ipynb",
    "json",
    "md",
    "org",
    "rst",
    "rtf",
    "tex",
    "tsv",
    "txt",
    "typ",
)
_PACKED_TEXTS = ("docx", "epub", "odp", "ods", "odt", "pptx", "xlsx", "htmlz")
# Icons have sizes of their own, and the formats of fax machines and the like are not read by Pillow.
_OTHER_SIZE = ("ico", "icns")
_SIZE = (64, 48)


def check(kind: str, content: bytes, base: str, *, drawn: bool) -> None:
    """The file is of that format and shows what the base sample showed. `drawn`: it was a picture all the way."""
    kind = formats.canonical(kind)
    assert re.match(MAGIC.get(kind, b""), content[:4096], re.DOTALL), (kind, content[:40])
    group = formats.group_of(kind)
    if group in ("audio", "video") and base in ("wav", "mp4"):
        check_sound_or_film(content, kind)
    elif kind == "pdf":
        check_pdf(content, base)
    elif group == "image" and kind not in ("eps", "ps"):
        check_picture(content, kind, drawn=drawn)
    elif group == "archive":
        check_archive(content, kind)
    elif base in WORDS:
        check_words(content, kind, base)


def check_picture(content: bytes, kind: str, *, drawn: bool) -> None:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content))
        # Pillow stumbles over the run lengths of other programs' PCX files.
        if kind != "pcx":
            image.load()
    except UnidentifiedImageError:
        assert kind not in Image.registered_extensions().values()
        return
    assert min(image.size) > 4
    if drawn and kind not in _OTHER_SIZE:
        assert image.size == _SIZE


def check_pdf(content: bytes, base: str) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) == (2 if base == "pdf" else 1)
    assert all(word in said for word in WORDS.get(base, ()))


def check_sound_or_film(content: bytes, kind: str) -> None:
    """It lasts about a second and has sound, or a picture of the right size."""
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        path.write_bytes(content)
        decode = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", path, "-f", "null", "-"]
        done = subprocess.run(decode, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    hours, minutes, seconds = re.findall(r"time=(\d+):(\d+):([\d.]+)", done.stderr)[-1]
    assert 0.7 <= int(hours) * 3600 + int(minutes) * 60 + float(seconds) <= 1.4
    assert re.search(r"Audio: " if formats.group_of(kind) == "audio" else r"Video: .*\d+x\d+", done.stderr)


def check_archive(content: bytes, kind: str) -> None:
    names = _members(content, kind)
    assert len(names) == 1


def _members(content: bytes, kind: str) -> list[str]:
    if kind == "zip":
        return zipfile.ZipFile(io.BytesIO(content)).namelist()
    if kind == "7z":
        import py7zr

        return list(py7zr.SevenZipFile(io.BytesIO(content)).namelist())
    if kind.startswith("tar"):
        return tarfile.open(fileobj=io.BytesIO(content)).getnames()
    return ["not looked into"]


def check_words(content: bytes, kind: str, base: str) -> None:
    if kind in _TEXTS:
        said = content.decode("utf-8", "replace")
    elif kind in _PACKED_TEXTS:
        packed = zipfile.ZipFile(io.BytesIO(content))
        said = " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    else:
        return
    assert all(word in said for word in WORDS[base]), said[:400]
