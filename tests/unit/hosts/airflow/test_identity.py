from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connector.files import LocalFile, RemoteFile
from connector.hosts.airflow.identity import tag_of


def place(**more: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"dag_id": "d", "task_id": "t", "run_id": "r", "map_index": 2, **more})


def test_every_try_has_the_same_tag() -> None:
    form = {"input_file": RemoteFile("https://example.com/a.png"), "engine_options": {"width": 3}}
    assert tag_of(place(try_number=1), form) == tag_of(place(try_number=2), form)
    assert tag_of(place(), form).startswith("d/t/r/2#")


@pytest.mark.parametrize("change", [{"dag_id": "x"}, {"task_id": "x"}, {"run_id": "x"}, {"map_index": 3}])
def test_another_place_has_another_tag(change: dict[str, Any]) -> None:
    assert tag_of(place(), {}) != tag_of(place(**change), {})


def test_another_form_has_another_tag() -> None:
    assert tag_of(place(), {"output_format": "pdf"}) != tag_of(place(), {"output_format": "jpg"})
    assert tag_of(place(), {}, 1) != tag_of(place(), {}, 2)


def test_a_file_that_was_written_anew_has_another_tag(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    before = tag_of(place(), {"input_file": LocalFile("a.txt", path=path)})
    assert tag_of(place(), {"input_file": LocalFile("a.txt", path=path)}) == before
    os.utime(path, ns=(1, 1))
    assert tag_of(place(), {"input_file": LocalFile("a.txt", path=path)}) != before


def test_it_is_never_too_long_for_cloudconvert() -> None:
    assert len(tag_of(place(run_id="r" * 500), {})) <= 255
