from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from connector.errors import InputError
from connector.redact import MASK
from connector.scenario.keeping import decode, encode, without_secrets


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, None, True, "ü"]},
        {"files": [{"name": "a", "data": b"\0\xff"}]},
        {"$bytes": "not a file"},
        {"$mapping": {"$bytes": "x"}},
        {"$bytes": b"x", "b": 1},
        [],
    ],
    ids=str,
)
def test_what_is_kept_comes_back_the_same(tmp_path: Path, value: Any) -> None:
    assert decode(encode(value, tmp_path / "files"), tmp_path / "files") == value


def test_bytes_are_beside_the_text_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    text = encode({"data": b"content of the file"}, tmp_path / "files")
    (file,) = (tmp_path / "files").iterdir()
    assert "content" not in text
    assert file.read_bytes() == b"content of the file"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    encode([b"x", b"x"], tmp_path)
    encode(b"x", tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_open_stream_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="BytesIO cannot be kept"):
        encode({"a": io.BytesIO()}, tmp_path)


def test_known_secrets_are_masked_wherever_they_stand() -> None:
    given = {"url": "https://a.example/?k=s3cret-value", "list": ["s3cret-value"], "n": 1, "data": b"s3cret-value"}
    assert without_secrets(given, ["s3cret-value"]) == {
        "url": f"https://a.example/?k={MASK}",
        "list": [MASK],
        "n": 1,
        "data": b"s3cret-value",
    }


def test_a_short_secret_is_masked_only_where_it_stands_alone() -> None:
    assert without_secrets(["abc", "alphabcd"], ["abc", ""]) == [MASK, "alphabcd"]


def test_what_a_task_repeats_of_its_request_loses_headers_and_passwords() -> None:
    payload = {"headers": {"X-Mine": "1"}, "set_password": "p", "url": "https://a.example"}
    kept = without_secrets({"job": {"tasks": [{"payload": payload}]}}, [])
    assert kept["job"]["tasks"][0]["payload"] == {
        "headers": {"X-Mine": MASK},
        "set_password": MASK,
        "url": "https://a.example",
    }


def test_signed_urls_of_results_stay_usable() -> None:
    url = "https://storage.example/a.pdf?Signature=abc&Expires=1"
    assert without_secrets({"url": url}, []) == {"url": url}
