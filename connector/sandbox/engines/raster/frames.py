"""Pictures with several frames (animations) or pages, one frame in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.common.geometry import Size, Sizing
from connector.sandbox.engines.raster.modes import eight_bits
from connector.sandbox.engines.raster.opening import reading

_FRAMED = ("GIF", "WEBP", "PNG", "AVIF", "TIFF")
_MOST_FRAMES = 10_000
_MOST_READ = 1_000_000_000
_MOST_HELD = 250_000_000
"""Pixels of all frames together: decoded one after the other, and held for writing (4 bytes each)."""


@dataclass(frozen=True)
class Animation:
    """How frames are shown: `durations` in milliseconds of each, `loops` 0 for ever, whether any is `transparent`."""

    durations: list[int]
    loops: int
    transparent: bool


@dataclass(frozen=True)
class Reel:
    """The frames of an opened picture. PSD layers and the previews inside a phone's JPEG are no frames."""

    image: Image.Image
    name: str

    @property
    def count(self) -> int:
        """Number of frames. Raises EngineError LIMIT_EXCEEDED where all together would be too much."""
        with reading(self.name):
            count = int(getattr(self.image, "n_frames", 1)) if self.image.format in _FRAMED else 1
        self._check(count, self.image.size, _MOST_READ)
        return count

    @property
    def is_pages(self) -> bool:
        """Whether the frames are pages of a document rather than an animation."""
        return self.image.format == "TIFF"

    def check_held(self, size: Size) -> None:
        """Raise EngineError LIMIT_EXCEEDED where all frames at `size` are too much to be written into one file."""
        self._check(self.count, size, _MOST_HELD)

    def frames(self, most: int | None = None) -> Iterator[Image.Image]:
        """Copies of the frames in order, at most `most`."""
        count = self.count
        for number in range(min(count, most or count)):
            with reading(self.name):
                if count > 1:
                    self.image.seek(number)
                self.image.load()
                frame = self.image.copy()
            yield frame

    def timing(self) -> Animation:
        """Read all frames once for how they are shown."""
        durations, transparent = [], False
        for frame in self.frames():
            durations.append(int(frame.info.get("duration") or 100))
            transparent = transparent or frame.has_transparency_data
        return Animation(durations, self._loops(), transparent)

    def _check(self, count: int, size: Size, most: int) -> None:
        if count > _MOST_FRAMES or (count > 1 and count * size[0] * size[1] > most):
            raise EngineError(
                "LIMIT_EXCEEDED",
                f'"{self.name}" has {count} frames, which is too much in all. Use a shorter or smaller one.',
            )

    def _loops(self) -> int:
        if self.image.format == "GIF" and "loop" not in self.image.info:
            return 1
        return int(self.image.info.get("loop", 0) or 0)


def resized(image: Image.Image, sizing: Sizing) -> Image.Image:
    """The picture scaled and cut as asked."""
    fitted = sizing.apply(image.size)
    if fitted.size != image.size:
        image = _smooth(image).resize(fitted.size, Image.Resampling.LANCZOS)
    return image.crop(fitted.crop) if fitted.crop else image


def turned(image: Image.Image) -> Image.Image:
    """The picture turned upright, as its EXIF orientation says."""
    return ImageOps.exif_transpose(image)


def _smooth(image: Image.Image) -> Image.Image:
    image = eight_bits(image)
    if image.has_transparency_data:
        return image.convert("LA" if image.mode == "LA" else "RGBA")
    return image.convert({"1": "L", "P": "RGB"}.get(image.mode, image.mode))
