"""The official Node client of CloudConvert, unmodified, against the sandbox."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox import Settings
from tests.conftest import ROOT, RunningSandbox
from tests.support.node import node, packages
from tests.unit.sandbox.conftest import running

SCRIPT = ROOT / "tests" / "contract" / "node" / "client.js"


@pytest.fixture(scope="module")
def modules() -> Path:
    """Where the client is installed; skipped where it cannot be."""
    return packages("node", suite="contract")


@pytest.fixture
def ask(sandbox: RunningSandbox, modules: Path) -> Any:
    """Runs one of the script's scenarios and gives its result."""

    def run(scenario: str, **more: Any) -> Any:
        where = {"baseUrl": sandbox.base_url, "syncUrl": sandbox.sync_url, "apiKey": sandbox.api_key}
        told = json.dumps({"scenario": scenario, "modules": str(modules), **where, **more})
        done = subprocess.run([node(), SCRIPT, told], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_create_upload_wait_and_download(ask: Any, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "red").save(tmp_path / "photo.png")
    found = ask("convert", file=str(tmp_path / "photo.png"))
    assert (found["status"], found["name"], found["listed"]) == ("finished", "two wörds.jpg", 1)
    with Image.open(io.BytesIO(base64.b64decode(found["bytes"]))) as image:
        assert (image.format, image.size) == ("JPEG", (40, 30))


def test_single_tasks_are_created_cancelled_and_deleted(ask: Any) -> None:
    assert ask("tasks") == {"waiting": "waiting", "cancelled": "CANCELLED", "gone": "Not Found"}


def test_the_user_has_every_field(ask: Any) -> None:
    assert {"id", "username", "email", "credits", "created_at", "links"} <= ask("user").keys()


def test_a_refusal_reaches_the_client_with_its_body(ask: Any) -> None:
    refused = ask("failure")
    assert refused["message"]
    assert (refused["told"]["code"], list(refused["told"]["errors"])) == ("INVALID_DATA", ["tasks"])


def test_it_hears_of_a_job_and_its_tasks(ask: Any, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "red").save(tmp_path / "photo.png")
    heard = ask("subscribe", file=str(tmp_path / "photo.png"))
    assert heard == {"status": "finished", "heard": ["import-it", "convert-it", "export-it"]}


def test_it_accepts_our_signature(ask: Any) -> None:
    body = '{"event":"job.finished","job":{"tag":"Ümlaut"}}'
    signature = hmac.new(b"secret", body.encode(), hashlib.sha256).hexdigest()
    assert ask("verify", body=body, signature=signature, secret="secret") == [True, False]


@pytest.mark.parametrize("cache_key", [None, "my-key_1"])
def test_we_accept_its_signed_urls(ask: Any, cache_key: str | None) -> None:
    with running(Settings()) as own:
        address = own.address
        url = ask(
            "sign", signedBase=address.signed_url_base, signedSecret=address.signed_url_secret, cacheKey=cache_key
        )
        assert requests.get(url, timeout=10).content == "héllo?>".encode()
        assert requests.get(f"{url}0", timeout=10).status_code == 403
