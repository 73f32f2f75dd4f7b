from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.djvu import DjvuLibre
from tests.unit.sandbox.engines import papers
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("djvulibre")

ENGINE = DjvuLibre()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Two pages, red and blue, the second with a text."""
    if not shutil.which("djvm"):
        pytest.skip("djvm is missing; apt-get install djvulibre-bin")
    for name, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        Image.new("RGB", (400, 200), colour).save(tmp_path / f"{name}.ppm")
        subprocess.run(["c44", "-dpi", "100", tmp_path / f"{name}.ppm", tmp_path / f"{name}.djvu"], check=True)
    (tmp_path / "script").write_text(
        'select 1\nset-txt\n(page 0 0 400 200 (line 10 10 390 60 "A recognised line"))\n.\nsave\n'
    )
    subprocess.run(["djvused", tmp_path / "blue.djvu", "-f", tmp_path / "script"], check=True)
    subprocess.run(["djvm", "-c", tmp_path / "book.djvu", tmp_path / "red.djvu", tmp_path / "blue.djvu"], check=True)
    return tmp_path / "book.djvu"


def test_a_book_becomes_a_pdf_with_its_pages(document: Path) -> None:
    with papers.opened(run(ENGINE, "convert", document, "pdf").path) as pdf:
        assert len(pdf.pages) == 2
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [288, 144]
    chosen = run(ENGINE, "convert", document, "pdf", pages="2-").path
    assert papers.seen(chosen).getpixel((100, 70))[2] > 200


def test_pages_become_pictures_and_text(document: Path) -> None:
    pages = run(ENGINE, "convert", document, "png", width=100).paths
    assert len(pages) == 2
    with Image.open(pages[0]) as picture:
        assert (picture.format, picture.size) == ("PNG", (100, 50))
        assert picture.convert("RGB").getpixel((50, 25))[0] > 200
    assert "A recognised line" in run(ENGINE, "convert", document, "txt").path.read_text("utf-8")


def test_pages_without_text_and_rubbish_are_refused(document: Path, tmp_path: Path) -> None:
    assert "pdf/ocr" in refused(ENGINE, "convert", document, "txt", pages="1").message
    assert refused(ENGINE, "convert", document, "pdf", pages="x").code == "INVALID_OPTION"
    (tmp_path / "a.djvu").write_bytes(b"AT&TFORM rubbish")
    (tmp_path / "b.djvu").write_bytes(b"rubbish")
    for name in ("a.djvu", "b.djvu"):
        assert refused(ENGINE, "convert", tmp_path / name, "pdf").code == "OPEN_FAILED"
