from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.exiftool import ExifTool
from tests.unit.sandbox.engines import papers
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("exiftool")

ENGINE = ExifTool()


def picture(path: Path) -> Path:
    Image.new("RGB", (20, 10), "red").save(path)
    return path


def test_a_picture_says_what_it_is_and_nothing_of_this_machine(tmp_path: Path) -> None:
    done = run(ENGINE, "metadata", picture(tmp_path / "a.jpg"), names=("holiday.jpg",))
    facts = done.metadata
    assert facts["FileName"] == "holiday.jpg"
    assert (facts["ImageWidth"], facts["ImageHeight"], facts["ImageSize"]) == (20, 10, "20x10")
    assert (facts["FileType"], facts["MIMEType"]) == ("JPEG", "image/jpeg")
    assert str(tmp_path) not in str(facts)
    assert not {"SourceFile", "Directory", "FilePermissions"} & facts.keys()


def test_a_pdf_says_its_pages(tmp_path: Path) -> None:
    facts = run(ENGINE, "metadata", papers.pdf(tmp_path / "a.pdf", "One", "Two")).metadata
    assert (facts["PageCount"], facts["FileType"]) == (2, "PDF")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tiff", "a.gif"])
def test_metadata_are_written_and_deleted(name: str, tmp_path: Path) -> None:
    source = picture(tmp_path / name)
    values = {"Title": "Prüfung\nzwei", "Subject": ["one", "two"], "Rating": 3}
    written = run(ENGINE, "metadata/write", source, metadata=values).path
    with Image.open(written) as image:
        assert image.size == (20, 10)
    facts = run(ENGINE, "metadata", written).metadata
    assert facts["Rating"] == 3
    assert facts["Subject"] == ["one", "two"]
    assert str(facts["Title"]).startswith("Prüfung")
    without = run(ENGINE, "metadata/write", written, metadata={"Subject": None}).path
    assert "Subject" not in run(ENGINE, "metadata", without).metadata


def test_metadata_are_written_into_a_pdf(tmp_path: Path) -> None:
    written = run(ENGINE, "metadata/write", papers.pdf(tmp_path / "a.pdf"), metadata={"Author": "Ann"}).path
    assert run(ENGINE, "metadata", written).metadata["Author"] == "Ann"
    assert papers.texts(written) == ["Hello"]


@pytest.mark.parametrize(
    "tag", ["FileName", "Directory", "System:FileName", "HardLink", "Title<", "all", "-execute", "@", "geotag"]
)
def test_names_that_would_touch_files_are_not_taken(tag: str, tmp_path: Path) -> None:
    source = picture(tmp_path / "a.jpg")
    done = run(ENGINE, "metadata/write", source, metadata={tag: str(tmp_path / "moved.jpg"), "Title": "x"})
    assert "not the name" in done.warnings[0]
    assert source.exists()
    assert not (tmp_path / "moved.jpg").exists()


def test_a_value_is_never_a_command(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOPSECRET")
    value = f"<={tmp_path / 'secret'}\n-execute"
    written = run(ENGINE, "metadata/write", picture(tmp_path / "a.jpg"), metadata={"Title": value}).path
    assert b"TOPSECRET" not in written.read_bytes()


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    assert (
        refused(ENGINE, "metadata/write", picture(tmp_path / "a.jpg"), metadata={"NoSuchTag": "x"}).code
        == "INVALID_OPTION"
    )
    assert refused(ENGINE, "metadata/write", tmp_path / "a.jpg").code == "INVALID_OPTION"
    (tmp_path / "b.jpg").write_bytes(bytes(range(256)) * 9)
    assert refused(ENGINE, "metadata", tmp_path / "b.jpg").code == "OPEN_FAILED"
    assert refused(ENGINE, "metadata/write", tmp_path / "b.jpg", metadata={"Title": "x"}).code == "OPEN_FAILED"
