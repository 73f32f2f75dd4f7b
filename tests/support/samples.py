"""Small real files, made on the spot, by extension."""

from __future__ import annotations

import io
import math
import struct
import wave
import zipfile
from collections.abc import Callable
from pathlib import Path


def sample(extension: str) -> bytes:
    """The content of a small valid file of that format."""
    return _MAKERS[extension]()


def put(*names: str) -> tuple[str, ...]:
    """Write a sample under each of these names, in the current folder, and give the names."""
    for name in names:
        Path(name).write_bytes(sample(name.rpartition(".")[2]))
    return names


def is_known(extension: str) -> bool:
    """Whether there is a sample of that format."""
    return extension in _MAKERS


def _image(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((8, 8, 40, 40), fill="red")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def _pdf(pages: int = 2) -> bytes:
    import pikepdf

    document = pikepdf.new()
    for number in range(1, pages + 1):
        page = document.add_blank_page(page_size=(300, 200))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        page.Contents = document.make_stream(f"BT /F1 24 Tf 40 100 Td (Page {number}) Tj ET".encode())
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _locked() -> bytes:
    import pikepdf

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pdf())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="open-sesame", user="open-sesame"))
    return buffer.getvalue()


def _wav(seconds: float = 1.0) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(i / 4))) for i in range(int(8000 * seconds))))
    return buffer.getvalue()


_DOCX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>Quarterly report</w:t></w:r></w:p></w:body></w:document>",
}


def _docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _DOCX.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + content)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return buffer.getvalue()


_MAKERS: dict[str, Callable[[], bytes]] = {
    "png": lambda: _image("PNG"),
    "jpg": lambda: _image("JPEG"),
    "webp": lambda: _image("WEBP"),
    "pdf": _pdf,
    "locked.pdf": _locked,
    "wav": _wav,
    "docx": _docx,
    "zip": _zip,
    "md": lambda: b"# Title\n\nSome *text* and a [link](https://example.com).\n",
    "html": lambda: b"<!doctype html><title>Page</title><h1>Title</h1><p>Some text.</p>",
    "txt": lambda: b"Some text.\n",
    "csv": lambda: b"name,amount\nanna,3\nbert,4\n",
}
