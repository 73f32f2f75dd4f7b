"""What a file's name promises, and what flows through a job."""

from __future__ import annotations

from typing import Any

import pytest

from connector.catalogue import format_of, formats_in
from connector.files import LocalFile, RemoteFile


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.DOCX", "docx"),
        ("Übersicht.tar.gz", "tar.gz"),
        ("a.b.pdf", "pdf"),
        ("notes.gz", "gz"),
        ("README", None),
        (".profile", None),
        ("trailing.", None),
        ("folder.d/README", None),
    ],
)
def test_a_name_promises_a_format(name: str, expected: str | None) -> None:
    assert format_of(LocalFile(name, data=b"")) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (RemoteFile("https://example.com/files/My%20report.docx?version=2.1#top"), "docx"),
        (RemoteFile("https://example.com/download", name="a.png"), "png"),
        (RemoteFile("https://example.com/"), None),
    ],
)
def test_an_address_promises_a_format_by_its_path(file: RemoteFile, expected: str | None) -> None:
    assert format_of(file) == expected


def test_formats_flow_from_task_to_task() -> None:
    tasks: dict[str, Any] = {
        "import-1": {"operation": "import/upload"},
        "pdf": {"operation": "convert", "input": "import-1", "output_format": "pdf"},
        "small": {"operation": "optimize", "input": ["pdf"]},
        "locked": {"operation": "pdf/encrypt", "input": ["small"]},
        "export": {"operation": "export/url", "input": ["locked", "small"]},
    }
    found = formats_in(tasks, {"import-1": LocalFile("a.docx", data=b"")})
    assert found == {"import-1": None, "pdf": "docx", "small": "pdf", "locked": "pdf", "export": "pdf"}


def test_mixed_and_unknown_inputs_have_no_format() -> None:
    tasks: dict[str, Any] = {
        "a": {"operation": "import/url", "filename": "a.png"},
        "b": {"operation": "import/s3"},
        "mixed": {"operation": "merge", "input": ["a", "b"]},
        "command": {"operation": "command", "input": ["a"]},
        "after": {"operation": "convert", "input": ["command", "nobody"]},
    }
    found = formats_in(tasks, {})
    assert (found["mixed"], found["command"], found["after"]) == (None, "png", None)


def test_a_circle_ends() -> None:
    tasks: dict[str, Any] = {
        "a": {"operation": "optimize", "input": "b"},
        "b": {"operation": "optimize", "input": ["a"]},
    }
    assert formats_in(tasks, {}) == {"a": None, "b": None}
