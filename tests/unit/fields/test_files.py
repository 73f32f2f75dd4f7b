"""Fields that hold files: all the ways in which people give one."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import marshmallow as ma
import pytest

from connector.fields import File, Files, input_file
from connector.files import LocalFile, RemoteFile

URL = "https://example.com/a.docx"


def refusal(value: Any) -> Any:
    with pytest.raises(ma.ValidationError) as caught:
        File("F").deserialize(value)
    return caught.value.messages


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes(b"x")
    return tmp_path / "a.txt"


@pytest.mark.parametrize("written", [str, Path, os.fspath])
def test_a_path_is_a_file_to_upload(written: Callable[[Path], Any], path: Path) -> None:
    assert File("F").deserialize(written(path)) == LocalFile("a.txt", path=path)


def test_a_home_folder_is_understood(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(path.parent))
    assert File("F").deserialize("~/a.txt") == LocalFile("a.txt", path=path)


@pytest.mark.parametrize("url", [URL, "HTTP://example.com/a"])
def test_an_address_is_a_file_to_import(url: str) -> None:
    assert File("F").deserialize(url) == RemoteFile(url)


def test_an_address_can_have_headers_and_a_name() -> None:
    given = {"url": URL, "headers": [{"key": "X-Key", "value": "1"}], "name": "b.docx"}
    assert File("F").deserialize(given) == RemoteFile(URL, {"X-Key": "1"}, "b.docx")


def test_an_address_with_untouched_headers_and_name_has_none() -> None:
    assert File("F").deserialize({"url": URL, "headers": None, "name": ""}) == RemoteFile(URL)


@pytest.mark.parametrize("value", [("a.txt", b"x"), ["a.txt", b"x"], {"name": "a.txt", "data": b"x"}])
def test_bytes_need_a_name(value: Any) -> None:
    assert File("F").deserialize(value) == LocalFile("a.txt", data=b"x")
    assert refusal(b"x") == ["needs a name for its bytes: give (name, bytes)"]


def test_an_open_stream_is_a_file_to_upload(path: Path) -> None:
    with path.open("rb") as stream:
        assert File("F").deserialize(stream) == LocalFile("a.txt", stream=stream)
    assert File("F").deserialize(io.BytesIO(b"x")).name == "file"


def test_a_stream_of_text_is_refused(path: Path) -> None:
    with path.open() as stream:
        assert refusal(stream) == ["must be opened in binary mode"]
    assert refusal(io.StringIO("x")) == ["must be opened in binary mode"]


@pytest.mark.parametrize("file", [LocalFile("a", data=b""), RemoteFile(URL)], ids=["local", "remote"])
def test_what_is_a_file_already_stays(file: LocalFile | RemoteFile) -> None:
    assert input_file(file) is file


@pytest.mark.parametrize(
    "value", [3, True, [], {}, {"url": 3}, ("a", "b"), {"name": "a"}, object()], ids=lambda value: str(value)[:9]
)
def test_what_is_no_file_is_refused(value: Any) -> None:
    assert refusal(value) == ["must be a path, a URL, (name, bytes) or an open binary stream"]


@pytest.mark.parametrize(
    "value", ["no-such-file", "a\0b", "\ud800", "p" * 5000, "~nobody-of-that-name/x", "a\nb"], ids=ascii
)
def test_a_path_that_leads_nowhere_is_refused(value: str) -> None:
    assert refusal(value)[0].endswith(("is no file that can be found", "is no usable path"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path)) == [f"{str(tmp_path)!r} is a folder; give a file"]


@pytest.mark.parametrize("url", ["http://", "https:// example.com", "http://[::1", "https://?x"])
def test_a_broken_address_is_refused(url: str) -> None:
    assert "http:// or https://" in str(refusal(url))
    assert list(refusal({"url": url})) == ["url"]


def test_a_header_with_a_line_break_is_refused_at_its_field() -> None:
    assert list(refusal({"url": URL, "headers": {"X": "a\r\nY: b"}})) == ["headers"]


@pytest.mark.parametrize(("text", "value"), [("a.txt", "a.txt"), (URL, URL), (f'{{"url": "{URL}"}}', {"url": URL})])
def test_a_command_line_gives_a_path_an_address_or_json(text: str, value: Any) -> None:
    assert File("F").from_text(text) == value


def test_a_list_takes_uploads_and_addresses_mixed(path: Path) -> None:
    assert Files("F").deserialize([str(path), URL]) == [LocalFile("a.txt", path=path), RemoteFile(URL)]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a.txt", "must be a list of files"),
        ([], "must hold at least 1 file"),
        ([URL] * 3, "must hold at most 2 files"),
    ],
)
def test_a_list_counts_its_files(value: Any, words: str) -> None:
    with pytest.raises(ma.ValidationError) as caught:
        Files("F", maximum=2).deserialize(value)
    assert caught.value.messages == [words]


def test_two_are_more_than_one() -> None:
    with pytest.raises(ma.ValidationError, match="at least 2 files"):
        Files("F", minimum=2).deserialize([URL])


def test_every_wrong_file_of_a_list_is_named() -> None:
    with pytest.raises(ma.ValidationError) as caught:
        Files("F").deserialize([3, URL, {"url": "ftp://x"}])
    assert set(caught.value.messages) == {0, 2}


@pytest.mark.parametrize(
    ("text", "value"), [("a.txt", ["a.txt"]), ('["a", "b"]', ["a", "b"]), ('{"url": "u"}', [{"url": "u"}])]
)
def test_a_command_line_gives_a_list_or_one(text: str, value: Any) -> None:
    assert Files("F").from_text(text) == value


@pytest.mark.parametrize("text", ["htps://user:pass@example.com/a.png", "ftp://example.com/a", "file:///etc/passwd"])
def test_an_address_of_another_kind_is_not_taken_for_a_path_and_not_repeated(text: str) -> None:
    assert refusal(text) == ["must be a path, or an address that begins with http:// or https://"]
