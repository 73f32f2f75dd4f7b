"""A watermark: what may be asked for and where it goes. Lengths are pixels on pictures and points on PDF pages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector.sandbox.engines.base import EngineError, Option
from connector.sandbox.engines.common.pages import PAGES

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")

WATERMARK_OPTIONS = (
    Option("text", "string"),
    Option("font_size", "integer", default=40, minimum=1, maximum=2000),
    Option("font_width_percent", "integer", minimum=1, maximum=100),
    Option("font_color", "string", default="#000000"),
    Option("font_name", "string", default="Arial"),
    Option("font_align", "enum", default="left", possible_values=("left", "center", "right")),
    Option("image_width", "integer", minimum=1, maximum=20_000),
    Option("image_height", "integer", minimum=1, maximum=20_000),
    Option("image_width_percent", "integer", minimum=1, maximum=100),
    Option("layer", "enum", default="above", possible_values=("above", "below")),
    Option("position_vertical", "enum", default="center", possible_values=("top", "center", "bottom")),
    Option("position_horizontal", "enum", default="center", possible_values=("left", "center", "right")),
    Option("margin_vertical", "integer", default=25, minimum=0, maximum=20_000),
    Option("margin_horizontal", "integer", default=25, minimum=0, maximum=20_000),
    Option("opacity", "integer", default=100, minimum=0, maximum=100),
    Option("rotation", "integer", default=0, minimum=-360, maximum=360),
)
PDF_WATERMARK_OPTIONS = (PAGES, *WATERMARK_OPTIONS)


@dataclass(frozen=True)
class Stamp:
    """The options of a watermark as values. `colour` is red, green, blue 0-255, `opacity` 0.0-1.0, `rotation` degrees clockwise."""

    text: str
    font_size: float
    font_width_percent: int | None
    font_name: str
    font_align: str
    colour: tuple[int, int, int]
    image_size: tuple[int | None, int | None]
    image_width_percent: int | None
    below: bool
    horizontal: str
    vertical: str
    margins: tuple[int, int]
    opacity: float
    rotation: float

    @classmethod
    def of(cls, options: Mapping[str, object], *, with_image: bool) -> Stamp:
        """Read from a task's options. Raises EngineError INVALID_OPTION where there is nothing to stamp."""
        given = {option.name: option.default for option in WATERMARK_OPTIONS} | dict(options)
        text = str(given["text"] or "").strip()
        if not text and not with_image:
            raise EngineError("INVALID_OPTION", 'A watermark needs a "text" or an "image". Fill in one of them.')
        return cls(
            text=text,
            font_size=float(_number(given["font_size"]) or 40),
            font_width_percent=_number(given["font_width_percent"]),
            font_name=str(given["font_name"]),
            font_align=str(given["font_align"]),
            colour=colour(str(given["font_color"])),
            image_size=(_number(given["image_width"]), _number(given["image_height"])),
            image_width_percent=_number(given["image_width_percent"]),
            below=given["layer"] == "below",
            horizontal=str(given["position_horizontal"]),
            vertical=str(given["position_vertical"]),
            margins=(_number(given["margin_horizontal"]) or 0, _number(given["margin_vertical"]) or 0),
            opacity=(_number(given["opacity"]) or 0) / 100,
            rotation=float(_number(given["rotation"]) or 0),
        )

    def scaled_image(self, size: tuple[float, float], area: tuple[float, float]) -> tuple[float, float]:
        """Width and height for a stamp image of `size` on an area; its proportions are kept unless both are given."""
        width: float | None = self.image_size[0]
        height: float | None = self.image_size[1]
        if self.image_width_percent:
            width, height = area[0] * self.image_width_percent / 100, None
        if width and height:
            return width, height
        factor = width / size[0] if width else height / size[1] if height else 1.0
        return size[0] * factor, size[1] * factor

    def scaled_font(self, width_at_one: float, area: tuple[float, float]) -> float:
        """The font size, given how wide the text is at size 1."""
        if self.font_width_percent and width_at_one > 0:
            return area[0] * self.font_width_percent / 100 / width_at_one
        return self.font_size

    def centre(self, size: tuple[float, float], area: tuple[float, float]) -> tuple[float, float]:
        """Where the middle of a stamp of `size` comes to lie, counted from the area's top left corner.

        Margins hold for the turned stamp, so that it never leaves the area at an edge.
        """
        width, height = turned_size(size, self.rotation)
        return (
            _along(self.horizontal, width, area[0], self.margins[0]),
            _along(self.vertical, height, area[1], self.margins[1]),
        )


def turned_size(size: tuple[float, float], degrees: float) -> tuple[float, float]:
    """Width and height of the upright box around a turned one."""
    cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    return size[0] * cosine + size[1] * sine, size[0] * sine + size[1] * cosine


def colour(text: str) -> tuple[int, int, int]:
    """Red, green and blue of `#RRGGBB`. Raises EngineError INVALID_OPTION."""
    match = _COLOUR.fullmatch(text.strip())
    if match is None:
        raise EngineError(
            "INVALID_OPTION", f'The colour "{text[:40]}" cannot be read. Write it as #RRGGBB, for example #FF0000.'
        )
    value = int(match.group(1), 16)
    return value >> 16, value >> 8 & 255, value & 255


def _along(position: str, length: float, space: float, margin: float) -> float:
    if position in ("left", "top"):
        return margin + length / 2
    if position in ("right", "bottom"):
        return space - margin - length / 2
    return space / 2


def _number(value: object) -> int | None:
    return int(float(str(value))) if value not in (None, "") else None
