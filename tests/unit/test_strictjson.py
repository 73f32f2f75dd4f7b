"""What two readers could understand differently is no JSON."""

from __future__ import annotations

import pytest

from connector.strictjson import parse


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            b'{"a": [1, 2.5, -0.0, true, null, "\\u00e9\\ud83d\\ude00"]}',
            {"a": [1, 2.5, -0.0, True, None, "\u00e9\U0001f600"]},
        ),
        (b"\xef\xbb\xbf {} ", {}),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b'[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]),
    ],
    ids=lambda case: ascii(case)[:24],
)
def test_json_is_read(body: bytes, value: object) -> None:
    assert parse(body) == value


def test_half_a_pair_as_in_an_odd_file_name_is_read() -> None:
    assert parse(b'\xef\xbb\xbf{"filename": "\\uD800.png"}') == {"filename": "\ud800.png"}


@pytest.mark.parametrize(
    "beside", [b'"a": 1, "a": 2', b'"a": NaN', b'"a": -Infinity', b'"a": ' + b"[" * 100_000, b'"a": 1,', b'"a": "\xff"']
)
def test_beside_half_a_pair_nothing_else_is_let_through(beside: bytes) -> None:
    with pytest.raises(ValueError, match=r"twice|number|deep|Expecting|Illegal|decode"):
        parse(b'{"filename": "\\ud800.png", ' + beside + b"}")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{} {}",
        b'{"a": 1,}',
        b'{"a": {"b": 1, "c": 2, "b": 1}}',
        b'{"a": 1, "\\u0061": 2}',
        b"NaN",
        b"[-Infinity]",
        b'"\xff"',
        b'"line\nbreak"',
        b"[" * 100_000,
        b"9" * 10_000,
        "{}".encode("utf-16"),
    ],
    ids=lambda body: ascii(body)[:24],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"at line \d+"):
        parse(body)
