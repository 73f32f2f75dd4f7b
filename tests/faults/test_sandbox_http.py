"""Requests that no client should send, to the sandbox that people start: refusals in the service's shape, never a crash."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.watched import Watched, until

JOB = b'{"tasks":{"i":{"operation":"import/raw","file":"a","filename":"a.txt"}}}'
BODIES = (
    b"{", b"[]", b"null", b'"text"', b"1e999", b"NaN", b"\xff\xfe", b"\0", b"{}{}", b'{"tasks":' * 5000, b"[" * 100_000, b'{"a":' * 9000 + b"1" + b"}" * 9000,
    b'{"tasks":[]}', b'{"tasks":{}}', b'{"tasks":null}', b'{"tasks":"x"}', b'{"tasks":{"a":null}}', b'{"tasks":{"a":[]}}', b'{"tasks":{"a":{"operation":null}}}',
    b'{"tasks":{"a":{"operation":{}}}}', b'{"tasks":{"a":{"operation":"no/such"}}}', b'{"tasks":{"a":{"operation":"convert","input":{"x":1},"output_format":[]}}}',
    b'{"tasks":{"a":{"operation":"convert","input":"a","output_format":"png"}}}', b'{"tasks":{"\\ud800":{"operation":"import/upload"}}}',
    b'{"tasks":{"a":{"operation":"import/base64","file":"***","filename":"a"}}}', b'{"tasks":{"a":{"operation":"import/url","url":{}}}}',
    b'{"tasks":{"a":{"operation":"import/upload","input":9}}}', b'{"tasks":{"' + b"x" * 70_000 + b'":{"operation":"import/upload"}}}',
    b'{"tag":{},"tasks":{"a":{"operation":"import/upload"}}}', b'{"webhook_url":[1],"tasks":{"a":{"operation":"import/upload"}}}',
    b'{"tasks":{"a":{"operation":"import/upload"},"a":3}}', b'{"webhook_url":"javascript:alert(1)","tasks":{"a":{"operation":"import/upload"}}}',
)  # fmt: skip
"""Bodies of POST /v2/jobs that are all wrong."""
ODD = (
    ("GET", "/"), ("GET", "/v2"), ("GET", "/v2/nowhere"), ("POST", "/v2/nowhere"), ("GET", "/v3/jobs"), ("GET", "//v2//jobs"), ("GET", "/v2/jobs/../../etc/passwd"),
    ("GET", "/v2/jobs/%2e%2e%2fx"), ("GET", "/v2/jobs/%00"), ("GET", "/v2/jobs/%ff%fe"), ("GET", "/v2/jobs/" + "x" * 5000), ("GET", "/v2/tasks/%F0%9F%92%A9"),
    ("PUT", "/v2/jobs"), ("PATCH", "/v2/jobs/x"), ("DELETE", "/v2/jobs"), ("TRACE", "/v2/jobs"), ("OPTIONS", "/v2/jobs"), ("CONNECT", "/v2/jobs"), ("GET", "/v2/convert"),
    ("DELETE", "/v2/jobs/x"), ("POST", "/v2/tasks/x/cancel"), ("POST", "/v2/tasks/x/retry"), ("GET", "/v2/tasks/x/wait"), ("GET", "/v2/users/2"), ("DELETE", "/v2/webhooks/x"),
    ("DELETE", "/v2/webhooks/99999999999999999999"), ("GET", "/v2/jobs?page=0"), ("GET", "/v2/jobs?page=-1"), ("GET", "/v2/jobs?per_page=x"), ("GET", "/v2/jobs?page=9e9"),
    ("GET", "/storage/tasks/x/1/a"), ("GET", "/storage/tasks/x/1/a?Expires=x&Signature=%C3%A9"), ("GET", "/storage/tasks/../../secret"), ("POST", "/storage/tasks"),
    ("PUT", "/storage/tasks/x/1/a"), ("GET", "/s/x?job=%%%&s=x"), ("GET", "/s/x"), ("POST", "/oauth/token"), ("GET", "/oauth/authorize"), ("POST", "/v2/webhooks"),
    ("POST", "/v2/jobs"), ("POST", "/v2/import/url"), ("POST", "/v2/convert"), ("POST", "/v2/command"), ("GET", "/v2/jobs?" + "&".join(f"a{n}=1" for n in range(20_000))),
)  # fmt: skip
RUBBISH = (
    b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
    b"POST /v2/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"POST /v2/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /v2/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"A" * 5000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"\r\n",
)  # fmt: skip
RANGES = (
    "bytes=-0", "bytes=5-2", "bytes=0-0,2-3", "bytes=0-,0-,0-", "bytes=" + "0-1," * 2000, "bytes=99-", "bytes=-99", "bytes=-", "bytes=a-b", "bytes=0-99999999999999999999999",
    "bytes=18446744073709551616-", "items=0-1", "bytes", "", "bytes=--1", "bytes=1-\u0661".encode().decode("latin-1"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with Watched(tmp_path_factory.mktemp("http")) as running:
        yield running
        assert "crashed" not in running.log.read_text()


@contextmanager
def wire(sandbox: Watched) -> Iterator[socket.socket]:
    address = urlsplit(sandbox.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=3) as connection:
        yield connection


def answer_to(sandbox: Watched, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to exactly these bytes; 0 where there was none."""
    with wire(sandbox) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        got = received(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    found = re.match(r"HTTP/1.1 (\d+)", lines[0])
    return int(found[1]) if found else 0, dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line), body


def received(connection: socket.socket) -> bytes:
    """Everything until the other side closes, or says nothing for a while."""
    got = b""
    with suppress(OSError):
        while part := connection.recv(65536):
            got += part
    return got


def request(sandbox: Watched, method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    head = {
        "Host": urlsplit(sandbox.base_url).netloc,
        "Authorization": f"Bearer {sandbox.api_key}",
        "Connection": "close",
        **headers,
    }
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items() if value != "-")
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\n{lines}{length}\r\n".encode("latin-1") + body


def check_refusal(status: int, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """A refusal as the service's: 4xx, JSON with message and code, nothing of the machine."""
    assert 400 <= status < 500, (status, body[:300])
    assert headers["content-type"].startswith("application/json")
    told: dict[str, Any] = json.loads(body)
    assert {"message", "code"} <= told.keys() <= {"message", "code", "errors"}
    assert re.fullmatch(r"[A-Z_0-9]+", told["code"])
    assert not re.search(r"Traceback|/usr/|\.py\b", body.decode())
    return told


@pytest.mark.parametrize(("method", "target"), ODD, ids=[f"{method} {target[:40]}" for method, target in ODD])
def test_an_odd_request_is_refused_in_json(sandbox: Watched, method: str, target: str) -> None:
    status, headers, body = answer_to(sandbox, request(sandbox, method, target))
    if target.startswith("/oauth/"):
        assert 400 <= status < 500
    else:
        check_refusal(status, headers, body)


@pytest.mark.parametrize("number", range(len(BODIES)), ids=[ascii(body[:50]) for body in BODIES])
def test_a_wrong_body_is_refused(sandbox: Watched, number: int) -> None:
    told = check_refusal(
        *answer_to(sandbox, request(sandbox, "POST", "/v2/jobs", BODIES[number], Content_Type="application/json"))
    )
    assert told["code"] in ("INVALID_REQUEST", "INVALID_DATA")


@pytest.mark.parametrize("rubbish", RUBBISH, ids=[ascii(one[:40]) for one in RUBBISH])
def test_what_is_no_http_is_refused_or_dropped(sandbox: Watched, rubbish: bytes) -> None:
    status, headers, body = answer_to(sandbox, rubbish)
    assert status == 0 or check_refusal(status, headers, body)
    assert answer_to(sandbox, request(sandbox, "GET", "/v2/users/me"))[0] == 200


@pytest.mark.parametrize(
    "authorization",
    ["-", "", "Bearer", "Bearer  ", "Basic eDp5", "Bearer wrong", "bearer\t", "Bearer é", "Bearer " + "x" * 9000],
)
def test_without_the_right_key_nothing_is_told(sandbox: Watched, authorization: str) -> None:
    for method, target in (
        ("GET", "/v2/jobs"),
        ("POST", "/v2/jobs"),
        ("GET", "/v2/users/me"),
        ("DELETE", "/v2/tasks/x"),
    ):
        told = check_refusal(
            *answer_to(
                sandbox, request(sandbox, method, target, JOB if method == "POST" else b"", Authorization=authorization)
            )
        )
        assert told == {"message": "Unauthenticated.", "code": "UNAUTHENTICATED"}


@pytest.mark.parametrize("asked", RANGES, ids=[ascii(one[:30]) for one in RANGES])
def test_an_odd_range_gives_the_file_or_416(sandbox: Watched, asked: str) -> None:
    target = sandbox.client.exported().removeprefix(sandbox.base_url)
    status, headers, body = answer_to(sandbox, request(sandbox, "GET", target, Range=asked))
    if status == 416:
        check_refusal(status, headers, body)
    else:
        assert (status, b"hello".endswith(body) or b"hello".startswith(body), len(body)) == (
            status,
            True,
            int(headers["content-length"]),
        )
        assert status in (200, 206)


def test_idle_and_creeping_connections_hold_nobody_up(sandbox: Watched) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(wire(sandbox)) for _ in range(200)]
        creeping = [stack.enter_context(wire(sandbox)) for _ in range(50)]
        for number in range(20):
            for connection in creeping:
                connection.sendall(b"GET /v2/jobs HTTP/1.1\r\nX: "[number : number + 1])
        started = time.monotonic()
        assert sandbox.client.exported()
        assert time.monotonic() - started < 2
        assert len(idle) == 200


def test_bodies_that_do_not_end_hold_nobody_up_and_leave_nothing(sandbox: Watched) -> None:
    started = request(sandbox, "POST", "/v2/jobs", Content_Type="application/json", Content_Length="1000000")
    before = len(sandbox.client.get("jobs"))
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(wire(sandbox)).sendall(started + b'{"tasks":{"i":{')
        assert sandbox.client.get("users/me")
    assert len(sandbox.client.get("jobs")) == before


def test_half_an_upload_leaves_the_task_waiting_and_no_file(sandbox: Watched) -> None:
    task = sandbox.client.post("import/upload")
    form, folder = task["result"]["form"], sandbox.data / "files" / task["id"]
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["parameters"].items()
    )
    body = f'{fields}--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode() + bytes(
        3_000_000
    )
    target = urlsplit(form["url"]).path
    sent = (
        request(sandbox, "POST", target, Content_Type="multipart/form-data; boundary=b", Content_Length="9000000")
        + body
    )
    with wire(sandbox) as connection:
        connection.sendall(sent)
        assert until(lambda: any(folder.glob("draft-*")))
    assert until(lambda: not any(folder.glob("*")))
    assert sandbox.client.get(f"tasks/{task['id']}")["status"] == "waiting"


def test_a_client_that_never_reads_does_not_stop_the_others(sandbox: Watched) -> None:
    job = sandbox.client.job(
        sync=True,
        i={"operation": "import/raw", "file": "x" * 30_000_000, "filename": "a"},
        e={"operation": "export/url", "input": "i"},
    )
    target = job["tasks"][1]["result"]["files"][0]["url"].removeprefix(sandbox.base_url)
    before = sandbox.memory()
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(wire(sandbox)).sendall(request(sandbox, "GET", target))
        assert sandbox.client.exported()
        assert sandbox.memory() - before < 60_000_000
