"""Files that are damaged, empty, locked, enormous, or not what their names say."""

from __future__ import annotations

import io
import struct
import subprocess
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

from tests.support.hostile.case import Case, always, convert, later
from tests.support.samples import sample

_TARGETS = {
    "png": "jpg", "jpg": "png", "gif": "png", "tiff": "png", "psd": "png", "ico": "png", "pdf": "png", "docx": "pdf",
    "xlsx": "pdf", "pptx": "pdf", "odt": "pdf", "doc": "pdf", "mp4": "webm", "wav": "mp3", "mp3": "wav", "zip": "tar",
    "7z": "zip", "tar": "zip", "tar.gz": "zip", "rar": "zip", "iso": "zip", "svg": "png", "epub": "html", "eps": "png",
    "djvu": "pdf", "xcf": "png",
}  # fmt: skip
_ANY = ("OPEN_FAILED", "CONVERSION_FAILED", "LIMIT_EXCEEDED", "INVALID_CONVERSION_TYPE")


def cases() -> list[Case]:
    """All of them."""
    return [*_empty(), *_cut(), *_wrongly_named(), *_polyglots(), *_enormous(), *_locked()]


def _empty() -> list[Case]:
    contents = {"empty": b"", "one-byte": b"\x89"}
    return [
        Case(f"{name}-{kind}", f"a.{kind}", always(content), convert(target), codes=_ANY, slow=bool(content))
        for name, content in contents.items()
        for kind, target in _TARGETS.items()
    ]


def _cut() -> list[Case]:
    return [
        Case(
            f"cut-{kind}-{part}",
            f"a.{kind}",
            later(lambda make=make, part=part: _part(make(), part)),  # type: ignore[misc]
            convert(_TARGETS[kind]),
            # Viewers mend a PDF that lost its end, and show what is there of it.
            "either" if (kind, part) == ("pdf", 90) else "error",
            _ANY,
            slow=part != 50,
        )
        for kind, make in _WHOLE.items()
        for part in (10, 50, 90)
    ]


def _part(content: bytes, percent: int) -> bytes:
    return content[: len(content) * percent // 100]


def _wrongly_named() -> list[Case]:
    text = b"This is only text, whatever its name says. " * 40
    named = {
        "png": sample("pdf"),
        "pdf": sample("png"),
        "mp4": text,
        "zip": sample("png"),
        "docx": b"\x7fELF" + bytes(3000),
    }
    return [
        *(
            Case(f"wrongly-named-{kind}", f"a.{kind}", always(content), convert(_TARGETS[kind]), codes=_ANY)
            for kind, content in named.items()
        ),
        Case("zip-named-docx", "a.docx", always(sample("zip")), convert("pdf"), codes=_ANY),
        Case("text-named-svg", "a.svg", always(text), convert("png"), codes=_ANY),
        Case("no-extension", "a", always(text), convert("png"), codes=_ANY),
    ]


def _polyglots() -> list[Case]:
    """Two formats in one file: what its name says is what counts, and the other one does no harm."""
    picture, paper, packed = sample("png"), sample("pdf"), sample("zip")
    return [
        Case("png-that-is-a-zip", "a.png", always(picture + packed), convert("jpg"), "finished"),
        Case("zip-that-is-a-pdf", "a.zip", always(paper + packed), convert("tar"), "either", _ANY),
        Case("pdf-that-is-a-zip", "a.pdf", always(paper + packed), convert("png"), "either", _ANY),
        Case("pdf-that-is-a-page", "a.pdf", always(b"<script>1</script>\n" + paper), convert("png"), "either", _ANY),
    ]


def _enormous() -> list[Case]:
    limits = ("LIMIT_EXCEEDED", "OPEN_FAILED", "CONVERSION_FAILED", "TIMEOUT")
    engines = ("pillow", "imagemagick", "graphicsmagick")
    return [
        *(
            Case(f"enormous-png-{engine}", "a.png", later(enormous_png), convert("jpg", engine), codes=limits)
            for engine in engines
        ),
        Case("enormous-png-optimize", "a.png", later(enormous_png), {"operation": "optimize"}, codes=limits),
        Case("enormous-png-ocr", "a.png", later(enormous_png), convert("txt"), codes=limits),
        Case("enormous-png-pdf", "a.png", later(enormous_png), convert("pdf"), codes=limits),
        Case("enormous-gif", "a.gif", always(_gif_screen(65535)), convert("png"), codes=limits),
        Case("enormous-svg", "a.svg", always(_svg(200_000)), convert("png"), "either", limits),
        Case("enormous-page", "a.pdf", always(_page(2_000_000)), convert("png"), "either", limits),
        Case("enormous-resize", "a.png", always(sample("png")), convert("png", width=100_000, height=100_000, fit="scale"),
             codes=(*limits, "INVALID_OPTION")),
        Case("enormous-density", "a.pdf", always(sample("pdf")), convert("png", pixel_density=100_000),
             codes=(*limits, "INVALID_OPTION")),
    ]  # fmt: skip


def _locked() -> list[Case]:
    paper = always(sample("locked.pdf"))
    tasks = {
        "png": convert("png"), "txt": convert("txt"), "optimize": {"operation": "optimize"},
        "split": {"operation": "pdf/split-pages"}, "watermark": {"operation": "watermark", "text": "no"},
        "archival": {"operation": "pdf/a"}, "ocr": {"operation": "pdf/ocr"},
    }  # fmt: skip
    codes = ("INVALID_PASSWORD", "OPEN_FAILED")
    return [Case(f"locked-pdf-{name}", "a.pdf", paper, task, codes=codes) for name, task in tasks.items()]


@cache
def noisy_png() -> bytes:
    """A picture whose data fill most of its file."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 80).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def mp4(seconds: float = 1.0) -> bytes:
    """A short film with sound, from the FFmpeg that comes with pip. What it holds is told at its end."""
    import imageio_ffmpeg

    source = ["-f", "lavfi", "-i", f"testsrc=duration={seconds}:size=64x48:rate=10"]
    source += ["-f", "lavfi", "-i", f"sine=duration={seconds}:sample_rate=44100"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        how = ["-c:a", "aac", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path)]
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, *how], check=True)
        return path.read_bytes()


def _long_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("noise.bin", noisy_png() * 4)
    return buffer.getvalue()


@cache
def enormous_png(side: int = 30_000) -> bytes:
    """A hundred kilobytes that are 900 megapixels."""
    row = bytes(1 + side // 8)
    press = zlib.compressobj(9)
    data = b"".join(press.compress(row * 100) for _ in range(side // 100)) + press.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _gif_screen(side: int) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HH", side, side)
        + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0"
        + struct.pack("<HH", side, side)
        + b"\0\2\2D\1\0;"
    )


def _svg(side: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><rect width="9" height="9"/></svg>'.encode()


def _page(side: int) -> bytes:
    import pikepdf

    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200)).MediaBox = pikepdf.Array([0, 0, side, side])
        document.save(buffer)
    return buffer.getvalue()


_WHOLE = {
    "png": noisy_png,
    "pdf": lambda: sample("pdf"),
    "mp4": mp4,
    "docx": lambda: sample("docx"),
    "zip": _long_zip,
}
