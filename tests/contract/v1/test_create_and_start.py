"""Sections 1 to 4 of the v1 guide: paths, keys, creating and starting a process."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator

import pytest

from tests.support.file_server import file_server
from tests.support.samples import sample
from tests.support.v1 import V1

FORMATS = {"inputformat": "png", "outputformat": "jpg"}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Where there is a sample under every name."""
    with file_server() as running:
        yield running


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_process_is_created_with_and_without_the_prefix(v1: V1, prefix: str, method: str) -> None:
    made = v1.ask(method, f"{prefix}/process", params=FORMATS).json()
    assert made["url"] == f"//{v1.host}/process/{made['id']}"
    assert (made["host"], made["maxtime"]) == (v1.host, 18000)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", made["expires"])


def test_v2_paths_are_not_answered_here(v1: V1) -> None:
    answer = v1.ask("GET", "/v2/jobs")
    assert (answer.status_code, answer.json()["error"]) == (404, "There is nothing at /v2/jobs; this is API v1.")


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"Authorization": "Bearer KEY"}},
        {"headers": {"Authorization": "", "X-CloudConvert-ApiKey": "KEY"}},
        {"headers": {"Authorization": ""}, "params": {"apikey": "KEY", **FORMATS}},
        {"headers": {"Authorization": ""}, "json": {"apikey": "KEY", **FORMATS}},
        {"headers": {"Authorization": ""}, "data": {"apikey": "KEY", **FORMATS}},
    ],
    ids=["bearer", "old header", "query", "json", "form"],
)
def test_the_key_is_taken_wherever_clients_send_it(v1: V1, sent: dict) -> None:  # type: ignore[type-arg]
    how = json.loads(json.dumps(sent).replace("KEY", v1.key))
    how.setdefault("params", FORMATS)
    assert v1.ask("POST", "/process", **how).status_code == 200


@pytest.mark.parametrize("key", ["", "wrong", "schlüssel".encode().decode("latin-1")])
def test_another_key_is_refused(v1: V1, key: str) -> None:
    answer = v1.ask("POST", "/process", params=FORMATS, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (401, 401)


def test_a_process_url_needs_no_key(v1: V1) -> None:
    url = v1.create()
    assert v1.ask("GET", url, headers={"Authorization": ""}).json()["step"] == "input"


def test_body_and_query_may_be_mixed_and_the_body_wins(v1: V1) -> None:
    url = v1.create()
    given = {"input": "raw", "filename": "a.txt", "outputformat": "pdf"}
    query = {"converteroptions[quality]": "75", "outputformat": "png", "tag": "from the query"}
    status = v1.ask("POST", url, params=query, json={**given, "file": "x", "inputformat": "md"}).json()
    assert status["converter"]["options"] == {"quality": "75"}
    assert (status["converter"]["format"], status["tag"]) == ("pdf", "from the query")


@pytest.mark.parametrize("name", ["inputformat", "outputformat"])
def test_both_formats_are_required(v1: V1, name: str) -> None:
    answer = v1.ask("POST", "/process", json={**FORMATS, name: None})
    assert (answer.status_code, answer.json()["error"]) == (400, f"The parameter {name!r} is missing.")


def test_a_download_is_fetched_by_cloudconvert(v1: V1, origin: str) -> None:
    status = v1.start(v1.create(), input="download", file=f"{origin}/photo.png", outputformat="jpg", wait=True)
    assert (status["step"], status["input"]["type"], status["output"]["filename"]) == (
        "finished",
        "download",
        "photo.jpg",
    )


@pytest.mark.parametrize("method", ["raw", "base64"])
def test_content_is_sent_along(v1: V1, method: str) -> None:
    text = "# Title\n"
    file = base64.b64encode(text.encode()).decode() if method == "base64" else text
    given = {"input": method, "file": file, "filename": "a.md", "outputformat": "html", "wait": "true"}
    status = v1.start(v1.create("md", "html"), **given)
    assert (status["input"]["filename"], status["input"]["ext"], status["output"]["ext"]) == ("a.md", "md", "html")


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"input": "raw", "file": "x"}, "filename"),
        ({"input": "base64", "file": "!", "filename": "a.png"}, "file"),
        ({"input": "download"}, "file"),
        ({"input": "download", "file": "ftp://example.com/a"}, "file"),
        ({"input": "carrier pigeon"}, "input"),
        ({"input": "ftp", "file": "a"}, "input"),
        ({"input": {"s3": {"bucket": "b", "secretaccesskey": "s"}}, "file": "a"}, "input.s3.accesskeyid"),
        ({"input": "upload", "output": "dropbox"}, "output"),
        ({"input": "upload", "preset": "AduhH6"}, "preset"),
        ({"input": "upload", "mode": "print"}, "mode"),
        ({"input": "upload", "timeout": "soon"}, "timeout"),
        ({"input": "upload", "callback": "later"}, "callback"),
        ({"input": "upload", "converteroptions": "quality"}, "converteroptions"),
        ({"input": "upload", "converteroptions": {"quality": "best"}}, "converteroptions.quality"),
        ({"input": "upload", "outputformat": "docx"}, "outputformat"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told_before_anything_is_sent(v1: V1, given: dict, parameter: str) -> None:  # type: ignore[type-arg]
    url = v1.create()
    answer = v1.ask("POST", url, json={"outputformat": "jpg", **given})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [parameter])
    assert v1.ask("GET", url).json()["message"] == "Waiting for the start of the process"


def test_a_process_serves_one_conversion(v1: V1) -> None:
    url = v1.create()
    v1.start(url, input="upload", outputformat="jpg")
    answer = v1.ask("POST", url, json={"input": "upload", "outputformat": "jpg"})
    assert (answer.status_code, "create a new one" in answer.json()["error"]) == (400, True)


def test_options_are_translated_and_what_is_lost_is_told(v1: V1) -> None:
    options = {"page_range": "2-2", "density": 40, "rotate": 90, "never_heard_of": 1, "input_password": "s3cret"}
    status = v1.converted(sample("pdf"), "two.pdf", converteroptions=options, email="true")
    assert status["output"]["filename"] == "two.jpg"  # one page of two
    assert status["converter"]["options"] == {**options, "input_password": "***"}
    assert status["warnings"] == [
        "The option 'rotate' has no counterpart in API v2 and is left out.",
        "No e-mail is sent: API v2 sends none. Use callback instead.",
        "The option 'never_heard_of' is not known for this conversion and is left out.",
    ]


def test_info_gives_what_a_file_says_about_itself(v1: V1) -> None:
    status = v1.converted(sample("pdf"), "two.pdf", "pdf", mode="info")
    assert status["info"]["PageCount"] == 2
    assert v1.ask("GET", status["output"]["url"]).json() == status["info"]


@pytest.mark.parametrize(("mode", "outputformat", "ext"), [("combine", "pdf", "pdf"), ("archive", "zip", "zip")])
def test_several_files_become_one(v1: V1, origin: str, mode: str, outputformat: str, ext: str) -> None:
    url = v1.create("pdf", outputformat, mode=mode)
    files = [f"{origin}/cover.pdf", f"{origin}/report.pdf"]
    status = v1.start(url, mode=mode, input="download", files=files, outputformat=outputformat, wait=True)
    assert (status["step"], status["output"]["ext"], "files" in status["output"]) == ("finished", ext, False)


def test_extract_converts_from_an_archive(v1: V1) -> None:
    status = v1.converted(sample("zip"), "a.zip", "tar", mode="extract")
    assert (status["converter"]["mode"], status["output"]["filename"]) == ("extract", "a.tar")


def test_a_page_is_captured(v1: V1) -> None:
    answer = v1.ask("POST", v1.create("website", "pdf"), json={"input": "url", "file": "https://example.com/"})
    status = answer.json()
    assert (status["converter"]["format"], status["input"]["type"]) == ("pdf", "download")
    v1.ask("DELETE", status["url"])


def test_download_answers_with_the_file(v1: V1, origin: str) -> None:
    given = {"input": "download", "file": f"{origin}/photo.png", "outputformat": "jpg", "download": "inline"}
    answer = v1.ask("POST", v1.create(), json=given)
    assert answer.content[:2] == b"\xff\xd8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_convert_is_both_in_one_and_leads_to_the_process(v1: V1, origin: str, method: str) -> None:
    given = {**FORMATS, "input": "download", "file": f"{origin}/photo.png", "wait": "true"}
    answer = v1.ask(method, "/convert", params=given)
    assert answer.status_code == 303
    assert v1.ask("GET", answer.headers["Location"]).json()["step"] == "finished"


def test_convert_with_download_leads_to_the_output(v1: V1) -> None:
    files = {"file": ("photo.png", sample("png"))}
    answer = v1.ask("POST", "/convert", params={**FORMATS, "input": "upload", "download": "true"}, files=files)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"//{v1.host}/download/~")
    assert v1.ask("GET", answer.headers["Location"]).content[:2] == b"\xff\xd8"


def test_a_convert_that_cannot_be_started_leaves_nothing(v1: V1) -> None:
    before = len(v1.ask("GET", "/processes").json())
    assert v1.ask("POST", "/convert", json={**FORMATS, "input": "download"}).status_code == 400
    assert len(v1.ask("GET", "/processes").json()) == before
