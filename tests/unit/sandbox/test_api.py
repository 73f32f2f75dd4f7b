from __future__ import annotations

import base64
import io
import json
import threading
import time
import zipfile
from typing import Any

import pytest

from .client import EXPORTED, RAW, Client

REQUIRED = {"tasks": ["The tasks field is required."]}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic key", "Bearer kéy"])
def test_without_the_key_nothing_is_told(client: Client, header: str) -> None:
    response = client.ask("GET", "users/me", headers={"Authorization": header.encode()})
    assert (response.status_code, response.json()) == (401, {"message": "Unauthenticated.", "code": "UNAUTHENTICATED"})
    assert response.headers["content-type"] == "application/json"


def test_operations_need_no_key(client: Client) -> None:
    everything = client.ask("GET", "operations", headers={"Authorization": ""}).json()
    conversions = client.ask("GET", "convert/formats", headers={"Authorization": ""}).json()
    assert list(everything) == ["data"]
    assert conversions["data"] == [entry for entry in everything["data"] if entry["operation"] == "convert"]


def test_operations_are_filtered_and_empty_filters_mean_none(client: Client) -> None:
    found = client.get(
        "operations?filter%5Binput_format%5D=png&filter[operation]=convert&filter[output_format]=jpg&filter[engine]=&include=options"
    )
    assert [(entry["input_format"], entry["output_format"]) for entry in found] == [("png", "jpg")]
    assert "options" in found[0]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nonsense", 404, "NOT_FOUND"),
        ("GET", "jobs/nonsense", 404, "NOT_FOUND"),
        ("GET", "tasks/%00%ff", 404, "NOT_FOUND"),
        ("DELETE", "tasks/gone", 404, "NOT_FOUND"),
        ("POST", "tasks/gone/cancel", 404, "NOT_FOUND"),
        ("PUT", "jobs", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "import/url", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "make/coffee", 404, "NOT_FOUND"),
        ("GET", "jobs?page=x", 422, "INVALID_DATA"),
        ("GET", "jobs?per_page=0", 422, "INVALID_DATA"),
        ("GET", "users/2", 404, "NOT_FOUND"),
    ],
)
def test_every_refusal_is_json_in_the_services_shape(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    response = client.ask(method, path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/json"
    assert response.json()["message"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"\xff\xfe", b"{" * 5000, b'{"a":' * 5000, b'{"a": NaN}', b"1" * 5000]
)
def test_a_body_that_is_no_object_is_refused(client: Client, body: bytes) -> None:
    response = client.ask("POST", "jobs", data=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, REQUIRED),
        ({"tasks": {}}, REQUIRED),
        ({"tasks": []}, REQUIRED),
        ({"tasks": ["x"]}, {"tasks": ["The tasks must be an object of named tasks."]}),
        (
            {"tasks": {"a b": RAW}},
            {"tasks": ["The task name a b may only hold letters, digits, dashes and underscores."]},
        ),
        ({"tasks": {"a": 1}}, {"tasks.a": ["The task must be an object."]}),
        ({"tasks": {"a": {}}}, {"tasks.a.operation": ["The operation field is required."]}),
        ({"tasks": {"a": {"operation": "fly"}}}, {"tasks.a.operation": ["The selected operation is invalid."]}),
        ({"tasks": {"a": {"operation": "import/url"}}}, {"tasks.a.url": ["The url field is required."]}),
        ({"tasks": {"a": {"operation": "export/url"}}}, {"tasks.a.input": ["The input field is required."]}),
        (
            {"tasks": {"a": {"operation": "export/url", "input": "b"}}},
            {"tasks.a.input": ["The input b is not the name of a task of this job."]},
        ),
        (
            {"tasks": {"a": {"operation": "export/url", "input": "a"}}},
            {"tasks.a.input": ["The task waits for itself through its inputs."]},
        ),
        (
            {"tasks": {"a": {"operation": "import/base64", "file": "???", "filename": "x"}}},
            {"tasks.a.file": ["The file is not valid base64."]},
        ),
        ({"tasks": {"a": RAW}, "tag": {}}, {"tag": ["The tag must be a string."]}),
    ],
)
def test_wrong_jobs_are_told_field_by_field(client: Client, body: dict[str, Any], errors: dict[str, list[str]]) -> None:
    response = client.ask("POST", "jobs", json=body)
    assert (response.status_code, response.json()) == (
        422,
        {"message": "The given data was invalid.", "code": "INVALID_DATA", "errors": errors},
    )


def test_a_job_is_shown_in_the_order_of_its_tasks(client: Client) -> None:
    job = client.post("jobs", {"tasks": EXPORTED, "tag": "my tag"})
    assert [task["name"] for task in job["tasks"]] == ["i", "e"]
    assert (job["tag"], job["status"]) == ("my tag", "waiting")
    assert job["links"]["self"] == f"{client.address.base_url}/v2/jobs/{job['id']}"
    assert job["tasks"][1]["depends_on_task_ids"] == [job["tasks"][0]["id"]]


def test_the_sync_root_answers_when_the_job_has_ended(client: Client) -> None:
    job = client.job(**EXPORTED)
    assert client.get(f"jobs/{job['id']}", sync=True)["status"] == "finished"
    assert client.get(f"tasks/{job['tasks'][1]['id']}", sync=True)["status"] == "finished"
    assert client.job(sync=True, **EXPORTED)["status"] == "finished"


def test_the_old_wait_paths_answer_too(client: Client) -> None:
    job = client.job(**EXPORTED)
    assert client.get(f"jobs/{job['id']}/wait")["status"] == "finished"
    assert client.get(f"tasks/{job['tasks'][0]['id']}/wait")["status"] == "finished"


def test_a_blocked_request_does_not_hold_up_others_and_ends_with_its_job(client: Client) -> None:
    job = client.job(i={"operation": "import/upload"})
    answers: list[Any] = []
    waiting = threading.Thread(
        target=lambda: answers.append(Client(client.address).get(f"jobs/{job['id']}", sync=True))
    )
    waiting.start()
    started = time.perf_counter()
    assert client.get(f"jobs/{job['id']}")["status"] == "waiting"
    assert time.perf_counter() - started < 1
    client.upload(job["tasks"][0]["result"]["form"], "a.txt", b"x")
    waiting.join(10)
    assert answers[0]["status"] == "finished"


def test_redirect_leads_to_the_file(client: Client) -> None:
    job = client.job(sync=True, **EXPORTED)
    response = client.ask("GET", f"jobs/{job['id']}?redirect=true", sync=True)
    assert response.status_code == 302
    assert client.ask("GET", response.headers["location"]).content == b"hello"
    created = client.ask("POST", "jobs", json={"tasks": EXPORTED, "redirect": True}, sync=True)
    assert created.status_code == 302


def test_single_tasks_take_ids_and_forms(client: Client) -> None:
    made = client.ask("POST", "import/raw", data={"file": "a,b", "filename": "t.txt"})
    assert made.status_code == 201
    task = made.json()["data"]
    assert (task["job_id"], "name" in task) == (None, False)
    exported = client.post("export/url", {"input": task["id"], "name": "tolerated"}, sync=False)
    done = client.get(f"tasks/{exported['id']}", sync=True)
    assert done["result"]["files"][0]["filename"] == "t.txt"
    assert client.ask("POST", "export/url", json={"input": "gone"}).json()["errors"] == {
        "input": ["The input gone is not the id of a task."]
    }


def test_jobs_can_come_as_forms(client: Client) -> None:
    fields = {
        "tasks[i][operation]": "import/raw",
        "tasks[i][file]": "x",
        "tasks[i][filename]": "a.txt",
        "tasks[e][operation]": "export/url",
        "tasks[e][input][]": "i",
    }
    response = client.ask("POST", "jobs", data=fields, sync=True)
    assert (response.status_code, response.json()["data"]["status"]) == (201, "finished")


def test_includes_of_a_task(client: Client) -> None:
    job = client.job(sync=True, **EXPORTED)
    task = client.get(f"tasks/{job['tasks'][1]['id']}?include=payload,depends_on_tasks,retries,job")
    assert task["payload"] == {"operation": "export/url", "input": ["i"]}
    assert [one["name"] for one in task["depends_on_tasks"]] == ["i"]
    assert (task["retries"], task["job"]["id"]) == ([], job["id"])
    assert "payload" not in client.get(f"tasks/{task['id']}")


def test_a_file_in_a_request_is_not_repeated_in_the_payload(client: Client) -> None:
    job = client.job(sync=True, **EXPORTED)
    assert client.get(f"tasks/{job['tasks'][0]['id']}?include=payload")["payload"] == {
        "operation": "import/raw",
        "filename": "a.txt",
    }


def test_cancelling_fails_the_task_and_works_only_once(client: Client) -> None:
    task = client.post("import/upload")
    cancelled = client.ask("POST", f"tasks/{task['id']}/cancel")
    assert cancelled.status_code == 200
    assert (cancelled.json()["data"]["status"], cancelled.json()["data"]["code"]) == ("error", "CANCELLED")
    again = client.ask("POST", f"tasks/{task['id']}/cancel")
    assert (again.status_code, again.json()["errors"]) == (
        400,
        {"status": ["Cannot change status: task already completed."]},
    )


def test_retrying_makes_a_fresh_task(client: Client) -> None:
    task = client.post("import/upload")
    client.post(f"tasks/{task['id']}/cancel")
    response = client.ask("POST", f"tasks/{task['id']}/retry")
    fresh = response.json()["data"]
    assert (response.status_code, fresh["status"], fresh["retry_of_task_id"], fresh["copy_of_task_id"]) == (
        201,
        "waiting",
        task["id"],
        task["id"],
    )
    assert fresh["result"]["form"]["url"]
    assert [one["id"] for one in client.get(f"tasks/{task['id']}?include=retries")["retries"]] == [fresh["id"]]


def test_retrying_keeps_the_file_of_the_request(client: Client) -> None:
    task = client.get(f"tasks/{client.post('import/raw', RAW)['id']}", sync=True)
    fresh = client.post(f"tasks/{task['id']}/retry")
    assert client.get(f"tasks/{fresh['id']}", sync=True)["result"]["files"] == task["result"]["files"]


def test_deleting_a_job_takes_its_tasks_and_files(client: Client) -> None:
    job = client.job(sync=True, **EXPORTED)
    url = job["tasks"][1]["result"]["files"][0]["url"]
    response = client.ask("DELETE", f"jobs/{job['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert client.ask("GET", f"jobs/{job['id']}").status_code == 404
    assert client.ask("GET", f"tasks/{job['tasks'][0]['id']}").status_code == 404
    assert client.ask("GET", url).status_code == 404


def test_deleting_a_job_frees_those_who_wait_for_it(client: Client) -> None:
    job = client.job(i={"operation": "import/upload"})
    threading.Timer(0.2, lambda: Client(client.address).ask("DELETE", f"jobs/{job['id']}")).start()
    assert client.ask("GET", f"jobs/{job['id']}", sync=True).status_code == 404


def test_lists_have_pages(client: Client) -> None:
    made = [
        client.post("jobs", {"tasks": {"i": {"operation": "import/upload"}}, "tag": "pages"})["id"] for _ in range(3)
    ]
    first = client.ask("GET", "jobs?filter[tag]=pages&per_page=2").json()
    assert [job["id"] for job in first["data"]] == made[:0:-1]
    assert first["meta"] == {
        "current_page": 1,
        "from": 1,
        "path": f"{client.address.base_url}/v2/jobs",
        "per_page": 2,
        "to": 2,
    }
    second = client.ask("GET", first["links"]["next"]).json()
    assert [job["id"] for job in second["data"]] == made[:1]
    assert (second["links"]["next"], second["links"]["last"], second["meta"]["from"]) == (None, None, 3)


def test_an_empty_page_has_no_numbers(client: Client) -> None:
    page = client.ask("GET", "jobs?filter[tag]=nobody").json()
    assert (page["data"], page["meta"]["from"], page["meta"]["to"]) == ([], None, None)


def test_lists_are_filtered_and_empty_filters_mean_none(client: Client) -> None:
    job = client.job(sync=True, **EXPORTED)
    tasks = client.get(f"tasks?filter%5Bjob_id%5D={job['id']}&filter[status]=&include=&per_page=&page=")
    assert {task["name"] for task in tasks} == {"i", "e"}
    assert [task["name"] for task in client.get(f"tasks?filter[job_id]={job['id']}&filter[operation]=export/url")] == [
        "e"
    ]
    assert "tasks" not in client.get("jobs?per_page=1")[0]
    assert client.get("jobs?include=tasks&per_page=1")[0]["tasks"]


def test_trailing_slashes_are_forgiven(client: Client) -> None:
    assert client.get("users/me/")["id"] == 1


def test_lone_surrogates_do_no_harm(client: Client) -> None:
    raw = json.dumps({"tasks": {"i": {**RAW, "filename": "\ud800.txt"}}, "tag": "\udfff"})
    response = client.ask("POST", "jobs", data=raw, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["data"]["tag"]) == (201, "?")


def test_what_a_client_calls_the_host_stands_in_the_links(client: Client) -> None:
    port = client.address.base_url.rpartition(":")[2]
    assert client.get("users/me", headers={"Host": f"sandbox.local:{port}"})["links"]["self"].startswith(
        f"http://sandbox.local:{port}/v2/"
    )
    assert client.get("users/me", headers={"Host": 'evil"/x'})["links"]["self"].startswith(
        f"http://127.0.0.1:{port}/v2/"
    )
    assert client.get("users/me", sync=True)["links"]["self"].startswith(client.address.base_url)


def test_a_job_may_use_tasks_of_earlier_jobs(client: Client) -> None:
    first = client.job(sync=True, i=RAW)
    second = client.job(sync=True, e={"operation": "export/url", "input": first["tasks"][0]["id"]})
    assert second["status"] == "finished"


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    response = client.ask("POST", "import/raw", data=b'{"file": "' + b"x" * 60_000_000)
    assert (response.status_code, response.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_a_merge_of_pdf_files_may_be_called_by_its_other_name(client: Client) -> None:
    uploads = [client.post("import/upload")["id"] for _ in range(2)]
    task = client.get(f"tasks/{client.post('pdf/merge', {'input': uploads})['id']}?include=payload")
    assert (task["operation"], task["payload"]["output_format"]) == ("merge", "pdf")
    assert client.ask("POST", "merge", json={"input": uploads}).status_code == 422


@pytest.mark.parametrize(
    "task", [{"operation": "archive/extract"}, {"operation": "convert", "output_format": "extract"}]
)
def test_files_are_taken_out_of_an_archive_both_ways_round(client: Client, task: dict[str, Any]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/one.txt", "one")
        archive.writestr("b/one.txt", "two")
    source = {"operation": "import/base64", "filename": "a.zip", "file": base64.b64encode(packed.getvalue()).decode()}
    job = client.job(sync=True, i=source, x={**task, "input": "i"}, e={"operation": "export/url", "input": "x"})
    files = job["tasks"][2]["result"]["files"]
    found = {file["filename"]: client.ask("GET", file["url"]).text for file in files}
    assert (job["tasks"][1]["operation"], found) == ("archive/extract", {"one.txt": "one", "one (2).txt": "two"})
