"""The app with an API key in Zapier's run time: every module runs, files go in and come out, errors say what to do."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from typing import Any

import pytest

from connector import Connection
from connector.files import LocalFile
from connector.module import Module
from connector.modules import all_modules, find
from connector.recipe import Webhook
from tests.conftest import RunningSandbox
from tests.platforms.zapier.platform import APP, credentials, execute, filled, method_of, platform, run, storage
from tests.support.file_server import file_server
from tests.support.samples import sample
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.support.world import World

MODULES = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
PNG = LocalFile("photo.png", data=sample("png"))
CONVERT = {"input_file": PNG, "output_format": "jpg", "download": True}
LISTS = json.loads((APP / "lib" / "bound.json").read_text())["lists"]


@pytest.fixture(scope="module")
def world(connection: Connection) -> Iterator[World]:
    with file_server() as origin:
        yield World(connection.api, origin)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())
def test_every_module_runs(world: World, held: dict[str, Any], module: type[Module]) -> None:
    form = world.real(module, module.examples[0])
    answer = run(module, {**form, **({"download": True} if "download" in module.Input.all() else {})}, held)
    if "ENGINE_NOT_INSTALLED" in str(answer.get("error")):
        pytest.skip(answer["error"]["message"])
    found = answer["result"]["results"]
    assert all(set(module.Output.all()) <= set(outputs) for outputs in (found if isinstance(found, list) else [found]))
    if "download" in module.Input.all():
        assert found["files"]
        assert all(storage().files[file["file"]].name == file["name"] for file in found["files"])


def test_a_file_is_uploaded_converted_and_handed_on(held: dict[str, Any]) -> None:
    outputs = run(find("ConvertFile"), CONVERT, held)["result"]["results"]
    kept = storage().files[outputs["file"]]
    assert outputs["job"]["tasks"][0]["operation"] == "import/upload"
    assert kept.name == "photo.jpg"
    assert kept.data[:3] == b"\xff\xd8\xff"
    assert len(kept.data) == outputs["size"]


def test_the_content_of_files_is_not_kept_in_zapiers_log(held: dict[str, Any]) -> None:
    assert execute("authentication.test", held)["result"]
    assert platform().ask(work="keepsRequests") == {"result": False}


def test_every_file_comes_out(held: dict[str, Any]) -> None:
    form = {"input_file": LocalFile("report.pdf", data=sample("pdf")), "output_format": "png", "download": True}
    files = run(find("ConvertFile"), form, held)["result"]["results"]["files"]
    assert [storage().files[one["file"]].name for one in files] == ["report-1.png", "report-2.png"]


def test_files_of_an_earlier_step_become_rows(held: dict[str, Any]) -> None:
    addresses = [storage().put(name, sample("png")) for name in ("a.png", "b.png")]
    answer = execute("creates.merge_files.operation.perform", held, {"input_files": addresses})
    tasks = answer["result"]["results"]["job"]["tasks"]
    assert [task["operation"] for task in tasks] == ["import/url", "import/url", "merge", "export/url"]


def test_a_file_without_a_name_can_be_given_one(held: dict[str, Any]) -> None:
    inputs = {**filled(find("ConvertFile"), CONVERT), "input_file_name": "holiday.png"}
    meta = {"isLoadingSample": True}
    answer = execute("creates.convert_file.operation.perform", held, inputs, meta=meta)
    assert answer["result"]["results"]["file_name"] == "holiday.jpg"


def test_what_is_found_holds_pointers_that_lead_to_the_files(held: dict[str, Any]) -> None:
    made = run(find("ConvertFile"), CONVERT, held)["result"]["results"]
    [found] = run(find("GetJob"), {"job_id": made["job_id"]}, held)["result"]["results"]
    pointer = json.loads(found["file"].split("|||")[1])
    address = execute(pointer["method"], held, pointer["bundle"])["result"]["results"]
    assert storage().files[address].data == storage().files[made["file"]].data


def test_a_job_is_begun_and_taken_up_when_cloudconvert_calls(held: dict[str, Any]) -> None:
    convert, inputs, calls = find("ConvertFile"), filled(find("ConvertFile"), CONVERT), queue.SimpleQueue[Any]()
    with ScriptedServer() as zapier:
        zapier.route("POST /callback", lambda request: calls.put(request.json()) or Reply(200))
        begun = execute(method_of(convert), held, inputs, callback=f"{zapier.url}/callback")["result"]
        assert begun["status"] == "CALLBACK"
        called = calls.get(timeout=30)
    assert called["job"]["id"] == begun["results"]["job_id"]
    resumed = execute(
        method_of(convert, "performResume"), held, inputs, outputData=begun["results"], cleanedRequest=called
    )
    assert storage().files[resumed["result"]["results"]["file"]].name == "photo.jpg"


def test_a_step_that_is_tried_out_waits_itself(held: dict[str, Any]) -> None:
    inputs = filled(find("ConvertFile"), CONVERT)
    answer = execute("creates.convert_file.operation.perform", held, inputs, meta={"isLoadingSample": True})["result"]
    assert answer["status"] == "SUCCESS"
    assert answer["results"]["status"] == "finished"


def test_a_failed_conversion_says_why(held: dict[str, Any]) -> None:
    broken = {**CONVERT, "input_file": LocalFile("photo.png", data=b"no picture")}
    said = json.loads(run(find("ConvertFile"), broken, held)["error"]["message"])
    assert said["code"] == "ConversionFailed"
    assert "The task 'convert' (convert) failed" in said["message"]


def test_a_wrong_form_makes_no_job(held: dict[str, Any]) -> None:
    with ScriptedServer() as service:
        error = run(find("ConvertFile"), {"input_file": PNG}, credentials(service.url, "a-key"))["error"]
        assert "Output format (output_format) is required" in error["message"]
        assert service.requests == []


def test_what_is_not_there_is_not_found_and_no_error(held: dict[str, Any]) -> None:
    assert run(find("GetJob"), {"job_id": "nothing"}, held)["result"]["results"] == []
    assert (
        "knows nothing under /jobs/nothing" in run(find("DeleteJob"), {"job_id": "nothing"}, held)["error"]["message"]
    )


@pytest.mark.parametrize("key", LISTS)
def test_a_drop_down_list_is_filled(held: dict[str, Any], key: str) -> None:
    found = execute(f"triggers.{key}.operation.perform", held)["result"]["results"]
    assert all(set(one) == {"id", "name"} for one in found)
    assert found or key.startswith("engines_of_")  # of those that are not installed here


def test_a_list_is_narrowed_by_what_is_filled_in(held: dict[str, Any]) -> None:
    perform = "triggers.output_formats_of_convert.operation.perform"
    found = {one["id"] for one in execute(perform, held, {"input_format": "png"})["result"]["results"]}
    assert "jpg" in found
    assert "mp3" not in found


def test_the_connection_is_tested_and_labelled(held: dict[str, Any]) -> None:
    account = execute("authentication.test", held)["result"]["results"]
    assert account["username"]
    assert execute("authentication.connectionLabel", held, account)["result"]["results"] == "sandbox (custom)"


def test_a_wrong_key_asks_to_connect_again_and_is_not_shown(sandbox: RunningSandbox) -> None:
    answer = execute("authentication.test", credentials(sandbox.base_url, "wrong-key-of-the-tests"))
    assert answer["error"]["type"] == "ExpiredAuthError"
    assert "does not accept the API key" in answer["error"]["message"]
    assert "wrong-key" not in str(answer)


def test_zapier_tries_again_later_where_that_makes_nothing_twice() -> None:
    busy = error(429, "Too many requests", Retry_After="100")
    begun = {"id": "job-1", "status": "waiting", "tasks": []}
    with ScriptedServer() as service:
        held = credentials(service.url, "a-key")
        service.route("GET /v2/users/me", busy)
        service.route("POST /v2/jobs", busy, data(begun, 201))
        service.route("GET /v2/jobs/job-1", busy)
        convert = {"input_file": "https://example.com/a.png", "output_format": "jpg", "download": True}
        perform = "creates.convert_file.operation.perform"
        assert execute("authentication.test", held)["error"]["type"] == "ThrottledError"
        assert execute(perform, held, convert)["error"]["type"] == "ThrottledError"  # nothing was made
        after = execute(perform, held, convert, meta={"isLoadingSample": True})["error"]  # the job is there
        assert after["type"] == "AppError"
        assert json.loads(after["message"])["code"] == "RateLimited"


def test_a_sign_in_that_ends_while_a_job_runs_is_renewed_and_the_job_taken_up() -> None:
    with ScriptedServer() as service:
        held = {**credentials(service.url, ""), "access_token": "over"}
        service.route("GET /v2/jobs/job-1", error(401, "Unauthenticated."))
        convert = {"input_file": "https://example.com/a.png", "output_format": "jpg", "download": True}
        resume = "creates.convert_file.operation.performResume"
        resumed = execute(resume, held, convert, outputData={"job_id": "job-1"})["error"]
        assert resumed["type"] == "RefreshAuthError"
        assert not service.asked("POST /v2/jobs")
