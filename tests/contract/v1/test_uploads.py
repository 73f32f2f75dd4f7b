"""Section 5 of the v1 guide: uploads by PUT, by form, and with the start itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.samples import sample
from tests.support.v1 import V1


def test_a_start_waits_for_the_upload(v1: V1) -> None:
    url = v1.create()
    status = v1.start(url, input="upload", outputformat="jpg")
    assert (status["step"], status["message"]) == ("input", "Waiting for the upload of input files")
    assert re.fullmatch(rf"//{v1.host}/upload/~\w+", status["upload"]["url"])
    assert v1.ask("GET", url).json()["upload"] == status["upload"]


def test_put_takes_the_raw_file(v1: V1) -> None:
    url = v1.create()
    upload = v1.start(url, input="upload", outputformat="jpg")["upload"]["url"]
    answer = v1.ask("PUT", f"{upload}/input%20file.png", data=sample("png"), headers={"Authorization": ""})
    assert answer.json() == {"file": "input file.png", "size": len(sample("png")), "message": "File saved."}
    status = v1.ask("GET", f"{url}?wait=true").json()
    assert ("upload" in status, status["output"]["filename"]) == (False, "input file.jpg")


def test_put_takes_a_file_of_unknown_length(v1: V1) -> None:
    def chunks() -> Iterator[bytes]:
        yield sample("png")[:10]
        yield sample("png")[10:]

    url = v1.create()
    upload = v1.start(url, input="upload", outputformat="jpg")["upload"]["url"]
    assert v1.ask("PUT", f"{upload}/a.png", data=chunks()).json()["size"] == len(sample("png"))
    assert v1.ask("GET", f"{url}?wait").json()["step"] == "finished"


def test_a_form_takes_the_file_in_its_field(v1: V1) -> None:
    url = v1.create()
    upload = v1.start(url, input="upload", outputformat="jpg")["upload"]["url"]
    form = {"data": {"submit": "Upload"}, "files": {"file": ("photo.png", sample("png"))}}
    assert v1.ask("POST", upload, headers={"Authorization": ""}, **form).json()["file"] == "photo.png"
    assert v1.ask("GET", f"{url}?wait").json()["step"] == "finished"


def test_a_form_without_a_file_is_refused(v1: V1) -> None:
    upload = v1.start(v1.create(), input="upload", outputformat="jpg")["upload"]["url"]
    assert v1.ask("POST", upload, data={"file": "photo.png"}).json()["fields"] == {"file": "is missing"}


def test_a_start_may_bring_the_file_with_its_options_in_the_query(v1: V1) -> None:
    url = v1.create()
    query = {"input": "upload", "outputformat": "jpg", "converteroptions[quality]": "75", "wait": "true"}
    status = v1.ask("POST", url, params=query, files={"file": ("photo.png", sample("png"))}).json()
    assert (status["step"], status["converter"]["options"]) == ("finished", {"quality": "75"})


def test_a_second_file_is_refused(v1: V1) -> None:
    upload = v1.start(v1.create(), input="upload", outputformat="jpg")["upload"]["url"]
    assert v1.ask("PUT", f"{upload}/a.png", data=sample("png")).status_code == 200
    again = v1.ask("PUT", f"{upload}/b.png", data=sample("png"))
    assert (again.status_code, again.json()["error"]) == (400, "The process waits for no more files.")


def test_announced_files_are_combined_in_the_order_of_the_announcement(v1: V1) -> None:
    url = v1.create("pdf", "pdf", mode="combine")
    names = ["first.pdf", "second.pdf"]
    upload = v1.start(url, mode="combine", input="upload", files=names, outputformat="pdf")["upload"]["url"]
    for name in reversed(names):
        assert v1.ask("PUT", f"{upload}/{name}", data=sample("pdf")).status_code == 200
    status = v1.ask("GET", f"{url}?wait").json()
    assert (status["step"], status["input"]["filename"]) == ("finished", "first.pdf")


def test_the_upload_url_shows_nothing(v1: V1) -> None:
    upload = v1.start(v1.create(), input="upload", outputformat="jpg")["upload"]["url"]
    assert v1.ask("GET", upload).status_code == 405
    assert v1.ask("PUT", upload[:-3] + "zzz/a.png", data=b"x").status_code == 404
