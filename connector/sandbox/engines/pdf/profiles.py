"""What may be chosen for a PDF: profiles and permissions. Declarations read this too: no library is imported here."""

from __future__ import annotations

from dataclasses import dataclass, replace

MODIFY = ("all", "annotate", "form", "assembly", "none")
"""From everything to nothing: each allows what follows it too, as in qpdf."""
PRINT = ("full", "low", "none")
COLOUR_SPACES = ("unchanged", "rgb", "cmyk", "grayscale")


@dataclass(frozen=True)
class Profile:
    """How pictures and the rest of a file are treated.

    `density`: dots per inch that are enough, None keeps every pixel. `quality`: of JPEG 1-100, None packs without loss.
    `colours`: one of `COLOUR_SPACES`. `scans_only`: only pictures that fill a page lose anything, and scanned text
    becomes black and white. `least_quality`: how far the quality may go down before a picture keeps its colours because it
    would grow. `linearize`: the first page shows before all is loaded. `drop_extras`: previews and data
    private to programs. `drop_xmp`: the second copy of the metadata.
    """

    density: int | None = None
    quality: int | None = None
    least_quality: int | None = None
    colours: str = "unchanged"
    scans_only: bool = False
    linearize: bool = False
    drop_extras: bool = True
    drop_xmp: bool = False

    def adjusted(self, quality: int | None, colours: str | None) -> Profile:
        """With what the person asked for in particular."""
        changed = replace(self, colours=colours or self.colours)
        return replace(changed, quality=quality, least_quality=None) if quality is not None else changed


PROFILES: dict[str, Profile] = {
    "web": Profile(density=150, quality=75, colours="rgb", linearize=True),
    "print": Profile(density=300, quality=88, least_quality=58, colours="cmyk"),
    "archive": Profile(drop_extras=False),
    "mrc": Profile(density=200, quality=50, scans_only=True),
    "max": Profile(density=72, quality=45, drop_xmp=True),
}
