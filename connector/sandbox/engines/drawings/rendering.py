"""What both programs for drawings share: sizes, and pictures by way of PNG."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

from connector.sandbox.engines.base import EngineError, Option, Result, Source, Work
from connector.sandbox.engines.common.geometry import LARGEST_AREA, SIZE_OPTIONS, Sizing

DENSITY = 96
PICTURE = (
    *SIZE_OPTIONS,
    Option("pixel_density", "integer", default=DENSITY, minimum=10, maximum=2400),
)
QUALITY = Option("quality", "integer", minimum=1, maximum=100)
_LARGEST_SVG = 100 * 1024**2


def plain_svg(work: Work) -> Path:
    """The drawing as plain SVG in the work folder. Raises EngineError OPEN_FAILED or LIMIT_EXCEEDED."""
    source, path = work.source, work.folder / "drawing.svg"
    with source.path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(source.path) if packed else source.path.open("rb") as stream:
            content = stream.read(_LARGEST_SVG + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise damaged(source) from error
    if len(content) > _LARGEST_SVG:
        raise EngineError("LIMIT_EXCEEDED", f"{source.name} is a drawing of more than 100 MB: make it simpler.")
    _check(source, content)
    path.write_bytes(content)
    return path


def _check(source: Source, content: bytes) -> None:
    """Inkscape would make something of any half of a drawing. Expat itself refuses entities that explode."""
    if b"<svg" not in content and b":svg" not in content:
        raise damaged(source)
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise damaged(source) from error


def damaged(source: Source) -> EngineError:
    """The error for drawings that cannot be read."""
    return EngineError("OPEN_FAILED", f"{source.name} is damaged or is not a {source.format} drawing: check the file.")


def density_for(options: dict[str, object], size: tuple[float, float]) -> float:
    """The dots per inch at which a drawing of that size (at 96) is as large as wished, or as the density says.

    Raises EngineError LIMIT_EXCEEDED for pictures of too many pixels.
    """
    wanted = float(str(options.get("pixel_density") or DENSITY))
    sizing = Sizing.of(options)
    width, height = max(size[0], 0.01), max(size[1], 0.01)
    if sizing.wanted:
        # A drawing is not made of pixels: it may be enlarged without loss, whatever the fit.
        factors = [given / side for given, side in ((sizing.width, width), (sizing.height, height)) if given]
        wanted = DENSITY * (min(factors) if sizing.fit == "max" else max(factors))
    if width * height * (wanted / DENSITY) ** 2 > LARGEST_AREA:
        raise EngineError(
            "LIMIT_EXCEEDED",
            "The picture would have too many pixels: ask for a smaller width, height or pixel density.",
        )
    return wanted


def size_of(png: Path) -> tuple[float, float]:
    """Width and height of a PNG in pixels, from its head."""
    with png.open("rb") as file:
        head = file.read(24)
    return float(int.from_bytes(head[16:20], "big")), float(int.from_bytes(head[20:24], "big"))


def finished(work: Work, png: Path) -> Result:
    """The PNG as the picture that was asked for: its exact size and format."""
    from connector.sandbox.engines.raster.convert import convert

    kept = {name: value for name, value in work.options.items() if name in ("width", "height", "fit", "quality")}
    return convert(replace(work, sources=(Source(png, work.source.name, "png"),), options=kept))
