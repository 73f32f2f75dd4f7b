"""Pictures as image XObjects of a PDF, without loss unless they were JPEG already."""

from __future__ import annotations

import io
import struct

from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from connector.sandbox.engines.raster.modes import adapted

_SPACES = {"1": Name.DeviceGray, "L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}


def image_xobject(pdf: Pdf, image: Image.Image) -> Stream:
    """The picture's pixels as they are; transparency becomes a soft mask."""
    image = adapted(image, ("1", "L", "RGB", "RGBA"))
    if image.mode != "RGBA":
        return _plain(pdf, image)
    stream = _plain(pdf, image.convert("RGB"))
    stream.SMask = pdf.make_indirect(_plain(pdf, image.getchannel("A")))
    return stream


def jpeg_xobject(pdf: Pdf, data: bytes, mode: str, size: tuple[int, int]) -> Stream:
    """A JPEG file taken over byte by byte. `mode` is Pillow's: L, RGB or CMYK."""
    stream = _image(pdf, data, mode, size)
    stream.Filter = Name.DCTDecode
    if mode == "CMYK":
        # JPEG writers store CMYK inverted, PDF readers take it as it is.
        stream.Decode = Array([1, 0] * 4)
    return stream


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """An L, RGB or CMYK picture encoded as JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()


def _plain(pdf: Pdf, image: Image.Image) -> Stream:
    buffer = io.BytesIO()
    image.info = {}
    image.save(buffer, "PNG")
    bits, colours = (1, 1) if image.mode == "1" else (8, len(image.getbands()))
    stream = _image(pdf, _png_data(buffer.getvalue()), image.mode, image.size)
    stream.Filter = Name.FlateDecode
    stream.DecodeParms = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=bits, Columns=image.width)
    return stream


def _image(pdf: Pdf, data: bytes, mode: str, size: tuple[int, int]) -> Stream:
    return Stream(
        pdf,
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=_SPACES[mode],
        BitsPerComponent=1 if mode == "1" else 8,
    )


def _png_data(png: bytes) -> bytes:
    """The compressed rows of a PNG file: PDF's Flate filter with PNG prediction reads them as they are."""
    parts, position = [], 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            parts.append(png[position + 8 : position + 8 + length])
        position += 12 + length
    return b"".join(parts)
