"""Section 10 of the v1 guide: each error's status and shape, also where CloudConvert itself is the cause."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.hosts.v1.parameters import LARGEST
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.support.v1 import V1

START = {"input": "upload", "outputformat": "jpg"}


@pytest.mark.parametrize(
    ("answer", "status", "retry_after"),
    [
        (error(429, "Too many", "TOO_MANY_REQUESTS", Retry_After="17"), 429, "17"),
        (error(429, "Too many"), 429, "30"),
        (error(503, "Down"), 503, "30"),
        (error(503, "Down", Retry_After="3"), 503, "3"),
        (error(422, "Wrong", "INVALID_DATA"), 400, None),
        (error(402, "No credits", "CREDITS_EXCEEDED"), 400, None),
        (error(401, "Unauthenticated."), 401, None),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Reply) else "",
)
def test_what_cloudconvert_says_is_told_in_v1s_way(
    front: V1, service: ScriptedServer, answer: Reply, status: int, retry_after: str | None
) -> None:
    service.route("POST /v2/jobs", answer)
    told = front.ask("POST", front.create(), json=START)
    assert (told.status_code, told.headers.get("Retry-After")) == (status, retry_after)
    assert told.json()["code"] == status
    assert told.json()["error"] == told.json()["message"] != ""


def test_a_start_that_was_throttled_may_be_tried_again(front: V1, service: ScriptedServer) -> None:
    job = {"id": "j-1", "status": "waiting", "tasks": []}
    service.route("POST /v2/jobs", error(429, "Too many"), data(job, 201))
    service.route("GET /v2/jobs/j-1", data(job))
    url = front.create()
    assert front.ask("POST", url, json=START).status_code == 429
    assert front.ask("POST", url, json=START).status_code == 200


def test_a_start_that_may_have_worked_is_not_made_twice(front: V1, service: ScriptedServer) -> None:
    service.route("POST /v2/jobs", error(500, "Broken"))
    url = front.create()
    assert front.ask("POST", url, json=START).status_code == 503
    again = front.ask("POST", url, json=START)
    assert (again.status_code, len(service.asked("POST /v2/jobs"))) == (400, 3)
    assert front.ask("GET", url).json()["step"] == "error"


def test_of_many_starts_at_once_one_counts(front: V1, service: ScriptedServer) -> None:
    job = {"id": "j-1", "status": "waiting", "tasks": []}
    service.route("POST /v2/jobs", data(job, 201))
    service.route("GET /v2/jobs/j-1", data(job))
    url = front.create()
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(lambda _: front.ask("POST", url, json=START).status_code, range(8)))
    assert (codes, len(service.asked("POST /v2/jobs"))) == ([200] + [400] * 7, 1)


def test_a_process_that_fails_before_its_start_is_answered_is_422_at_once(front: V1, service: ScriptedServer) -> None:
    """A client that takes the answer for a good one goes on to a download that cannot be."""
    failed = {
        "id": "j-1",
        "status": "error",
        "tasks": [{"name": "convert", "status": "error", "message": "No picture."}],
    }
    service.route("POST /v2/jobs", data(failed, 201))
    service.route("GET /v2/jobs/j-1", data(failed))
    answer = front.ask("POST", front.create(), json=START)
    assert (answer.status_code, answer.json()["step"], answer.json()["code"]) == (422, "error", 422)


def test_a_job_that_is_gone_ends_its_process(front: V1, service: ScriptedServer) -> None:
    service.route("POST /v2/jobs", data({"id": "j-1", "status": "processing", "tasks": []}, 201))
    service.route("GET /v2/jobs/j-1", error(404, "Not found", "NOT_FOUND"))
    url = front.create()
    front.ask("POST", url, json=START)
    answer = front.ask("GET", f"{url}?wait")
    assert (answer.status_code, answer.json()["message"]) == (422, "The job is gone: it was deleted at CloudConvert.")


def test_a_callback_into_a_private_network_is_refused(front: V1, service: ScriptedServer) -> None:
    for address in ("http://127.0.0.1/cb", "http://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "http://localhost/"):
        answer = front.ask("POST", front.create(), json={**START, "callback": address})
        assert (answer.status_code, answer.json()["fields"]) == (400, {"callback": "is a private address"})
        assert front.ask("POST", "/hook", json={"url": address, "event": "finished"}).status_code == 400
    assert not service.asked("POST /v2/jobs")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[1]", 400), (b'{"a":' * 100_000, 400), (b" " * (LARGEST + 1), 413)],
    ids=["cut", "a list", "deep", "large"],
)
def test_a_body_that_cannot_be_read_is_refused(front: V1, body: bytes, status: int) -> None:
    answer = front.ask("POST", "/process", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, status)


def test_an_unknown_process_is_404_in_v1s_words(front: V1) -> None:
    for method, path in [
        ("GET", "/process/x"),
        ("POST", "/process/x"),
        ("DELETE", "/v1/process/x"),
        ("GET", "/download/~x"),
    ]:
        answer = front.ask(method, path)
        assert (answer.status_code, answer.json()["error"], answer.json()["code"]) == (404, "Process not found", 404)
