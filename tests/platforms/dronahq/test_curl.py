"""The curl commands, executed against the sandbox as the platform sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import requests

from connector.platforms.dronahq.actions import ACTIONS
from tests.platforms.dronahq.stand_in import Answer, Pasted


def test_every_action_has_one_command(files: Mapping[str, bytes]) -> None:
    commands = {path: text.decode() for path, text in files.items() if path.startswith("curl/")}
    assert set(commands) == {f"curl/{action.name}.txt" for action in ACTIONS}
    assert all(text.startswith("curl ") and text.count("curl ") == 1 for text in commands.values())


def test_no_command_carries_a_key(files: Mapping[str, bytes]) -> None:
    assert not [path for path, text in files.items() if path.startswith("curl/") and b"uthorization" in text]


def test_all_supported_formats(pasted: Pasted) -> None:
    answer = pasted("AllSupportedFormats")
    assert answer.status == 200
    assert ("png", "jpg") in {(row["input_format"], row["output_format"]) for row in answer.data}


def test_formats_filtered_by_input_come_with_their_options(pasted: Pasted) -> None:
    answer = pasted("FilterFormatsByInput", **{"filter[input_format]": "png"})
    assert {row["input_format"] for row in answer.data} == {"png"}
    assert all("options" in row for row in answer.data)


def test_a_job_with_empty_optional_values_is_created(job: Answer) -> None:
    assert job.status == 201
    assert job.data["tag"] is None
    assert {task["name"] for task in job.data["tasks"]} == {"import-my-file", "convert-my-file", "export-my-file"}


def test_waiting_for_the_job_ends_with_the_converted_file(pasted: Pasted, job: Answer) -> None:
    ended = pasted("WaitForAJob", jobId=job.data["id"])
    assert (ended.status, ended.data["status"]) == (200, "finished")
    file = next(task for task in ended.data["tasks"] if task["operation"] == "export/url")["result"]["files"][0]
    content = requests.get(file["url"], timeout=30).content
    assert content.startswith(b"\xff\xd8\xff")
    assert (file["filename"], file["size"]) == ("photo.jpg", len(content))


def test_every_optional_value_is_honoured(pasted: Pasted, origin: str) -> None:
    given = {"FileURL": f"{origin}/photo", "InputFormat": "png", "OutputFormat": "webp", "Tag": 'a "quoted" tag'}
    made = pasted("CreateConvertFileJob", **given)
    ended = pasted("WaitForAJob", jobId=made.data["id"])
    assert (ended.data["status"], ended.data["tag"]) == ("finished", 'a "quoted" tag')


def test_show_job(pasted: Pasted, job: Answer) -> None:
    shown = pasted("ShowJob", jobId=job.data["id"])
    assert (shown.status, shown.data["id"]) == (200, job.data["id"])


def test_jobs_are_listed_with_both_filters_empty(pasted: Pasted, job: Answer) -> None:
    listed = pasted("ListJobs")
    assert job.data["id"] in {one["id"] for one in listed.data}
    assert listed.body["meta"]["per_page"] == 1000


@pytest.mark.parametrize("status", ["finished", "error", "processing"])
def test_jobs_are_listed_by_status_and_tag(pasted: Pasted, origin: str, status: str) -> None:
    made = pasted("CreateConvertFileJob", FileURL=f"{origin}/photo.png", OutputFormat="jpg", Tag=f"only-{status}")
    pasted("WaitForAJob", jobId=made.data["id"])
    listed = pasted("ListJobs", **{"filter[status]": status, "filter[tag]": f"only-{status}"})
    assert [one["id"] for one in listed.data] == ([made.data["id"]] if status == "finished" else [])


@pytest.mark.engine("chrome")
def test_a_website_is_captured(pasted: Pasted, origin: str) -> None:
    made = pasted("CaptureWebsiteJob", URL=f"{origin}/page.html", OutputFormat="png")
    ended = pasted("WaitForAJob", jobId=made.data["id"])
    assert ended.data["status"] == "finished", json.dumps(ended.data, indent=1)
    file = next(task for task in ended.data["tasks"] if task["operation"] == "export/url")["result"]["files"][0]
    assert requests.get(file["url"], timeout=30).content.startswith(b"\x89PNG")


def test_what_must_be_filled_in_is_missed_when_it_is_empty(pasted: Pasted) -> None:
    refused = pasted("CreateConvertFileJob")
    assert refused.status == 422
    assert set(refused.body["errors"]) == {"tasks.import-my-file.url", "tasks.convert-my-file.output_format"}
