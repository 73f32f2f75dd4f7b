"""Addresses that the sandbox must not reach for others, and file names that must not lead anywhere, over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.hostile.case import Bait, Case, always, convert
from tests.support.hostile.running import run, taken
from tests.support.samples import sample
from tests.support.watched import Listener, Watched, tree, until

SPELLINGS = (
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "0x7f.0x0.0x0.0x1", "127.000.000.001", "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "\uff11\uff12\uff17.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "user@127.0.0.1", "example.com@127.0.0.1", "ip6-localhost", "[::1%25lo]", "127.0.0.1%00.example.com", "127.0.0.1\t",
)  # fmt: skip
ELSEWHERE = (
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fc00::1]/",
    "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/a", "data:text/plain,a", "http:127.0.0.1:PORT", "//127.0.0.1:PORT/", "http://127.0.0.1:PORT\\@example.com/",
)  # fmt: skip
NAMES = (
    "../../owned.png", "..\\..\\owned.png", "/owned.png", "C:\\owned.png", "a\0b.png", "..", ".", "a\nb.png", "a\u202egnp.exe.png", "-rf.png", "", " .png",
    "x" * 400 + ".png", "é" * 300 + ".png", "CON.png", "a/b/c.png", "%2e%2e%2fowned.png", "${HOME}.png", "`touch owned`.png", "$(touch owned).png", "|touch owned.png",
    "@owned.png", "a;b.png", "a'b\"c.png", "png:owned.png", "a[0].png", "*.png", "~/owned.png", "a%d.png", "%n%s.png", "\ud800.png",
)  # fmt: skip


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A sandbox that reaches no private address."""
    with Watched(tmp_path_factory.mktemp("closed")) as sandbox:
        sandbox.settle()
        yield sandbox


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A sandbox that may reach them."""
    with Watched(tmp_path_factory.mktemp("opened"), "--allow-private-network") as sandbox:
        sandbox.settle()
        yield sandbox


def urls(listener: Listener) -> list[str]:
    own = [f"http://{spelling}:{listener.port}/{quote(spelling, safe='')}" for spelling in SPELLINGS]
    return own + [url.replace("PORT", str(listener.port)) for url in ELSEWHERE]


def told(sandbox: Watched, *tasks: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    """A job of each task, sent one after the other: the ended task, or the refusal of the request."""
    answers = [sandbox.client.ask("POST", "jobs", json={"tasks": {"t": task}, **body}) for task in tasks]
    ids = [answer.json()["data"]["id"] for answer in answers if answer.status_code == 201]
    jobs = iter(sandbox.ended(ids, 60).values())
    return [next(jobs)["tasks"][0] if answer.status_code == 201 else answer.json() for answer in answers]


def test_imports_reach_no_inner_address_however_it_is_spelled(closed: Watched, listener: Listener) -> None:
    addresses = urls(listener)
    found = told(closed, *({"operation": "import/url", "url": url} for url in addresses))
    codes = {url: one["code"] for url, one in zip(addresses, found, strict=True)}
    assert {url: code for url, code in codes.items() if code not in ("DOWNLOAD_FAILED", "INVALID_DATA")} == {}
    assert listener.hits == []


KEYS = {"region": "eu-central-1", "access_key_id": "a", "secret_access_key": "s", "bucket": "b", "key": "k"}


def storage(host: str, port: int) -> list[dict[str, Any]]:
    """Tasks that import from or export to this host in every way that there is."""
    s3 = {**KEYS, "endpoint": f"http://{host}:{port}"}
    sftp = {"host": host.strip("[]"), "port": port, "username": "u", "password": "p", "file": "f"}
    return [
        {"operation": "import/s3", **s3},
        {"operation": "import/s3", **s3, "endpoint": f"https://{host}:{port}"},
        {"operation": "export/s3", **s3, "input": "i"},
        {"operation": "import/sftp", **sftp},
        {"operation": "export/sftp", **sftp, "input": "i"},
        {"operation": "export/upload", "url": f"http://{host}:{port}/", "input": "i"},
    ]


def test_storage_reaches_no_inner_address(closed: Watched, listener: Listener) -> None:
    hosts = ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]")
    source = {"operation": "import/raw", "file": "a", "filename": "a.txt"}
    made = [closed.client.job(i=source, t=task)["id"] for host in hosts for task in storage(host, listener.port)]
    for job in closed.ended(made, 60).values():
        task = job["tasks"][1]
        assert task["code"] in ("DOWNLOAD_FAILED", "UPLOAD_FAILED"), task
        assert "private address" in task["message"]
    assert listener.hits == []


def test_websites_and_webhooks_reach_no_inner_address(closed: Watched, listener: Listener) -> None:
    port = listener.port
    addresses = [f"http://{host}:{port}/" for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]")]
    pages = [
        {"operation": "capture-website", "url": url, "output_format": "pdf"}
        for url in (*addresses, "file:///etc/passwd")
    ]
    assert {one["code"] for one in told(closed, *pages)} <= {
        "CONVERSION_FAILED",
        "DOWNLOAD_FAILED",
        "INVALID_DATA",
        "INVALID_OPTION",
        "ENGINE_NOT_INSTALLED",
    }
    for url in addresses:
        closed.client.post("webhooks", {"url": url, "events": ["job.finished"]})
        told(closed, {"operation": "import/raw", "file": "a", "filename": "a.txt"}, webhook_url=url)
    refused = [f"{host}:{port}" for host in ("127.0.0.1", "localhost")]
    assert until(lambda: closed.log.read_text().count("private address") >= len(refused), 10), closed.log.read_text()[
        -2000:
    ]
    assert listener.hits == []


def test_what_the_listener_counts_is_reached_when_it_is_allowed(opened: Watched) -> None:
    counting = Listener()
    hosts = ("127.0.0.1", "2130706433", "[::1]")
    tasks = [{"operation": "import/url", "url": f"http://{host}:{counting.port}/a.html"} for host in hosts]
    assert [task["status"] for task in told(opened, *tasks)] == ["finished"] * 3
    told(opened, {"operation": "import/raw", "file": "a", "filename": "a.txt"}, webhook_url=f"{counting.url}/hook")
    assert until(lambda: len(counting.hits) == 4)
    source = {"operation": "import/raw", "file": "a", "filename": "a.txt"}
    made = [opened.client.job(i=source, t=task)["id"] for task in storage("127.0.0.1", counting.port)]
    opened.ended(made, 60)
    assert len(counting.hits) >= 4 + len(made)
    counting.close()


def test_bait_is_noticed_where_it_is_taken(opened: Watched, tmp_path: Any) -> None:
    """The check of the hostile files must be able to fail."""
    bait = Bait(tmp_path / "bait", "http://127.0.0.1:9").lay()
    cases = [
        Case("picture", "a.png", lambda bait: bait.picture.read_bytes(), convert("jpg")),
        Case("page", "a.png", lambda bait: bait.picture.read_bytes(), convert("pdf")),
        Case("words", "a.md", lambda bait: bait.text.read_bytes(), convert("docx")),
    ]
    came = run(opened, cases, bait, 60)
    found = {name: taken(one, bait) for name, one in came.items() if one.task["code"] != "ENGINE_NOT_INSTALLED"}
    expected = {"picture": "the picture", "page": "the picture", "words": "the text"}
    assert found == {name: expected[name] for name in found}


def check_name(name: str) -> None:
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 255
    assert not set("/\\\0\n\r\u202e") & set(name)


def test_hostile_names_are_only_shown(closed: Watched) -> None:
    before = closed.surroundings()
    jobs = closed.ended([named(closed, name) for name in NAMES], 60)
    for job in jobs.values():
        assert job["status"] == "finished", job
        for file in job["tasks"][2]["result"]["files"]:
            check_name(file["filename"])
            assert closed.client.ask("GET", file["url"]).status_code == 200
    assert closed.surroundings() == before
    assert all(path.name.isdigit() for path in (closed.data / "files").glob("*/*"))


def named(sandbox: Watched, name: str) -> str:
    """The id of a job whose uploaded file and whose output have this name."""
    convert_it = {**convert("jpg"), "input": "i", "input_format": "png", "filename": name}
    tasks = {
        "i": {"operation": "import/upload"},
        "c": convert_it,
        "e": {"operation": "export/url", "input": ["i", "c"]},
    }
    job = sandbox.client.post("jobs", {"tasks": tasks})
    sent = name.encode("utf-8", "replace").decode() or "empty"
    assert sandbox.client.upload(job["tasks"][0]["result"]["form"], sent, sample("png")).status_code == 201
    return str(job["id"])


class Naming(BaseHTTPRequestHandler):
    """Gives every file the name that the query asks for."""

    def do_GET(self) -> None:
        self.send_response(200)
        name = json.loads(bytes.fromhex(self.path.partition("?")[2]))
        self.send_header(
            "Content-Disposition",
            f'attachment; filename="{name}"'.encode("utf-8", "replace").decode("latin-1").replace("\n", ""),
        )
        self.send_header("Content-Length", "1")
        self.end_headers()
        self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        pass


def test_names_that_other_servers_give_are_only_shown(opened: Watched) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Naming)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    before = opened.surroundings()
    asked = [f"http://127.0.0.1:{server.server_port}/?{json.dumps(name).encode().hex()}" for name in NAMES]
    found = told(opened, *({"operation": "import/url", "url": url} for url in asked))
    server.shutdown()
    server.server_close()
    for task in found:
        check_name(task["result"]["files"][0]["filename"])
    assert opened.surroundings() == before


def test_archives_hold_only_harmless_names(closed: Watched) -> None:
    import io
    import zipfile

    client = closed.client
    tasks: dict[str, Any] = {
        f"i{number}": {"operation": "import/raw", "file": "x", "filename": name}
        for number, name in enumerate(("../../a.txt", "/a.txt", "C:\\a.txt", "a.txt", "CON.txt"))
    }
    tasks |= {
        "a": {"operation": "archive", "input": list(tasks), "output_format": "zip"},
        "e": {"operation": "export/url", "input": "a"},
    }
    made = client.post("jobs", {"tasks": tasks})
    [job] = closed.ended([made["id"]], 30).values()
    content = client.ask("GET", job["tasks"][-1]["result"]["files"][0]["url"]).content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sorted(names) == ["_CON.txt", "a (2).txt", "a (3).txt", "a (4).txt", "a.txt"]


def test_the_tree_is_really_compared(tmp_path: Any) -> None:
    (tmp_path / "a").write_text("1")
    before = tree(tmp_path)
    (tmp_path / "a").write_text("2")
    assert tree(tmp_path) != before
    assert always(b"x")(Bait(tmp_path, "")) == b"x"
