"""Every operation of the definition, performed against the sandbox; the gateway holds each answer to the definition."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from connector.modules import all_modules
from connector.platforms.openapi.job import job_body
from connector.platforms.power_platform.operations import actions
from connector.recipe import CustomJob, Job
from connector.runtime.call_request import preview
from tests.platforms.power_platform.gateway import Gateway
from tests.support.file_server import at
from tests.support.samples import sample
from tests.support.world import World

JOBS = [name for name, module in all_modules().items() if isinstance(module.recipe, Job)]
CUSTOM = [name for name, module in all_modules().items() if isinstance(module.recipe, CustomJob)]
SIMPLE = [one.operation.name for one in actions() if not one.body]


def test_these_are_all_operations(gateway: Gateway) -> None:
    assert set(gateway.operations) == {*JOBS, *CUSTOM, *SIMPLE, "NewJobEvent"}


def filled(gateway: Gateway, name: str, number: int = 0) -> dict[str, Any]:
    """A module's example as a person fills it in: all that is shown, nothing that is hidden."""
    module = all_modules()[name]
    body = job_body(module, module.fill(module.examples[number]))
    schema = gateway.operations[name][2]["parameters"][-1]["schema"]["properties"]["tasks"]
    shown = {task: visible(schema["properties"][task], given) for task, given in body["tasks"].items()}
    return {**body, "tasks": {task: given for task, given in shown.items() if given}}


def visible(schema: Any, given: dict[str, Any]) -> dict[str, Any]:
    known = {key: schema["properties"][key] for key in given if key in schema["properties"]}
    return {key: given[key] for key, one in known.items() if one.get("x-ms-visibility") != "internal"}


def ended(gateway: Gateway, job: dict[str, Any]) -> Any:
    """The job when it has ended; skips where a converter is missing."""
    done = gateway("WaitForJob", job_id=job["id"]).body["data"]
    for task in done["tasks"]:
        if task["code"] == "ENGINE_NOT_INSTALLED":
            pytest.skip(task["message"])
    return done


@pytest.mark.parametrize("name", JOBS)
def test_a_filled_in_form_sends_what_python_sends(gateway: Gateway, name: str) -> None:
    module = all_modules()[name]
    example = {key: value for key, value in module.examples[0].items() if key not in ("tag", "download")}
    ours = preview(module.recipe, module.fill(example))["body"]["tasks"]
    sent = gateway.prepared(name, filled(gateway, name))
    assert sent.url.endswith("/v2/jobs")
    # The service takes one name for a list of one.
    for task in ours.values():
        if len(task.get("input", [])) == 1 and name not in ("CreateArchive", "ExecuteCommand"):
            task["input"] = task["input"][0]
    theirs = sent.body["tasks"]
    if name in ("CreateArchive", "ExecuteCommand", "MergeFiles"):
        theirs["export"]["input"] = ours["export"]["input"]
    assert theirs == ours


@pytest.mark.parametrize("name", JOBS)
def test_an_action_makes_a_job_that_ends_well(gateway: Gateway, origin: str, name: str) -> None:
    made = gateway(name, at(origin, filled(gateway, name)))
    assert made.status == 201
    assert ended(gateway, made.body["data"])["status"] == "finished"


def test_a_file_goes_in_as_content_and_comes_out(gateway: Gateway) -> None:
    data = base64.b64encode(sample("png")).decode()
    file = {"operation": "import/base64", "filename": "photo.png", "file": data}
    made = gateway("ConvertFile", {"tasks": {"import-1": file, "convert": {"output_format": "jpg"}}}).body["data"]
    export = next(one for one in ended(gateway, made)["tasks"] if one["name"] == "export")
    assert [one["filename"] for one in export["result"]["files"]] == ["photo.jpg"]


def test_a_watermark_takes_an_image_only_when_it_is_chosen(gateway: Gateway, origin: str) -> None:
    body = at(origin, filled(gateway, "AddWatermark", 1))
    assert body["tasks"]["watermark"]["image"] == "import-image"
    assert ended(gateway, gateway("AddWatermark", body).body["data"])["status"] == "finished"


def test_a_custom_job_is_a_list_of_rows(gateway: Gateway, origin: str) -> None:
    rows = [
        {"name": "import-1", "operation": "import/url", "url": f"{origin}/photo.png"},
        {"name": "small", "operation": "convert", "input": ["import-1"], "output_format": "jpg", "quality": 50},
        {"name": "out", "operation": "export/url", "input": ["small"]},
    ]
    job = ended(gateway, gateway("CreateJob", {"tasks": rows, "tag": "rows"}).body["data"])
    assert (job["status"], job["tag"]) == ("finished", "rows")
    assert {task["name"] for task in job["tasks"]} == {"import-1", "small", "out"}


@pytest.mark.parametrize("name", SIMPLE)
def test_a_call_or_list_answers_what_it_says(gateway: Gateway, world: World, name: str) -> None:
    values = {one["name"]: "png" for one in gateway.operations[name][2]["parameters"] if one["required"]}
    if name in all_modules() and set(values) & {"job_id", "task_id", "webhook_id"}:
        values = world.real(all_modules()[name], all_modules()[name].examples[0])
    values.pop("include", None)
    assert gateway(name, **values).status == (204 if name.startswith("Delete") else 201 if name == "RetryTask" else 200)


def test_the_formats_of_a_list_are_narrowed_and_come_once(gateway: Gateway) -> None:
    values = {"filter[operation]": "convert", "filter[input_format]": "png"}
    found = [one["output_format"] for one in gateway("ListChoices", **values).body["data"]]
    assert "jpg" in found
    assert len(set(found)) == len(found)


def test_a_refusal_is_handed_on(gateway: Gateway) -> None:
    assert gateway("GetJob", job_id="no-such-job").status == 404
