"""What real clients send and expect, client by client, where no official client is run: raw requests in their spelling."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from connector.sandbox import Address
from tests.conftest import RunningSandbox
from tests.unit.sandbox.client import Client
from tests.unit.sandbox.receiver import Receiver

TASKS = {
    "zebra": {"operation": "import/upload"},
    "apple": {"operation": "convert", "input": "zebra", "output_format": "jpg"},
    "mango": {"operation": "export/url", "input": "apple"},
}


@pytest.fixture
def client(sandbox: RunningSandbox) -> Client:
    return Client(Address(sandbox.base_url, sandbox.sync_url, sandbox.api_key))


def test_an_upload_is_ready_in_the_answer_and_tasks_keep_their_order(client: Client) -> None:
    answer = client.ask("POST", "jobs", json={"tasks": TASKS})
    assert answer.status_code == 201
    job = answer.json()["data"]
    assert [task["name"] for task in job["tasks"]] == list(TASKS)
    assert (job["tasks"][0]["status"], set(job["tasks"][0]["result"]["form"])) == ("waiting", {"url", "parameters"})
    again = client.get(f"jobs/{job['id']}")
    assert [task["name"] for task in again["tasks"]] == list(TASKS)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "import/upload", 201),
        ("POST", "tasks/{id}/cancel", 200),
        ("POST", "tasks/{id}/retry", 201),
        ("DELETE", "tasks/{id}", 204),
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}"], ids=["Node sends nothing", "Python sends {}"])
def test_statuses_that_clients_assert(client: Client, method: str, path: str, status: int, body: bytes) -> None:
    made = client.post("import/upload")["id"]
    headers = {"Content-Type": "application/json"} if body else {}
    answer = client.ask(method, path.format(id=made), data=body, headers=headers)
    assert answer.status_code == status
    assert (answer.content == b"") == (status == 204)


def test_a_cancelled_task_is_an_error_and_its_retry_waits_afresh(client: Client) -> None:
    made = client.post("import/upload")
    cancelled = client.post(f"tasks/{made['id']}/cancel")
    assert (cancelled["status"], cancelled["code"]) == ("error", "CANCELLED")
    fresh = client.post(f"tasks/{made['id']}/retry")
    assert fresh["id"] != made["id"]
    assert (fresh["status"], bool(fresh["result"]["form"]["url"])) == ("waiting", True)


@pytest.mark.parametrize(
    ("path", "key", "status", "told"),
    [
        ("jobs", "wrong", 401, {"message": "Unauthenticated.", "code": "UNAUTHENTICATED"}),
        ("jobs/00000000-0000-0000-0000-000000000000", "", 404, None),
        ("nowhere", "", 404, None),
    ],
)
def test_every_error_is_json_that_clients_can_show(client: Client, path: str, key: str, status: int, told: Any) -> None:
    headers = {"Authorization": f"Bearer {key or client.address.api_key}", "Accept": "text/html"}
    answer = client.ask("GET", path, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert told is None or answer.json() == told
    assert {"message", "code"} <= answer.json().keys()


def test_a_job_without_tasks_is_told_as_java_asserts(client: Client) -> None:
    answer = client.ask("POST", "jobs", json={})
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        422,
        "INVALID_DATA",
        ["tasks"],
    )


@pytest.mark.parametrize(
    "query",
    [
        "filter[status]=&filter[tag]=clients&include=&per_page=&page=",
        urlencode({"filter[status]": "", "filter[tag]": "clients", "page": ""}),
        "filter%5Btag%5D=clients",
    ],
    ids=[".NET sends empty values", "PHP encodes brackets", "Python encodes brackets"],
)
def test_filters_in_every_clients_spelling(client: Client, query: str) -> None:
    job = client.post("jobs", {"tasks": TASKS, "tag": "clients"})
    found = client.get(f"jobs?{query}")
    assert job["id"] in [one["id"] for one in found]
    assert {one["tag"] for one in found} == {"clients"}


def test_a_form_instead_of_json_as_xsoar_sends(client: Client) -> None:
    made = client.ask("POST", "import/url", data={"url": "http://127.0.0.1:9/a.png", "filename": "a.png"})
    assert made.status_code == 201
    following = client.ask("POST", "convert", data={"input": made.json()["data"]["id"], "output_format": "jpg"})
    assert (following.status_code, following.json()["data"]["operation"]) == (201, "convert")
    assert client.get(f"tasks/{following.json()['data']['id']}?include=payload")["payload"]["output_format"] == "jpg"


def written(form: dict[str, Any], disposition: bytes, header: bytes = b"Content-Disposition: ") -> bytes:
    fields = b"".join(
        b"--b\r\n" + header + f'form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form["parameters"].items()
    )
    return fields + b"--b\r\n" + header + disposition + b"\r\n\r\ncontent\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("header", "disposition", "name"),
    [
        (b"content-disposition:", b'form-data;name="file";filename=two words.png', "two words.png"),
        (b"Content-Disposition: ", 'form-data; name="file"; filename="mein Föto.png"'.encode(), "mein Föto.png"),
        (b"Content-Disposition: ", 'form-data; name=file; filename="日本.png"; filename*=utf-8\'\'%E6%97%A5%E6%9C%AC.png'.encode(), "日本.png"),
        (b"Content-Disposition: ", b'form-data; name="report.png"; filename="report.png"', "report.png"),
    ],
    ids=["Node", "Python", ".NET", "XSOAR"],
)  # fmt: skip
def test_forms_in_every_clients_spelling(client: Client, header: bytes, disposition: bytes, name: str) -> None:
    task = client.post("import/upload")
    form = task["result"]["form"]
    sent = requests.post(
        form["url"],
        written(form, disposition, header),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=10,
    )
    assert sent.status_code == 201
    assert client.get(f"tasks/{task['id']}")["result"]["files"][0]["filename"] == name


def test_a_webhook_has_every_field_of_the_java_record(client: Client) -> None:
    made = client.post("webhooks", {"url": "https://example.com/hook", "events": ["job.finished"]})
    fields = {"id", "url", "disabled", "events", "failing", "signing_secret", "created_at", "updated_at", "links"}
    assert fields <= made.keys()
    assert made["links"]["self"].endswith(f"/v2/webhooks/{made['id']}")
    listed = client.get("users/me/webhooks?per_page=1000")
    assert made["id"] in [one["id"] for one in listed]
    assert client.ask("DELETE", f"webhooks/{made['id']}").status_code == 204


def test_the_end_of_a_job_comes_as_json_with_all_of_it(client: Client) -> None:
    with Receiver() as receiver:
        job = client.post(
            "jobs",
            {
                "tasks": {"i": {"operation": "import/raw", "file": "a", "filename": "a.txt"}},
                "webhook_url": receiver.url,
            },
        )
        event = receiver.next()
    assert event.headers["Content-Type"] == "application/json"
    told = json.loads(event.body)
    assert (told["event"], told["job"]["id"], told["job"]["tasks"][0]["status"]) == (
        "job.finished",
        job["id"],
        "finished",
    )


def test_the_user_has_the_fields_that_clients_read(client: Client) -> None:
    user = client.get("users/me")
    assert {"id", "username", "email", "credits", "created_at", "links"} <= user.keys()


def test_the_same_paths_wait_on_the_sync_root(client: Client, sandbox: RunningSandbox) -> None:
    job = client.job(
        i={"operation": "import/raw", "file": "a", "filename": "a.txt"}, e={"operation": "export/url", "input": "i"}
    )
    ended = client.get(f"jobs/{job['id']}", sync=True)
    assert ended["status"] == "finished"
    assert ended["links"]["self"] == f"{sandbox.base_url}/v2/jobs/{job['id']}"
    assert [
        client.get(f"{kind}/wait")["status"] for kind in (f"jobs/{job['id']}", f"tasks/{job['tasks'][1]['id']}")
    ] == ["finished"] * 2
