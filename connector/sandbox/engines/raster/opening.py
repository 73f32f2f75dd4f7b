"""Opening pictures of strangers: only harmless formats, with limits, and with a sentence when they are damaged."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from connector.sandbox.engines.base import EngineError, Source
from connector.sandbox.engines.raster.xpm import in_figures

READABLE = (
    "AVIF", "BMP", "CUR", "DDS", "DIB", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PCX",
    "PNG", "PPM", "PSD", "QOI", "SGI", "TGA", "TIFF", "WEBP", "XBM", "XPM",
)  # fmt: skip
"""Pillow's names of the formats that are decoded without starting another program (EPS would start Ghostscript)."""

_DAMAGE = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    struct.error,
    zlib.error,
)


@contextmanager
def opened(source: Source) -> Iterator[Image.Image]:
    """The decoded first picture of a file.

    Raises EngineError OPEN_FAILED where it is no picture or a damaged one, LIMIT_EXCEEDED where it has too many pixels.
    """
    with reading(source.name):
        image = _open(source.path)
    with image:
        with reading(source.name):
            image.load()
        yield image


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what Pillow raises about a bad picture into a sentence; errors of the disk pass through."""
    try:
        yield
    except (Image.DecompressionBombError, MemoryError) as error:
        raise EngineError(
            "LIMIT_EXCEEDED", f'"{name}" has too many pixels to be opened safely. Make it smaller and try again.'
        ) from error
    except UnidentifiedImageError as error:
        raise EngineError(
            "OPEN_FAILED", f'"{name}" is not a picture that can be read. Check that the file is what its name says.'
        ) from error
    except _DAMAGE as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise EngineError(
            "OPEN_FAILED", f'"{name}" is damaged or incomplete and cannot be read. Export it again and retry.'
        ) from error


def _open(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        # Between one and two times the limit Pillow only warns; that much still fits into memory.
        warnings.simplefilter("ignore")
        return Image.open(in_figures(path) or path, formats=READABLE)
