from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.base import Engine
from connector.sandbox.engines.inkscape import Inkscape
from connector.sandbox.engines.rsvg import Librsvg
from tests.unit.sandbox.engines import papers
from tests.unit.sandbox.engines.workbench import refused, run

INKSCAPE, RSVG = Inkscape(), Librsvg()
BOTH = [
    pytest.param(INKSCAPE, marks=pytest.mark.engine("inkscape"), id="inkscape"),
    pytest.param(RSVG, marks=pytest.mark.engine("rsvg"), id="rsvg"),
]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">'
    '<rect width="100" height="50" fill="red"/><text x="20" y="80" font-family="sans-serif">Hello</text>{}</svg>'
)
MAGIC = {
    "pdf": b"%PDF-",
    "ps": b"%!PS",
    "eps": b"%!PS",
    "emf": b"\x01\0\0\0",
    "wmf": b"\xd7\xcd\xc6\x9a",
    "svg": b"<?xml",
}


def drawing(folder: Path, more: str = "", name: str = "a.svg") -> Path:
    (folder / name).write_text(SVG.format(more), "utf-8")
    return folder / name


@pytest.mark.parametrize("engine", BOTH)
def test_a_drawing_becomes_a_picture_of_the_wished_size(engine: Engine, tmp_path: Path) -> None:
    source = drawing(tmp_path)
    for options, size in (
        ({}, (200, 100)),
        ({"pixel_density": 192}, (400, 200)),
        ({"width": 1000}, (1000, 500)),
        ({"width": 300, "height": 300, "fit": "crop"}, (300, 300)),
        ({"width": 300, "height": 300, "fit": "scale"}, (300, 300)),
    ):
        with Image.open(run(engine, "convert", source, "png", **options).path) as picture:
            assert picture.size == size
            assert picture.convert("RGB").getpixel((2, 2)) == (255, 0, 0)


@pytest.mark.parametrize("engine", BOTH)
def test_a_packed_drawing_becomes_a_jpeg(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(gzip.compress(drawing(tmp_path).read_bytes()))
    with Image.open(run(engine, "convert", tmp_path / "a.svgz", "jpg", quality=60).path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (200, 100))
        assert picture.getpixel((150, 90)) == (255, 255, 255)


@pytest.mark.parametrize("engine", BOTH)
def test_a_drawing_becomes_a_pdf_with_its_text(engine: Engine, tmp_path: Path) -> None:
    path = run(engine, "convert", drawing(tmp_path), "pdf").path
    assert papers.texts(path) == ["Hello"]
    with papers.opened(path) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [150, 75]


@pytest.mark.engine("inkscape")
@pytest.mark.parametrize("wanted", ["emf", "eps", "ps", "svg", "wmf"])
def test_drawings_become_other_drawings(wanted: str, tmp_path: Path) -> None:
    path = run(INKSCAPE, "convert", drawing(tmp_path), wanted).path
    assert path.read_bytes().startswith(MAGIC[wanted])
    if wanted in ("emf", "wmf"):
        with Image.open(run(INKSCAPE, "convert", path, "png").path) as picture:
            assert (255, 0, 0) in [colour[:3] for _, colour in picture.convert("RGB").getcolors(70_000)]


@pytest.mark.engine("inkscape")
def test_letters_can_become_outlines(tmp_path: Path) -> None:
    for wanted, texts in ((True, [""]), (False, ["Hello"])):
        assert papers.texts(run(INKSCAPE, "convert", drawing(tmp_path), "pdf", text_to_path=wanted).path) == texts


@pytest.mark.engine("inkscape")
def test_each_page_of_a_pdf_becomes_a_drawing(tmp_path: Path) -> None:
    source = papers.pdf(tmp_path / "a.pdf", "First", "Second", "Third")
    pages = run(INKSCAPE, "convert", source, "svg", pages="2-3").paths
    assert [path.name for path in pages] == ["output-1.svg", "output-2.svg"]
    assert all(b"<svg" in path.read_bytes() for path in pages)
    (tmp_path / "b.ai").write_bytes(source.read_bytes())
    assert len(run(INKSCAPE, "convert", tmp_path / "b.ai", "png", pages="1").paths) == 1


@pytest.mark.parametrize("engine", BOTH)
def test_rubbish_and_enormous_sizes_are_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("no drawing")
    (tmp_path / "b.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><rect")
    for name in ("a.svg", "b.svg"):
        assert refused(engine, "convert", tmp_path / name, "png").code == "OPEN_FAILED"
    huge = drawing(tmp_path, name="c.svg")
    assert (
        refused(engine, "convert", huge, "png", pixel_density=2400, width=30000, height=30000).code == "LIMIT_EXCEEDED"
    )


@pytest.mark.parametrize("engine", BOTH)
def test_a_drawing_reaches_neither_files_nor_network(engine: Engine, tmp_path: Path) -> None:
    Image.new("RGB", (10, 10), (0, 255, 0)).save(tmp_path / "secret.png")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        links = (
            f"http://127.0.0.1:{server.getsockname()[1]}/x.png",
            (tmp_path / "secret.png").as_uri(),
            "../secret.png",
        )
        images = "".join(f'<image x="120" y="10" width="50" height="50" xlink:href="{link}"/>' for link in links)
        path = run(engine, "convert", drawing(tmp_path, images), "png").path
        with pytest.raises(BlockingIOError):
            server.accept()
    with Image.open(path) as picture:
        assert picture.convert("RGB").getpixel((140, 30)) != (0, 255, 0)


@pytest.mark.parametrize("engine", BOTH)
def test_entities_do_not_explode(engine: Engine, tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&l9;</text></svg>'
    (tmp_path / "a.svg").write_text(text)
    assert refused(engine, "convert", tmp_path / "a.svg", "png").code in (
        "OPEN_FAILED",
        "CONVERSION_FAILED",
        "LIMIT_EXCEEDED",
    )
