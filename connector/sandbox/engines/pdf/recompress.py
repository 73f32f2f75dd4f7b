"""Packing one picture of a PDF smaller, or leaving it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfImage, Stream
from PIL import Image, ImageChops, TiffImagePlugin

from connector.sandbox.engines.common.geometry import LARGEST_AREA
from connector.sandbox.engines.pdf.placements import Placement
from connector.sandbox.engines.pdf.profiles import Profile
from connector.sandbox.engines.pdf.xobjects import as_jpeg, image_xobject, jpeg_xobject
from connector.sandbox.engines.raster.modes import to_cmyk

_FILTERS = (Name.FlateDecode, Name.DCTDecode, Name.LZWDecode, Name.RunLengthDecode)
_SPACES = (Name.DeviceRGB, Name.DeviceGray, Name.CalRGB, Name.CalGray, Name.ICCBased, Name.Indexed)
_FULL_PAGE = 0.7
_SURPLUS = 1.25
"""A picture loses pixels only where it has this much more than needed: a small gain is not worth the blur."""
_NOT_DECODED = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OSError,
    NotImplementedError,
    SyntaxError,
)


@dataclass(frozen=True)
class Press:
    """Makes pictures smaller by a profile. `larger` are those that kept their colours, as others would make them larger."""

    pdf: Pdf
    profile: Profile
    larger: list[Stream] = field(default_factory=list)

    def press(self, item: Stream, placement: Placement | None) -> bool:
        """Replace the picture's data by the smallest of several packings. False where it stays as it was."""
        if not _is_suitable(item):
            return False
        try:
            image = _decoded(item)
            best = self._best(item, image, placement)
        except (*_NOT_DECODED, pikepdf.DataDecodingError, Image.DecompressionBombError):
            return False
        if best is None:
            if image.mode == "RGB" and self.profile.colours == "cmyk":
                self.larger.append(item)
            return False
        _replace(item, best)
        return True

    def _best(self, item: Stream, image: Image.Image, placement: Placement | None) -> Stream | None:
        """The smallest packing of the highest quality at which one is smaller than the picture is now."""
        size = len(item.read_raw_bytes())
        for quality in self._qualities():
            packings = self._packings(item, image, placement, quality)
            best = min(packings, key=lambda packing: len(packing.read_raw_bytes()), default=None)
            if best is not None and len(best.read_raw_bytes()) < size:
                return best
        return None

    def _qualities(self) -> tuple[int | None, ...]:
        first, least = self.profile.quality, self.profile.least_quality
        return (first,) if first is None or least is None else tuple(range(first, least - 1, -15))

    def _packings(
        self, item: Stream, image: Image.Image, placement: Placement | None, quality: int | None
    ) -> Iterator[Stream]:
        lossless = _filter(item) != Name.DCTDecode
        scan = placement is not None and placement.coverage >= _FULL_PAGE
        if quality is None or (self.profile.scans_only and not scan):
            if lossless:
                yield _like(item, image_xobject(self.pdf, image), image.mode)
            return
        if self.profile.scans_only:
            image = _grey_if_grey(image)
            if _is_text(image) and Name.SMask not in item:
                yield _black_and_white(self.pdf, image)
                return
        small = self._coloured(_fewer_pixels(image, placement, self.profile.density))
        yield _like(item, jpeg_xobject(self.pdf, as_jpeg(small, quality), small.mode, small.size), image.mode)
        if lossless and small.mode != "CMYK":
            yield _like(item, image_xobject(self.pdf, small), image.mode)

    def _coloured(self, image: Image.Image) -> Image.Image:
        if self.profile.colours == "grayscale":
            return image.convert("L")
        if self.profile.colours == "cmyk" and image.mode == "RGB":
            return to_cmyk(image)
        return image


def _is_suitable(item: Stream) -> bool:
    width, height = int(item.get(Name.Width, 0)), int(item.get(Name.Height, 0))
    mask = item.get(Name.SMask)
    return (
        not item.get(Name.ImageMask, False)
        and int(item.get(Name.BitsPerComponent, 0)) == 8
        and 64 <= width * height <= LARGEST_AREA
        and _filter(item) in _FILTERS
        and Name.Decode not in item
        # A mask of colours would not survive JPEG, and a matte ties the mask to these very pixels.
        and not isinstance(item.get(Name.Mask), Array)
        and (mask is None or Name.Matte not in mask)
        and _space(item) in _SPACES
    )


def _filter(item: Stream) -> Object | None:
    """The only filter of a stream; None where there are several or none."""
    used = item.get(Name.Filter)
    if isinstance(used, Array):
        return used[0] if len(used) == 1 else None
    return used


def _space(item: Object) -> Object | None:
    space = item.get(Name.ColorSpace)
    if isinstance(space, Array) and len(space) > 1:
        if space[0] == Name.ICCBased and int(space[1].get(Name.N, 0)) not in (1, 3):
            return None
        if space[0] == Name.Indexed and _space(Dictionary(ColorSpace=space[1])) is None:
            return None
        return space[0]
    return space


def _decoded(item: Stream) -> Image.Image:
    image = PdfImage(item).as_pil_image(apply_mask=False)
    if image.mode == "P":
        image = image.convert("RGB")
    if image.mode not in ("L", "RGB"):
        raise ValueError(image.mode)
    return image


def _fewer_pixels(image: Image.Image, placement: Placement | None, density: int | None) -> Image.Image:
    if placement is None or density is None or not placement.width or not placement.height:
        return image
    needed = max(1, round(placement.width / 72 * density)), max(1, round(placement.height / 72 * density))
    factor = min(image.width / needed[0], image.height / needed[1])
    if factor < _SURPLUS:
        return image
    return image.resize(
        (max(1, round(image.width / factor)), max(1, round(image.height / factor))), Image.Resampling.LANCZOS
    )


def _like(item: Stream, packing: Stream, mode: str) -> Stream:
    """Keep the exact colour space where the pixels still are of that kind."""
    kinds = {"/DeviceGray": "L", "/DeviceRGB": "RGB", "/DeviceCMYK": "CMYK"}
    if kinds[str(packing.ColorSpace)] == mode and _space(item) != Name.Indexed:
        packing.ColorSpace = item.ColorSpace
    return packing


def _replace(item: Stream, packing: Stream) -> None:
    item.write(
        packing.read_raw_bytes(),
        filter=Name(str(packing.Filter)),
        decode_parms=cast("Dictionary | None", packing.get(Name.DecodeParms)),
    )
    for key in (Name.Width, Name.Height, Name.ColorSpace, Name.BitsPerComponent):
        item[key] = packing[key]
    if Name.Decode in packing:
        item.Decode = packing.Decode


def _grey_if_grey(image: Image.Image) -> Image.Image:
    """A scan of black text has colour only as noise."""
    if image.mode != "RGB":
        return image
    red, green, blue = image.split()
    spread = ImageChops.subtract(
        ImageChops.lighter(ImageChops.lighter(red, green), blue), ImageChops.darker(ImageChops.darker(red, green), blue)
    )
    coloured = sum(spread.histogram()[32:])
    return image.convert("L") if coloured < 0.002 * image.width * image.height else image


def _is_text(image: Image.Image) -> bool:
    """Nearly all black or white, as scanned pages are and photos are not."""
    if image.mode != "L":
        return False
    counts = image.histogram()
    return sum(counts[72:184]) < 0.03 * sum(counts) and sum(counts[184:]) > 0.5 * sum(counts)


def _black_and_white(pdf: Pdf, image: Image.Image) -> Stream:
    buffer = io.BytesIO()
    flat = image.point(lambda value: 255 if value > 127 else 0).convert("1", dither=Image.Dither.NONE)
    flat.save(buffer, "TIFF", compression="group4", strip_size=2**30)
    with Image.open(io.BytesIO(buffer.getvalue())) as packed:
        tags = packed.tag_v2 if isinstance(packed, TiffImagePlugin.TiffImageFile) else {}
        start, length = int(tags[273][0]), int(tags[279][0])
    return Stream(
        pdf,
        buffer.getvalue()[start : start + length],
        Width=image.width,
        Height=image.height,
        BitsPerComponent=1,
        ColorSpace=Name.DeviceGray,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=True),
    )
