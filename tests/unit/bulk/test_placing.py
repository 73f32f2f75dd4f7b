"""Files come to their names once, and nobody else's are touched."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from connector.bulk.placing import HIDDEN, Place
from connector.runtime import Record


def downloaded(place: Place, *names: str, content: bytes = b"new") -> Record:
    place.open()
    for name in names:
        (place.private / name).write_bytes(content)
    return Record(files=[{"name": name, "path": str(place.private / name)} for name in names])


def seen(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, "tag-1", overwrite=False)


def test_files_get_names_that_are_free(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    outputs = downloaded(place, "a.pdf", "b.pdf")
    place.give_names(outputs)
    place.forget()
    assert [file.path for file in outputs.files] == [str(tmp_path / "a (2).pdf"), str(tmp_path / "b.pdf")]
    assert seen(tmp_path) == {"a.pdf": b"old", "a (2).pdf": b"new", "b.pdf": b"new"}
    assert not (tmp_path / HIDDEN).exists()


def test_or_take_the_place_of_others(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    place = Place(tmp_path, "tag-1", overwrite=True)
    place.give_names(downloaded(place, "a.pdf"))
    assert seen(tmp_path) == {"a.pdf": b"new"}


def test_what_a_dead_worker_has_left_is_taken_away(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    place.give_names(downloaded(place, "a.pdf"))
    assert set(seen(tmp_path)) == {"a.pdf", "a (2).pdf"}
    place.clear()
    assert seen(tmp_path) == {"a.pdf": b"old"}
    place.clear()


def test_what_a_worker_left_between_two_links_is_taken_away(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> NoReturn:
        raise KeyboardInterrupt

    outputs = downloaded(place, "a.pdf")
    monkeypatch.setattr("connector.bulk.placing.settle", die)
    with pytest.raises(KeyboardInterrupt):
        place.give_names(outputs)
    place.clear()
    assert seen(tmp_path) == {}


def test_without_hard_links_files_are_moved(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    place.give_names(downloaded(place, "a.pdf"))
    assert seen(tmp_path) == {"a.pdf": b"new"}


def test_many_come_and_go_at_once(tmp_path: Path) -> None:
    def one(number: int) -> None:
        place = Place(tmp_path, f"tag-{number}", overwrite=False)
        place.give_names(downloaded(place, "a.pdf"))
        place.forget()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(100)))
    assert len(seen(tmp_path)) == 100
    assert not (tmp_path / HIDDEN).exists()
