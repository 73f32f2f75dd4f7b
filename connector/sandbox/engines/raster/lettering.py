"""Text as pixels."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_TWINS = {
    "arial": "LiberationSans",
    "helvetica": "LiberationSans",
    "verdana": "DejaVuSans",
    "impact": "DejaVuSans-Bold",
    "times": "LiberationSerif",
    "georgia": "LiberationSerif",
    "courier": "LiberationMono",
}
"""Free fonts of the same widths or looks, found on most Linux machines."""


def font(name: str, size: float, text: str = "") -> tuple[Font, bool]:
    """The font for `text`, and whether it is the one asked for or its twin."""
    for candidate in _candidates(name):
        try:
            return ImageFont.truetype(candidate, size), True
        except OSError:
            continue
    for stand_in in ("DejaVuSans.ttf", "LiberationSans-Regular.ttf") if not text.isascii() else ():
        try:
            return ImageFont.truetype(stand_in, size), False
        except OSError:
            continue
    return ImageFont.load_default(size), False


def lettered(text: str, used: Font, colour: tuple[int, int, int], align: str) -> Image.Image:
    """The text on nothing, cut close, as RGBA."""
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font=used, align=align)
    layer = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))), (*colour, 0))
    ImageDraw.Draw(layer).multiline_text((-left, -top), text, font=used, fill=(*colour, 255), align=align)
    return layer.crop(layer.getchannel("A").getbbox())


def _candidates(name: str) -> list[str]:
    bold, italic = "bold" in name.lower(), "italic" in name.lower() or "oblique" in name.lower()
    family = name.lower().replace("bold", "").replace("italic", "").replace("oblique", "").strip(" -_")
    twin = next((value for key, value in _TWINS.items() if family.startswith(key)), None)
    if twin is None:
        return [f"{name}.ttf", name]
    style = ("Bold" if bold else "") + ("Italic" if italic else "")
    own = [f"{family.title().replace(' ', '')}{style}.ttf", f"{name}.ttf"]
    if twin.startswith("DejaVu"):
        base = twin.split("-")[0]
        bold = bold or "Bold" in twin
        style = ("Bold" if bold else "") + ("Oblique" if italic else "")
        return [*own, f"{base}-{style}.ttf" if style else f"{base}.ttf"]
    return [*own, f"{twin}-{style or 'Regular'}.ttf"]
