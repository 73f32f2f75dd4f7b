from __future__ import annotations

import io
import socket
import zipfile
from urllib.parse import urlsplit

import pytest
import requests

from .client import RAW, Client

MD5 = "9a0364b9e99bb480dd25e1f0284c8555"  # of b"content"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Bucket>tasks</Bucket><Key>{key}</Key><ETag>&#34;{etag}&#34;</ETag><Location>{location}</Location></PostResponse>'


def waiting(client: Client) -> tuple[str, dict[str, object]]:
    task = client.post("import/upload")
    return task["id"], task["result"]["form"]


def post(
    form: dict[str, object], body: bytes, content_type: str = "multipart/form-data; boundary=XX"
) -> requests.Response:
    return requests.post(str(form["url"]), data=body, headers={"Content-Type": content_type}, timeout=10)


def written(
    form: dict[str, object], disposition: bytes, content: bytes = b"content", end: bytes = b"\r\n--XX--\r\n"
) -> bytes:
    fields = b"".join(
        f'--XX\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form["parameters"].items()
    )  # type: ignore[attr-defined]
    return (
        fields
        + b"--XX\r\ncontent-disposition: form-data; "
        + disposition
        + b"\r\ncontent-type: text/plain\r\n\r\n"
        + content
        + end
    )


def test_an_upload_is_answered_like_s3_does(client: Client) -> None:
    task_id, form = waiting(client)
    response = client.upload(form, "ü a.txt", b"content")
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["etag"] == f'"{MD5}"'
    assert response.text == XML.format(key=f"{task_id}/ü a.txt", etag=MD5, location=response.headers["location"])
    task = client.get(f"tasks/{task_id}", sync=True)
    assert (task["status"], task["result"], task["message"]) == (
        "finished",
        {"files": [{"filename": "ü a.txt", "size": 7, "md5": MD5}]},
        None,
    )


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"name=file;filename=two words.png", "two words.png"),
        ('name="file"; filename="日本.png"'.encode(), "日本.png"),
        (b'name="photo.png"; filename="photo.png"', "photo.png"),
        (b'name="file"; filename="..\\..\\win.ini"', "win.ini"),
        (b'name="file"; filename="=?utf-8?B?w7wudHh0?="', "ü.txt"),
        (b'name="file"', "file"),
    ],
)
def test_every_clients_form_is_understood(client: Client, disposition: bytes, name: str) -> None:
    task_id, form = waiting(client)
    assert post(form, written(form, disposition)).status_code == 201
    assert client.get(f"tasks/{task_id}")["result"]["files"] == [{"filename": name, "size": 7, "md5": MD5}]


def test_a_large_file_arrives_byte_for_byte(client: Client) -> None:
    content = bytes(range(256)) * 20_000 + b"\r\n--XX is no end"
    job = client.job(i={"operation": "import/upload"}, e={"operation": "export/url", "input": "i"})
    client.upload(job["tasks"][0]["result"]["form"], "a.bin", content)
    done = client.get(f"jobs/{job['id']}", sync=True)
    assert client.ask("GET", done["tasks"][1]["result"]["files"][0]["url"]).content == content


@pytest.mark.parametrize(
    "change", [{"signature": "0"}, {"expires": 99999999999}, {"key": "other/x"}, {"signature": None}]
)
def test_a_changed_form_is_refused(client: Client, change: dict[str, object]) -> None:
    task_id, form = waiting(client)
    form["parameters"] = {name: value for name, value in {**form["parameters"], **change}.items() if value is not None}  # type: ignore[dict-item]
    response = client.upload(form, "a.txt", b"x")
    assert (response.status_code, response.json()["code"]) == (403, "FORBIDDEN")
    assert client.get(f"tasks/{task_id}")["status"] == "waiting"


def test_a_form_can_be_used_once(client: Client) -> None:
    _, form = waiting(client)
    assert [client.upload(form, "a.txt", b"x").status_code for _ in range(2)] == [201, 403]


def test_a_form_without_a_file_or_cut_off_leaves_the_task_waiting(client: Client) -> None:
    task_id, form = waiting(client)
    assert post(form, written(form, b'name="file"; filename="a"', end=b"")).status_code == 400
    assert post(form, b"--XX\r\ncontent-disposition: form-data; name=x\r\n\r\n1\r\n--XX--\r\n").status_code == 400
    assert post(form, b"rubbish").status_code == 400
    assert post(form, b"x", "text/plain").status_code == 400
    assert client.get(f"tasks/{task_id}")["status"] == "waiting"


def test_an_upload_that_breaks_off_can_be_made_again(client: Client) -> None:
    task_id, form = waiting(client)
    parts = urlsplit(str(form["url"]))
    body = written(form, b'name="file"; filename="a"')
    with socket.create_connection((str(parts.hostname), parts.port or 80)) as connection:
        head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: 99999\r\n\r\n"
        connection.sendall(head.encode() + body[:-20])
    assert client.upload(form, "a.txt", b"x").status_code == 201
    assert client.get(f"tasks/{task_id}")["result"]["files"][0]["size"] == 1


def test_a_form_with_redirect_sends_the_browser_on(client: Client) -> None:
    form = client.post("import/upload", {"redirect": "https://example.com/done"})["result"]["form"]
    response = requests.post(
        form["url"], data=form["parameters"], files={"file": ("a", b"x")}, allow_redirects=False, timeout=10
    )
    assert (response.status_code, response.headers["location"]) == (303, "https://example.com/done")


def test_a_download_has_all_headers_and_needs_no_token(client: Client) -> None:
    response = requests.get(client.exported(), timeout=10)
    assert (response.status_code, response.content) == (200, b"hello")
    assert response.headers["content-disposition"] == 'attachment; filename="a.txt"'
    assert response.headers["content-type"] == "text/plain"
    assert (response.headers["content-length"], response.headers["accept-ranges"]) == ("5", "bytes")


def test_head_tells_the_size(client: Client) -> None:
    response = requests.head(client.exported(), timeout=10)
    assert (response.status_code, response.headers["content-length"], response.content) == (200, "5", b"")


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=1-2", 206, b"el"),
        ("bytes=2-", 206, b"llo"),
        ("bytes=-2", 206, b"lo"),
        ("bytes=-99", 206, b"hello"),
        ("bytes=0-99", 206, b"hello"),
        ("bytes=5-2", 200, b"hello"),
        ("bytes=0-0,2-3", 200, b"hello"),
        ("lines=1-2", 200, b"hello"),
        ("bytes=-", 200, b"hello"),
    ],
)
def test_parts_of_a_file(client: Client, asked: str, status: int, body: bytes) -> None:
    response = requests.get(client.exported(), headers={"Range": asked}, timeout=10)
    assert (response.status_code, response.content) == (status, body)


@pytest.mark.parametrize("asked", ["bytes=5-", "bytes=-0", "bytes=9-10"])
def test_parts_that_do_not_exist(client: Client, asked: str) -> None:
    response = requests.get(client.exported(), headers={"Range": asked}, timeout=10)
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */5")
    assert response.json()["code"] == "RANGE_NOT_SATISFIABLE"


def test_if_range_gives_the_whole_file_when_it_names_another_version(client: Client) -> None:
    url = client.exported()
    etag = requests.head(url, timeout=10).headers["etag"]
    assert requests.get(url, headers={"Range": "bytes=0-1", "If-Range": etag}, timeout=10).status_code == 206
    assert requests.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'}, timeout=10).status_code == 200


@pytest.mark.parametrize(("old", "new"), [("Signature=", "Signature=0"), ("Expires=1", "Expires=2"), ("?", "?x=")])
def test_a_changed_address_is_refused(client: Client, old: str, new: str) -> None:
    response = requests.get(client.exported().replace(old, new, 1), timeout=10)
    assert (response.status_code, response.json()["code"]) == (403, "FORBIDDEN")


def test_inline_and_strange_names_are_told_to_the_browser(client: Client) -> None:
    tasks = {"i": {**RAW, "filename": 'ü "x".txt'}, "e": {"operation": "export/url", "input": "i", "inline": True}}
    file = client.job(sync=True, **tasks)["tasks"][1]["result"]["files"][0]
    assert file["filename"] == 'ü "x".txt'
    disposition = requests.get(file["url"], timeout=10).headers["content-disposition"]
    assert disposition == "inline; filename=\"_ _x_.txt\"; filename*=UTF-8''%C3%BC%20%22x%22.txt"


def test_several_files_can_be_archived(client: Client) -> None:
    tasks = {
        "i": RAW,
        "j": {**RAW, "file": "other"},
        "e": {"operation": "export/url", "input": ["i", "j"], "archive_multiple_files": True},
    }
    file = client.job(sync=True, **tasks)["tasks"][2]["result"]["files"][0]
    with zipfile.ZipFile(io.BytesIO(requests.get(file["url"], timeout=10).content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"hello", "a (2).txt": b"other"}


def test_an_import_from_a_url_is_converted_by_its_name(client: Client) -> None:
    url = client.exported()
    tasks = {
        "i": {"operation": "import/url", "url": url, "filename": "b.md"},
        "j": {"operation": "import/url", "url": url},
    }
    job = client.job(sync=True, **tasks)
    assert [task["result"]["files"][0]["filename"] for task in job["tasks"]] == ["b.md", "a.txt"]
