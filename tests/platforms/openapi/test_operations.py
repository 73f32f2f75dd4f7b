"""Every operation of the document, performed against the sandbox; the importer holds each answer to the document."""

from __future__ import annotations

from typing import Any

import pytest

from connector.modules import all_modules
from connector.platforms.openapi.document import operations
from connector.platforms.openapi.job import job_body
from connector.recipe import CustomJob, Job, Listing
from connector.runtime.call_request import preview
from tests.platforms.openapi.importer import Importer
from tests.support.world import World

JOBS = [name for name, module in all_modules().items() if isinstance(module.recipe, Job | CustomJob)]
SINGLE = [name for name, module in all_modules().items() if isinstance(module.recipe, Job)]
SIMPLE = [one.name for one in operations() if not one.body]
LISTS = [name for name, module in all_modules().items() if isinstance(module.recipe, Listing) and name in SIMPLE]
OTHERS = ["UploadAFile", "ImportFromURL", "ExportFiles", "CreateJob", "CreateWebhook"]


def test_these_are_all_operations(importer: Importer) -> None:
    assert set(importer.operations) == {*SINGLE, *SIMPLE, *OTHERS}


def imported(importer: Importer, name: str) -> dict[str, Any]:
    """The example of a single task whose input exists."""
    body: dict[str, Any] = importer.example(name)
    tasks = importer.example("CreateJob", name)["tasks"]
    files = [one for one in tasks.values() if one["operation"] == "import/url"]
    ids = [importer("ImportFromURL", {k: v for k, v in one.items() if k != "operation"}).data["id"] for one in files]
    for each in ids:
        importer.ended({"id": each})
    return body | ({"input": ids} if "input" in body else {})


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_task_does_its_work(importer: Importer, name: str) -> None:
    body = imported(importer, name)
    if name == "ExecuteCommand":
        body["arguments"] = body["arguments"].replace("import-1", body["input"][0])
    made = importer(name, body)
    assert made.status == 201
    ended = importer.ended(made.data)
    assert ended["status"] == "finished", ended["message"]


@pytest.mark.parametrize("name", JOBS)
def test_a_job_of_each_kind_ends_well(importer: Importer, name: str) -> None:
    made = importer("CreateJob", importer.example("CreateJob", name))
    assert made.status == 201
    assert importer.ended(made.data, "Job")["status"] == "finished"


@pytest.mark.parametrize("name", JOBS)
def test_the_example_of_a_job_is_what_python_sends(name: str) -> None:
    module = all_modules()[name]
    form = module.fill(module.examples[0])
    sent = preview(module.recipe, form)["body"]
    assert job_body(module, form) == {key: value for key, value in sent.items() if key != "tag" or "tag" in form}


@pytest.mark.parametrize("name", SIMPLE)
def test_a_call_or_list_answers_what_it_says(importer: Importer, world: World, name: str) -> None:
    form = world.real(all_modules()[name], all_modules()[name].examples[0])
    inside = {
        key: form[key] for key in ("job_id", "task_id", "webhook_id") if f"{{{key}}}" in importer.operations[name][0]
    }
    answer = importer(name, **inside)
    assert answer.status in ((204,) if name.startswith("Delete") else (200, 201))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_each_of_its_parameters(importer: Importer, name: str) -> None:
    given = importer.operations[name][2]["parameters"]
    values = {one["name"]: one.get("example", one["schema"].get("default")) for one in given}
    assert importer(name, **values).status == 200


def test_a_file_goes_in_and_comes_out_step_by_step(importer: Importer) -> None:
    import requests

    first = importer("UploadAFile", importer.example("UploadAFile")).data
    made = importer("ConvertFile", {"input": [first["id"]], "output_format": "pdf"}).data
    assert importer.ended(made)["status"] == "finished"
    exported = importer.ended(importer("ExportFiles", {"input": [made["id"]]}).data)
    (file,) = exported["result"]["files"]
    assert file["filename"] == "notes.pdf"
    assert requests.get(file["url"], timeout=30).content.startswith(b"%PDF")


def test_a_webhook_is_made_listed_and_removed(importer: Importer) -> None:
    made = importer("CreateWebhook", importer.example("CreateWebhook")).data
    listed = importer("ListWebhooks", **{"filter[url]": made["url"]}).data
    assert made["id"] in [one["id"] for one in listed]
    assert importer("DeleteWebhook", webhook_id=made["id"]).status == 204


@pytest.mark.parametrize("name", ["GetJob", "GetTask", "CancelTask", "DeleteWebhook"])
def test_a_refusal_is_described_too(importer: Importer, name: str) -> None:
    key = importer.operations[name][2]["parameters"][0]["name"]
    refused = importer(name, **{key: "no-such"})
    assert refused.status == 404
    assert refused.body["message"]
