"""Writing a picture in one of the output formats."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.raster.extras import Extras
from connector.sandbox.engines.raster.frames import Animation
from connector.sandbox.engines.raster.modes import adapted, profile_fits, to_srgb
from connector.sandbox.engines.raster.targets import TARGETS, Target, quality_of

_ICON_SIDES = (16, 24, 32, 48, 64, 128, 256)


@dataclass(frozen=True)
class Writer:
    """Writes pictures as `output_format` with the given extras and quality (1-100, None: the format's default)."""

    output_format: str
    extras: Extras = field(default_factory=Extras)
    quality: int | None = None

    @property
    def target(self) -> Target:
        """What the output format can hold."""
        return TARGETS[self.output_format]

    def write(self, image: Image.Image, path: Path) -> None:
        """Write one picture."""
        ready = self.prepared(image)
        with self._storing(ready):
            ready.save(path, self.target.plugin, **self._options(ready))

    def write_all(self, frames: Iterator[Image.Image], path: Path, animation: Animation | None) -> None:
        """Write all frames into one file: pages where `animation` is None."""
        ready = (self.prepared(self._uniform(frame, animation)) for frame in frames)
        first = next(ready)
        options = self._options(first)
        if animation is not None:
            options |= {"duration": animation.durations, "loop": animation.loops}
        if animation is not None and self.target.plugin == "GIF":
            # Frames are complete pictures: uncleared, an old one would shine through a transparent new one.
            options |= {"disposal": 2 if animation.transparent else 1}
        rest = list(ready)
        with self._storing(first):
            first.save(path, self.target.plugin, save_all=True, append_images=rest, **options)

    def prepared(self, image: Image.Image) -> Image.Image:
        """The picture as the format can hold it; sRGB where the format or the mode loses the colour profile."""
        profile = image.info.get("icc_profile")
        ready = adapted(image, self.target.modes)
        if profile and not (self.extras.icc and "icc" in self.target.carries and profile_fits(profile, ready.mode)):
            ready = adapted(
                to_srgb(image if image.mode in ("RGB", "RGBA", "CMYK") else ready, profile), self.target.modes
            )
        ready = _icon(ready, self.target.plugin)
        ready.info = {key: value for key, value in ready.info.items() if key == "transparency"}
        return ready

    @contextmanager
    def _storing(self, image: Image.Image) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, struct.error) as error:
            if getattr(error, "errno", None) is not None:
                raise
            size = f"{image.width} x {image.height} pixels"
            raise EngineError(
                "CONVERSION_FAILED",
                f"A picture of {size} cannot be stored as {self.output_format}. Ask for a smaller width or height.",
            ) from error

    @staticmethod
    def _uniform(frame: Image.Image, animation: Animation | None) -> Image.Image:
        return frame if animation is None else frame.convert("RGBA" if animation.transparent else "RGB")

    def _options(self, image: Image.Image) -> dict[str, object]:
        options = {**self.target.save, **quality_of(self.target, self.quality), **self.extras.save_options(self.target)}
        if not profile_fits(self.extras.icc, image.mode):
            options.pop("icc_profile", None)
        if self.target.plugin == "ICO":
            options["sizes"] = [*((side, side) for side in _ICON_SIDES), image.size]
        if self.target.plugin == "TIFF" and image.mode == "1":
            options["compression"] = "group4"
        return options


def _icon(image: Image.Image, plugin: str) -> Image.Image:
    if plugin == "ICO" and max(image.size) > 256:
        image = image.copy()
        image.thumbnail((256, 256), Image.Resampling.LANCZOS)
    if plugin == "ICNS" and image.width != image.height:
        side = max(image.size)
        square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
        image = square
    return image
