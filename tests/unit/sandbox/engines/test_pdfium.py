from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.pdfium import Pdfium
from connector.sandbox.engines.raster.targets import LOSSLESS, LOSSY, TARGETS
from tests.unit.sandbox.engines.papers import locked, pdf
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Pdfium()


def shown(path: Path) -> Image.Image:
    image = Image.open(io.BytesIO(path.read_bytes()))
    return image if image.format == "EPS" else image.convert("RGB")


@pytest.mark.parametrize("output", [*LOSSY, *LOSSLESS])
def test_every_declared_picture_format_comes_out(tmp_path: Path, output: str) -> None:
    with Image.open(
        io.BytesIO(run(ENGINE, "convert", pdf(tmp_path / "in.pdf"), output, pixel_density=36).path.read_bytes())
    ) as image:
        assert image.format == TARGETS[output].plugin


def test_one_picture_per_page_at_150_dots_per_inch(tmp_path: Path) -> None:
    done = run(ENGINE, "convert", pdf(tmp_path / "in.pdf", "One", "Two"), "png")
    assert [shown(path).size for path in done.paths] == [(625, 417), (625, 417)]
    assert Image.open(io.BytesIO(done.paths[0].read_bytes())).info["dpi"][0] == pytest.approx(150, abs=0.1)


def test_the_text_is_where_it_was(tmp_path: Path) -> None:
    image = shown(run(ENGINE, "convert", pdf(tmp_path / "in.pdf"), "png", pixel_density=72).path)
    box = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert image.getpixel((5, 5)) == (255, 255, 255)
    assert box == pytest.approx((42, 82, 95, 100), abs=4)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"pixel_density": 72}, (300, 200)),
        ({"width": 150}, (150, 100)),
        ({"width": 1200}, (1200, 800)),
        ({"width": 100, "height": 100}, (100, 67)),
        ({"width": 100, "height": 100, "fit": "crop"}, (100, 100)),
        ({"width": 100, "height": 100, "fit": "scale"}, (100, 100)),
    ],
)
def test_size_options_take_effect(tmp_path: Path, options: dict[str, object], size: tuple[int, int]) -> None:
    assert shown(run(ENGINE, "convert", pdf(tmp_path / "in.pdf"), "jpg", **options).path).size == size


def test_quality_takes_effect(tmp_path: Path) -> None:
    source = pdf(tmp_path / "in.pdf", "Some text")
    low, high = (run(ENGINE, "convert", source, "jpg", quality=quality).path.stat().st_size for quality in (10, 95))
    assert low < high


def test_pages_are_chosen_in_order(tmp_path: Path) -> None:
    source = pdf(tmp_path / "in.pdf", "One", "Two", "Three")
    assert len(run(ENGINE, "convert", source, "webp", pages="2-").paths) == 2
    assert run(ENGINE, "convert", source, "txt", pages="3,1").path.read_text() == "Three\n\fOne\n"


def test_all_pages_share_one_tiff(tmp_path: Path) -> None:
    path = run(ENGINE, "convert", pdf(tmp_path / "in.pdf", "One", "Two", "Three"), "tiff").path
    assert Image.open(io.BytesIO(path.read_bytes())).n_frames == 3


def test_a_pdf_without_text_is_said(tmp_path: Path) -> None:
    assert "pdf/ocr" in run(ENGINE, "convert", pdf(tmp_path / "in.pdf", " "), "txt").warnings[0]


def test_a_thumbnail_shows_the_first_pages(tmp_path: Path) -> None:
    source = pdf(tmp_path / "in.pdf", "One", "Two", "Three")
    assert shown(run(ENGINE, "thumbnail", source, "jpg").path).size == (256, 171)
    assert [shown(path).size for path in run(ENGINE, "thumbnail", source, "png", count=2, height=50).paths] == [
        (75, 50),
        (75, 50),
    ]
    assert len(run(ENGINE, "thumbnail", source, "png", count=9).paths) == 3


def test_a_password_opens(tmp_path: Path) -> None:
    assert run(ENGINE, "convert", locked(tmp_path / "in.pdf"), "txt", password="secret").path.read_text() == "Hidden\n"


@pytest.mark.parametrize(("options", "says"), [({}, "pdf/decrypt"), ({"password": "wrong"}, "does not fit")])
def test_without_the_password_it_is_refused(tmp_path: Path, options: dict[str, object], says: str) -> None:
    error = refused(ENGINE, "convert", locked(tmp_path / "in.pdf"), "png", **options)
    assert error.code == "INVALID_PASSWORD"
    assert says in error.message


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"no pdf at all" * 100])
@pytest.mark.parametrize("output", ["png", "txt"])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, output: str) -> None:
    (tmp_path / "in.pdf").write_bytes(content)
    assert refused(ENGINE, "convert", tmp_path / "in.pdf", output).code == "OPEN_FAILED"


def test_an_enormous_page_is_refused(tmp_path: Path) -> None:
    error = refused(ENGINE, "convert", pdf(tmp_path / "in.pdf", size=(14_000, 14_000)), "png", pixel_density=300)
    assert error.code == "LIMIT_EXCEEDED"
