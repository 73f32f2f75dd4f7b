from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from connector.sandbox.records import Task
from connector.sandbox.references import named

from .client import Client


def picture(name: str, color: str, size: int) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), color).save(buffer, "PNG")
    return {"operation": "import/base64", "file": base64.b64encode(buffer.getvalue()).decode(), "filename": name}


PAGE, STAMP = picture("page.png", "white", 60), picture("stamp.png", "red", 20)
WATERMARK = {"operation": "watermark", "input": "page", "image": "stamp"}
EXPORT = {"operation": "export/url", "input": "w"}


def middle(client: Client, file: dict[str, Any]) -> tuple[int, ...]:
    """The colour in the middle of an exported picture."""
    content = client.ask("GET", file["url"]).content
    with Image.open(io.BytesIO(content)) as image:
        found = image.convert("RGB").getpixel((30, 30))
    assert isinstance(found, tuple)
    return found


def test_the_image_of_a_watermark_is_waited_for_and_stamped(client: Client) -> None:
    job = client.job(sync=True, w=WATERMARK, page=PAGE, stamp=STAMP, e=EXPORT)
    tasks = {task["name"]: task for task in job["tasks"]}
    assert job["status"] == "finished", tasks["w"]
    assert tasks["w"]["depends_on_task_ids"] == [tasks["page"]["id"], tasks["stamp"]["id"]]
    files = tasks["e"]["result"]["files"]
    assert [file["filename"] for file in files] == ["page.png"]
    assert (middle(client, files[0]), tasks["w"]["message"]) == ((255, 0, 0), None)


def test_every_input_gets_the_same_image(client: Client) -> None:
    watermark = {**WATERMARK, "input": ["page", "two"]}
    two = picture("two.png", "blue", 60)
    job = client.job(sync=True, page=PAGE, two=two, stamp=STAMP, w=watermark, e=EXPORT)
    files = job["tasks"][4]["result"]["files"]
    assert [(file["filename"], middle(client, file)) for file in files] == [
        ("page.png", (255, 0, 0)),
        ("two.png", (255, 0, 0)),
    ]


def test_a_single_task_names_the_image_by_its_id_also_when_it_is_retried(client: Client) -> None:
    page, stamp = (client.post("import/base64", one)["id"] for one in (PAGE, STAMP))
    task = client.post("watermark", {"input": page, "image": stamp})
    again = client.post(f"tasks/{task['id']}/retry")
    for one in (task, again):
        exported = client.post("export/url", {"input": one["id"]})
        file = client.get(f"tasks/{exported['id']}", sync=True)["result"]["files"][0]
        assert middle(client, file) == (255, 0, 0)


def test_a_failed_image_fails_the_watermark(client: Client) -> None:
    broken = {"operation": "import/url", "url": "http://127.0.0.1:1/x.png"}
    job = client.job(sync=True, page=PAGE, stamp=broken, w=WATERMARK)
    assert job["tasks"][2]["code"] == "INPUT_TASK_FAILED"
    ignored = client.job(sync=True, page=PAGE, stamp={**broken, "ignore_error": True}, w=WATERMARK)
    assert (ignored["tasks"][2]["code"], "stamp" in ignored["tasks"][2]["message"]) == ("INVALID_OPTION", True)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [("nothing", "The image nothing is not the name of a task of this job."), ({}, "The image must be a string.")],
)
def test_an_image_that_is_no_task_is_refused(client: Client, image: object, sentence: str) -> None:
    response = client.ask("POST", "jobs", json={"tasks": {"page": PAGE, "w": {**WATERMARK, "image": image}}})
    assert (response.status_code, sentence in response.json()["errors"]["tasks.w.image"]) == (422, True)


def test_a_task_cannot_be_its_own_image(client: Client) -> None:
    response = client.ask("POST", "jobs", json={"tasks": {"page": PAGE, "w": {**WATERMARK, "image": "w"}}})
    assert list(response.json()["errors"]) == ["tasks.w.input"]


def test_other_operations_have_no_such_parameters() -> None:
    task = Task("1", "convert", 1.0, payload={"image": "stamp"})
    assert (named(task.operation, task.payload), named("watermark", {"image": ""})) == ({}, {})
