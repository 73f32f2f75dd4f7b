"""The OpenAPI document: valid, as the import wants it, and executed against the sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from connector.platforms.dronahq.actions import ACTIONS
from connector.platforms.dronahq.openapi import imported_name
from connector.platforms.dronahq.request import Request, request_of
from tests.platforms.dronahq.stand_in import Answer, Imported

OPERATIONS = ["AllSupportedFormats", "CreateConvertFileJob", "ShowJob", "WaitForAJob", "ListJobs"]


def problems(document: Mapping[str, Any], schema: Mapping[str, Any], instance: Any) -> list[str]:
    """What OpenAPI 3.0's own rules (nullable, formats) find wrong with an instance."""
    from openapi_schema_validator import OAS30Validator

    whole = {**schema, "components": document["components"]}
    validator = OAS30Validator(whole, format_checker=OAS30Validator.FORMAT_CHECKER)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(instance)]


def answer_schema(operation: Mapping[str, Any], status: str) -> Any:
    return operation["responses"][status]["content"]["application/json"]["schema"]


def test_the_document_is_valid(imported: Imported) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert [str(error) for error in OpenAPIV30SpecValidator(imported.document).iter_errors()] == []
    assert imported.document["openapi"] == "3.0.0"


def test_it_has_the_first_action_of_each_method_and_path(imported: Imported) -> None:
    assert sorted(imported.operations) == sorted(OPERATIONS)
    requests = {action.name: request_of(action) for action in ACTIONS}
    held = {(requests[name].method, requests[name].path) for name in OPERATIONS}
    assert held == {(one.method, one.path) for one in requests.values()}


def test_the_summary_begins_with_the_action_name(imported: Imported) -> None:
    assert all(it["summary"].startswith(f"{name}: ") for name, (_, _, it) in imported.operations.items())


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_works_and_answers_what_it_says(
    imported: Imported, job: Answer, origin: str, name: str
) -> None:
    values = {"jobId": job.data["id"], "FileURL": f"{origin}/photo.png", "OutputFormat": "jpg"}
    answer = imported(name, **values)
    operation = imported.operations[name][2]
    assert str(answer.status) in operation["responses"]
    assert answer.data
    assert problems(imported.document, answer_schema(operation, str(answer.status)), answer.body) == []


def test_a_created_job_really_converts(imported: Imported, origin: str) -> None:
    made = imported("CreateConvertFileJob", FileURL=f"{origin}/report.pdf", OutputFormat="png")
    ended = imported("WaitForAJob", jobId=made.data["id"])
    assert ended.data["status"] == "finished"
    export = next(task for task in ended.data["tasks"] if task["operation"] == "export/url")
    assert [file["filename"] for file in export["result"]["files"]] == ["report-1.png", "report-2.png"]


def test_a_refusal_is_described_too(imported: Imported) -> None:
    refused = imported("ShowJob", jobId="no-such-job")
    assert refused.status == 404
    assert problems(imported.document, answer_schema(imported.operations["ShowJob"][2], "default"), refused.body) == []
    assert refused.body["message"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_examples_keep_to_their_own_schemas(imported: Imported, name: str) -> None:
    operation = imported.operations[name][2]
    status = "201" if "requestBody" in operation else "200"
    contents = [operation["responses"][status], operation.get("requestBody")]
    for content in [one["content"]["application/json"] for one in contents if one]:
        assert problems(imported.document, content["schema"], content["example"]) == []


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/pet/findByStatus", "pet_findByStatus_get"),
        ("GET", "/pet/{petId}", "pet_petId_get"),
        ("POST", "/pet/{petId}/uploadImage", "pet_petId_uploadImage_post"),
    ],
)
def test_names_after_the_import_are_those_seen_in_the_documentation(method: Any, path: str, name: str) -> None:
    assert imported_name(Request(method, path, (), {})) == name


def test_every_described_input_is_one_that_the_example_holds(imported: Imported) -> None:
    content = imported.operations["CreateConvertFileJob"][2]["requestBody"]["content"]["application/json"]
    text = json.dumps(content["example"])
    assert all(f"{{{{{name}}}}}" in text for name in ("FileURL", "InputFormat", "OutputFormat", "Tag"))
    described = content["schema"]["properties"]["tasks"]["properties"]["import-my-file"]["properties"]["url"]
    assert described["description"].startswith("File URL. ")
