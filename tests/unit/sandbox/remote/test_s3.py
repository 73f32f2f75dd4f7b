from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stores import S3Server
from tests.unit.sandbox.client import RAW, Client
from tests.unit.sandbox.remote.jobs import exported, imported


@pytest.fixture(scope="module")
def store() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


def test_a_file_goes_into_the_bucket_with_all_that_is_said_about_it(client: Client, store: S3Server) -> None:
    said = {
        "key": "out/letter.txt",
        "cache_control": "max-age=60",
        "content_disposition": "inline",
        "metadata": {"project": "x"},
        "acl": "public-read",
        "tagging": {"kind": "letter = more"},
        "server_side_encryption": "AES256",
    }
    task = exported(client, "export/s3", **store.payload | said)
    assert (task["status"], task["message"]) == ("finished", None)
    assert [file["filename"] for file in task["result"]["files"]] == ["a.txt"]
    found = store.get("out/letter.txt")
    assert (found["Body"].read(), found["ContentType"], found["CacheControl"]) == (b"hello", "text/plain", "max-age=60")
    assert (found["ContentDisposition"], found["Metadata"]) == ("inline", {"project": "x"})
    assert found["ServerSideEncryption"] == "AES256"
    tags = store.client.get_object_tagging(Bucket=store.bucket, Key="out/letter.txt")["TagSet"]
    assert tags == [{"Key": "kind", "Value": "letter = more"}]


def test_several_files_go_under_a_prefix_and_come_back_by_it(client: Client, store: S3Server) -> None:
    tasks = {"a": RAW, "b": {**RAW, "filename": "b.txt", "file": "other"}}
    job = client.job(
        sync=True, **tasks, e={"operation": "export/s3", "input": ["a", "b"], **store.payload, "key_prefix": "many/"}
    )
    assert job["status"] == "finished"
    store.put("many/", b"")
    task, found = imported(client, "import/s3", **store.payload, key_prefix="many/")
    assert task["status"] == "finished"
    assert found == {"a.txt": b"hello", "b.txt": b"other"}


def test_one_file_comes_under_the_name_that_is_asked_for(client: Client, store: S3Server) -> None:
    store.put("in/größe.bin", bytes(range(256)) * 4000)
    task, found = imported(client, "import/s3", **store.payload, key="in/größe.bin", filename="size.dat")
    assert found == {"size.dat": bytes(range(256)) * 4000}
    assert (task["result"]["files"][0]["size"], len(task["result"]["files"][0]["md5"])) == (1_024_000, 32)


def test_a_large_file_goes_in_parts(client: Client, store: S3Server) -> None:
    content = bytes(9_000_000)
    form = (
        job := client.job(i={"operation": "import/upload"}, e={"operation": "export/s3", "input": "i", **store.payload})
    )
    client.upload(form["tasks"][0]["result"]["form"], "large.bin", content)
    assert client.get(f"jobs/{job['id']}", sync=True)["status"] == "finished"
    found = store.get("large.bin")
    assert (found["Body"].read() == content, found["ETag"].endswith('-2"')) == (True, True)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"bucket": "nowhere"}, "UPLOAD_FAILED", "does not exist"),
        ({"endpoint": "http://127.0.0.1:9"}, "UPLOAD_FAILED", "127.0.0.1 does not answer"),
        ({"endpoint": "ftp://x"}, "INVALID_OPTION", "full http or https address"),
        ({"acl": "everybody"}, "UPLOAD_FAILED", ""),
        ({"tagging": "x"}, "INVALID_OPTION", "object of names and values"),
        ({"bucket": "not/a bucket"}, "UPLOAD_FAILED", "bucket"),
    ],
)
def test_a_refusal_is_told_in_a_sentence(
    client: Client, store: S3Server, more: dict[str, str], code: str, words: str
) -> None:
    task = exported(client, "export/s3", **store.payload | more)
    assert (task["status"], task["code"]) == ("error", code)
    assert words in task["message"]
    assert task["message"].endswith((".", "key."))
    assert store.payload["secret_access_key"] not in task["message"]


@pytest.mark.parametrize("more", [{"key": "absent"}, {"key_prefix": "absent/"}])
def test_what_is_not_there_is_told(client: Client, store: S3Server, more: dict[str, str]) -> None:
    task, _ = imported(client, "import/s3", **store.payload, **more)
    assert (task["code"], "There is nothing at" in task["message"]) == ("DOWNLOAD_FAILED", True)


def test_an_import_needs_a_key_or_a_prefix(client: Client, store: S3Server) -> None:
    task, _ = imported(client, "import/s3", **store.payload)
    assert (task["code"], "key_prefix" in task["message"]) == ("INVALID_OPTION", True)
