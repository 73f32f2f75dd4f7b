"""PDF files made on the spot, and looking into PDF files."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
from pikepdf import Dictionary, Encryption, Name, OutlineItem, Pdf
from PIL import Image

from connector.sandbox.engines.pdf.xobjects import image_xobject


def pdf(path: Path, *texts: str, size: tuple[float, float] = (300, 200), bookmark: str = "", **save: object) -> Path:
    """One page per text."""
    with Pdf.new() as document:
        font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for text in texts or ("Hello",):
            page = document.add_blank_page(page_size=size)
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            page.obj.Contents = document.make_stream(f"BT /F1 24 Tf 40 100 Td ({text}) Tj ET".encode())
        if bookmark:
            with document.open_outline() as outline:
                outline.root.append(OutlineItem(bookmark, len(document.pages) - 1))
        document.save(path, **save)
    return path


def locked(path: Path, user: str = "secret", owner: str = "owner") -> Path:
    """A PDF that opens with `user` only."""
    return pdf(path, "Hidden", encryption=Encryption(user=user, owner=owner))


def pictured(
    path: Path, *images: Image.Image, size: tuple[float, float] = (400, 400), shown: tuple[float, float] | None = None
) -> Path:
    """One page per picture, which is shown at the size `shown` in points, or fills the page."""
    width, height = shown or size
    with Pdf.new() as document:
        for image in images:
            page = document.add_blank_page(page_size=size)
            page.obj.Resources = Dictionary(
                XObject=Dictionary(Im0=document.make_indirect(image_xobject(document, image)))
            )
            page.obj.Contents = document.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())
        document.save(path)
    return path


def opened(path: Path, password: str = "") -> Pdf:
    """The PDF, without keeping its file open."""
    return Pdf.open(io.BytesIO(path.read_bytes()), password=password)


def seen(path: Path, page: int = 1, scale: float = 1) -> Image.Image:
    """A page as a person sees it."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    return document[page - 1].render(scale=scale).to_pil().convert("RGB")


def texts(path: Path) -> list[str]:
    """The text of every page."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    return [page.get_textpage().get_text_range().strip() for page in document]
