"""Page size and margins, as the options of page-making conversions name them: paper in cm, margins in mm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connector.sandbox.engines.base import EngineError, Option

Side = Literal["top", "right", "bottom", "left"]

# Millimetres, portrait; ledger is tabloid lying down.
FORMATS = {
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "tabloid": (279.4, 431.8),
    "ledger": (431.8, 279.4),
    "a0": (841.0, 1189.0),
    "a1": (594.0, 841.0),
    "a2": (420.0, 594.0),
    "a3": (297.0, 420.0),
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
}
SIDES: tuple[Side, ...] = ("top", "right", "bottom", "left")
OPTIONS = (
    Option("page_format", "enum", None, tuple(FORMATS)),
    Option("page_orientation", "enum", "portrait", ("portrait", "landscape")),
    Option("page_width", "float", minimum=1, maximum=500),
    Option("page_height", "float", minimum=1, maximum=500),
    *(Option(f"margin_{side}", "float", minimum=0, maximum=1000) for side in SIDES),
)


@dataclass(frozen=True)
class Page:
    """One page in millimetres."""

    width: float
    height: float
    margins: Mapping[Side, float]


def page(options: Mapping[str, object], margin: float) -> Page:
    """The page that the options describe: A4 unless given, `margin` on every side that is not given.

    Raises EngineError INVALID_OPTION where the margins leave no room.
    """
    width, height = FORMATS[str(options.get("page_format") or "a4")]
    width, height = _number(options, "page_width", width / 10) * 10, _number(options, "page_height", height / 10) * 10
    if options.get("page_orientation") == "landscape":
        width, height = max(width, height), min(width, height)
    margins = {side: _number(options, f"margin_{side}", margin) for side in SIDES}
    if margins["left"] + margins["right"] >= width or margins["top"] + margins["bottom"] >= height:
        raise EngineError(
            "INVALID_OPTION",
            f"The margins leave no room on a page of {width:g} x {height:g} mm: make the margins smaller or the page larger.",
        )
    return Page(width, height, margins)


def _number(options: Mapping[str, object], name: str, default: float) -> float:
    value = options.get(name)
    return float(value) if isinstance(value, int | float) else default
