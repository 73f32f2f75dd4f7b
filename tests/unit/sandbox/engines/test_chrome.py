from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from connector.sandbox import guard
from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.chrome import ALLOW_PRIVATE, Chrome
from connector.sandbox.engines.egress import Egress, to_nowhere
from connector.sandbox.engines.web import browser
from connector.sandbox.engines.web.page import Page
from tests.unit.sandbox.engines.workbench import Done, declaration, refused, run

pytestmark = pytest.mark.engine("chrome")

ENGINE = Chrome()
MM = 72 / 25.4
PAGES = {
    "/page": "<title>A title</title><h1>Hello</h1><img src=/picture><div style='height:2500px'></div>END",
    "/late": "<body><script>alert('x');setTimeout(()=>document.body.innerHTML='<p id=late>LATE',500)</script>",
    "/media": "<style>@media print{.s{display:none}}@media screen{.p{display:none}}</style><p class=s>SCREEN</p><p class=p>PRINT</p>",
    "/yellow": "<style>body{background:#ff0}</style>",
}


class Site(ThreadingHTTPServer):
    """A website on loopback that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen: dict[str, str | None] = {}
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.seen[self.path] = self.headers.get("X-Key")
        self.send_response(302 if self.path == "/away" else 200 if self.path in PAGES else 404)
        self.send_header("Location", self.server.url.replace("127.0.0.1", "localhost") + "/page")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, "Nothing here").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The website, with the permission to reach it."""
    monkeypatch.setenv(ALLOW_PRIVATE, "1")
    with Site() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def capture(folder: Path, url: str, output: str = "pdf", **options: object) -> Done:
    declared = declaration(ENGINE, "capture-website", "", output)
    known = {option.name: option.default for option in declared.options if option.default is not None}
    assert options.keys() <= {option.name for option in declared.options}
    (folder / "work").mkdir(exist_ok=True)
    work = Work("capture-website", (), output, known | options | {"url": url}, folder / "work", 60)
    return Done(ENGINE.run(work), work.warnings)


def printed(path: Path) -> tuple[list[str], tuple[int, int]]:
    """The text of the pages, and the size of the first in millimetres."""
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[0].get_size()
        return [page.get_textpage().get_text_range() for page in document], (round(width / MM), round(height / MM))


def test_a_website_becomes_a_pdf(site: Site, tmp_path: Path) -> None:
    texts, size = printed(capture(tmp_path, f"{site.url}/page", headers={"X-Key": "k"}).path)
    assert (texts[0], texts[-1], size) == ("Hello", "END", (210, 297))
    assert site.seen["/page"] == site.seen["/picture"] == "k"


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"page_format": "letter"}, (216, 279)),
        ({"page_format": "a6", "page_orientation": "landscape"}, (148, 105)),
        ({"page_width": 20.0, "page_height": 10.0}, (200, 100)),
    ],
)
def test_the_paper_has_the_wished_size(
    options: dict[str, object], size: tuple[int, int], site: Site, tmp_path: Path
) -> None:
    assert printed(capture(tmp_path, f"{site.url}/page", **options).path)[1] == size


def test_pages_zoom_and_margins_take_effect(site: Site, tmp_path: Path) -> None:
    url = f"{site.url}/page"
    count = {
        name: len(printed(capture(tmp_path, url, **options).path)[0])
        for name, options in (
            ("plain", {}),
            ("small", {"zoom": 0.3}),
            ("narrow", {"margin_top": 100.0, "margin_bottom": 100.0}),
            ("first", {"pages": "1"}),
        )
    }
    assert count["first"] == count["small"] == 1 < count["plain"] < count["narrow"]


def test_header_and_footer_are_printed(site: Site, tmp_path: Path) -> None:
    own = {
        "header_template": "<span style='font-size:12px'>TOP <span class=title></span></span>",
        "footer_template": "<span style='font-size:12px' class=totalPages></span>",
    }
    room = {"margin_top": 30.0, "margin_bottom": 30.0, "display_header_footer": True}
    plain, mine = (printed(capture(tmp_path, f"{site.url}/page", **room, **more).path)[0][0] for more in ({}, own))
    assert f"{site.url}/page" in plain
    assert "TOP A title" in mine


def test_the_medium_decides_over_styles(site: Site, tmp_path: Path) -> None:
    for medium, text in (("print", "PRINT"), ("screen", "SCREEN")):
        assert printed(capture(tmp_path, f"{site.url}/media", css_media_type=medium).path)[0] == [text]


def test_backgrounds_can_be_left_out(site: Site, tmp_path: Path) -> None:
    for wanted, colour in ((True, (255, 255, 0)), (False, (255, 255, 255))):
        with pypdfium2.PdfDocument(capture(tmp_path, f"{site.url}/yellow", print_background=wanted).path) as document:
            assert document[0].render().to_pil().convert("RGB").getpixel((300, 300)) == colour


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, ""),
        ({"wait_for_element": "#late"}, "LATE"),
        ({"wait_time": 1500}, "LATE"),
        ({"wait_until": "domcontentloaded"}, ""),
    ],
)
def test_waiting_is_as_long_as_asked_for(options: dict[str, object], text: str, site: Site, tmp_path: Path) -> None:
    assert printed(capture(tmp_path, f"{site.url}/late", **options).path)[0] == [text]


@pytest.mark.parametrize(("output", "kind"), [("png", "PNG"), ("jpg", "JPEG")])
def test_a_picture_shows_the_whole_page_or_the_screen(output: str, kind: str, site: Site, tmp_path: Path) -> None:
    for options, fits in (
        ({"screen_width": 500}, lambda height: height > 2500),
        ({"screen_width": 500, "screen_height": 400}, lambda height: height == 400),
    ):
        with Image.open(
            capture(tmp_path, f"{site.url}/page", output, wait_until="networkidle2", **options).path
        ) as picture:
            assert (picture.format, picture.width) == (kind, 500)
            assert fits(picture.height)


def test_an_error_page_is_told(site: Site, tmp_path: Path) -> None:
    done = capture(tmp_path, f"{site.url}/nowhere")
    assert printed(done.path)[0] == ["Nothing here"]
    assert "status 404" in done.warnings[0]


@pytest.mark.parametrize(
    "path",
    [
        "http://127.0.0.1:{port}/page",
        "http://localhost:{port}/page",
        "http://[::ffff:127.0.0.1]:{port}/page",
        "https://127.0.0.1:{port}/",
        "http://169.254.169.254/latest",
    ],
)
def test_private_addresses_are_refused(path: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW_PRIVATE)
    with pytest.raises(EngineError, match="--allow-private-network"):
        capture(tmp_path, path.format(port=site.server_port))
    assert site.seen == {}


def test_a_redirect_is_checked_as_well(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(capture(tmp_path, f"{site.url}/away").path)[0][0] == "Hello"
    real = guard.connect
    monkeypatch.setattr(
        "connector.sandbox.guard.connect",
        lambda host, port, **more: real(host, port, **(more | {"allow_private": host == "127.0.0.1"})),
    )
    with pytest.raises(EngineError, match="localhost is a private address"):
        capture(tmp_path, f"{site.url}/away")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "chrome://version",
        "javascript:alert(1)",
        "",
        "ftp://example.com",
        "view-source:http://example.com",
    ],
)
def test_only_websites_are_captured(url: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="not the address of a website"):
        capture(tmp_path, url)


def test_a_host_that_does_not_answer_is_named(site: Site, tmp_path: Path) -> None:
    site.shutdown()
    site.server_close()
    with pytest.raises(EngineError, match=r"127\.0\.0\.1 does not answer"):
        capture(tmp_path, f"{site.url}/page")


def html(folder: Path, text: str) -> Path:
    (folder / "a.html").write_text(text, "utf-8")
    return folder / "a.html"


def test_a_document_becomes_pdf_and_pictures(tmp_path: Path) -> None:
    source = html(tmp_path, "<meta charset=utf-8><h1>Prüfung</h1><script>document.body.append('scripted')</script>")
    assert printed(run(ENGINE, "convert", source, "pdf").path)[0] == ["Prüfung\r\nscripted"]
    with Image.open(run(ENGINE, "convert", source, "jpg", screen_width=300, screen_height=200).path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (300, 200))


def test_a_document_reaches_neither_network_nor_files(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("TOPSECRET")
    secret = (tmp_path / "secret.txt").as_uri()
    tricks = f"<img src='{site.url}/picture'><iframe src='{secret}'></iframe><script>fetch('{site.url}/f');new WebSocket('{site.url.replace('http', 'ws')}/w');location='{secret}'</script>"
    done = run(ENGINE, "convert", html(tmp_path, f"<h1>Safe</h1>{tricks}"), "pdf", wait_time=500)
    assert printed(done.path)[0] == ["Safe"]
    assert site.seen == {}
    assert "without network" in done.warnings[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pages": "9"}, "exceeds page count"),
        ({"wait_for_element": "a["}, "CSS selector"),
        ({"margin_left": 300.0}, "leave no room"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], says: str, tmp_path: Path) -> None:
    error = refused(ENGINE, "convert", html(tmp_path, "x"), "pdf", **options)
    assert error.code == "INVALID_OPTION"
    assert says in error.message


def test_a_page_that_never_ends_is_stopped(tmp_path: Path) -> None:
    work = Work(
        "convert", (Source(html(tmp_path, "<script>for(;;);</script>"), "a.html", "html"),), "pdf", {}, tmp_path, 4
    )
    with pytest.raises(EngineError) as caught:
        ENGINE.run(work)
    assert caught.value.code == "TIMEOUT"


def test_pages_share_nothing_with_those_before_them(site: Site, tmp_path: Path) -> None:
    visit = "<body><script>document.body.append(document.cookie+'|'+(localStorage.a||'')+'|'); document.cookie='a=1';localStorage.a=2; document.body.append(document.cookie)</script>"
    PAGES["/visit"] = visit
    for _ in range(2):
        assert printed(capture(tmp_path, f"{site.url}/visit").path)[0] == ["||a=1"]


def test_a_killed_browser_comes_back_and_the_page_is_captured(site: Site, tmp_path: Path) -> None:
    capture(tmp_path, f"{site.url}/page")
    assert browser._KEPT._program
    browser._KEPT._program.running.end()
    assert printed(capture(tmp_path, f"{site.url}/page").path)[0][0] == "Hello"


def test_the_way_out_of_a_page_is_closed_with_it(site: Site, tmp_path: Path) -> None:
    doors = []
    browser.with_page(lambda page: doors.append(page.egress), lambda: Egress(to_nowhere), time.monotonic() + 30)
    assert doors[0]._listener.fileno() == -1


def test_a_browser_that_always_breaks_is_told(site: Site, tmp_path: Path) -> None:
    def breaks(page: Page) -> None:
        page.protocol.call("Browser.crash")

    with pytest.raises(EngineError, match="ended unexpectedly") as caught:
        browser.with_page(breaks, lambda: Egress(to_nowhere), time.monotonic() + 30)
    assert caught.value.code == "CONVERSION_FAILED"
