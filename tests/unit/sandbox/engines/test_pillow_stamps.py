"""Optimise, thumbnail, watermark and metadata of pictures."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from connector.sandbox.engines.pillow import STAMPABLE, Pillow
from connector.sandbox.engines.raster.targets import TARGETS
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Pillow()
WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def shown(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def noise(size: int = 200) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise((size, size), 60) for _ in range(3)])


def paper(folder: Path, kind: str = "png", size: tuple[int, int] = (400, 300)) -> Path:
    return saved(folder / f"paper.{kind}", Image.new("RGB", size, WHITE))


def inked(image: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything that is not white."""
    box = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(("kind", "options"), [("png", {}), ("jpg", {"quality": 98})])
def test_optimize_makes_the_file_smaller_and_keeps_its_size_in_pixels(
    tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    source = saved(tmp_path / f"in.{kind}", noise(), **options)
    path = run(ENGINE, "optimize", source).path
    assert path.stat().st_size < source.stat().st_size
    assert (shown(path).size, shown(path).format) == ((200, 200), TARGETS[kind].plugin)


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_optimize_returns_the_original_where_nothing_is_gained(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path / f"in.{kind}", noise())
    files = [path := run(ENGINE, "optimize", path, quality=100).path for _ in range(5)]
    assert files[-1].read_bytes() == files[-2].read_bytes()


def test_optimize_keeps_hard_transparency_exactly(tmp_path: Path) -> None:
    glass = noise().convert("RGBA")
    glass.paste((0, 0, 0, 0), (0, 0, 200, 100))
    source = saved(tmp_path / "in.png", glass)
    path = run(ENGINE, "optimize", source).path
    assert path.stat().st_size < source.stat().st_size * 0.7
    assert shown(path).convert("RGBA").getchannel("A").tobytes() == glass.getchannel("A").tobytes()


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_optimize_obeys_quality(tmp_path: Path, kind: str) -> None:
    source = saved(tmp_path / f"in.{kind}", noise())
    low, high = (run(ENGINE, "optimize", source, quality=quality).path.stat().st_size for quality in (20, 90))
    assert low < high


def test_optimize_keeps_exif_transparency_and_animations(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (
        shown(run(ENGINE, "optimize", saved(tmp_path / "a.jpg", noise(), exif=exif, quality=98)).path).getexif()[0x0112]
        == 6
    )
    glass = noise().convert("RGBA")
    glass.putalpha(Image.linear_gradient("L").resize((200, 200)))
    assert (
        shown(run(ENGINE, "optimize", saved(tmp_path / "b.png", glass)).path).convert("RGBA").getpixel((100, 5))[3] < 20
    )
    moving = saved(tmp_path / "c.png", noise(), save_all=True, append_images=[noise()])
    assert shown(run(ENGINE, "optimize", moving).path).n_frames == 2


@pytest.mark.parametrize("output", ["png", "jpg", "webp"])
def test_a_thumbnail_fits_into_256_pixels_by_default(tmp_path: Path, output: str) -> None:
    assert shown(run(ENGINE, "thumbnail", paper(tmp_path, size=(1024, 512)), output).path).size == (256, 128)


def test_a_thumbnail_obeys_size_and_fit(tmp_path: Path) -> None:
    assert shown(run(ENGINE, "thumbnail", paper(tmp_path), "jpg", width=50, height=50, fit="crop").path).size == (
        50,
        50,
    )


def test_count_gives_so_many_frames(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.gif", noise(20), save_all=True, append_images=[noise(20), noise(20)])
    assert len(run(ENGINE, "thumbnail", source, "png", count=2).paths) == 2
    assert len(run(ENGINE, "thumbnail", paper(tmp_path), "png", count=2).paths) == 1


@pytest.mark.parametrize("kind", STAMPABLE)
def test_text_is_stamped_in_the_middle_of_every_kind(tmp_path: Path, kind: str) -> None:
    image = shown(run(ENGINE, "watermark", paper(tmp_path, kind), text="DRAFT").path)
    left, top, right, bottom = inked(image)
    assert image.format == TARGETS[kind].plugin
    assert (left + right) / 2 == pytest.approx(200, abs=4)
    assert (top + bottom) / 2 == pytest.approx(150, abs=4)


@pytest.mark.parametrize(
    ("across", "down", "corner"),
    [
        ("left", "top", (10, 20)),
        ("right", "bottom", (390, 280)),
        ("left", "bottom", (10, 280)),
        ("right", "top", (390, 20)),
    ],
)
def test_position_and_margins(tmp_path: Path, across: str, down: str, corner: tuple[int, int]) -> None:
    place = {"position_horizontal": across, "position_vertical": down, "margin_horizontal": 10, "margin_vertical": 20}
    box = inked(shown(run(ENGINE, "watermark", paper(tmp_path), text="HHH", **place).path))
    found = box[0] if across == "left" else box[2], box[1] if down == "top" else box[3]
    assert found == pytest.approx(corner, abs=3)


def test_font_size_colour_and_rotation(tmp_path: Path) -> None:
    image = shown(
        run(ENGINE, "watermark", paper(tmp_path), text="HHHH", font_size=60, font_color="#FF0000", rotation=90).path
    )
    left, top, right, bottom = inked(image)
    assert bottom - top > 2 * (right - left) > 60
    assert RED in {colour for _, colour in image.convert("RGB").getcolors(100_000) or []}


def test_font_width_percent_wins_over_font_size(tmp_path: Path) -> None:
    left, _, right, _ = inked(shown(run(ENGINE, "watermark", paper(tmp_path), text="HHHH", font_width_percent=80).path))
    assert right - left == pytest.approx(320, abs=8)


def test_lines_are_aligned(tmp_path: Path) -> None:
    boxes = []
    for align in ("left", "right"):
        image = shown(run(ENGINE, "watermark", paper(tmp_path), text="HHHHHHHH\nH", font_align=align).path)
        boxes.append(inked(image.crop((0, 155, 400, 300))))
    assert boxes[1][0] - boxes[0][0] > 80


def test_opacity(tmp_path: Path) -> None:
    stamp = saved(tmp_path / "stamp.png", Image.new("RGB", (50, 50), BLACK))
    image = shown(run(ENGINE, "watermark", [paper(tmp_path), stamp], opacity=50).path)
    assert image.getpixel((200, 150))[0] == pytest.approx(128, abs=2)
    assert shown(run(ENGINE, "watermark", [paper(tmp_path), stamp], opacity=0).path).getpixel((200, 150)) == WHITE


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, (50, 25)),
        ({"image_width": 100}, (100, 50)),
        ({"image_width_percent": 50}, (200, 100)),
        ({"image_width": 30, "image_height": 60}, (30, 60)),
    ],
)
def test_an_image_is_stamped_in_its_size(tmp_path: Path, options: dict[str, object], size: tuple[int, int]) -> None:
    stamp = saved(tmp_path / "stamp.png", Image.new("RGBA", (50, 25), BLACK))
    left, top, right, bottom = inked(shown(run(ENGINE, "watermark", [paper(tmp_path), stamp], **options).path))
    assert (right - left, bottom - top) == pytest.approx(size, abs=1)


def test_below_lies_under_what_is_opaque(tmp_path: Path) -> None:
    half = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    half.paste(RED, (0, 0, 50, 100))
    stamp = saved(tmp_path / "stamp.png", Image.new("RGB", (80, 80), BLACK))
    image = shown(run(ENGINE, "watermark", [saved(tmp_path / "in.png", half), stamp], layer="below").path)
    assert (image.getpixel((30, 50)), image.getpixel((70, 50))) == ((*RED, 255), (*BLACK, 255))


def test_every_frame_of_an_animation_is_stamped(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 60), (250, 250, 250 - number)) for number in range(3)]
    source = saved(tmp_path / "in.gif", frames[0], save_all=True, append_images=frames[1:], duration=50)
    stamp = saved(tmp_path / "stamp.png", Image.new("RGB", (20, 20), BLACK))
    image = shown(run(ENGINE, "watermark", [source, stamp]).path)
    for number in range(3):
        image.seek(number)
        assert image.convert("RGB").getpixel((30, 30)) == BLACK


def test_a_missing_font_is_said(tmp_path: Path) -> None:
    assert "No Such Font" in run(ENGINE, "watermark", paper(tmp_path), text="x", font_name="No Such Font").warnings[0]


def test_a_damaged_stamp_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stamp.png").write_bytes(b"nothing")
    error = refused(ENGINE, "watermark", [paper(tmp_path), tmp_path / "stamp.png"])
    assert error.code == "OPEN_FAILED"
    assert "stamp.png" in error.message


def test_metadata_uses_exiftools_names(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.update({0x010F: "Maker", 0x0112: 6, 0x0132: "2024:05:01 10:00:00", 0x8298: "Me"})
    exif[ExifTags.IFD.Exif] = {
        0x829A: IFDRational(1, 60),
        0x829D: IFDRational(28, 10),
        0x8827: 200,
        0x9003: "2024:05:01 09:59:59",
    }
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (IFDRational(54), IFDRational(59), IFDRational(2280, 100))}
    found = run(ENGINE, "metadata", saved(tmp_path / "in.jpg", noise(), exif=exif, dpi=(300, 300))).metadata
    wanted = {
        "FileName": "in.jpg", "FileType": "JPEG", "FileTypeExtension": "jpg", "MIMEType": "image/jpeg", "ImageWidth": 200, "ImageHeight": 200,
        "ImageSize": "200x200", "Megapixels": 0.04, "Make": "Maker", "Orientation": "Rotate 90 CW", "ModifyDate": "2024:05:01 10:00:00",
        "Copyright": "Me", "ExposureTime": "1/60", "FNumber": 2.8, "ISO": 200, "DateTimeOriginal": "2024:05:01 09:59:59",
        "XResolution": 300, "GPSLatitude": "54 deg 59' 22.80\" N",
    }  # fmt: skip
    assert wanted.items() <= found.items()


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("png", "image/png"), ("gif", "image/gif"), ("webp", "image/webp"), ("tiff", "image/tiff"), ("bmp", "image/bmp")],
)
def test_metadata_of_other_kinds(tmp_path: Path, kind: str, mime: str) -> None:
    found = run(ENGINE, "metadata", saved(tmp_path / f"in.{kind}", noise(30))).metadata
    assert (found["MIMEType"], found["ImageWidth"], found["FileType"]) == (mime, 30, kind.upper())


def test_metadata_counts_frames_and_pages(tmp_path: Path) -> None:
    for kind, key in (("gif", "FrameCount"), ("tiff", "PageCount")):
        source = saved(tmp_path / f"in.{kind}", noise(20), save_all=True, append_images=[noise(20)])
        assert run(ENGINE, "metadata", source).metadata[key] == 2
