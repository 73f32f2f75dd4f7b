from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from connector.sandbox.engines.pandoc import WRITERS, Pandoc
from connector.sandbox.engines.typst import Typst
from tests.unit.sandbox.engines.test_pandoc import picture
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("typst")

ENGINE = Typst()
MM = 72 / 25.4


def source(folder: Path, name: str, text: str = "# Prüfung\n\nText") -> Path:
    (folder / "notes.md").write_text(text, "utf-8")
    if name == "md":
        return folder / "notes.md"
    return run(Pandoc(), "convert", folder / "notes.md", name).path


def pages(path: Path) -> list[tuple[float, float, str, int]]:
    """Width and height in mm, text and number of pictures of each page."""
    with pypdfium2.PdfDocument(path) as document:
        found = []
        for page in document:
            text, pictures = page.get_textpage(), len(list(page.get_objects(filter=[3])))
            found.append((round(page.get_width() / MM), round(page.get_height() / MM), text.get_text_range(), pictures))
            text.close()
        return found


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"typ", "htm"}))
def test_every_document_becomes_a_page_with_its_words(name: str, tmp_path: Path) -> None:
    [(width, height, text, _)] = pages(run(ENGINE, "convert", source(tmp_path, name), "pdf").path)
    assert (width, height) == (210, 297)
    assert "Prüfung" in text


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"page_format": "a5"}, (148, 210)),
        ({"page_format": "a5", "page_orientation": "landscape"}, (210, 148)),
        ({"page_width": 10.0, "page_height": 5.0}, (100, 50)),
    ],
)
def test_the_page_has_the_wished_size(options: dict[str, object], size: tuple[int, int], tmp_path: Path) -> None:
    options["margin_top"] = options["margin_bottom"] = 10.0
    assert pages(run(ENGINE, "convert", source(tmp_path, "md"), "pdf", **options).path)[0][:2] == size


def test_margins_decide_how_much_fits(tmp_path: Path) -> None:
    text = source(tmp_path, "md", "word " * 1500)
    narrow, wide = (
        len(pages(run(ENGINE, "convert", text, "pdf", margin_left=size, margin_right=size).path))
        for size in (5.0, 80.0)
    )
    assert narrow < wide


def test_margins_without_room_are_refused(tmp_path: Path) -> None:
    error = refused(ENGINE, "convert", source(tmp_path, "md"), "pdf", margin_left=150.0, margin_right=60.0)
    assert error.code == "INVALID_OPTION"
    assert "210 x 297 mm" in error.message


@pytest.mark.parametrize("name", ["md", "docx", "odt", "epub"])
def test_pictures_are_printed(name: str, tmp_path: Path) -> None:
    document = source(tmp_path, name, f"![red]({picture()})")
    assert sum(page[3] for page in pages(run(ENGINE, "convert", document, "pdf").path)) == 1


def test_a_picture_from_elsewhere_becomes_its_description(tmp_path: Path) -> None:
    done = run(ENGINE, "convert", source(tmp_path, "md", "![a red box](http://example.com/a.png)"), "pdf")
    assert "a red box" in pages(done.path)[0][2]
    assert "could not be loaded" in done.warnings[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "Text\n\n```{=typst}\n#panic()\n```\n"),
        ("a.md", "---\nheader-includes: '#panic()'\ntemplate: x\n---\nText"),
        ("a.rst", "Text\n\n.. raw:: typst\n\n   #panic()\n"),
        ("a.org", "Text\n\n#+BEGIN_EXPORT typst\n#panic()\n#+END_EXPORT\n"),
    ],
)
def test_typst_code_of_a_stranger_is_not_run(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert "Text" in pages(run(ENGINE, "convert", tmp_path / name, "pdf").path)[0][2]


def test_a_lost_layout_is_told(tmp_path: Path) -> None:
    assert "laid out anew" in run(ENGINE, "convert", source(tmp_path, "docx"), "pdf").warnings[0]
    assert run(ENGINE, "convert", source(tmp_path, "md"), "pdf").warnings == []
