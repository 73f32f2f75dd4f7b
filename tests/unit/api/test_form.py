"""The form of an upload, read in blocks of any size, is the same as the one that is made at once."""

from __future__ import annotations

import io

import pytest
from urllib3.filepost import encode_multipart_formdata

from connector.api.form import Form
from connector.errors import InputError

CONTENT = b"0123456789" * 30


def form(size: int = len(CONTENT), **rest: object) -> Form:
    return Form([("key", "t/${filename}")], ("a.png", "image/png"), io.BytesIO(CONTENT), size, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize("block", [1, 7, 100, 10_000])
def test_it_is_the_form_that_others_make(block: int) -> None:
    made = form()
    read = b"".join(iter(lambda: made.read(block), b""))
    fields = [("key", "t/${filename}"), ("file", ("a.png", CONTENT, "image/png"))]
    boundary = made.content_type.partition("boundary=")[2]
    assert read == encode_multipart_formdata(fields, boundary)[0]
    assert made.len == len(read)


def test_a_block_is_full_unless_it_is_the_last() -> None:
    made = form()
    blocks = list(iter(lambda: made.read(64), b""))
    assert {len(block) for block in blocks[:-1]} == {64}


def test_only_as_much_of_the_file_is_sent_as_was_announced() -> None:
    made = form(size=5)
    assert CONTENT[:6] not in b"".join(iter(lambda: made.read(64), b""))


def test_a_file_that_became_shorter_is_an_error() -> None:
    made = form(size=len(CONTENT) + 1)
    with pytest.raises(InputError, match=r"'a.png' became shorter"):
        list(iter(lambda: made.read(64), b""))


def test_it_tells_how_much_of_the_file_was_read() -> None:
    told: list[tuple[int, int]] = []
    made = form(report=lambda done, total: told.append((done, total)))
    list(iter(lambda: made.read(256), b""))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (len(CONTENT), len(CONTENT))
