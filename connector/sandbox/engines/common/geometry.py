"""How a picture is brought to the width and height that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.sandbox.engines.base import EngineError, Option

Size = tuple[int, int]
Box = tuple[int, int, int, int]

LARGEST_SIDE = 30_000
LARGEST_AREA = 89_478_485
"""Pixels of one picture: the area from which Pillow suspects a decompression bomb."""

SIZE_OPTIONS = (
    Option("width", "integer", minimum=1, maximum=LARGEST_SIDE),
    Option("height", "integer", minimum=1, maximum=LARGEST_SIDE),
    Option("fit", "enum", default="max", possible_values=("max", "crop", "scale")),
)


@dataclass(frozen=True)
class Fitted:
    """Scale to `size` pixels, then cut out `crop` (left, top, right, bottom) where it is given."""

    size: Size
    crop: Box | None = None

    @property
    def result(self) -> Size:
        """Width and height of what comes out, in pixels."""
        if self.crop is None:
            return self.size
        left, top, right, bottom = self.crop
        return right - left, bottom - top


@dataclass(frozen=True)
class Sizing:
    """The wished width and height in pixels (None: follows from the other) and the way to get there.

    `max` fits inside and never enlarges, `crop` fills and cuts what hangs over, `scale` forces both sides.
    """

    width: int | None = None
    height: int | None = None
    fit: str = "max"

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Sizing:
        """Read from a task's options `width`, `height` and `fit`."""
        width, height = options.get("width"), options.get("height")
        return cls(
            int(str(width)) if width is not None else None,
            int(str(height)) if height is not None else None,
            str(options.get("fit") or "max"),
        )

    @property
    def wanted(self) -> bool:
        """Whether any size was asked for."""
        return self.width is not None or self.height is not None

    def apply(self, size: Size) -> Fitted:
        """What to do with a picture of `size`.

        Raises EngineError LIMIT_EXCEEDED where the result would be larger than `LARGEST_AREA`.
        """
        if not self.wanted:
            return Fitted(size)
        fitted = self._crop(size) if self.fit == "crop" and self.width and self.height else Fitted(self._scaled(size))
        check_area(fitted.size)
        return fitted

    def _scaled(self, size: Size) -> Size:
        horizontal = self.width / size[0] if self.width else None
        vertical = self.height / size[1] if self.height else None
        if self.fit == "scale" and self.width and self.height:
            return self.width, self.height
        factor = min(value for value in (horizontal, vertical) if value is not None)
        if self.fit == "max":
            factor = min(factor, 1.0)
        return _times(size, factor)

    def _crop(self, size: Size) -> Fitted:
        width, height = self.width or size[0], self.height or size[1]
        scaled = _times(size, max(width / size[0], height / size[1]))
        scaled = max(scaled[0], width), max(scaled[1], height)
        left, top = (scaled[0] - width) // 2, (scaled[1] - height) // 2
        return Fitted(scaled, (left, top, left + width, top + height))


def check_area(size: Size) -> None:
    """Raise EngineError LIMIT_EXCEEDED for a picture that would not fit into memory."""
    if size[0] * size[1] > LARGEST_AREA or max(size) > 65_500:
        raise EngineError(
            "LIMIT_EXCEEDED",
            f"The picture would be {size[0]} x {size[1]} pixels, which is too large. Ask for a smaller width, height or pixel density.",
        )


def _times(size: Size, factor: float) -> Size:
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
