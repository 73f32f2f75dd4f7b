"""Declared outputs are taken from the API's objects; what is not there is None, never an error."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fields import AnyValue, Text
from connector.forms import Fields
from connector.runtime.outputs import file_records, outputs_of

FILE = {"filename": "a.pdf", "size": 3, "url": "https://storage.example/a.pdf"}
EXPORT = {
    "operation": "export/url",
    "status": "finished",
    "ended_at": "2026-11-22T08:14:12+00:00",
    "result": {"files": [FILE]},
}


class Outputs(Fields):
    id = Text("ID")
    link = Text("Link", source="links.self")
    first = Text("First", source="files.0.url")
    second = Text("Second", source="files.1.url")
    asked = Text("Asked", source="form.url")
    done = AnyValue("Done")
    raw = AnyValue("Raw", source=".")


def test_outputs_are_found_by_their_paths() -> None:
    job = {"id": "j", "links": {"self": "https://x"}, "tasks": [EXPORT]}
    outputs = outputs_of(Outputs, job, {"url": "u"})
    assert (outputs.id, outputs.link, outputs.first, outputs.asked, outputs.done) == (
        "j",
        "https://x",
        FILE["url"],
        "u",
        True,
    )
    assert (outputs.second, outputs.raw) == (None, job)


@pytest.mark.parametrize("job", [{}, {"links": None, "tasks": None}, {"links": "x", "tasks": []}], ids=str)
def test_what_is_not_there_is_none(job: dict[str, Any]) -> None:
    outputs = outputs_of(Outputs, job, {})
    assert (outputs.id, outputs.link, outputs.first) == (None, None, None)


def test_without_a_declaration_the_object_is_handed_on() -> None:
    assert outputs_of(None, {"id": 1, "new": 2}, {}) == {"id": 1, "new": 2}


def test_files_of_every_finished_export_are_kept_in_order() -> None:
    other = {**EXPORT, "result": {"files": [{"filename": "b.pdf"}, {"filename": "c.pdf"}]}}
    rest = [{**EXPORT, "status": "processing"}, {**EXPORT, "operation": "convert"}, {**EXPORT, "result": None}]
    assert [file["name"] for file in file_records({"tasks": [EXPORT, *rest, other]})] == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_file_expires_a_day_after_its_task_ended() -> None:
    assert file_records(EXPORT)[0]["expires_at"] == "2026-11-23T08:14:12+00:00"


@pytest.mark.parametrize("ended", [None, "", "soon", 3, "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+23:59"])
def test_an_end_that_is_no_moment_has_no_expiry(ended: Any) -> None:
    assert file_records({**EXPORT, "ended_at": ended})[0]["expires_at"] is None


@pytest.mark.parametrize("size", ["3", None, "many", [], 3.5])
def test_a_size_that_is_no_number_of_bytes_is_unknown(size: Any) -> None:
    assert file_records({**EXPORT, "result": {"files": [{**FILE, "size": size}]}})[0]["size"] is None
