from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms

from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.ghostscript import Ghostscript
from connector.sandbox.engines.pdf.archival import shortcomings
from connector.sandbox.engines.pdf.srgb import profile
from tests.unit.sandbox.engines import papers
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Ghostscript()
needs_ghostscript = pytest.mark.engine("ghostscript")
EPS = """%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 200 100
/Helvetica findfont 20 scalefont setfont 1 0 0 setrgbcolor 0 0 100 100 rectfill 0 setgray 110 50 moveto (Hello) show
showpage
"""


def script(folder: Path, text: str, name: str = "a.ps") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_the_colour_profile_is_what_srgb_is_elsewhere() -> None:
    ours = ImageCms.ImageCmsProfile(io.BytesIO(profile(datetime(2024, 1, 2, tzinfo=UTC))))
    assert ours.profile.version == 2.4
    assert ours.profile.header_manufacturer.strip("\0") == ""
    change = ImageCms.buildTransform(ours, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    colours = Image.linear_gradient("L").convert("RGB")
    for mixed in (
        colours,
        Image.merge("RGB", (colours.getchannel(0), colours.getchannel(1).rotate(90), colours.getchannel(2))),
    ):
        changed = ImageCms.applyTransform(mixed, change)
        assert max(abs(a - b) for a, b in zip(changed.tobytes(), mixed.tobytes(), strict=True)) <= 1


@needs_ghostscript
@pytest.mark.parametrize("level", ["1b", "2b", "3b"])
def test_a_pdf_becomes_an_archive_file(level: str, tmp_path: Path) -> None:
    source = papers.pdf(tmp_path / "a.pdf", "First", "Second")
    assert "fonts Helvetica are not embedded" in " ".join(shortcomings(source, level))
    path = run(ENGINE, "pdf/a", source, conformance_level=level).path
    assert shortcomings(path, level) == []
    assert papers.texts(path) == ["First", "Second"]
    with papers.opened(path) as document, document.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == (level[0], "B")
        [intent] = document.Root.OutputIntents
        assert len(intent.DestOutputProfile.read_bytes()) == len(profile())


def test_a_claim_alone_is_not_an_archive_file(tmp_path: Path) -> None:
    with pikepdf.open(papers.pdf(tmp_path / "a.pdf")) as document:
        with document.open_metadata() as xmp:
            xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "2", "B"
        document.Root.OpenAction = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x"))
        document.save(tmp_path / "b.pdf")
    found = " ".join(shortcomings(tmp_path / "b.pdf", "2b"))
    assert "output intent" in found
    assert "not embedded" in found
    assert "scripts" in found
    assert "say PDF/A-2b" in " ".join(shortcomings(tmp_path / "b.pdf", "1b"))


@needs_ghostscript
def test_what_an_archive_file_may_not_hold_is_left_out(tmp_path: Path) -> None:
    with pikepdf.open(papers.pdf(tmp_path / "a.pdf", "Text")) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(tmp_path / "b.pdf")
    path = run(ENGINE, "pdf/a", tmp_path / "b.pdf", conformance_level="2b").path
    assert shortcomings(path, "2b") == []
    assert papers.texts(path) == ["Text"]


@needs_ghostscript
def test_a_locked_and_a_broken_pdf_are_refused(tmp_path: Path) -> None:
    assert refused(ENGINE, "pdf/a", papers.locked(tmp_path / "a.pdf")).code == "INVALID_PASSWORD"
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 rubbish")
    assert refused(ENGINE, "pdf/a", tmp_path / "b.pdf").code == "OPEN_FAILED"


@needs_ghostscript
def test_eps_becomes_pdf_text_and_pictures_of_its_own_size(tmp_path: Path) -> None:
    source = script(tmp_path, EPS, "a.eps")
    with papers.opened(run(ENGINE, "convert", source, "pdf").path) as document:
        assert [round(float(side)) for side in document.pages[0].mediabox] == [0, 0, 200, 100]
    assert run(ENGINE, "convert", source, "txt").path.read_text().strip() == "Hello"
    with Image.open(run(ENGINE, "convert", source, "png", pixel_density=72).path) as picture:
        assert (picture.format, picture.size) == ("PNG", (200, 100))
        assert picture.convert("RGB").getpixel((50, 50)) == (255, 0, 0)


@needs_ghostscript
def test_a_pdf_becomes_postscript_and_an_eps_of_each_page(tmp_path: Path) -> None:
    source = papers.pdf(tmp_path / "a.pdf", "First", "Second", "Third")
    script_file = run(ENGINE, "convert", source, "ps", pages="2-3").path
    assert script_file.read_bytes().startswith(b"%!PS-Adobe")
    assert papers.texts(run(ENGINE, "convert", script_file, "pdf").path) == ["Second", "Third"]
    pages = run(ENGINE, "convert", source, "eps").paths
    assert len(pages) == 3
    assert papers.texts(run(ENGINE, "convert", pages[2], "pdf").path) == ["Third"]


@needs_ghostscript
def test_a_locked_pdf_becomes_postscript_with_its_password(tmp_path: Path) -> None:
    source = papers.locked(tmp_path / "a.pdf")
    assert refused(ENGINE, "convert", source, "ps").code == "INVALID_PASSWORD"
    made = run(ENGINE, "convert", source, "ps", password="secret").path
    assert papers.texts(run(ENGINE, "convert", made, "pdf").path) == ["Hidden"]


@needs_ghostscript
def test_a_picture_becomes_postscript(tmp_path: Path) -> None:
    Image.new("RGB", (60, 30), "red").save(tmp_path / "a.png")
    made = run(ENGINE, "convert", tmp_path / "a.png", "ps").path
    assert papers.seen(run(ENGINE, "convert", made, "pdf").path).getpixel((30, 15)) == (255, 0, 0)


@needs_ghostscript
def test_the_profiles_make_files_of_different_sizes(tmp_path: Path) -> None:
    photo = Image.effect_noise((1200, 1200), 40).convert("RGB")
    source = papers.pictured(tmp_path / "a.pdf", photo, size=(300, 300))
    size = {
        name: run(ENGINE, "optimize", source, profile=name).path.stat().st_size
        for name in ("web", "print", "archive", "max")
    }
    assert size["max"] < size["web"] < size["print"] <= source.stat().st_size
    assert size["archive"] <= source.stat().st_size


@needs_ghostscript
def test_rubbish_is_refused(tmp_path: Path) -> None:
    for text in ("certainly no program\n", "%!PS\nno such words\n", ""):
        assert refused(ENGINE, "convert", script(tmp_path, text), "pdf").code == "OPEN_FAILED"


@needs_ghostscript
@pytest.mark.parametrize(
    "trick",
    [
        "(%(secret)s) (r) file 100 string readstring pop show",
        "(%%pipe%%cat %(secret)s) (r) file 100 string readstring pop show",
        "(%(secret)s) run",
        "(%(written)s) (w) file dup (x) writestring closefile",
    ],
)
def test_a_program_in_postscript_reaches_no_files(trick: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOPSECRET")
    names = {"secret": tmp_path / "secret", "written": tmp_path / "written"}
    program = f"%!PS\n/Helvetica findfont 20 scalefont setfont 72 500 moveto (Begin) show {trick % names} showpage\n"
    try:
        made = run(ENGINE, "convert", script(tmp_path, program), "txt").path.read_text()
    except EngineError as error:
        made = error.message
    assert "TOPSECRET" not in made
    assert not (tmp_path / "written").exists()


@needs_ghostscript
def test_a_program_without_end_is_stopped(tmp_path: Path) -> None:
    source = Source(script(tmp_path, "%!PS\n{} loop\n"), "a.ps", "ps")
    begun = time.monotonic()
    with pytest.raises(EngineError) as caught:
        ENGINE.run(Work("convert", (source,), "pdf", {}, tmp_path, 1.5))
    assert caught.value.code == "TIMEOUT"
    assert time.monotonic() - begun < 10
