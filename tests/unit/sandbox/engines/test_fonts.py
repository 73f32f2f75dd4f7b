from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import ImageFont

from connector.sandbox.engines.fontcase import FontCase
from connector.sandbox.engines.fonts.tables import POST_SCRIPT, Font, plain
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = FontCase()


@pytest.fixture
def ttf(tmp_path: Path) -> Path:
    """The font that Pillow brings, as a file."""
    (tmp_path / "a.ttf").write_bytes(ImageFont.load_default(20).font_bytes)
    return tmp_path / "a.ttf"


def drawn(path: Path) -> tuple[tuple[str, str], bytes]:
    font = ImageFont.truetype(str(path), 40)
    return font.getname(), bytes(font.getmask("Hamburg 123"))


@pytest.mark.parametrize("through", [("woff",), ("eot",), ("woff", "eot", "woff")])
def test_a_font_survives_its_containers(through: tuple[str, ...], ttf: Path, tmp_path: Path) -> None:
    path = ttf
    for step, wanted in enumerate((*through, "ttf")):
        path = run(ENGINE, "convert", path, wanted).path.rename(tmp_path / f"{step}.{wanted}")
    assert drawn(path) == drawn(ttf)


def test_a_web_font_is_smaller_and_readable(ttf: Path) -> None:
    web = run(ENGINE, "convert", ttf, "woff").path
    assert web.read_bytes()[:8] == b"wOFF\0\1\0\0"
    assert struct.unpack_from(">I", web.read_bytes(), 8)[0] == web.stat().st_size < ttf.stat().st_size
    assert drawn(web) == drawn(ttf)


def test_the_head_for_old_browsers_says_what_the_font_says(ttf: Path) -> None:
    data = run(ENGINE, "convert", ttf, "eot").path.read_bytes()
    size, length, version, flags = struct.unpack_from("<4I", data)
    assert (size, version, flags) == (len(data), 0x00020001, 0)
    assert drawn(ttf)[0][0].encode("utf-16-le") in data[: size - length]


def test_outlines_are_not_changed_into_others(ttf: Path, tmp_path: Path) -> None:
    web = run(ENGINE, "convert", ttf, "woff").path.rename(tmp_path / "a.woff")
    assert refused(ENGINE, "convert", web, "otf").code == "INVALID_OPTION"
    (tmp_path / "b.otf").write_bytes(plain(Font(POST_SCRIPT, {b"head": bytes(54), b"maxp": bytes(6), b"CFF ": b"x"})))
    other = run(ENGINE, "convert", tmp_path / "b.otf", "woff").path.rename(tmp_path / "b.woff")
    assert run(ENGINE, "convert", other, "otf").path.read_bytes() == (tmp_path / "b.otf").read_bytes()
    assert refused(ENGINE, "convert", other, "ttf").code == "INVALID_OPTION"


@pytest.mark.parametrize("name", ["a.ttf", "a.otf", "a.woff", "a.eot"])
@pytest.mark.parametrize("content", [b"", b"wOFF", bytes(range(256)) * 10, b"\0\1\0\0\xff\xff" + bytes(99)])
def test_rubbish_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    wanted = "ttf" if name in ("a.woff", "a.eot") else "woff"
    assert refused(ENGINE, "convert", tmp_path / name, wanted).code == "OPEN_FAILED"


def test_a_cut_off_font_is_refused(ttf: Path, tmp_path: Path) -> None:
    web = run(ENGINE, "convert", ttf, "woff").path.read_bytes()
    (tmp_path / "cut.woff").write_bytes(web[: len(web) // 2])
    assert refused(ENGINE, "convert", tmp_path / "cut.woff", "ttf").code == "OPEN_FAILED"
