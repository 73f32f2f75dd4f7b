"""The whole n8n: a file is converted by a workflow, and an event starts one. Opt-in: tests/run --with-n8n."""

from __future__ import annotations

import base64
import itertools
import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from connector import run
from connector.files import LocalFile
from connector.module import Module
from connector.modules import find
from connector.platforms.n8n.credentials import API_KEY
from connector.platforms.n8n.package import NAME
from tests.conftest import RunningSandbox
from tests.platforms.n8n.engine import credentials, filled
from tests.platforms.n8n_whole.server import N8n
from tests.support.samples import sample

WANTED = "CONNECTOR_TESTS_WITH_N8N"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get(WANTED), reason="the whole n8n takes minutes and 2.8 GB; tests/run --with-n8n"
    ),
]
HELD = {"id": "credential", "name": "sandbox"}


@pytest.fixture(scope="module")
def n8n(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> N8n:
    made = N8n(tmp_path_factory.mktemp("n8n"))
    data = credentials(sandbox.base_url, sandbox.api_key, sandbox.sync_url)
    made.take("credentials", {**HELD, "type": API_KEY, "data": data})
    return made


def ours(kind: str, name: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return node(f"{NAME}.{kind}", name, parameters, credentials={API_KEY: HELD}, **more)


def node(kind: str, name: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": kind,
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": parameters,
        **more,
    }


def operation(module: type[Module], form: dict[str, Any]) -> dict[str, Any]:
    return filled(module, form)[0]


def workflow(name: str, *nodes: dict[str, Any], active: bool = False) -> dict[str, Any]:
    """The nodes in a row, each fed by the one before it."""
    pairs = itertools.pairwise(nodes)
    wires = {one["name"]: {"main": [[{"node": to["name"], "type": "main", "index": 0}]]} for one, to in pairs}
    settings = {"executionOrder": "v1"}
    return {
        "id": name,
        "name": name,
        "active": active,
        "settings": settings,
        "nodes": list(nodes),
        "connections": wires,
    }


def test_a_workflow_converts_a_file(n8n: N8n) -> None:
    picture = base64.b64encode(sample("png")).decode()
    made = {"mode": "raw", "jsonOutput": json.dumps({"picture": picture})}
    to_file = {"operation": "toBinary", "sourceProperty": "picture", "binaryPropertyName": "data_0"}
    form = {"input_file": LocalFile("photo.png", data=b""), "output_format": "jpg", "download": True}
    n8n.take(
        "workflow",
        workflow(
            "convert",
            node("n8n-nodes-base.manualTrigger", "start", {}),
            node("n8n-nodes-base.set", "picture", made, typeVersion=3.4),
            node(
                "n8n-nodes-base.convertToFile",
                "file",
                {**to_file, "options": {"fileName": "photo.png"}},
                typeVersion=1.1,
            ),
            ours("cloudConvertConnector", "convert", operation(find("ConvertFile"), form)),
        ),
    )
    [item] = n8n.execute("convert")["convert"][0]["data"]["main"][0]
    assert item["json"]["status"] == "finished"
    assert item["json"]["url"].startswith("http://127.0.0.1:")
    assert item["binary"]["data"]["fileName"] == "photo.jpg"
    assert base64.b64decode(item["binary"]["data"]["data"])[:3] == b"\xff\xd8\xff"


def test_an_event_starts_a_workflow(n8n: N8n, sandbox: RunningSandbox) -> None:
    deletion = {**operation(find("DeleteJob"), {"job_id": "-"}), "job_id": "={{ $json.job_id }}"}
    n8n.take(
        "workflow",
        workflow(
            "events",
            ours(
                "cloudConvertConnectorTrigger",
                "event",
                {"authentication": "apiKey", "events": ["finished"]},
                webhookId="hook",
            ),
            ours("cloudConvertConnector", "tidy", deletion, onError="continueRegularOutput"),
        ),
    )
    n8n.command("update:workflow", "--id=events", "--active=true")
    cloud = Cloud(sandbox)
    with n8n, sandbox.connect() as connection:
        until(lambda: any(f":{n8n.port}/" in one["url"] for one in cloud.webhooks()))
        assert "cloudConvertConnectorTool" in n8n.node_types()  # its form for workflows that choose their tools
        form = {"input_file": ("photo.png", sample("png")), "output_format": "jpg", "download": False}
        job = run("ConvertFile", connection, **form)
        until(lambda: cloud.get(f"jobs/{job.job_id}").status_code == 404)
    for one in cloud.webhooks():
        cloud.session.delete(f"{cloud.root}/webhooks/{one['id']}", timeout=10)


class Cloud:
    """The sandbox as its API shows it."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.root = f"{sandbox.base_url}/v2"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {sandbox.api_key}"

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.root}/{path}", timeout=10)

    def webhooks(self) -> list[Any]:
        return list(self.get("users/me/webhooks").json()["data"])


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)
