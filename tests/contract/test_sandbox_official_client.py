"""The official Python client of CloudConvert, unmodified, against the sandbox: only its two addresses are set."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox import Settings
from tests.conftest import RunningSandbox
from tests.unit.sandbox.conftest import running
from tests.unit.sandbox.receiver import SIGNATURE, Receiver

cloudconvert = pytest.importorskip("cloudconvert")
# The client opens a connection for each request and leaves closing it to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

TASKS = {
    "import-it": {"operation": "import/upload"},
    "convert-it": {"operation": "convert", "input": "import-it", "output_format": "jpg"},
    "export-it": {"operation": "export/url", "input": "convert-it"},
}


@pytest.fixture
def client(sandbox: RunningSandbox) -> Any:
    """The client's module, configured for the sandbox."""
    cloudconvert.set_config(api_key=sandbox.api_key, endpoint=sandbox.base_url, sync_endpoint=sandbox.sync_url)
    return cloudconvert


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small picture with a name that has a blank and a letter beyond ASCII."""
    from PIL import Image

    path = tmp_path / "mein Föto.png"
    Image.new("RGB", (40, 30), "red").save(path)
    return path


def test_create_upload_wait_and_download(client: Any, photo: Path, tmp_path: Path) -> None:
    from PIL import Image

    job = client.Job.create(payload={"tasks": TASKS, "tag": "official"})
    task = client.Task.find(id=job["tasks"][0]["id"])
    assert client.Task.upload(file_name=str(photo), task=task) is True
    job = client.Job.wait(id=job["id"])
    assert job["status"] == "finished"
    file = next(task for task in job["tasks"] if task["name"] == "export-it")["result"]["files"][0]
    assert file["filename"] == "mein Föto.jpg"
    saved = client.download(filename=str(tmp_path / "out.jpg"), url=file["url"])
    with Image.open(io.BytesIO(Path(saved).read_bytes())) as image:
        assert (image.format, image.size) == ("JPEG", (40, 30))


def test_show_list_and_delete(client: Any) -> None:
    job = client.Job.create(payload={"tasks": TASKS, "tag": "shown"})
    assert client.Job.show(id=job["id"])["tag"] == "shown"
    assert job["id"] in [one["id"] for one in client.Job.all({"filter[tag]": "shown"})]
    assert client.Job.delete(id=job["id"]) is True
    assert client.Job.show(id=job["id"])["code"] == "NOT_FOUND"


def test_single_tasks_cancel_and_retry(client: Any) -> None:
    task = client.Task.create(operation="import/upload", payload={"name": "tolerated"})
    assert client.Task.cancel(id=task["id"]) is True
    assert client.Task.show(id=task["id"])["code"] == "CANCELLED"
    fresh = client.Task.retry(id=task["id"])
    assert (fresh["status"], fresh["retry_of_task_id"]) == ("waiting", task["id"])
    assert client.Task.delete(id=fresh["id"]) is True


def test_a_failed_conversion_reaches_the_client_as_a_result(client: Any) -> None:
    tasks = {
        "i": {"operation": "import/raw", "file": "no picture", "filename": "a.png"},
        "c": {**TASKS["convert-it"], "input": "i"},
    }
    job = client.Job.wait(id=client.Job.create(payload={"tasks": tasks})["id"])
    assert job["status"] == "error"
    assert [task["code"] for task in job["tasks"]] == [None, "OPEN_FAILED"]


def test_a_wrong_key_is_told_in_the_services_words(client: Any, sandbox: RunningSandbox) -> None:
    client.set_config(api_key="wrong", endpoint=sandbox.base_url, sync_endpoint=sandbox.sync_url)
    assert client.Job.show(id="x") == {"message": "Unauthenticated.", "code": "UNAUTHENTICATED"}


def test_it_accepts_our_signature_of_an_event(client: Any, sandbox: RunningSandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with Receiver() as receiver:
        made = {"url": receiver.url, "events": ["job.created"]}
        webhook = requests.post(f"{sandbox.base_url}/v2/webhooks", json=made, headers=headers, timeout=10).json()[
            "data"
        ]
        client.Job.create(payload={"tasks": TASKS, "tag": "mit Ümlaut"})
        got = receiver.next()
        requests.delete(f"{sandbox.base_url}/v2/webhooks/{webhook['id']}", headers=headers, timeout=10)
    body = got.body.decode()
    assert client.Webhook.verify(body, got.headers[SIGNATURE], webhook["signing_secret"])
    assert not client.Webhook.verify(body + " ", got.headers[SIGNATURE], webhook["signing_secret"])


@pytest.mark.parametrize("cache_key", [None, "my-key_1"])
def test_we_accept_its_signed_urls(client: Any, cache_key: str | None) -> None:
    tasks = {
        "i": {"operation": "import/raw", "file": "héllo?", "filename": "a.txt"},
        "e": {"operation": "export/url", "input": "i"},
    }
    with running(Settings()) as own:
        secret = own.address.signed_url_secret
        url = client.SignedUrl.sign(own.address.signed_url_base, secret, {"tasks": tasks}, cache_key)
        assert requests.get(url, timeout=10).content == "héllo?".encode()
        assert requests.get(f"{url}0", timeout=10).status_code == 403
