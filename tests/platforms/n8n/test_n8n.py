"""The emitted package in n8n's own engine: it loads, converts files, goes on after failures, and hears of events."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from connector import run as run_module
from connector.files import LocalFile
from connector.modules import all_modules, find
from connector.recipe import Webhook
from tests.conftest import RunningSandbox
from tests.platforms.n8n.engine import credentials, engine, filled, run
from tests.support.samples import sample
from tests.support.webhook_sender import document
from tests.support.webhook_service import WebhookService

pytestmark = pytest.mark.slow
PNG = LocalFile("photo.png", data=sample("png"))
CONVERT = {"input_file": PNG, "output_format": "jpg", "download": True}


@pytest.fixture
def held(sandbox: RunningSandbox) -> dict[str, Any]:
    return credentials(sandbox.base_url, sandbox.api_key, sandbox.sync_url)


def content(binary: dict[str, Any]) -> bytes:
    return base64.b64decode(binary["$base64"])


def test_the_package_loads_with_every_module_as_an_operation() -> None:
    about = engine().ask(work="describe")["result"]
    node = next(one for one in about["nodes"] if one["displayName"] == "CloudConvert")
    operations = {
        option["value"] for one in node["properties"] if one["name"] == "operation" for option in one["options"]
    }
    assert operations == {name for name, module in all_modules().items() if not isinstance(module.recipe, Webhook)}
    assert node["usableAsTool"]
    assert about["credentials"] == ["cloudConvertConnectorApi", "cloudConvertConnectorOAuth2Api"]


def test_binary_data_is_converted(held: dict[str, Any]) -> None:
    [item] = run(find("ConvertFile"), CONVERT, held)["result"]
    assert item["binary"]["data"]["fileName"] == "photo.jpg"
    assert content(item["binary"]["data"])[:3] == b"\xff\xd8\xff"
    assert item["json"]["files"][0]["binary"] == "data"
    assert item["json"]["url"]


def test_every_file_comes_out(held: dict[str, Any]) -> None:
    split = {
        "input_file": LocalFile("report.pdf", data=sample("pdf")),
        "output_format": "png",
        "download": True,
        "engine_options": [],
    }
    [item] = run(find("ConvertFile"), split, held)["result"]
    assert list(item["binary"]) == [one["binary"] for one in item["json"]["files"]]


def test_the_files_of_all_items_become_one(held: dict[str, Any]) -> None:
    parameters, _ = filled(find("MergeFiles"), {"download": True})
    items = [{"json": {}, "binary": filled(find("ConvertFile"), CONVERT)[1]["binary"]} for _ in range(2)]
    parameters |= {"input_files_source": "all"}
    [merged] = engine().ask(work="run", parameters=parameters, items=items, credentials=held)["result"]
    assert content(merged["binary"]["data"])[:4] == b"%PDF"
    assert merged["pairedItem"] == [{"item": 0}, {"item": 1}]


def test_one_bad_item_does_not_take_the_others_with_it(held: dict[str, Any]) -> None:
    parameters, good = filled(find("ConvertFile"), CONVERT)
    bad = {
        "json": {},
        "binary": {"data_0": {**good["binary"]["data_0"], "data": base64.b64encode(b"no picture").decode()}},
    }
    question = {"parameters": parameters, "items": [good, bad, good], "credentials": held}
    given = engine().ask(work="run", onError="continueRegularOutput", **question)["result"]
    assert ["error" in one["json"] for one in given] == [False, True, False]
    assert "The task 'convert' (convert) failed" in given[1]["json"]["error"]
    assert [one["pairedItem"]["item"] for one in given] == [0, 1, 2]


def test_no_item_is_begun_after_one_has_failed(held: dict[str, Any], sandbox: RunningSandbox) -> None:
    parameters, _ = filled(find("CaptureWebsite"), {"url": "-", "output_format": "pdf", "tag": "second-item"})
    parameters |= {"url": "={{ $json.url }}", "parallel": 1}
    items = [{"json": {"url": "no address"}}, {"json": {"url": "https://website.invalid/"}}]
    question = {"parameters": parameters, "items": items, "credentials": held}
    assert "URL (url) must be an address" in engine().ask(work="run", **question)["error"]["message"]
    with sandbox.connect() as connection:
        assert list(run_module("ListJobs", connection, tag="second-item")) == []


def test_a_failure_ends_the_run_with_its_sentence(held: dict[str, Any]) -> None:
    error = run(find("GetJob"), {"job_id": "nothing"}, held)["error"]
    assert "knows nothing under /jobs/nothing" in error["message"]
    assert "Check the ID" in error["hint"]


def test_a_list_gives_an_item_for_each(held: dict[str, Any]) -> None:
    given = run(find("ListOperations"), {"operation": "merge", "limit": 2}, held)["result"]
    assert {one["json"]["operation"] for one in given} == {"merge"}


@pytest.mark.parametrize("source", ["input_formats", "output_formats", "engines", "options"])
def test_a_dynamic_list_is_filled(held: dict[str, Any], source: str) -> None:
    parameters, _ = filled(find("ConvertFile"), CONVERT)
    given = engine().ask(work="list", source=source, parameters=parameters, credentials=held)["result"]
    assert given
    assert set(given[0]) == {"name", "value"}


def test_a_trigger_attaches_checks_fires_and_detaches() -> None:
    body = json.dumps(document("finished"))
    with WebhookService() as service:
        question = {
            "url": "https://n8n.example/webhook/1",
            "body": body,
            "credentials": credentials(service.url, "a-key"),
        }
        made = engine().ask(
            work="trigger", parameters={"authentication": "apiKey", "events": ["finished"]}, **question
        )["result"]
        assert service.webhooks == {}
    assert (made["before"], made["after"], made["kept"]) == (False, True, [])
    assert [event["id"] for event in made["good"]["events"]] == ["job.finished:job-1"]
    assert made["forged"] == {"code": 401, "events": None}
