"""Changing pixel modes without surprises: white under transparency, 16 bits to 8, colour profiles honoured."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageCms, ImageMath

WHITE = (255, 255, 255)
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_PLAIN = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")


def is_transparent(image: Image.Image) -> bool:
    """Whether the picture can have transparent pixels."""
    return image.has_transparency_data


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, laid on white."""
    if not is_transparent(image):
        return image
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, (*WHITE, 255))
    ground.alpha_composite(layer)
    return ground.convert("RGB")


def adapted(image: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """The picture in one of `modes`, losing as little as they allow."""
    if image.mode in modes and (image.mode == "P" or not ("transparency" in image.info and "RGBA" in modes)):
        return image if "RGBA" in modes or image.mode == "LA" else _opaque(image, modes)
    image = eight_bits(image)
    if is_transparent(image):
        if "LA" in modes and image.mode == "LA":
            return image
        if "RGBA" in modes:
            return image.convert("RGBA")
        image = on_white(image)
    return _opaque(image, modes)


def eight_bits(image: Image.Image) -> Image.Image:
    """Pictures of 16 or 32 bits, and of unusual colour spaces, as 8-bit grey or RGB."""
    if image.mode in _DEEP:
        return _scaled_down(image)
    if image.mode in _PLAIN:
        return image
    return image.convert({"PA": "RGBA", "La": "LA", "RGBa": "RGBA", "LAB": "RGB"}.get(image.mode, "RGB"))


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB and CMYK pictures with a colour profile of their own as sRGB; a broken profile is ignored."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def to_cmyk(image: Image.Image) -> Image.Image:
    """An RGB or grey picture in CMYK. Black replaces the grey part of dark colours, which come out too light otherwise."""
    inks = [ImageChops.invert(band) for band in image.convert("RGB").split()]
    grey = ImageChops.darker(ImageChops.darker(inks[0], inks[1]), inks[2])
    black = ImageChops.multiply(grey, grey)
    return Image.merge("CMYK", [*(_without(ink, black) for ink in inks), black])


def profile_fits(profile: bytes | None, mode: str) -> bool:
    """Whether a colour profile is one for pictures of this mode (its header says so at bytes 16-20)."""
    space = {"CMYK": b"CMYK", "1": b"GRAY", "L": b"GRAY", "LA": b"GRAY", "I;16": b"GRAY"}.get(mode, b"RGB ")
    return bool(profile) and profile is not None and profile[16:20] == space


def _without(ink: Image.Image, black: Image.Image) -> Image.Image:
    """How much of an ink is still needed over that much black."""
    needed: Image.Image = ImageMath.lambda_eval(
        lambda args: args["convert"]((args["ink"] - args["black"]) * 255 / args["max"](255 - args["black"], 1), "L"),
        ink=ink,
        black=black,
    )
    return needed


def _opaque(image: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    image = on_white(image)
    if image.mode in modes:
        return image
    grey = image.mode in ("1", "L", "LA")
    for mode in ("L", "RGB", "RGBA", "1") if grey else ("RGB", "RGBA", "L", "1"):
        if mode in modes:
            return image.convert(mode)
    return image


def _scaled_down(image: Image.Image) -> Image.Image:
    wide = image.convert("F")
    _, highest = wide.getextrema()
    top = float(highest) if isinstance(highest, (int, float)) else 255.0
    if image.mode.startswith("I;16") or top > 255:
        wide = wide.point(lambda value: value * (255 / 65535))
    elif image.mode == "F" and top <= 1:
        wide = wide.point(lambda value: value * 255)
    return wide.convert("L")
