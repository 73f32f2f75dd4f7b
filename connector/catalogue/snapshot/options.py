"""Well-known options with their types, allowed values, usual defaults and documented ranges, by what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector.catalogue.model import Option
from connector.catalogue.snapshot.formats import PICTURE, SHEET, SLIDES, words

_IMAGES = words("jpg png")


@dataclass(frozen=True)
class Options:
    """The options of a combination; no engines, inputs or outputs stand for any."""

    options: tuple[Option, ...]
    engines: tuple[str, ...] = ()
    operations: tuple[str, ...] = ("convert",)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def belongs_to(self, operation: str, engine: str) -> bool:
        """Whether the operation has these options with that engine, for some formats."""
        return operation in self.operations and (not self.engines or engine in self.engines)

    def has(self, input_format: str | None, output_format: str | None) -> bool:
        """Whether the options are there for that pair of formats."""
        return (not self.inputs or input_format in self.inputs) and (not self.outputs or output_format in self.outputs)


def _text(name: str) -> Option:
    return Option(name, "string")


def _flag(name: str, default: bool | None = None) -> Option:
    return Option(name, "boolean", default)


def _whole(name: str, default: int | None = None, minimum: int | None = None, maximum: int | None = None) -> Option:
    return Option(name, "integer", default, (), minimum, maximum)


def _number(name: str, default: float | None = None, minimum: float | None = None) -> Option:
    return Option(name, "float", default, (), minimum)


def _choice(name: str, values: str, default: Any = None) -> Option:
    return Option(name, "enum", default, words(values))


_WIDTH_AND_HEIGHT = (_whole("width", minimum=1), _whole("height", minimum=1))
_FIT = _choice("fit", "max crop scale", "max")
_PAGES = _text("pages")
_PASSWORD = _text("password")
_QUALITY = _whole("quality", minimum=1, maximum=100)

_VIDEO = (
    _choice("video_codec", "copy x264 x265 vp8 vp9 av1", "x264"),
    _whole("crf", 23, 0, 51),
    _choice("preset", "ultrafast superfast veryfast faster fast medium slow slower veryslow", "medium"),
    _choice("tune", "film animation grain stillimage fastdecode zerolatency psnr ssim"),
    _choice("profile", "baseline main high high10 high422 high444"),
    _choice("level", "1 1b 1.1 1.2 1.3 2.0 2.1 2.2 3.0 3.1 3.2 4.0 4.1 4.2 5.0 5.1 5.2"),
    *_WIDTH_AND_HEIGHT,
    _choice("fit", "scale max crop", "scale"),
    _number("fps", minimum=1),
    _text("aspect_ratio"),
    _choice("subtitles_mode", "none copy soft hard", "none"),
)
_AUDIO = (
    _choice("audio_codec", "copy none aac aac_he_1 aac_he_2 opus vorbis"),
    _whole("audio_bitrate", 128, 1),
    _whole("audio_channels", minimum=1),
    _number("volume", 1.0, 0.0),
    _text("trim_start"),
    _text("trim_end"),
)
_PLACE = (
    _choice("position_vertical", "top center bottom", "center"),
    _choice("position_horizontal", "left center right", "center"),
    _whole("margin_vertical", 25),
    _whole("margin_horizontal", 25),
)
_TEXT_MARK = (
    _text("text"),
    _whole("font_size", 40, 1),
    _whole("font_width_percent", None, 1, 100),
    Option("font_color", "string", "#000000"),
    _text("font_name"),
    _choice("font_align", "left center right"),
)
_IMAGE_MARK = (
    _text("image"),
    _whole("image_width", minimum=1),
    _whole("image_height", minimum=1),
    _whole("image_width_percent", None, 1, 100),
)
_PAPER = (
    _PAGES,
    _number("zoom", 1.0),
    _number("page_width", minimum=0),
    _number("page_height", minimum=0),
    _choice("page_format", "letter legal tabloid ledger a0 a1 a2 a3 a4 a5 a6"),
    _choice("page_orientation", "portrait landscape", "portrait"),
    *(_number(f"margin_{side}", minimum=0) for side in words("top bottom left right")),
    _flag("print_background", default=True),
    _flag("display_header_footer", default=False),
    _text("header_template"),
    _text("footer_template"),
    _choice("css_media_type", "print screen", "print"),
)
_LOADING = (
    _choice("wait_until", "load domcontentloaded networkidle0 networkidle2", "load"),
    _text("wait_for_element"),
    _whole("wait_time", 0, 0),
    Option("headers", "dictionary"),
)
_SCREEN = (_whole("screen_width", 1440, 1), _whole("screen_height", minimum=1), _FIT)
_WEB = ("convert", "capture-website")
_OFFICES = ("office", "libreoffice")
_PDFTRON = ("pdftron-pdf2word", "pdftron-pdf2excel", "pdftron-pdf2powerpoint")

OPTIONS = (
    Options(_VIDEO, ("ffmpeg",), outputs=words("avi flv gif mkv mov mp4 webm wmv")),
    Options(_AUDIO, ("ffmpeg",)),
    Options(
        (*_WIDTH_AND_HEIGHT, _FIT, _flag("strip", default=False), _flag("auto_orient", default=True), _QUALITY),
        ("imagemagick",),
    ),
    Options((_whole("pixel_density", minimum=1),), ("imagemagick", "mutool", "poppler")),
    Options((_PAGES,), ("mutool", "poppler", *_PDFTRON)),
    Options(
        (
            _FIT,
            _flag("strip", default=False),
            _whole("pixel_density", 150, 1),
            _whole("quality", 75, 1, 100),
        ),
        ("graphicsmagick",),
    ),
    Options((_whole("pixel_density", 96, 1), _flag("text_to_path", default=False)), ("inkscape",)),
    Options((_flag("text_to_path"),), ("mupdf",)),
    Options(
        (_PAGES, _PASSWORD, _flag("optimize_print", default=True), _flag("pdf_a", default=False)),
        _OFFICES,
        outputs=("pdf", "xps"),
    ),
    Options((_flag("include_markup", default=False), _flag("bookmarks", default=False)), ("office",), outputs=("pdf",)),
    Options(
        (
            Option("output_type", "string", "slides"),
            _whole("slides_per_handout_page", 6, 1),
            _flag("hidden_slides", default=False),
        ),
        _OFFICES,
        inputs=SLIDES,
        outputs=("pdf",),
    ),
    Options((_flag("use_print_areas", default=False),), _OFFICES, inputs=SHEET, outputs=("pdf",)),
    Options(
        (
            _flag("outline", default=False),
            _number("zoom", 1.5),
            *(_flag(f"embed_{part}", default=True) for part in words("css javascript images fonts")),
            _flag("split_pages", default=False),
            _choice("bg_format", "png jpg svg"),
        ),
        ("pdf2htmlex",),
    ),
    Options((_PASSWORD,), _PDFTRON),
    Options((_flag("images_ocr", default=True),), ("pdftron-pdf2word",)),
    Options((_flag("non_table_content"), _flag("single_sheet")), ("pdftron-pdf2excel",)),
    Options(_PAPER, ("chrome",), _WEB, outputs=("pdf",)),
    Options(_SCREEN, ("chrome",), _WEB, outputs=_IMAGES),
    Options(_LOADING, ("chrome",), _WEB),
    Options(
        (
            _choice("profile", "web print archive mrc max", "web"),
            _flag("flatten_signatures", default=False),
            _choice("colorspace", "unchanged rgb cmyk grayscale"),
        ),
        operations=("optimize",),
        inputs=("pdf",),
    ),
    Options((_QUALITY,), operations=("optimize",), inputs=PICTURE),
    Options(
        (*_WIDTH_AND_HEIGHT, _FIT, _whole("count", 1, 1), _text("timestamp")),
        operations=("thumbnail",),
    ),
    Options(
        (
            *_TEXT_MARK,
            *_IMAGE_MARK,
            *_PLACE,
            _whole("opacity", 100, 0, 100),
            _whole("rotation", 0),
            _choice("layer", "above below", "above"),
        ),
        operations=("watermark",),
    ),
    Options((_PAGES,), operations=words("watermark pdf/extract-pages pdf/rotate-pages"), inputs=("pdf",)),
    Options((_choice("conformance_level", "1b 2b 3b", "3b"),), operations=("pdf/a",)),
    Options((_flag("auto_orient", default=True),), operations=("pdf/ocr",)),
    Options(
        (
            _text("set_password"),
            _text("set_owner_password"),
            _flag("allow_extract", default=False),
            _flag("allow_accessibility", default=True),
            _text("allow_modify"),
            _text("allow_print"),
        ),
        operations=("pdf/encrypt",),
    ),
    Options((_PASSWORD,), operations=("pdf/decrypt",)),
    Options((_text("rotation"),), operations=("pdf/rotate-pages",)),
)
