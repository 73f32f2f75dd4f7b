"""The body of a create-job request: imports, the task, the export, and how the job is known again."""

from __future__ import annotations

from typing import Any

import pytest

from connector.files import LocalFile, RemoteFile
from connector.recipe import CustomJob, Job, Task
from connector.runtime.job_request import job_request

CONVERT = Job(Task("convert", output_format="format", filename="name", options="more"))
URL = RemoteFile("https://example.com/a.docx")
UPLOAD = LocalFile("b.docx", data=b"x")


def tasks(recipe: Job | CustomJob, **form: Any) -> dict[str, Any]:
    return dict(job_request(recipe, form).body["tasks"])


def test_a_file_from_an_address_is_imported_converted_and_exported() -> None:
    assert tasks(CONVERT, input_file=URL, format="pdf") == {
        "import-1": {"operation": "import/url", "url": "https://example.com/a.docx"},
        "convert": {"operation": "convert", "input": ["import-1"], "output_format": "pdf"},
        "export": {"operation": "export/url", "input": ["convert"]},
    }


def test_an_upload_is_named_by_its_task() -> None:
    request = job_request(CONVERT, {"input_file": UPLOAD, "format": "pdf"})
    assert request.body["tasks"]["import-1"] == {"operation": "import/upload"}
    assert request.uploads == {"import-1": UPLOAD}


def test_headers_and_a_name_go_with_the_import() -> None:
    file = RemoteFile("https://example.com/a", {"X-Key": "1"}, "b.docx")
    imported = tasks(CONVERT, input_file=file, format="pdf")["import-1"]
    assert (imported["headers"], imported["filename"]) == ({"X-Key": "1"}, "b.docx")


def test_many_files_keep_their_order() -> None:
    request = job_request(Job(Task("merge"), inputs="input_files"), {"input_files": [URL, UPLOAD, URL]})
    assert request.body["tasks"]["merge"]["input"] == ["import-1", "import-2", "import-3"]
    assert request.uploads == {"import-2": UPLOAD}


def test_a_task_without_files_has_no_input() -> None:
    made = tasks(Job(Task("capture-website", url="url"), inputs=None), url="https://example.com")
    assert list(made) == ["capture-website", "export"]
    assert made["capture-website"] == {"operation": "capture-website", "url": "https://example.com"}


def test_a_field_that_holds_a_file_becomes_an_import_of_its_own() -> None:
    made = tasks(Job(Task("watermark", image="logo")), input_file=URL, logo=UPLOAD)
    assert made["import-image"] == {"operation": "import/upload"}
    assert (made["watermark"]["input"], made["watermark"]["image"]) == (["import-1"], "import-image")


def test_options_stand_beside_the_parameters_and_do_not_replace_them() -> None:
    options = {"quality": 80, "operation": "delete", "input": "x", "output_format": "exe"}
    made = tasks(CONVERT, input_file=URL, format="pdf", more=options)
    assert made["convert"] == {"quality": 80, "operation": "convert", "input": ["import-1"], "output_format": "pdf"}


def test_a_task_that_gives_no_file_is_not_exported() -> None:
    assert list(tasks(Job(Task("metadata"), export=False), input_file=URL)) == ["import-1", "metadata"]


def test_names_have_only_what_the_api_allows() -> None:
    assert "pdf-rotate-pages" in tasks(Job(Task("pdf/rotate-pages")), input_file=URL)


def test_a_tag_is_new_each_time_and_knows_its_job_again() -> None:
    requests = [job_request(CONVERT, {"input_file": URL, "format": "pdf"}) for _ in range(100)]
    assert len({request.tag for request in requests}) == 100
    knows = requests[0].recognize
    assert knows
    assert knows({"id": "j", "tag": requests[0].tag, "tasks": None})
    assert not knows({"id": "j", "tag": requests[1].tag})


def test_a_persons_tag_survives_and_the_job_is_known_by_its_tasks() -> None:
    form = {"input_file": URL, "format": "pdf", "tag": "invoices"}
    mine, other = job_request(CONVERT, form), job_request(CONVERT, form)
    knows = mine.recognize
    assert knows
    assert (mine.body["tag"], mine.tag) == ("invoices", "invoices")
    listed = [{"tag": "invoices", "tasks": [{"name": name} for name in r.body["tasks"]]} for r in (mine, other)]
    assert [knows(job) for job in listed] == [True, False]


def test_a_persons_own_tasks_keep_their_names_and_then_nothing_tells_jobs_apart() -> None:
    form = {
        "input_files": [{"name": "in", "file": URL}],
        "tasks": [{"name": "a", "operation": "convert", "input": ["in"]}],
    }
    assert list(tasks(CustomJob(), **form)) == ["in", "a"]
    assert job_request(CustomJob(), {**form, "tag": "mine"}).recognize is None


def test_a_given_tag_is_used_instead_of_a_new_one() -> None:
    assert job_request(CONVERT, {"input_file": URL, "format": "pdf"}, "step-1").tag == "step-1"


@pytest.mark.parametrize("address", ["https://example.com/hook", None])
def test_a_webhook_belongs_to_the_job(address: str | None) -> None:
    body = job_request(CONVERT, {"input_file": URL, "format": "pdf", "webhook_url": address}).body
    assert body.get("webhook_url") == address
