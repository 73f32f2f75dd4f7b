"""Recipes say which fields of the form they use."""

from __future__ import annotations

import pytest

from connector.recipe import Call, Job, Task


def test_a_call_uses_the_fields_of_its_path_query_and_body() -> None:
    call = Call("POST", "/jobs/{job}/x/{task}", query={"include": "parts"}, body={"tag": "label"})
    assert list(call.fields()) == ["job", "task", "parts", "label"]


def test_a_job_uses_its_parameters_inputs_and_options() -> None:
    job = Job(Task("convert", options="engine_options", output_format="format"))
    assert list(job.fields()) == ["format", "input_file", "engine_options"]


def test_a_job_without_files_uses_none() -> None:
    assert list(Job(Task("capture-website", url="url"), inputs=None).fields()) == ["url"]


@pytest.mark.parametrize(("operation", "name"), [("convert", "convert"), ("pdf/rotate-pages", "pdf-rotate-pages")])
def test_a_tasks_name_has_only_what_the_api_allows(operation: str, name: str) -> None:
    assert Task(operation).name == name
