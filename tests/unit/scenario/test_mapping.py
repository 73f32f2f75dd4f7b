from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.fields import Array, File, Files, Text
from connector.files import LocalFile, RemoteFile
from connector.modules import find
from connector.scenario.mapping import file_of, mapped

RECORD = {"name": "a.pdf", "size": 3, "url": "https://storage.example/a", "expires_at": None}
REMOTE = RemoteFile("https://storage.example/a", name="a.pdf")


def fill(value: Any, name: str = "input_file") -> Any:
    module = find("ConvertFile" if name == "input_file" else "MergeFiles")
    values = mapped(module.Input.all(), {name: value, "output_format": "pdf"})
    return module.fill(values)[name]


def test_a_record_with_a_url_is_fetched_by_cloudconvert() -> None:
    assert fill(RECORD) == REMOTE


def test_a_record_with_bytes_is_uploaded() -> None:
    assert fill({**RECORD, "data": b"pdf"}) == LocalFile("a.pdf", data=b"pdf")


def test_a_saved_file_comes_before_its_bytes_and_keeps_its_name(tmp_path: Path) -> None:
    saved = tmp_path / "a (2).pdf"
    saved.write_bytes(b"pdf")
    assert fill({**RECORD, "path": str(saved), "data": b"pdf"}) == LocalFile("a.pdf", path=saved)


def test_a_saved_file_that_is_gone_leaves_the_url() -> None:
    assert fill({**RECORD, "path": "/gone/a.pdf"}) == REMOTE


def test_a_url_and_a_path_are_files_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"pdf")
    assert fill("https://storage.example/a") == RemoteFile("https://storage.example/a")
    assert fill(str(tmp_path / "a.pdf")).path == tmp_path / "a.pdf"


def test_lists_of_records_are_lists_of_files() -> None:
    assert fill([RECORD, RECORD], "input_files") == [REMOTE, REMOTE]


def test_all_files_of_a_step_can_stand_beside_one_of_another() -> None:
    assert fill([[RECORD, RECORD], "https://storage.example/b"], "input_files") == [
        REMOTE,
        REMOTE,
        RemoteFile("https://storage.example/b"),
    ]


def test_one_file_counts_as_a_list_of_one() -> None:
    fields = {"files": Files("Files")}
    assert mapped(fields, {"files": RECORD}) == {"files": [REMOTE]}
    assert mapped(fields, {"files": ("a.txt", b"x")}) == {"files": [("a.txt", b"x")]}


def test_files_inside_other_fields_are_mapped_too() -> None:
    fields = {"inputs": Array("Inputs", {"name": Text("Name"), "file": File("File")})}
    assert mapped(fields, {"inputs": [{"name": "x", "file": RECORD}]}) == {"inputs": [{"name": "x", "file": REMOTE}]}


def test_what_a_person_wrote_is_left_to_the_field() -> None:
    for value in ({"url": "https://a.example/x", "headers": {"A": "b"}}, {"url": "https://a.example", "heders": 1}, 5):
        assert file_of(value) == value


def test_other_fields_keep_their_values() -> None:
    assert mapped({"tag": Text("Tag")}, {"tag": RECORD, "more": 1}) == {"tag": RECORD, "more": 1}
