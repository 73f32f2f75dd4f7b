from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.sandbox.engines.tesseract import Tesseract
from tests.unit.sandbox.engines import papers
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("tesseract")

ENGINE = Tesseract()
SENTENCES = ("The quick brown fox", "jumps over the lazy dog", "and runs away from here", "before anybody sees it")


def lettered(*lines: str) -> Image.Image:
    """A white page with a text in its upper half, at about 150 dots per inch."""
    picture = Image.new("L", (1000, 800), 255)
    drawing = ImageDraw.Draw(picture)
    for number, line in enumerate(lines or SENTENCES):
        drawing.text((100, 60 + 80 * number), line, fill=0, font=ImageFont.load_default(52))
    return picture


def scan(path: Path, *pictures: Image.Image) -> Path:
    return papers.pictured(path, *(pictures or (lettered(),)), size=(500, 400))


def place_of(path: Path, word: str) -> tuple[float, float]:
    """Where a word begins on the first page as it is seen: points from its left and its top edge."""
    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage()
        left, bottom, right, top = text.get_charbox(text.get_text_range().index(word))
        across, up = document[0].get_size()
        turn = document[0].get_rotation()
    return {
        0: (left, up - bottom),
        90: (bottom, right),
        180: (across - right, top),
        270: (across - top, up - left),
    }[turn]


def test_a_scan_gets_its_text_and_keeps_its_looks(tmp_path: Path) -> None:
    source = scan(tmp_path / "a.pdf")
    path = run(ENGINE, "pdf/ocr", source).path
    assert papers.texts(path)[0].split() == " ".join(SENTENCES).split()
    assert papers.seen(path).tobytes() == papers.seen(source).tobytes()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_text_lies_where_it_is_seen_on_turned_pages_too(turn: int, tmp_path: Path) -> None:
    size = (500, 400) if turn in (0, 180) else (400, 500)
    source = papers.pictured(tmp_path / "a.pdf", lettered().rotate(turn, expand=True), size=size)
    with pikepdf.open(source, allow_overwriting_input=True) as document:
        document.pages[0].Rotate = turn
        document.save()
    path = run(ENGINE, "pdf/ocr", source, auto_orient=False).path
    assert "quick brown fox" in papers.texts(path)[0]
    assert place_of(path, "The") == pytest.approx((50, 53), abs=8)
    assert papers.seen(path).tobytes() == papers.seen(source).tobytes()


def test_the_text_can_be_selected_at_its_place(tmp_path: Path) -> None:
    path = run(ENGINE, "pdf/ocr", scan(tmp_path / "a.pdf")).path
    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage()
        first, last = (text.get_charbox(text.get_text_range().index(word)) for word in ("The", "before"))
        assert text.get_text_bounded(0, 320, 500, 400).split()[:2] == ["The", "quick"]
    assert first[0] == pytest.approx(50, abs=6)
    assert last[0] == pytest.approx(50, abs=6)
    assert first[1] - last[1] == pytest.approx(3 * 40, abs=8)


def test_a_page_upside_down_is_turned_upright(tmp_path: Path) -> None:
    text = [
        *SENTENCES,
        "This page was put into",
        "the scanner upside down,",
        "as it happens so often.",
        "Nobody looked at it.",
    ]
    source = scan(tmp_path / "a.pdf", lettered(*text).rotate(180))
    turned, left_alone = (run(ENGINE, "pdf/ocr", source, auto_orient=wanted).path for wanted in (True, False))
    with papers.opened(turned) as document:
        assert document.pages[0].rotation == 180
    assert "quick brown fox" in papers.texts(turned)[0]
    assert "quick brown fox" not in papers.texts(left_alone)[0]


def test_pages_with_text_are_left_alone(tmp_path: Path) -> None:
    source = papers.pdf(tmp_path / "a.pdf", "Already text")
    with pikepdf.open(source) as document, pikepdf.open(scan(tmp_path / "b.pdf")) as other:
        document.pages.extend(other.pages)
        document.save(tmp_path / "both.pdf")
    done = run(ENGINE, "pdf/ocr", tmp_path / "both.pdf")
    first, second = papers.texts(done.path)
    assert first == "Already text"
    assert "lazy dog" in second
    assert "1 of 2 pages" in done.warnings[0]


def test_only_installed_languages_are_taken(tmp_path: Path) -> None:
    source = scan(tmp_path / "a.pdf")
    assert "quick" in papers.texts(run(ENGINE, "pdf/ocr", source, language="en,eng").path)[0]
    error = refused(ENGINE, "pdf/ocr", source, language="eng,xyz")
    assert error.code == "INVALID_OPTION"
    assert "apt-get install tesseract-ocr-xyz" in error.message
    assert refused(ENGINE, "pdf/ocr", source, language="../../etc/x").code == "INVALID_OPTION"


def test_a_picture_becomes_its_text(tmp_path: Path) -> None:
    lettered().save(tmp_path / "a.png")
    assert run(ENGINE, "convert", tmp_path / "a.png", "txt").path.read_text("utf-8").split("\n")[0] == SENTENCES[0]
    lettered("Page one").save(tmp_path / "b.tiff", save_all=True, append_images=[lettered("Page two")])
    pages = run(ENGINE, "convert", tmp_path / "b.tiff", "txt").path.read_text("utf-8").split("\f")
    assert [page.strip() for page in pages] == ["Page one", "Page two"]


def test_an_empty_page_and_a_locked_file(tmp_path: Path) -> None:
    path = run(ENGINE, "pdf/ocr", scan(tmp_path / "a.pdf", Image.new("L", (500, 400), 255))).path
    assert papers.texts(path) == [""]
    assert refused(ENGINE, "pdf/ocr", papers.locked(tmp_path / "b.pdf")).code == "INVALID_PASSWORD"
