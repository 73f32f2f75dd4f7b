from __future__ import annotations

import pytest

from connector.sandbox import formats


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.PNG", "png"),
        ("a.tar.gz", "tar.gz"),
        ("a.b.gz", "gz"),
        ("tar.gz", "gz"),
        ("a", ""),
        ("a.", ""),
        (".hidden", "hidden"),
        ("x.p-g", ""),
    ],
)
def test_format_of_a_name(name: str, expected: str) -> None:
    assert formats.format_of(name) == expected


def test_no_format_is_in_two_groups() -> None:
    listed = [name for names in formats.GROUPS.values() for name in names]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.pdf", "application/pdf"),
        ("a.jpeg", "image/jpeg"),
        ("a.md", "text/markdown"),
        ("a.mp3", "audio/mpeg"),
        ("a.tar.gz", "application/gzip"),
        ("a.what", "application/octet-stream"),
    ],
)
def test_mime_types_do_not_depend_on_the_machine(name: str, mime: str) -> None:
    assert formats.mime_type(name) == mime


def test_extension_of_a_mime_type() -> None:
    assert formats.extension_of("image/jpeg; charset=x") == "jpg"
    assert formats.extension_of("application/pdf") == "pdf"
    assert formats.extension_of("nonsense") == ""


def test_groups_know_aliases() -> None:
    assert formats.group_of("jpeg") == "image"
    assert formats.group_of("txz") == "archive"
