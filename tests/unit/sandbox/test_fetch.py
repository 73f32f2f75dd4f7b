from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connector.sandbox.engines.base import EngineError
from connector.sandbox.fetch import Fetch
from connector.sandbox.flow import Flow

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A loopback web server whose answers a test chooses; remembers the headers of the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.headers: dict[str, dict[str, str]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.headers[self.path] = {name.lower(): value for name, value in self.headers.items()}
                site.answers[self.path](self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def says(body: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {
            "Content-Length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirects(target: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def fetch(site: Site, folder: Path, path: str = "/a.pdf", *, host: str | None = None, **more: object) -> str:
    return Fetch((host or site.url) + path, folder / "got", **{"allow_private": True, **more}).run()[0]  # type: ignore[arg-type]


def refusal(site: Site, folder: Path, path: str = "/a.pdf", **more: object) -> EngineError:
    with pytest.raises(EngineError) as caught:
        fetch(site, folder, path, **more)
    return caught.value


def test_a_file_is_downloaded_and_named_by_its_url(site: Site, tmp_path: Path) -> None:
    site.answers["/x/my%20file.pdf?k=1"] = says(b"pdf")
    assert fetch(site, tmp_path, "/x/my%20file.pdf?k=1") == "my file.pdf"
    assert (tmp_path / "got").read_bytes() == b"pdf"


def test_headers_are_sent(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = says(b"pdf")
    fetch(site, tmp_path, headers={"Authorization": "Bearer x"})
    assert site.headers["/a.pdf"]["authorization"] == "Bearer x"


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/get", {"Content_Disposition": 'attachment; filename="../ü.docx"'.encode().decode("latin-1")}, "ü.docx"),
        ("/get", {"Content_Type": "image/png"}, "get.png"),
        ("/get", {}, "get"),
        ("/", {"Content_Type": "text/html; charset=utf-8"}, "127.0.0.1.html"),
        ("/", {"Content_Type": "application/pdf"}, "127.0.0.1.pdf"),
    ],
)
def test_names_come_from_the_answer_or_the_url(
    site: Site, tmp_path: Path, path: str, headers: dict[str, str], name: str
) -> None:
    site.answers[path] = says(b"x", **headers)
    assert fetch(site, tmp_path, path) == name


def test_redirects_are_followed_five_times_and_not_more(site: Site, tmp_path: Path) -> None:
    for number in range(6):
        site.answers[f"/{number}"] = redirects(f"/{number + 1}")
    site.answers["/6"] = says(b"end")
    assert fetch(site, tmp_path, "/1") == "6"
    assert "redirects more than 5 times" in refusal(site, tmp_path, "/0").message


def test_credentials_do_not_follow_to_another_host(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = redirects(f"http://localhost:{site.server.server_port}/b")
    site.answers["/b"] = says(b"x")
    fetch(site, tmp_path, "/a", headers={"Authorization": "Bearer x", "X-Other": "1"})
    assert site.headers["/a"]["authorization"] == "Bearer x"
    assert "authorization" not in site.headers["/b"]
    assert site.headers["/b"]["x-other"] == "1"


def test_a_redirect_cannot_leave_http(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = redirects("file:///etc/passwd")
    assert refusal(site, tmp_path, "/a").message == "The URL must be a full http or https address."


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/a",
        "file:///etc/passwd",
        "http://",
        "nonsense",
        "http://x:0/",
        "http://x:99999/",
        "http://[x/",
        "http://user:pw@x/",
    ],
)
def test_a_wrong_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The URL must"):
        Fetch(url, tmp_path / "got").run()


def test_an_error_of_the_host_is_told(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = lambda handler: handler.send_error(404)
    assert "answered 404 instead of the file" in refusal(site, tmp_path).message


def test_a_body_that_breaks_off_is_no_file(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = says(b"abc", Content_Length="10")
    assert "broke off after 3 of 10 bytes" in refusal(site, tmp_path).message


@pytest.mark.parametrize("headers", [{}, {"Content_Length": "", "Transfer_Encoding": "identity"}])
def test_too_much_is_refused(site: Site, tmp_path: Path, headers: dict[str, str]) -> None:
    site.answers["/a.pdf"] = says(b"x" * 1000, **headers)
    assert refusal(site, tmp_path, flow=Flow(max_size=999)).code == "FILE_TOO_LARGE"


def test_the_total_time_is_limited(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = says(b"x")
    assert refusal(site, tmp_path, flow=Flow(deadline=0.0)).code == "TIMEOUT"


def test_private_hosts_are_refused_by_default_also_after_a_redirect(site: Site, tmp_path: Path) -> None:
    assert "--allow-private-network" in refusal(site, tmp_path, allow_private=False).message
    assert site.headers == {}


def test_a_closed_port_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be reached"):
        Fetch("http://127.0.0.1:1/a", tmp_path / "got", allow_private=True).run()


def test_a_header_with_line_breaks_is_refused(site: Site, tmp_path: Path) -> None:
    assert "not valid" in refusal(site, tmp_path, headers={"X": "a\r\nb: c"}).message
