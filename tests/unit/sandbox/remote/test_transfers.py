from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.unit.sandbox.client import RAW, Client
from tests.unit.sandbox.remote.jobs import exported

S3 = {"bucket": "b", "region": "r", "access_key_id": "a", "secret_access_key": "s"}
SFTP = {"host": "127.0.0.1", "username": "u", "password": "p"}


class Taker(ThreadingHTTPServer):
    """Takes files by PUT at any path but /no."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[dict[str, str], bytes]] = {}
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                taken[self.path] = ({name.lower(): value for name, value in self.headers.items()}, content)
                self.send_response(403 if self.path == "/no" else 201)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def taker() -> Iterator[Taker]:
    made = Taker()
    yield made
    made.shutdown()
    made.server_close()


def test_a_file_is_put_to_a_web_address(client: Client, taker: Taker) -> None:
    headers = {"X-Own": "1", "Content-Type": "text/x-own"}
    task = exported(client, "export/upload", url=f"{taker.url}/my%20d%C3%B6c.txt?k=%2F", headers=headers)
    assert task["status"] == "finished"
    told, content = taker.taken["/my%20d%C3%B6c.txt?k=%2F"]
    assert (content, told["x-own"], told["content-type"]) == (b"hello", "1", "text/x-own")


def test_a_web_server_that_refuses_is_told(client: Client, taker: Taker) -> None:
    task = exported(client, "export/upload", url=f"{taker.url}/no")
    assert (task["code"], "answered 403" in task["message"]) == ("UPLOAD_FAILED", True)
    several = client.job(
        sync=True, a=RAW, b=RAW, e={"operation": "export/upload", "input": ["a", "b"], "url": taker.url}
    )["tasks"][2]
    assert (several["code"], "one file" in several["message"]) == ("INVALID_OPTION", True)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("azure/blob", {"storage_account": "a", "container": "c"}),
        ("google-cloud-storage", {"project_id": "p", "bucket": "b", "client_email": "c", "private_key": "k"}),
        ("openstack", {"auth_url": "u", "username": "u", "password": "p", "region": "r", "container": "c"}),
    ],
)
def test_storage_that_is_not_there_says_what_to_use_instead(
    client: Client, operation: str, more: dict[str, str]
) -> None:
    for task in (
        exported(client, f"export/{operation}", **more),
        client.job(sync=True, i={"operation": f"import/{operation}", **more})["tasks"][0],
    ):
        assert task["code"] == "OPERATION_NOT_AVAILABLE"
        assert f"cannot do {task['operation']}; use" in task["message"]


@pytest.mark.parametrize(("operation", "more", "package"), [("s3", S3, "boto3"), ("sftp", SFTP, "paramiko")])
def test_without_the_extra_the_task_names_it(
    client: Client, operation: str, more: dict[str, str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))
    task = exported(client, f"export/{operation}", **more)
    assert task["code"] == "ENGINE_NOT_INSTALLED"
    assert (
        f'needs {package}, which is not installed here; install it with `pip install "cloudconvert-connector[storage]"`'
        in task["message"]
    )
