"""The Postman collection: its format, and every request sent as Postman would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from connector.cli.manifests import service_at
from connector.modules import all_modules
from connector.platforms.openapi.document import operations
from connector.platforms.openapi.postman import FILE, collection
from tests.conftest import RunningSandbox
from tests.support.file_server import at
from tests.support.world import World

Request = Mapping[str, Any]


def requests_of(made: Mapping[str, Any]) -> Iterator[tuple[str, Request]]:
    for folder in made["item"]:
        yield from ((one["name"], one["request"]) for one in folder["item"])


REQUESTS = dict(requests_of(collection(service_at())))


def test_it_holds_every_operation_and_every_example() -> None:
    assert len(REQUESTS) == sum(len(one.examples) or 1 for one in operations())
    assert {it["method"] for it in REQUESTS.values()} == {"GET", "POST", "DELETE"}


def test_it_is_of_format_2_1(files: Mapping[str, bytes]) -> None:
    made = json.loads(files[FILE])
    assert set(made) == {"info", "auth", "variable", "item"}
    assert "/v2.1.0/" in made["info"]["schema"]
    assert made["auth"]["bearer"] == [{"key": "token", "value": "{{apiKey}}", "type": "string"}]


def test_it_carries_no_key(files: Mapping[str, bytes], sandbox: RunningSandbox) -> None:
    variables = {it["key"]: it["value"] for it in json.loads(files[FILE])["variable"]}
    assert variables == {"baseUrl": f"{sandbox.base_url}/v2", "apiKey": ""}


def test_the_raw_address_is_that_of_the_parts() -> None:
    for request in REQUESTS.values():
        url = request["url"]
        assert url["raw"] == "/".join([*url["host"], *url["path"]])
        assert {f":{one['key']}" for one in url["variable"]} == {part for part in url["path"] if part.startswith(":")}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_understood(name: str, sandbox: RunningSandbox, world: World, origin: str) -> None:
    request = REQUESTS[name]
    url = request["url"]["raw"].replace("{{baseUrl}}", f"{sandbox.base_url}/v2")
    for one in request["url"]["variable"]:
        module = all_modules()["CancelTask" if "cancel" in url else "GetJob" if one["key"] == "job_id" else "GetTask"]
        form = {**module.examples[0], **({one["key"]: ""} if one["key"] == "webhook_id" else {})}
        url = url.replace(f":{one['key']}", str(world.real(module, form)[one["key"]]))
    query = {one["key"]: one["value"] for one in request["url"]["query"] if not one["disabled"]}
    body = at(origin, json.loads(request["body"]["raw"])) if "body" in request else None
    headers = {} if "auth" in request else {"Authorization": f"Bearer {sandbox.api_key}"}
    answer = requests.request(request["method"], url, params=query, json=body, headers=headers, timeout=120)
    # A single task's example names the ID of a task that only a person can know.
    accepted = (422,) if body and isinstance(body.get("input"), list) else (200, 201, 204)
    assert answer.status_code in accepted
    assert answer.status_code != 422 or set(answer.json()["errors"]) == {"input"}
