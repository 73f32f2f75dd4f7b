from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from connector.sandbox.engines.libreoffice import LibreOffice
from connector.sandbox.engines.office import documents, filters
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("libreoffice")

ENGINE = LibreOffice()
MAGIC = {
    **dict.fromkeys(("docx", "odt", "ods", "xlsx", "odp", "pptx", "odg"), b"PK"),
    **dict.fromkeys(("doc", "xls", "ppt"), documents.OLE),
    **dict.fromkeys(("fodt", "fods", "fodp", "svg"), b"<?xml"),
    "emf": b"\x01\x00\x00\x00",
    "eps": b"%!PS",
    "pdf": b"%PDF-",
    "rtf": b"{\\rtf",
    "wmf": b"\xd7\xcd\xc6\x9a",
}
TEXT = "<meta charset=utf-8><h1>Prüfung</h1><p>First page</p><p style='page-break-before:always'>Second page</p>"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="100" height="50" fill="red"/></svg>'
)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A document, a sheet, two slides and a drawing, each in the XML format of its kind."""
    folder = tmp_path_factory.mktemp("samples")
    for name, content in (("text.html", TEXT), ("sheet.csv", "Name,Count\nPrüfung,22\n"), ("drawing.svg", SVG)):
        (folder / name).write_text(content, "utf-8")
    docx = run(ENGINE, "convert", folder / "text.html", "docx").path.rename(folder / "text.docx")
    pptx = run(ENGINE, "convert", run(ENGINE, "convert", docx, "pdf").path, "pptx").path.rename(folder / "slides.pptx")
    xlsx = run(ENGINE, "convert", folder / "sheet.csv", "xlsx").path.rename(folder / "sheet.xlsx")
    return {
        "writer": docx,
        "calc": xlsx,
        "impress": pptx,
        "draw": folder / "drawing.svg",
        "html": folder / "text.html",
        "csv": folder / "sheet.csv",
    }


def text_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "wanted"), [(kind, wanted) for kind, outputs in filters.EXPORTS.items() for wanted in outputs]
)
def test_every_kind_of_document_becomes_all_its_formats(kind: str, wanted: str, samples: dict[str, Path]) -> None:
    path = run(ENGINE, "convert", samples[kind], wanted).path
    assert path.read_bytes().startswith(MAGIC.get(wanted, b""))
    given = [
        conversion for conversion in ENGINE.conversions if wanted in conversion.inputs and "pdf" in conversion.outputs
    ]
    if given and wanted != "pdf":
        assert len(text_of(run(ENGINE, "convert", path, "pdf").path)) >= 1


def test_a_document_becomes_a_pdf_with_its_pages(samples: dict[str, Path]) -> None:
    first, second = text_of(run(ENGINE, "convert", samples["writer"], "pdf").path)
    assert "Prüfung" in first
    assert "Second page" in second


def test_a_sheet_becomes_text_with_its_numbers(samples: dict[str, Path]) -> None:
    assert run(ENGINE, "convert", samples["calc"], "csv").path.read_text("utf-8") == "Name,Count\nPrüfung,22\n"


@pytest.mark.parametrize(
    ("content", "encoding"), [("Name;Wert\nPrüfung;22\n", "cp1252"), ("Name,Wert\nPrüfung,22\n", "utf-16")]
)
def test_separators_and_encodings_are_found_out(content: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(content, encoding)
    assert run(ENGINE, "convert", tmp_path / "a.csv", "csv").path.read_text("utf-8") == "Name,Wert\nPrüfung,22\n"


def test_every_sheet_of_a_book_becomes_a_file(tmp_path: Path, samples: dict[str, Path]) -> None:
    flat = run(ENGINE, "convert", samples["calc"], "fods").path
    begin, middle, end = flat.read_text("utf-8").partition("<table:table ")
    sheet = middle + end[: end.index("</table:table>")] + "</table:table>"
    names = sheet.replace('table:name="', 'table:name="More ')
    (tmp_path / "book.fods").write_text(begin + names + middle + end, "utf-8")
    done = run(ENGINE, "convert", tmp_path / "book.fods", "csv")
    assert len(done.paths) == 2
    assert all(file.name and file.name.startswith("book-") and file.name.endswith(".csv") for file in done.result.files)


def test_documents_become_a_picture_of_each_page(samples: dict[str, Path]) -> None:
    done = run(ENGINE, "convert", samples["writer"], "png", width=200)
    assert len(done.paths) == 2
    for path in done.paths:
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("PNG", 200)
    assert len(run(ENGINE, "convert", samples["impress"], "jpg", pages="2").paths) == 1


def test_slides_become_text(samples: dict[str, Path]) -> None:
    assert "Second page" in run(ENGINE, "convert", samples["impress"], "txt").path.read_text("utf-8")


def test_text_has_no_byte_order_mark(samples: dict[str, Path]) -> None:
    assert run(ENGINE, "convert", samples["writer"], "txt").path.read_bytes().startswith("Prüfung".encode())


def test_pages_can_be_chosen(samples: dict[str, Path]) -> None:
    [text] = text_of(run(ENGINE, "convert", samples["writer"], "pdf", pages="2").path)
    assert "Second page" in text
    for pages in ("x", "9-"):
        assert refused(ENGINE, "convert", samples["writer"], "pdf", pages=pages).code == "INVALID_OPTION"


def test_bookmarks_and_archive_format_take_effect(samples: dict[str, Path]) -> None:
    with pikepdf.open(run(ENGINE, "convert", samples["writer"], "pdf", pdf_a=True, bookmarks=True).path) as document:
        assert "pdfaid" in document.Root.Metadata.read_bytes().decode()
        assert "/Outlines" in document.Root
    with pikepdf.open(run(ENGINE, "convert", samples["writer"], "pdf").path) as document:
        assert "/Outlines" not in document.Root


def test_notes_can_be_printed_instead_of_slides(samples: dict[str, Path]) -> None:
    slides, notes = (
        run(ENGINE, "convert", samples["impress"], "pdf", output_type=kind).path for kind in ("slides", "notes")
    )
    with pypdfium2.PdfDocument(slides) as one, pypdfium2.PdfDocument(notes) as other:
        assert one[0].get_size() != other[0].get_size()


def test_a_pdf_becomes_a_document_again(samples: dict[str, Path]) -> None:
    pdf = run(ENGINE, "convert", samples["writer"], "pdf").path
    docx = run(ENGINE, "convert", pdf, "docx").path
    assert "Prüfung" in " ".join(text_of(run(ENGINE, "convert", docx, "pdf").path))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.doc", "a.odt", "a.rtf", "a.csv", "a.pdf"])
def test_rubbish_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 12)
    wanted = "docx" if name == "a.pdf" else "pdf"
    assert refused(ENGINE, "convert", tmp_path / name, wanted).code == "OPEN_FAILED"


def test_a_broken_document_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    assert refused(ENGINE, "convert", tmp_path / "a.docx", "pdf").code == "OPEN_FAILED"


def test_a_document_with_a_password_is_told_from_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(documents.OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"))
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        archive.writestr("content.xml", "x")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    for name in ("a.docx", "a.odt"):
        assert refused(ENGINE, "convert", tmp_path / name, "pdf").code == "INVALID_PASSWORD"


def test_linked_files_stay_outside(tmp_path: Path, samples: dict[str, Path]) -> None:
    Image.new("RGB", (50, 50), "red").save(tmp_path / "secret.png")
    (tmp_path / "secret.txt").write_text("TOPSECRET")
    odt = run(ENGINE, "convert", samples["writer"], "fodt").path.read_text("utf-8")
    link = (tmp_path / "secret").as_uri()
    section = f'<text:section text:name="s"><text:section-source xlink:href="{link}.txt" text:filter-name="Text"/><text:p>old</text:p></text:section>'
    image = f'<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="{link}.png" xlink:type="simple"/></draw:frame></text:p>'
    source = tmp_path / "a.fodt"
    source.write_text(odt.replace("</office:text>", f"{section}{image}</office:text>"), "utf-8")
    with zipfile.ZipFile(run(ENGINE, "convert", source, "docx").path) as archive:
        assert not [name for name in archive.namelist() if "media" in name]
        assert b"TOPSECRET" not in archive.read("word/document.xml")


def test_two_can_work_at_the_same_time(samples: dict[str, Path]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(lambda name: run(ENGINE, "convert", samples[name], "pdf"), ("writer", "calc")):
            assert done.path.read_bytes().startswith(b"%PDF-")
