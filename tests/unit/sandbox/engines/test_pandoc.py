from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.office import documents
from connector.sandbox.engines.pandoc import READERS, WRITERS, Pandoc
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("pandoc")

ENGINE = Pandoc()
TEXT = "# Prüfung\n\nSome *leaning* and **bold** words.\n- one\n- two\n\n| a | b |\n|---|---|\n| 11 | 22 |\n"
MAGIC = {
    "docx": b"PK",
    "odt": b"PK",
    "epub": b"PK",
    "pptx": b"PK",
    "rtf": b"{\\rtf",
    "fb2": b"<?xml",
    "html": b"<!DOCTYPE",
    "ipynb": b"{",
}


def markdown(folder: Path, text: str = TEXT) -> Path:
    path = folder / "notes.md"
    path.write_text(text, "utf-8")
    return path


def picture() -> str:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same document in every format that is read."""
    folder = tmp_path_factory.mktemp("samples")
    made = {"md": markdown(folder)}
    for name in set(READERS) & set(WRITERS) - {"md"}:
        made[name] = run(ENGINE, "convert", made["md"], name).path.rename(folder / f"sample.{name}")
    for name, twin in (("docm", "docx"), ("dotx", "docx")):
        made[name] = folder / f"sample.{name}"
        made[name].write_bytes(made[twin].read_bytes())
    made["textile"] = folder / "sample.textile"
    made["textile"].write_text("h1. Prüfung\n\nSome *bold* words.\n\n| a | b |\n| 11 | 22 |\n", "utf-8")
    for name, separator in (("csv", ","), ("tsv", "\t")):
        made[name] = folder / f"sample.{name}"
        made[name].write_text(f"Prüfung{separator}b\n11{separator}22\n", "utf-8")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("given", READERS)
def test_the_words_arrive_in_every_declared_format(given: str, samples: dict[str, Path]) -> None:
    outputs = next(conversion.outputs for conversion in ENGINE.conversions if conversion.inputs == (given,))
    for wanted in outputs:
        done = run(ENGINE, "convert", samples[given], wanted)
        assert done.path.read_bytes().startswith(MAGIC.get(wanted, b"")), wanted
        # Pandoc's reader of FictionBook does not know tables.
        expected = {"Prüfung", "bold"} if given == "fb2" else {"Prüfung", "22"}
        assert expected <= set(words(done.path, wanted)), (given, wanted)


@pytest.mark.parametrize("wanted", ["html", "docx", "epub", "tex", "rtf", "txt"])
def test_markdown_becomes_what_people_ask_for(wanted: str, tmp_path: Path) -> None:
    path = run(ENGINE, "convert", markdown(tmp_path), wanted).path
    assert path.read_bytes().startswith(MAGIC.get(wanted, b""))
    assert {"Prüfung", "22"} <= set(words(path, wanted))


def words(path: Path, kind: str) -> list[str]:
    """The words of a file: of the parts of a container, else of the file itself."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            text = " ".join(
                archive.read(name).decode("utf-8", "ignore")
                for name in archive.namelist()
                if name.endswith(("xml", "html"))
            )
    else:
        text = re.sub(r"\\u252 ?\??", "ü", path.read_text("utf-8"))
    for sign in "<>|{}[]\"'#=*\\&,~_":
        text = text.replace(sign, " ")
    return text.split()


def test_plain_text_is_not_read_as_markup(tmp_path: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_text("# no heading\n  * no <b>list</b>\n\nnext", "utf-8")
    page = run(ENGINE, "convert", source, "html").path.read_text("utf-8")
    assert "# no heading<br />" in page
    assert "* no &lt;b&gt;list&lt;/b&gt;" in page
    assert "<h1" not in page.split("<body>")[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_understood_in_usual_encodings(encoding: str, tmp_path: Path) -> None:
    source = tmp_path / "note.txt"
    source.write_bytes("Grüße".encode(encoding))
    assert run(ENGINE, "convert", source, "md").path.read_text("utf-8").strip() == "Grüße"


def test_markdown_lists_need_no_empty_line(tmp_path: Path) -> None:
    page = run(ENGINE, "convert", markdown(tmp_path), "html").path.read_text("utf-8")
    assert "<li>one</li>" in page
    assert "<em>leaning</em>" in page


def test_pictures_inside_a_document_are_kept(tmp_path: Path) -> None:
    source = markdown(tmp_path, f"![red]({picture()})")
    docx = run(ENGINE, "convert", source, "docx").path
    for wanted, mark in (("odt", "Pictures/"), ("epub", "media/")):
        with zipfile.ZipFile(run(ENGINE, "convert", docx, wanted).path) as archive:
            assert [name for name in archive.namelist() if mark in name and name.endswith(".png")]
    assert "data:image/png" in run(ENGINE, "convert", docx, "html").path.read_text("utf-8")


def test_lost_pictures_are_told(tmp_path: Path) -> None:
    docx = run(ENGINE, "convert", markdown(tmp_path, f"![red]({picture()})"), "docx").path
    assert "pictures of" in run(ENGINE, "convert", docx, "rst").warnings[0]
    linked = markdown(tmp_path, "![a](http://example.com/a.png)")
    assert "could not be loaded" in run(ENGINE, "convert", linked, "docx").warnings[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", ".. include:: {secret}\n"),
        ("a.tex", "\\input{{{secret}}} x"),
        ("a.html", "<iframe src='{secret}'></iframe>x"),
        ("a.org", '#+INCLUDE: "{secret}"\nx'),
    ],
)
def test_no_document_can_read_other_files(name: str, text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("TOPSECRET")
    source = tmp_path / name
    source.write_text(text.format(secret=secret))
    try:
        found = run(ENGINE, "convert", source, "md").path.read_text("utf-8")
    except documents.EngineError as error:
        found = error.message
    assert "TOPSECRET" not in found


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.rtf", "a.epub", "a.html", "a.fb2"])
def test_rubbish_is_refused(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(bytes(range(256)) * 12)
    assert refused(ENGINE, "convert", source, "md").code == "OPEN_FAILED"


def test_a_broken_document_ends_in_a_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    error = refused(ENGINE, "convert", tmp_path / "a.docx", "md")
    assert error.code == "OPEN_FAILED"
    assert error.message.startswith("Pandoc could not convert a.docx: ")


def test_a_missing_pandoc_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.sandbox.engines.pandoc.find", lambda: None)
    assert ENGINE.version() is None
    with pytest.raises(documents.EngineError, match=r'pip install "cloudconvert-connector\[markup\]"'):
        run(ENGINE, "convert", markdown(tmp_path), "html")
