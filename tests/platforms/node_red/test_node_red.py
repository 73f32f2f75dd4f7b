"""The emitted package in a real Node-RED: it loads, converts files, fails understandably, and hears of events."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.files import LocalFile
from connector.modules import all_modules, find
from connector.platforms.node_red.examples import examples
from connector.platforms.node_red.package import NAME
from tests.conftest import RunningSandbox
from tests.platforms.node_red.flows import run
from tests.platforms.node_red.server import CONNECTION, PACKAGE, NodeRed, connection, running
from tests.support.node import node
from tests.support.samples import sample
from tests.support.webhook_sender import document, post
from tests.support.webhook_service import WebhookService

pytestmark = pytest.mark.slow
PNG = LocalFile("photo.png", data=sample("png"))


@pytest.fixture(scope="module")
def server() -> NodeRed:
    return running()


@pytest.fixture
def cloud(sandbox: RunningSandbox) -> dict[str, Any]:
    return connection(sandbox.base_url, sandbox.api_key, sandbox.sync_url)


def test_every_node_loads(server: NodeRed) -> None:
    sets = requests.get(f"{server.url}/nodes", headers={"Accept": "application/json"}, timeout=10).json()
    ours = [one for one in sets if one["module"] == json.loads((PACKAGE / "package.json").read_text())["name"]]
    assert {name for one in ours for name in one["types"]} == {path.stem for path in (PACKAGE / "nodes").glob("*.js")}
    assert [one for one in ours if not one["enabled"] or one.get("err")] == []


def test_the_editor_gets_every_page_and_its_script(server: NodeRed) -> None:
    pages = requests.get(f"{server.url}/nodes", headers={"Accept": "text/html"}, timeout=10).text
    [script] = set(re.findall(r'src="(resources/node-red-contrib-cloudconvert[^"]+)"', pages))
    assert "register" in requests.get(f"{server.url}/{script}", timeout=10).text
    assert all(f'data-template-name="{path.stem}"' in pages for path in (PACKAGE / "nodes").glob("*.js"))


def test_a_buffer_is_converted(server: NodeRed, cloud: dict[str, Any]) -> None:
    form = {"input_file": PNG, "output_format": "jpg", "download": True}
    made = run(server, find("ConvertFile"), form, cloud)
    assert made["filename"] == "photo.jpg"
    assert bytes(made["payload"]["data"])[:3] == b"\xff\xd8\xff"
    assert made["cloudconvert"]["status"] == "finished"
    assert "data" not in made["cloudconvert"]["files"][0]


def test_several_files_become_one(server: NodeRed, cloud: dict[str, Any]) -> None:
    form = {"input_files": [PNG, PNG], "download": True}
    assert bytes(run(server, find("MergeFiles"), form, cloud)["payload"]["data"])[:4] == b"%PDF"


def test_a_list_is_an_array(server: NodeRed, cloud: dict[str, Any]) -> None:
    assert [
        one["operation"]
        for one in run(server, find("ListOperations"), {"operation": "merge", "limit": 1}, cloud)["payload"]
    ] == ["merge"]


def test_a_failure_goes_to_the_catch_node_with_its_cause(server: NodeRed, cloud: dict[str, Any]) -> None:
    broken = {"input_file": LocalFile("a.png", data=b"no picture"), "output_format": "jpg", "download": True}
    assert "The task 'convert' (convert) failed" in run(server, find("ConvertFile"), broken, cloud)["error"]
    assert (
        "Output format (output_format) is required"
        in run(server, find("ConvertFile"), {"input_file": PNG}, cloud)["error"]
    )


def test_a_wrong_key_is_said_and_not_shown(server: NodeRed, sandbox: RunningSandbox) -> None:
    wrong = connection(sandbox.base_url, "wrong-key-of-the-tests")
    error = run(server, find("GetMyInfo"), {}, wrong)["error"]
    assert "does not accept the API key" in error
    assert "wrong-key" not in error


def test_the_key_is_kept_encrypted(server: NodeRed, cloud: dict[str, Any], sandbox: RunningSandbox) -> None:
    server.deploy(cloud)
    kept = [path.read_text() for path in server.folder.glob("flows*.json")]
    assert kept
    assert not [text for text in kept if sandbox.api_key in text]


def test_a_dialog_gets_its_lists(server: NodeRed, cloud: dict[str, Any]) -> None:
    server.deploy(cloud)
    query = {"operation": "convert", "input_format": "png"}
    found = requests.get(
        f"{server.url}/cloudconvert/{CONNECTION}/lists/output_formats", params=query, timeout=20
    ).json()
    assert {"value": "jpg", "label": "jpg"} in found
    assert requests.get(f"{server.url}/cloudconvert/nobody/lists/jobs", timeout=20).status_code == 404


@pytest.fixture
def events(server: NodeRed) -> Iterator[tuple[WebhookService, str]]:
    """The event node deployed, and the address at which its last messages can be read."""
    kept = "const all = flow.get('all') || []; all.push(msg.payload); flow.set('all', all);"
    give = "msg.payload = flow.get('all') || []; flow.set('all', []); return msg;"
    with WebhookService() as service:
        server.deploy(
            connection(service.url, "a-key"),
            {
                "id": "event",
                "type": "cloudconvert-event",
                "connection": CONNECTION,
                "events": "finished",
                "public_url": server.url,
                "wires": [["keep"]],
            },
            {"id": "keep", "type": "function", "func": kept, "outputs": 1, "wires": [[]]},
            {"id": "in", "type": "http in", "url": "/events", "method": "get", "wires": [["give"]]},
            {"id": "give", "type": "function", "func": give, "outputs": 1, "wires": [["out"]]},
            {"id": "out", "type": "http response", "wires": []},
        )
        until(lambda: service.webhooks)
        yield service, f"{server.url}/events"
        server.deploy()
        until(lambda: not service.webhooks)


def until(holds: Any, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_event_comes_once_and_a_forged_one_not_at_all(events: tuple[WebhookService, str]) -> None:
    service, address = events
    [webhook] = service.webhooks.values()
    about = document("finished")
    assert [post(webhook["url"], about, webhook["signing_secret"]) for _ in range(2)] == [200, 200]
    assert post(webhook["url"], about, "another secret") == 401
    assert [one["id"] for one in requests.get(address, timeout=10).json()] == ["job.finished:job-1"]


def test_the_nodes_own_scripts_are_sound() -> None:
    for path in [*PACKAGE.rglob("*.js")]:
        assert subprocess.run([node(), "--check", str(path)], check=False).returncode == 0, path


def test_the_import_menu_offers_the_examples(server: NodeRed) -> None:
    offered = requests.get(f"{server.url}/library/examples/flows/{NAME}", timeout=20).json()
    assert {one["fn"] for one in offered} == set(examples())


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (PACKAGE / "README.md").read_text())
    assert len(shown) == 2
    assert all(1000 < (PACKAGE / path).stat().st_size < 150_000 for path in shown)


def test_examples_use_nodes_and_fields_that_exist() -> None:
    fields = {name for module in all_modules().values() for name in module.Input.all()}
    for path in (PACKAGE / "examples").glob("*.json"):
        for one in json.loads(Path(path).read_text()):
            if one["type"].startswith("cloudconvert-") and one["type"] != "cloudconvert-connection":
                assert (PACKAGE / "nodes" / f"{one['type']}.js").is_file()
                assert {key.removesuffix("_type") for key in one if key.endswith("_type")} <= fields
