from __future__ import annotations

import json
from typing import Any

import pytest

from .client import EXPORTED, Client
from .receiver import SIGNATURE, Receiver
from .test_delivery import signed

FIELDS = {"id", "url", "disabled", "events", "failing", "signing_secret", "created_at", "updated_at", "links"}
URL = "https://example.com/hook"


def test_a_webhook_is_made_with_a_secret_of_its_own(client: Client) -> None:
    response = client.ask("POST", "webhooks", json={"url": URL, "events": ["job.finished", "job.finished"]})
    webhook = response.json()["data"]
    other = client.post("webhooks", {"url": URL, "events": ["job.finished"]})
    assert (response.status_code, set(webhook)) == (201, FIELDS)
    assert (webhook["events"], webhook["disabled"], webhook["failing"]) == (["job.finished"], False, False)
    assert webhook["signing_secret"] != other["signing_secret"]


@pytest.mark.parametrize("path", ["users/me/webhooks", "webhooks"])
def test_webhooks_are_listed_with_pages_and_by_url(client: Client, path: str) -> None:
    url = f"{URL}/{path}"
    made = [client.post("webhooks", {"url": url, "events": ["job.failed"]})["id"] for _ in range(3)]
    page = client.ask("GET", f"{path}?filter[url]={url}&per_page=2").json()
    assert [one["id"] for one in page["data"]] == made[:2]
    assert page["meta"]["path"] == f"{client.address.base_url}/v2/{path}"
    assert [one["id"] for one in client.ask("GET", page["links"]["next"]).json()["data"]] == made[2:]
    assert set(made) <= {one["id"] for one in client.get(f"{path}?filter[url]=&per_page=1000")}


def test_a_deleted_webhook_is_gone(client: Client) -> None:
    webhook = client.post("webhooks", {"url": URL, "events": ["job.failed"]})
    response = client.ask("DELETE", f"webhooks/{webhook['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert client.ask("DELETE", f"webhooks/{webhook['id']}").status_code == 404
    assert client.ask("DELETE", "webhooks/²").status_code == 404


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"url", "events"}),
        ({"url": "ftp://example.com", "events": ["job.finished"]}, {"url"}),
        ({"url": "http://user:name@example.com", "events": ["job.finished"]}, {"url"}),
        ({"url": 7, "events": ["job.finished"]}, {"url"}),
        ({"url": URL, "events": []}, {"events"}),
        ({"url": URL, "events": "job.finished"}, {"events"}),
        ({"url": URL, "events": ["job.finished", "task.finished"]}, {"events.1"}),
        ({"url": URL, "events": [{}]}, {"events.0"}),
    ],
)
def test_wrong_webhooks_are_told_field_by_field(client: Client, body: dict[str, Any], wrong: set[str]) -> None:
    response = client.ask("POST", "webhooks", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "INVALID_DATA")
    assert set(response.json()["errors"]) == wrong


def test_a_job_can_have_a_webhook_url_of_its_own(client: Client) -> None:
    """It hears of the end only, signed with the account's secret, with addresses that lead to the files."""
    with Receiver() as receiver:
        client.post("jobs", {"tasks": EXPORTED, "webhook_url": receiver.url}, sync=True)
        got = receiver.next()
        assert receiver.count == 0
    body = json.loads(got.body)
    assert got.headers[SIGNATURE] == signed(got.body, client.address.webhook_secret)
    assert body["event"] == "job.finished"
    url = body["job"]["tasks"][1]["result"]["files"][0]["url"]
    assert url.startswith(client.address.base_url)
    assert client.ask("GET", url).content == b"hello"


def test_links_in_events_lead_where_the_jobs_creator_reaches_the_server(client: Client) -> None:
    host = client.address.base_url.replace("http://127.0.0.1", "localhost")
    with Receiver() as receiver:
        body = {"tasks": EXPORTED, "webhook_url": receiver.url}
        client.post("jobs", body, headers={"Host": host})
        job = json.loads(receiver.next().body)["job"]
    assert job["links"]["self"] == f"http://{host}/v2/jobs/{job['id']}"


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com/", {}])
def test_a_wrong_webhook_url_is_refused(client: Client, url: object) -> None:
    response = client.ask("POST", "jobs", json={"tasks": EXPORTED, "webhook_url": url})
    assert (response.status_code, list(response.json()["errors"])) == (422, ["webhook_url"])
