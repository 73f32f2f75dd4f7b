"""Metadata of PDF files."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.sandbox.engines.pdf.facts import read_date, shown_date
from connector.sandbox.engines.qpdf import Qpdf
from tests.unit.sandbox.engines.papers import opened, pdf
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Qpdf()


def described(path: Path, *, xmp: bool = False) -> Path:
    with opened(pdf(path.with_name("plain.pdf"), "One", "Two")) as document:
        document.docinfo.Title = "A title"
        document.docinfo.CreationDate = "D:20140514131452-05'00'"
        if xmp:
            with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
                metadata["dc:title"], metadata["dc:creator"], metadata["pdf:Producer"] = (
                    "A title",
                    ["Ann", "Bob"],
                    "Press",
                )
        document.save(path, linearize=True)
    return path


def test_metadata_uses_exiftools_names(tmp_path: Path) -> None:
    found = run(ENGINE, "metadata", described(tmp_path / "in.pdf")).metadata
    wanted = {
        "FileName": "in.pdf", "FileType": "PDF", "FileTypeExtension": "pdf", "MIMEType": "application/pdf", "PageCount": 2, "Linearized": "Yes",
        "Title": "A title", "CreateDate": "2014:05:14 13:14:52-05:00",
    }  # fmt: skip
    assert wanted.items() <= found.items()
    assert isinstance(found["PDFVersion"], float)
    assert "Author" not in found


def test_what_only_xmp_says_is_found(tmp_path: Path) -> None:
    with opened(described(tmp_path / "in.pdf", xmp=True)) as document:
        del document.trailer.Info
        document.save(tmp_path / "xmp.pdf")
    found = run(ENGINE, "metadata", tmp_path / "xmp.pdf").metadata
    assert (found["Author"], found["Producer"]) == ("Ann, Bob", "Press")


@pytest.mark.parametrize("xmp", [False, True])
def test_write_changes_adds_and_deletes(tmp_path: Path, xmp: bool) -> None:
    wanted = {"Title": "", "Author": "Zoë", "ModifyDate": "2020-01-02T03:04:05+01:00"}
    path = run(ENGINE, "metadata/write", described(tmp_path / "in.pdf", xmp=xmp), metadata=wanted).path
    found = run(ENGINE, "metadata", path).metadata
    assert (found.get("Title"), found["Author"], found["ModifyDate"]) == (None, "Zoë", "2020:01:02 03:04:05+01:00")


def test_write_changes_the_xmp_too(tmp_path: Path) -> None:
    path = run(
        ENGINE, "metadata/write", described(tmp_path / "in.pdf", xmp=True), metadata={"Title": "New", "Author": "Zoë"}
    ).path
    with opened(path) as document:
        metadata = document.open_metadata()
        assert (metadata["dc:title"], metadata["dc:creator"]) == ("New", ["Zoë"])


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = run(ENGINE, "metadata/write", pdf(tmp_path / "in.pdf"), metadata={"Title": "x", "ISO": 100})
    assert done.warnings[0].startswith('"ISO" cannot be written')


@pytest.mark.parametrize("metadata", [None, {}, "Title", {"CreateDate": "yesterday"}, {"CreateDate": "2020:13:40"}])
def test_metadata_that_is_none_is_refused(tmp_path: Path, metadata: object) -> None:
    assert refused(ENGINE, "metadata/write", pdf(tmp_path / "in.pdf"), metadata=metadata).code == "INVALID_OPTION"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("D:20140514131452-05'00'", "2014:05:14 13:14:52-05:00"),
        ("D:20140514131452Z", "2014:05:14 13:14:52Z"),
        ("D:20140514131452Z00'00'", "2014:05:14 13:14:52Z"),
        ("D:20140514131452", "2014:05:14 13:14:52"),
        ("D:2014", "2014:01:01 00:00:00"),
        ("last year", "last year"),
    ],
)
def test_pdf_dates_are_shown_as_exiftool_does(written: str, shown: str) -> None:
    assert shown_date(written) == shown


def test_dates_are_read_in_both_common_forms() -> None:
    wanted = ("D:20140514131452-05'00'", "2014-05-14T13:14:52-05:00")
    assert read_date("CreateDate", "2014:05:14 13:14:52-05:00") == wanted
    assert read_date("CreateDate", "2014-05-14T13:14:52.123-0500") == wanted
