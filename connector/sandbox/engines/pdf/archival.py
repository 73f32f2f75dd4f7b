"""Whether a PDF is what PDF/A asks for, as far as that can be told without a validator of the whole standard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pikepdf import Dictionary, Name, Object, Pdf

_FONT_FILES = (Name.FontFile, Name.FontFile2, Name.FontFile3)
_FORBIDDEN_ACTIONS = ("/JavaScript", "/Launch", "/Sound", "/Movie")


def shortcomings(path: Path, level: str) -> list[str]:
    """What keeps the file from being PDF/A of this level (`1b`, `2b`, `3b`); empty where nothing was found."""
    with Pdf.open(path) as pdf:
        return list(_found(pdf, level))


def _found(pdf: Pdf, level: str) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "it is encrypted"
    claimed = pdf.open_metadata(set_pikepdf_as_editor=False).pdfa_status.lower()
    if claimed != level:
        yield f"its metadata say PDF/A-{claimed}" if claimed else "its metadata do not say PDF/A"
    if not any(_is_intent(intent) for intent in pdf.Root.get(Name.OutputIntents, ())):
        yield "it has no output intent with a colour profile"
    missing = sorted({_font_name(font) for font in _fonts(pdf) if not _is_embedded(font)})
    if missing:
        yield f"the fonts {', '.join(missing[:5])} are not embedded"
    if any(str(item.get(Name.S)) in _FORBIDDEN_ACTIONS for item in _dictionaries(pdf)):
        yield "it holds scripts or other actions that are not allowed"


def _is_intent(intent: Object) -> bool:
    profile = intent.get(Name.DestOutputProfile)
    return intent.get(Name.S) == Name.GTS_PDFA1 and profile is not None and profile.read_bytes()[36:40] == b"acsp"


def _fonts(pdf: Pdf) -> Iterator[Object]:
    for item in _dictionaries(pdf):
        # A composite font's own descendant is looked at instead; Type 3 fonts are drawings inside the file.
        if item.get(Name.Type) == Name.Font and item.get(Name.Subtype) not in (Name.Type0, Name.Type3):
            yield item


def _is_embedded(font: Object) -> bool:
    descriptor = font.get(Name.FontDescriptor, Dictionary())
    return any(name in descriptor for name in _FONT_FILES)


def _font_name(font: Object) -> str:
    return str(font.get(Name.BaseFont, "without a name")).lstrip("/")


def _dictionaries(pdf: Pdf) -> Iterator[Object]:
    return (item for item in pdf.objects if isinstance(item, Dictionary))
