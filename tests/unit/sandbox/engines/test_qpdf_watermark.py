from __future__ import annotations

from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from connector.sandbox.engines.qpdf import Qpdf
from tests.unit.sandbox.engines.papers import opened, pdf, seen, texts
from tests.unit.sandbox.engines.workbench import Done, refused, run

ENGINE = Qpdf()
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
CORNER = {"position_horizontal": "left", "position_vertical": "top", "margin_horizontal": 10, "margin_vertical": 20}


def blank(folder: Path, pages: int = 1, size: tuple[float, float] = (400, 300)) -> Path:
    return pdf(folder / "blank.pdf", *[" "] * pages, size=size)


def stamp(folder: Path, size: tuple[int, int] = (50, 25), colour: tuple[int, ...] = BLACK) -> Path:
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(folder / "stamp.png")
    return folder / "stamp.png"


def inked(path: Path, page: int = 1) -> tuple[int, int, int, int] | None:
    """The box around everything that is not white, in points from the top left corner as the page is seen."""
    return seen(path, page).convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()


def stamped(folder: Path, **options: object) -> Done:
    return run(ENGINE, "watermark", blank(folder), **options)


def test_text_stands_in_the_middle_and_can_be_found(tmp_path: Path) -> None:
    path = stamped(tmp_path, text="DRAFT").path
    left, top, right, bottom = inked(path) or (0, 0, 0, 0)
    assert texts(path) == ["DRAFT"]
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((200, 150), abs=5)


@pytest.mark.parametrize(
    ("across", "down"), [("left", "top"), ("right", "top"), ("left", "bottom"), ("right", "bottom")]
)
def test_position_and_margins(tmp_path: Path, across: str, down: str) -> None:
    place = {**CORNER, "position_horizontal": across, "position_vertical": down}
    box = inked(run(ENGINE, "watermark", [blank(tmp_path), stamp(tmp_path)], **place).path)
    left, top = 10 if across == "left" else 340, 20 if down == "top" else 255
    assert box == pytest.approx((left, top, left + 50, top + 25), abs=1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_stamp_is_upright_on_turned_pages_with_a_shifted_corner(tmp_path: Path, turn: int) -> None:
    with opened(blank(tmp_path)) as document:
        document.pages[0].rotate(turn, relative=False)
        document.pages[0].mediabox = Array([-50, 30, 350, 330])
        document.save(tmp_path / "turned.pdf")
    box = inked(run(ENGINE, "watermark", [tmp_path / "turned.pdf", stamp(tmp_path)], **CORNER).path)
    assert box == pytest.approx((10, 20, 60, 45), abs=1)


def test_rotation_is_clockwise(tmp_path: Path) -> None:
    half = Image.new("RGB", (100, 100), WHITE)
    half.paste(BLACK, (0, 0, 100, 50))
    half.save(tmp_path / "stamp.png")
    box = inked(run(ENGINE, "watermark", [blank(tmp_path), tmp_path / "stamp.png"], rotation=90).path)
    assert box == pytest.approx((200, 100, 250, 200), abs=1)


@pytest.mark.parametrize(
    ("options", "size"),
    [({"image_width": 100}, (100, 50)), ({"image_width_percent": 50}, (200, 100)), ({"image_height": 50}, (100, 50))],
)
def test_the_size_of_a_stamped_image(tmp_path: Path, options: dict[str, object], size: tuple[int, int]) -> None:
    left, top, right, bottom = inked(run(ENGINE, "watermark", [blank(tmp_path), stamp(tmp_path)], **options).path) or (
        0,
        0,
        0,
        0,
    )
    assert (right - left, bottom - top) == pytest.approx(size, abs=1)


def test_font_size_colour_and_width(tmp_path: Path) -> None:
    small, large = (inked(stamped(tmp_path, text="HHHH", font_size=size).path) or (0, 0, 0, 0) for size in (20, 40))
    assert (large[3] - large[1]) == pytest.approx(2 * (small[3] - small[1]), abs=3)
    wide = inked(stamped(tmp_path, text="HHHH", font_width_percent=80).path) or (0, 0, 0, 0)
    assert wide[2] - wide[0] == pytest.approx(320, abs=20)
    assert (255, 0, 0) in {
        colour
        for _, colour in seen(stamped(tmp_path, text="HHHH", font_color="#FF0000").path, scale=3).getcolors(100_000)
        or []
    }


def test_lines_are_aligned(tmp_path: Path) -> None:
    boxes = []
    for align in ("left", "right"):
        picture = seen(stamped(tmp_path, text="HHHHHHHH\nH", font_align=align).path).crop((0, 152, 400, 300))
        boxes.append(picture.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox())
    assert boxes[1][0] - boxes[0][0] > 80


def test_opacity_and_transparent_images(tmp_path: Path) -> None:
    half = seen(run(ENGINE, "watermark", [blank(tmp_path), stamp(tmp_path)], opacity=50).path)
    assert half.getpixel((200, 150))[0] == pytest.approx(128, abs=3)
    glass = seen(run(ENGINE, "watermark", [blank(tmp_path), stamp(tmp_path, colour=(0, 0, 0, 64))]).path)
    assert glass.getpixel((200, 150))[0] == pytest.approx(191, abs=3)


def test_above_hides_and_below_is_hidden(tmp_path: Path) -> None:
    with opened(blank(tmp_path)) as document:
        document.pages[0].obj.Contents = document.make_stream(b"1 0 0 rg 150 100 50 100 re f")
        document.save(tmp_path / "red.pdf")
    for layer, colour in (("above", BLACK), ("below", (255, 0, 0))):
        picture = seen(run(ENGINE, "watermark", [tmp_path / "red.pdf", stamp(tmp_path)], layer=layer).path)
        assert (picture.getpixel((190, 150)), picture.getpixel((210, 150))) == (colour, BLACK)


def test_only_the_chosen_pages_are_stamped(tmp_path: Path) -> None:
    path = run(ENGINE, "watermark", blank(tmp_path, pages=3), text="DRAFT", pages="1,3").path
    assert [bool(inked(path, page)) for page in (1, 2, 3)] == [True, False, True]


def test_what_a_page_leaves_behind_does_not_move_the_stamp(tmp_path: Path) -> None:
    with opened(blank(tmp_path)) as document:
        document.pages[0].obj.Contents = document.make_stream(b"0.1 0 0 0.1 0 0 cm 0 0 10 10 re W n")
        document.save(tmp_path / "odd.pdf")
    assert inked(run(ENGINE, "watermark", [tmp_path / "odd.pdf", stamp(tmp_path)], **CORNER).path) == pytest.approx(
        (10, 20, 60, 45), abs=1
    )


def test_pages_that_inherit_their_resources_keep_them(tmp_path: Path) -> None:
    with opened(pdf(tmp_path / "in.pdf", "One", "Two")) as document:
        document.Root.Pages.Resources = document.pages[0].obj.Resources
        for page in document.pages:
            del page.obj.Resources
        document.save(tmp_path / "inherits.pdf")
    assert [text.split() for text in texts(run(ENGINE, "watermark", tmp_path / "inherits.pdf", text="X").path)] == [
        ["One", "X"],
        ["Two", "X"],
    ]


def test_pages_of_different_sizes_get_a_stamp_of_their_own(tmp_path: Path) -> None:
    with opened(blank(tmp_path)) as document:
        document.add_blank_page(page_size=(200, 200))
        document.save(tmp_path / "two.pdf")
    path = run(ENGINE, "watermark", [tmp_path / "two.pdf", stamp(tmp_path)], image_width_percent=50).path
    widths = [box[2] - box[0] for box in (inked(path, 1), inked(path, 2)) if box]
    assert widths == pytest.approx([200, 100], abs=1)


def test_letters_that_standard_fonts_lack_are_drawn(tmp_path: Path) -> None:
    left, top, right, bottom = inked(stamped(tmp_path, text="Łódź Ω").path) or (0, 0, 0, 0)
    assert right - left > 60
    assert bottom - top == pytest.approx(35, abs=12)


@pytest.mark.parametrize(
    ("name", "font", "warned"),
    [
        ("Arial", "/Helvetica", 0),
        ("Times New Roman Bold", "/Times-Bold", 0),
        ("Courier New Italic", "/Courier-Oblique", 0),
        ("Georgia", "/Times-Roman", 1),
    ],
)
def test_the_nearest_standard_font_is_used(tmp_path: Path, name: str, font: str, warned: int) -> None:
    done = stamped(tmp_path, text="x", font_name=name)
    with opened(done.path) as document:
        form = next(iter(document.pages[0].resources.XObject.values()))
        assert str(form.Resources.Font.F1.BaseFont) == font
    assert len(done.warnings) == warned


def test_a_stamp_of_nothing_is_refused(tmp_path: Path) -> None:
    assert refused(ENGINE, "watermark", blank(tmp_path)).code == "INVALID_OPTION"


def test_a_page_without_resources_can_be_stamped(tmp_path: Path) -> None:
    with opened(blank(tmp_path)) as document:
        del document.pages[0].obj.Resources
        del document.pages[0].obj.Contents
        assert Dictionary() == document.pages[0].resources or Name.Font not in document.pages[0].resources
        document.save(tmp_path / "bare.pdf")
    assert texts(run(ENGINE, "watermark", tmp_path / "bare.pdf", text="X").path) == ["X"]
