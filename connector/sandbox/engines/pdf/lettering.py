"""Text in the fonts that every PDF reader has."""

from __future__ import annotations

import ctypes

import pypdfium2.raw as pdfium
from pikepdf import Dictionary, Name, Pdf, Stream

from connector.sandbox.engines.common.stamp import Stamp

_LEADING = 1.2
_BASELINE = 0.78
_FAMILIES = {
    "arial": "Helvetica",
    "helvetica": "Helvetica",
    "times": "Times",
    "courier": "Courier",
    "verdana": "Helvetica",
    "georgia": "Times",
    "impact": "Helvetica-Bold",
}
_EXACT = ("arial", "helvetica", "times", "courier")


def standard_font(name: str) -> tuple[str, bool]:
    """The standard font nearest to a name, and whether it is the one meant."""
    lower = name.lower()
    key = next((key for key in _FAMILIES if lower.startswith(key)), "")
    family = _FAMILIES.get(key, "Helvetica")
    bold, italic = "bold" in lower or family.endswith("-Bold"), "italic" in lower or "oblique" in lower
    base, slanted = family.split("-")[0], "Italic" if family == "Times" else "Oblique"
    style = ("Bold" if bold else "") + (slanted if italic else "")
    if base == "Times" and not style:
        style = "Roman"
    return f"{base}-{style}" if style else base, key in _EXACT


def is_writable(text: str) -> bool:
    """Whether the standard fonts have all its letters."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def widths(lines: list[str], font: str) -> list[float]:
    """How wide each line is at font size 1, by PDFium's own copy of the font."""
    document = pdfium.FPDF_CreateNewDocument()
    try:
        loaded = pdfium.FPDFText_LoadStandardFont(document, font.encode())
        try:
            return [sum(_width(loaded, letter) for letter in line) for line in lines]
        finally:
            pdfium.FPDFFont_Close(loaded)
    finally:
        pdfium.FPDF_CloseDocument(document)


def text_form(pdf: Pdf, stamp: Stamp, font: str, area: tuple[float, float]) -> tuple[Stream, tuple[float, float]]:
    """The stamp's text as a form XObject, and its width and height in points."""
    lines = stamp.text.splitlines()
    at_one = widths(lines, font)
    size = stamp.scaled_font(max(at_one), area)
    width, height = max(at_one) * size, size * (1 + _LEADING * (len(lines) - 1))
    red, green, blue = (value / 255 for value in stamp.colour)
    parts = [f"BT /F1 {size:.3f} Tf {red:.4f} {green:.4f} {blue:.4f} rg".encode()]
    for number, (line, line_width) in enumerate(zip(lines, at_one, strict=True)):
        x = {"left": 0.0, "center": 0.5, "right": 1.0}[stamp.font_align] * (width - line_width * size)
        y = height - size * (_BASELINE + _LEADING * number)
        parts.append(f"1 0 0 1 {x:.3f} {y:.3f} Tm <{line.encode('cp1252').hex()}> Tj".encode())
    # Slanted letters reach a little over their width, and a form cuts off what lies outside its box.
    box = [-size / 4, -size / 4, width + size / 4, height + size / 4]
    form = pdf.make_stream(b"\n".join([*parts, b"ET"]))
    form.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=box,
        Resources=Dictionary(Font=Dictionary(F1=_font(pdf, font))),
    )
    return form, (width, height)


def _font(pdf: Pdf, font: str) -> Dictionary:
    return pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{font}"), Encoding=Name.WinAnsiEncoding)
    )


def _width(font: object, letter: str) -> float:
    width = ctypes.c_float()
    pdfium.FPDFFont_GetGlyphWidth(font, ord(letter), 1.0, ctypes.byref(width))
    return width.value
