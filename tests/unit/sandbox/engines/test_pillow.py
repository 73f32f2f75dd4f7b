from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageCms, ImageColor

from connector.sandbox.engines.pillow import INPUTS, Pillow
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY, TARGETS
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Pillow()
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
XPM = (
    '/* XPM */\nstatic char *a[] = {\n"40 30 2 1",\n"a c #ff0000",\n"b c #0000ff",\n'
    + ",\n".join(['"' + "a" * 20 + "b" * 20 + '"'] * 30)
    + "};\n"
)
MAGIC = {
    "avif": (4, b"ftypavif"), "bmp": (0, b"BM"), "dds": (0, b"DDS "), "eps": (0, b"%!PS-Adobe"), "gif": (0, b"GIF8"), "icns": (0, b"icns"),
    "ico": (0, b"\0\0\1\0"), "jpg": (0, b"\xff\xd8\xff"), "jp2": (4, b"jP  "), "pbm": (0, b"P4"), "pdf": (0, b"%PDF-"), "pgm": (0, b"P5"),
    "png": (0, b"\x89PNG"), "ppm": (0, b"P6"), "qoi": (0, b"qoif"), "sgi": (0, b"\x01\xda"), "tiff": (0, b"II*\0"), "webp": (8, b"WEBP"), "xbm": (0, b"#define"),
}  # fmt: skip


def picture(size: tuple[int, int] = (40, 30), mode: str = "RGB") -> Image.Image:
    """Red on the left half, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def sample(folder: Path, kind: str) -> Path:
    """A picture as a file of any input format."""
    path = folder / f"in.{kind}"
    if kind == "xpm":
        path.write_text(XPM)
    elif kind == "psd":
        bands = b"".join(band.tobytes() for band in picture().split())
        path.write_bytes(b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 30, 40, 8, 3) + bytes(12) + b"\0\0" + bands)
    elif kind == "cur":
        picture(mode="RGBA").save(path, "ICO", bitmap_format="bmp", sizes=[(40, 30)])
        path.write_bytes(b"\0\0\2\0" + path.read_bytes()[4:])
    else:
        mode = {"pbm": "1", "xbm": "1", "pgm": "L"}.get(kind, "RGBA" if kind == "icns" else "RGB")
        square = (32, 32) if kind == "icns" else (40, 30)
        picture(square, mode).save(path, TARGETS[kind].plugin)
    return path


def shown(path: Path) -> Image.Image:
    """The picture, without keeping its file open."""
    return Image.open(io.BytesIO(path.read_bytes()))


def document(path: Path) -> pypdfium2.PdfDocument:
    """The PDF, without keeping its file open."""
    return pypdfium2.PdfDocument(path.read_bytes())


def near(found: object, wanted: tuple[int, ...], tolerance: int = 40) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=False))


@pytest.mark.parametrize("kind", INPUTS)
def test_every_declared_pair_converts(tmp_path: Path, kind: str) -> None:
    source = sample(tmp_path, kind)
    for output in [*LOSSY, *LOSSLESS, "pdf"]:
        data = run(ENGINE, "convert", source, output, width=40).path.read_bytes()
        offset, magic = MAGIC.get(output, (0, b""))
        assert data[offset:].startswith(magic), output
        if output not in ("pdf", "eps"):
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                assert image.format == TARGETS[output].plugin


@pytest.mark.parametrize(
    "output", ["png", "jpg", "webp", "avif", "gif", "tiff", "bmp", "tga", "jp2", "ppm", "qoi", "sgi", "dds", "pcx"]
)
def test_pixels_survive(tmp_path: Path, output: str) -> None:
    done = run(ENGINE, "convert", saved(tmp_path / "in.png", picture()), output)
    image = shown(done.path).convert("RGB")
    assert image.size == (40, 30)
    assert near(image.getpixel((5, 15)), RED)
    assert near(image.getpixel((35, 15)), BLUE)


@pytest.mark.parametrize(("fit", "size"), [("max", (20, 15)), ("crop", (20, 20)), ("scale", (20, 20))])
def test_size_and_fit_take_effect(tmp_path: Path, fit: str, size: tuple[int, int]) -> None:
    done = run(ENGINE, "convert", saved(tmp_path / "in.png", picture()), "png", width=20, height=20, fit=fit)
    assert shown(done.path).size == size


def test_quality_makes_smaller_files(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", Image.effect_noise((200, 200), 80).convert("RGB"))
    for output in LOSSY:
        low, high = (
            run(ENGINE, "convert", source, output, quality=quality).path.stat().st_size for quality in (10, 95)
        )
        assert low < high * 0.8, output


def test_pixel_density_is_written(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", picture())
    for output in ("png", "jpg", "tiff", "bmp"):
        dpi = shown(run(ENGINE, "convert", source, output, pixel_density=200).path).info["dpi"]
        assert dpi[0] == pytest.approx(200, abs=0.1), output


def test_transparency_becomes_white_where_the_format_has_none(tmp_path: Path) -> None:
    image = picture(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 40, 10))
    source = saved(tmp_path / "in.png", image)
    for output in ("jpg", "bmp", "ppm", "pcx"):
        flat = shown(run(ENGINE, "convert", source, output).path).convert("RGB")
        assert near(flat.getpixel((5, 3)), WHITE), output
        assert near(flat.getpixel((5, 25)), RED), output


@pytest.mark.parametrize("output", ["png", "webp", "gif", "tiff", "ico", "tga", "avif"])
def test_transparency_survives_where_the_format_has_it(tmp_path: Path, output: str) -> None:
    image = picture(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 40, 10))
    result = shown(run(ENGINE, "convert", saved(tmp_path / "in.png", image), output).path).convert("RGBA")
    assert result.getpixel((5, 3))[3] == 0
    assert result.getpixel((5, 25))[3] == 255


def turned_photo(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    return saved(folder / "in.jpg", picture(), exif=exif)


def test_photos_are_turned_upright_and_keep_their_exif(tmp_path: Path) -> None:
    image = shown(run(ENGINE, "convert", turned_photo(tmp_path), "webp").path)
    assert image.size == (30, 40)
    assert dict(image.getexif()) == {0x010F: "Maker"}


def test_without_auto_orient_pixels_and_note_stay(tmp_path: Path) -> None:
    image = shown(run(ENGINE, "convert", turned_photo(tmp_path), "png", auto_orient=False).path)
    assert image.size == (40, 30)
    assert image.getexif()[0x0112] == 6


def test_strip_removes_exif_and_profile(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = saved(tmp_path / "in.jpg", picture(), icc_profile=profile, exif=shown(turned_photo(tmp_path)).getexif())
    for strip in (False, True):
        image = shown(run(ENGINE, "convert", source, "png", strip=strip).path)
        assert (bool(image.getexif()), "icc_profile" in image.info) == (not strip, not strip)


def test_a_tiffs_storage_tags_do_not_follow_into_other_files(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.tif", picture(), tiffinfo={271: "Maker"})
    assert dict(shown(run(ENGINE, "convert", source, "jpg").path).getexif()) == {271: "Maker"}


def test_16_bit_grey_keeps_its_brightness_in_8_bits(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", Image.new("I;16", (8, 8), 32768))
    assert shown(run(ENGINE, "convert", source, "jpg").path).getpixel((4, 4)) == pytest.approx(128, abs=2)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.jpg", Image.new("CMYK", (16, 16), (0, 255, 255, 0)), quality=100)
    image = shown(run(ENGINE, "convert", source, "png").path)
    assert image.mode == "RGB"
    assert near(image.getpixel((8, 8)), RED)


def animation(path: Path) -> Path:
    frames = [Image.new("RGB", (20, 10), colour) for colour in (RED, BLUE, (0, 200, 0))]
    return saved(path, frames[0], save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
@pytest.mark.parametrize("output", ["gif", "webp", "png", "apng", "avif"])
def test_animations_keep_frames_and_timing(tmp_path: Path, kind: str, output: str) -> None:
    image = shown(run(ENGINE, "convert", animation(tmp_path / f"in.{kind}"), output, width=10).path)
    assert (image.n_frames, image.size) == (3, (10, 5))
    image.seek(1)
    image.load()
    assert near(image.convert("RGB").getpixel((5, 2)), BLUE)
    assert image.info["duration"] == pytest.approx(200)


def test_an_animation_as_a_still_is_its_first_frame_and_says_so(tmp_path: Path) -> None:
    done = run(ENGINE, "convert", animation(tmp_path / "in.gif"), "jpg")
    assert near(shown(done.path).getpixel((5, 5)), RED)
    assert "3 frames" in done.warnings[0]


def test_pages_of_a_tiff_become_one_file_each(tmp_path: Path) -> None:
    done = run(ENGINE, "convert", animation(tmp_path / "in.tiff"), "png")
    assert [near(shown(path).getpixel((5, 5)), RED) for path in done.paths] == [True, False, False]


def test_pages_of_a_tiff_stay_together_in_a_tiff(tmp_path: Path) -> None:
    assert shown(run(ENGINE, "convert", animation(tmp_path / "in.tiff"), "tif", height=5).path).n_frames == 3


@pytest.mark.parametrize("kind", ["tiff", "gif"])
def test_several_frames_become_pdf_pages(tmp_path: Path, kind: str) -> None:
    pdf = document(run(ENGINE, "convert", animation(tmp_path / f"in.{kind}"), "pdf").path)
    assert len(pdf) == 3
    assert near(pdf[1].render().to_pil().getpixel((5, 5)), BLUE, 3)


def test_a_pdf_page_is_as_large_as_the_density_says(tmp_path: Path) -> None:
    done = run(ENGINE, "convert", saved(tmp_path / "in.png", picture((300, 150))), "pdf", pixel_density=150)
    assert document(done.path)[0].get_size() == pytest.approx((144, 72))


def test_a_jpeg_goes_into_a_pdf_byte_by_byte(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.jpg", picture())
    assert source.read_bytes() in run(ENGINE, "convert", source, "pdf").path.read_bytes()


def test_quality_decides_over_pictures_in_a_pdf(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", Image.effect_noise((200, 200), 80))
    low, without = (
        run(ENGINE, "convert", source, "pdf", **options).path.stat().st_size for options in ({"quality": 10}, {})
    )
    assert low < without / 2


def test_transparency_in_a_pdf_shows_the_paper(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", Image.new("RGBA", (20, 20), (255, 0, 0, 0)))
    page = document(run(ENGINE, "convert", source, "pdf").path)[0]
    assert page.render().to_pil().getpixel((10, 10)) == WHITE


def test_icons_hold_several_sizes(tmp_path: Path) -> None:
    icon = shown(run(ENGINE, "convert", saved(tmp_path / "in.png", picture((600, 600))), "ico").path)
    assert {(16, 16), (32, 32), (256, 256)} <= icon.info["sizes"]


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("operation", ["convert", "optimize", "thumbnail", "metadata"])
def test_a_decompression_bomb_is_refused(tmp_path: Path, operation: str) -> None:
    (tmp_path / "in.png").write_bytes(bomb(30_000, 30_000))
    error = refused(ENGINE, operation, tmp_path / "in.png", "png" if operation in ("convert", "thumbnail") else None)
    assert error.code == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("kind", sorted(set(INPUTS) - {"xpm", "xbm", "cur"}))
def test_damaged_files_are_refused_with_a_sentence(tmp_path: Path, kind: str) -> None:
    whole = sample(tmp_path, kind).read_bytes()
    for content in (b"", b"\0", b"no picture at all" * 50, whole[: len(whole) // 3]):
        (tmp_path / f"bad.{kind}").write_bytes(content)
        assert refused(ENGINE, "convert", tmp_path / f"bad.{kind}", "png").code == "OPEN_FAILED"


def test_postscript_under_a_pictures_name_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "in.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n")
    assert refused(ENGINE, "convert", tmp_path / "in.png", "jpg").code == "OPEN_FAILED"


def test_a_result_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    error = refused(
        ENGINE, "convert", saved(tmp_path / "in.png", picture()), "png", width=30_000, height=30_000, fit="scale"
    )
    assert error.code == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(("output", "width"), [("jpg", 70_000), ("webp", 17_000)])
def test_a_picture_too_long_for_a_format_is_refused_with_its_size(tmp_path: Path, output: str, width: int) -> None:
    error = refused(ENGINE, "convert", saved(tmp_path / "in.png", Image.new("L", (width, 1))), output)
    assert (error.code, str(width) in error.message) == ("CONVERSION_FAILED", True)


def test_pictures_of_a_hundred_million_pixels_pass(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.png", Image.new("1", (10_000, 10_000)))
    assert shown(run(ENGINE, "convert", source, "png", width=100).path).size == (100, 100)


@pytest.mark.parametrize(
    "names", [("red", "blue"), ("Red", "#0000FF"), ("#ff0000", "medium blue"), ("gray0", "grey100")]
)
def test_an_xpm_whose_colours_have_names_is_read(tmp_path: Path, names: tuple[str, str]) -> None:
    path = tmp_path / "in.xpm"
    path.write_text(XPM.replace("#ff0000", names[0]).replace("#0000ff", names[1]))
    known = {"gray0": "black", "grey100": "white", "medium blue": "mediumblue"}
    wanted = [ImageColor.getrgb(known.get(name, name)) for name in names]
    image = shown(run(ENGINE, "convert", path, "png").path).convert("RGB")
    assert [image.getpixel((5, 5)), image.getpixel((35, 5))] == wanted
