"""Sections 6, 7 and 9 of the v1 guide: the status, the output with one file and with several, the list."""

from __future__ import annotations

import gc
import io
import random
import re
import threading
import zipfile

import pytest
import requests

from tests.support.samples import sample
from tests.support.v1 import V1, until


def test_the_status_of_a_finished_process(v1: V1) -> None:
    status = v1.converted(sample("png"), "photo.png", converteroptions={"quality": 75}, tag={"order": 7})
    assert status.pop("starttime") <= status.pop("endtime") <= status.pop("expire")
    assert re.fullmatch(r"\w{20,}", process_id := status.pop("id"))
    url = status["output"].pop("url")
    assert url.startswith(f"//{v1.host}/download/~")
    assert status.pop("output") == {"filename": "photo.jpg", "ext": "jpg", "size": status_size(v1, url), "downloads": 0}
    size = len(sample("png"))
    assert status == {
        "url": f"//{v1.host}/process/{process_id}",
        "percent": 100,
        "message": "Conversion finished!",
        "step": "finished",
        "group": "image",
        "input": {"type": "upload", "filename": "photo.png", "size": size, "name": "photo", "ext": "png"},
        "converter": {"mode": "convert", "format": "jpg", "type": "pillow", "options": {"quality": 75}},
        "tag": '{"order": 7}',
    }


def status_size(v1: V1, url: str) -> int:
    """What the download says of its length, without downloading it."""
    return int(v1.ask("HEAD", url).headers["Content-Length"])


def test_a_failed_process_says_why_and_is_422(v1: V1) -> None:
    url = v1.create()
    v1.start(url, input="raw", file="no picture", filename="a.png", outputformat="jpg")
    answer = v1.ask("GET", f"{url}?wait")
    status = answer.json()
    assert (answer.status_code, status["step"], status["code"]) == (422, "error", 422)
    assert status["error"] == status["message"]
    assert "is not a picture that can be read" in status["message"]
    assert v1.ask("GET", status["output"]["url"]).status_code == 422


def test_without_save_the_file_goes_after_its_first_download(v1: V1) -> None:
    status = v1.converted(sample("png"), "photo.png")
    assert v1.ask("GET", status["output"]["url"]).content[:2] == b"\xff\xd8"
    # Asked for again before the first was counted, it would still be given.
    until(lambda: v1.ask("GET", status["url"]).json()["output"]["downloads"] == 1)
    gone = v1.ask("GET", status["output"]["url"])
    assert gone.status_code == 404
    assert "deleted after its first download" in gone.json()["error"]


def test_with_save_it_stays(v1: V1) -> None:
    status = v1.converted(sample("png"), "photo.png", save="true")
    for times in (1, 2):
        assert v1.ask("GET", status["output"]["url"]).status_code == 200
        until(lambda times=times: v1.ask("GET", status["url"]).json()["output"]["downloads"] == times)


def test_a_download_that_breaks_off_is_none(v1: V1, caplog: pytest.LogCaptureFixture) -> None:
    noise = random.Random(7).randbytes(12_000_000)  # more than lies in the buffers on its way
    status = v1.converted(noise, "noise.bin", "zip", mode="archive")
    with requests.get(f"http:{status['output']['url']}", stream=True, timeout=20) as response:
        response.raw.read(10)
    until(lambda: gc.collect() >= 0 and not any(thread.name == "v1-gateway" for thread in threading.enumerate()))
    assert [record for record in caplog.records if record.name == "asyncio"] == []
    assert len(v1.ask("GET", status["output"]["url"]).content) == status["output"]["size"]


def test_the_output_may_be_shown_by_a_browser(v1: V1) -> None:
    url = v1.converted(sample("png"), "photo.png", save=True)["output"]["url"]
    assert v1.ask("GET", url).headers["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    shown = v1.ask("GET", f"{url}?inline").headers
    assert (shown["Content-Disposition"], shown["Content-Type"]) == ('inline; filename="photo.jpg"', "image/jpeg")


def test_the_output_can_be_asked_for_before_the_end(v1: V1) -> None:
    started = v1.start(v1.create(), input="upload", outputformat="jpg")
    got: list[requests.Response] = []
    waiting = threading.Thread(target=lambda: got.append(v1.ask("GET", started["output"]["url"])))
    waiting.start()
    assert v1.ask("PUT", f"{started['upload']['url']}/a.png", data=sample("png")).status_code == 200
    waiting.join(20)
    assert got[0].content[:2] == b"\xff\xd8"


@pytest.fixture
def pages(v1: V1) -> dict:  # type: ignore[type-arg]
    """The status of a process that made two pictures."""
    return v1.converted(sample("pdf"), "multiple_pages.pdf")


def test_several_files_come_as_a_zip(v1: V1, pages: dict) -> None:  # type: ignore[type-arg]
    output = pages["output"]
    names = ["multiple_pages-1.jpg", "multiple_pages-2.jpg"]
    assert (output["filename"], output["ext"], output["files"]) == ("multiple_pages.zip", "zip", names)
    answer = v1.ask("GET", output["url"])
    assert int(answer.headers["Content-Length"]) == output["size"]
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == names


def test_several_files_come_one_by_one_and_go_after_the_last(v1: V1, pages: dict) -> None:  # type: ignore[type-arg]
    url, names = pages["output"]["url"], pages["output"]["files"]
    for name in names:
        assert v1.ask("GET", f"{url}/{name}").content[:2] == b"\xff\xd8"
    until(lambda: v1.ask("GET", f"{url}/{names[0]}").status_code == 404)


def test_a_file_that_is_not_there_is_404(v1: V1, pages: dict) -> None:  # type: ignore[type-arg]
    assert v1.ask("GET", f"{pages['output']['url']}/other.jpg").status_code == 404


@pytest.mark.parametrize(("method", "suffix"), [("DELETE", ""), ("GET", "/delete")])
def test_delete_takes_everything_away_also_while_it_runs(v1: V1, method: str, suffix: str) -> None:
    url = v1.create()
    v1.start(url, input="upload", outputformat="jpg")
    assert v1.ask(method, url + suffix).json()["message"] == "Process deleted"
    answer = v1.ask("GET", url)
    assert (answer.status_code, answer.json()["error"]) == (404, "Process not found")


def test_old_clients_cancel_by_get(v1: V1) -> None:
    url = v1.create()
    v1.start(url, input="upload", outputformat="jpg")
    assert v1.ask("GET", f"{url}/cancel").status_code == 200
    assert v1.ask("GET", f"{url}?wait").json()["step"] == "error"


def test_the_list_is_a_bare_array_of_ones_own_processes(v1: V1) -> None:
    status = v1.converted(sample("png"), "photo.png")
    entry = next(one for one in v1.ask("GET", "/v1/processes").json() if one["id"] == status["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", entry.pop("starttime"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", entry.pop("endtime"))
    assert entry == {"id": status["id"], "host": v1.host, "step": "finished", "url": status["url"]}
    assert v1.ask("GET", "/processes", headers={"Authorization": ""}).status_code == 401
