"""File names from strangers stay harmless and inside their folder; nothing is written over."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import safety
from connector.errors import InputError
from connector.safety import clean_name, inside, settle

HOSTILE = {
    "..\\..\\win.ini": "win.ini",
    "C:\\x.txt": "x.txt",
    "../../etc/passwd": "passwd",
    "/etc/passwd": "passwd",
    "a\0b": "ab",
    "..": "file",
    ".": "file",
    "": "file",
    " . ": "file",
    "dir/": "file",
    "a\nb.txt": "ab.txt",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "-rf": "rf",
    "--": "file",
    ".htaccess": "htaccess",
    "report.pdf. . ": "report.pdf",
    'a<b>c:d"e|f?g*h': "a_b_c_d_e_f_g_h",
    "con": "_con",
    "NUL.txt": "_NUL.txt",
    "Com1.tar.gz": "_Com1.tar.gz",
    "lpt1.": "_lpt1",
    "con .txt": "_con.txt",
    "CONIN$": "_CONIN$",
    "com\u00b9.txt": "_com\u00b9.txt",
    "com0": "_com0",
    "console.txt": "console.txt",
    "\ud800.png": "_.png",
    "e\u0301.png": "\u00e9.png",
    "отчёт 報告.pdf": "отчёт 報告.pdf",
    "{{7*7}}.txt": "{{7_7}}.txt",
}


@pytest.mark.parametrize(("given_name", "name"), HOSTILE.items(), ids=ascii)
def test_a_hostile_name_becomes_a_harmless_one(given_name: str, name: str) -> None:
    assert clean_name(given_name) == name


def test_the_default_stands_in_where_nothing_is_left() -> None:
    assert clean_name("..", default="archive") == "archive"


@pytest.mark.parametrize("name", ["a" * 300 + ".pdf", "ü" * 300 + ".pdf", "報" * 300 + ".pdf"], ids=ascii)
def test_a_long_name_is_cut_and_keeps_its_extension(name: str) -> None:
    cut = clean_name(name)
    assert 195 < len(cut.encode()) <= 200
    assert cut.endswith(".pdf")


def test_an_extension_that_is_too_long_is_none() -> None:
    assert clean_name("a." + "b" * 300) == "a." + "b" * 198


def test_a_long_reserved_name_stays_within_the_limit() -> None:
    assert len(clean_name("con." + "a" * 300).encode()) <= 200


@given(st.text())
def test_any_name_becomes_one_component_that_every_system_can_store(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned.encode()) <= 200
    assert cleaned == cleaned.strip(" ").rstrip(".").lstrip(".-")
    assert not set(cleaned) & set('/\\<>:"|?*\0\n')


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    assert inside(tmp_path, name).parent == tmp_path.resolve()


def test_a_name_that_would_leave_the_folder_after_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "clean_name", lambda name: name)
    with pytest.raises(InputError, match="does not stay in the folder"):
        inside(tmp_path, "../x")


def temporary(folder: Path, content: str = "new") -> Path:
    path = folder / ".x.part"
    path.write_text(content)
    return path


def test_a_finished_file_gets_its_name(tmp_path: Path) -> None:
    taken = settle(temporary(tmp_path), tmp_path / "report.pdf")
    assert taken == tmp_path / "report.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_a_number_is_added_where_the_name_is_taken(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        settle(temporary(tmp_path, content), tmp_path / "report.pdf")
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {"report.pdf": "one", "report (2).pdf": "two", "report (3).pdf": "three"}


def test_the_thousandth_of_a_name_costs_few_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["x.txt", *(f"x ({number}).txt" for number in range(2, 1001))]
    for name in names:
        (tmp_path / name).touch()
    looks: list[object] = []
    exists, link = os.path.lexists, os.link
    monkeypatch.setattr(os.path, "lexists", lambda path: bool(looks.append(path)) or exists(path))
    monkeypatch.setattr(os, "link", lambda *paths: looks.append(paths) or link(*paths))
    assert settle(temporary(tmp_path), tmp_path / "x.txt").name == "x (1001).txt"
    assert len(looks) < 25


def test_overwriting_replaces(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text("old")
    settle(temporary(tmp_path), tmp_path / "report.pdf", overwrite=True)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_a_link_points_at_is_never_written(overwrite: bool, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "report.pdf").symlink_to(outside)
    settle(temporary(tmp_path / "in"), tmp_path / "in" / "report.pdf", overwrite=overwrite)
    assert outside.read_text() == "precious"


def test_many_at_once_all_get_a_name_of_their_own(tmp_path: Path) -> None:
    def one(number: int) -> None:
        part = tmp_path / f".{number}.part"
        part.write_text(str(number))
        settle(part, tmp_path / "x.txt")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(path.read_text()) for path in tmp_path.iterdir()) == list(range(20))


def without_links(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK])
def test_a_file_system_without_hard_links_will_do(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_links(monkeypatch, number)
    names = [settle(temporary(tmp_path), tmp_path / "a.txt").name for _ in range(2)]
    assert names == ["a.txt", "a (2).txt"]
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["new", "new"]


def test_any_other_trouble_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_links(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output"):
        settle(temporary(tmp_path), tmp_path / "a.txt")


def test_a_temporary_file_that_somebody_took_away_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def link_and_lose(source: Path, target: Path) -> None:
        link(source, target)
        source.unlink()

    monkeypatch.setattr(os, "link", link_and_lose)
    assert settle(temporary(tmp_path), tmp_path / "a.txt").read_text() == "new"
